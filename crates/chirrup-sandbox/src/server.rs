//! HTTP server of the sandbox.

mod body;
mod dispatch;
mod http;
mod pictures;
mod root_page;

pub(crate) use http::serve;
