//! A store in a file that its owner alone may read.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chirrup_api::Error;
use fs4::{FileExt, TryLockError};

use super::{LockedStore, Store};

/// A store in a file. It is made so that its owner alone may read it, and it is never followed through a link. A value
/// that is replaced is written beside it, brought to the disk and renamed, so that a crash leaves the old one or the new
/// one.
#[derive(Debug, Clone)]
pub struct FileStore {
    path: PathBuf,
    /// Whether a change waits until the disk has it.
    durable: bool,
}

/// Nobody else changes the file while this lives.
struct Opened {
    store: FileStore,
    lock: File,
}

impl Drop for Opened {
    fn drop(&mut self) {
        // The system lets go of it in any case.
        let _ = FileExt::unlock(&self.lock);
    }
}

impl FileStore {
    /// The file at this path. It need not be there yet, nor its folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), durable: true }
    }

    /// The same, for what may be lost when the machine loses power: it survives the end of the program alone, and is faster.
    pub fn volatile(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), durable: false }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn failed(&self, what: &str, why: &io::Error) -> Error {
        Error::configuration(format!("{} {what}: {why}", self.path.display()))
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// The file, if there is one that nobody else can have written or read.
    fn guarded(&self) -> Result<Option<File>, Error> {
        match std::fs::symlink_metadata(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(self.failed("cannot be looked at", &why)),
            Ok(found) => self.check(&found)?,
        }
        let file = File::open(&self.path).map_err(|why| self.failed("cannot be read", &why))?;
        // What was opened is what was looked at: another may have put a link in its place meanwhile.
        let opened = file.metadata().map_err(|why| self.failed("cannot be looked at", &why))?;
        self.check(&opened)?;
        Ok(Some(file))
    }

    /// Refuses a file that is none, that others may read, or that somebody else owns.
    fn check(&self, found: &Metadata) -> Result<(), Error> {
        let path = self.path.display();
        if !found.is_file() {
            return Err(Error::configuration(format!("{path} is no plain file: remove it")));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
            if found.uid() != rustix::process::geteuid().as_raw() {
                return Err(Error::configuration(format!("somebody else owns {path}: run `chown $(id -u) {path}`")));
            }
            if found.permissions().mode() & 0o077 != 0 {
                return Err(Error::configuration(format!("others may read {path}: run `chmod 600 {path}`")));
            }
        }
        Ok(())
    }

    fn read_from(&self, offset: u64) -> Result<Option<Vec<u8>>, Error> {
        let Some(mut file) = self.guarded()? else { return Ok(None) };
        let mut value = Vec::new();
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_to_end(&mut value));
        read.map_err(|why| self.failed("cannot be read", &why))?;
        Ok(Some(value))
    }

    fn lock_file(&self) -> Result<File, Error> {
        private_folder(self.folder()).map_err(|why| self.failed("has no folder", &why))?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        owner_only(&mut options);
        options.open(self.path.with_extension("lock")).map_err(|why| self.failed("cannot be locked", &why))
    }

    fn replace(&self, value: &[u8]) -> io::Result<()> {
        let new = self.path.with_extension("new");
        // Left by a program that was killed; we hold the lock, so nobody writes it now.
        let _ = std::fs::remove_file(&new);
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        owner_only(&mut options);
        let mut file = options.open(&new)?;
        file.write_all(value)?;
        if self.durable {
            file.sync_all()?;
        }
        std::fs::rename(&new, &self.path)?;
        #[cfg(unix)]
        if self.durable {
            File::open(self.folder())?.sync_all()?;
        }
        Ok(())
    }

    fn append(&self, more: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only(&mut options);
        let mut file = options.open(&self.path)?;
        file.write_all(more)?;
        if self.durable { file.sync_data() } else { Ok(()) }
    }
}

impl Store for FileStore {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        self.read_from(0)
    }

    fn try_lock(&self) -> Result<Option<Box<dyn LockedStore>>, Error> {
        let lock = self.lock_file()?;
        match FileExt::try_lock(&lock) {
            Ok(()) => Ok(Some(Box::new(Opened { store: self.clone(), lock }))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(self.failed("cannot be locked", &why)),
        }
    }
}

impl LockedStore for Opened {
    fn read(&mut self) -> Result<Option<Vec<u8>>, Error> {
        self.store.read_from(0)
    }

    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, Error> {
        Ok(self.store.read_from(offset)?.unwrap_or_default())
    }

    fn replace(&mut self, value: &[u8]) -> Result<(), Error> {
        self.store.replace(value).map_err(|why| self.store.failed("cannot be written", &why))
    }

    fn append(&mut self, more: &[u8]) -> Result<(), Error> {
        self.store.guarded()?;
        self.store.append(more).map_err(|why| self.store.failed("cannot be written", &why))
    }
}

/// Lets nobody but the user read what is made.
#[cfg_attr(not(unix), allow(unused_variables, reason = "elsewhere the folder of the user is private"))]
pub fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}
