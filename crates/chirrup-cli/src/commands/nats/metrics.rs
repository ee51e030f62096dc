//! Metrics for Prometheus, served over HTTP to programs of this machine.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chirrup_serve::Server;
use http::{Request, Response, header};
use http_body_util::Full;

use crate::error::CliError;
use crate::settings;

/// Values by the names of the metrics. A counter's name ends in `_total`.
#[derive(Debug, Clone, Default)]
pub(super) struct Metrics(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Metrics {
    /// Serves the metrics at an address, until the program ends. Without one, they are only counted.
    pub(super) fn serve(address: Option<SocketAddr>) -> Result<Self, CliError> {
        let metrics = Self::default();
        let Some(address) = address else { return Ok(metrics) };
        if !address.ip().is_loopback() {
            let why = format!("metrics cannot be served at {address}: other machines can reach it");
            return Err(CliError::usage(why).with_hint("use an address of this machine only, such as 127.0.0.1:9477"));
        }
        let failed = |why: std::io::Error| CliError::usage(format!("cannot serve metrics at {address}: {why}"));
        let listener = std::net::TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let (runtime, served) = (settings::runtime()?, metrics.clone());
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let handler = move |_: Request<Bytes>| {
                    let text = served.text();
                    async move {
                        let response = Response::builder().header(header::CONTENT_TYPE, "text/plain; version=0.0.4");
                        Ok::<_, Infallible>(response.body(Full::new(Bytes::from(text))).unwrap_or_default())
                    }
                };
                Server::new().run(listener, std::future::pending(), handler).await;
            });
        });
        Ok(metrics)
    }

    /// Adds to a counter.
    pub(super) fn add(&self, name: &'static str, number: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += number;
    }

    /// Sets the value of a gauge.
    pub(super) fn set(&self, name: &'static str, number: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, number);
    }

    /// Value of a metric.
    pub(super) fn get(&self, name: &str) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or(0)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
            let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {value}");
        }
        text
    }
}
