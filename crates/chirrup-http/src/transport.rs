//! The network transport as the client sees it.

use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{
    BoxFuture, Cost, Error, LiveSettings, RawEvent, RawLiveStream, RawResponse, Request, Transport, TransportError,
};

use crate::clock::Clock;
use crate::download::download;
use crate::ledger::{Ledger, Spending};
use crate::limiter::RateLimitStatus;
use crate::live;
use crate::pipeline::Pipeline;
use crate::runtime;

/// The network transport: it sends calls over HTTPS with retries, rate limits, costs and caching.
///
/// [`HttpBuilder`](crate::HttpBuilder) creates it. Clones share everything. Use one transport in one async runtime,
/// since its connections belong to the runtime that made them.
#[derive(Debug, Clone)]
pub struct HttpTransport(pub(crate) Arc<Pipeline>);

impl HttpTransport {
    /// Returns the state of all rate-limit windows that are known and not over, sorted by endpoint.
    pub fn rate_limits(&self) -> Vec<RateLimitStatus> {
        self.0.limiter.statuses()
    }

    /// Returns the source of time, sleep and randomness.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// Downloads a photo or video to a file and returns its size in bytes. The file appears once it is complete.
    ///
    /// No credential is sent, and only URLs of X's own hosts are accepted. The maximum size is 512 MiB.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) if the URL is malformed or of another host,
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the file cannot be written,
    /// [`ErrorKind::NotFound`](chirrup_api::ErrorKind::NotFound) if X does not have the file, and
    /// [`ErrorKind::Network`](chirrup_api::ErrorKind::Network) if the connection fails.
    pub async fn download(&self, url: &str, path: impl AsRef<std::path::Path>) -> Result<u64, Error> {
        download(&self.0.wire, url, path.as_ref()).await
    }

    /// Returns the ledger, which records what calls cost.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Returns the amounts spent in this run, today and this month.
    pub fn spent(&self) -> Spending {
        self.0.ledger.spent(self.0.billing_now())
    }

    /// Returns the amount that the budget leaves for further calls. `None` without a budget.
    pub fn budget_left(&self) -> Option<Cost> {
        self.0.ledger.left(self.0.billing_now())
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let pipeline = Arc::clone(&self.0);
        if runtime::is_inside_runtime() {
            Box::pin(async move { pipeline.send_call(request).await })
        } else {
            runtime::spawn_background(async move { pipeline.send_call(request).await })
        }
    }

    fn live(&self, request: Request, settings: LiveSettings) -> RawLiveStream {
        let open = || live::open_live_stream(Arc::clone(&self.0), request, settings);
        match runtime::in_runtime(open) {
            Ok(stream) => stream,
            Err(error) => Box::pin(futures_util::stream::iter([RawEvent::Ended(Err(error))])),
        }
    }

    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        match runtime::in_runtime(|| tokio::time::sleep(time)) {
            Ok(sleep) => Box::pin(sleep),
            // Without a thread there is no stream to wait for.
            Err(_) => Box::pin(std::future::ready(())),
        }
    }

    fn is_inside_runtime(&self) -> bool {
        runtime::is_inside_runtime()
    }
}
