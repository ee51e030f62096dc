//! The receiver of a webhook: answers CRC checks, verifies signatures, and decodes events without duplicates.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::hash::{Hash as _, Hasher as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use chirrup_auth::{Secret, crc_response, verify_webhook};
use chirrup_model::{ActivityEvent, Delivery, Post, UserId, dialect};
use futures_core::Stream;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, Limited};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tower_service::Service;

/// Maximum size of the body of a delivery in bytes: 4 MiB.
pub const MAX_BODY: usize = 4 << 20;
/// Maximum length of a `crc_token`.
const MAX_TOKEN: usize = 200;
/// Maximum number of events that wait to be read.
const QUEUE: usize = 10_000;
/// Number of events that are remembered to detect duplicates.
const REMEMBERED: usize = 100_000;

/// Headers with the signature of a delivery: one keyed with the consumer secret of the app, and, if the app has an OAuth 2.0
/// client secret, one keyed with that.
const SIGNATURES: [&str; 2] = ["x-twitter-webhooks-signature", "x-twitter-webhooks-signature-oauth2"];

/// An event that X delivered to a webhook.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WebhookEvent {
    /// Event of the Activity API to which the app has subscribed.
    Activity(Box<ActivityEvent>),
    /// Post of the filtered stream, with the rules that it matched.
    Post(Box<Delivery<Post>>),
    /// Events of the Account Activity API.
    Account(AccountEvents),
    /// Body of a form that this version does not know.
    Other(Json),
}

/// Events of one kind of one account, from the Account Activity API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccountEvents {
    /// User ID of the account.
    pub user: UserId,
    /// Name of the kind, such as `tweet_create_events` or `follow_events`.
    pub kind: String,
    /// Events in the form of API v1.1.
    pub events: Vec<Json>,
    /// Complete body of the delivery.
    pub json: Json,
}

impl WebhookEvent {
    /// Decodes a body. `None` if it is not a JSON object.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let json: Json = serde_json::from_slice(body).ok().filter(Json::is_object)?;
        if let Some(user) = json["for_user_id"].as_str().and_then(|id| id.parse().ok()) {
            let found = json.as_object()?.iter().find(|(name, value)| name.ends_with("_events") && value.is_array());
            let (kind, events) = found.map(|(name, list)| (name.clone(), list.as_array().cloned())).unwrap_or_default();
            return Some(Self::Account(AccountEvents { user, kind, events: events.unwrap_or_default(), json }));
        }
        let data = &json["data"];
        if data["event_type"].is_string()
            && let Ok(event) = dialect::decode_value(data)
        {
            return Some(Self::Activity(Box::new(event)));
        }
        if data["text"].is_string()
            && let Ok(mut delivery) = serde_json::from_slice::<Delivery<Post>>(body)
        {
            delivery.line = Bytes::copy_from_slice(body);
            return Some(Self::Post(Box::new(delivery)));
        }
        Some(Self::Other(json))
    }

    /// Returns a key by which a repeated delivery is recognized as a duplicate.
    fn key(&self, body: &[u8]) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        match self {
            Self::Activity(event) if event.event_uuid.is_some() => event.event_uuid.hash(&mut hasher),
            _ => body.hash(&mut hasher),
        }
        hasher.finish()
    }
}

/// Keys of recent events, up to [`REMEMBERED`].
#[derive(Debug, Default)]
struct RecentEvents {
    keys: HashSet<u64>,
    order: VecDeque<u64>,
}

impl RecentEvents {
    /// Adds a key. Returns whether it is new.
    fn insert(&mut self, key: u64) -> bool {
        if !self.keys.insert(key) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }

    /// Removes the key that was added last.
    fn undo(&mut self, key: u64) {
        self.keys.remove(&key);
        self.order.pop_back();
    }
}

/// A webhook receiver: a `tower` service over `http` types for any server, such as axum (`route_service`).
///
/// It answers CRC checks, but signs no text that does not have the form of a `crc_token`, because a signed body would pass as
/// a delivery. It accepts a delivery only with a valid signature of its raw bytes, decodes it, and queues each event once.
/// If the queue of [`Events`] is full, with 10,000 events, it responds with 503, so that X can deliver the event again.
#[derive(Clone)]
pub struct Receiver(Arc<ReceiverState>);

struct ReceiverState {
    secrets: Vec<Secret>,
    events: mpsc::Sender<WebhookEvent>,
    recent: Mutex<RecentEvents>,
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

/// Stream of the events that a [`Receiver`] accepted.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<WebhookEvent>);

impl Events {
    /// Waits for the next event. `None` after the receiver has been dropped.
    pub async fn next(&mut self) -> Option<WebhookEvent> {
        self.0.recv().await
    }
}

impl Stream for Events {
    type Item = WebhookEvent;
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<WebhookEvent>> {
        self.0.poll_recv(context)
    }
}

impl Receiver {
    /// Creates a receiver for the app with this secret, and the stream of its events.
    ///
    /// The secret is the consumer secret of the app, or its OAuth 2.0 client secret. X signs a delivery with each secret that
    /// the app has, and accepts either in a CRC check.
    pub fn new(secret: Secret) -> (Self, Events) {
        Self::with_secrets([secret])
    }

    /// Creates a receiver for an app with several secrets: a client secret and a consumer secret, or an old and a new one.
    ///
    /// It answers CRC checks with the first secret, and accepts signatures made with any of them.
    pub fn with_secrets(secrets: impl IntoIterator<Item = Secret>) -> (Self, Events) {
        let (events, receiver) = mpsc::channel(QUEUE);
        let state = ReceiverState { secrets: secrets.into_iter().collect(), events, recent: Mutex::default() };
        (Self(Arc::new(state)), Events(receiver))
    }

    /// Responds to a request: `GET` for a CRC check, `POST` for a delivery.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        match *request.method() {
            Method::GET => self.answer_crc(request.uri().query().unwrap_or_default()),
            Method::POST => self.accept(request).await,
            _ => {
                let mut response =
                    plain(StatusCode::METHOD_NOT_ALLOWED, "use GET for a CRC check and POST for a delivery");
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
                response
            }
        }
    }

    fn answer_crc(&self, query: &str) -> Response<Full<Bytes>> {
        let token = query.split('&').find_map(|pair| pair.strip_prefix("crc_token="));
        let is_token = |token: &&str| {
            let is_allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_.=+/".contains(&b);
            (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(is_allowed)
        };
        // In a query, these characters of base64 are percent-encoded.
        let encoded = [("%3d", "="), ("%3D", "="), ("%2b", "+"), ("%2B", "+"), ("%2f", "/"), ("%2F", "/")];
        let token = token.map(|token| encoded.iter().fold(token.to_owned(), |token, (code, c)| token.replace(code, c)));
        let (Some(token), Some(secret)) = (token.as_deref().filter(is_token), self.0.secrets.first()) else {
            return plain(StatusCode::BAD_REQUEST, "a CRC check requires a `crc_token` of letters, digits and padding");
        };
        let body = json!({"response_token": crc_response(secret, token)}).to_string();
        let mut response = Response::new(Full::from(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    async fn accept<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let signatures: Vec<&str> =
            SIGNATURES.iter().filter_map(|name| head.headers.get(*name)?.to_str().ok()).collect();
        if signatures.is_empty() {
            return plain(StatusCode::UNAUTHORIZED, "the signature is missing");
        }
        let Ok(body) = Limited::new(Box::pin(body), MAX_BODY).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is incomplete or larger than 4 MiB");
        };
        let body = body.to_bytes();
        // All secrets are tried, so that the response time does not reveal which one matches.
        let secrets = self.0.secrets.iter();
        let pairs = secrets.flat_map(|secret| signatures.iter().map(move |signature| (secret, *signature)));
        let is_signed = pairs.fold(false, |any, (secret, signature)| any | verify_webhook(secret, &body, signature));
        if !is_signed {
            return plain(StatusCode::UNAUTHORIZED, "the signature is invalid");
        }
        let Some(event) = WebhookEvent::parse(&body) else {
            return plain(StatusCode::BAD_REQUEST, "the body is not a JSON object");
        };
        let key = event.key(&body);
        let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if !recent.insert(key) {
            return plain(StatusCode::OK, "");
        }
        match self.0.events.try_send(event) {
            Ok(()) => plain(StatusCode::OK, ""),
            Err(_) => {
                recent.undo(key);
                plain(StatusCode::SERVICE_UNAVAILABLE, "the queue of events is full")
            }
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}

impl<B> Service<Request<B>> for Receiver
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let receiver = self.clone();
        Box::pin(async move { Ok(receiver.handle(request).await) })
    }
}
