//! The server for agents: the Model Context Protocol over stdin and stdout, or over HTTP.

use chirrup::Secret;
use chirrup_mcp::{Access, Server};
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
/// Budget of a server that is started without `--budget`.
const DEFAULT_BUDGET: &str = "1.00";

pub(super) async fn run(global: &Global, printer: &mut Printer, args: McpArgs) -> Result<(), CliError> {
    let budget = match global.budget {
        Some(budget) => budget,
        None => DEFAULT_BUDGET.parse().map_err(|_| CliError::usage("the default budget is not an amount"))?,
    };
    let access = access(&args)?.budget(budget);
    let client = settings::client_of_agent(&Global { budget: Some(budget), ..global.clone() })?;
    // The sandbox writes while an agent reads its streams.
    let _load = client.own_sandbox().and_then(|sandbox| sandbox.generate_posts_for_streams(SANDBOX_LOAD).ok());
    // The world of a new sandbox ends with the program, and so does the need for an outbox.
    let server = match posts::outbox(&client) {
        Ok(outbox) if client.own_sandbox().is_none() => Server::with_outbox(client, access, outbox),
        _ => Server::new(client, access),
    };
    match args.http {
        Some(port) => serve_http(server, port, printer).await,
        None => Ok(server.serve_stdio().await?),
    }
}

fn access(args: &McpArgs) -> Result<Access, CliError> {
    let unknown = |why: chirrup_mcp::InvalidName| CliError::usage(why.to_string());
    let verbs = args.allow.iter().map(|verb| verb.parse()).collect::<Result<Vec<_>, _>>().map_err(unknown)?;
    let mut access = Access::new(args.level.parse().map_err(unknown)?)
        .verbs(verbs)
        .accounts(&args.accounts)
        .per_hour(args.per_hour)
        .archives(args.archive.iter().cloned());
    if let Some(folder) = &args.media_folder {
        access = access.media_folder(folder);
    }
    Ok(if args.require_approval { access.require_approval() } else { access })
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
