//! From flags and environment to a client.

use chirrup::tokens::{Profile, TokenStore};
use chirrup::{Client, Credentials};

use crate::args::Global;
use crate::exit::Failed;

/// The runtime of the program.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|why| Failed::usage(format!("no runtime: {why}")))
}

/// The profile that is used if none is named.
pub(crate) const PROFILE: &str = "default";
/// Where the API is.
const X: &str = "https://api.x.com";

/// Makes the client that flags, environment and profiles describe. Credentials of the environment come first, unless a
/// profile is named.
pub(crate) fn client(global: &Global) -> Result<Client, Failed> {
    if global.sandbox {
        return Ok(Client::sandbox()?);
    }
    let held = Credentials::from_lookup(|name| std::env::var(name).ok());
    if global.profile.is_none() && !held.is_empty() {
        return bare(global.base_url.as_deref(), held);
    }
    let Some(wanted) = &global.profile else {
        // Whoever has no home, no file or no profile in it still gets a client: what it is asked for says what it lacks.
        return match TokenStore::of_user() {
            Ok(store) => match store.read()?.remove(PROFILE) {
                Some(profile) => of_profile(global, &store, PROFILE, &profile),
                None => bare(global.base_url.as_deref(), held),
            },
            Err(_) => bare(global.base_url.as_deref(), held),
        };
    };
    let store = TokenStore::of_user()?;
    let Some(profile) = store.read()?.remove(wanted) else {
        let message = format!("there is no profile `{wanted}`; `chirrup login --profile {wanted}` makes one");
        return Err(Failed::usage(message));
    };
    of_profile(global, &store, wanted, &profile)
}

/// A client with the tokens of a profile, which are renewed when they run out.
fn of_profile(global: &Global, store: &TokenStore, name: &str, profile: &Profile) -> Result<Client, Failed> {
    let own = profile.base_url.as_deref().unwrap_or(X).trim_end_matches('/');
    let asked = global.base_url.as_deref().filter(|url| !url.is_empty()).unwrap_or(own).trim_end_matches('/');
    if asked != own {
        // Tokens are for the place where they were given, whatever an environment says.
        let message = format!("the tokens of profile `{name}` are for {own} and are not sent to {asked}");
        return Err(Failed::usage(format!("{message}; log in there with another --profile")));
    }
    Ok(Client::builder().profile(store, name).base_url(own).build()?)
}

/// A client that holds these credentials.
pub(crate) fn bare(base_url: Option<&str>, credentials: Credentials) -> Result<Client, Failed> {
    let mut builder = Client::builder().credentials(credentials);
    if let Some(url) = base_url.filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(builder.build()?)
}
