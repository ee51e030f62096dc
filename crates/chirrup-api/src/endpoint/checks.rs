//! Checks of table entries at compile time, where iterators are not available.

use super::{Endpoint, Param, ParamLocation};

const fn same(a: &[u8], from: usize, to: usize, b: &[u8]) -> bool {
    if to - from != b.len() {
        return false;
    }
    let mut i = 0;
    while i < b.len() {
        if a[from + i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn has_path_param(params: &[&[Param]], path: &[u8], from: usize, to: usize) -> bool {
    let mut g = 0;
    while g < params.len() {
        let mut p = 0;
        while p < params[g].len() {
            let param = &params[g][p];
            if matches!(param.location, ParamLocation::Path) && same(path, from, to, param.name.as_bytes()) {
                return true;
            }
            p += 1;
        }
        g += 1;
    }
    false
}

const fn count_path_params(params: &[&[Param]]) -> usize {
    let mut count = 0;
    let mut g = 0;
    while g < params.len() {
        let mut p = 0;
        while p < params[g].len() {
            if matches!(params[g][p].location, ParamLocation::Path) {
                count += 1;
            }
            p += 1;
        }
        g += 1;
    }
    count
}

/// Returns whether every placeholder of the path has a path parameter, and every path parameter a placeholder.
#[doc(hidden)]
pub const fn path_params_match(endpoint: &Endpoint) -> bool {
    let path = endpoint.path.as_bytes();
    let mut placeholders = 0;
    let mut i = 0;
    while i < path.len() {
        if path[i] == b'{' {
            let from = i + 1;
            while i < path.len() && path[i] != b'}' {
                i += 1;
            }
            if i == path.len() || !has_path_param(endpoint.params, path, from, i) {
                return false;
            }
            placeholders += 1;
        }
        i += 1;
    }
    placeholders == count_path_params(endpoint.params)
}

/// Returns whether a request without a body has no body parameters.
#[doc(hidden)]
pub const fn body_allowed(endpoint: &Endpoint) -> bool {
    if !same(endpoint.method.as_bytes(), 0, endpoint.method.len(), b"GET") {
        return true;
    }
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            if matches!(endpoint.params[g][p].location, ParamLocation::Body | ParamLocation::Form) {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}

/// Returns whether the endpoint is a POST if it is declared idempotent: the other methods need no declaration.
#[doc(hidden)]
pub const fn only_posts_are_declared_idempotent(endpoint: &Endpoint) -> bool {
    !endpoint.idempotent || same(endpoint.method.as_bytes(), 0, endpoint.method.len(), b"POST")
}

/// Returns whether no two parameters share a name.
#[doc(hidden)]
pub const fn names_unique(endpoint: &Endpoint) -> bool {
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            let name = endpoint.params[g][p].name.as_bytes();
            let mut seen = 0;
            let mut h = 0;
            while h < endpoint.params.len() {
                let mut q = 0;
                while q < endpoint.params[h].len() {
                    if same(name, 0, name.len(), endpoint.params[h][q].name.as_bytes()) {
                        seen += 1;
                    }
                    q += 1;
                }
                h += 1;
            }
            if seen != 1 {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}

/// Returns whether all bounds are in order.
#[doc(hidden)]
pub const fn bounds_ordered(endpoint: &Endpoint) -> bool {
    let mut g = 0;
    while g < endpoint.params.len() {
        let mut p = 0;
        while p < endpoint.params[g].len() {
            if !endpoint.params[g][p].kind.is_sound() {
                return false;
            }
            p += 1;
        }
        g += 1;
    }
    true
}
