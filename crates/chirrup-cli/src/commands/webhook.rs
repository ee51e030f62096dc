//! Webhooks: receive events, list and delete webhooks.

use bytes::Bytes;
use chirrup::model::WebhookId;
use chirrup::webhook::{Events, Receiver, WebhookEvent};
use chirrup::{Client, Secret, shutdown_signal};
use chirrup_serve::{Hosts, Server};
use http_body_util::Full;
use serde_json::{Value as Json, json};

use crate::args::WebhookCommand;
use crate::error::CliError;
use crate::print::{Printer, plural};
use crate::progress::notice;

pub(super) async fn run(client: &Client, printer: &mut Printer, command: WebhookCommand) -> Result<(), CliError> {
    match command {
        WebhookCommand::List => list(client, printer).await,
        WebhookCommand::Delete { ids } => delete(client, printer, &ids).await,
        WebhookCommand::Listen { port, register, subscribe, rules, limit } => {
            listen(client, printer, port, register, (subscribe, rules), limit).await
        }
    }
}

async fn delete(client: &Client, printer: &mut Printer, ids: &[String]) -> Result<(), CliError> {
    let parse = |id: &String| id.parse().map_err(|_| CliError::usage(format!("`{id}` is not a webhook ID")));
    let parsed = ids.iter().map(parse).collect::<Result<Vec<WebhookId>, _>>()?;
    for id in parsed {
        client.delete_webhook(id).await?;
    }
    let count = plural(ids.len() as u64, "webhook");
    printer.document(&json!({"deleted": ids}), |printer| printer.note(&format!("{count} deleted")))
}

async fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let webhooks = client.webhooks().await?;
    printer.response(&webhooks, |printer| {
        let rows = webhooks.data.iter().map(|webhook| {
            let state = if webhook.valid == Some(true) { "valid" } else { "invalid" };
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            vec![webhook.id.to_string(), text(&webhook.url), text(&webhook.created_at), state.to_owned()]
        });
        printer.table(&["id", "url", "created", "state"], rows.collect())
    })
}

/// Maximum number of concurrent connections.
const MAX_CONNECTIONS: usize = 256;
/// Maximum size in bytes of a delivery, as the receiver accepts it.
const MAX_BODY: usize = 4 << 20;

/// Variables with the secrets of the app. The first that is set answers CRC checks.
const SECRETS: [&str; 3] = ["X_CLIENT_SECRET", "X_CONSUMER_SECRET", "TWITTER_CONSUMER_SECRET"];

/// Returns the secrets of the app, which sign CRC responses and events.
fn app_secrets(client: &Client) -> Result<Vec<Secret>, CliError> {
    let from_env = SECRETS.iter().filter_map(|name| std::env::var(name).ok()).filter(|secret| !secret.is_empty());
    let mut secrets: Vec<Secret> = from_env.map(Secret::from).collect();
    if secrets.is_empty() {
        let variables = client.own_sandbox().and_then(|sandbox| sandbox.environment().ok()).unwrap_or_default();
        secrets = variables.into_iter().filter(|(name, _)| SECRETS.contains(name)).map(|(_, secret)| secret).collect();
    }
    if secrets.is_empty() {
        let message = "X_CLIENT_SECRET and X_CONSUMER_SECRET are not set: the program cannot verify signatures";
        return Err(CliError::usage(message).with_hint("set one of them to the secret of the app"));
    }
    Ok(secrets)
}

async fn listen(
    client: &Client,
    printer: &mut Printer,
    port: u16,
    register: Option<String>,
    (subscribe, rules): (bool, bool),
    limit: Option<u64>,
) -> Result<(), CliError> {
    let (receiver, events) = Receiver::with_secrets(app_secrets(client)?);
    let cannot_listen = |why: std::io::Error| CliError::usage(format!("cannot listen on port {port}: {why}"));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    tokio::spawn(serve(listener, receiver));
    if !printer.quiet() {
        notice(&format!("listening on http://{address}/"));
    }
    let mut registered = None;
    if let Some(url) = register {
        let url = if url == "local" { format!("http://{address}/") } else { url };
        let webhook = client.create_webhook(url).await?.data;
        registered = Some(webhook.id);
        if subscribe {
            client.subscribe(webhook.id).await?;
        }
        if rules {
            client.create_stream_link(webhook.id).await?;
        }
        if !printer.quiet() {
            notice(&format!("registered webhook {}", webhook.id));
        }
    }
    let printed = print(events, printer, limit).await;
    if let Some(id) = registered {
        client.delete_webhook(id).await?;
    }
    printed
}

/// Passes requests to the receiver. Every delivery is signed, so that host and origin do not matter: a proxy may forward
/// requests under a name of its own.
async fn serve(listener: tokio::net::TcpListener, receiver: Receiver) {
    let handler = move |request: http::Request<Bytes>| {
        let receiver = receiver.clone();
        async move { Ok::<_, std::convert::Infallible>(receiver.handle(request.map(Full::new)).await) }
    };
    let server = Server::new().hosts(Hosts::Any).any_origin().max_connections(MAX_CONNECTIONS).max_body(MAX_BODY);
    server.run(listener, std::future::pending(), handler).await;
}

async fn print(mut events: Events, printer: &mut Printer, limit: Option<u64>) -> Result<(), CliError> {
    let (mut shutdown, mut count) = (std::pin::pin!(shutdown_signal()), 0);
    while limit.is_none_or(|limit| count < limit) {
        let event = tokio::select! {
            event = events.next() => event,
            () = &mut shutdown => None,
        };
        let Some(event) = event else { return Ok(()) };
        let json = event_json(event);
        let (kind, payload) = summary(&json);
        match printer.is_for_programs() {
            true => printer.json_line(&json)?,
            false => printer.line(&format!("{kind}  {payload}"))?,
        }
        printer.flush()?;
        count += 1;
    }
    Ok(())
}

fn event_json(event: WebhookEvent) -> Json {
    match event {
        WebhookEvent::Activity(event) => json!({"data": event}),
        WebhookEvent::Post(delivery) => delivery.json(),
        WebhookEvent::Account(events) => events.json,
        WebhookEvent::Other(json) => json,
        _ => Json::Null,
    }
}

/// Returns the type and the payload of an event, for one line of output.
fn summary(json: &Json) -> (String, String) {
    if let Some(user) = json["for_user_id"].as_str() {
        let events = json.as_object().into_iter().flatten().find(|(name, _)| name.ends_with("_events"));
        let (name, events) = events.map(|(name, events)| (name.clone(), events.to_string())).unwrap_or_default();
        return (format!("{name} of {user}"), events);
    }
    match json["data"]["event_type"].as_str() {
        Some(kind) => (kind.to_owned(), json["data"]["payload"].to_string()),
        None => ("post".to_owned(), json["data"]["text"].as_str().map_or_else(|| json.to_string(), str::to_owned)),
    }
}
