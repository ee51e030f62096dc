//! Handle of a running sandbox.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError};

use chirrup_api::Cost;
use chirrup_auth::Secret;
use chirrup_model::{MediaId, UserId};
use tokio::sync::oneshot;

use crate::control::clock::TestClock;
use crate::control::faults::{Fault, FaultRule};
use crate::control::journal::JournalEntry;
use crate::error::SandboxError;
use crate::state::Shared;
use crate::worlds::Worlds;

/// Outcome of the media processing that follows the upload of a video or GIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessingOutcome {
    /// Processing succeeds after two seconds of the sandbox's clock.
    Succeeded,
    /// Processing fails after two seconds of the sandbox's clock: the file is not a video.
    Failed,
    /// Processing stays at 99 % and never ends.
    Stuck,
}

/// Running sandbox: a local HTTP server that behaves like the X API. It stops when it is dropped.
///
/// The server listens on the loopback address and keeps its own users, posts, lists and messages. It checks OAuth
/// signatures, tokens and scopes, counts rate limits, charges calls by the built-in price list, serves live streams and calls
/// webhooks. Any client that accepts a base URL can use it.
///
/// ```
/// use chirrup_sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().users(10).posts(50).start()?;
/// // Point the client at this URL, and give it these credentials.
/// let (url, credentials) = (sandbox.url(), sandbox.credentials()?);
/// assert!(url.starts_with("http://127.0.0.1:"));
/// // After the test: which requests arrived, and what would they have cost?
/// assert!(sandbox.journal().is_empty());
/// assert_eq!(sandbox.bill().to_string(), "$0.00");
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
///
/// Like WireMock it injects [faults](Self::inject_fault), and like LocalStack it can keep its state in a
/// [file](crate::SandboxBuilder::data_file). Its [clock](Self::clock) works like Stripe's test clocks: a test advances it instead of
/// waiting for a rate limit to reset.
///
/// ```
/// use std::time::Duration;
/// use chirrup_sandbox::{Fault, FaultRule, Sandbox};
///
/// let sandbox = Sandbox::builder().users(10).posts(50).start()?;
/// // The next request loses its connection before it takes effect.
/// sandbox.inject_fault(Fault::CloseBeforeProcessing);
/// // Every tenth post is created, but the client gets a 503.
/// sandbox.add_fault_rule(FaultRule::new(Fault::ErrorAfterProcessing(503)).endpoint("create_post").probability(0.1));
/// // All rate limits of 15 minutes reset.
/// sandbox.clock().advance(Duration::from_secs(15 * 60));
/// // Another user writes a post, which connected streams receive.
/// let post = sandbox.write_post("robin", "Hello from the sandbox")?;
/// # let _ = post;
/// # Ok::<(), chirrup_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    pub(super) address: SocketAddr,
    /// Default world of the server.
    pub(super) shared: Arc<Shared>,
    pub(super) worlds: Arc<Worlds>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<std::thread::JoinHandle<()>>,
    /// Lock of the data file. It is released after the server has stopped.
    pub(super) _data_lock: Option<File>,
    #[cfg(feature = "import")]
    pub(super) imported: Option<crate::import::ImportCounts>,
    #[cfg(feature = "tls")]
    pub(super) ca_file: Option<super::certificates::CaFile>,
}

impl Sandbox {
    /// Returns the base URL of the server, such as `http://127.0.0.1:40123`. A server that listens on all addresses is reached
    /// at the loopback address.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{address}")
    }

    /// Returns the file with the certificate authority of the sandbox, in PEM format. `None` without TLS.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn ca_file(&self) -> Option<&std::path::Path> {
        self.ca_file.as_ref().map(|file| file.path.as_path())
    }

    /// Returns the environment variables that lead a program with the host names of X to the sandbox: pairs of name and value
    /// for the proxy and for the certificate authority. Empty without TLS.
    #[cfg(feature = "tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tls")))]
    pub fn proxy_environment(&self) -> Vec<(&'static str, String)> {
        let Some(file) = self.ca_file() else { return Vec::new() };
        let file = file.display().to_string();
        vec![
            ("HTTPS_PROXY", self.url()),
            ("SSL_CERT_FILE", file.clone()),
            ("REQUESTS_CA_BUNDLE", file.clone()),
            ("NODE_EXTRA_CA_CERTS", file),
            ("NODE_USE_ENV_PROXY", "1".to_owned()),
        ]
    }

    /// Returns the token of the control API under `/_chirrup/`. `None` if it is turned off.
    pub fn control_token(&self) -> Option<&Secret> {
        self.worlds.control_token()
    }

    /// Returns the base URL of the world with this name, which is created by the first request to it.
    ///
    /// Worlds of a server are independent of each other: each has its own users, posts, clock, rate limits, journal and
    /// faults. The methods of this type are about the default world; the keys and tokens are valid in all worlds.
    pub fn world_url(&self, name: &str) -> String {
        format!("{}/_worlds/{name}", self.url())
    }

    /// Returns the test clock of the sandbox.
    pub fn clock(&self) -> TestClock {
        self.shared.clock.clone()
    }

    /// Injects a fault into the next request. Several faults apply to one request each, in this order.
    pub fn inject_fault(&self, fault: Fault) {
        self.add_fault_rule(FaultRule::new(fault).times(1));
    }

    /// Adds a rule that injects faults. Of several rules, the first that selects a request applies.
    pub fn add_fault_rule(&self, rule: FaultRule) {
        self.shared.lock().faults.add(rule);
    }

    /// Removes all faults and fault rules.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Sets the outcome of media processing for videos and GIFs that are uploaded from now on. The default is
    /// [`ProcessingOutcome::Succeeded`].
    ///
    /// # Errors
    /// If the sandbox's database fails.
    pub fn set_processing_outcome(&self, outcome: ProcessingOutcome) -> Result<(), SandboxError> {
        let word = match outcome {
            ProcessingOutcome::Succeeded => "succeeded",
            ProcessingOutcome::Failed => "failed",
            ProcessingOutcome::Stuck => "stuck",
        };
        Ok(self.shared.lock().world.put_document("processing_outcome", "next", 0, &word.into())?)
    }

    /// Returns size in bytes and hexadecimal SHA-256 of each part of an upload, in the order of the segments.
    ///
    /// # Errors
    /// If the sandbox has no upload with this ID, or the sandbox's database fails.
    pub fn uploaded_parts(&self, id: MediaId) -> Result<Vec<(u64, String)>, SandboxError> {
        let found = self.shared.lock().world.document("upload", &id.to_string())?;
        let upload = found.ok_or_else(|| SandboxError(format!("the sandbox has no upload with the ID {id}")))?;
        let parts = (0..).map_while(|index: u32| upload["parts"].get(index.to_string()));
        let part = |part: &serde_json::Value| Some((part["size"].as_u64()?, part["sha256"].as_str()?.to_owned()));
        Ok(parts.filter_map(part).collect())
    }

    /// Returns the total that the sandbox has charged, by the built-in price list.
    pub fn bill(&self) -> Cost {
        self.shared.lock().bill.total()
    }

    /// Returns the total that the sandbox has charged for each endpoint.
    pub fn bill_by_endpoint(&self) -> BTreeMap<&'static str, Cost> {
        self.shared.lock().bill.by_endpoint()
    }

    /// Sets the credits that are left to spend. When they are used up, calls with a price are refused with status 402
    /// (`CreditsDepleted`). The default, `None`, is no limit.
    pub fn set_credits(&self, credits: Option<Cost>) {
        self.shared.lock().bill.set_credits(credits);
    }

    /// Sets the number of posts that can still be read this month. When it is used up, reads of posts are refused with
    /// status 429 (`UsageCapExceeded`). The default, `None`, is no cap.
    pub fn set_usage_cap(&self, posts: Option<u64>) {
        self.shared.lock().bill.set_usage_cap(posts);
    }

    /// Returns the request journal, oldest entry first. By default, it keeps the latest 10,000 requests.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.shared.lock().journal.entries()
    }

    /// Returns method and path of the requests, in all worlds, for routes that the API does not have. Empty unless the sandbox
    /// is [strict](crate::SandboxBuilder::strict).
    pub fn unknown_requests(&self) -> Vec<String> {
        let mut all = Vec::new();
        for world in self.worlds.all() {
            if let Some(requests) = &world.unknown_requests {
                all.extend(requests.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
            }
        }
        all
    }

    /// Returns the ID of the user with this username.
    ///
    /// # Errors
    /// If the sandbox has no user with this name, or the sandbox's database fails.
    pub fn user_id(&self, username: &str) -> Result<UserId, SandboxError> {
        let found = self.shared.lock().world.user_id(username)?;
        found.map(UserId::new).ok_or_else(|| SandboxError(format!("the sandbox has no user named `{username}`")))
    }

    /// Numbers of what [`SandboxBuilder::import`](crate::SandboxBuilder::import) has read; `None` for a generated world.
    #[cfg(feature = "import")]
    #[cfg_attr(docsrs, doc(cfg(feature = "import")))]
    pub fn imported(&self) -> Option<crate::import::ImportCounts> {
        self.imported
    }

    /// Name of the user to whom [`credentials`](Self::credentials) belong: `ada`, or the owner of an imported archive.
    ///
    /// # Errors
    /// If the user was deleted, or the sandbox's database fails.
    pub fn default_user(&self) -> Result<String, SandboxError> {
        let found = self.shared.lock().world.default_username()?;
        found.ok_or_else(|| SandboxError("the sandbox has no default user".to_owned()))
    }

    /// Blocks until the server stops. It stops only when it cannot accept connections any more.
    pub fn join(mut self) {
        let _keep = self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
