//! The client: a transport, credentials and settings, behind one cheap handle.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_auth::{AuthKind, Credential, Credentials};
use chirrup_model::{Dialect, Timestamp, UserId, Value as _};

use crate::call::{Call, Context};
use crate::endpoint::Place;
use crate::error::Error;
use crate::live::{LiveSettings, RawLive};
use crate::own::Own;
use crate::prices::{Cost, Facts, PriceList};
use crate::reply::{Answer, Output, Reply, read};
use crate::transport::{BoxFuture, Failure, FailureKind, Outgoing, Trail, Transport};
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
    own: Mutex<Own>,
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
    pub fn pending(&self, call: Call) -> Pending {
        Pending { client: self.clone(), call }
    }

    /// Sends a call and gives the answer as it came, whatever its status.
    ///
    /// # Errors
    /// If an argument breaks its rule, no credential fits, or no answer comes.
    pub async fn send(&self, mut call: Call) -> Result<(Call, Answer), Error> {
        let credential = self.choose(&call)?;
        if let Some(hole) = call.open_me() {
            let me = self.my_id(call.context, credential.as_ref()).await?;
            call.set(hole, Place::Path, Ok(me.to_json()));
        }
        self.dispatch(call, credential).await
    }

    /// Opens a stream, if its call is sound.
    pub(crate) fn live(&self, call: &Call, settings: LiveSettings) -> Result<RawLive, Error> {
        let credential = self.choose(call)?;
        call.check()?;
        Ok(self.0.transport.live(self.outgoing(call, credential)?, settings))
    }

    async fn dispatch(&self, mut call: Call, credential: Option<Arc<Credential>>) -> Result<(Call, Answer), Error> {
        call.check()?;
        call.used = credential.as_ref().map(|credential| credential.kind());
        let outgoing = self.outgoing(&call, credential)?;
        match self.0.transport.send(outgoing).await {
            Ok(answer) => {
                self.own(|own| own.note(&call, &answer));
                Ok((call, answer))
            }
            Err(failure) => Err(Error::failure(&call, failure)),
        }
    }

    pub(crate) fn own<T>(&self, work: impl FnOnce(&mut Own) -> T) -> T {
        work(&mut self.0.own.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where a call goes: X keeps media and streams of v1.1 on hosts of their own, other servers do not.
    fn host_for(&self, call: &Call) -> &str {
        let id = call.meta.map_or("", |meta| meta.id);
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

    fn outgoing(&self, call: &Call, credential: Option<Arc<Credential>>) -> Result<Outgoing, Error> {
        let parts = call.to_http(self.0.dialect)?;
        let host = call.host.as_deref().unwrap_or_else(|| self.host_for(call)).trim_end_matches('/');
        let method = http::Method::from_bytes(call.method.as_bytes())
            .map_err(|_| Error::argument(call, "method", "it is no HTTP method"))?;
        let me = credential.as_ref().and_then(|credential| self.known_id(credential));
        Ok(Outgoing {
            method,
            url: format!("{host}{}", parts.target),
            content_type: parts.content_type,
            body: parts.body,
            credential,
            timeout: call.timeout,
            meta: call.meta,
            facts: Facts::of(call, me),
        })
    }

    /// Picks the credential for a call: what the entry accepts, users before the app.
    fn choose(&self, call: &Call) -> Result<Option<Arc<Credential>>, Error> {
        let held = &self.0.credentials;
        if call.context == Context::Nobody {
            return Ok(None);
        }
        let wanted = |kind: AuthKind| match call.context {
            Context::Entry => true,
            Context::Nobody => false,
            Context::App => !kind.is_user(),
            Context::User => kind.is_user(),
        };
        let Some(meta) = call.meta else {
            // The old API never knew OAuth 2.0 users.
            let old = call.path.starts_with("/1.1/");
            let order = [AuthKind::OAuth2, AuthKind::OAuth1, AuthKind::AppOnly];
            let fitting = order.into_iter().filter(|kind| wanted(*kind) && !(old && *kind == AuthKind::OAuth2));
            return match fitting.filter_map(|kind| held.get(kind)).next() {
                Some(credential) => Ok(Some(Arc::clone(credential))),
                None => Err(Error::credentials(call, &[], held)),
            };
        };
        if meta.auth.is_empty() {
            return Ok(None);
        }
        let fitting: Vec<_> = meta.auth.iter().filter(|auth| wanted(auth.kind())).copied().collect();
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
                    if !meta.scopes().iter().all(|s| has.iter().any(|h| h == s)) => {}
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

    /// What a call costs at most by a price list; see [`PriceList::most`].
    ///
    /// # Errors
    /// If no credential that is held fits it.
    pub fn most(&self, call: &Call, prices: &PriceList) -> Result<Cost, Error> {
        let me = self.choose(call)?.and_then(|credential| self.known_id(&credential));
        Ok(call.meta.map_or(Cost::ZERO, |meta| prices.most(meta, &Facts::of(call, me))))
    }

    /// The id of the user behind a credential: read from an OAuth 1.0a token, asked for once with OAuth 2.0.
    async fn my_id(&self, context: Context, credential: Option<&Arc<Credential>>) -> Result<UserId, Error> {
        if let Some(id) = credential.and_then(|c| c.user_id()) {
            return Ok(UserId::new(id));
        }
        let key = credential.map_or(0, |c| Arc::as_ptr(c) as usize);
        let known = |me: &Vec<(usize, UserId)>| me.iter().find(|(k, _)| *k == key).map(|(_, id)| *id);
        if let Some(id) = known(&self.0.me.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(id);
        }
        let mut call = Call::of(GetMe::META);
        call.context = context;
        let (call, answer) = self.dispatch(call, credential.cloned()).await?;
        let me = read::<chirrup_model::User>(&call, answer)?.data.id;
        self.0.me.lock().unwrap_or_else(PoisonError::into_inner).push((key, me));
        Ok(me)
    }

    /// The id of the user whose credential is used.
    ///
    /// # Errors
    /// If no user's credential is held, or X does not accept it.
    pub async fn me(&self) -> Result<UserId, Error> {
        let mut call = Call::of(GetMe::META);
        call.context = Context::User;
        let credential = self.choose(&call)?;
        self.my_id(Context::User, credential.as_ref()).await
    }
}

/// A call of an endpoint that was not sent yet: each builder of the table is one.
pub trait Unsent {
    /// What the reply holds.
    type Out: Output;

    /// The call, with the client that will send it.
    fn into_pending(self) -> Pending;
}

/// A call with the client that will send it: what every builder of the table holds.
#[derive(Debug, Clone)]
pub struct Pending {
    pub(crate) client: Client,
    /// The call.
    #[doc(hidden)]
    pub call: Call,
}

impl Pending {
    /// Sends it and reads the reply.
    #[doc(hidden)]
    pub fn reply<T: Output>(self) -> BoxFuture<Result<Reply<T>, Error>> {
        Box::pin(async move {
            let (call, answer) = self.client.send(self.call).await?;
            read(&call, answer)
        })
    }

    /// Sends it and gives the answer of a success as it came.
    #[doc(hidden)]
    pub fn answer(self) -> BoxFuture<Result<Answer, Error>> {
        Box::pin(async move {
            let (call, answer) = self.client.send(self.call).await?;
            if answer.status.is_success() { Ok(answer) } else { Err(Error::status(&call, answer)) }
        })
    }

    /// Reads an answer to it that was kept.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read<T: Output>(&self, answer: Answer) -> Result<Reply<T>, Error> {
        read(&self.call, answer)
    }

    /// The error of a call that was sent at this moment, or was about to be, and of which nothing else is known.
    pub fn in_doubt(&self, started: Timestamp) -> Error {
        let trail = Trail { started: Some(started), attempts: 1, ..Trail::default() };
        let failure = Failure::new(FailureKind::Broken, "an earlier run sent it, or was about to");
        Error::failure(&self.call, Failure { trail, ..failure.in_doubt() })
    }

    /// The client that will send it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends it and blocks until the reply is there.
    #[doc(hidden)]
    pub fn wait<T: Output>(self) -> Result<Reply<T>, Error> {
        self.refuse_inside_runtime()?;
        block_on(self.reply())
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
        let param = self.call.meta.and_then(|meta| meta.page_param());
        self.call.set(param.map_or("pagination_token", |p| p.name), Place::Query, token);
    }
}
