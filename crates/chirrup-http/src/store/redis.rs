//! A store in Redis, for programs on several machines.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chirrup_api::Error;
use chirrup_auth::{Secret, hex};
use redis::{Client, Connection, ConnectionAddr, ErrorKind, TlsCertificates, Value};

use super::{LockedStore, Store};
use crate::proxy::is_here;

/// How long to wait for the server.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a lock is held at most, should its holder be gone. Longer than the longest refresh.
const LOCK_MS: u64 = 180_000;

/// Does something only as long as we hold the lock: what happened meanwhile is never overwritten.
const GUARDED: &str = "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return redis.error_reply('LOST lock') end \
                       return redis.call(ARGV[2], KEYS[1], ARGV[3])";
const RELEASE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

/// A store under one key of a Redis server. Beside it, the key with `:lock` behind it says who changes it; a lock whose
/// holder is gone is let go after three minutes.
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
    /// The value under this key of the server at this address, such as `rediss://:password@redis.example.com:6380/0`. It is
    /// connected to when it is needed. Tokens may go there: over TLS (`rediss`), unless it is on this machine.
    ///
    /// # Errors
    /// If the address is malformed, or is one of another machine without TLS.
    pub fn open(url: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        let store = Self::open_unencrypted(url, key)?;
        match store.client.get_connection_info().addr() {
            ConnectionAddr::Tcp(host, _) if !is_here(host) => {
                let why = "plain connections to Redis are only for this machine: use rediss, or `open_unencrypted` in a \
                           network of your own";
                Err(Error::configuration(why))
            }
            _ => Ok(store),
        }
    }

    /// The same, with or without TLS, for a network in which nobody else listens.
    ///
    /// # Errors
    /// If the address is malformed.
    pub fn open_unencrypted(url: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        Self::of(&url.into(), key, None)
    }

    /// The same over TLS, of a server whose certificate these roots vouch for, in PEM, and no others.
    ///
    /// # Errors
    /// If the address is malformed or is none of TLS, or the roots cannot be read.
    pub fn open_with_roots(url: impl Into<Secret>, key: impl Into<String>, roots: &str) -> Result<Self, Error> {
        Self::of(&url.into(), key, Some(roots.into()))
    }

    fn of(url: &Secret, key: impl Into<String>, roots: Option<Vec<u8>>) -> Result<Self, Error> {
        // If the program has chosen another already, that is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = match roots {
            None => Client::open(url.expose()),
            roots => Client::build_with_tls(url.expose(), TlsCertificates { client_tls: None, root_cert: roots }),
        };
        let client = client.map_err(|_| Error::configuration("the address of Redis is malformed"))?;
        Ok(Self { client, key: key.into(), connection: Arc::default() })
    }

    /// Another key of the same server, over the same connection.
    #[must_use]
    pub fn with_key(&self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self.clone() }
    }

    fn failed(&self, why: &redis::RedisError) -> Error {
        // What a server says of a login that it refuses may hold the password.
        let what = match why.kind() {
            ErrorKind::AuthenticationFailed => "it does not accept the password",
            _ if why.is_timeout() => "it does not answer in time",
            _ if why.is_io_error() => "no connection",
            _ if why.to_string().contains("LOST") => "the lock was lost: the change took longer than three minutes",
            _ => "it refuses",
        };
        Error::configuration(format!("the key `{}` in Redis cannot be used: {what}", self.key))
    }

    fn ask(&self, command: &redis::Cmd) -> Result<Value, Error> {
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
            // A connection that failed is not used again.
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
        Ok(match self.ask(redis::cmd("GET").arg(&self.key))? {
            Value::BulkString(bytes) => Some(bytes),
            _ => None,
        })
    }
}

impl Store for RedisStore {
    fn name(&self) -> String {
        format!("the key `{}` in Redis", self.key)
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.get()
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| Error::configuration("the system gives no randomness"))?;
        let token = hex(&random);
        let mut command = redis::cmd("SET");
        command.arg(self.lock_key()).arg(&token).arg("NX").arg("PX").arg(LOCK_MS);
        Ok(match self.ask(&command)? {
            Value::Nil => None,
            _ => Some(Box::new(Opened { store: self.clone(), token })),
        })
    }
}

struct Opened {
    store: RedisStore,
    token: String,
}

impl Drop for Opened {
    fn drop(&mut self) {
        let mut command = redis::cmd("EVAL");
        // If the server is gone, the lock ends by itself.
        let _ = self.store.ask(command.arg(RELEASE).arg(1).arg(self.store.lock_key()).arg(&self.token));
    }
}

impl Opened {
    fn guarded(&self, what: &str, value: &[u8]) -> Result<(), Error> {
        let mut command = redis::cmd("EVAL");
        command.arg(GUARDED).arg(2).arg(&self.store.key).arg(self.store.lock_key());
        self.store.ask(command.arg(&self.token).arg(what).arg(value)).map(drop)
    }
}

impl LockedStore for Opened {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.get()
    }

    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        Ok(match self.store.ask(redis::cmd("GETRANGE").arg(&self.store.key).arg(offset).arg(-1))? {
            Value::BulkString(bytes) => bytes,
            _ => Vec::new(),
        })
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        self.guarded("SET", value)
    }

    fn append(&mut self, more: &[u8]) -> Result<(), Error> {
        self.guarded("APPEND", more)
    }
}
