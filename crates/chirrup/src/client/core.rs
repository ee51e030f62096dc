//! The client itself: its parts, credentials, costs and media.

#[cfg(feature = "sandbox")]
use std::sync::Arc;

use chirrup_api::{ApiClient, Call, Cost, Error};
use chirrup_auth::Credentials;
use chirrup_http::tokens::TokenRefresher;
use chirrup_http::upload::{MediaSource, MediaUpload, add_subtitles};
use chirrup_http::{HttpTransport, Ledger, RateLimitStatus, Spending};
use chirrup_model::MediaId;

use crate::access::{Access, Guard};

/// Client of the X API: every endpoint of API v2 is a method, [`v1`](Self::v1) has those of API v1.1, and
/// [`call`](Self::call) reaches any other route.
///
/// Create one and clone it: clones are cheap and share connections, rate limits and the ledger.
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
    pub(super) api: ApiClient,
    pub(super) transport: HttpTransport,
    /// What the calls of a client with an access go through.
    pub(super) guard: Option<Guard>,
    pub(super) refresher: Option<TokenRefresher>,
    /// Runs for as long as a client uses it.
    #[cfg(feature = "sandbox")]
    pub(super) sandbox: Option<Arc<chirrup_sandbox::Sandbox>>,
}

impl AsRef<ApiClient> for Client {
    fn as_ref(&self) -> &ApiClient {
        &self.api
    }
}

/// # Parts of a client
impl Client {
    /// Returns the sandbox of a client that was created with [`Client::sandbox`].
    #[cfg(feature = "sandbox")]
    pub fn own_sandbox(&self) -> Option<&chirrup_sandbox::Sandbox> {
        self.sandbox.as_deref()
    }

    /// Returns the transport-independent core of the client, which functions of `chirrup_api` accept.
    pub fn api(&self) -> &ApiClient {
        &self.api
    }

    /// Waits for a future of this client outside of async code: an upload, a confirmation, anything that has no `.wait()`.
    ///
    /// ```
    /// # let client = chirrup::Client::new(chirrup::Credentials::none())?;
    /// assert!(client.wait(client.me()).is_err());
    /// # Ok::<(), chirrup::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the future, and [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime, where blocking
    /// would stop other tasks.
    pub fn wait<T>(&self, future: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, Error> {
        chirrup_http::block_on(future.into_future())
    }
}

/// # Credentials and base URL
impl Client {
    /// Returns the base URL of the API.
    pub fn base_url(&self) -> &str {
        self.api.base_url()
    }

    /// Returns the credentials of the client.
    pub fn credentials(&self) -> &Credentials {
        self.api.credentials()
    }

    /// Returns a client with other credentials that shares the connections, rate limits and ledger of this one.
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self { api: self.api.with_credentials(credentials), ..self.clone() }
    }

    /// Returns the credentials that calls are sent with now: those of the client, or those of its profile, after
    /// expired tokens have been refreshed.
    ///
    /// # Errors
    /// [`ErrorKind::Login`](crate::ErrorKind::Login) if a token of the profile cannot be refreshed.
    pub async fn current_credentials(&self) -> Result<Credentials, Error> {
        match &self.refresher {
            Some(refresher) => refresher.current().await,
            None => Ok(self.credentials().clone()),
        }
    }
}

/// # Permissions
impl Client {
    /// Returns the permissions of the client, if it was built with [`ClientBuilder::access`](crate::ClientBuilder::access).
    pub fn access(&self) -> Option<&Access> {
        self.guard.as_ref().map(Guard::access)
    }

    /// Returns the number of writes that the access of the client allows now. `None` without an access.
    pub fn writes_left(&self) -> Option<usize> {
        self.guard.as_ref().map(Guard::writes_left)
    }
}

/// # Rate limits and money
impl Client {
    /// Returns the known rate limit windows that are open, by endpoint.
    pub fn rate_limits(&self) -> Vec<RateLimitStatus> {
        self.transport.rate_limits()
    }

    /// Returns the maximum cost of a call by the price list of the ledger. Sends nothing.
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
    /// [`ErrorKind::Credentials`](crate::ErrorKind::Credentials) if the client has no credential that fits the call.
    pub fn estimate(&self, call: &Call) -> Result<Cost, Error> {
        self.api.max_cost(call, self.ledger().prices())
    }

    /// Returns the amount that the budget leaves for further calls. `None` without a budget.
    pub fn budget_left(&self) -> Option<Cost> {
        self.transport.budget_left()
    }

    /// Returns what this client, and all that share its ledger, have spent.
    pub fn spent(&self) -> Spending {
        self.transport.spent()
    }

    /// Returns the ledger: the cost of all calls, by day and endpoint.
    pub fn ledger(&self) -> &Ledger {
        self.transport.ledger()
    }
}

/// # Uploads and downloads
impl Client {
    /// Uploads an image, a GIF or a video from a path, bytes or a stream. See [`MediaUpload`] for its settings.
    ///
    /// ```no_run
    /// # async fn example(client: chirrup::Client) -> Result<(), chirrup::Error> {
    /// let heron = client.upload("heron.jpg").alt_text("A heron at the pond").await?;
    /// client.create_post().text("Look!").media([heron.id]).await?;
    /// # Ok(()) }
    /// ```
    pub fn upload(&self, source: impl Into<MediaSource>) -> MediaUpload {
        MediaUpload::new(&self.api, self.transport.clock(), source)
    }

    /// Adds subtitles in SRT format to an uploaded video. `language` is a code such as `EN`, `display_name` the name that
    /// viewers choose.
    ///
    /// # Errors
    /// If the subtitles cannot be uploaded, or the video does not accept them.
    pub async fn upload_subtitles(
        &self,
        video: MediaId,
        subtitles: impl Into<MediaSource>,
        language: &str,
        display_name: &str,
    ) -> Result<MediaId, Error> {
        add_subtitles(&self.api, self.transport.clock(), video, subtitles, language, display_name).await
    }

    /// Downloads an image or a video from X's media hosts into a file, without credentials, and returns its size in bytes.
    /// [`Media::best_variant`](chirrup_model::Media::best_variant) names the URL of a video.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) if the URL is not one of X's media hosts,
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if the file cannot be written, and those of the request.
    pub async fn download(&self, url: &str, to: impl AsRef<std::path::Path>) -> Result<u64, Error> {
        self.transport.download(url, to).await
    }
}
