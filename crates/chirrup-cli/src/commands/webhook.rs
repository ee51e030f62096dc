//! Webhooks: receiving, listing, deleting.

use std::io::Write as _;

use bytes::Bytes;
use chirrup::model::WebhookId;
use chirrup::webhook::{Events, Receiver, WebhookEvent};
use chirrup::{Client, Secret, shutdown_signal};
use http_body_util::Full;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Value as Json, json};

use crate::args::WebhookCommand;
use crate::exit::Failed;
use crate::print::Printer;

pub(super) async fn run(client: &Client, printer: &mut Printer, command: WebhookCommand) -> Result<(), Failed> {
    match command {
        WebhookCommand::List => list(client, printer).await,
        WebhookCommand::Delete { ids } => {
            for id in &ids {
                let id: WebhookId = id.parse().map_err(|_| Failed::usage(format!("`{id}` is no id of a webhook")))?;
                client.delete_webhook(id).await?;
            }
            printer.reply(&json!({"deleted": ids}), |printer| printer.done(&format!("{} deleted", ids.len())))
        }
        WebhookCommand::Listen { port, register, subscribe, rules, limit } => {
            listen(client, printer, port, register, (subscribe, rules), limit).await
        }
    }
}

async fn list(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let hooks = client.webhooks().await?;
    printer.reply(&hooks.json(), |printer| {
        let rows = hooks.data.iter().map(|hook| {
            let valid = if hook.valid == Some(true) { "answers" } else { "does not answer" };
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            vec![hook.id.to_string(), text(&hook.url), text(&hook.created_at), valid.to_owned()]
        });
        printer.table(&["id", "url", "made", "state"], rows.collect())
    })
}

/// The secret of the app: what signs both challenges and events.
fn secret(client: &Client) -> Result<Secret, Failed> {
    let named = ["X_CONSUMER_SECRET", "TWITTER_CONSUMER_SECRET"].iter().find_map(|name| std::env::var(name).ok());
    if let Some(secret) = named.filter(|secret| !secret.is_empty()) {
        return Ok(secret.into());
    }
    let own = client.own_sandbox().and_then(|sandbox| sandbox.environment().ok());
    let own = own.and_then(|all| all.into_iter().find(|(name, _)| *name == "X_CONSUMER_SECRET"));
    own.map(|(_, secret)| secret)
        .ok_or_else(|| Failed::usage("X_CONSUMER_SECRET is not set: without it nothing can be checked"))
}

async fn listen(
    client: &Client,
    printer: &mut Printer,
    port: u16,
    register: Option<String>,
    (subscribe, rules): (bool, bool),
    limit: Option<u64>,
) -> Result<(), Failed> {
    let (receiver, events) = Receiver::new(secret(client)?);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.map_err(|why| Failed::usage(format!("cannot listen on port {port}: {why}")))?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, receiver));
    if !printer.quiet() {
        writeln!(std::io::stderr(), "listening on http://{address}/")?;
    }
    let mut made = None;
    if let Some(url) = register {
        let url = if url == "local" { format!("http://{address}/") } else { url };
        let hook = client.create_webhook(url).await?.data;
        made = Some(hook.id);
        if subscribe {
            client.subscribe(hook.id).await?;
        }
        if rules {
            client.create_stream_link(hook.id).await?;
        }
        if !printer.quiet() {
            writeln!(std::io::stderr(), "the webhook is {}", hook.id)?;
        }
    }
    let printed = print(events, printer, limit).await;
    if let Some(hook) = made {
        client.delete_webhook(hook).await?;
    }
    printed
}

async fn serve(listener: tokio::net::TcpListener, receiver: Receiver) {
    while let Ok((socket, _)) = listener.accept().await {
        let receiver = receiver.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| {
                let receiver = receiver.clone();
                async move { Ok::<http::Response<Full<Bytes>>, std::convert::Infallible>(receiver.handle(request).await) }
            });
            // A caller that breaks off does no harm.
            let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
        });
    }
}

async fn print(mut events: Events, printer: &mut Printer, limit: Option<u64>) -> Result<(), Failed> {
    let (mut interrupt, mut count) = (std::pin::pin!(shutdown_signal()), 0);
    while limit.is_none_or(|limit| count < limit) {
        let event = tokio::select! {
            event = events.next() => event,
            () = &mut interrupt => None,
        };
        let Some(event) = event else { return Ok(()) };
        let json = json_of(event);
        let (kind, about) = summary(&json);
        match printer.is_for_programs() {
            true => printer.line(&json.to_string())?,
            false => printer.line(&format!("{kind}  {about}"))?,
        }
        printer.finish()?;
        count += 1;
    }
    Ok(())
}

fn json_of(event: WebhookEvent) -> Json {
    match event {
        WebhookEvent::Activity(event) => json!({"data": event}),
        WebhookEvent::Post(delivery) => delivery.json(),
        WebhookEvent::Account(events) => events.json,
        WebhookEvent::Other(json) => json,
        _ => Json::Null,
    }
}

/// What an event is, and the thing itself, on one line.
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
