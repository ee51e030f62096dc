//! Logging in and out, and who one is.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use chirrup::auth::Scope;
use chirrup::login::{App, Callback, CallbackListener, Login, OAuth1Options, OAuth2Login};
use chirrup::tokens::{Profile, TokenStore, UserTokens};
use chirrup::{AuthKind, Client, Clock as _, Credential, Credentials, Secret, SystemClock, scopes_for};
use serde_json::{Value as Json, json};

use crate::args::{Global, LoginArgs};
use crate::exit::Failed;
use crate::print::Printer;
use crate::settings::{PROFILE, bare, tokens};

/// A setting from the environment, or else from the one who types.
fn ask(names: &[&str], question: &str) -> Result<String, Failed> {
    if let Some(found) = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty())) {
        return Ok(found);
    }
    // Questions are no data: they go where progress goes.
    write!(std::io::stderr(), "{question}: ")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    match line.trim() {
        "" if names.is_empty() => Err(Failed::usage("nothing was given; `chirrup login` begins anew")),
        "" => Err(Failed::usage(format!("{question}: nothing was given; {} can be set instead", names.join(" or ")))),
        given => Ok(given.to_owned()),
    }
}

fn key() -> Result<String, Failed> {
    ask(&["X_CLIENT_ID", "X_CONSUMER_KEY"], "Key of the app, or client id")
}

fn secret() -> Result<Secret, Failed> {
    Ok(ask(&["X_CLIENT_SECRET", "X_CONSUMER_SECRET"], "Secret of the app")?.into())
}

/// Logs in, and keeps what comes of it.
pub(super) async fn login(global: &Global, printer: &mut Printer, how: LoginArgs) -> Result<(), Failed> {
    let file = tokens()?;
    if let Some(path) = &how.xurl {
        return from_xurl(&file, path, printer);
    }
    let client = bare(global.base_url.as_deref(), Credentials::none())?;
    let login = Login::new(&client);
    let mut profile = Profile::default();
    if let Some(path) = &how.token_file {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|why| Failed::usage(format!("{} cannot be read: {why}", path.display())))?;
        profile = Profile::from_lines(&text)?;
    }
    profile.base_url = global.base_url.clone();
    let key = key()?;
    profile.app_key = Some(key.clone());
    if how.token_file.is_some() {
        if profile.oauth1.is_some() {
            profile.app_secret = Some(secret()?);
            // Whoever is known by the keys: keys that do not fit are not kept.
            let me = client.with_credentials(profile.credentials()).get_me().await?;
            profile.username = Some(me.data.username);
        }
    } else if how.app_only {
        let secret = secret()?;
        let credentials = login.app_token(&App::new(&key, secret.clone())).await?;
        profile.app_secret = Some(secret);
        if let Some(Credential::AppOnly(token)) = credentials.get(AuthKind::AppOnly).map(|c| &**c) {
            profile.bearer_token = Some(token.clone());
        }
    } else if how.pin {
        let secret = secret()?;
        let app = App::new(&key, secret.clone());
        let begun = login.begin_oauth1(&app, &Callback::Pin, &OAuth1Options::default()).await?;
        let pin = ask(&[], &format!("Open {}\nand enter the PIN", begun.url()))?;
        let user = login.finish_oauth1(&app, begun, &pin).await?;
        profile.app_secret = Some(secret);
        profile.oauth1 = Some((user.token, user.token_secret));
        profile.username = Some(user.screen_name);
    } else {
        oauth2(&login, &client, &mut profile, &key, how).await?;
    }
    let name = global.profile.as_deref().unwrap_or(PROFILE);
    let who = profile.username.as_ref().map_or("the app".to_owned(), |name| format!("@{name}"));
    file.change(|profiles| profiles.insert(name.to_owned(), profile))?;
    let json = json!({"profile": name, "as": who, "file": file.name()});
    printer.reply(&json, |printer| {
        printer.done(&format!("logged in as {who}; profile `{name}` is kept in {}", file.name()))
    })
}

/// Says something to who is logging in. It is no data, so it goes where progress goes.
fn tell(what: &str) -> Result<(), Failed> {
    Ok(writeln!(std::io::stderr(), "{what}")?)
}

/// The address with which the user comes back: by the browser of this machine, or pasted.
async fn come_back(
    begun: &OAuth2Login,
    listener: Result<CallbackListener, chirrup::Error>,
    no_browser: bool,
) -> Result<String, Failed> {
    tell(&format!("Open {}", begun.url()))?;
    let listener = match listener {
        Ok(listener) => {
            tell("and agree there. From a browser on another machine, paste the address to which you are sent:")?;
            Some(listener)
        }
        Err(why) => {
            tell(&format!("and agree there, then paste the address to which you are sent ({}):", why.message()))?;
            None
        }
    };
    if listener.is_some() && !no_browser && std::io::stderr().is_terminal() {
        // Whoever has no browser here still has the address.
        let _ = open::that_detached(begun.url());
    }
    let (pasted, paste) = tokio::sync::oneshot::channel();
    // A thread of its own: reading from a terminal cannot be given up, and must not keep the program from ending.
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = std::io::stdin().lock().read_line(&mut line);
        pasted.send(line)
    });
    let typed = async { paste.await.ok().filter(|line| !line.trim().is_empty()) };
    let Some(listener) = listener else {
        return typed.await.ok_or_else(|| Failed::usage("no address was given; `chirrup login` begins anew"));
    };
    let waiting = listener.wait(begun, CallbackListener::DEFAULT_TIMEOUT);
    tokio::pin!(waiting);
    tokio::select! {
        brought = &mut waiting => Ok(brought?),
        line = typed => match line {
            Some(line) => Ok(line),
            // Nobody types: then the browser alone can bring the answer.
            None => Ok(waiting.await?),
        },
    }
}

async fn oauth2(
    login: &Login,
    client: &Client,
    profile: &mut Profile,
    key: &str,
    how: LoginArgs,
) -> Result<(), Failed> {
    let app = if how.confidential {
        let secret = secret()?;
        profile.app_secret = Some(secret.clone());
        profile.confidential = true;
        App::new(key, secret)
    } else {
        App::public(key)
    };
    let scopes = match (how.scope.is_empty(), how.endpoints.is_empty()) {
        (false, _) => how.scope,
        (true, true) => Scope::ALL.to_vec(),
        (true, false) => {
            let mut scopes = scopes_for(how.endpoints.iter().map(String::as_str))?;
            scopes.push(Scope::OfflineAccess);
            scopes
        }
    };
    // Listening begins before the browser opens, so that it cannot come back too early.
    let listener = CallbackListener::bind(&how.redirect_uri).await;
    let begun = login.begin_oauth2(&app, &how.redirect_uri, &scopes)?;
    let brought = come_back(&begun, listener, how.no_browser).await?;
    let tokens = login.finish_oauth2(&app, begun, &brought).await?;
    if !tokens.missing.is_empty() {
        let missing: Vec<&str> = tokens.missing.iter().map(|scope| scope.as_str()).collect();
        tell(&format!("asked for, and not agreed to: {}", missing.join(" ")))?;
    }
    let me = client.with_credentials(tokens.credentials());
    if tokens.scopes.contains(&Scope::UsersRead) && tokens.scopes.contains(&Scope::TweetRead) {
        profile.username = Some(me.get_me().await?.data.username);
    }
    profile.oauth2 = Some(UserTokens::new(&tokens, tokens.scopes.clone(), SystemClock.now()));
    Ok(())
}

/// Takes over what `xurl` keeps. Nothing is asked of X: whether it is still good, `chirrup doctor` tells.
fn from_xurl(store: &TokenStore, path: &Path, printer: &mut Printer) -> Result<(), Failed> {
    let home = std::env::var_os("HOME").unwrap_or_default();
    let path = path.strip_prefix("~").map_or_else(|_| path.to_owned(), |rest| Path::new(&home).join(rest));
    let unreadable = |why: String| Failed::usage(format!("{} cannot be read: {why}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|why| unreadable(why.to_string()))?;
    // What the parser says of a secret that it stumbles over is not repeated.
    let json: Json = serde_yaml_ng::from_str(&text).map_err(|_| unreadable("it is no YAML and no JSON".to_owned()))?;
    let found = Profile::from_xurl(&json)?;
    let names: Vec<String> = found.keys().cloned().collect();
    store.change(|profiles| profiles.extend(found))?;
    printer.reply(&json!({"profiles": names, "file": store.name()}), |printer| {
        printer.done(&format!("profiles {} are kept in {}", names.join(", "), store.name()))
    })
}

/// Gives everything back that can be given back, and forgets the profile in any case.
pub(super) async fn logout(global: &Global, printer: &mut Printer) -> Result<(), Failed> {
    let file = tokens()?;
    let name = global.profile.as_deref().unwrap_or(PROFILE);
    let Some(profile) = file.change(|profiles| profiles.remove(name))? else {
        return Err(Failed::usage(format!("there is no profile `{name}`")));
    };
    let base_url = global.base_url.as_deref().or(profile.base_url.as_deref());
    let login = Login::new(&bare(base_url, Credentials::none())?);
    let mut failed = None;
    if let (Some(user), Some(app)) = (&profile.oauth2, profile.app()) {
        for token in [Some(&user.access_token), user.refresh_token.as_ref()].into_iter().flatten() {
            failed = login.revoke(&app, token).await.err().or(failed);
        }
    }
    if profile.oauth1.is_some() {
        failed = login.invalidate_oauth1(&profile.credentials()).await.err().or(failed);
    }
    if let Some(why) = failed {
        let forgotten = "the profile is forgotten here, but its tokens could not be given back";
        return Err(Failed::Refused(format!("{forgotten}: {why}")));
    }
    printer.done(&format!("logged out; profile `{name}` is forgotten"))
}

pub(super) fn profiles(printer: &mut Printer) -> Result<(), Failed> {
    let all = tokens()?.read()?;
    let row = |(name, profile): (&String, &Profile)| {
        let kinds: Vec<&str> = profile.credentials().kinds().map(AuthKind::id).collect();
        (name.clone(), profile.username.clone(), kinds)
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let items = rows.iter().map(|(name, user, kinds)| json!({"profile": name, "username": user, "credentials": kinds}));
    printer.list(items.collect(), |printer| {
        let cells = rows.iter().map(|(name, user, kinds)| {
            let user = user.as_ref().map_or("the app".to_owned(), |user| format!("@{user}"));
            vec![name.clone(), user, kinds.join(", ")]
        });
        printer.table(&["profile", "as", "credentials"], cells.collect())
    })
}

/// The token itself, a user's before the app's.
pub(super) async fn token(client: &Client, printer: &mut Printer, app_only: bool) -> Result<(), Failed> {
    let held = client.current_credentials().await?;
    let user = held.get(AuthKind::OAuth2).filter(|_| !app_only);
    let token = match user.or_else(|| held.get(AuthKind::AppOnly)).map(|held| &**held) {
        Some(Credential::OAuth2 { token, .. } | Credential::AppOnly(token)) => token,
        _ => return Err(Failed::usage(format!("there is no bearer token; what is held: {held}"))),
    };
    printer.reply(&json!({"token": token.expose()}), |printer| printer.line(token.expose()))
}

/// Who the credentials stand for, by asking.
pub(super) async fn whoami(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let held = client.credentials();
    let kinds: Vec<&str> = held.kinds().map(AuthKind::id).collect();
    if held.is_empty() {
        return Err(Failed::usage("nobody: `chirrup login` logs in, `--sandbox` needs no login"));
    }
    let username = match held.kinds().any(AuthKind::is_user) {
        true => Json::from(client.get_me().await?.data.username),
        false => Json::Null,
    };
    let json = json!({"username": username, "credentials": kinds});
    printer.reply(&json, |printer| {
        let who = username.as_str().map_or("the app itself".to_owned(), |name| format!("@{name}"));
        printer.line(&format!("{who}, by {held}"))
    })
}
