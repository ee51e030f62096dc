//! Receives webhook events with axum: CRC checks, signatures and duplicates are handled by the receiver.
//!
//! Run it with `cargo run -p chirrup --example webhook --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::model::ActivityType;
use chirrup::sandbox::Sandbox;
use chirrup::webhook::Receiver;
use chirrup::{Client, Secret};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials()?).build()?;

    // The receiver is a tower service; the secret is the consumer secret of the app.
    let environment = sandbox.environment()?;
    let secret = environment.into_iter().find(|(name, _)| *name == "X_CONSUMER_SECRET").map(|(_, value)| value);
    let (receiver, mut events) = Receiver::new(secret.unwrap_or_else(|| Secret::new("")));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    let app = axum::Router::new().route_service("/webhook", receiver);
    tokio::spawn(async move { axum::serve(listener, app).await });

    // X checks the URL with a CRC challenge while the webhook is created.
    let webhook = client.create_webhook(url).await?.data;
    let filter = json!({"user_id": "12"});
    client.create_activity_subscription(ActivityType::PostCreate, filter).webhook_id(webhook.id).await?;

    sandbox.write_post("robin", "A heron at the pond.")?;
    if let Some(event) = events.next().await {
        println!("{event:?}");
    }
    Ok(())
}
