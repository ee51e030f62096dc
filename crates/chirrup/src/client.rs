//! The client that most people use: the API over the network.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{Call, Cost, Error};
use chirrup_auth::Credentials;
use chirrup_http::login::Login;
use chirrup_http::tokens::{TokenRefresher, TokenStore};
use chirrup_http::upload::{MediaSource, MediaUpload, add_subtitles};
use chirrup_http::{Budget, HttpBuilder, HttpTransport, Ledger, OnRateLimit, RateLimitStatus, Retry, Spending};
use chirrup_model::{Dialect, MediaId};

/// The X API over the network. All methods are those of [`chirrup_api::Client`], which it stands for.
///
/// Make one and clone it: clones are cheap and share connections.
///
/// ```
/// use chirrup::{Client, Credentials};
///
/// let client = Client::new(Credentials::app_only("your bearer token"))?;
/// let search = client.search_recent("rust lang:en").max_results(50);
/// # Ok::<(), chirrup::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    api: chirrup_api::Client,
    transport: HttpTransport,
    session: Option<TokenRefresher>,
    /// Kept running for as long as a client talks to it.
    #[cfg(feature = "sandbox")]
    sandbox: Option<Arc<chirrup_sandbox::Sandbox>>,
}

impl Deref for Client {
    type Target = chirrup_api::Client;
    fn deref(&self) -> &Self::Target {
        &self.api
    }
}

/// Sets up a [`Client`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct ClientBuilder {
    http: HttpBuilder,
    credentials: Credentials,
    base_url: Option<String>,
    dialect: Dialect,
    profile: Option<(TokenStore, String)>,
}

impl ClientBuilder {
    /// What the client proves with who calls.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }
    /// Where the API is; `https://api.x.com` if not given. Plain `http` is only for this machine.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }
    /// Which names the client sends; both dialects are always read.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }
    /// Uses the tokens of a profile, and renews them when they run out or are refused: once, for all who use the profile.
    /// They take the place of [`credentials`](Self::credentials).
    pub fn profile(mut self, store: &TokenStore, name: impl Into<String>) -> Self {
        self.profile = Some((store.clone(), name.into()));
        self
    }
    /// When a call is sent again: reads after failures, writes only if they surely were not taken.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.http = self.http.retry(retry);
        self
    }
    /// Spends no more than this: a call that could cost more is refused before it is sent. For a budget that several
    /// programs share, see [`HttpBuilder::ledger`].
    pub fn budget(mut self, budget: Budget) -> Self {
        self.http = self.http.ledger(Ledger::in_memory().with_budget(budget));
        self
    }
    /// What to do when a window of the rate limits is used up; [`OnRateLimit::Fail`] if not given.
    pub fn on_rate_limit(mut self, limits: OnRateLimit) -> Self {
        self.http = self.http.on_rate_limit(limits);
        self
    }
    /// How long one try of a call may take, unless the call says otherwise; 60 s if not given.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.http = self.http.timeout(limit);
        self
    }
    /// The settings of the network, all of them.
    pub fn http(mut self, http: HttpBuilder) -> Self {
        self.http = http;
        self
    }
    /// The client, with a sandbox of its own, whatever credentials and address were given; see [`Client::sandbox`].
    ///
    /// # Errors
    /// If the sandbox cannot listen on the loopback address.
    #[cfg(feature = "sandbox")]
    pub fn sandbox(self) -> Result<Client, Error> {
        let failed = |why: chirrup_sandbox::SandboxError| Error::configuration(why.to_string());
        let sandbox = chirrup_sandbox::Sandbox::start().map_err(failed)?;
        let credentials = sandbox.credentials().map_err(failed)?;
        let mut client = self.credentials(credentials).base_url(sandbox.url()).build()?;
        client.sandbox = Some(Arc::new(sandbox));
        Ok(client)
    }
    /// The client.
    ///
    /// # Errors
    /// If the base address or the name of the client is malformed, or there is no such profile.
    pub fn build(self) -> Result<Client, Error> {
        let (mut http, mut credentials, mut base_url) = (self.http, self.credentials, self.base_url);
        let mut kept = None;
        if let Some((store, name)) = self.profile {
            base_url = base_url.or(store.profile(&name)?.base_url);
            // Tokens are renewed over connections of their own, by nobody who has a credential yet.
            let plain = over(&http.clone().build()?, Credentials::none(), base_url.as_deref(), self.dialect)?;
            let clock = http.current_clock();
            let session = TokenRefresher::new(&store, &name, Login::new(&plain), clock)?;
            credentials = session.credentials();
            http = http.credential_provider(Arc::new(session.clone()));
            kept = Some(session);
        }
        let transport = http.build()?;
        Ok(Client {
            api: over(&transport, credentials, base_url.as_deref(), self.dialect)?,
            transport,
            session: kept,
            #[cfg(feature = "sandbox")]
            sandbox: None,
        })
    }
}

fn over(
    transport: &HttpTransport,
    credentials: Credentials,
    base_url: Option<&str>,
    dialect: Dialect,
) -> Result<chirrup_api::Client, Error> {
    let mut api = chirrup_api::Client::builder(Arc::new(transport.clone())).credentials(credentials).dialect(dialect);
    if let Some(url) = base_url {
        api = api.base_url(url);
    }
    api.build()
}

impl Client {
    /// The credentials that calls are sent with at this moment: those that the client holds, or those of its profile, with
    /// tokens that have run out renewed.
    ///
    /// # Errors
    /// If a token of the profile cannot be renewed.
    pub async fn current_credentials(&self) -> Result<Credentials, Error> {
        match &self.session {
            Some(session) => session.current().await,
            None => Ok(self.credentials().clone()),
        }
    }

    /// How much was spent by this client, and by all that share its ledger.
    pub fn spent(&self) -> Spending {
        self.transport.spent()
    }

    /// What calls have cost.
    pub fn ledger(&self) -> &Ledger {
        self.transport.ledger()
    }

    /// What a call costs at most, by the price list of the ledger; nothing is sent.
    ///
    /// ```
    /// use chirrup::{Client, Credentials};
    ///
    /// let client = Client::new(Credentials::app_only("token"))?;
    /// let search = client.search_recent("rust").max_results(100);
    /// assert_eq!(client.estimate(search.call())?.to_string(), "$0.50");
    /// # Ok::<(), chirrup::Error>(())
    /// ```
    ///
    /// # Errors
    /// If no credential that is held fits the call.
    pub fn estimate(&self, call: &Call) -> Result<Cost, Error> {
        self.max_cost(call, self.ledger().prices())
    }

    /// Fetches a picture or a video into a file, and gives its size; see [`HttpTransport::download`]. Of a video,
    /// [`Media::best_variant`](chirrup_model::Media::best_variant) names the address.
    ///
    /// # Errors
    /// If the address leads elsewhere than to X, the medium cannot be fetched, or the file cannot be written.
    pub async fn download(&self, url: &str, to: impl AsRef<std::path::Path>) -> Result<u64, Error> {
        self.transport.download(url, to).await
    }

    /// Waits for a future of this client outside of a runtime: an upload, a confirmation, what is no call and so has no
    /// `.wait()` of its own.
    ///
    /// ```
    /// # let client = chirrup::Client::new(chirrup::Credentials::none())?;
    /// assert!(client.wait(client.me()).is_err());
    /// # Ok::<(), chirrup::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the future; and inside an async runtime, where blocking would stop other tasks.
    pub fn wait<T>(&self, future: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, Error> {
        chirrup_http::block_on(future.into_future())
    }

    /// Uploads a picture, a GIF or a video: a file, bytes, or a stream. See [`MediaUpload`] for what can be set.
    ///
    /// ```no_run
    /// # async fn example(client: chirrup::Client) -> Result<(), chirrup::Error> {
    /// use chirrup::model::NewMedia;
    ///
    /// let heron = client.upload("heron.jpg").alt_text("A heron at the pond").await?;
    /// client.create_post().text("Look!").media(NewMedia::new([heron.id])).await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(&self, source: impl Into<MediaSource>) -> MediaUpload {
        MediaUpload::new(&self.api, self.transport.clock(), source)
    }

    /// Puts subtitles (SRT) under an uploaded video. `language` is a code such as `EN`, `shown` what viewers choose from.
    ///
    /// # Errors
    /// If they cannot be uploaded, or the video takes none.
    pub async fn upload_subtitles(
        &self,
        video: MediaId,
        subtitles: impl Into<MediaSource>,
        language: &str,
        shown: &str,
    ) -> Result<MediaId, Error> {
        add_subtitles(&self.api, self.transport.clock(), video, subtitles, language, shown).await
    }

    /// All windows of rate limits that are known and open, by endpoint.
    pub fn rate_limits(&self) -> Vec<RateLimitStatus> {
        self.transport.rate_limits()
    }

    /// A client with these credentials.
    ///
    /// # Errors
    /// None that depends on the credentials: they are tried at the first call.
    pub fn new(credentials: Credentials) -> Result<Self, Error> {
        Self::builder().credentials(credentials).build()
    }

    /// A client with what the environment holds: `X_BEARER_TOKEN`, `X_CONSUMER_KEY`, `X_CONSUMER_SECRET`,
    /// `X_ACCESS_TOKEN`, `X_ACCESS_TOKEN_SECRET`, `X_OAUTH2_ACCESS_TOKEN` (or `TWITTER_` for `X_`), and
    /// `CHIRRUP_BASE_URL`.
    ///
    /// # Errors
    /// If `CHIRRUP_BASE_URL` is no address.
    pub fn from_env() -> Result<Self, Error> {
        let get = |name: &str| std::env::var(name).ok();
        let mut builder = Self::builder().credentials(Credentials::from_lookup(get));
        builder.base_url = get("CHIRRUP_BASE_URL").filter(|url| !url.is_empty());
        builder.build()
    }

    /// Sets one up.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with a sandbox of its own, which runs for as long as the client or a clone of it lives: the X API
    /// on this machine, with a made-up world, no account and no cost. It acts as the user `ada`.
    ///
    /// # Errors
    /// If the sandbox cannot listen on the loopback address.
    #[cfg(feature = "sandbox")]
    pub fn sandbox() -> Result<Self, Error> {
        Self::builder().sandbox()
    }

    /// The sandbox behind [`Client::sandbox`]; none behind any other client.
    #[cfg(feature = "sandbox")]
    pub fn own_sandbox(&self) -> Option<&chirrup_sandbox::Sandbox> {
        self.sandbox.as_deref()
    }
}
