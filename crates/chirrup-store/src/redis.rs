//! A store in Redis, for processes on several machines.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::Error;
use chirrup_auth::{Secret, hex};
use redis::{Client, Connection, ConnectionAddr, ErrorKind, TlsCertificates, Value};

use crate::loopback::is_loopback_host;
use crate::store::{LockedStore, Store};

/// Timeout of connecting, reading and writing.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Time in milliseconds after which the lock of a holder that is gone expires. Longer than the longest token refresh.
const LOCK_EXPIRY_MS: u64 = 180_000;

/// Runs a command only while this client holds the lock, so that a late write overwrites nothing.
const WRITE_IF_LOCKED: &str = "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return redis.error_reply('LOST lock') end \
                               return redis.call(ARGV[2], KEYS[1], ARGV[3])";
const UNLOCK: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// A store under one key of a Redis server.
///
/// The lock is a second key, with the suffix `:lock`. It expires three minutes after its holder took it, in case the
/// holder is gone.
#[derive(Clone)]
pub struct RedisStore {
    client: Client,
    key: String,
    connection: Arc<Mutex<Option<Connection>>>,
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("key", &self.key).finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Opens a key of the server with this URL, such as `rediss://:password@redis.example.com:6380/0`.
    ///
    /// The value may contain tokens, so a server on another machine has to use TLS (`rediss`). The first access
    /// connects to the server, with a timeout of 5 seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the URL is malformed or names another
    /// machine without TLS.
    pub fn open(url: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        let store = Self::open_unencrypted(url, key)?;
        match store.client.get_connection_info().addr() {
            ConnectionAddr::Tcp(host, _) if !is_loopback_host(host) => {
                let message = format!("insecure Redis URL: connections to `{host}` have to use TLS");
                Err(Error::configuration(message)
                    .with_hint("use a `rediss` URL, or `RedisStore::open_unencrypted` in a private network"))
            }
            _ => Ok(store),
        }
    }

    /// Opens a key of a server with or without TLS, for a network in which nothing else can listen.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the URL is malformed.
    pub fn open_unencrypted(url: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        Self::connect_lazily(&url.into(), key, None)
    }

    /// Opens a key of a server over TLS that trusts these root certificates, in PEM format, and no others.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the URL is malformed or does not use TLS,
    /// or if the certificates are malformed.
    pub fn open_with_roots(url: impl Into<Secret>, key: impl Into<String>, roots: &str) -> Result<Self, Error> {
        Self::connect_lazily(&url.into(), key, Some(roots.into()))
    }

    fn connect_lazily(url: &Secret, key: impl Into<String>, roots: Option<Vec<u8>>) -> Result<Self, Error> {
        // Fails if the program has installed a provider already, which is then used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = match roots {
            None => Client::open(url.expose()),
            roots => Client::build_with_tls(url.expose(), TlsCertificates { client_tls: None, root_cert: roots }),
        };
        let client = client.map_err(|_| {
            Error::configuration("invalid Redis URL or certificates")
                .with_hint("use a URL such as `rediss://:password@redis.example.com:6380/0`")
        })?;
        Ok(Self { client, key: key.into(), connection: Arc::default() })
    }

    /// Returns a store under another key of the same server, over the same connection.
    #[must_use]
    pub fn with_key(&self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self.clone() }
    }

    fn failed(&self, why: &redis::RedisError) -> Error {
        // The server's message is dropped, since after a failed login it may contain the password.
        let (reason, hint) = match why.kind() {
            ErrorKind::AuthenticationFailed => ("the server rejected the password", "check the password in the URL"),
            _ if why.is_timeout() => ("the server did not respond in time", "check the server, then try again"),
            _ if why.is_io_error() => ("no connection to the server", "check the URL and the server, then try again"),
            _ if why.to_string().contains("LOST") => {
                ("the lock expired, since the change took longer than three minutes", "try again")
            }
            _ => ("the server rejected the command", "check the permissions of the Redis user"),
        };
        Error::storage(format!("could not access {}: {reason}", self.name())).with_hint(hint)
    }

    fn query(&self, command: &redis::Cmd) -> Result<Value, Error> {
        let mut kept = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => self.connect().map_err(|why| self.failed(&why))?,
        };
        let result: redis::RedisResult<Value> = command.query(&mut connection);
        match result {
            Ok(value) => {
                *kept = Some(connection);
                Ok(value)
            }
            // A connection on which a command failed is not reused.
            Err(why) => Err(self.failed(&why)),
        }
    }

    fn connect(&self) -> redis::RedisResult<Connection> {
        let connection = self.client.get_connection_with_timeout(TIMEOUT)?;
        connection.set_read_timeout(Some(TIMEOUT))?;
        connection.set_write_timeout(Some(TIMEOUT))?;
        Ok(connection)
    }

    fn lock_key(&self) -> String {
        format!("{}:lock", self.key)
    }

    fn get(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(match self.query(redis::cmd("GET").arg(&self.key))? {
            Value::BulkString(bytes) => Some(bytes),
            _ => None,
        })
    }
}

impl Store for RedisStore {
    fn name(&self) -> String {
        format!("the Redis key `{}`", self.key)
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.get()
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let mut token = [0; 16];
        getrandom::fill(&mut token).map_err(|_| {
            let name = self.name();
            Error::storage(format!("could not lock {name}: the system's random number generator failed"))
        })?;
        let token = hex(&token);
        let mut command = redis::cmd("SET");
        command.arg(self.lock_key()).arg(&token).arg("NX").arg("PX").arg(LOCK_EXPIRY_MS);
        Ok(match self.query(&command)? {
            Value::Nil => None,
            _ => Some(Box::new(LockedRedis { store: self.clone(), token })),
        })
    }
}

struct LockedRedis {
    store: RedisStore,
    token: String,
}

impl Drop for LockedRedis {
    fn drop(&mut self) {
        let mut command = redis::cmd("EVAL");
        // If the server cannot be reached, the lock expires by itself.
        let _ = self.store.query(command.arg(UNLOCK).arg(1).arg(self.store.lock_key()).arg(&self.token));
    }
}

impl LockedRedis {
    fn write(&self, redis_command: &str, value: &[u8]) -> Result<(), Error> {
        let mut command = redis::cmd("EVAL");
        command.arg(WRITE_IF_LOCKED).arg(2).arg(&self.store.key).arg(self.store.lock_key());
        self.store.query(command.arg(&self.token).arg(redis_command).arg(value)).map(drop)
    }
}

impl LockedStore for LockedRedis {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.get()
    }

    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        Ok(match self.store.query(redis::cmd("GETRANGE").arg(&self.store.key).arg(offset).arg(-1))? {
            Value::BulkString(bytes) => bytes,
            _ => Vec::new(),
        })
    }

    fn read_range(&mut self, offset: u64, max: usize) -> Result<Vec<u8>, Error> {
        // Redis includes the last position.
        let Some(last) = (max as u64).checked_sub(1).map(|more| offset.saturating_add(more)) else {
            return Ok(Vec::new());
        };
        Ok(match self.store.query(redis::cmd("GETRANGE").arg(&self.store.key).arg(offset).arg(last))? {
            Value::BulkString(bytes) => bytes,
            _ => Vec::new(),
        })
    }

    fn size(&mut self) -> Result<u64, Error> {
        Ok(match self.store.query(redis::cmd("STRLEN").arg(&self.store.key))? {
            Value::Int(size) => u64::try_from(size).unwrap_or_default(),
            _ => 0,
        })
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        self.write("SET", value)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write("APPEND", bytes)
    }
}
