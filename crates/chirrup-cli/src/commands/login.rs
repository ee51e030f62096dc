//! Login, logout, and the authenticated user.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use chirrup::auth::{Scope, clean_credential};
use chirrup::login::{App, Callback, CallbackListener, Login, OAuth1Options, OAuth2Login};
use chirrup::tokens::{Profile, UserTokens};
use chirrup::{AuthKind, Client, Clock as _, Credential, Secret, SystemClock, printable_url, scopes_for};
use serde_json::json;

use super::import::import;
use crate::args::{Global, LoginArgs};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::hints;
use crate::print::Printer;
use crate::progress::notice;
use crate::settings::{DEFAULT_PROFILE, issuer_of, login_client, token_store};

/// Returns the first environment variable that is set, or asks for the value on the terminal.
pub(super) fn env_or_prompt(variables: &[&str], prompt: &str) -> Result<String, CliError> {
    for name in variables {
        let set = std::env::var(name).unwrap_or_default();
        if let Some(value) = clean_credential(name, &set).map_err(|why| CliError::usage(why.to_string()))? {
            return Ok(value);
        }
    }
    // Stdout is for data: prompts go to stderr.
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{prompt}: ").and_then(|()| stderr.flush());
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|why| CliError::read("stdin", &why))?;
    match line.trim() {
        "" if variables.is_empty() => Err(CliError::usage("no PIN was entered").with_hint("run `chirrup login` again")),
        "" => Err(CliError::usage(format!("{prompt}: no value was entered"))
            .with_hint(format!("enter it, or set {}", variables.join(" or ")))),
        value => Ok(value.to_owned()),
    }
}

fn app_key() -> Result<String, CliError> {
    env_or_prompt(&["X_CLIENT_ID", "X_CONSUMER_KEY"], "Client ID or consumer key of the app")
}

fn app_secret() -> Result<Secret, CliError> {
    Ok(env_or_prompt(&["X_CLIENT_SECRET", "X_CONSUMER_SECRET"], "Client secret or consumer secret of the app")?.into())
}

/// Logs in and stores the tokens.
pub(super) async fn login(global: &Global, printer: &mut Printer, args: LoginArgs) -> Result<(), CliError> {
    let store = token_store()?;
    if let Some(file) = &args.import {
        return import(&store, file.as_deref(), printer);
    }
    // A store that cannot be used is better known before the user authorizes the app.
    store.read()?;
    let client = login_client(global.base_url.as_deref())?;
    let login = Login::new(&client);
    let mut profile = Profile::default();
    if let Some(path) = &args.token_file {
        let text = std::fs::read_to_string(path).map_err(|why| CliError::read_file(path, &why))?;
        profile = Profile::from_lines(&text)?;
    }
    profile.base_url = global.base_url.clone();
    let key = app_key()?;
    profile.app_key = Some(key.clone());
    if args.token_file.is_some() {
        if profile.oauth1.is_some() {
            profile.app_secret = Some(app_secret()?);
            // Keys that do not match the token are not stored.
            let user = client.with_credentials(profile.credentials());
            set_user(&mut profile, &user).await?;
        }
    } else if args.app_only {
        let secret = app_secret()?;
        let credentials = login.app_token(&App::new(&key, secret.clone())).await?;
        profile.app_secret = Some(secret);
        if let Some(Credential::AppOnly(token)) = credentials.get(AuthKind::AppOnly).map(|c| &**c) {
            profile.bearer_token = Some(token.clone());
        }
    } else if args.pin {
        let secret = app_secret()?;
        let app = App::new(&key, secret.clone());
        let started = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()).await?;
        let pin = env_or_prompt(&[], &format!("Open {}\nand enter the PIN", started.url()))?;
        let user = login.finish_oauth1(&app, started, &pin).await?;
        profile.app_secret = Some(secret);
        profile.user_id = user.token.split_once('-').and_then(|(id, _)| id.parse().ok());
        profile.oauth1 = Some((user.token, user.token_secret));
        profile.username = Some(user.screen_name);
    } else {
        oauth2(&login, &mut profile, &key, args).await?;
    }
    let name = global.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    // The server has issued the tokens: they are stored before anything else can fail.
    store.update(|profiles| profiles.insert(name.to_owned(), profile.clone()))?;
    if profile.oauth2.as_ref().is_some_and(|user| can_read_users(&user.scopes)) {
        let user = client.with_credentials(profile.credentials());
        match set_user(&mut profile, &user).await {
            Ok(()) => store.update(|profiles| {
                if let Some(stored) = profiles.get_mut(name) {
                    (stored.username, stored.user_id) = (profile.username.clone(), profile.user_id);
                }
            })?,
            Err(why) => notice(&format!("warning: logged in, but the name of the user cannot be read: {why}")),
        }
    }
    let owner = match (&profile.username, &profile.oauth2) {
        (None, Some(_)) => "a user".to_owned(),
        (username, _) => owner_of(username.as_deref()),
    };
    let json = json!({"profile": name, "as": owner, "file": store.name()});
    printer.document(&json, |printer| {
        printer.note(&format!("logged in as {owner}; profile `{name}` is stored in {}", store.name()))
    })
}

/// Whether a token with these scopes can read who its user is.
fn can_read_users(scopes: &[Scope]) -> bool {
    scopes.contains(&Scope::UsersRead) && scopes.contains(&Scope::TweetRead)
}

/// Asks the server whose tokens a profile has.
async fn set_user(profile: &mut Profile, client: &Client) -> Result<(), chirrup::Error> {
    let me = client.get_me().await?.data;
    (profile.username, profile.user_id) = (Some(me.username), Some(me.id));
    Ok(())
}

/// Names the user of a profile, or the app.
fn owner_of(username: Option<&str>) -> String {
    username.map_or_else(|| "the app".to_owned(), |name| format!("@{name}"))
}

/// Waits for the callback URL, from the browser on this machine or pasted on stdin.
async fn callback_url(
    started: &OAuth2Login,
    listener: Result<CallbackListener, chirrup::Error>,
    no_browser: bool,
) -> Result<String, CliError> {
    notice(&format!("Open {}", started.url()));
    let listener = match listener {
        Ok(listener) => {
            notice("and authorize the app. If the browser is on another machine, paste the callback URL here:");
            Some(listener)
        }
        Err(why) => {
            notice(&format!("and authorize the app, then paste the callback URL here ({}):", why.message()));
            None
        }
    };
    if listener.is_some() && !no_browser && std::io::stderr().is_terminal() {
        // Without a browser, the user still has the URL.
        let _ = open::that_detached(started.url());
    }
    let (sender, receiver) = tokio::sync::oneshot::channel();
    // A read from a terminal cannot be canceled: on its own thread, it does not keep the program from ending.
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = std::io::stdin().lock().read_line(&mut line);
        sender.send(line)
    });
    let pasted = async { receiver.await.ok().filter(|line| !line.trim().is_empty()) };
    let Some(listener) = listener else {
        let missing = || CliError::usage("no callback URL was pasted").with_hint("run `chirrup login` again");
        return pasted.await.ok_or_else(missing);
    };
    let callback = listener.wait(started, CallbackListener::DEFAULT_TIMEOUT);
    tokio::pin!(callback);
    tokio::select! {
        url = &mut callback => Ok(url?),
        line = pasted => match line {
            Some(line) => Ok(line),
            // Stdin is closed: only the browser can deliver the URL.
            None => Ok(callback.await?),
        },
    }
}

async fn oauth2(login: &Login, profile: &mut Profile, key: &str, args: LoginArgs) -> Result<(), CliError> {
    let app = if args.confidential {
        let secret = app_secret()?;
        profile.app_secret = Some(secret.clone());
        profile.confidential = true;
        App::new(key, secret)
    } else {
        App::public(key)
    };
    let scopes = match (args.scope.is_empty(), args.endpoints.is_empty()) {
        (false, _) => args.scope,
        (true, true) => Scope::ALL.to_vec(),
        (true, false) => {
            let mut scopes = scopes_for(args.endpoints.iter().map(String::as_str))?;
            scopes.push(Scope::OfflineAccess);
            scopes
        }
    };
    // The listener starts before the browser opens, or the callback could arrive first.
    let listener = CallbackListener::bind(&args.redirect_uri).await;
    let started = login.begin_oauth2(&app, &args.redirect_uri, &scopes)?;
    let url = callback_url(&started, listener, args.no_browser).await?;
    let tokens = login.finish_oauth2(&app, started, &url).await?;
    if !tokens.missing.is_empty() {
        let missing: Vec<&str> = tokens.missing.iter().map(|scope| scope.as_str()).collect();
        notice(&format!("scopes that were not granted: {}", missing.join(" ")));
    }
    profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), SystemClock.now()));
    Ok(())
}

/// Revokes the tokens of a profile at the server that issued them, and deletes the profile even if that fails.
pub(super) async fn logout(global: &Global, printer: &mut Printer) -> Result<(), CliError> {
    let store = token_store()?;
    let name = global.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    let Some(profile) = store.read()?.remove(name) else {
        let error = CliError::new(ExitStatus::Credentials, format!("profile `{name}` does not exist"));
        return Err(error.with_hint("`chirrup profiles` lists the profiles"));
    };
    // Whatever server the flags and the environment name: the tokens belong to this one.
    let base_url = issuer_of(&profile);
    let login = Login::new(&login_client(Some(&base_url))?);
    let revoked = revoke(&login, &profile).await;
    store.update(|profiles| profiles.remove(name))?;
    let server = printable_url(&base_url);
    if let Err(why) = revoked {
        let message = format!("profile `{name}` is deleted, but its tokens were not revoked at {server}: {why}");
        return Err(CliError::new(ExitStatus::of(why.kind()), message)
            .with_hint("revoke the access of the app at https://x.com/settings/connected_apps"));
    }
    printer.document(&json!({"profile": name, "server": server}), |printer| {
        printer.note(&format!("logged out of {server}; profile `{name}` is deleted"))
    })
}

/// Revokes all tokens of a profile. Returns the last failure.
async fn revoke(login: &Login, profile: &Profile) -> Result<(), chirrup::Error> {
    let mut result = Ok(());
    if let (Some(user), Some(app)) = (&profile.oauth2, profile.app()) {
        for token in [Some(&user.access_token), user.refresh_token.as_ref()].into_iter().flatten() {
            result = login.revoke(&app, token).await.and(result);
        }
    }
    if profile.oauth1.is_some() {
        result = login.invalidate_oauth1(&profile.credentials()).await.and(result);
    }
    if let (Some(token), Some(app)) = (&profile.bearer_token, profile.app_with_secret()) {
        result = login.invalidate_app_token(&app, token).await.and(result);
    }
    result
}

/// Lists the profiles, without their tokens.
pub(super) fn profiles(printer: &mut Printer) -> Result<(), CliError> {
    let all = token_store()?.read()?;
    let row = |(name, profile): (&String, &Profile)| {
        let kinds: Vec<&str> = profile.credentials().kinds().map(AuthKind::id).collect();
        (name.clone(), profile.username.clone(), kinds)
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let items = rows.iter().map(|(name, user, kinds)| json!({"profile": name, "username": user, "credentials": kinds}));
    printer.list(items.collect(), |printer| {
        if rows.is_empty() {
            return printer.note("there are no profiles; `chirrup login` creates one");
        }
        let cells =
            rows.iter().map(|(name, user, kinds)| vec![name.clone(), owner_of(user.as_deref()), kinds.join(", ")]);
        printer.table(&["profile", "owner", "credentials"], cells.collect())
    })
}

/// Prints the bearer token: that of the user if there is one, or that of the app.
pub(super) async fn token(client: &Client, printer: &mut Printer, app_only: bool) -> Result<(), CliError> {
    let held = client.current_credentials().await?;
    let user = held.get(AuthKind::OAuth2).filter(|_| !app_only);
    let token = match user.or_else(|| held.get(AuthKind::AppOnly)).map(|held| &**held) {
        Some(Credential::OAuth2 { token, .. } | Credential::AppOnly(token)) => token,
        _ => return Err(not_logged_in(format!("there is no bearer token; available credentials: {held}"))),
    };
    printer.document(&json!({"token": token.expose()}), |printer| printer.line(token.expose()))
}

/// Asks the server whom the credentials authenticate.
pub(super) async fn whoami(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let held = client.credentials();
    let kinds: Vec<&str> = held.kinds().map(AuthKind::id).collect();
    if held.is_empty() {
        return Err(not_logged_in("not logged in"));
    }
    let username = match held.kinds().any(AuthKind::is_user) {
        true => Some(client.get_me().await?.data.username),
        false => {
            // The app has no name to ask for, but any request shows whether its token is valid.
            client.usage().await?;
            None
        }
    };
    let json = json!({"username": username, "credentials": kinds});
    printer.document(&json, |printer| printer.line(&format!("{}, by {held}", owner_of(username.as_deref()))))
}

fn not_logged_in(message: impl Into<String>) -> CliError {
    CliError::new(ExitStatus::Credentials, message).with_hint(hints::LOGIN)
}
