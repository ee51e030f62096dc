//! Processes that share limits, costs and tokens through a file or a Redis server.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chirrup::auth::Scope;
use chirrup::login::{App, Login};
use chirrup::store::{FileStore, Store};
use chirrup::tokens::{Profile, TokenStore, UserTokens};
use chirrup::{Budget, Client, ErrorKind, HttpBuilder, Ledger, OnRateLimit};
use chirrup_http::store::RedisStore;
use chirrup_sandbox::Sandbox;

use crate::common::{client_in_sandbox_time, clock, sandbox};
use crate::security::Authority;

/// Redis server that ends with the test.
struct Redis {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Redis {
    fn drop(&mut self) {
        // The test may already have stopped the server.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Redis {
    /// Starts a server if it is installed. `CHIRRUP_REDIS_SERVER` overrides the program `redis-server`.
    fn start() -> Option<Self> {
        // Another test may bind the port before the server does.
        for _ in 0..5 {
            let mut redis = Self::spawn(|port, _| vec!["--port".to_owned(), port.to_string()])?;
            if redis.answers(&redis.store("probe")) {
                return Some(redis);
            }
        }
        panic!("the Redis server does not start");
    }

    fn spawn(more: impl FnOnce(u16, &Path) -> Vec<String>) -> Option<Self> {
        let program = std::env::var("CHIRRUP_REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program);
        command.args(more(port, folder.path())).args([
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
        ]);
        command.arg(folder.path()).args(["--requirepass", "canary-password"]);
        let Ok(process) = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() else {
            let _ = writeln!(std::io::stderr(), "SKIPPED: redis-server is not installed");
            return None;
        };
        Some(Self { process, port, _folder: folder })
    }

    /// Waits until the server responds. Returns `false` if it ends.
    fn answers(&mut self, store: &RedisStore) -> bool {
        for _ in 0..400 {
            if store.read().is_ok() {
                return true;
            }
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        panic!("the Redis server does not answer: {:?}", store.read());
    }

    fn store(&self, key: &str) -> RedisStore {
        RedisStore::open(format!("redis://:canary-password@127.0.0.1:{}/0", self.port), key).unwrap()
    }
}

/// Returns a store for a key in the shared location.
type Shelf = Arc<dyn Fn(&str) -> Arc<dyn Store> + Send + Sync>;

/// Returns a location in a folder, and one in Redis if it is available.
fn shelves(folder: &std::path::Path, redis: Option<&Redis>) -> Vec<Shelf> {
    let folder = folder.to_owned();
    let mut shelves: Vec<Shelf> = vec![Arc::new(move |key| Arc::new(FileStore::volatile(folder.join(key))))];
    if let Some(redis) = redis {
        let store = redis.store("");
        shelves.push(Arc::new(move |key| Arc::new(store.with_key(key))));
    }
    shelves
}

#[test]
fn every_store_passes_the_conformance_test() {
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start();
    for shelf in shelves(folder.path(), redis.as_ref()) {
        let store = shelf("value");
        assert_eq!(store.read().unwrap(), None);
        let mut held = store.try_lock().unwrap().unwrap();
        assert!(shelf("value").try_lock().unwrap().is_none(), "{} is held by one", store.name());
        assert!(shelf("other").try_lock().unwrap().is_some());
        held.replace(b"one\x00two\xff").unwrap();
        held.append(b"three").unwrap();
        assert_eq!(held.read_from(8).unwrap(), b"three");
        assert_eq!(held.read_from(99).unwrap(), b"");
        drop(held);
        assert_eq!(store.read().unwrap().unwrap(), b"one\x00two\xffthree");
        assert!(store.try_lock().unwrap().is_some(), "it was dropped");
        // Concurrent updates: no addition is lost.
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let store = shelf("count");
                std::thread::spawn(move || {
                    for _ in 0..25 {
                        let mut held = loop {
                            if let Some(held) = store.try_lock().unwrap() {
                                break held;
                            }
                            std::thread::sleep(Duration::from_micros(300));
                        };
                        let value = held.read().unwrap().unwrap_or_default();
                        held.replace(&[&value[..], b"x"].concat()).unwrap();
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(shelf("count").read().unwrap().unwrap().len(), 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_programs_share_a_rate_limit() {
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start();
    for shelf in shelves(folder.path(), redis.as_ref()) {
        let sandbox = sandbox();
        let token = sandbox.oauth2("ada", &["users.read", "tweet.read"]).unwrap();
        let program = || {
            let wait = OnRateLimit::Wait { max_wait: Duration::from_secs(86_400) };
            client_in_sandbox_time(
                &sandbox,
                HttpBuilder::default().on_rate_limit(wait).shared_rate_limits(shelf("limits")),
                token.clone(),
            )
        };
        let tasks: Vec<_> = (0..4)
            .flat_map(|_| {
                let client = program();
                (0..50).map(move |_| {
                    let client = client.clone();
                    tokio::spawn(async move { client.get_me().await.map(drop) })
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let statuses: Vec<Option<u16>> = sandbox.journal().iter().map(|event| event.status).collect();
        assert_eq!(statuses, vec![Some(200); 200], "no connection was one too many");
    }
}

#[tokio::test]
async fn several_programs_share_a_budget() {
    let folder = tempfile::tempdir().unwrap();
    let redis = Redis::start();
    for shelf in shelves(folder.path(), redis.as_ref()) {
        let sandbox = sandbox();
        let program = || {
            let shelf = Arc::clone(&shelf);
            let ledger = Ledger::with_store(move |month| shelf(&format!("spend-{month}")));
            let ledger = ledger.with_budget(Budget::default().per_day("0.10".parse().unwrap()));
            client_in_sandbox_time(&sandbox, HttpBuilder::default().ledger(ledger), sandbox.credentials().unwrap())
        };
        let programs = [program(), program(), program()];
        let mut done = 0;
        for n in 0..12 {
            match programs[n % 3].create_post().text(format!("post {n}")).await {
                Ok(_) => done += 1,
                Err(error) => assert_eq!(error.kind(), ErrorKind::Budget),
            }
        }
        assert_eq!((done, sandbox.bill().to_string().as_str()), (6, "$0.09"));
    }
}

/// Returns the profile of `robin` in a store.
async fn logged_in(sandbox: &Sandbox, store: &TokenStore) {
    let client = Client::builder().base_url(sandbox.url()).build().unwrap();
    let (login, app) = (Login::new(&client), App::public(sandbox.app_keys().0));
    let scopes = [Scope::TweetRead, Scope::UsersRead, Scope::OfflineAccess];
    let begun = login.begin_oauth2(&app, "http://127.0.0.1:8080/callback", &scopes).unwrap();
    let to = crate::login::submit_consent(&client, begun.url(), "robin", "authorize").await.unwrap();
    let tokens = login.finish_oauth2(&app, begun, &to).await.unwrap();
    let mut profile = Profile::default();
    profile.app_key = Some(app.key().to_owned());
    profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), sandbox.clock().now()));
    store.update(|profiles| profiles.insert("robin".to_owned(), profile)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_machines_refresh_a_shared_token_once() {
    let Some(redis) = Redis::start() else { return };
    let sandbox = sandbox();
    let store = TokenStore::with_store(Arc::new(redis.store("tokens")));
    logged_in(&sandbox, &store).await;
    for round in 2..6 {
        sandbox.clock().advance(Duration::from_secs(7_200));
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                // Each with its own connection, like separate machines.
                let store = TokenStore::with_store(Arc::new(redis.store("tokens")));
                let http = HttpBuilder::default().clock(clock(&sandbox));
                let client =
                    Client::builder().http(http).profile(&store, "robin").base_url(sandbox.url()).build().unwrap();
                tokio::spawn(async move { client.get_me().await.map(drop) })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let asked = sandbox.journal().iter().filter(|event| event.path == "/2/oauth2/token").count();
        assert_eq!(asked, round);
    }
}

#[test]
fn remote_redis_servers_require_tls() {
    for plain in ["redis://10.0.0.5/0", "redis://:canary@localhost.evil.example/0", "redis://[2001:db8::1]:6379/0"] {
        let error = RedisStore::open(plain, "x").unwrap_err();
        assert!(error.hint().unwrap().contains("rediss") && !error.to_string().contains("canary"), "{error}");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(RedisStore::open_unencrypted(plain, "x").is_ok());
    }
    let authority = Authority::new();
    let (certificate, key) = authority.sign("localhost", 2060);
    let redis = Redis::spawn(|port, folder| {
        let file = |name: &str, text: String| {
            std::fs::write(folder.join(name), text).unwrap();
            folder.join(name).to_str().unwrap().to_owned()
        };
        let (certificate, key) = (file("cert.pem", certificate.pem()), file("key.pem", key.serialize_pem()));
        let root = file("root.pem", authority.root.pem());
        let port = port.to_string();
        let words = ["--port", "0", "--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key];
        words.into_iter().chain(["--tls-ca-cert-file", &root, "--tls-auth-clients", "no"]).map(str::to_owned).collect()
    });
    let Some(mut redis) = redis else { return };
    let port = redis.port;
    let url = |host: &str| format!("rediss://:canary-password@{host}:{port}/0");
    let store = RedisStore::open_with_roots(url("localhost"), "value", &authority.root.pem()).unwrap();
    if !redis.answers(&store) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: redis-server cannot do TLS");
        return;
    }
    store.try_lock().unwrap().unwrap().replace(b"over TLS").unwrap();
    assert_eq!(store.read().unwrap().unwrap(), b"over TLS");
    let stranger = RedisStore::open(url("localhost"), "value").unwrap().read().unwrap_err().to_string();
    assert!(!stranger.contains("canary"), "{stranger}");
    let another = RedisStore::open_with_roots(url("127.0.0.1"), "value", &authority.root.pem()).unwrap();
    assert!(another.read().is_err(), "the certificate is for another name");
    assert!(RedisStore::open_with_roots("redis://localhost/0", "x", &authority.root.pem()).is_err());
}

#[tokio::test]
async fn redis_errors_name_the_server_but_not_the_password() {
    let Some(mut redis) = Redis::start() else { return };
    let sandbox = sandbox();
    let limits: Arc<dyn Store> = Arc::new(redis.store("limits"));
    let money = redis.store("spend");
    let ledger = Ledger::with_store(move |month| Arc::new(money.with_key(month)));
    let http = HttpBuilder::default()
        .shared_rate_limits(limits)
        .ledger(ledger.with_budget(Budget::default().per_day("5".parse().unwrap())));
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    client.get_user(12).await.unwrap();
    redis.process.kill().unwrap();
    redis.process.wait().unwrap();
    let error = client.get_user(12).await.unwrap_err();
    assert!(error.message().contains("Redis") && error.message().contains("ledger"), "{error}");
    assert!(!format!("{error} {error:?} {client:?}").contains("canary"), "{error:?}");
    assert!(client.usage().await.is_ok(), "free calls still work, with the limits known to this process");
    let wrong = RedisStore::open(format!("redis://:canary-wrong@127.0.0.1:{}/0", redis.port), "x").unwrap();
    assert!(!wrong.read().unwrap_err().to_string().contains("canary"));
    assert!(RedisStore::open("nonsense://canary", "x").unwrap_err().to_string().contains("invalid Redis URL"));
}
