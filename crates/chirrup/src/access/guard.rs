//! Transport that sends what an access allows, and nothing else.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chirrup_api::v2::users::GetMe;
use chirrup_api::{
    BoxFuture, Call, CostInputs, LiveSettings, RawEvent, RawLiveStream, RawResponse, Request, Transport,
    TransportError, TransportErrorKind,
};
use chirrup_auth::Credential;
use chirrup_http::{Clock, HttpTransport};
use chirrup_model::Dialect;
use serde_json::Value as Json;

use super::need::Need;
use super::permissions::{Access, Level, Verb};

/// Length of the window of the limit of writes.
const HOUR: Duration = Duration::from_secs(3_600);

/// Transport with an [`Access`] in front. Clones share the count of writes.
#[derive(Debug, Clone)]
pub(crate) struct Guard(Arc<State>);

#[derive(Debug)]
struct State {
    access: Access,
    inner: HttpTransport,
    clock: Arc<dyn Clock>,
    /// Times of the writes of the last hour, by the monotonic clock.
    writes: Mutex<VecDeque<Duration>>,
    /// Usernames of credentials. Each is requested once.
    usernames: Mutex<Vec<(Arc<Credential>, String)>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guard {
    pub(crate) fn new(access: Access, inner: HttpTransport) -> Self {
        let clock = inner.clock();
        Self(Arc::new(State { access, inner, clock, writes: Mutex::default(), usernames: Mutex::default() }))
    }

    pub(crate) fn access(&self) -> &Access {
        &self.0.access
    }

    /// Returns the number of writes that the next minutes allow.
    pub(crate) fn writes_left(&self) -> usize {
        let mut writes = lock(&self.0.writes);
        self.0.forget_old(&mut writes);
        self.0.access.per_hour.saturating_sub(writes.len())
    }
}

impl Transport for Guard {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let state = Arc::clone(&self.0);
        Box::pin(async move { state.send(request).await })
    }

    fn live(&self, request: Request, settings: LiveSettings) -> RawLiveStream {
        match self.0.check(&request) {
            Ok(_) => self.0.inner.live(request, settings),
            Err(refused) => Box::pin(futures_util::stream::iter([RawEvent::Ended(Err(refused))])),
        }
    }

    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        self.0.inner.sleep(time)
    }

    fn is_inside_runtime(&self) -> bool {
        self.0.inner.is_inside_runtime()
    }
}

impl State {
    async fn send(&self, request: Request) -> Result<RawResponse, TransportError> {
        if let Some(verbs) = self.check(&request)? {
            self.check_account(&request).await?;
            if verbs != [Verb::Media] {
                self.count_write()?;
            }
        }
        let response = self.inner.send(request.clone()).await?;
        if request.endpoint().is_some_and(|endpoint| endpoint.id == GetMe::ENDPOINT.id) {
            self.remember_username(&request, &response);
        }
        Ok(response)
    }

    /// Checks level and verbs. Returns the verbs of a write.
    fn check(&self, request: &Request) -> Result<Option<Vec<Verb>>, TransportError> {
        let access = &self.access;
        let level = access.level().name();
        match Need::of(request) {
            Need::Look => Ok(None),
            Need::Spend if access.has(Level::Spend) => Ok(None),
            Need::Spend => {
                Err(refusal(format!("streams and the full archive need the level `spend`; the level is `{level}`")))
            }
            Need::Messages if access.allows(Verb::Message) => Ok(None),
            Need::Messages => Err(refusal("direct messages need the verb `message`".to_owned())),
            Need::Write(_) if !access.has(Level::Write) => {
                Err(refusal(format!("writes need the level `write`; the level is `{level}`")))
            }
            Need::Write(verbs) => match verbs.iter().find(|verb| !access.allows(**verb)) {
                None => Ok(Some(verbs)),
                Some(verb) => {
                    let allowed = access.verb_names();
                    Err(refusal(format!("the verb `{}` is not among the allowed ones: {allowed}", verb.name())))
                }
            },
            Need::Nothing => Err(refusal("no level and no verb allows this route".to_owned())),
        }
    }

    /// Checks the account that a user's credential writes as.
    async fn check_account(&self, request: &Request) -> Result<(), TransportError> {
        let Some(credential) = request.credential.as_ref().filter(|credential| credential.kind().is_user()) else {
            return Ok(());
        };
        if self.access.accounts.is_empty() {
            return Ok(());
        }
        let username = match self.username(credential) {
            Some(username) => username,
            None => self.request_username(request).await?,
        };
        match self.access.allows_account(&username) {
            true => Ok(()),
            false => Err(refusal(format!("the credentials are those of @{username}, who is not an allowed account"))),
        }
    }

    fn username(&self, credential: &Arc<Credential>) -> Option<String> {
        let known = lock(&self.usernames);
        known.iter().find(|(one, _)| Arc::ptr_eq(one, credential)).map(|(_, username)| username.clone())
    }

    /// Requests the username of the credential of a request.
    async fn request_username(&self, request: &Request) -> Result<String, TransportError> {
        let failed = |why: &str| {
            let message = format!("the account of the credentials cannot be read: {why}");
            TransportError::new(TransportErrorKind::NotAllowed, message)
        };
        let call = Call::of(GetMe::ENDPOINT);
        let cost_inputs = CostInputs::of(&call, None);
        let mut me = Request::new(Arc::new(call), request.base_url(), Dialect::default())
            .map_err(|why| failed(why.message()))?;
        (me.credential, me.cost_inputs) = (request.credential.clone(), cost_inputs);
        let response = self.inner.send(me.clone()).await?;
        self.remember_username(&me, &response)
            .ok_or_else(|| failed(&format!("the server responded with status {}", response.status.as_u16())))
    }

    /// Keeps the username in a response to `get_me`, and returns it.
    fn remember_username(&self, request: &Request, response: &RawResponse) -> Option<String> {
        let credential = request.credential.as_ref()?;
        let json: Json = serde_json::from_slice(&response.body).ok()?;
        let username = json["data"]["username"].as_str()?.to_owned();
        if self.username(credential).is_none() {
            lock(&self.usernames).push((Arc::clone(credential), username.clone()));
        }
        Some(username)
    }

    fn forget_old(&self, writes: &mut VecDeque<Duration>) {
        let now = self.clock.elapsed();
        writes.retain(|at| *at + HOUR > now);
    }

    /// Counts a write, if this hour allows another one.
    fn count_write(&self) -> Result<(), TransportError> {
        let mut writes = lock(&self.writes);
        self.forget_old(&mut writes);
        let limit = self.access.per_hour;
        if writes.len() < limit {
            writes.push_back(self.clock.elapsed());
            return Ok(());
        }
        let oldest = writes.front().copied().unwrap_or_else(|| self.clock.elapsed());
        let wait = (oldest + HOUR).saturating_sub(self.clock.elapsed());
        let message = format!("the limit of {limit} writes per hour is reached");
        Err(TransportError::new(TransportErrorKind::RateLimited(wait), message))
    }
}

fn refusal(message: String) -> TransportError {
    TransportError::new(TransportErrorKind::NotAllowed, message)
}
