//! The client core: a transport, credentials and settings behind a cheap handle.

pub(crate) mod bound_call;
#[cfg(feature = "samples")]
pub(crate) mod example;
pub(crate) mod future;
pub(crate) mod history;
pub(crate) mod origins;
pub(crate) mod reconnect_reason;
pub(crate) mod request;
pub(crate) mod stream_metrics;
pub(crate) mod stream_settings;
mod sync;
pub(crate) mod transport;

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chirrup_auth::{AuthKind, Credential, Credentials};
use chirrup_model::{Dialect, ParamType as _, User, UserId};

use crate::call::{AuthMode, Call};
use crate::endpoint::{Auth, ParamLocation};
use crate::prices::{Cost, CostInputs, PriceList};
use crate::response::decode;
use crate::response::error::Error;
use crate::response::raw_response::RawResponse;
use crate::v1::statuses::{Lookup, LookupByForm};
use crate::v1::users::{LookupUsers, LookupUsersByForm};
use crate::v2::users::GetMe;
use future::BoxFuture;
use history::{History, SentMessage};
use origins::{find_fault, may_receive_credentials, printable_url};
use request::Request;
use stream_settings::{LiveSettings, RawLiveStream};
use sync::lock;
use transport::Transport;

/// Length of the values of a query, in bytes, above which a lookup is sent as a form.
const LONG_LIST: usize = 1_000;
/// Base URL of the X API.
const X_API: &str = "https://api.x.com";

struct Inner {
    transport: Arc<dyn Transport>,
    credentials: Credentials,
    base_url: String,
    dialect: Dialect,
    /// ID of the user behind each credential, once known. A credential is identified by its address.
    user_ids: Mutex<Vec<(usize, UserId)>>,
    /// User behind each credential, once it was asked for.
    accounts: Mutex<Vec<(usize, User)>>,
    history: Mutex<History>,
}

/// A client for the X API over any [`Transport`]: the core of `chirrup::Client`.
///
/// Applications use `chirrup::Client`, which adds the network, uploads and budgets. This type is for programs that bring
/// a transport of their own. Clones are cheap, and share the transport and what it has learned about rate limits.
///
/// ```
/// use std::sync::Arc;
///
/// use chirrup_api::auth::Credentials;
/// use chirrup_api::{ApiClient, BoxFuture, RawResponse, Request, Transport, TransportError};
///
/// /// Answers every request with the same post.
/// #[derive(Debug)]
/// struct OnePost;
///
/// impl Transport for OnePost {
///     fn send(&self, _: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
///         let body = r#"{"data": {"id": "20", "text": "just setting up my twttr"}}"#;
///         let response = RawResponse::new(http::StatusCode::OK, http::HeaderMap::new(), body);
///         Box::pin(async { Ok(response) })
///     }
/// }
///
/// let client = ApiClient::builder(Arc::new(OnePost)).credentials(Credentials::app_only("token")).build()?;
/// assert_eq!(client.get_post("20").wait()?.data.text, "just setting up my twttr");
/// # Ok::<(), chirrup_api::Error>(())
/// ```
#[derive(Clone)]
pub struct ApiClient(Arc<Inner>);

/// A builder of an [`ApiClient`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct ApiClientBuilder {
    transport: Arc<dyn Transport>,
    credentials: Credentials,
    base_url: String,
    dialect: Dialect,
}

impl ApiClientBuilder {
    /// Sets the credentials that authenticate the client. The default is none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Sets the base URL of the API. The default is `https://api.x.com`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the dialect of the names that the client sends. Both dialects are always understood.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Creates the client with these settings.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the base URL is malformed.
    pub fn build(self) -> Result<ApiClient, Error> {
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        let invalid =
            |why: String| Error::configuration(format!("invalid base URL `{}`: {why}", printable_url(&base_url)));
        chirrup_auth::oauth1::base_uri(&base_url).map_err(|why| invalid(why.to_string()))?;
        if let Some(fault) = find_fault(&base_url) {
            return Err(invalid(fault.to_owned()));
        }
        Ok(ApiClient(Arc::new(Inner {
            transport: self.transport,
            credentials: self.credentials,
            base_url,
            dialect: self.dialect,
            user_ids: Mutex::default(),
            accounts: Mutex::default(),
            history: Mutex::default(),
        })))
    }
}

/// Turns a lookup of v1.1 with a long list into the one that is sent as a form, as X asks for.
fn send_long_lookups_as_form(call: &mut Call) {
    let form = match call.endpoint {
        Some(endpoint) if endpoint == LookupUsers::ENDPOINT => LookupUsersByForm::ENDPOINT,
        Some(endpoint) if endpoint == Lookup::ENDPOINT => LookupByForm::ENDPOINT,
        _ => return,
    };
    if call.query_len() > LONG_LIST {
        call.move_query_to_form(form);
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("base_url", &self.0.base_url)
            .field("credentials", &self.0.credentials)
            .finish_non_exhaustive()
    }
}

impl AsRef<Self> for ApiClient {
    fn as_ref(&self) -> &Self {
        self
    }
}

/// # Client
///
/// Settings and credentials, and sending of calls.
impl ApiClient {
    /// Returns a builder of a client that sends through `transport`.
    pub fn builder(transport: Arc<dyn Transport>) -> ApiClientBuilder {
        ApiClientBuilder {
            transport,
            credentials: Credentials::none(),
            base_url: X_API.to_owned(),
            dialect: Dialect::default(),
        }
    }

    /// Returns the base URL of the API.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Returns the credentials that authenticate the client.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// Returns a client with other credentials that shares the transport of this one.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self(Arc::new(Inner {
            transport: Arc::clone(&self.0.transport),
            credentials,
            base_url: self.0.base_url.clone(),
            dialect: self.0.dialect,
            user_ids: Mutex::default(),
            accounts: Mutex::default(),
            history: Mutex::default(),
        }))
    }

    /// Returns the receiver of the generated methods, which `chirrup::Client` shares.
    pub fn api(&self) -> &Self {
        self
    }

    /// Sends a call and returns the raw response, whatever its status, with the call as it was sent.
    ///
    /// # Errors
    /// If a parameter is invalid, the client has no suitable credential, or no response arrives.
    pub async fn send(&self, mut call: Call) -> Result<(Call, RawResponse), Error> {
        send_long_lookups_as_form(&mut call);
        let credential = self.choose_credential(&call)?;
        if let Some(param) = call.missing_user_id() {
            let id = self.user_id(call.auth_mode, credential.as_ref()).await?;
            call.set(param, ParamLocation::Path, Ok(id.to_json()));
        }
        self.send_with_credential(call, credential).await
    }

    /// Opens a stream, if its call is valid.
    pub(crate) fn open_stream(&self, call: &Call, settings: LiveSettings) -> Result<RawLiveStream, Error> {
        let credential = self.choose_credential(call)?;
        call.check()?;
        Ok(self.0.transport.live(self.request(Arc::new(call.clone()), credential)?, settings))
    }

    async fn send_with_credential(
        &self,
        mut call: Call,
        credential: Option<Arc<Credential>>,
    ) -> Result<(Call, RawResponse), Error> {
        call.check()?;
        call.sent_with = credential.as_ref().map(|credential| credential.kind());
        let call = Arc::new(call);
        let request = self.request(Arc::clone(&call), credential)?;
        match self.0.transport.send(request).await {
            Ok(raw) => {
                lock(&self.0.history).record(&call, &raw);
                Ok((Arc::unwrap_or_clone(call), raw))
            }
            Err(error) => Err(Error::transport(&call, error)),
        }
    }

    pub(crate) fn sleep(&self, time: Duration) -> BoxFuture<()> {
        self.0.transport.sleep(time)
    }

    pub(crate) fn is_inside_runtime(&self) -> bool {
        self.0.transport.is_inside_runtime()
    }

    /// Returns the host of a call. Only X serves some endpoints from other hosts.
    fn host_for(&self, call: &Call) -> &str {
        let host = call.endpoint.and_then(|endpoint| endpoint.host);
        host.filter(|_| self.0.base_url == X_API).unwrap_or(&self.0.base_url)
    }

    fn request(&self, call: Arc<Call>, credential: Option<Arc<Credential>>) -> Result<Request, Error> {
        let base_url = call.host.as_deref().unwrap_or_else(|| self.host_for(&call)).trim_end_matches('/');
        let is_own = base_url == self.0.base_url;
        if credential.is_some() && !is_own && !may_receive_credentials(&self.0.base_url, base_url) {
            return Err(Error::other_origin(&call, &self.0.base_url, base_url));
        }
        let user_id = credential.as_ref().and_then(|credential| self.known_user_id(credential));
        let cost_inputs = CostInputs::of(&call, user_id);
        let mut request = Request::new(Arc::clone(&call), base_url, self.0.dialect)?;
        (request.credential, request.cost_inputs) = (credential, cost_inputs);
        Ok(request)
    }

    /// Chooses the credential of a call among those that the endpoint accepts: a user's before the app's.
    fn choose_credential(&self, call: &Call) -> Result<Option<Arc<Credential>>, Error> {
        const PREFERENCE: [AuthKind; 3] = [AuthKind::OAuth2, AuthKind::OAuth1, AuthKind::AppOnly];
        let held = &self.0.credentials;
        let is_allowed = |kind: AuthKind| match call.auth_mode {
            AuthMode::Auto => true,
            AuthMode::None => false,
            AuthMode::App => !kind.is_user(),
            AuthMode::User => kind.is_user(),
        };
        if call.auth_mode == AuthMode::None {
            return Ok(None);
        }
        let Some(endpoint) = call.endpoint else {
            // API v1.1 does not accept a user's OAuth 2.0 token.
            let is_v1 = call.path.starts_with("/1.1/");
            let mut kinds =
                PREFERENCE.into_iter().filter(|kind| is_allowed(*kind) && !(is_v1 && *kind == AuthKind::OAuth2));
            return match kinds.find_map(|kind| held.get(kind)) {
                Some(credential) => Ok(Some(Arc::clone(credential))),
                None => Err(Error::credentials(call, &[], held)),
            };
        };
        if endpoint.auth.is_empty() {
            return Ok(None);
        }
        let accepted: Vec<Auth> = endpoint.auth.iter().filter(|auth| is_allowed(auth.kind())).copied().collect();
        for kind in PREFERENCE {
            let Some(credential) = held.get(kind).filter(|_| accepted.iter().any(|auth| auth.kind() == kind)) else {
                continue;
            };
            match &**credential {
                Credential::OAuth2 { scopes: Some(granted), .. }
                    if !endpoint.scopes().iter().all(|needed| granted.iter().any(|scope| scope == needed)) => {}
                _ => return Ok(Some(Arc::clone(credential))),
            }
        }
        Err(Error::credentials(call, &accepted, held))
    }

    /// Returns the ID of the user behind a credential, if it is known without a request.
    fn known_user_id(&self, credential: &Arc<Credential>) -> Option<u64> {
        let key = Arc::as_ptr(credential) as usize;
        let known = || lock(&self.0.user_ids).iter().find(|(k, _)| *k == key).map(|(_, id)| id.get());
        credential.user_id().or_else(known)
    }

    /// Returns the kind of the credential that a call is sent with. `None` for a call without a credential. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the client has no suitable credential.
    pub fn credential_kind(&self, call: &Call) -> Result<Option<AuthKind>, Error> {
        Ok(self.choose_credential(call)?.map(|credential| credential.kind()))
    }

    /// Returns the maximum cost of a call by a price list; see [`PriceList::max_cost`]. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the client has no suitable credential.
    pub fn max_cost(&self, call: &Call, prices: &PriceList) -> Result<Cost, Error> {
        let user_id = self.choose_credential(call)?.and_then(|credential| self.known_user_id(&credential));
        Ok(call.endpoint.map_or(Cost::ZERO, |endpoint| prices.max_cost(endpoint, &CostInputs::of(call, user_id))))
    }

    /// Returns the ID of the user behind a credential: part of an OAuth 1.0a token, requested once with OAuth 2.0.
    async fn user_id(&self, auth_mode: AuthMode, credential: Option<&Arc<Credential>>) -> Result<UserId, Error> {
        if let Some(id) = credential.and_then(|credential| self.known_user_id(credential)) {
            return Ok(UserId::new(id));
        }
        let mut call = Call::of(GetMe::ENDPOINT);
        call.auth_mode = auth_mode;
        let (call, raw) = self.send_with_credential(call, credential.cloned()).await?;
        let id = decode::<User>(&call, raw)?.data.id;
        if let Some(credential) = credential {
            lock(&self.0.user_ids).push((Arc::as_ptr(credential) as usize, id));
        }
        Ok(id)
    }

    /// Sets the ID of the user behind the credential of this kind, so that it is never requested.
    pub fn set_user_id(&self, kind: AuthKind, id: impl Into<UserId>) {
        if let Some(credential) = self.0.credentials.get(kind) {
            lock(&self.0.user_ids).push((Arc::as_ptr(credential) as usize, id.into()));
        }
    }

    /// Returns the ID of the authenticated user. It is requested at most once per credential.
    ///
    /// # Errors
    /// If the client has no user's credential, or X does not accept it.
    pub async fn me(&self) -> Result<UserId, Error> {
        let mut call = Call::of(GetMe::ENDPOINT);
        call.auth_mode = AuthMode::User;
        let credential = self.choose_credential(&call)?;
        self.user_id(AuthMode::User, credential.as_ref()).await
    }

    /// Returns the authenticated user with the default fields, and keeps it: it is requested at most once per credential.
    /// [`get_me`](Self::get_me) requests it each time.
    ///
    /// # Errors
    /// If the client has no user's credential, or X does not accept it.
    pub async fn account(&self) -> Result<User, Error> {
        let mut call = Call::of(GetMe::ENDPOINT);
        call.auth_mode = AuthMode::User;
        let credential = self.choose_credential(&call)?;
        let key = credential.as_ref().map(|credential| Arc::as_ptr(credential) as usize);
        let kept = lock(&self.0.accounts).iter().find(|(k, _)| Some(*k) == key).map(|(_, user)| user.clone());
        if let Some(user) = kept {
            return Ok(user);
        }
        let (call, raw) = self.send_with_credential(call, credential).await?;
        let user = decode::<User>(&call, raw)?.data;
        if let Some(key) = key {
            lock(&self.0.user_ids).push((key, user.id));
            lock(&self.0.accounts).push((key, user.clone()));
        }
        Ok(user)
    }

    /// Returns a header of the latest response to this client or a clone of it, such as `x-rate-limit-remaining`. With
    /// concurrent calls, use the [`Response`](crate::Response) or [`Error`](crate::Error) of each call instead.
    pub fn last_header(&self, name: &str) -> Option<String> {
        lock(&self.0.history).header(name)
    }

    /// Returns a post that this client or a clone of it created, among the latest 1,000. Nothing is sent.
    pub fn own_post(&self, id: impl Into<chirrup_model::PostId>) -> Option<chirrup_model::Post> {
        let id = id.into().get();
        lock(&self.0.history).post(id)
    }

    /// Returns a message that this client or a clone of it sent, among the latest 1,000. Nothing is sent.
    pub fn own_message(&self, id: &str) -> Option<SentMessage> {
        lock(&self.0.history).message(id)
    }
}
