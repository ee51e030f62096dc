//! Builder of the client, and its shortcuts.

use std::sync::Arc;
use std::time::Duration;

use chirrup_api::v2::users::GetMe;
use chirrup_api::{ApiClient, Cost, Error, RawResponse, Request, Transport, may_receive_credentials, printable_url};
use chirrup_auth::{AuthKind, Credentials};
use chirrup_http::login::Login;
use chirrup_http::tokens::{TokenRefresher, TokenStore};
use chirrup_http::{Budget, HttpBuilder, OnRateLimit, Retry};
use chirrup_model::Dialect;

use super::core::Client;
use crate::access::{Access, Guard};

/// Budget per run of a client that has an access and no other budget: one dollar.
const BUDGET_WITH_ACCESS: Cost = Cost::from_micros(1_000_000);

/// Builder of a [`Client`].
///
/// The order of the settings does not matter: `retry`, `budget`, `on_rate_limit` and `timeout` apply on top of the
/// [`HttpBuilder`] given with [`http`](Self::http), whether they are set before or after it.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ClientBuilder {
    http: HttpBuilder,
    retry: Option<Retry>,
    budget: Option<Budget>,
    on_rate_limit: Option<OnRateLimit>,
    timeout: Option<Duration>,
    credentials: Credentials,
    base_url: Option<String>,
    dialect: Dialect,
    profile: Option<(TokenStore, String)>,
    access: Option<Access>,
}

impl ClientBuilder {
    /// Sets the credentials that authenticate the client. The default is none.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }
    /// Sets the base URL of the API. The default is `https://api.x.com`. Plain `http` is allowed for this machine only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }
    pub(super) fn maybe_base_url(mut self, url: Option<String>) -> Self {
        self.base_url = url;
        self
    }
    /// Sets the dialect of the names that the client sends (`tweet` or `post`). Both are always accepted in responses.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
    /// Uses the tokens of a stored profile, instead of [`credentials`](Self::credentials), and refreshes them when they
    /// expire or are refused: once for all processes that use the profile.
    pub fn profile(mut self, store: &TokenStore, name: impl Into<String>) -> Self {
        self.profile = Some((store.clone(), name.into()));
        self
    }
    /// Sets the permissions of the client: a call beyond them is not sent. The default is no limit. With an access, the default
    /// of the budget is one dollar per run.
    pub fn access(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }
    /// Sets when a call is sent again. By default reads are retried after transient failures, and writes only if the
    /// server surely did not process them.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }
    /// Sets the budget: a call that could exceed it is not sent. To share a budget between processes, give the
    /// [`HttpBuilder`] a shared ledger.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = Some(budget);
        self
    }
    /// Sets what happens when a rate limit window is used up. The default is [`OnRateLimit::Fail`].
    pub fn on_rate_limit(mut self, policy: OnRateLimit) -> Self {
        self.on_rate_limit = Some(policy);
        self
    }
    /// Sets the timeout of one attempt, unless the call sets its own. The default is 60 seconds.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
    /// Sets the settings of the network: proxies, certificates, headers, stores, ledger, cache and others.
    pub fn http(mut self, http: HttpBuilder) -> Self {
        self.http = http;
        self
    }

    /// Builds the client with a sandbox of its own, instead of the given credentials and base URL; see
    /// [`Client::sandbox`].
    ///
    /// # Errors
    /// [`ErrorKind::Network`](crate::ErrorKind::Network) if the sandbox cannot listen on the loopback address.
    #[cfg(feature = "sandbox")]
    pub fn sandbox(self) -> Result<Client, Error> {
        let failed = |error: chirrup_sandbox::SandboxError| Error::network(format!("sandbox: {error}"));
        let sandbox = chirrup_sandbox::Sandbox::start().map_err(failed)?;
        let credentials = sandbox.credentials().map_err(failed)?;
        let mut client = self.credentials(credentials).base_url(sandbox.url()).build()?;
        client.sandbox = Some(Arc::new(sandbox));
        Ok(client)
    }

    /// Builds the client from the settings.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the base URL or a header is malformed, or the
    /// profile does not exist; [`ErrorKind::Storage`](crate::ErrorKind::Storage) if its store cannot be read.
    pub fn build(self) -> Result<Client, Error> {
        let mut http = self.network();
        let (mut credentials, mut base_url) = (self.credentials, self.base_url);
        let (mut refresher, mut user_id) = (None, None);
        if let Some((store, name)) = self.profile {
            let profile = store.profile(&name)?;
            if let (Some(wanted), Some(issuer)) = (&base_url, &profile.base_url)
                && !may_receive_credentials(issuer, wanted)
            {
                let (issuer, wanted) = (printable_url(issuer), printable_url(wanted));
                let message = format!("the tokens of profile `{name}` are for {issuer} and are not sent to {wanted}");
                return Err(Error::configuration(message).with_hint("use a profile of that server"));
            }
            user_id = profile.user_id;
            base_url = base_url.or(profile.base_url);
            let (to, profile_name) = (store.clone(), name.clone());
            http = http.on_response(move |request, response| remember_user(&to, &profile_name, request, response));
            // Tokens are refreshed over connections of their own, by a client without credentials.
            let transport = Arc::new(http.clone().build()?);
            let plain = api_client(transport, Credentials::none(), base_url.as_deref(), self.dialect)?;
            let clock = http.current_clock();
            let session = TokenRefresher::new(&store, &name, Login::new(&plain), clock)?;
            credentials = session.credentials();
            http = http.credential_provider(Arc::new(session.clone()));
            refresher = Some(session);
        }
        let transport = http.build()?;
        let guard = self.access.map(|access| Guard::new(access, transport.clone()));
        let api = match &guard {
            Some(guard) => api_client(Arc::new(guard.clone()), credentials, base_url.as_deref(), self.dialect)?,
            None => api_client(Arc::new(transport.clone()), credentials, base_url.as_deref(), self.dialect)?,
        };
        if let Some(id) = user_id {
            api.set_user_id(AuthKind::OAuth2, id);
        }
        Ok(Client {
            api,
            transport,
            guard,
            refresher,
            #[cfg(feature = "sandbox")]
            sandbox: None,
        })
    }

    /// The network settings with those of this builder on top.
    fn network(&self) -> HttpBuilder {
        let mut http = self.http.clone();
        if let Some(retry) = &self.retry {
            http = http.retry(retry.clone());
        }
        if let Some(policy) = &self.on_rate_limit {
            http = http.on_rate_limit(*policy);
        }
        if let Some(limit) = self.timeout {
            http = http.timeout(limit);
        }
        let default = self.access.as_ref().map(|_| Budget::default().per_run(BUDGET_WITH_ACCESS));
        if let Some(budget) = self.budget.or(default) {
            http = http.budget(budget);
        }
        http
    }
}

/// # Creating a client
impl Client {
    /// Creates a client with these credentials. They are not verified before the first call.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if the TLS set-up of the system is unusable.
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::builder().credentials(credentials).build()
    }

    /// Creates a client with the credentials in the environment: `X_BEARER_TOKEN`, `X_CONSUMER_KEY`,
    /// `X_CONSUMER_SECRET`, `X_ACCESS_TOKEN`, `X_ACCESS_TOKEN_SECRET`, `X_OAUTH2_ACCESS_TOKEN` (or with `TWITTER_` in
    /// place of `X_`), for the server `CHIRRUP_BASE_URL` if that is set.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) if a variable has an invalid value, or if some of the
    /// OAuth 1.0a keys, and no other credential, are set.
    pub fn from_env() -> Result<Self, Error> {
        let get = |name: &str| std::env::var(name).ok();
        let base_url = get("CHIRRUP_BASE_URL").filter(|url| !url.is_empty());
        let credentials = Credentials::from_lookup(get).map_err(|why| Error::configuration(why.to_string()))?;
        let missing = Credentials::missing_variables(get);
        if credentials.is_empty() && !missing.is_empty() {
            let message = format!("credentials in the environment are not complete: {} not set", missing.join(", "));
            return Err(Error::configuration(message).with_hint("set the other variables of the OAuth 1.0a keys too"));
        }
        Self::builder().credentials(credentials).maybe_base_url(base_url).build()
    }

    /// Returns a builder, which sets credentials, retries, rate limits, a budget and the network.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Creates a client with a sandbox of its own: the X API on this machine, with a generated world, no account and no
    /// cost. It acts as the user `ada`. The sandbox runs for as long as the client or a clone of it exists.
    ///
    /// # Errors
    /// [`ErrorKind::Network`](crate::ErrorKind::Network) if the sandbox cannot listen on the loopback address.
    #[cfg(feature = "sandbox")]
    pub fn sandbox() -> Result<Self, Error> {
        Self::builder().sandbox()
    }
}

/// Stores the ID of the profile's user when a response contains it.
fn remember_user(store: &TokenStore, profile: &str, request: &Request, response: &RawResponse) {
    let is_own = request.endpoint().is_some_and(|endpoint| endpoint.id == GetMe::ENDPOINT.id);
    let is_oauth2 = request.credential.as_ref().is_some_and(|credential| credential.kind() == AuthKind::OAuth2);
    if !is_own || !is_oauth2 || !response.status.is_success() {
        return;
    }
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(&response.body) else { return };
    let Some(id) = json["data"]["id"].as_str().and_then(|id| id.parse().ok()) else { return };
    if store.profile(profile).is_ok_and(|stored| stored.user_id != Some(id)) {
        // A store that cannot be written is no reason to fail: the ID is requested again by the next process.
        let _ = store.update(|profiles| {
            if let Some(profile) = profiles.get_mut(profile) {
                profile.user_id = Some(id);
            }
        });
    }
}

fn api_client(
    transport: Arc<dyn Transport>,
    credentials: Credentials,
    base_url: Option<&str>,
    dialect: Dialect,
) -> Result<ApiClient, Error> {
    let mut api = ApiClient::builder(transport).credentials(credentials).dialect(dialect);
    if let Some(url) = base_url {
        api = api.base_url(url);
    }
    api.build()
}
