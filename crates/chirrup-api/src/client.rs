//! The client: a transport, credentials and settings, behind one cheap handle.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_auth::{AuthKind, Credential, Credentials};
use chirrup_model::{Dialect, ParamType as _, ResponseData, Timestamp, UserId};

use crate::call::{AuthMode, Call};
use crate::endpoint::ParamLocation;
use crate::error::Error;
use crate::history::History;
use crate::live::{LiveSettings, RawLiveStream};
use crate::prices::{Cost, CostInputs, PriceList};
use crate::response::{RawResponse, Response, read};
use crate::transport::{BoxFuture, Request, SendInfo, Transport, TransportError, TransportErrorKind};
use crate::v2::users::GetMe;
use crate::wait::block_on;

/// Where the API is.
const API: &str = "https://api.x.com";

struct Inner {
    transport: Arc<dyn Transport>,
    credentials: Credentials,
    base_url: String,
    dialect: Dialect,
    /// The user behind each credential, once known. A credential is told by its place in memory.
    me: Mutex<Vec<(usize, UserId)>>,
    /// What was done so far, by all clones.
    own: Mutex<History>,
}

/// The API, as methods. Cloning is cheap; all clones share connections, limits and what they learned.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

/// Sets up a [`Client`].
#[derive(Debug)]
#[must_use]
pub struct ClientBuilder {
    transport: Arc<dyn Transport>,
    credentials: Credentials,
    base_url: String,
    dialect: Dialect,
}

impl ClientBuilder {
    /// What the client proves with who calls.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }
    /// Where the API is; `https://api.x.com` if not given.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }
    /// Which names the client sends.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
    /// The client.
    ///
    /// # Errors
    /// If the base address is none.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.base_url.trim_end_matches('/').to_owned();
        chirrup_auth::oauth1::base_uri(&base_url)
            .map_err(|why| Error::configuration(format!("base address `{base_url}`: {why}")))?;
        let inner = Inner {
            transport: self.transport,
            credentials: self.credentials,
            base_url,
            dialect: self.dialect,
            me: Mutex::default(),
            own: Mutex::default(),
        };
        Ok(Client(Arc::new(inner)))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .field("credentials", &self.0.credentials)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Begins a client over this transport.
    pub fn builder(transport: Arc<dyn Transport>) -> ClientBuilder {
        ClientBuilder {
            transport,
            credentials: Credentials::none(),
            base_url: API.to_owned(),
            dialect: Dialect::default(),
        }
    }

    /// Where the API is.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// What the client holds.
    pub fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// The same client with other credentials, over the same connections.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self(Arc::new(Inner {
            transport: Arc::clone(&self.0.transport),
            credentials,
            base_url: self.0.base_url.clone(),
            dialect: self.0.dialect,
            me: Mutex::default(),
            own: Mutex::default(),
        }))
    }

    #[doc(hidden)]
    pub fn bind(&self, call: Call) -> BoundCall {
        BoundCall { client: self.clone(), call }
    }

    /// Sends a call and gives the answer as it came, whatever its status.
    ///
    /// # Errors
    /// If an argument breaks its rule, no credential fits, or no answer comes.
    pub async fn send(&self, mut call: Call) -> Result<(Call, RawResponse), Error> {
        let credential = self.choose(&call)?;
        if let Some(hole) = call.unfilled_me() {
            let me = self.my_id(call.auth_mode, credential.as_ref()).await?;
            call.set(hole, ParamLocation::Path, Ok(me.to_json()));
        }
        self.dispatch(call, credential).await
    }

    /// Opens a stream, if its call is sound.
    pub(crate) fn live(&self, call: &Call, settings: LiveSettings) -> Result<RawLiveStream, Error> {
        let credential = self.choose(call)?;
        call.check()?;
        Ok(self.0.transport.live(self.request(call, credential)?, settings))
    }

    async fn dispatch(
        &self,
        mut call: Call,
        credential: Option<Arc<Credential>>,
    ) -> Result<(Call, RawResponse), Error> {
        call.check()?;
        call.used = credential.as_ref().map(|credential| credential.kind());
        let request = self.request(&call, credential)?;
        match self.0.transport.send(request).await {
            Ok(raw) => {
                self.own(|own| own.note(&call, &raw));
                Ok((call, raw))
            }
            Err(failure) => Err(Error::transport(&call, failure)),
        }
    }

    pub(crate) fn own<T>(&self, work: impl FnOnce(&mut History) -> T) -> T {
        work(&mut self.0.own.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where a call goes: X keeps media and streams of v1.1 on hosts of their own, other servers do not.
    fn host_for(&self, call: &Call) -> &str {
        let id = call.endpoint.map_or("", |endpoint| endpoint.id);
        if self.0.base_url != API {
            return &self.0.base_url;
        }
        match id {
            "v1.filter" | "v1.sample" | "v1.firehose_statuses" => "https://stream.x.com",
            "v1.user_stream" => "https://userstream.x.com",
            "v1.site_stream" => "https://sitestream.x.com",
            _ if call.path.starts_with("/1.1/media/") => "https://upload.x.com",
            _ => API,
        }
    }

    fn request(&self, call: &Call, credential: Option<Arc<Credential>>) -> Result<Request, Error> {
        let parts = call.to_http(self.0.dialect)?;
        let host = call.host.as_deref().unwrap_or_else(|| self.host_for(call)).trim_end_matches('/');
        let method = http::Method::from_bytes(call.method.as_bytes())
            .map_err(|_| Error::argument(call, "method", "it is no HTTP method"))?;
        let me = credential.as_ref().and_then(|credential| self.known_id(credential));
        Ok(Request {
            method,
            url: format!("{host}{}", parts.target),
            content_type: parts.content_type,
            body: parts.body,
            credential,
            timeout: call.timeout,
            endpoint: call.endpoint,
            cost_inputs: CostInputs::of(call, me),
        })
    }

    /// Picks the credential for a call: what the entry accepts, users before the app.
    fn choose(&self, call: &Call) -> Result<Option<Arc<Credential>>, Error> {
        let held = &self.0.credentials;
        if call.auth_mode == AuthMode::None {
            return Ok(None);
        }
        let wanted = |kind: AuthKind| match call.auth_mode {
            AuthMode::Auto => true,
            AuthMode::None => false,
            AuthMode::App => !kind.is_user(),
            AuthMode::User => kind.is_user(),
        };
        let Some(endpoint) = call.endpoint else {
            // The old API never knew OAuth 2.0 users.
            let old = call.path.starts_with("/1.1/");
            let order = [AuthKind::OAuth2, AuthKind::OAuth1, AuthKind::AppOnly];
            let fitting = order.into_iter().filter(|kind| wanted(*kind) && !(old && *kind == AuthKind::OAuth2));
            return match fitting.filter_map(|kind| held.get(kind)).next() {
                Some(credential) => Ok(Some(Arc::clone(credential))),
                None => Err(Error::credentials(call, &[], held)),
            };
        };
        if endpoint.auth.is_empty() {
            return Ok(None);
        }
        let fitting: Vec<_> = endpoint.auth.iter().filter(|auth| wanted(auth.kind())).copied().collect();
        let mut by_preference = fitting.clone();
        by_preference.sort_by_key(|auth| match auth.kind() {
            AuthKind::OAuth2 => 0,
            AuthKind::OAuth1 => 1,
            AuthKind::AppOnly => 2,
        });
        for auth in &by_preference {
            let Some(credential) = held.get(auth.kind()) else {
                continue;
            };
            match &**credential {
                Credential::OAuth2 { scopes: Some(has), .. }
                    if !endpoint.scopes().iter().all(|s| has.iter().any(|h| h == s)) => {}
                _ => return Ok(Some(Arc::clone(credential))),
            }
        }
        Err(Error::credentials(call, &fitting, held))
    }

    /// The id of the user behind a credential, if it is known without asking.
    fn known_id(&self, credential: &Arc<Credential>) -> Option<u64> {
        let key = Arc::as_ptr(credential) as usize;
        let me = self.0.me.lock().unwrap_or_else(PoisonError::into_inner);
        credential.user_id().or_else(|| me.iter().find(|(k, _)| *k == key).map(|(_, id)| id.get()))
    }

    /// What a call costs at most by a price list; see [`PriceList::max_cost`].
    ///
    /// # Errors
    /// If no credential that is held fits it.
    pub fn max_cost(&self, call: &Call, prices: &PriceList) -> Result<Cost, Error> {
        let me = self.choose(call)?.and_then(|credential| self.known_id(&credential));
        Ok(call.endpoint.map_or(Cost::ZERO, |endpoint| prices.max_cost(endpoint, &CostInputs::of(call, me))))
    }

    /// The id of the user behind a credential: read from an OAuth 1.0a token, asked for once with OAuth 2.0.
    async fn my_id(&self, auth_mode: AuthMode, credential: Option<&Arc<Credential>>) -> Result<UserId, Error> {
        if let Some(id) = credential.and_then(|c| c.user_id()) {
            return Ok(UserId::new(id));
        }
        let key = credential.map_or(0, |c| Arc::as_ptr(c) as usize);
        let known = |me: &Vec<(usize, UserId)>| me.iter().find(|(k, _)| *k == key).map(|(_, id)| *id);
        if let Some(id) = known(&self.0.me.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(id);
        }
        let mut call = Call::of(GetMe::ENDPOINT);
        call.auth_mode = auth_mode;
        let (call, raw) = self.dispatch(call, credential.cloned()).await?;
        let me = read::<chirrup_model::User>(&call, raw)?.data.id;
        self.0.me.lock().unwrap_or_else(PoisonError::into_inner).push((key, me));
        Ok(me)
    }

    /// The id of the user whose credential is used.
    ///
    /// # Errors
    /// If no user's credential is held, or X does not accept it.
    pub async fn me(&self) -> Result<UserId, Error> {
        let mut call = Call::of(GetMe::ENDPOINT);
        call.auth_mode = AuthMode::User;
        let credential = self.choose(&call)?;
        self.my_id(AuthMode::User, credential.as_ref()).await
    }
}

/// A call of an endpoint that was not sent yet: each builder of the table is one.
pub trait IntoCall {
    /// What the reply holds.
    type Out: ResponseData;

    /// The call, with the client that will send it.
    fn into_call(self) -> BoundCall;
}

/// A call with the client that will send it: what every builder of the table holds.
#[derive(Debug, Clone)]
pub struct BoundCall {
    pub(crate) client: Client,
    /// The call.
    #[doc(hidden)]
    pub call: Call,
}

impl BoundCall {
    /// Sends it and reads the reply.
    #[doc(hidden)]
    pub fn send<T: ResponseData>(self) -> BoxFuture<Result<Response<T>, Error>> {
        Box::pin(async move {
            let (call, raw) = self.client.send(self.call).await?;
            read(&call, raw)
        })
    }

    /// Sends it and gives the answer of a success as it came.
    #[doc(hidden)]
    pub fn send_raw(self) -> BoxFuture<Result<RawResponse, Error>> {
        Box::pin(async move {
            let (call, raw) = self.client.send(self.call).await?;
            if raw.status.is_success() { Ok(raw) } else { Err(Error::status(&call, raw)) }
        })
    }

    /// Reads an answer to it that was kept.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read<T: ResponseData>(&self, raw: RawResponse) -> Result<Response<T>, Error> {
        read(&self.call, raw)
    }

    /// The error of a call that was sent at this moment, or was about to be, and of which nothing else is known.
    pub fn in_doubt(&self, started: Timestamp) -> Error {
        let send_info = SendInfo { started: Some(started), attempts: 1, ..SendInfo::default() };
        let failure =
            TransportError::new(TransportErrorKind::ConnectionLost, "an earlier run sent it, or was about to");
        Error::transport(&self.call, TransportError { send_info, ..failure.in_doubt() })
    }

    /// The client that will send it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends it and blocks until the reply is there.
    #[doc(hidden)]
    pub fn wait<T: ResponseData>(self) -> Result<Response<T>, Error> {
        self.refuse_inside_runtime()?;
        block_on(self.send())
    }

    pub(crate) fn refuse_inside_runtime(&self) -> Result<(), Error> {
        if self.client.0.transport.is_inside_runtime() {
            return Err(Error::blocking());
        }
        Ok(())
    }

    /// Names the page to begin at.
    #[doc(hidden)]
    pub fn set_page(&mut self, token: Result<serde_json::Value, String>) {
        let param = self.call.endpoint.and_then(|endpoint| endpoint.page_param());
        self.call.set(param.map_or("pagination_token", |p| p.name), ParamLocation::Query, token);
    }
}
