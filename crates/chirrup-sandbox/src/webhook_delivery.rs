//! What the sandbox sends to webhooks: challenges and signed events, to this machine alone.

use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::{Secret, crc_response, webhook_signature};
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// How long a webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many deliveries wait at most.
const QUEUE: usize = 10_000;
/// How much of an answer is read.
const MAX_ANSWER: usize = 64 << 10;

/// Something to be sent to a webhook.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) webhook: String,
    pub(crate) url: String,
    pub(crate) secret: Secret,
    pub(crate) body: Bytes,
}

/// A challenge that a webhook has to answer.
#[derive(Debug)]
pub(crate) struct Challenge {
    pub(crate) webhook: String,
    pub(crate) url: String,
    pub(crate) secret: Secret,
    /// Whether the webhook goes again if it fails.
    pub(crate) fresh: bool,
}

/// A delivery to a webhook, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// The id of the webhook.
    pub webhook: String,
    /// What was sent.
    pub body: Bytes,
    /// The status of the answer; none if there was none.
    pub status: Option<u16>,
}

/// Whether the sandbox calls this address: it calls nobody but this machine.
pub(crate) fn is_near(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    loopback && uri.scheme_str() == Some("http")
}

/// Where deliveries wait to be sent.
pub(crate) fn outbox() -> (mpsc::Sender<Delivery>, mpsc::Receiver<Delivery>) {
    mpsc::channel(QUEUE)
}

impl Challenge {
    /// Whether it is answered well.
    pub(crate) async fn is_met(&self, token: &str) -> bool {
        let sign = if self.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{sign}crc_token={token}", self.url);
        let Some((200, body)) = exchange(Method::GET, &url, Bytes::new(), None).await else { return false };
        let answer: Json = serde_json::from_slice(&body).unwrap_or_default();
        answer["response_token"].as_str() == Some(&crc_response(&self.secret, token))
    }
}

impl Delivery {
    /// Sends it once.
    pub(crate) async fn send(self) -> Delivered {
        let signature = webhook_signature(&self.secret, &self.body);
        let answer = exchange(Method::POST, &self.url, self.body.clone(), Some(&signature)).await;
        Delivered { webhook: self.webhook, body: self.body, status: answer.map(|(status, _)| status) }
    }
}

async fn exchange(method: Method, url: &str, body: Bytes, signature: Option<&str>) -> Option<(u16, Bytes)> {
    tokio::time::timeout(PATIENCE, once(method, url, body, signature)).await.ok().flatten()
}

async fn once(method: Method, url: &str, body: Bytes, signature: Option<&str>) -> Option<(u16, Bytes)> {
    let uri: Uri = url.parse().ok()?;
    let (host, port) = (uri.host()?.trim_matches(['[', ']']), uri.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host, port)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(uri.path_and_query()?.as_str())
        .header(HOST, uri.authority()?.as_str())
        .header(CONTENT_TYPE, "application/json");
    if let Some(signature) = signature {
        request = request.header("x-twitter-webhooks-signature", signature);
    }
    let response = sender.send_request(request.body(Full::new(body)).ok()?).await.ok()?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await.ok()?.to_bytes();
    driver.abort();
    Some((status, body))
}
