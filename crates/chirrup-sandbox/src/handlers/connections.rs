//! Connections to streams.

use chirrup_api::v2::connections::{CloseAllConnections, CloseConnections, CloseConnectionsTo, Connections};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use crate::response::json::str_of;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Connections::ENDPOINT, connections),
    (CloseConnections::ENDPOINT, close_matching),
    (CloseAllConnections::ENDPOINT, close_matching),
    (CloseConnectionsTo::ENDPOINT, close_matching),
];

/// Open and closed connections of the app.
fn connections(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let app = ctx.identity.app;
    let mut list = ctx.exclusive()?.hub.connections_of(app);
    let endpoints: Vec<&str> = ctx.call.list("endpoints").collect();
    let status = ctx.call.text("status");
    list.retain(|connection| {
        let open = connection["disconnected_at"].is_null();
        let name = str_of(connection, "endpoint_name");
        (endpoints.is_empty() || endpoints.contains(&name))
            && status.is_none_or(|status| (status == "active") == open || status == "all")
    });
    list.truncate(ctx.page_size(100));
    let meta = json!({"result_count": list.len()});
    Ok((200, ctx.response().list_body(list, Some(meta)).into()))
}

/// Closes connections: by ID, by endpoint, or all of the app.
fn close_matching(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let requested: Vec<String> = ctx.call.list("uuids").map(str::to_owned).collect();
    let app = ctx.identity.app;
    let stream = ctx.call.text("endpoint_id").map(str::to_owned);
    let all = requested.is_empty();
    let now = ctx.now;
    let closed = ctx.exclusive()?.hub.close_connections(app, now, |id, name| match &stream {
        Some(stream) => name == stream,
        None => all || requested.iter().any(|wanted| wanted == id),
    });
    let result = |id: &String| {
        if closed.contains(id) {
            return json!({"uuid": id, "success": true});
        }
        json!({"uuid": id, "success": false, "error_message": "The connection does not exist."})
    };
    let results: Vec<Json> =
        if all { closed.iter().map(result).collect() } else { requested.iter().map(result).collect() };
    let failed = results.len() - closed.len();
    data_response(200, json!({"successful_kills": closed.len(), "failed_kills": failed, "results": results}))
}
