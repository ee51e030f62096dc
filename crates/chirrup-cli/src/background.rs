//! The sandbox in the background: one world for all commands of a terminal session.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chirrup::Credentials;
use serde::{Deserialize, Serialize};

use crate::error::CliError;
use crate::exit::ExitStatus;

/// Variable with the token of the control API of a sandbox.
pub(crate) const CONTROL_TOKEN: &str = "CHIRRUP_CONTROL_TOKEN";
/// Name of the file that says that a sandbox runs. The server ends when the file does.
const RECORD: &str = "sandbox.json";
/// Time that a server on this machine has to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// A sandbox that runs in the background.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Background {
    pub(crate) url: String,
    pub(crate) process: u32,
    /// Environment variables of its clients.
    pub(crate) environment: BTreeMap<String, String>,
    /// Token of the control API.
    #[serde(default)]
    pub(crate) control_token: Option<String>,
    /// Environment variables of programs with the host names of X.
    #[serde(default)]
    pub(crate) proxy: BTreeMap<String, String>,
    /// Numbers of imported objects, by kind.
    #[serde(default)]
    pub(crate) imported: BTreeMap<String, u64>,
}

impl Background {
    /// Finds the running sandbox of this terminal session.
    pub(crate) fn find() -> Option<Self> {
        let found = Self::read(&folder()?.join(RECORD))?;
        found.is_running().then_some(found)
    }

    pub(crate) fn read(record: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(record).ok()?).ok()
    }

    /// Whether the server accepts connections.
    pub(crate) fn is_running(&self) -> bool {
        let address = self.url.strip_prefix("http://").and_then(|address| address.parse::<SocketAddr>().ok());
        address.is_some_and(|address| TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).is_ok())
    }

    /// Credentials of the app and a user of the sandbox.
    pub(crate) fn credentials(&self) -> Result<Credentials, CliError> {
        Credentials::from_lookup(|name| self.environment.get(name).cloned())
            .map_err(|why| CliError::new(ExitStatus::Credentials, why.to_string()))
    }

    /// Writes the record, which only the current user can read. A reader finds all of it or nothing.
    pub(crate) fn write(&self, record: &Path) -> std::io::Result<()> {
        let new = record.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        chirrup::store::owner_only(&mut options);
        options.open(&new)?.write_all(&serde_json::to_vec(self)?)?;
        fs::rename(new, record)
    }
}

/// Returns the file that says that a sandbox runs in this terminal session.
pub(crate) fn record() -> Result<PathBuf, CliError> {
    let folder = folder().ok_or_else(|| {
        CliError::usage("a sandbox in the background needs a folder").with_hint("set CHIRRUP_CONFIG_DIR to a folder")
    })?;
    fs::create_dir_all(&folder).map_err(|why| CliError::write(folder.display(), why))?;
    Ok(folder.join(RECORD))
}

/// Returns the folder for costs, rate limits and idempotency keys of the sandbox with this URL.
pub(crate) fn folder_of(base_url: &str) -> Option<PathBuf> {
    let folder = folder()?;
    Background::read(&folder.join(RECORD)).filter(|found| found.url == base_url.trim_end_matches('/')).map(|_| folder)
}

/// Folder of the sandbox of this terminal session.
fn folder() -> Option<PathBuf> {
    Some(chirrup::config_dir().ok()?.join("sandbox").join(session()))
}

/// Name of the terminal session, which its processes share.
fn session() -> String {
    leader::of_session().map_or_else(|| "default".to_owned(), |leader| leader.to_string())
}

/// Whether the process that leads this terminal session runs.
pub(crate) fn has_session() -> bool {
    leader::of_session().is_some_and(leader::is_running)
}

#[cfg(unix)]
mod leader {
    use nix::errno::Errno;
    use nix::sys::signal;
    use nix::unistd::{self, Pid};

    /// Process that leads the terminal session. In a container it can be a process outside, which has no number here.
    pub(super) fn of_session() -> Option<Pid> {
        unistd::getsid(None).ok().filter(|leader| leader.as_raw() > 0)
    }

    pub(super) fn is_running(leader: Pid) -> bool {
        // A process of another user cannot be signaled, but runs.
        signal::kill(leader, None) != Err(Errno::ESRCH)
    }
}

#[cfg(not(unix))]
mod leader {
    pub(super) fn of_session() -> Option<u32> {
        None
    }

    pub(super) fn is_running(_: u32) -> bool {
        false
    }
}
