//! Settings from flags, environment variables and profiles, and the client that follows from them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chirrup::store::FileStore;
use chirrup::tokens::{Profile, TokenStore};
use chirrup::{
    Access, Budget, Client, ClientBuilder, Cost, Credentials, HttpBuilder, Ledger, OnRateLimit, PriceList,
    RateLimitWait, Retry, may_receive_credentials, printable_url,
};

use crate::args::Global;
use crate::background::{self, Background};
use crate::dry_run::{DryRun, Plan};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::progress::notice;
use crate::shared_store;

/// Name of the profile that is used if none is given.
pub(crate) const DEFAULT_PROFILE: &str = "default";
/// Base URL that is used if none is given.
const DEFAULT_BASE_URL: &str = "https://api.x.com";
/// Longest wait for a rate limit: a window of 15 minutes plus a margin.
const MAX_RATE_LIMIT_WAIT: Duration = Duration::from_secs(960);
/// Size in bytes of the cache of an agent's reads, and the time for which they are repeated from it.
const CACHE_SIZE: usize = 16 << 20;
const CACHE_LIFETIME: Duration = Duration::from_secs(300);
/// Budget per run of an agent without another one: one dollar.
const AGENT_BUDGET: Cost = Cost::from_micros(1_000_000);
/// Environment variables of the four OAuth 1.0a keys.
pub(crate) const OAUTH1_VARIABLES: [&str; 4] =
    ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"];

/// Creates the async runtime of the program.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|why| CliError::new(ExitStatus::Storage, format!("cannot start the async runtime: {why}")))
}

/// Where the credentials of a run come from.
pub(crate) enum CredentialSource {
    Sandbox,
    Environment(Credentials),
    Profile { store: TokenStore, name: String, profile: Box<Profile> },
    None,
}

impl CredentialSource {
    /// Finds the credentials: those of a named profile, of the environment, or of the default profile, in this order.
    pub(crate) fn find(global: &Global) -> Result<Self, CliError> {
        if global.sandbox {
            return Ok(Self::Sandbox);
        }
        if let Some(name) = &global.profile {
            let store = token_store()?;
            let Some(profile) = store.read()?.remove(name) else {
                return Err(CliError::new(ExitStatus::Credentials, format!("profile `{name}` does not exist"))
                    .with_hint(format!("create it with `chirrup login --profile {name}`")));
            };
            return Ok(Self::Profile { store, name: name.clone(), profile: Box::new(profile) });
        }
        let credentials = Credentials::from_lookup(variable).map_err(|why| {
            CliError::new(ExitStatus::Credentials, why.to_string())
                .with_hint(format!("correct {}, or unset it and run `chirrup login`", why.name()))
        })?;
        if !credentials.is_empty() {
            return Ok(Self::Environment(credentials));
        }
        // Without a folder for profiles there is no default profile, which is not an error.
        let Ok(store) = token_store() else { return Ok(Self::None) };
        Ok(match store.read()?.remove(DEFAULT_PROFILE) {
            Some(profile) => Self::Profile { store, name: DEFAULT_PROFILE.to_owned(), profile: Box::new(profile) },
            None => Self::None,
        })
    }

    /// Returns the credentials, except for those of a sandbox.
    pub(crate) fn credentials(&self) -> Credentials {
        match self {
            Self::Environment(credentials) => credentials.clone(),
            Self::Profile { profile, .. } => profile.credentials(),
            Self::Sandbox | Self::None => Credentials::none(),
        }
    }

    /// Returns the name of the profile that a new login would replace.
    pub(crate) fn profile_name(&self) -> &str {
        match self {
            Self::Profile { name, .. } => name,
            _ => DEFAULT_PROFILE,
        }
    }

    /// Describes the source in messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Sandbox => "the sandbox".to_owned(),
            Self::Environment(_) => "the environment".to_owned(),
            Self::Profile { name, .. } => format!("profile `{name}`"),
            Self::None => "the command line".to_owned(),
        }
    }
}

/// Looks up an environment variable.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the OAuth 1.0a variables that are not set while others are; nothing if all or none are set.
pub(crate) fn missing_oauth1_variables() -> Vec<&'static str> {
    Credentials::missing_variables(variable)
}

/// Creates the client for the flags, the environment and the profiles.
pub(crate) fn client(global: &Global, plan: Option<Arc<Plan>>) -> Result<Client, CliError> {
    create(ClientSettings { global, plan, access: None })
}

/// Creates the client of an agent, which repeats its reads and does not wait for rate limits.
#[cfg(feature = "mcp")]
pub(crate) fn client_of_agent(global: &Global, access: Access) -> Result<Client, CliError> {
    create(ClientSettings { global, plan: None, access: Some(access) })
}

fn create(settings: ClientSettings<'_>) -> Result<Client, CliError> {
    let global = settings.global;
    match CredentialSource::find(global)? {
        CredentialSource::Sandbox => match Background::find() {
            Some(found) => {
                let builder = settings.builder(Some(&found.url))?;
                Ok(builder.base_url(&found.url).credentials(found.credentials()?).build()?)
            }
            None => Ok(settings.builder(None)?.sandbox()?),
        },
        CredentialSource::Profile { store, name, profile } => settings.with_profile(&store, &name, &profile),
        source => settings.with_credentials(source.credentials()),
    }
}

/// Settings of the client of a run.
struct ClientSettings<'g> {
    global: &'g Global,
    plan: Option<Arc<Plan>>,
    /// Permissions of an agent.
    access: Option<Access>,
}

impl ClientSettings<'_> {
    /// Rate limits and costs are stored per API host: the sandbox costs nothing.
    fn builder(&self, base_url: Option<&str>) -> Result<ClientBuilder, CliError> {
        let mut http = HttpBuilder::default();
        if self.access.is_some() {
            http = http.cache(CACHE_SIZE, CACHE_LIFETIME);
        } else if self.global.no_wait {
            http = http.retry(Retry::never());
        } else {
            let quiet = self.global.quiet;
            http = http
                .on_rate_limit(OnRateLimit::Wait { max_wait: MAX_RATE_LIMIT_WAIT })
                .on_wait(move |wait| report_wait(wait, quiet));
        }
        let mut ledger = Ledger::in_memory();
        if let Some(base_url) = base_url {
            let host = file_name_for(base_url);
            if let Some(store) = shared_store::of_server(base_url)? {
                http = http.shared_rate_limits(store(&format!("limits/{host}")));
                ledger = Ledger::with_store(move |name| store(&format!("spend/{host}/{name}")));
            } else if let Some(folder) = state_dir(base_url) {
                ledger = Ledger::in_folder(folder.join("spend").join(&host));
                http = http.shared_rate_limits(Arc::new(FileStore::volatile(folder.join("limits").join(host))));
            }
        }
        let ledger = ledger.with_prices(prices(self.global)?);
        http = http.ledger(ledger.on_failure(|why| {
            notice(&format!("warning: what calls cost is not recorded for `chirrup spend`: {}", why.message()));
        }));
        if let Some(plan) = &self.plan {
            http = http.transport(Arc::new(DryRun(Arc::clone(plan)))).ledger(Ledger::in_memory());
        }
        let mut builder = Client::builder().http(http);
        // A dry run is not limited, and costs nothing.
        if let (Some(budget), None) = (self.budget(), &self.plan) {
            builder = builder.budget(budget);
        }
        if let Some(access) = &self.access {
            builder = builder.access(access.clone());
        }
        Ok(if let Some(url) = base_url { builder.base_url(url) } else { builder })
    }

    /// Returns the budget that the flags set. That of an agent has a limit per run, too.
    fn budget(&self) -> Option<Budget> {
        let Global { budget, budget_day, budget_month, .. } = self.global;
        let run = budget.or(self.access.as_ref().map(|_| AGENT_BUDGET));
        let mut all = Budget::default();
        if let Some(limit) = run {
            all = all.per_run(limit);
        }
        if let Some(limit) = *budget_day {
            all = all.per_day(limit);
        }
        if let Some(limit) = *budget_month {
            all = all.per_month(limit);
        }
        (all != Budget::default()).then_some(all)
    }

    fn base_url(&self) -> Option<&str> {
        self.global.base_url.as_deref().filter(|url| !url.is_empty())
    }

    fn with_credentials(&self, credentials: Credentials) -> Result<Client, CliError> {
        let url = self.base_url().unwrap_or(DEFAULT_BASE_URL);
        Ok(self.builder(Some(url))?.credentials(credentials).build()?)
    }

    /// The client refreshes the tokens of the profile when they expire.
    fn with_profile(&self, store: &TokenStore, name: &str, profile: &Profile) -> Result<Client, CliError> {
        let issuer = issuer(self.global, name, profile)?;
        Ok(self.builder(Some(&issuer))?.profile(store, name).build()?)
    }
}

/// Returns the server that issued the tokens of a profile. An environment variable must not send them to another one.
pub(crate) fn issuer(global: &Global, name: &str, profile: &Profile) -> Result<String, CliError> {
    let issuer = issuer_of(profile);
    if let Some(server) = global.base_url.as_deref().filter(|url| !url.is_empty())
        && !may_receive_credentials(&issuer, server)
    {
        let (issuer, server) = (printable_url(&issuer), printable_url(server));
        let message = format!("the tokens of profile `{name}` are for {issuer} and are not sent to {server}");
        return Err(CliError::usage(message).with_hint("log in to that server with another `--profile`"));
    }
    Ok(issuer)
}

/// Returns the server that issued the tokens of a profile, whatever the flags say.
pub(crate) fn issuer_of(profile: &Profile) -> String {
    profile.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL).trim_end_matches('/').to_owned()
}

/// Creates a client without rate limits, ledger and profile, for logins.
pub(crate) fn login_client(base_url: Option<&str>) -> Result<Client, CliError> {
    let mut builder = Client::builder();
    if let Some(url) = base_url.filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(builder.build()?)
}

/// Opens the store of the profiles: a file, the keyring of the operating system, or the server that CHIRRUP_STORE names.
pub(crate) fn token_store() -> Result<TokenStore, CliError> {
    match std::env::var("CHIRRUP_TOKENS").as_deref() {
        Err(_) | Ok("" | "file") => Ok(TokenStore::in_config_dir()?),
        Ok("keyring") => keyring(),
        Ok("shared") => match shared_store::from_env()? {
            Some(store) => Ok(TokenStore::with_store(store("profiles"))),
            None => Err(CliError::usage("CHIRRUP_TOKENS=shared: CHIRRUP_STORE does not name a server")),
        },
        Ok(_) => Err(CliError::usage("CHIRRUP_TOKENS: expected `file`, `keyring` or `shared`")),
    }
}

#[cfg(feature = "keyring")]
fn keyring() -> Result<TokenStore, CliError> {
    let lock = chirrup::config_dir()?.join("keyring");
    let keyring = chirrup::store::KeyringStore::open("chirrup", "profiles", lock)?;
    Ok(TokenStore::with_store(Arc::new(keyring)))
}

#[cfg(not(feature = "keyring"))]
fn keyring() -> Result<TokenStore, CliError> {
    Err(CliError::usage("CHIRRUP_TOKENS=keyring: this program was built without support for keyrings")
        .with_hint("install it with `cargo install chirrup-cli --features keyring`"))
}

/// Returns the name of the file or folder for an API host, which no other host or port shares.
pub(crate) fn file_name_for(base_url: &str) -> String {
    let (scheme, host) = base_url.split_once("://").unwrap_or(("https", base_url));
    let host = host.trim_end_matches('/').to_ascii_lowercase();
    let host = if scheme == "https" { host.strip_suffix(":443").unwrap_or(&host) } else { &host };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let mut name = String::new();
    for byte in host.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => name.push(char::from(byte)),
            b':' => name.push('_'),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    // Another port than that of https.
    if scheme != "https" && !has_port {
        name.push_str("_80");
    }
    name
}

/// Returns the folder for rate limits, costs and idempotency keys. A sandbox in the background has one of its own; another
/// local server has none unless CHIRRUP_CONFIG_DIR is set.
pub(crate) fn state_dir(base_url: &str) -> Option<PathBuf> {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|host| base_url.starts_with(host));
    if local && let Some(folder) = background::folder_of(base_url) {
        return Some(folder);
    }
    if local && std::env::var_os("CHIRRUP_CONFIG_DIR").is_none() {
        return None;
    }
    chirrup::config_dir().ok()
}

/// Loads the price list.
pub(crate) fn prices(global: &Global) -> Result<PriceList, CliError> {
    let Some(file) = &global.price_list else { return Ok(PriceList::builtin().clone()) };
    let text = std::fs::read_to_string(file).map_err(|why| CliError::read_file(file, &why))?;
    text.parse::<PriceList>().map_err(|why| CliError::usage(format!("{}: {why}", file.display())))
}

fn report_wait(wait: &RateLimitWait, quiet: bool) {
    if quiet {
        return;
    }
    let until = wait.until.to_time_of_day();
    let seconds = wait.wait.as_secs() + 1;
    notice(&format!("rate limit of {} exhausted: waiting {seconds} s, until {until} UTC", wait.endpoint));
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::file_name_for;

    #[test]
    fn each_host_and_port_has_a_file_of_its_own() {
        let urls = [
            "https://api.x.com",
            "https://api.x.example",
            "https://api.x.com:8443",
            "https://api.x.com_8443",
            "https://api.x.com/v",
            "http://127.0.0.1",
            "https://127.0.0.1",
            "http://127.0.0.1:18090",
            "http://127.0.0.1:18091",
            "http://[::1]:80",
            "http://[__1]:80",
        ];
        let names: HashSet<String> = urls.iter().map(|url| file_name_for(url)).collect();
        assert_eq!(names.len(), urls.len(), "{names:?}");
        assert!(names.iter().all(|name| !name.contains(['/', ':', '\\'])), "{names:?}");
        for same in ["https://api.x.com/", "https://API.x.com", "https://api.x.com:443"] {
            assert_eq!(file_name_for(same), "api.x.com");
        }
        assert_eq!(file_name_for("http://127.0.0.1:8086"), "127.0.0.1_8086");
    }
}
