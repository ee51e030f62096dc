//! Receiving what X sends to a webhook: challenges answered, signatures checked, events typed, duplicates dropped.

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
use chirrup_model::{ActivityEvent, Delivery, Post, UserId};
use futures_core::Stream;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full, Limited};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use tower_service::Service;

/// How large a body may be.
const MAX_BODY: usize = 4 << 20;
/// How long a challenge may be.
const MAX_TOKEN: usize = 200;
/// How many events wait to be read.
const QUEUE: usize = 10_000;
/// How many events are remembered, by which what comes twice is known.
const REMEMBERED: usize = 100_000;

/// The header that holds the signature.
const SIGNATURE: &str = "x-twitter-webhooks-signature";

/// Something that came to a webhook.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WebhookEvent {
    /// Of the Activity API: something that the app has subscribed to.
    Activity(Box<ActivityEvent>),
    /// Of the filtered stream: a post, and the rules that it matched.
    Post(Box<Delivery<Post>>),
    /// Of the Account Activity API.
    Account(AccountEvents),
    /// Something that this version does not know.
    Other(Json),
}

/// What happened to an account, as the Account Activity API tells it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccountEvents {
    /// Whose account.
    pub user: UserId,
    /// What happened, such as `tweet_create_events` or `follow_events`.
    pub kind: String,
    /// The events, in the form of v1.1.
    pub events: Vec<Json>,
    /// The whole body.
    pub json: Json,
}

impl WebhookEvent {
    /// Reads a body; none if it is no JSON object.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let json: Json = serde_json::from_slice(body).ok().filter(Json::is_object)?;
        if let Some(user) = json["for_user_id"].as_str().and_then(|id| id.parse().ok()) {
            let found = json.as_object()?.iter().find(|(name, value)| name.ends_with("_events") && value.is_array());
            let (kind, events) = found.map(|(name, list)| (name.clone(), list.as_array().cloned())).unwrap_or_default();
            return Some(Self::Account(AccountEvents { user, kind, events: events.unwrap_or_default(), json }));
        }
        let data = &json["data"];
        if data["event_type"].is_string()
            && let Ok(event) = serde_json::from_value(data.clone())
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

    /// By what it is known when it comes twice.
    fn key(&self, body: &[u8]) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        match self {
            Self::Activity(event) if event.event_uuid.is_some() => event.event_uuid.hash(&mut hasher),
            _ => body.hash(&mut hasher),
        }
        hasher.finish()
    }
}

/// What came before, up to a bound.
#[derive(Debug, Default)]
struct Known {
    keys: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Known {
    fn is_new(&mut self, key: u64) -> bool {
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

    /// Forgets one that was just noted.
    fn undo(&mut self, key: u64) {
        self.keys.remove(&key);
        self.order.pop_back();
    }
}

/// A webhook: a service for any server that speaks `http` and `tower`, such as axum (`route_service`).
///
/// It answers challenges, but signs nothing that does not look like one, or whoever asks could have bodies signed. Events
/// are taken only with a sound signature over their raw bytes, typed, and passed on once each. When [`Events`] are not read
/// in time it answers 503, so that X knows of what it could not deliver.
#[derive(Clone)]
pub struct Receiver(Arc<Inner>);

struct Inner {
    secrets: Vec<Secret>,
    events: mpsc::Sender<WebhookEvent>,
    known: Mutex<Known>,
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

/// What came to a webhook, as a stream.
#[derive(Debug)]
pub struct Events(mpsc::Receiver<WebhookEvent>);

impl Events {
    /// The next event; `None` when there is no receiver any more.
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
    /// A receiver for the app of this consumer secret, and what it receives.
    pub fn new(consumer_secret: Secret) -> (Self, Events) {
        Self::with_secrets([consumer_secret])
    }

    /// The same while secrets are changed: challenges are answered with the first, signatures of all are taken.
    pub fn with_secrets(secrets: impl IntoIterator<Item = Secret>) -> (Self, Events) {
        let (events, receiver) = mpsc::channel(QUEUE);
        let inner = Inner { secrets: secrets.into_iter().collect(), events, known: Mutex::default() };
        (Self(Arc::new(inner)), Events(receiver))
    }

    /// Answers a request.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        match *request.method() {
            Method::GET => self.challenge(request.uri().query().unwrap_or_default()),
            Method::POST => self.deliver(request).await,
            _ => {
                let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "GET for challenges, POST for events");
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
                response
            }
        }
    }

    fn challenge(&self, query: &str) -> Response<Full<Bytes>> {
        let token = query.split('&').find_map(|pair| pair.strip_prefix("crc_token="));
        let sound = |token: &&str| {
            let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'=');
            (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(word)
        };
        // X percent-encodes the padding of tokens.
        let token = token.map(|token| token.replace("%3D", "=").replace("%3d", "="));
        let (Some(token), Some(secret)) = (token.as_deref().filter(sound), self.0.secrets.first()) else {
            return plain(StatusCode::BAD_REQUEST, "a challenge has a `crc_token` of letters and digits");
        };
        let body = json!({"response_token": crc_response(secret, token)}).to_string();
        let mut response = Response::new(Full::from(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }

    async fn deliver<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let Some(signature) = head.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()) else {
            return plain(StatusCode::UNAUTHORIZED, "there is no signature");
        };
        let Ok(body) = Limited::new(Box::pin(body), MAX_BODY).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large, or broke off");
        };
        let body = body.to_bytes();
        // All are tried, so that the time does not tell which one fits.
        let signed = self.0.secrets.iter().fold(false, |any, secret| any | verify_webhook(secret, &body, signature));
        if !signed {
            return plain(StatusCode::UNAUTHORIZED, "the signature is not sound");
        }
        let Some(event) = WebhookEvent::parse(&body) else {
            return plain(StatusCode::BAD_REQUEST, "the body is no JSON object");
        };
        let key = event.key(&body);
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.is_new(key) {
            return plain(StatusCode::OK, "");
        }
        match self.0.events.try_send(event) {
            Ok(()) => plain(StatusCode::OK, ""),
            Err(_) => {
                known.undo(key);
                plain(StatusCode::SERVICE_UNAVAILABLE, "nobody reads the events")
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
