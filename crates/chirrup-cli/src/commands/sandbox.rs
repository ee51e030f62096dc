//! The sandbox as a server.

mod faults;
mod log;
mod trigger;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chirrup_sandbox::{NewApp, Sandbox, SandboxBuilder, SandboxError};
use serde_json::json;

use crate::args::{ClientCommand, SandboxArgs, SandboxCommand};
use crate::background::{self, Background, CONTROL_TOKEN};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::invocation;
use crate::print::Printer;

fn failed(why: SandboxError) -> CliError {
    CliError::usage(format!("cannot start the sandbox: {why}"))
}

pub(super) async fn run(args: SandboxArgs, printer: &mut Printer) -> Result<(), CliError> {
    match args.command {
        Some(SandboxCommand::Client(command)) => create_client(command, printer),
        Some(SandboxCommand::Stop) => stop(printer),
        Some(SandboxCommand::Trigger { event, to, user }) => trigger::run(&event, to, user.as_deref(), printer).await,
        None if args.background => start(printer),
        None => serve(args, printer).await,
    }
}

/// Port of a server in the foreground.
const DEFAULT_PORT: u16 = 8086;
/// Time that a server in the background has to start, and to stop.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// Interval between two looks at a server in the background.
const POLL: Duration = Duration::from_millis(100);

/// Number of new posts per second while a client reads a live stream.
const DEFAULT_LOAD: u64 = 3;

/// Runs the server until a signal. Prints the environment variables to use it with.
async fn serve(args: SandboxArgs, printer: &mut Printer) -> Result<(), CliError> {
    let mut builder = Sandbox::builder().address(args.address).port(args.port.unwrap_or(DEFAULT_PORT));
    builder = builder.users(args.users).posts(args.posts).seed(args.seed);
    builder = args.allow_host.into_iter().fold(builder, SandboxBuilder::allow_host);
    builder = args.from.into_iter().fold(builder, SandboxBuilder::import);
    if let Some(file) = args.data {
        builder = builder.data_file(file);
    }
    if args.fixed_keys {
        builder = builder.fixed_keys();
    }
    builder = builder.dialect(args.dialect.into()).without_copy();
    if args.no_control {
        builder = builder.without_control_api();
    } else if let Some(token) = args.control_token {
        builder = builder.control_token(token);
    }
    if args.unlimited {
        builder = builder.without_rate_limits();
    }
    if let Some(folder) = args.tls_folder {
        builder = builder.tls_folder(folder);
    } else if args.tls {
        builder = builder.tls();
    }
    if args.strict {
        builder = builder.strict();
    }
    if args.log {
        builder = builder.on_request(log::write);
    }
    let rules = faults::read(&args.faults)?;
    let sandbox = builder.start().map_err(failed)?;
    rules.into_iter().for_each(|rule| sandbox.add_fault_rule(rule));
    let environment = sandbox.environment().map_err(failed)?;
    // These keys are valid only for this sandbox.
    let variables = environment.into_iter().map(|(name, value)| (name.to_owned(), value.expose().to_owned())).collect();
    let proxy = sandbox.proxy_environment();
    let proxy = proxy.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let world = Background {
        url: sandbox.url(),
        process: std::process::id(),
        environment: variables,
        control_token: sandbox.control_token().map(|token| token.expose().to_owned()),
        proxy,
        imported: serde_json::to_value(sandbox.imported()).and_then(serde_json::from_value).unwrap_or_default(),
    };
    match &args.record {
        Some(record) => world.write(record).map_err(|why| CliError::write(record.display(), why))?,
        None => {
            let introduction = format!("# The sandbox listens on {}. To use it, run in another shell:", world.url);
            print_environment(&introduction, &world, printer)?;
            printer.flush()?;
        }
    }
    let load = match args.load {
        None => sandbox.generate_posts_for_streams(DEFAULT_LOAD),
        Some(per_second) => sandbox.generate_posts(per_second),
    };
    let load = load.map_err(failed)?;
    match &args.record {
        Some(record) => tokio::select! {
            () = chirrup::shutdown_signal() => {}
            () = until_stopped(record) => {}
        },
        None => chirrup::shutdown_signal().await,
    }
    drop(load);
    report_unknown(&sandbox)
}

/// Fails if clients of a strict sandbox used routes that the API does not have.
fn report_unknown(sandbox: &Sandbox) -> Result<(), CliError> {
    let unknown = sandbox.unknown_requests();
    if unknown.is_empty() {
        return Ok(());
    }
    let message = format!("clients used routes that the API does not have: {}", unknown.join(", "));
    Err(CliError::new(ExitStatus::Refused, message).with_hint("`chirrup endpoints` lists the routes of the API"))
}

/// The address, the control token, and the credentials as a login yields them: those of the app, then those of the user.
const PRINTED_FIRST: [&str; 8] = [
    "CHIRRUP_BASE_URL",
    CONTROL_TOKEN,
    "X_CONSUMER_KEY",
    "X_CONSUMER_SECRET",
    "X_BEARER_TOKEN",
    "X_OAUTH2_ACCESS_TOKEN",
    "X_ACCESS_TOKEN",
    "X_ACCESS_TOKEN_SECRET",
];

/// Prints the environment variables of clients.
fn print_environment(introduction: &str, world: &Background, printer: &mut Printer) -> Result<(), CliError> {
    let mut json = json!({"url": world.url, "environment": world.environment, "control_token": world.control_token});
    if !world.proxy.is_empty() {
        json["proxy_environment"] = json!(world.proxy);
    }
    if !world.imported.is_empty() {
        json["imported"] = json!(world.imported);
    }
    printer.document(&json, |printer| {
        let imported = world.imported.iter().filter(|(_, number)| **number > 0);
        let imported: Vec<String> = imported.map(|(kind, number)| format!("{number} {kind}")).collect();
        if !imported.is_empty() {
            printer.line(&format!("# Imported: {}", imported.join(", ")))?;
        }
        let mut export_all = |title: &str, variables: &BTreeMap<String, String>| -> Result<(), CliError> {
            printer.line(title)?;
            let mut lines: Vec<_> = variables.iter().collect();
            lines.sort_by_key(|(name, _)| PRINTED_FIRST.iter().position(|first| first == name));
            lines.into_iter().try_for_each(|(name, value)| printer.line(&format!("export {name}='{value}'")))
        };
        let mut environment = world.environment.clone();
        environment.extend(world.control_token.iter().map(|token| (CONTROL_TOKEN.to_owned(), token.clone())));
        export_all(introduction, &environment)?;
        if !world.proxy.is_empty() {
            export_all("# To lead a program with the host names of X to the sandbox:", &world.proxy)?;
        }
        if world.control_token.is_some() {
            printer.line(&format!(
                "# {CONTROL_TOKEN} is for the API that controls it: {}/_chirrup/openapi.json",
                world.url
            ))?;
        }
        printer.line("# Logins return to http://127.0.0.1:8080/callback. Apps with other callback URLs:")?;
        printer.line("# chirrup sandbox client create --data FILE --callback URL")
    })
}

/// Starts a server in the background and waits until it accepts connections.
fn start(printer: &mut Printer) -> Result<(), CliError> {
    let record = background::record()?;
    let found = match Background::find() {
        Some(found) => found,
        None => launch(&record)?,
    };
    let url = &found.url;
    let introduction =
        format!("# The sandbox listens on {url} until `chirrup sandbox stop`. `--sandbox` uses it, and so do:");
    print_environment(&introduction, &found, printer)
}

/// Starts a process that serves the sandbox and writes the record.
fn launch(record: &Path) -> Result<Background, CliError> {
    let _ = fs::remove_file(record);
    let log = record.with_extension("log");
    let output = File::create(&log).map_err(|why| CliError::write(log.display(), why))?;
    let mut server = invocation::program().map_err(|why| CliError::read("the program", &why))?;
    server.args(invocation::words().skip(1).filter(|word| word != "--background"));
    if !invocation::words().any(|word| word.to_string_lossy().starts_with("--port")) {
        server.arg("--port=0");
    }
    server.arg("--record").arg(record).stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
    // An interrupt of the terminal is not for the server.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut server, 0);
    let mut server = server.spawn().map_err(|why| CliError::read("the program", &why))?;
    let mut found = None;
    wait_until(START_TIMEOUT, || {
        found = Background::find();
        found.is_some() || server.try_wait().is_ok_and(|status| status.is_some())
    });
    found.ok_or_else(|| {
        let said = fs::read_to_string(&log).unwrap_or_default();
        let why = said.trim().trim_start_matches("error: ");
        CliError::new(ExitStatus::Network, format!("the sandbox did not start: {why}"))
    })
}

/// Stops the server in the background, and deletes its costs, rate limits and idempotency keys.
fn stop(printer: &mut Printer) -> Result<(), CliError> {
    let record = background::record()?;
    let Some(found) = Background::read(&record) else {
        return Err(CliError::new(ExitStatus::NotFound, "no sandbox runs in the background of this terminal")
            .with_hint("start one with `chirrup sandbox --background`"));
    };
    fs::remove_file(&record).map_err(|why| CliError::write(record.display(), why))?;
    wait_until(STOP_TIMEOUT, || !found.is_running());
    if let Some(folder) = record.parent() {
        let _ = fs::remove_dir_all(folder);
    }
    printer
        .document(&json!({"url": found.url}), |printer| printer.note(&format!("stopped the sandbox at {}", found.url)))
}

/// Waits until a condition is met, at most as long as `timeout`.
fn wait_until(timeout: Duration, mut is_met: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_met() && since.elapsed() < timeout {
        std::thread::sleep(POLL);
    }
}

/// Waits until the record of this server is gone, or the terminal session ends.
async fn until_stopped(record: &Path) {
    let had_session = background::has_session();
    let is_own = || Background::read(record).is_some_and(|found| found.process == std::process::id());
    while is_own() && (!had_session || background::has_session()) {
        tokio::time::sleep(POLL).await;
    }
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
