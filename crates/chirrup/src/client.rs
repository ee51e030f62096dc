//! The client that most people use: the API over the network.

use std::ops::Deref;
use std::time::Duration;

use chirrup_api::Error;
use chirrup_auth::Credentials;
use chirrup_http::HttpBuilder;
use chirrup_model::Dialect;

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
    /// Kept running for as long as a client talks to it.
    #[cfg(feature = "sandbox")]
    sandbox: Option<std::sync::Arc<chirrup_sandbox::Sandbox>>,
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
    /// How long a call may take, unless it says otherwise; 30 s if not given.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.http = self.http.timeout(limit);
        self
    }
    /// The settings of the network, all of them.
    pub fn http(mut self, http: HttpBuilder) -> Self {
        self.http = http;
        self
    }
    /// The client.
    ///
    /// # Errors
    /// If the base address or the name of the client is malformed.
    pub fn build(self) -> Result<Client, Error> {
        let mut api = self.http.client(self.credentials)?.dialect(self.dialect);
        if let Some(url) = self.base_url {
            api = api.base_url(url);
        }
        Ok(Client {
            api: api.build()?,
            #[cfg(feature = "sandbox")]
            sandbox: None,
        })
    }
}

impl Client {
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
        let failed = |why: chirrup_sandbox::SandboxError| Error::configuration(why.to_string());
        let sandbox = chirrup_sandbox::Sandbox::start().map_err(failed)?;
        let credentials = sandbox.credentials().map_err(failed)?;
        let mut client = Self::builder().credentials(credentials).base_url(sandbox.url()).build()?;
        client.sandbox = Some(std::sync::Arc::new(sandbox));
        Ok(client)
    }

    /// The sandbox behind [`Client::sandbox`]; none behind any other client.
    #[cfg(feature = "sandbox")]
    pub fn own_sandbox(&self) -> Option<&chirrup_sandbox::Sandbox> {
        self.sandbox.as_deref()
    }
}
