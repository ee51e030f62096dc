//! Idempotency of endpoints: which calls can be repeated safely.

use super::Endpoint;

/// Effect of sending the same call twice, in the terms of RFC 9110.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Idempotency {
    /// The call reads only.
    Safe,
    /// The call sets a state, such as a follow, a like or a deletion; repeating it changes nothing.
    Idempotent,
    /// Each call creates something: a post that is sent twice becomes two posts.
    NonIdempotent,
}

impl Idempotency {
    /// Returns the idempotency of a call to an endpoint outside the table, by its method. A POST is always
    /// non-idempotent.
    pub fn of_method(method: &str) -> Self {
        match method {
            "GET" | "HEAD" => Self::Safe,
            "PUT" | "DELETE" => Self::Idempotent,
            _ => Self::NonIdempotent,
        }
    }
}

impl Endpoint {
    /// Returns the effect of sending the same call of this endpoint twice.
    pub fn idempotency(&self) -> Idempotency {
        if self.idempotent { Idempotency::Idempotent } else { Idempotency::of_method(self.method) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idempotency(id: &str) -> Idempotency {
        crate::by_id(id).unwrap_or_else(|| panic!("there is no endpoint `{id}`")).idempotency()
    }

    #[test]
    fn only_a_post_that_is_declared_idempotent_may_be_repeated() {
        for id in ["create_post", "send_dm", "create_list", "begin_upload", "finish_upload", "update_rules"] {
            assert_eq!(idempotency(id), Idempotency::NonIdempotent, "{id}");
        }
        for id in ["like", "repost", "follow", "mute", "append_upload", "v1.create_friendship"] {
            assert_eq!(idempotency(id), Idempotency::Idempotent, "{id}");
        }
    }

    #[test]
    fn the_method_decides_the_idempotency_of_other_endpoints() {
        for endpoint in crate::all().filter(|endpoint| endpoint.method != "POST") {
            assert_eq!(endpoint.idempotency(), Idempotency::of_method(endpoint.method), "{}", endpoint.id);
        }
    }
}
