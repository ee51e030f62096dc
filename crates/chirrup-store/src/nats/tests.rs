//! Tests of the store on a real server.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use async_nats::jetstream;
use async_nats::jetstream::stream::Config;

use super::*;
use crate::conformance::assert_conforms;

/// A server that ends when it is dropped.
pub(super) struct Server {
    child: Child,
    pub(super) url: String,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server. Without the program `nats-server`, prints `SKIPPED`.
    fn start() -> Option<Self> {
        Self::with_config("")
    }

    /// Starts a server with this configuration.
    pub(super) fn with_config(config: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("nats.conf");
        std::fs::write(&file, config).expect("writable");
        let mut command = Command::new("nats-server");
        command.arg("-c").arg(file).args(["-js", "-a", "127.0.0.1", "-p", "-1", "-sd"]).arg(folder.path());
        command.arg("--ports_file_dir").arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(child) = command.spawn() else {
            let _ = writeln!(std::io::stderr(), "SKIPPED: nats-server is not installed");
            return None;
        };
        let ports = folder.path().join(format!("nats-server_{}.ports", child.id()));
        let mut server = Self { child, url: String::new(), _folder: folder };
        for _ in 0..1_000 {
            let text = std::fs::read_to_string(&ports).unwrap_or_default();
            if let Some(at) = text.find("nats://") {
                server.url = text[at..].split('"').next().expect("a URL").to_owned();
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nats-server does not listen");
    }

    /// Opens a key over a new connection.
    pub(super) fn store(&self, key: &str) -> NatsStore {
        NatsStore::open(format!("{}/team", self.url), key).expect("an address")
    }

    /// Creates the bucket of the locks, which expire after this time.
    fn let_locks_expire_after(&self, max_age: Duration) {
        let url = self.url.clone();
        let settings = Config { max_age, duplicate_window: max_age, ..Config::default() };
        let create = async move {
            let client = async_nats::connect(url).await.map_err(io::Error::other)?;
            let bucket = open_bucket(&jetstream::new(client), "team_locks", settings).await;
            bucket.map(drop).map_err(|why| io::Error::other(why.to_string()))
        };
        ClientRuntime::start("test").and_then(|runtime| runtime.run(create)).expect("a bucket");
    }

    /// Number of messages in the bucket of the values.
    fn messages(&self, store: &NatsStore) -> u64 {
        let count = store.access(|values, _| async move { values.message_count().await });
        count.expect("a server")
    }
}

fn lock(store: &NatsStore) -> Box<dyn LockedStore> {
    store.try_lock().expect("a server").expect("unlocked")
}

#[test]
fn nats_keeps_the_contract_of_a_store() {
    let Some(server) = Server::start() else { return };
    assert_conforms(|| server.store("value"));
    let store = server.store("");
    assert_conforms(|| store.clone());
    let other = store.with_key("a.b/c d");
    lock(&other).replace(b"").expect("writable");
    assert_eq!(other.read().expect("readable"), Some(Vec::new()));
    assert_eq!(server.store("a").read().expect("readable"), None);
}

#[test]
fn the_late_write_of_an_expired_lock_changes_nothing() {
    let Some(server) = Server::start() else { return };
    server.let_locks_expire_after(Duration::from_secs(1));
    let mut late = lock(&server.store("value"));
    late.replace(b"one").expect("writable");
    // The holder is gone, as far as the server knows.
    let next = server.store("value");
    let mut held = crate::lock_blocking(&next).expect("a lock that has expired");
    for why in [late.replace(b"late").expect_err("expired"), late.append(b"late").expect_err("expired")] {
        assert!(why.message().contains("the lock expired"), "{why}");
    }
    drop(late);
    assert_eq!(held.read().expect("readable").as_deref(), Some(&b"one"[..]));
    held.append(b" two").expect("writable");
    assert_eq!(next.read().expect("readable").as_deref(), Some(&b"one two"[..]));
}

#[test]
fn a_value_can_be_larger_than_a_message_and_leaves_nothing_behind() {
    let Some(server) = Server::start() else { return };
    let store = server.store("value");
    let large: Vec<u8> = (0..5_000_000_u32).flat_map(|n| n.to_le_bytes().into_iter().take(1)).collect();
    let mut held = lock(&store);
    held.replace(&large).expect("writable");
    assert_eq!(store.read().expect("readable").as_ref(), Some(&large));
    assert_eq!(held.read_range(4_000_000, 70_000).expect("readable"), large[4_000_000..4_070_000]);
    held.append(&large).expect("writable");
    assert_eq!(held.size().expect("readable"), 10_000_000);
    held.replace(b"small").expect("writable");
    assert_eq!(server.messages(&store), 2, "the entry and one part");
    for n in 0..300_u32 {
        held.append(n.to_string().as_bytes()).expect("writable");
    }
    let expected = format!("small{}", (0..300).map(|n| n.to_string()).collect::<String>());
    assert_eq!(store.read().expect("readable").expect("a value"), expected.as_bytes());
    assert!(server.messages(&store) <= 65, "{}", server.messages(&store));
    let why = held.replace(&vec![0; shared_values::MAX_SIZE + 1]).expect_err("too large");
    assert!(why.message().contains("64 MiB"), "{why}");
    assert_eq!(store.read().expect("readable").expect("a value"), expected.as_bytes());
}

#[test]
fn a_reader_sees_the_old_value_or_the_new_one() {
    let Some(server) = Server::start() else { return };
    let values = [vec![1_u8; 100_000], vec![2_u8; 300_000]];
    lock(&server.store("value")).replace(&values[0]).expect("writable");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let store = server.store("value");
            let mut held = lock(&store);
            (0..60).for_each(|n| held.replace(&values[n % 2]).expect("writable"));
        });
        let store = server.store("value");
        while !writer.is_finished() {
            let value = store.read().expect("readable").expect("a value");
            assert!(values.contains(&value), "{} bytes", value.len());
        }
    });
}

#[test]
fn errors_name_the_server_and_no_secret() {
    let address = "nats://robin:secret@127.0.0.1:1/team";
    let store = NatsStore::open(address, "value").expect("an address");
    let why = store.read().expect_err("no server");
    assert!(why.message().contains("the key `value` of nats://127.0.0.1:1/team"), "{why}");
    assert!(!format!("{why:?} {store:?}").contains("secret"), "{why:?}");
    for address in ["nats://robin:secret@host", "redis://:secret@host/0", "nats://secret@host/team?creds=/nonexistent"]
    {
        let why = NatsStore::open(address, "value").expect_err("invalid");
        assert!(!format!("{why:?}").contains("secret"), "{why:?}");
        assert_eq!(why.kind(), chirrup_api::ErrorKind::Configuration);
    }
}
