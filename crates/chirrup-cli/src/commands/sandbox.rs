//! The sandbox as a server.

use chirrup_sandbox::{NewClient, Sandbox, SandboxBuilder};
use serde_json::json;

use crate::args::{ClientCommand, SandboxCommand};
use crate::exit::Failed;
use crate::print::Printer;

/// Serves until it is interrupted. Prints what a shell needs to use it.
pub(super) async fn serve(builder: SandboxBuilder, load: u64, printer: &mut Printer) -> Result<(), Failed> {
    let failed = |why: chirrup_sandbox::SandboxError| Failed::usage(why.to_string());
    let sandbox = builder.start().map_err(failed)?;
    let environment = sandbox.environment().map_err(failed)?;
    // These keys open nothing but this sandbox, on this machine; they are what one starts it for.
    let all = environment.iter().map(|(name, value)| ((*name).to_owned(), value.expose().into())).collect();
    printer.reply(&json!({"url": sandbox.url(), "environment": serde_json::Value::Object(all)}), |printer| {
        printer.line(&format!("# the sandbox listens on {}; use it from another shell with:", sandbox.url()))?;
        environment.iter().try_for_each(|(name, value)| printer.line(&format!("export {name}='{}'", value.expose())))
    })?;
    printer.finish()?;
    let load = (load > 0).then(|| sandbox.write_posts(load)).transpose().map_err(failed)?;
    chirrup::shutdown_signal().await;
    drop(load);
    Ok(())
}

/// Makes an app, and prints its keys: they are what one makes it for.
pub(super) fn create(command: SandboxCommand, printer: &mut Printer) -> Result<(), Failed> {
    let SandboxCommand::Client(ClientCommand::Create { data, user, access, callback, confidential }) = command;
    let mut new = NewClient::default().access(access);
    if confidential {
        new = new.confidential();
    }
    new = callback.into_iter().fold(new, NewClient::callback);
    new = user.into_iter().fold(new, NewClient::user);
    let made = Sandbox::builder().data(data).create_client(&new).map_err(|why| Failed::usage(why.to_string()))?;
    let users = made.users.iter().map(|user| {
        json!({
            "username": user.username, "id": user.id, "access_token": user.token,
            "access_token_secret": user.token_secret.expose(), "oauth2_access_token": user.oauth2_token.expose(),
        })
    });
    let json = json!({
        "consumer_key": made.key, "consumer_secret": made.secret.expose(), "bearer_token": made.bearer_token.expose(),
        "users": users.collect::<Vec<_>>(),
    });
    printer.reply(&json, |printer| {
        let mut export = |name: &str, value: &str| printer.line(&format!("export {name}='{value}'"));
        export("X_CONSUMER_KEY", &made.key)?;
        export("X_CONSUMER_SECRET", made.secret.expose())?;
        export("X_BEARER_TOKEN", made.bearer_token.expose())?;
        for user in &made.users {
            printer.line(&format!("# @{}, id {}", user.username, user.id))?;
            let mut export = |name: &str, value: &str| printer.line(&format!("export {name}='{value}'"));
            export("X_ACCESS_TOKEN", &user.token)?;
            export("X_ACCESS_TOKEN_SECRET", user.token_secret.expose())?;
            export("X_OAUTH2_ACCESS_TOKEN", user.oauth2_token.expose())?;
        }
        Ok(())
    })
}
