//! Settings of a server, and its accept loop.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use crate::activity::Activity;
use crate::admission::Hosts;
use crate::body::{BodyLimits, BoxError};
use crate::connections::Connections;
use crate::exchange::{Rules, exchange};
use crate::stream::WatchedStream;
#[cfg(feature = "tls")]
use crate::tls::Opened;

/// Size in bytes of the largest request head.
const MAX_HEAD: usize = 64 << 10;
/// Real time between two checks for overdue connections.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// Delay before the next attempt to accept a connection after a failure, which is usually a lack of file descriptors. It
/// doubles with each failure in a row.
const FIRST_BACKOFF: Duration = Duration::from_millis(20);
const LAST_BACKOFF: Duration = Duration::from_secs(1);
/// What a connection receives for which there is no room.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// HTTP/1.1 server, as a builder: its settings, and [`run`](Self::run).
#[derive(Debug, Clone)]
#[must_use]
pub struct Server {
    hosts: Hosts,
    own_origin_only: bool,
    keep_alive: bool,
    max_connections: usize,
    max_body: usize,
    max_bodies: usize,
    grace: Duration,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            hosts: Hosts::Loopback,
            own_origin_only: true,
            keep_alive: true,
            max_connections: 1_024,
            max_body: 1 << 20,
            max_bodies: 64 << 20,
            grace: Duration::ZERO,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Server {
    /// Creates a server with the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Names under which clients may address the server. The default is [`Hosts::Loopback`].
    pub fn hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Accepts requests of web pages of other origins. By default, they are refused with status 403.
    pub fn any_origin(mut self) -> Self {
        self.own_origin_only = false;
        self
    }

    /// Closes each connection after one response. By default, a connection serves many requests.
    pub fn without_keep_alive(mut self) -> Self {
        self.keep_alive = false;
        self
    }

    /// Maximum number of concurrent connections. The default is 1,024.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = count;
        self
    }

    /// Size in bytes of the largest request body. The default is 1 MiB; larger ones are refused with status 413.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self.max_bodies = self.max_bodies.max(bytes.saturating_mul(4));
        self
    }

    /// Time for open requests to finish after the server stops. The default is zero.
    pub fn grace(mut self, time: Duration) -> Self {
        self.grace = time;
        self
    }

    /// Serves TLS on the same port, besides plain HTTP, and answers `CONNECT` requests for the domains of the certificate: as
    /// an HTTPS proxy that leads to this server alone. By default, the server has no certificate.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn tls(mut self, tls: crate::tls::Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Serves requests until `stopped` resolves. A request that arrives over TLS has the extension
    /// [`Scheme::HTTPS`](http::uri::Scheme::HTTPS).
    ///
    /// An error of the handler closes the connection without a response. If the handler panics, the response has status
    /// 500.
    pub async fn run<F, R, B, E>(self, listener: TcpListener, stopped: impl Future<Output = ()>, handler: F)
    where
        F: Fn(Request<Bytes>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<Response<B>, E>> + Send + 'static,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
        E: Into<BoxError> + Send + 'static,
    {
        let bodies = BodyLimits { largest: self.max_body, sum: self.max_bodies, held: Arc::default() };
        let rules = Arc::new(Rules {
            hosts: self.hosts,
            own_origin_only: self.own_origin_only,
            bodies,
            #[cfg(feature = "tls")]
            tls: self.tls,
        });
        let mut connections = Connections::default();
        let mut ticks = tokio::time::interval(CHECK_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut backoff = FIRST_BACKOFF;
        let mut next_attempt = Instant::now();
        let (stop, stopping) = watch::channel(());
        let mut stopped = std::pin::pin!(stopped);
        loop {
            tokio::select! {
                () = &mut stopped => break,
                Some(()) = connections.ended() => {}
                _ = ticks.tick() => connections.close_overdue(),
                accepted = accept(&listener, next_attempt) => match accepted {
                    Ok(socket) => {
                        backoff = FIRST_BACKOFF;
                        if connections.count() >= self.max_connections && !connections.close_one_waiting() {
                            let _ = socket.try_write(FULL);
                            continue;
                        }
                        let activity = Arc::new(Activity::new());
                        let stream = WatchedStream { socket, activity: Arc::clone(&activity) };
                        let (rules, handler) = (Arc::clone(&rules), handler.clone());
                        let task = connection(stream, self.keep_alive, rules, stopping.clone(), handler);
                        connections.spawn(activity, task);
                    }
                    Err(_) => {
                        connections.close_one_waiting();
                        next_attempt = Instant::now() + backoff;
                        backoff = (backoff * 2).min(LAST_BACKOFF);
                    }
                },
            }
        }
        drop(listener);
        drop(stop);
        while connections.close_one_waiting() {}
        let finish = async { while connections.ended().await.is_some() {} };
        let _ = tokio::time::timeout(self.grace, finish).await;
    }
}

async fn accept(listener: &TcpListener, not_before: Instant) -> std::io::Result<TcpStream> {
    tokio::time::sleep_until(not_before).await;
    let (socket, _) = listener.accept().await?;
    let _ = socket.set_nodelay(true);
    Ok(socket)
}

/// Serves the requests of one connection, encrypted or not.
async fn connection<F, R, B, E>(
    stream: WatchedStream,
    keep_alive: bool,
    rules: Arc<Rules>,
    stopping: watch::Receiver<()>,
    handler: F,
) where
    F: Fn(Request<Bytes>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    E: Into<BoxError> + Send + 'static,
{
    let activity = Arc::clone(&stream.activity);
    #[cfg(feature = "tls")]
    if let Some(tls) = rules.tls.clone() {
        return match tls.open(stream).await {
            Ok(Opened::Plain(stream)) => {
                exchanges(stream, activity, false, keep_alive, rules, stopping, handler).await;
            }
            Ok(Opened::Encrypted(stream)) => {
                exchanges(*stream, activity, true, keep_alive, rules, stopping, handler).await;
            }
            // The client did not trust the certificate, or it was refused.
            Err(_) => {}
        };
    }
    exchanges(stream, activity, false, keep_alive, rules, stopping, handler).await;
}

/// Serves the requests of one connection, after its handshake.
async fn exchanges<S, F, R, B, E>(
    stream: S,
    activity: Arc<Activity>,
    is_encrypted: bool,
    keep_alive: bool,
    rules: Arc<Rules>,
    mut stopping: watch::Receiver<()>,
    handler: F,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Fn(Request<Bytes>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Response<B>, E>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    E: Into<BoxError> + Send + 'static,
{
    let service = service_fn(move |request| {
        let (rules, activity, handler) = (Arc::clone(&rules), Arc::clone(&activity), handler.clone());
        async move { exchange(&rules, is_encrypted, activity, request, handler).await }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    // The timeouts are those of `Activity`.
    http.header_read_timeout(None).keep_alive(keep_alive).max_buf_size(MAX_HEAD);
    let mut serving = std::pin::pin!(http.serve_connection(TokioIo::new(stream), service));
    // An error ends only this connection.
    tokio::select! {
        _ = serving.as_mut() => return,
        _ = stopping.changed() => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}
