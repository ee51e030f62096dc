//! The sandbox as a server.

use chirrup_sandbox::{NewApp, Sandbox, SandboxError};
use serde_json::{Value as Json, json};

use crate::args::{ClientCommand, SandboxArgs, SandboxCommand};
use crate::error::CliError;
use crate::print::Printer;

fn failed(why: SandboxError) -> CliError {
    CliError::usage(format!("cannot start the sandbox: {why}"))
}

pub(super) async fn run(args: SandboxArgs, printer: &mut Printer) -> Result<(), CliError> {
    match args.command {
        Some(SandboxCommand::Client(command)) => create_client(command, printer),
        None => serve(args, printer).await,
    }
}

/// Number of new posts per second while a client reads a live stream.
const DEFAULT_LOAD: u64 = 3;

/// Runs the server until a signal. Prints the environment variables to use it with.
async fn serve(args: SandboxArgs, printer: &mut Printer) -> Result<(), CliError> {
    let mut builder = Sandbox::builder().port(args.port).users(args.users).posts(args.posts).seed(args.seed);
    if let Some(file) = args.data {
        builder = builder.data_file(file);
    }
    if args.fixed_keys {
        builder = builder.fixed_keys();
    }
    builder = builder.dialect(args.dialect.into()).without_copy();
    if args.unlimited {
        builder = builder.without_rate_limits();
    }
    if let Some(folder) = args.tls_folder {
        builder = builder.tls_folder(folder);
    } else if args.tls {
        builder = builder.tls();
    }
    let sandbox = builder.start().map_err(failed)?;
    let environment = sandbox.environment().map_err(failed)?;
    // These keys are valid only for this sandbox.
    let variables = environment.iter().map(|(name, value)| ((*name).to_owned(), value.expose().into())).collect();
    let mut json = json!({"url": sandbox.url(), "environment": Json::Object(variables)});
    let proxy = sandbox.proxy_environment();
    if !proxy.is_empty() {
        let variables = proxy.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
        json["proxy_environment"] = Json::Object(variables);
    }
    printer.document(&json, |printer| {
        printer.line(&format!("# The sandbox listens on {}. To use it, run in another shell:", sandbox.url()))?;
        for (name, value) in &environment {
            printer.line(&format!("export {name}='{}'", value.expose()))?;
        }
        if !proxy.is_empty() {
            printer.line("# To lead a program with the host names of X to the sandbox:")?;
        }
        for (name, value) in &proxy {
            printer.line(&format!("export {name}='{value}'"))?;
        }
        printer.line("# Logins return to http://127.0.0.1:8080/callback. Apps with other callback URLs:")?;
        printer.line("# chirrup sandbox client create --data FILE --callback URL")
    })?;
    printer.flush()?;
    let load = match args.load {
        None => sandbox.generate_posts_for_streams(DEFAULT_LOAD),
        Some(per_second) => sandbox.generate_posts(per_second),
    };
    let load = load.map_err(failed)?;
    chirrup::shutdown_signal().await;
    drop(load);
    Ok(())
}

/// Creates an app and prints its keys.
fn create_client(command: ClientCommand, printer: &mut Printer) -> Result<(), CliError> {
    let ClientCommand::Create { data, user, access, callback, confidential } = command;
    let mut new = NewApp::default().access_level(access);
    if confidential {
        new = new.confidential();
    }
    new = callback.into_iter().fold(new, NewApp::callback_url);
    new = user.into_iter().fold(new, NewApp::user);
    let created = Sandbox::builder().data_file(data).create_app(&new);
    let app = created.map_err(|why| CliError::usage(format!("cannot create the app: {why}")))?;
    let users = app.users.iter().map(|user| {
        json!({
            "username": user.username, "id": user.id, "access_token": user.access_token,
            "access_token_secret": user.access_token_secret.expose(), "oauth2_access_token": user.oauth2_access_token.expose(),
        })
    });
    let json = json!({
        "consumer_key": app.consumer_key, "consumer_secret": app.consumer_secret.expose(), "bearer_token": app.bearer_token.expose(),
        "users": users.collect::<Vec<_>>(),
    });
    printer.document(&json, |printer| {
        let mut export = |name: &str, value: &str| printer.line(&format!("export {name}='{value}'"));
        export("X_CONSUMER_KEY", &app.consumer_key)?;
        export("X_CONSUMER_SECRET", app.consumer_secret.expose())?;
        export("X_BEARER_TOKEN", app.bearer_token.expose())?;
        for user in &app.users {
            printer.line(&format!("# @{}, ID {}", user.username, user.id))?;
            let mut export = |name: &str, value: &str| printer.line(&format!("export {name}='{value}'"));
            export("X_ACCESS_TOKEN", &user.access_token)?;
            export("X_ACCESS_TOKEN_SECRET", user.access_token_secret.expose())?;
            export("X_OAUTH2_ACCESS_TOKEN", user.oauth2_access_token.expose())?;
        }
        Ok(())
    })
}
