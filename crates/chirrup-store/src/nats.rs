//! A store on a NATS server with JetStream, for processes on several machines.

mod bucket;
mod parts;
mod server;
mod shared_values;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::Error;
use chirrup_auth::Secret;

use self::parts::token_of;
use self::shared_values::{Held, SharedValues};
use crate::client_runtime::ClientRuntime;
use crate::store::{LockedStore, Store};

pub use self::bucket::open_bucket;
pub use self::server::NatsServer;

/// A store under one key of a bucket of a NATS server with JetStream.
///
/// The address names the server and the bucket: `nats://host:4222/team`. A name and password, or a token, can stand before
/// the host; an option can name a file instead, so that the address has no secret: `?login=FILE` for a file with one of both,
/// `?nkey=FILE` for the seed of an NKey, `?creds=FILE` for a credentials file with a JWT. `&ca=FILE` names the certificates, in
/// PEM format, of further authorities that the client trusts.
///
/// A value can have 64 MiB. It is stored in messages of 16 KiB, and replaced by the replacement of the entry that lists them.
/// The lock is a key of a second bucket, with the suffix `_locks`, from which the server removes it after three minutes, in
/// case its holder is gone. Both buckets are created when they are missing; set the number of replicas and other limits with
/// the tools of NATS.
#[derive(Clone)]
pub struct NatsStore {
    connection: Arc<Connection>,
    key: String,
}

/// Connection that is made by the first access.
struct Connection {
    server: NatsServer,
    open: Mutex<Option<Arc<Open>>>,
}

struct Open {
    runtime: ClientRuntime,
    values: SharedValues,
}

impl fmt::Debug for NatsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsStore")
            .field("server", &self.connection.server)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl NatsStore {
    /// Opens a key of the bucket with this address, such as `tls://nats.example.com:4222/team?creds=team.creds`.
    ///
    /// The value may contain tokens, so the connection to a server on another machine has to use TLS. The first access
    /// connects to the server. Connecting and each request have a timeout of 5 seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the address is malformed, or a file that it
    /// names cannot be read.
    pub fn open(address: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::of(parse(&address.into())?.with_tls(), key))
    }

    /// Opens a key of a bucket with TLS only if the scheme is `tls`, for a network in which nothing else can listen.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if the address is malformed, or a file that it
    /// names cannot be read.
    pub fn open_unencrypted(address: impl Into<Secret>, key: impl Into<String>) -> Result<Self, Error> {
        Ok(Self::of(parse(&address.into())?.without_tls(), key))
    }

    fn of(server: NatsServer, key: impl Into<String>) -> Self {
        Self { connection: Arc::new(Connection { server, open: Mutex::default() }), key: key.into() }
    }

    /// Returns a store under another key of the same bucket, over the same connection.
    #[must_use]
    pub fn with_key(&self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self.clone() }
    }

    /// Accesses the server, to which the first access connects.
    fn access<T: Send + 'static, F: Future<Output = io::Result<T>> + Send + 'static>(
        &self,
        of: impl FnOnce(SharedValues, String) -> F,
    ) -> Result<T, Error> {
        let run = || {
            let open = self.connection.open()?;
            open.runtime.run(of(open.values.clone(), token_of(&self.key)))
        };
        run().map_err(|why| {
            let hint = match why.kind() {
                io::ErrorKind::PermissionDenied => "check the login, and the permissions of the NATS user",
                io::ErrorKind::TimedOut => "check the server, then try again",
                io::ErrorKind::NotConnected => "check the address, the server and its TLS, then try again",
                io::ErrorKind::ResourceBusy => "try again",
                io::ErrorKind::InvalidData => "choose another bucket",
                _ => "check the limits of the bucket and the log of the server",
            };
            Error::storage(format!("could not access {}: {why}", self.name())).with_hint(hint)
        })
    }
}

fn parse(address: &Secret) -> Result<NatsServer, Error> {
    let parsed = NatsServer::parse(address.expose(), "bucket");
    parsed.and_then(|server| server.options().map(|_| server)).map_err(|why| {
        Error::configuration(why.to_string()).with_hint("use an address such as `nats://localhost:4222/team`")
    })
}

impl Connection {
    fn open(&self) -> io::Result<Arc<Open>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = &*open {
            return Ok(Arc::clone(open));
        }
        let runtime = ClientRuntime::start("nats-store")?;
        let values = runtime.run(SharedValues::open(self.server.clone()))?;
        Ok(Arc::clone(open.insert(Arc::new(Open { runtime, values }))))
    }
}

impl Store for NatsStore {
    fn name(&self) -> String {
        format!("the key `{}` of {}", self.key, self.connection.server)
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.access(|values, key| async move { values.read(&key).await })
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let held = self.access(|values, key| async move { values.lock(&key).await })?;
        Ok(held.map(|held| Box::new(LockedNats { store: self.clone(), held }) as Box<dyn LockedStore>))
    }
}

struct LockedNats {
    store: NatsStore,
    held: Held,
}

impl Drop for LockedNats {
    fn drop(&mut self) {
        let held = self.held.clone();
        // If the server cannot be reached, the lock expires by itself.
        let _ = self.store.access(|values, _| async move {
            values.release(&held).await;
            Ok(())
        });
    }
}

impl LockedNats {
    fn read_part(&self, offset: u64, max: u64) -> Result<Vec<u8>, Error> {
        let held = self.held.clone();
        self.store.access(move |values, _| async move { values.read_range(&held, offset, max).await })
    }
}

impl LockedStore for LockedNats {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.held.parts.0 {
            None => Ok(None),
            Some(_) => self.read_part(0, u64::MAX).map(Some),
        }
    }

    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        self.read_part(offset, u64::MAX)
    }

    fn read_range(&mut self, offset: u64, max: usize) -> Result<Vec<u8>, Error> {
        self.read_part(offset, max as u64)
    }

    fn size(&mut self) -> Result<u64, Error> {
        Ok(self.held.parts.size())
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        let (held, value) = (self.held.clone(), value.to_vec());
        self.held = self.store.access(move |values, key| async move { values.replace(&key, held, value).await })?;
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let (held, bytes) = (self.held.clone(), bytes.to_vec());
        self.held = self.store.access(move |values, key| async move { values.append(&key, held, bytes).await })?;
        Ok(())
    }
}

#[cfg(test)]
mod login_tests;
#[cfg(test)]
mod tests;
