//! Token exchange: `chirrup login --exchange`.

use std::path::Path;

use chirrup::login::{App, BulkExchange, Login, OAuth1Token, parse_oauth1_tokens};
use chirrup::store::FileStore;
use chirrup::tokens::UserTokens;
use chirrup::{Clock as _, SystemClock};
use serde_json::json;

use super::login::env_or_prompt;
use crate::args::{Global, LoginArgs};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::Printer;
use crate::progress::counter;
use crate::settings::{DEFAULT_PROFILE, issuer, login_client, token_store};

/// Returns the OAuth 2.0 client of the app. Its ID differs from the consumer key of the OAuth 1.0a tokens.
fn oauth2_client(confidential: bool) -> Result<App, CliError> {
    let id = env_or_prompt(&["X_CLIENT_ID"], "OAuth 2.0 client ID of the app")?;
    if !confidential {
        return Ok(App::public(id));
    }
    Ok(App::new(id, env_or_prompt(&["X_CLIENT_SECRET"], "OAuth 2.0 client secret of the app")?))
}

/// Exchanges the token of a profile, or all tokens of a file.
pub(super) async fn exchange(global: &Global, printer: &mut Printer, args: &LoginArgs) -> Result<(), CliError> {
    match &args.exchange {
        Some(Some(file)) => exchange_file(global, printer, args, file).await,
        _ => exchange_profile(global, printer, args).await,
    }
}

/// Exchanges the OAuth 1.0a token of a profile, and stores the OAuth 2.0 tokens in the profile.
async fn exchange_profile(global: &Global, printer: &mut Printer, args: &LoginArgs) -> Result<(), CliError> {
    let store = token_store()?;
    let name = global.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
    let profile = store.read()?.remove(name);
    let Some((token, secret)) = profile.as_ref().and_then(|profile| profile.oauth1.clone()) else {
        let message = format!("profile `{name}` has no OAuth 1.0a token to exchange");
        return Err(CliError::new(ExitStatus::Credentials, message)
            .with_hint("import one with `chirrup login --token-file FILE`, or exchange a file: `--exchange FILE`"));
    };
    let base_url = issuer(global, name, &profile.unwrap_or_default())?;
    let login = Login::new(&login_client(Some(&base_url))?);
    let app = oauth2_client(args.confidential)?;
    let tokens = login.exchange_oauth1(&app, &OAuth1Token::new(token, secret), &args.scope).await?;
    let stored = UserTokens::new(&tokens, tokens.scopes.clone(), SystemClock.now());
    // The profile is read again: another process may have changed it in the meantime.
    store.update(|profiles| {
        let profile = profiles.entry(name.to_owned()).or_default();
        profile.client = Some((app.key().to_owned(), app.secret().cloned()));
        profile.oauth2 = Some(stored);
    })?;
    let scopes: Vec<&str> = tokens.scopes.iter().map(|scope| scope.as_str()).collect();
    printer.document(&json!({"profile": name, "scopes": scopes, "file": store.name()}), |printer| {
        let scopes = scopes.join(" ");
        printer.note(&format!("exchanged; profile `{name}` in {} has OAuth 2.0 tokens for: {scopes}", store.name()))
    })
}

/// Exchanges all tokens of a file, and writes the OAuth 2.0 tokens to another as JSON lines.
async fn exchange_file(global: &Global, printer: &mut Printer, args: &LoginArgs, from: &Path) -> Result<(), CliError> {
    let Some(into) = &args.into else {
        return Err(CliError::usage("`--exchange FILE` needs a file for the OAuth 2.0 tokens")
            .with_hint("name it with `--into FILE`; an interrupted exchange resumes from it"));
    };
    let text = std::fs::read_to_string(from).map_err(|why| CliError::read_file(from, &why))?;
    let tokens = parse_oauth1_tokens(&text)?;
    let login = Login::new(&login_client(global.base_url.as_deref())?);
    let exchange = BulkExchange::new(&login, &oauth2_client(args.confidential)?).scopes(&args.scope);
    let bar = counter("tokens", tokens.len(), global.quiet);
    let result = exchange
        .run(tokens, &FileStore::at(into), |report| {
            let done = report.exchanged + report.refused + report.skipped;
            bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        })
        .await;
    bar.finish_and_clear();
    let report = result.map_err(|error| {
        let resume = format!("the tokens exchanged so far are in {}; run the command again to resume", into.display());
        CliError::from(error).with_hint(resume)
    })?;
    let file = into.display().to_string();
    let (exchanged, refused, skipped) = (report.exchanged, report.refused, report.skipped);
    let json = json!({"exchanged": exchanged, "refused": refused, "skipped": skipped, "file": file});
    printer.document(&json, |printer| {
        printer.note(&format!("{exchanged} exchanged, {refused} refused, {skipped} done before; tokens are in {file}"))
    })?;
    if refused > 0 {
        let message = format!("X refused {refused} tokens: they are revoked or belong to another app");
        return Err(CliError::new(ExitStatus::Partial, message)
            .with_hint(format!("their lines in {file} have `refused`; those users have to log in again")));
    }
    Ok(())
}
