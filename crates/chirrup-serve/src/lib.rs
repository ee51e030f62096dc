//! HTTP/1.1 server for local services, with limits that a hostile client cannot exceed.
//!
//! - **Time**: a request head must arrive within 10 seconds, a body within a minute and without a pause of 15 seconds. A
//!   client that does not read its response is disconnected after 30 seconds, an idle connection after 60.
//! - **Memory**: connections, bodies and the sum of all bodies are limited. If all connections are in use, a new one replaces
//!   the connection that has been waiting for its client for the longest time. If the process has no file descriptors
//!   left, the server does the same and tries again.
//! - **Web pages**: a request is refused if its `Host` is not the server's own, which stops DNS rebinding, or if a page of
//!   another origin sent it. Responses have headers against sniffing, framing and scripts.
//! - **Panics**: a handler that panics is answered with status 500, and the server continues.
//!
//! ```
//! use bytes::Bytes;
//! use chirrup_serve::{Server, Text};
//! use http::Request;
//!
//! # async fn example() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let handler = |request: Request<Bytes>| async move {
//!     Ok::<_, std::convert::Infallible>(Text::response(200, request.uri().path().to_owned()))
//! };
//! Server::new().run(listener, std::future::pending(), handler).await;
//! # Ok(()) }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]

mod activity;
mod admission;
mod body;
mod connections;
mod exchange;
mod server;
mod stream;
#[cfg(feature = "tls")]
mod tls;

pub use admission::Hosts;
pub use body::Text;
pub use server::Server;
#[cfg(feature = "tls")]
#[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
pub use tls::Tls;
