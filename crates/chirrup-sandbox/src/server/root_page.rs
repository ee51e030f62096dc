//! Page at the root of the server: a list of the endpoints for people who open it in a browser.

use std::fmt::Write as _;

use bytes::Bytes;
use chirrup_text::escape_html;
use http::Response;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue};

use crate::response::http::{HTML, simple_response};
use crate::state::Shared;

/// Path of the style sheet. It has a path of its own, because the policy of the page allows no inline styles.
pub(crate) const STYLE_PATH: &str = "/style.css";

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(crate) fn style() -> Response<Bytes> {
    simple_response(200, Some("text/css; charset=utf-8"), include_str!("style.css"))
}

pub(crate) fn root_page(shared: &Shared) -> Response<Bytes> {
    let (users, posts) = {
        let world = &shared.lock().world;
        (world.user_count(), world.post_count())
    };
    let mut rows = String::new();
    for endpoint in chirrup_api::all() {
        let doc = escape_html(endpoint.doc.lines().next().unwrap_or_default().trim());
        let (method, path, id) = (endpoint.method, endpoint.path, endpoint.id);
        let _ = write!(rows, "<tr><td>{method}<td><code>{path}</code><td><code>{id}</code><td>{doc}");
    }
    let html = include_str!("root_page.html")
        .replace("{users}", &users.to_string())
        .replace("{posts}", &posts.to_string())
        .replace("{rows}", &rows);
    let mut response = simple_response(200, Some(HTML), html);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
