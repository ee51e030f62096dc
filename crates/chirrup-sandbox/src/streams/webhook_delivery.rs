//! Requests from the sandbox to webhooks: CRC checks and signed events, to loopback addresses only.

use std::time::Duration;

use bytes::Bytes;
use chirrup_auth::{crc_response, webhook_signature};
use chirrup_model::Timestamp;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::control::clock::TestClock;
use crate::world::AppSecrets;

/// Timeout of a request to a webhook.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Number of deliveries that can wait to be sent.
const QUEUE_CAPACITY: usize = 10_000;
/// Size in bytes of the largest response that is read.
const MAX_RESPONSE: usize = 64 << 10;

/// Header with the signature that is keyed with the consumer secret.
const SIGNATURE: &str = "x-twitter-webhooks-signature";
/// Header with the signature that is keyed with the client secret.
const OAUTH2_SIGNATURE: &str = "x-twitter-webhooks-signature-oauth2";

/// Name and value of a header that signs a request.
type Signature = (&'static str, String);

/// Event for a webhook that waits to be sent.
#[derive(Debug)]
pub(crate) struct QueuedDelivery {
    pub(crate) webhook: String,
    pub(crate) url: String,
    pub(crate) secrets: AppSecrets,
    pub(crate) body: Bytes,
}

/// CRC check that a webhook has to pass.
#[derive(Debug)]
pub(crate) struct CrcCheck {
    pub(crate) webhook: String,
    pub(crate) url: String,
    pub(crate) secrets: AppSecrets,
    /// Whether the webhook was just created: then it is removed again if the check fails.
    pub(crate) is_new: bool,
}

/// Request that the sandbox sent to a webhook, with its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// Number of the delivery. The first one is number 1.
    pub number: u64,
    /// Time at which the webhook responded or the delivery failed, by the sandbox's clock.
    pub at: Timestamp,
    /// ID of the webhook that the event is for.
    pub webhook: String,
    /// Body of the request, as it was signed.
    pub body: Bytes,
    /// Status of the webhook's response. `None` if there was no response within 10 seconds.
    pub status: Option<u16>,
}

/// Whether a URL is one of `http` on the loopback address. The sandbox sends requests to no others.
pub(crate) fn is_loopback_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    loopback && uri.scheme_str() == Some("http")
}

/// Creates the queue of deliveries.
pub(crate) fn delivery_queue() -> (mpsc::Sender<QueuedDelivery>, mpsc::Receiver<QueuedDelivery>) {
    mpsc::channel(QUEUE_CAPACITY)
}

impl CrcCheck {
    /// Sends the check. Returns whether the webhook responds with the right token, which is keyed with the consumer secret
    /// or with the client secret of the app.
    pub(crate) async fn passes(&self, crc_token: &str) -> bool {
        let separator = if self.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}crc_token={crc_token}", self.url);
        let Some((200, body)) = send_request(Method::GET, &url, Bytes::new(), &[]).await else { return false };
        let json: Json = serde_json::from_slice(&body).unwrap_or_default();
        let secrets = [Some(&self.secrets.consumer), self.secrets.client.as_ref()];
        secrets.into_iter().flatten().any(|secret| json["response_token"] == crc_response(secret, crc_token).as_str())
    }
}

impl QueuedDelivery {
    /// Sends the event, without retries. A confidential client gets a second signature with its client secret.
    pub(crate) async fn send(self, clock: &TestClock) -> WebhookDelivery {
        let mut signatures = vec![(SIGNATURE, webhook_signature(&self.secrets.consumer, &self.body))];
        if let Some(secret) = &self.secrets.client {
            signatures.push((OAUTH2_SIGNATURE, webhook_signature(secret, &self.body)));
        }
        let response = send_request(Method::POST, &self.url, self.body.clone(), &signatures).await;
        let status = response.map(|(status, _)| status);
        WebhookDelivery { number: 0, at: clock.now(), webhook: self.webhook, body: self.body, status }
    }
}

/// Sends a request. Returns status and body of the response, or `None` if it fails or takes too long.
async fn send_request(method: Method, url: &str, body: Bytes, signatures: &[Signature]) -> Option<(u16, Bytes)> {
    tokio::time::timeout(TIMEOUT, try_send_request(method, url, body, signatures)).await.ok().flatten()
}

async fn try_send_request(method: Method, url: &str, body: Bytes, signatures: &[Signature]) -> Option<(u16, Bytes)> {
    let uri: Uri = url.parse().ok()?;
    let (host, port) = (uri.host()?.trim_matches(['[', ']']), uri.port_u16().unwrap_or(80));
    let stream = TcpStream::connect((host, port)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let mut request = Request::builder()
        .method(method)
        .uri(uri.path_and_query()?.as_str())
        .header(HOST, uri.authority()?.as_str())
        .header(CONTENT_TYPE, "application/json");
    for (header, signature) in signatures {
        request = request.header(*header, signature);
    }
    let response = sender.send_request(request.body(Full::new(body)).ok()?).await.ok()?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), MAX_RESPONSE).collect().await.ok()?.to_bytes();
    connection.abort();
    Some((status, body))
}
