//! Settings of a sandbox, and its start.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use chirrup_auth::Secret;
use chirrup_model::{Dialect, Timestamp};
use chirrup_serve::{Hosts, Server};
use tokio::sync::oneshot;

use super::apps::{self, AppCredentials, NewApp};
#[cfg(feature = "tls")]
use super::certificates::{self, CertificateFolder};
use super::content::Content;
use super::data_file;
use super::handle::Sandbox;
use crate::access::app_keys::AppKeys;
use crate::control::clock::TestClock;
use crate::control::journal::{DEFAULT_CAPACITY, JournalEntry};
use crate::error::SandboxError;
use crate::random::random_token;
use crate::seed::Plan;
use crate::serve::serve;
use crate::state::{Settings, Shared};
use crate::worlds::Worlds;

/// Number of threads that handle requests. A slow request occupies one of them.
const WORKERS: usize = 2;

/// Token of the control API of a sandbox with fixed keys.
const FIXED_CONTROL_TOKEN: &str = "sandbox-control-token";

/// Control API of a sandbox: whether it is served, and its token.
#[derive(Debug, Clone)]
enum Control {
    Off,
    /// With a random token, or with a fixed one if the keys are fixed.
    On,
    Token(Secret),
}

/// Builder for a [`Sandbox`] with other settings than the defaults.
///
/// ```
/// use chirrup_sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().users(20).posts(200).seed(7).without_rate_limits().start()?;
/// # drop(sandbox);
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct SandboxBuilder {
    users: usize,
    posts: usize,
    seed: u64,
    address: IpAddr,
    port: u16,
    hosts: Vec<String>,
    data_file: Option<PathBuf>,
    rate_limited: bool,
    single_grant: bool,
    fixed_keys: bool,
    dialect: Dialect,
    journal_capacity: usize,
    starts_once: bool,
    control: Control,
    strict: bool,
    on_request: Option<fn(&JournalEntry)>,
    #[cfg(feature = "import")]
    imports: Vec<PathBuf>,
    #[cfg(feature = "tls")]
    certificates: Option<CertificateFolder>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            users: 300,
            posts: 10_000,
            seed: 1,
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            hosts: Vec::new(),
            data_file: None,
            rate_limited: true,
            single_grant: true,
            fixed_keys: false,
            dialect: Dialect::default(),
            journal_capacity: DEFAULT_CAPACITY,
            starts_once: false,
            control: Control::On,
            strict: false,
            on_request: None,
            #[cfg(feature = "import")]
            imports: Vec::new(),
            #[cfg(feature = "tls")]
            certificates: None,
        }
    }
}

impl SandboxBuilder {
    /// Number of users that the sandbox starts with. The default is 300.
    pub fn users(mut self, count: usize) -> Self {
        self.users = count;
        self
    }
    /// Number of posts that the sandbox starts with. The default is 10,000.
    pub fn posts(mut self, count: usize) -> Self {
        self.posts = count;
        self
    }
    /// Seed for the generated users and posts. The default is 1. The same seed and counts generate the same content within
    /// an hour; the posts end with the current hour.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
    /// Port to listen on. The default is 0, which selects a free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }
    /// IP address to listen on. The default is the loopback address, 127.0.0.1.
    ///
    /// In a container, `0.0.0.0` makes a published port reachable. Requests must still name `localhost`, `127.0.0.1` or
    /// `[::1]` as their `Host`, or a name that [`allow_host`](Self::allow_host) adds.
    pub fn address(mut self, address: impl Into<IpAddr>) -> Self {
        self.address = address.into();
        self
    }
    /// Accepts requests that name this `Host` too, with any port. Other containers reach a sandbox in a container under the
    /// name of its service. A name that others control would let their web pages reach the sandbox (DNS rebinding).
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }
    /// File that keeps the state of the sandbox, as an SQLite database. An existing file is reused with its content and its
    /// keys, by one sandbox at a time. Only its owner can read it. The default is to keep the state in memory.
    pub fn data_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.data_file = Some(file.into());
        self
    }
    /// Turns off all rate limits, for benchmarks and load tests.
    pub fn without_rate_limits(mut self) -> Self {
        self.rate_limited = false;
        self
    }

    /// Lets a user have several OAuth 2.0 grants for an app at the same time. By default, as at X, a new login or token
    /// exchange revokes the tokens of the earlier one.
    pub fn multiple_grants(mut self) -> Self {
        self.single_grant = false;
        self
    }

    /// Dialect of the responses to requests that use the names of neither dialect. The default is [`Dialect::Tweet`]. A request
    /// with a new name, such as `post.fields`, always gets the new names.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Keeps no copy of the generated world for the next sandbox of this process, which halves the memory. By default, the
    /// second sandbox with the same settings starts from a copy.
    pub fn without_copy(mut self) -> Self {
        self.starts_once = true;
        self
    }

    /// Number of requests that the [journal](Sandbox::journal) keeps, the latest ones. The default is 10,000.
    pub fn journal_capacity(mut self, requests: usize) -> Self {
        self.journal_capacity = requests;
        self
    }

    /// Gives the sandbox's app and its users the same keys and tokens as in each other sandbox with this setting, such as the
    /// bearer token `sandbox-app-bearer-token`. By default, each world has random keys, which only the process that started
    /// it and the readers of its data file know.
    pub fn fixed_keys(mut self) -> Self {
        self.fixed_keys = true;
        self
    }

    /// Responds with status 501 to requests for routes that the API does not have, names the nearest route, and lists them in
    /// [`Sandbox::unknown_requests`]. By default, the response is that of X: status 404.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Calls a function with the [journal](Sandbox::journal) entry of each request, for a log. The entry has no number yet.
    pub fn on_request(mut self, log: fn(&JournalEntry)) -> Self {
        self.on_request = Some(log);
        self
    }

    /// Token of the control API under `/_chirrup/`. The default is a random one, or `sandbox-control-token` with
    /// [`fixed_keys`](Self::fixed_keys).
    pub fn control_token(mut self, token: impl Into<Secret>) -> Self {
        self.control = Control::Token(token.into());
        self
    }

    /// Turns off the control API under `/_chirrup/`, which changes the sandbox over HTTP. The methods of [`Sandbox`] stay.
    pub fn without_control_api(mut self) -> Self {
        self.control = Control::Off;
        self
    }

    /// Fills the sandbox with the users and posts of a file instead of generated ones: a cassette of this project or of
    /// VCR.py, JSON or JSON lines with responses or objects of the API, an account archive of X (the zip file or its
    /// folder), or CSV with a header. Each may be compressed with gzip; a folder stands for its files. Call it again to add
    /// more files.
    ///
    /// Posts and users keep their IDs, times and counts; short links and pictures are those of the sandbox. The sandbox's
    /// own credentials belong to the owner of the archive, or to the user `ada`, who is added if the data does not have her.
    /// Posts whose author is not in the data belong to the user `unknown`. [`Sandbox::imported`] counts what was read.
    #[cfg(feature = "import")]
    #[cfg_attr(docsrs, doc(cfg(feature = "import")))]
    pub fn import(mut self, path: impl Into<PathBuf>) -> Self {
        self.imports.push(path.into());
        self
    }

    /// Serves TLS too, on the same port, with a certificate for the host names of X, and works as an HTTPS proxy to them. The
    /// certificate authority is new each time; [`Sandbox::proxy_environment`] names its file, which is removed when the
    /// sandbox stops.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn tls(mut self) -> Self {
        self.certificates = Some(CertificateFolder::Temporary);
        self
    }

    /// Serves TLS as with [`tls`](Self::tls), with the certificate authority in this folder, which is created if it is
    /// missing: `ca.pem`, and `ca-key.pem` that only its owner can read.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn tls_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.certificates = Some(CertificateFolder::Named(folder.into()));
        self
    }

    fn plan(&self, now: Timestamp) -> Plan {
        let hour = now.as_millis().div_euclid(3_600_000) * 3_600_000;
        Plan { users: self.users, posts: self.posts, seed: self.seed, until: hour }
    }

    fn chosen_control_token(&self) -> Option<Secret> {
        match &self.control {
            Control::Off => None,
            Control::Token(token) => Some(token.clone()),
            Control::On if self.fixed_keys => Some(FIXED_CONTROL_TOKEN.into()),
            Control::On => Some(random_token(24).into()),
        }
    }

    fn content(&self, now: Timestamp) -> Result<Content, SandboxError> {
        #[cfg(feature = "import")]
        if !self.imports.is_empty() {
            return Content::imported(&self.imports, self.data_file.as_deref());
        }
        Content::generated(self.plan(now), self.data_file.as_deref(), self.starts_once)
    }

    /// Creates an app in the data file, without starting a server. A sandbox that is running on the file accepts the app
    /// immediately.
    ///
    /// # Errors
    /// If [`data_file`](Self::data_file) is not set or the file cannot be used, or if a username or the access level is
    /// invalid.
    pub fn create_app(&self, new: &NewApp) -> Result<AppCredentials, SandboxError> {
        if self.data_file.is_none() {
            let message = "cannot create an app without a data file: it would be lost immediately; set a data file";
            return Err(SandboxError(message.to_owned()));
        }
        let now = TestClock::default().now();
        let mut world = self.content(now)?.world;
        AppKeys::of_world(&world, self.fixed_keys)?;
        apps::create(&mut world, new, now)
    }

    /// Starts the server on a thread of its own. Returns when the server accepts connections.
    ///
    /// # Errors
    /// If the port is in use, or the data file cannot be used, for example because another sandbox is running on it.
    pub fn start(self) -> Result<Sandbox, SandboxError> {
        // The file must exist before it can be locked under its real name.
        let content = self.content(TestClock::default().now())?;
        let data_lock = self.data_file.as_deref().map(data_file::lock).transpose()?;
        let keys = AppKeys::of_world(&content.world, self.fixed_keys)?;
        let settings = Settings {
            rate_limited: self.rate_limited,
            single_grant: self.single_grant,
            dialect: self.dialect,
            journal_capacity: self.journal_capacity,
            strict: self.strict,
            on_request: self.on_request,
        };
        let control_token = self.chosen_control_token();
        let (shared, deliveries) = Shared::new(content.world, keys, &settings);
        let shared = Arc::new(shared);
        let is_file = self.data_file.is_some();
        let worlds = Worlds::new(Arc::clone(&shared), content.make, settings, is_file, control_token);
        let worlds = Arc::new(worlds);
        let server = Server::new().hosts(Hosts::LoopbackAnd(self.hosts));
        #[cfg(feature = "tls")]
        let (server, ca_file) = match &self.certificates {
            // The certificate is checked with the clock of the clients.
            Some(folder) => {
                let (tls, file) = certificates::open(folder, shared.clock.skewed_system_time())?;
                (server.tls(tls), Some(file))
            }
            None => (server, None),
        };
        let address = SocketAddr::from((self.address, self.port));
        let failed = |why: std::io::Error| SandboxError(format!("cannot listen on {address}: {why}"));
        let listener = std::net::TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&worlds);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .enable_all()
            .build()
            .map_err(|why| SandboxError(format!("cannot start the server's runtime: {why}")))?;
        let thread = std::thread::Builder::new()
            .name("chirrup-sandbox".to_owned())
            .spawn(move || runtime.block_on(serve(server, listener, served, deliveries, stopped)))
            .map_err(|why| SandboxError(format!("cannot start the server's thread: {why}")))?;
        Ok(Sandbox {
            address,
            shared,
            worlds,
            stop: Some(stop),
            thread: Some(thread),
            _data_lock: data_lock,
            #[cfg(feature = "import")]
            imported: content.imported,
            #[cfg(feature = "tls")]
            ca_file,
        })
    }
}

/// # Start, with the default settings or others
impl Sandbox {
    /// Starts a sandbox with the default settings: 300 users and 10,000 posts, in memory, on a free port.
    ///
    /// # Errors
    /// If the server cannot listen on the loopback address.
    pub fn start() -> Result<Self, SandboxError> {
        Self::builder().start()
    }

    /// Returns a builder for a sandbox with other settings.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::Sandbox;

    #[test]
    fn a_file_with_another_schema_is_rejected() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.db");
        let start = || Sandbox::builder().users(5).posts(10).data_file(&file).start();
        drop(start().expect("a new file"));
        drop(start().expect("the same schema"));
        for version in [0, 7] {
            let db = Connection::open(&file).expect("a file");
            db.pragma_update(None, "user_version", version).expect("written");
            drop(db);
            let refused = start().expect_err("another schema").to_string();
            assert!(refused.contains("world.db") && refused.contains("another version"), "{refused}");
        }
    }
}
