//! Connections of the server: the world of each request, and the part of the sandbox that answers it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use chirrup_serve::Server;
use http::header::{HeaderName, HeaderValue, LOCATION};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Response, Uri};
use tokio::sync::{mpsc, oneshot};

use crate::access::received_request::WorldPrefix;
use crate::control_api;
use crate::page;
use crate::response::http::simple_response;
use crate::server::body::{Body, ConnectionAborted};
use crate::server::http::handle;
use crate::state::Shared;
use crate::streams::webhook_delivery::QueuedDelivery;
use crate::worlds::{NewWorld, Worlds};

/// Size in bytes of the largest request body.
const MAX_REQUEST: usize = 10 << 20;
/// Real time between two checks for idle streams. It is short because a test can advance the clock at any time.
const KEEP_ALIVE_CHECK: Duration = Duration::from_millis(20);

/// Header that names the world of a request.
const WORLD_HEADER: HeaderName = HeaderName::from_static("x-chirrup-world");
/// Beginning of a path that names the world of a request.
const WORLD_PATH: &str = "/_worlds/";

/// Serves requests until `stopped` resolves. `deliveries` are those of the default world.
pub(crate) async fn serve(
    server: Server,
    listener: std::net::TcpListener,
    worlds: Arc<Worlds>,
    deliveries: mpsc::Receiver<QueuedDelivery>,
    stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    tokio::spawn(send_keep_alives(Arc::clone(&worlds)));
    start_world((Arc::clone(worlds.default_world()), deliveries));
    let stopped = async { stopped.await.unwrap_or_default() };
    let handler = move |request| respond(Arc::clone(&worlds), request);
    server.max_body(MAX_REQUEST).run(listener, stopped, handler).await;
}

/// Starts the task that sends the requests of a world to webhooks.
fn start_world((world, deliveries): NewWorld) {
    tokio::spawn(send_deliveries(Arc::downgrade(&world), deliveries));
}

/// Sends keep-alives to the idle streams of all worlds.
async fn send_keep_alives(worlds: Arc<Worlds>) {
    let mut ticks = tokio::time::interval(KEEP_ALIVE_CHECK);
    loop {
        ticks.tick().await;
        for world in worlds.all() {
            let now = world.clock.now();
            world.lock().hub.send_keep_alives(now);
        }
    }
}

/// Sends the queued events of a world to webhooks, one at a time and in order, until the world is removed.
async fn send_deliveries(world: Weak<Shared>, mut deliveries: mpsc::Receiver<QueuedDelivery>) {
    let Some(clock) = world.upgrade().map(|world| world.clock.clone()) else { return };
    while let Some(delivery) = deliveries.recv().await {
        let delivery = delivery.send(&clock).await;
        let Some(world) = world.upgrade() else { return };
        world.lock().hub.record_delivery(delivery);
    }
}

/// Responds to a request in its world.
async fn respond(worlds: Arc<Worlds>, request: http::Request<Bytes>) -> Result<Response<Body>, ConnectionAborted> {
    let (mut head, body) = request.into_parts();
    if let Some(location) = with_slash(&head.uri) {
        let mut response = simple_response(308, None, "").map(Body::complete);
        response.headers_mut().insert(LOCATION, location);
        return Ok(response);
    }
    let name = take_world_name(&mut head);
    let world = match &name {
        None => Arc::clone(worlds.default_world()),
        Some(name) => match worlds.named(name, start_world) {
            Ok(world) => world,
            Err(why) => return Ok(control_api::refusal(&why).map(Body::complete)),
        },
    };
    if let Some(response) = page::respond(&world, worlds.control_token(), &head) {
        return Ok(response.map(Body::complete));
    }
    if control_api::has_path(head.uri.path()) {
        return Ok(control_api::respond(&worlds, &world, name.as_deref(), head, body).await);
    }
    handle(world, head, body).await
}

/// Returns the address of a world's page if only its last slash is missing, without which relative links lead elsewhere.
fn with_slash(uri: &Uri) -> Option<HeaderValue> {
    let name = uri.path().strip_prefix(WORLD_PATH)?;
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = (!name.is_empty() && !name.contains('/')).then(|| format!("{WORLD_PATH}{name}/{query}"))?;
    HeaderValue::try_from(location).ok()
}

/// Returns the name of the world that a request is for, and removes it from the path.
fn take_world_name(head: &mut Parts) -> Option<String> {
    let named =
        head.uri.path().strip_prefix(WORLD_PATH).map(|rest| rest.split('/').next().unwrap_or_default().to_owned());
    let Some(name) = named else {
        return head.headers.get(&WORLD_HEADER).map(|name| name.to_str().unwrap_or_default().to_owned());
    };
    let prefix = format!("{WORLD_PATH}{name}");
    let rest = head.uri.path_and_query().map_or("", PathAndQuery::as_str).get(prefix.len()..).unwrap_or_default();
    let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
    if let Ok(uri) = rest.parse::<Uri>() {
        head.uri = uri;
        head.extensions.insert(WorldPrefix(prefix));
    }
    Some(name)
}
