//! Page at `/`: the files of the folder `page`, which the binary contains, and the pictures of posts.
//!
//! Requests for them stay out of the journal, and no fault is injected into them.

use bytes::Bytes;
use chirrup_auth::Secret;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Method, Response};

use crate::response::gzip::compress;
use crate::response::http::{HTML, simple_response};
use crate::server::pictures::picture;
use crate::state::Shared;

/// Path below which the page finds its files and pictures.
const FILES_PATH: &str = "/_page";

const SCRIPT: &str = "text/javascript; charset=utf-8";

const INDEX: &str = include_str!("../page/index.html");

/// Name, media type and content of each file.
const FILES: &[(&str, &str, &str)] = &[
    ("mark.svg", "image/svg+xml", include_str!("../page/mark.svg")),
    ("style.css", "text/css; charset=utf-8", include_str!("../page/style.css")),
    ("api.js", SCRIPT, include_str!("../page/api.js")),
    ("apps.js", SCRIPT, include_str!("../page/apps.js")),
    ("clock.js", SCRIPT, include_str!("../page/clock.js")),
    ("dom.js", SCRIPT, include_str!("../page/dom.js")),
    ("faults.js", SCRIPT, include_str!("../page/faults.js")),
    ("format.js", SCRIPT, include_str!("../page/format.js")),
    ("journal.js", SCRIPT, include_str!("../page/journal.js")),
    ("limits.js", SCRIPT, include_str!("../page/limits.js")),
    ("main.js", SCRIPT, include_str!("../page/main.js")),
    ("post.js", SCRIPT, include_str!("../page/post.js")),
    ("snippets.js", SCRIPT, include_str!("../page/snippets.js")),
    ("streams.js", SCRIPT, include_str!("../page/streams.js")),
    ("timeline.js", SCRIPT, include_str!("../page/timeline.js")),
];

/// Headers of each response. The page runs only its own files, talks only to this server, and cannot be framed.
const HEADERS: &[(HeaderName, &str)] = &[
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Another process may serve another page, with another token, at the same address.
    (CACHE_CONTROL, "no-store"),
];

/// Returns the response if the request is for the page of a world. The page is served with the token of the control API.
pub(crate) fn respond(world: &Shared, control_token: Option<&Secret>, head: &Parts) -> Option<Response<Bytes>> {
    if head.method != Method::GET {
        return None;
    }
    let mut response = match head.uri.path() {
        "/" => text(HTML, INDEX.replace("{token}", control_token.map_or("", Secret::expose)), head),
        path => file(world, path.strip_prefix(FILES_PATH)?, head),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Some(response)
}

/// Returns a file of the page, or a picture at its path at `pbs.twimg.com`.
fn file(world: &Shared, path: &str, head: &Parts) -> Response<Bytes> {
    let name = path.strip_prefix('/').unwrap_or(path);
    if let Some((_, media_type, content)) = FILES.iter().find(|(file, ..)| *file == name) {
        return text(media_type, (*content).to_owned(), head);
    }
    match picture(&world.lock().world, path) {
        Some(jpeg) => simple_response(200, Some("image/jpeg"), jpeg),
        None => simple_response(404, None, Bytes::new()),
    }
}

/// Returns a response with a text, compressed if the browser accepts it.
fn text(media_type: &'static str, content: String, head: &Parts) -> Response<Bytes> {
    let accepts_gzip =
        head.headers.get(ACCEPT_ENCODING).is_some_and(|value| value.as_bytes().windows(4).any(|w| w == b"gzip"));
    let compressed = if accepts_gzip { compress(content.as_bytes()) } else { None };
    let is_compressed = compressed.is_some();
    let mut response = simple_response(200, Some(media_type), compressed.unwrap_or_else(|| content.into_bytes()));
    if is_compressed {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
