//! Session with a server.

use std::error::Error as _;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use postgres::error::SqlState;
use postgres::{Client, Error};

use super::address::Address;
use super::tls;

/// Settings of a session: a page survives a crash of the server after its commit, and each wait for a lock ends.
const SETTINGS: &str = "SET synchronous_commit = on; SET lock_timeout = '60s'; SET client_min_messages = warning; \
                        SET standard_conforming_strings = on";
/// Longest time for which a lost connection is opened again, and the wait between two attempts.
const RECONNECT_TIMEOUT: Duration = Duration::from_secs(60);
const RECONNECT_WAIT: Duration = Duration::from_millis(500);

/// Connection to a server, whose search path is the schema of the archive.
pub(super) struct Session {
    client: Option<Client>,
}

impl Session {
    pub(super) fn open(address: &Address) -> io::Result<Self> {
        let connect = || -> Result<Client, io::Error> {
            let failed = |why: Error| failed(address, &why);
            let mut client = address.config.connect(tls::connector()?).map_err(failed)?;
            client.batch_execute(&format!("{SETTINGS}; SET search_path = {}", address.schema)).map_err(failed)?;
            Ok(client)
        };
        Ok(Self { client: Some(outside_runtime(connect)?) })
    }

    /// Opens a session again that was lost, and prepares it, for a minute at most.
    pub(super) fn reopen<T: Send>(
        &mut self,
        address: &Address,
        prepare: impl Fn(&mut Client) -> Result<T, Error> + Send + Copy,
    ) -> io::Result<T> {
        let begun = Instant::now();
        self.close();
        loop {
            let opened = Self::open(address).and_then(|mut session| Ok((session.run(address, prepare)?, session)));
            match opened {
                Ok((prepared, session)) => {
                    *self = session;
                    return Ok(prepared);
                }
                Err(why) if begun.elapsed() >= RECONNECT_TIMEOUT => return Err(why),
                Err(_) => thread::sleep(RECONNECT_WAIT),
            }
        }
    }

    /// Calls `work` with the client.
    pub(super) fn run<T: Send>(
        &mut self,
        address: &Address,
        work: impl FnOnce(&mut Client) -> Result<T, Error> + Send,
    ) -> io::Result<T> {
        self.try_run(address, work)?.map_err(|why| failed(address, &why))
    }

    /// Calls `work` with the client, and returns its error as it is.
    pub(super) fn try_run<T: Send>(
        &mut self,
        address: &Address,
        work: impl FnOnce(&mut Client) -> Result<T, Error> + Send,
    ) -> io::Result<Result<T, Error>> {
        match &mut self.client {
            Some(client) => Ok(outside_runtime(|| work(client))),
            None => Err(io::Error::new(io::ErrorKind::NotConnected, format!("{address}: the connection is lost"))),
        }
    }

    fn close(&mut self) {
        if let Some(client) = self.client.take() {
            outside_runtime(|| drop(client));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

/// Calls a function in a thread without an asynchronous runtime, in which the client would panic.
fn outside_runtime<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let done = thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Whether an error says that the connection is lost: the server has stopped, or the network is down.
pub(super) fn is_lost(why: &Error) -> bool {
    let states = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW];
    let is_io = || why.source().is_some_and(|source| source.is::<io::Error>());
    why.is_closed() || why.code().map_or_else(is_io, |code| states.contains(code))
}

/// Whether no server accepts connections.
fn is_unreachable(why: &Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable, NotFound, TimedOut};
    let why = why.source().and_then(|source| source.downcast_ref::<io::Error>());
    let kinds = [ConnectionRefused, HostUnreachable, NetworkUnreachable, NotFound, TimedOut];
    why.is_some_and(|why| kinds.contains(&why.kind()))
}

/// Returns an error with the address, the reason and the next step.
pub(super) fn failed(address: &Address, why: &Error) -> io::Error {
    let Some(error) = why.as_db_error() else {
        let source = why.source().map(|source| format!(": {source}")).unwrap_or_default();
        let hint = if is_unreachable(why) { address.check() } else { String::new() };
        return io::Error::other(format!("{address}: {why}{source}{hint}"));
    };
    let hints = [
        (
            SqlState::INVALID_PASSWORD,
            "set the environment variable PGPASSWORD, or add the server to a file ~/.pgpass that only you can read",
        ),
        (SqlState::INVALID_CATALOG_NAME, "create it with the command `createdb`"),
        (
            SqlState::INSUFFICIENT_PRIVILEGE,
            "grant the user CREATE on the database, or choose a schema that the user owns",
        ),
        (SqlState::LOCK_NOT_AVAILABLE, "another program holds a lock; wait for its end, then repeat the command"),
    ];
    let hint = hints.iter().find(|(code, _)| code == error.code()).map(|(_, hint)| format!("; {hint}"));
    io::Error::other(format!("{address}: {}{}", error.message(), hint.unwrap_or_default()))
}
