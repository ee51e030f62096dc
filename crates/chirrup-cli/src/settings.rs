//! From flags and environment to a client.

use chirrup::login::Login;
use chirrup::tokens::{Profile, TokenFile};
use chirrup::{Client, Clock as _, Credentials, SystemClock};

use crate::args::Global;
use crate::exit::Failed;

/// The runtime of the program.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|why| Failed::usage(format!("no runtime: {why}")))
}

/// The profile that is used if none is named.
pub(crate) const PROFILE: &str = "default";

/// Makes the client that flags, environment and profiles describe. Credentials of the environment come first, unless a
/// profile is named.
pub(crate) async fn client(global: &Global) -> Result<Client, Failed> {
    if global.sandbox {
        return Ok(Client::sandbox()?);
    }
    let held = Credentials::from_lookup(|name| std::env::var(name).ok());
    if global.profile.is_none() && !held.is_empty() {
        return bare(global.base_url.as_deref(), held);
    }
    let Some(wanted) = &global.profile else {
        // Whoever has no home, no file or no profile in it still gets a client: what it is asked for says what it lacks.
        return match TokenFile::of_user() {
            Ok(file) => match file.read()?.remove(PROFILE) {
                Some(profile) => of_profile(global, &file, PROFILE, &profile).await,
                None => bare(global.base_url.as_deref(), held),
            },
            Err(_) => bare(global.base_url.as_deref(), held),
        };
    };
    let file = TokenFile::of_user()?;
    let Some(profile) = file.read()?.remove(wanted) else {
        let message = format!("there is no profile `{wanted}`; `chirrup login --profile {wanted}` makes one");
        return Err(Failed::usage(message));
    };
    of_profile(global, &file, wanted, &profile).await
}

/// A client with the tokens of a profile, refreshed if they are about to expire.
async fn of_profile(global: &Global, file: &TokenFile, name: &str, profile: &Profile) -> Result<Client, Failed> {
    let base_url = global.base_url.as_deref().or(profile.base_url.as_deref());
    let client = bare(base_url, Credentials::none())?;
    let credentials = file.credentials(name, &Login::new(&client), SystemClock.now()).await?;
    bare(base_url, credentials)
}

/// A client that holds these credentials.
pub(crate) fn bare(base_url: Option<&str>, credentials: Credentials) -> Result<Client, Failed> {
    let mut builder = Client::builder().credentials(credentials);
    if let Some(url) = base_url.filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(builder.build()?)
}
