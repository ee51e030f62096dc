//! Where tokens are kept: a file with a profile for each user or app.
//!
//! Only its owner may read it. It is replaced as a whole, so that a crash leaves the old one or the new one; programs that
//! change it wait for each other. A token that has run out is refreshed under the same lock, so that of many programs
//! one does it and the others find the new one.

mod profile;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chirrup_api::Error;
use chirrup_auth::Credentials;
use chirrup_model::Timestamp;
use fs4::{FileExt, TryLockError};
use serde_json::{Value as Json, json};

use crate::login::Login;

pub use profile::{Profile, UserTokens};

/// The form of the file.
const VERSION: u64 = 1;
/// How long to wait for another program.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(20);
/// With how much time left a token is refreshed.
const MARGIN_MS: i64 = 60_000;

/// A file of profiles.
#[derive(Debug, Clone)]
pub struct TokenFile {
    path: PathBuf,
}

/// All profiles by their names.
pub type Profiles = BTreeMap<String, Profile>;

/// Nobody else changes the file while this lives.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // The system lets go of it in any case.
        let _ = FileExt::unlock(&self.0);
    }
}

impl TokenFile {
    /// The file at this path. It need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The user's own: `credentials.json` in `CHIRRUP_CONFIG_DIR`, or in `chirrup` in the folder for settings.
    ///
    /// # Errors
    /// If the system names no such folder.
    pub fn of_user() -> Result<Self, Error> {
        let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = var("CHIRRUP_CONFIG_DIR")
            .or_else(|| var("XDG_CONFIG_HOME").map(|dir| dir.join("chirrup")))
            .or_else(|| var("APPDATA").map(|dir| dir.join("chirrup")))
            .or_else(|| var("HOME").map(|dir| dir.join(".config/chirrup")));
        let folder = folder.ok_or_else(|| Error::configuration("no folder for settings: set CHIRRUP_CONFIG_DIR"))?;
        Ok(Self::at(folder.join("credentials.json")))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// All profiles; none if there is no file.
    ///
    /// # Errors
    /// If the file cannot be read, others may read it too, or it is a link.
    pub fn read(&self) -> Result<Profiles, Error> {
        match std::fs::symlink_metadata(&self.path) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Profiles::new()),
            Err(why) => return Err(self.failed("cannot be looked at", &why)),
            Ok(found) => self.guarded(&found)?,
        }
        let text = std::fs::read_to_string(&self.path).map_err(|why| self.failed("cannot be read", &why))?;
        let json: Json = serde_json::from_str(&text).unwrap_or_default();
        if json["version"] != VERSION {
            let path = self.path.display();
            return Err(Error::configuration(format!("{path} is no file of profiles that this version can read")));
        }
        let profiles = json["profiles"].as_object().into_iter().flatten();
        Ok(profiles.map(|(name, profile)| (name.clone(), Profile::from_json(profile))).collect())
    }

    /// Changes the profiles, alone.
    ///
    /// # Errors
    /// If the file cannot be read or written, or another program holds it for more than 30 s. Then nothing is changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut Profiles) -> T) -> Result<T, Error> {
        let _lock = self.lock()?;
        let mut profiles = self.read()?;
        let result = change(&mut profiles);
        self.write(&profiles)?;
        Ok(result)
    }

    /// The credentials of a profile. A user's token that has run out, or is about to, is refreshed first and kept.
    ///
    /// # Errors
    /// If there is no such profile, the file fails, or X does not accept the refresh token. Tokens are never thrown away
    /// because of an error.
    pub async fn credentials(&self, name: &str, login: &Login, now: Timestamp) -> Result<Credentials, Error> {
        let unknown = || Error::configuration(format!("there is no profile `{name}`: log in first"));
        let profile = self.read()?.remove(name).ok_or_else(unknown)?;
        if !profile.is_due(now, MARGIN_MS) {
            return Ok(profile.credentials());
        }
        let (file, login, name) = (self.clone(), login.clone(), name.to_owned());
        // A task of its own: a caller who gives up does not lose the answer.
        let task = tokio::spawn(async move { file.refresh(&name, &login, now).await });
        task.await.map_err(|_| Error::login("the refresh was broken off"))?
    }

    async fn refresh(&self, name: &str, login: &Login, now: Timestamp) -> Result<Credentials, Error> {
        let _lock = self.lock_soon().await?;
        // Somebody else may have been faster.
        let mut profiles = self.read()?;
        let unknown = || Error::configuration(format!("there is no profile `{name}`: log in first"));
        let profile = profiles.get_mut(name).ok_or_else(unknown)?;
        let due = profile.oauth2.as_ref().filter(|_| profile.is_due(now, MARGIN_MS));
        let Some(old) = due.and_then(|user| user.refresh_token.clone()) else {
            return Ok(profile.credentials());
        };
        let app = profile.app().ok_or_else(|| Error::login("the profile does not name its app"))?;
        let tokens = login.refresh(&app, &old).await?;
        let scopes = match (tokens.scopes.is_empty(), &profile.oauth2) {
            (true, Some(user)) => user.scopes.clone(),
            _ => tokens.scopes.clone(),
        };
        profile.oauth2 = Some(UserTokens::new(&tokens, scopes, now));
        let credentials = profile.credentials();
        // Kept before anybody uses it: the old one is worth nothing from now on.
        self.write(&profiles)?;
        Ok(credentials)
    }

    fn lock_file(&self) -> Result<File, Error> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        private_folder(folder).map_err(|why| self.failed("has no folder", &why))?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private(&mut options);
        let path = self.path.with_extension("lock");
        options.open(path).map_err(|why| self.failed("cannot be locked", &why))
    }

    /// Tries once. Nothing comes of it if another program holds the lock, and an error if it has done so since long ago.
    fn try_lock(&self, since: Instant) -> Result<Option<Lock>, Error> {
        let file = self.lock_file()?;
        match FileExt::try_lock(&file) {
            Ok(()) => Ok(Some(Lock(file))),
            Err(TryLockError::WouldBlock) if since.elapsed() > PATIENCE => {
                let lock = self.path.with_extension("lock");
                Err(Error::configuration(format!("another program has held {} for more than 30 s", lock.display())))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(self.failed("cannot be locked", &why)),
        }
    }

    fn lock(&self) -> Result<Lock, Error> {
        let since = Instant::now();
        loop {
            if let Some(lock) = self.try_lock(since)? {
                return Ok(lock);
            }
            std::thread::sleep(PAUSE);
        }
    }

    async fn lock_soon(&self) -> Result<Lock, Error> {
        let since = Instant::now();
        loop {
            if let Some(lock) = self.try_lock(since)? {
                return Ok(lock);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Replaces the file as a whole.
    fn write(&self, profiles: &Profiles) -> Result<(), Error> {
        let profiles: Json = profiles.iter().map(|(name, profile)| (name.clone(), profile.to_json())).collect();
        let text = format!("{:#}\n", json!({"version": VERSION, "profiles": profiles}));
        self.replace(text.as_bytes()).map_err(|why| self.failed("cannot be written", &why))
    }

    fn replace(&self, text: &[u8]) -> io::Result<()> {
        let new = self.path.with_extension("new");
        // Left by a program that was killed; we hold the lock, so nobody writes it now.
        let _ = std::fs::remove_file(&new);
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        private(&mut options);
        let mut file = options.open(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        std::fs::rename(&new, &self.path)?;
        #[cfg(unix)]
        File::open(self.path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(())
    }

    /// Refuses a file that others may read, or that is none.
    fn guarded(&self, found: &std::fs::Metadata) -> Result<(), Error> {
        let path = self.path.display();
        if !found.is_file() {
            return Err(Error::configuration(format!("{path} is no plain file: remove it")));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            if found.permissions().mode() & 0o077 != 0 {
                return Err(Error::configuration(format!("others may read {path}: run `chmod 600 {path}`")));
            }
        }
        Ok(())
    }

    fn failed(&self, what: &str, why: &io::Error) -> Error {
        Error::configuration(format!("{} {what}: {why}", self.path.display()))
    }
}

/// Lets nobody but the user read what is made.
#[cfg_attr(not(unix), allow(unused_variables, reason = "elsewhere the folder of the user is private"))]
fn private(options: &mut OpenOptions) {
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
