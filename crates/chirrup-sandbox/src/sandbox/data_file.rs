//! File of a world: private to its owner, and used by one sandbox at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::error::SandboxError;
use crate::world::World;

/// Opens the database in a file. It contains tokens and messages, so that only the owner may read it.
pub(super) fn open(file: &Path) -> Result<World, SandboxError> {
    let name = file.display();
    let failed = |why: &dyn std::fmt::Display| SandboxError(format!("cannot use {name}: {why}"));
    make_private(file).map_err(|why| failed(&why))?;
    let db = Connection::open(file).map_err(|why| failed(&why))?;
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;").map_err(|why| failed(&why))?;
    if !World::has_current_schema(&db).map_err(|why| failed(&why))? {
        return Err(failed(&"another version of the sandbox wrote it; name another file or delete it"));
    }
    World::open(db).map_err(|why| failed(&why))
}

/// Creates the file if it is missing, and removes the permissions of other users.
fn make_private(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    owner_only(&mut options);
    let opened = options.open(file)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = opened.metadata()?.permissions();
        if permissions.mode() & 0o077 != 0 {
            permissions.set_mode(0o600);
            opened.set_permissions(permissions)?;
        }
    }
    drop(opened);
    Ok(())
}

/// Restricts access to a file that is created with these options to the current user.
#[cfg_attr(not(unix), allow(unused_variables, reason = "other systems keep the user's folders private"))]
pub(super) fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
}

/// Reserves a file for one running sandbox, until the lock is dropped.
pub(super) fn lock(file: &Path) -> Result<File, SandboxError> {
    let name = file.display();
    let failed = |why: io::Error| SandboxError(format!("cannot lock {name}: {why}"));
    // Two names of the same file have the same lock.
    let mut path = file.canonicalize().map_err(failed)?.into_os_string();
    path.push(".lock");
    let path = PathBuf::from(path);
    make_private(&path).map_err(failed)?;
    let lock = OpenOptions::new().write(true).open(&path).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            let message = format!("cannot use {name}: another sandbox is running on it; stop it or name another file");
            Err(SandboxError(message))
        }
        Err(TryLockError::Error(why)) => Err(failed(why)),
    }
}
