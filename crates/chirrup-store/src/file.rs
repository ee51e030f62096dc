//! A store in a file that only its owner may access.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_api::Error;
use fs4::{FileExt, TryLockError};

use crate::regular_file::{no_link, owner_only, with_suffix};
use crate::store::{LockedStore, Store};

/// A store in a file, created with access for its owner only.
///
/// A file that other users can access or own, or a symbolic link, is rejected; so is a folder that other users can change
/// or own, or that is a symbolic link. A new value is written to a second file,
/// flushed to the disk and renamed, so that a crash leaves the old value or the new one. The lock is a second file in the
/// same folder, with `.lock` appended to the name.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
    /// Which changes wait until the disk has them.
    flushed: Flushed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flushed {
    All,
    Replacements,
    None,
}

struct LockedFile {
    store: FileStore,
    lock: File,
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        // If this fails, the system unlocks the file when it is closed.
        let _ = FileExt::unlock(&self.lock);
    }
}

impl FileStore {
    /// Creates a store in the file at a path. Neither the file nor its folder has to exist.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), flushed: Flushed::All }
    }

    /// Creates a store that does not flush changes to the disk. It is faster and survives the end of the program, but
    /// may lose changes in a power failure.
    pub fn volatile(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), flushed: Flushed::None }
    }

    /// Creates a store for a log: replacements are flushed to the disk, appended bytes are not. A power failure may lose
    /// the last appended bytes, but never the replacement before them.
    pub fn log(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), flushed: Flushed::Replacements }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, action: &str, why: &io::Error) -> Error {
        Error::storage(format!("could not {action} {}: {why}", self.path.display()))
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Opens the file after checking that no other user can have read or written it.
    fn open_checked(&self) -> Result<Option<File>, Error> {
        self.check_folder()?;
        match std::fs::symlink_metadata(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(self.failed("inspect", &why)),
            Ok(metadata) => self.check(&metadata)?,
        }
        let file = File::open(&self.path).map_err(|why| self.failed("read", &why))?;
        // Checked again on the open file: it may have been replaced with a link in the meantime.
        let metadata = file.metadata().map_err(|why| self.failed("inspect", &why))?;
        self.check(&metadata)?;
        Ok(Some(file))
    }

    fn check(&self, metadata: &Metadata) -> Result<(), Error> {
        let path = self.path.display();
        if !metadata.is_file() {
            return Err(Error::storage(format!("could not use {path}: it is not a regular file"))
                .with_hint(format!("remove {path}")));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            if metadata.uid() != rustix::process::geteuid().as_raw() {
                return Err(Error::storage(format!("could not use {path}: it belongs to another user"))
                    .with_hint(format!("do not trust its content; move {path} away, and try again")));
            }
            if metadata.permissions().mode() & 0o077 != 0 {
                return Err(Error::storage(format!("could not use {path}: other users can access it"))
                    .with_hint(format!("run `chmod 600 {path}`")));
            }
        }
        Ok(())
    }

    /// Checks that no other user can replace the files of the folder.
    fn check_folder(&self) -> Result<(), Error> {
        let folder = self.folder();
        let metadata = match std::fs::symlink_metadata(folder) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(()),
            metadata => metadata.map_err(|why| self.failed("inspect the folder of", &why))?,
        };
        let folder = folder.display();
        let rejected = |why: &str, hint: String| {
            Err(Error::storage(format!("could not use the folder {folder}: {why}")).with_hint(hint))
        };
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            let (user, mode) = (rustix::process::geteuid().as_raw(), metadata.permissions().mode());
            // The system has links and shared folders of its own, such as `/tmp`.
            let is_of_system = metadata.uid() == 0 && user != 0;
            if metadata.is_symlink() && !is_of_system {
                return rejected("it is a symbolic link", "use the folder that it refers to".to_owned());
            }
            if metadata.uid() != user && !is_of_system {
                let hint = format!("do not trust its content; move {folder} away, or use another folder");
                return rejected("it belongs to another user", hint);
            }
            // In a sticky folder, only the owner of a file can replace it. A group with the number of the user is usually
            // that user's own.
            let others = if metadata.gid() == metadata.uid() { 0o002 } else { 0o022 };
            if !metadata.is_symlink() && mode & others != 0 && mode & 0o1000 == 0 {
                return rejected("other users can change its files", format!("run `chmod 700 {folder}`"));
            }
        }
        #[cfg(not(unix))]
        if metadata.is_symlink() {
            return rejected("it is a symbolic link", "use the folder that it refers to".to_owned());
        }
        Ok(())
    }

    fn read_part(&self, offset: u64, max: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some(mut file) = self.open_checked()? else { return Ok(None) };
        let mut value = Vec::new();
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.take(max).read_to_end(&mut value));
        read.map_err(|why| self.failed("read", &why))?;
        Ok(Some(value))
    }

    fn open_lock_file(&self) -> Result<File, Error> {
        create_private_folder(self.folder()).map_err(|why| self.failed("create the folder of", &why))?;
        self.check_folder()?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        owner_only(&mut options);
        no_link(&mut options);
        options.open(with_suffix(&self.path, ".lock")).map_err(|why| self.failed("lock", &why))
    }

    fn replace(&self, value: &[u8]) -> io::Result<()> {
        let new = with_suffix(&self.path, ".new");
        // A killed program may have left this file. The lock is held, so no other program is writing it.
        let _ = std::fs::remove_file(&new);
        self.write_and_rename(&new, value).inspect_err(|_| {
            // A part of a value would only take space on a full disk.
            let _ = std::fs::remove_file(&new);
        })
    }

    fn write_and_rename(&self, new: &Path, value: &[u8]) -> io::Result<()> {
        let durable = self.flushed != Flushed::None;
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        owner_only(&mut options);
        let mut file = options.open(new)?;
        file.write_all(value)?;
        if durable {
            file.sync_all()?;
        }
        std::fs::rename(new, &self.path)?;
        #[cfg(unix)]
        if durable {
            File::open(self.folder())?.sync_all()?;
        }
        Ok(())
    }

    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only(&mut options);
        no_link(&mut options);
        let mut file = options.open(&self.path)?;
        file.write_all(bytes)?;
        if self.flushed == Flushed::All { file.sync_data() } else { Ok(()) }
    }
}

impl Store for FileStore {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.read_part(0, u64::MAX)
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let lock = self.open_lock_file()?;
        match FileExt::try_lock(&lock) {
            Ok(()) => Ok(Some(Box::new(LockedFile { store: self.clone(), lock }))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(self.failed("lock", &why)),
        }
    }
}

impl LockedStore for LockedFile {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.read_part(0, u64::MAX)
    }

    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        Ok(self.store.read_part(offset, u64::MAX)?.unwrap_or_default())
    }

    fn read_range(&mut self, offset: u64, max: usize) -> Result<Vec<u8>, Error> {
        Ok(self.store.read_part(offset, max as u64)?.unwrap_or_default())
    }

    fn size(&mut self) -> Result<u64, Error> {
        let Some(file) = self.store.open_checked()? else { return Ok(0) };
        Ok(file.metadata().map_err(|why| self.store.failed("inspect", &why))?.len())
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        self.store.replace(value).map_err(|why| self.store.failed("write", &why))
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.store.open_checked()?;
        self.store.append(bytes).map_err(|why| self.store.failed("write", &why))
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::assert_conforms;

    #[test]
    fn a_file_keeps_the_contract_of_a_store() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_conforms(|| FileStore::at(folder.path().join("deep/value")));
        assert_conforms(|| FileStore::volatile(folder.path().join("volatile")));
    }

    #[test]
    fn files_that_differ_in_their_extension_have_locks_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = |name: &str| FileStore::at(folder.path().join(name));
        let names = ["127.0.0.1_18090", "127.0.0.1_18091", "limits.json", "limits.toml"];
        let mut locked: Vec<_> =
            names.iter().map(|name| store(name).try_lock().expect("lockable").expect("its own lock")).collect();
        for (locked, name) in locked.iter_mut().zip(names) {
            locked.replace(name.as_bytes()).expect("writable");
        }
        for name in names {
            assert!(store(name).try_lock().expect("lockable").is_none());
            assert_eq!(store(name).read().expect("readable").as_deref(), Some(name.as_bytes()));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_other_users_can_access_is_rejected() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let store = FileStore::at(folder.path().join("value"));
        store.try_lock().expect("lockable").expect("unlocked").replace(b"secret").expect("writable");
        std::fs::set_permissions(store.path(), std::fs::Permissions::from_mode(0o644)).expect("changed");
        let error = store.read().expect_err("rejected");
        assert!(error.kind() == chirrup_api::ErrorKind::Storage, "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("chmod 600")), "{error:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_other_users_can_change_is_rejected_and_so_are_links() {
        use std::os::unix::fs::PermissionsExt as _;
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("folder");
        let store = FileStore::at(folder.join("value"));
        store.try_lock().expect("lockable").expect("unlocked").replace(b"secret").expect("writable");
        for mode in [0o777, 0o703, 0o702] {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("changed");
            for error in [store.read().err(), store.try_lock().err()] {
                let hint = error.as_ref().and_then(|error| error.hint()).unwrap_or_default().to_owned();
                assert!(hint.contains("chmod 700"), "{mode:o}: {error:?}");
            }
        }
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).expect("changed");
        assert!(store.read().is_ok());
        let link = outer.path().join("link");
        std::os::unix::fs::symlink(&folder, &link).expect("a link");
        let error = FileStore::at(link.join("value")).read().expect_err("rejected");
        assert!(error.message().contains("symbolic link"), "{error}");
        // A lock that is a link would create a file wherever it points to.
        let target = outer.path().join("target");
        std::os::unix::fs::symlink(&target, folder.join("other.lock")).expect("a link");
        assert!(FileStore::at(folder.join("other")).try_lock().is_err());
        assert!(!target.exists());
    }
}
