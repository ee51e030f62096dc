//! The server for agents: the Model Context Protocol over stdin and stdout, or over HTTP.

use chirrup::{Access, Secret};
use chirrup_mcp::{Options, Server};
use serde_json::json;

use super::posts;
use crate::args::{Global, McpArgs};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::Printer;
use crate::progress::notice;
use crate::{settings, signals};

/// Variable with the token of the clients.
const TOKEN: &str = "CHIRRUP_MCP_TOKEN";
/// Length of a created token in bytes.
const TOKEN_BYTES: usize = 32;
/// Number of posts per second in the streams of a sandbox.
const SANDBOX_LOAD: u64 = 3;

pub(super) async fn run(global: &Global, printer: &mut Printer, args: McpArgs) -> Result<(), CliError> {
    let client = settings::client_of_agent(global, access(&args)?)?;
    // The sandbox writes while an agent reads its streams.
    let _load = client.own_sandbox().and_then(|sandbox| sandbox.generate_posts_for_streams(SANDBOX_LOAD).ok());
    let mut options = options(&args);
    // The world of a new sandbox ends with the program, and so does the need for an outbox.
    if let (Ok(outbox), None) = (posts::outbox(&client), client.own_sandbox()) {
        options = options.outbox(outbox);
    }
    let server = Server::new(client, options);
    match args.http {
        Some(port) => serve_http(server, port, printer).await,
        None => Ok(server.serve_stdio().await?),
    }
}

fn access(args: &McpArgs) -> Result<Access, CliError> {
    let unknown = |why: chirrup::InvalidName| CliError::usage(why.to_string());
    let verbs = args.allow.iter().map(|verb| verb.parse()).collect::<Result<Vec<_>, _>>().map_err(unknown)?;
    let access = Access::new(args.level.parse().map_err(unknown)?);
    Ok(access.allow(verbs).accounts(&args.accounts).per_hour(args.per_hour))
}

fn options(args: &McpArgs) -> Options {
    let mut options = Options::default().archives(args.archive.iter().cloned());
    if let Some(folder) = &args.media_folder {
        options = options.media_folder(folder);
    }
    if args.require_approval { options.require_approval() } else { options }
}

async fn serve_http(server: Server, port: u16, printer: &mut Printer) -> Result<(), CliError> {
    let given = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
    let token = match &given {
        Some(token) => token.clone(),
        None => random_token()?,
    };
    let bound = server.bind_http(port, Secret::from(token.clone())).await;
    let bound =
        bound.map_err(|why| CliError::new(ExitStatus::Network, format!("cannot listen on port {port}: {why}")))?;
    let url = bound.url();
    let shown = if given.is_some() { None } else { Some(&token) };
    printer.document(&json!({"url": url, "token": shown}), |printer| {
        printer.line(&format!("URL: {url}"))?;
        shown.map_or(Ok(()), |token| printer.line(&format!("Authorization: Bearer {token}")))
    })?;
    printer.flush()?;
    let stop = signals::shutdown();
    bound.run(async move { drop(stop.await) }).await;
    notice("stopped");
    Ok(())
}

fn random_token() -> Result<String, CliError> {
    let mut random = [0_u8; TOKEN_BYTES];
    getrandom::fill(&mut random)
        .map_err(|why| CliError::new(ExitStatus::Storage, format!("there are no random numbers: {why}")))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
