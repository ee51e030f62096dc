//! Starting a sandbox, and what a test or program does with it.

mod load;
mod streams;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chirrup_api::Cost;
use chirrup_auth::{Credentials, Secret};
use chirrup_model::{MediaId, Timestamp, UserId};
use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::apps::{self, ClientKeys, NewClient};
use crate::auth::Nonces;
use crate::bill::Bill;
use crate::clock::Clock;
use crate::faults::{Fault, FaultRule, Faults};
use crate::hub::Hub;
use crate::journal::{Event, Journal};
use crate::limits::Limits;
use crate::seed::{Plan, grow};
use crate::server::serve;
use crate::webhook_delivery::outbox;
use crate::world::{World, sql};

pub use load::Load;

/// The keys of the app that every sandbox has.
const APP_KEY: &str = "sandbox-consumer-key";
const APP_SECRET: &str = "sandbox-consumer-secret";
const BEARER: &str = "sandbox-app-bearer-token";

/// The user for whom [`Sandbox::credentials`] are made.
const MAIN_USER: &str = "ada";

/// All scopes that the endpoints of the table ask for.
pub(crate) fn all_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<&str> = chirrup_api::all().flat_map(|meta| meta.scopes().iter().copied()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// What becomes of a video that is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessingOutcome {
    /// After two seconds it can be used.
    Succeeds,
    /// After two seconds it turns out to be none.
    Fails,
    /// It stays at 99 % for ever.
    Sticks,
}

/// Why a sandbox could not be started or asked.
#[derive(Debug)]
pub struct SandboxError(pub(crate) String);

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SandboxError {}

impl From<rusqlite::Error> for SandboxError {
    fn from(why: rusqlite::Error) -> Self {
        Self(format!("the sandbox's store: {why}"))
    }
}

/// Everything that the server works on.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) limits: Limits,
    pub(crate) nonces: Nonces,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) bill: Bill,
    pub(crate) hub: Hub,
}

/// What server and handle share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) limited: bool,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sets up a [`Sandbox`].
#[derive(Debug, Clone)]
#[must_use]
pub struct SandboxBuilder {
    users: usize,
    posts: usize,
    seed: u64,
    port: u16,
    data: Option<PathBuf>,
    limited: bool,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self { users: 300, posts: 10_000, seed: 1, port: 0, data: None, limited: true }
    }
}

impl SandboxBuilder {
    /// How many users the world begins with; 300 if not given.
    pub fn users(mut self, count: usize) -> Self {
        self.users = count;
        self
    }
    /// How many posts the world begins with; 10,000 if not given.
    pub fn posts(mut self, count: usize) -> Self {
        self.posts = count;
        self
    }
    /// Which world: the same seed gives the same world for a whole hour.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }
    /// The port; a free one if not given.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }
    /// Keeps the world in this file, and goes on with it if it is there. In memory if not given.
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }
    /// Lifts all rate limits, for benchmarks.
    pub fn unlimited(mut self) -> Self {
        self.limited = false;
        self
    }

    fn world(&self, now: Timestamp) -> Result<World, SandboxError> {
        let hour = now.as_millis().div_euclid(3_600_000) * 3_600_000;
        let plan = Plan { users: self.users, posts: self.posts, seed: self.seed, until: hour };
        let Some(file) = &self.data else {
            return Ok(World::open(copy_of(plan)?)?);
        };
        let shown = file.display();
        let db = Connection::open(file).map_err(|why| SandboxError(format!("{shown}: {why}")))?;
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        if !World::fits(&db)? {
            let message =
                format!("{shown} was written by another version of the sandbox: name another file, or delete it");
            return Err(SandboxError(message));
        }
        let mut world = World::open(db)?;
        if world.is_empty()? {
            plant(&mut world, plan)?;
        }
        Ok(world)
    }

    /// Makes an app in the world of the file, without serving it. A sandbox that serves the file knows the app at once.
    ///
    /// # Errors
    /// If no file was named or it cannot be used, or the app or a user of it is malformed.
    pub fn create_client(&self, new: &NewClient) -> Result<ClientKeys, SandboxError> {
        if self.data.is_none() {
            return Err(SandboxError("a world in memory is gone when the program ends: name a file".to_owned()));
        }
        let now = Clock::default().now();
        apps::create(&mut self.world(now)?, new, now)
    }

    /// Starts the server on this machine, in a thread of its own, and returns when it listens.
    ///
    /// # Errors
    /// If the port is taken, or the file cannot be used.
    pub fn start(self) -> Result<Sandbox, SandboxError> {
        let clock = Clock::default();
        let world = self.world(clock.now())?;
        let (sender, outbox) = outbox();
        let state = State {
            world,
            limits: Limits::default(),
            nonces: Nonces::new(clock.clone()),
            faults: Faults::default(),
            journal: Journal::default(),
            bill: Bill::default(),
            hub: Hub::new(sender),
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), clock, limited: self.limited });
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = std::net::TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|why| SandboxError(format!("cannot listen on {address}: {why}")))?;
        let address = listener.local_addr().map_err(|why| SandboxError(why.to_string()))?;
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|why| SandboxError(format!("no runtime: {why}")))?;
        let thread = std::thread::Builder::new()
            .name("chirrup-sandbox".to_owned())
            .spawn(move || runtime.block_on(serve(listener, served, outbox, stopped)))
            .map_err(|why| SandboxError(format!("no thread: {why}")))?;
        Ok(Sandbox { address, shared, stop: Some(stop), thread: Some(thread) })
    }
}

/// A fresh copy of a grown world. Growing takes a while, so each plan is grown once in a process.
fn copy_of(plan: Plan) -> Result<Connection, SandboxError> {
    static GROWN: Mutex<Option<HashMap<Plan, Connection>>> = Mutex::new(None);
    let mut guard = GROWN.lock().unwrap_or_else(PoisonError::into_inner);
    let grown = guard.get_or_insert_with(HashMap::new);
    let original = match grown.entry(plan) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => {
            let mut world = World::open(Connection::open_in_memory()?)?;
            plant(&mut world, plan)?;
            entry.insert(world.db)
        }
    };
    let mut copy = Connection::open_in_memory()?;
    rusqlite::backup::Backup::new(original, &mut copy)?.run_to_completion(100_000, Duration::ZERO, None)?;
    Ok(copy)
}

fn plant(world: &mut World, plan: Plan) -> Result<(), SandboxError> {
    grow(world, plan)?;
    let app = "INSERT INTO app VALUES (1, ?, ?, 'read-write-directmessages')";
    world.db.execute(app, params![APP_KEY, APP_SECRET])?;
    world.db.execute("INSERT INTO token (token, kind, app_id) VALUES (?, 'bearer', 1)", [BEARER])?;
    Ok(())
}

/// A running sandbox. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Sandbox {
    /// Starts one with the usual world: 300 users and 10,000 posts, in memory, on a free port.
    ///
    /// # Errors
    /// If it cannot listen on the loopback address.
    pub fn start() -> Result<Self, SandboxError> {
        Self::builder().start()
    }

    /// Sets one up.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its clock, which can be moved.
    pub fn clock(&self) -> Clock {
        self.shared.clock.clone()
    }

    /// Asks for a fault at the next request. Several wait in line.
    pub fn fault(&self, fault: Fault) {
        self.fault_rule(FaultRule::new(fault).times(1));
    }

    /// Asks for faults by a rule, beside those asked for before.
    pub fn fault_rule(&self, rule: FaultRule) {
        self.shared.lock().faults.add(rule);
    }

    /// Does nothing wrong any more.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// What becomes of videos and GIFs that are uploaded from now on.
    ///
    /// # Errors
    /// If the store fails.
    pub fn set_media_fate(&self, fate: ProcessingOutcome) -> Result<(), SandboxError> {
        let word = match fate {
            ProcessingOutcome::Succeeds => "succeeded",
            ProcessingOutcome::Fails => "failed",
            ProcessingOutcome::Sticks => "stuck",
        };
        Ok(self.shared.lock().world.put("fate", "next", 0, &word.into())?)
    }

    /// The parts of an upload that have arrived, in their order: size and SHA-256 of each.
    ///
    /// # Errors
    /// If there is no such upload, or the store fails.
    pub fn uploaded_parts(&self, id: MediaId) -> Result<Vec<(u64, String)>, SandboxError> {
        let found = self.shared.lock().world.thing("upload", &id.to_string())?;
        let upload = found.ok_or_else(|| SandboxError(format!("there is no upload {id} in the sandbox")))?;
        let parts = (0..).map_while(|index: u32| upload["parts"].get(index.to_string()));
        let part = |part: &serde_json::Value| Some((part["size"].as_u64()?, part["sha256"].as_str()?.to_owned()));
        Ok(parts.filter_map(part).collect())
    }

    /// What it has charged so far, in all, by the price list of X.
    pub fn bill(&self) -> Cost {
        self.shared.lock().bill.total()
    }

    /// What it has charged so far, by endpoint.
    pub fn bill_by_endpoint(&self) -> BTreeMap<&'static str, Cost> {
        self.shared.lock().bill.by_endpoint()
    }

    /// How much is left to spend; when that is nothing, calls that cost something are refused (402). `None`, as at first,
    /// lets everybody spend what they like.
    pub fn set_credits(&self, credits: Option<Cost>) {
        self.shared.lock().bill.set_credits(credits);
    }

    /// How many posts may still be read this month; after that, reads of posts are refused (429, `UsageCapExceeded`).
    /// `None`, as at first, is no cap.
    pub fn set_usage_cap(&self, posts: Option<u64>) {
        self.shared.lock().bill.set_cap(posts);
    }

    /// Every request so far, and what became of it; the newest 500,000 of them.
    pub fn journal(&self) -> Vec<Event> {
        self.shared.lock().journal.all()
    }

    /// The app's bearer token, and `ada`'s keys and token with all scopes.
    ///
    /// # Errors
    /// If the world has no `ada`.
    pub fn credentials(&self) -> Result<Credentials, SandboxError> {
        Ok(self.app_only().and(self.oauth1(MAIN_USER)?).and(self.oauth2(MAIN_USER, &all_scopes())?))
    }

    /// The app for itself.
    pub fn app_only(&self) -> Credentials {
        Credentials::app_only(BEARER)
    }

    /// The keys and tokens behind [`credentials`](Self::credentials), by the names of environment variables.
    ///
    /// # Errors
    /// If the world has no `ada`.
    pub fn environment(&self) -> Result<Vec<(&'static str, Secret)>, SandboxError> {
        let user = self.user_id(MAIN_USER)?.get();
        self.credentials()?;
        Ok(vec![
            ("CHIRRUP_BASE_URL", self.url().into()),
            ("X_BEARER_TOKEN", BEARER.into()),
            ("X_CONSUMER_KEY", APP_KEY.into()),
            ("X_CONSUMER_SECRET", APP_SECRET.into()),
            ("X_ACCESS_TOKEN", oauth1_token(user).0.into()),
            ("X_ACCESS_TOKEN_SECRET", oauth1_token(user).1.into()),
            ("X_OAUTH2_ACCESS_TOKEN", oauth2_token(user, &all_scopes()).into()),
        ])
    }

    /// OAuth 1.0a keys for a user.
    ///
    /// # Errors
    /// If there is no such user.
    pub fn oauth1(&self, username: &str) -> Result<Credentials, SandboxError> {
        let user = self.user_id(username)?.get();
        let (token, secret) = oauth1_token(user);
        let text = "INSERT OR IGNORE INTO token (token, kind, secret, app_id, user_id) VALUES (?, 'oauth1', ?, 1, ?)";
        self.shared.lock().world.db.execute(text, params![token, secret, sql(user)])?;
        Ok(Credentials::oauth1(APP_KEY, APP_SECRET, token, secret))
    }

    /// An OAuth 2.0 token for a user, with these scopes and no others. The client is not told which, as with a
    /// token of unknown origin.
    ///
    /// # Errors
    /// If there is no such user.
    pub fn oauth2(&self, username: &str, scopes: &[&str]) -> Result<Credentials, SandboxError> {
        let user = self.user_id(username)?.get();
        let token = oauth2_token(user, scopes);
        let text = "INSERT OR IGNORE INTO token (token, kind, app_id, user_id, scopes) VALUES (?, 'oauth2', 1, ?, ?)";
        self.shared.lock().world.db.execute(text, params![token, sql(user), scopes.join(" ")])?;
        Ok(Credentials::oauth2(token))
    }

    /// Makes an app, with users and tokens as asked for.
    ///
    /// # Errors
    /// If the app or a user of it is malformed, or the store fails.
    pub fn create_client(&self, new: &NewClient) -> Result<ClientKeys, SandboxError> {
        apps::create(&mut self.shared.lock().world, new, self.shared.clock.now())
    }

    /// The key and the secret of the app, which are its OAuth 2.0 client id and client secret as well.
    pub fn app_keys(&self) -> (String, Secret) {
        (APP_KEY.to_owned(), APP_SECRET.into())
    }

    /// Says to which addresses users may be sent back after logging in, and whether the app is a confidential one, which
    /// shows its secret for tokens of OAuth 2.0. At first it is a public one, with
    /// `http://127.0.0.1:8080/callback` among its addresses.
    ///
    /// # Errors
    /// If the store fails.
    pub fn set_login(&self, confidential: bool, callbacks: &[&str]) -> Result<(), SandboxError> {
        let settings = serde_json::json!({"confidential": confidential, "callbacks": callbacks});
        self.shared.lock().world.put("app", "1", 0, &settings)?;
        Ok(())
    }

    /// Allows the app no more than `read`, `read-write` or `read-write-directmessages`.
    ///
    /// # Errors
    /// If the store fails.
    pub fn set_app_access(&self, access: &str) -> Result<(), SandboxError> {
        self.shared.lock().world.db.execute("UPDATE app SET access = ?", [access])?;
        Ok(())
    }

    /// The id of the user of this name.
    ///
    /// # Errors
    /// If there is no such user.
    pub fn user_id(&self, username: &str) -> Result<UserId, SandboxError> {
        let found = self.shared.lock().world.user_id(username)?;
        found.map(UserId::new).ok_or_else(|| SandboxError(format!("there is no user `{username}` in the sandbox")))
    }

    /// Blocks until the sandbox stops, which it does by itself only if it is broken.
    pub fn join(mut self) {
        let _keep = self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn oauth1_token(user: u64) -> (String, String) {
    (format!("{user}-sandbox-access-token"), format!("sandbox-access-secret-{user}"))
}

fn oauth2_token(user: u64, scopes: &[&str]) -> String {
    format!("sandbox-oauth2-{user}-{}", scopes.join("."))
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
