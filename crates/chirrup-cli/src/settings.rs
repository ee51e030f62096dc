//! From flags and environment to a client.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chirrup::store::FileStore;
use chirrup::tokens::{Profile, TokenStore};
use chirrup::{Budget, Client, ClientBuilder, Credentials, HttpBuilder, Ledger, OnRateLimit, PriceList, RateLimitWait};

use crate::args::Global;
use crate::dry_run::{DryRun, Plan};
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
/// How long to wait for the next window of a rate limit: a whole one, and a little more.
const PATIENCE: Duration = Duration::from_secs(960);

/// What all clients of a run share.
struct Run<'g> {
    global: &'g Global,
    plan: Option<Arc<Plan>>,
}

/// Makes the client that flags, environment and profiles describe. Credentials of the environment come first, unless a
/// profile is named.
pub(crate) fn client(global: &Global, plan: Option<Arc<Plan>>) -> Result<Client, Failed> {
    let run = Run { global, plan };
    if global.sandbox {
        return Ok(run.builder(None)?.sandbox()?);
    }
    let held = Credentials::from_lookup(|name| std::env::var(name).ok());
    if global.profile.is_none() && !held.is_empty() {
        return run.bare(held);
    }
    let Some(wanted) = &global.profile else {
        // Whoever has no home, no file or no profile in it still gets a client: what it is asked for says what it lacks.
        return match tokens() {
            Ok(store) => match store.read()?.remove(PROFILE) {
                Some(profile) => run.of_profile(&store, PROFILE, &profile),
                None => run.bare(held),
            },
            Err(_) => run.bare(held),
        };
    };
    let store = tokens()?;
    let Some(profile) = store.read()?.remove(wanted) else {
        let message = format!("there is no profile `{wanted}`; `chirrup login --profile {wanted}` makes one");
        return Err(Failed::usage(message));
    };
    run.of_profile(&store, wanted, &profile)
}

impl Run<'_> {
    /// OnRateLimit and money are kept for each API by itself: a sandbox costs nothing.
    fn builder(&self, base_url: Option<&str>) -> Result<ClientBuilder, Failed> {
        let mut http = HttpBuilder::default();
        if !self.global.no_wait {
            let quiet = self.global.quiet;
            http = http
                .on_rate_limit(OnRateLimit::Wait { max_wait: PATIENCE })
                .on_wait(move |waiting| tell(waiting, quiet));
        }
        let mut ledger = Ledger::in_memory();
        if let (Some(base_url), Some(folder)) = (base_url, base_url.and_then(folder_for)) {
            let host = host_of(base_url);
            ledger = Ledger::in_folder(folder.join("spend").join(&host));
            http = http.shared_rate_limits(Arc::new(FileStore::volatile(folder.join("limits").join(host))));
        }
        http = http.ledger(ledger.with_prices(prices(self.global)?).with_budget(budget(self.global)));
        if let Some(plan) = &self.plan {
            http = http.transport(Arc::new(DryRun(Arc::clone(plan)))).ledger(Ledger::in_memory());
        }
        let builder = Client::builder().http(http);
        Ok(if let Some(url) = base_url { builder.base_url(url) } else { builder })
    }

    fn bare(&self, credentials: Credentials) -> Result<Client, Failed> {
        let url = self.global.base_url.as_deref().filter(|url| !url.is_empty()).unwrap_or(X);
        Ok(self.builder(Some(url))?.credentials(credentials).build()?)
    }

    /// A client with the tokens of a profile, which are renewed when they run out.
    fn of_profile(&self, store: &TokenStore, name: &str, profile: &Profile) -> Result<Client, Failed> {
        let own = profile.base_url.as_deref().unwrap_or(X).trim_end_matches('/');
        let asked = self.global.base_url.as_deref().filter(|url| !url.is_empty()).unwrap_or(own).trim_end_matches('/');
        if asked != own {
            // Tokens are for the place where they were given, whatever an environment says.
            let message = format!("the tokens of profile `{name}` are for {own} and are not sent to {asked}");
            return Err(Failed::usage(format!("{message}; log in there with another --profile")));
        }
        Ok(self.builder(Some(own))?.profile(store, name).build()?)
    }
}

/// Where the profiles are kept: in a file, or in the keyring of the system if that was chosen on purpose.
pub(crate) fn tokens() -> Result<TokenStore, Failed> {
    match std::env::var("CHIRRUP_TOKENS").as_deref() {
        Err(_) | Ok("" | "file") => Ok(TokenStore::in_config_dir()?),
        Ok("keyring") => in_keyring(),
        Ok(_) => Err(Failed::usage("CHIRRUP_TOKENS is `file` or `keyring`")),
    }
}

#[cfg(feature = "keyring")]
fn in_keyring() -> Result<TokenStore, Failed> {
    let lock = chirrup::config_dir()?.join("keyring");
    let keyring = chirrup::store::KeyringStore::open("chirrup", "profiles", lock)?;
    Ok(TokenStore::with_store(Arc::new(keyring)))
}

#[cfg(not(feature = "keyring"))]
fn in_keyring() -> Result<TokenStore, Failed> {
    Err(Failed::usage("this program was built without the keyring: `cargo install chirrup-cli --features keyring`"))
}

/// The name of a folder or file for an API.
pub(crate) fn host_of(base_url: &str) -> String {
    base_url.split_once("://").map_or(base_url, |(_, host)| host).replace([':', '/'], "_")
}

/// Where to keep books on an API. A sandbox on this machine leaves none behind, unless the folder was named on purpose.
pub(crate) fn folder_for(base_url: &str) -> Option<PathBuf> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|here| base_url.starts_with(here));
    if local && std::env::var_os("CHIRRUP_CONFIG_DIR").is_none() {
        return None;
    }
    chirrup::config_dir().ok()
}

/// The price list that is used.
pub(crate) fn prices(global: &Global) -> Result<PriceList, Failed> {
    let Some(file) = &global.price_list else { return Ok(PriceList::builtin().clone()) };
    let failed = |why: String| Failed::usage(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|why| failed(why.to_string()))?;
    text.parse::<PriceList>().map_err(|why| failed(why.to_string()))
}

fn budget(global: &Global) -> Budget {
    let mut budget = Budget::default();
    if let Some(cost) = global.budget {
        budget = budget.per_run(cost);
    }
    if let Some(cost) = global.budget_day {
        budget = budget.per_day(cost);
    }
    if let Some(cost) = global.budget_month {
        budget = budget.per_month(cost);
    }
    budget
}

/// Says that nothing will happen for a while, and why.
fn tell(waiting: &RateLimitWait, quiet: bool) {
    if !quiet {
        let until: String = waiting.until.to_string().chars().skip(11).take(8).collect();
        let seconds = waiting.wait.as_secs() + 1;
        let line = format!("the rate limit of {} is used up: waiting {seconds} s, until {until} UTC", waiting.endpoint);
        // If nobody can be told, it waits all the same.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

/// A client that holds these credentials and keeps no books, for logging in.
pub(crate) fn bare(base_url: Option<&str>, credentials: Credentials) -> Result<Client, Failed> {
    let mut builder = Client::builder().credentials(credentials);
    if let Some(url) = base_url.filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(builder.build()?)
}
