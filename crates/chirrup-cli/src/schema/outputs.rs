//! What each command prints with `--json`.

use serde_json::{Value as Json, json};

use super::objects::{self, event, item_of_stream, places, post, problem, rule, user, webhook};
use super::responses::{created, done, one, one_or_page, page};
use super::shapes::{
    counts, depends_on, exact, exact_with, id, list, money, number, number_or_null, open, text, text_or_null, texts,
    time, truth,
};
use crate::verbs::{Output, output_of};

/// How a command prints its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON document as a whole.
    Document,
    /// A JSON document per line.
    Lines,
    /// Text, which has no schema.
    Text,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Lines => "lines",
            Self::Text => "text",
        }
    }
}

/// Returns the format of the output of a command, and its schema, or that of a line.
pub(super) fn of(path: &str) -> (Format, Option<Json>) {
    if let Some(output) = output_of(path) {
        return (Format::Document, Some(of_verb(path, output)));
    }
    match path {
        "stream" => (Format::Lines, Some(item_of_stream(depends_on("the stream")))),
        "webhook listen" => (Format::Lines, Some(event())),
        // With `--users`, the users.
        "archive export" => (Format::Lines, Some(json!({"anyOf": [item_of_stream(post()), item_of_stream(user())]}))),
        "flatten" => (Format::Lines, Some(open(json!({"id": text()}), json!({})))),
        // The lines of the input that match.
        "query match" => (Format::Lines, Some(json!({"anyOf": [post(), item_of_stream(post())]}))),
        _ => match of_command(path) {
            Some(schema) => (Format::Document, Some(schema)),
            None => (Format::Text, None),
        },
    }
}

fn of_verb(path: &str, output: Output) -> Json {
    // The table has no other objects; a test checks it.
    let object = || objects::of_command(path).unwrap_or_else(|| depends_on("the command"));
    match output {
        Output::Posts => page(post()),
        Output::Users | Output::UsersWithout(_) => page(user()),
        Output::Objects | Output::Spaces => page(object()),
        // API v1.1 has responses without an envelope.
        Output::Object if path == "places" => places(),
        Output::Object | Output::Created(_) => one(object()),
        Output::Counts => page(open(json!({"start": text(), "end": text()}), json!({"tweet_count": number()}))),
        Output::Done(member, ..) => done(member),
    }
}

/// Returns the schema of a command that is not in the table of endpoints; `None` for a command that prints text.
fn of_command(path: &str) -> Option<Json> {
    posts_and_users(path)
        .or_else(|| rules_and_webhooks(path))
        .or_else(|| money_and_facts(path))
        .or_else(|| accounts(path).or_else(|| offline(path)))
}

fn posts_and_users(path: &str) -> Option<Json> {
    Some(match path {
        "show" => one_or_page(post()),
        // With a thread, there is an item per post.
        "post" => {
            json!({"anyOf": [created(), exact(json!({"data": list(exact(json!({"id": id(), "text": text()})))}))]})
        }
        "reply" | "quote" | "edit" => created(),
        "thread" => exact(json!({"data": list(exact(json!({"id": id(), "text": text()})))})),
        "delete" => done("deleted"),
        "like" => done("liked"),
        "repost" => done("retweeted"),
        "follow" => one(open(json!({"following": truth()}), json!({"pending_follow": truth()}))),
        "user" => one_or_page(user()),
        "does-follow" => exact(json!({"data": exact(json!({"following": truth()}))})),
        "media upload" => {
            exact(json!({"id": id(), "media_key": text_or_null(), "media_type": text(), "size": number()}))
        }
        _ => return None,
    })
}

fn rules_and_webhooks(path: &str) -> Option<Json> {
    let changed = || exact(json!({"data": list(rule()), "deleted": number(), "errors": list(problem())}));
    let wanted = || exact(json!({"value": text(), "tag": text_or_null()}));
    Some(match path {
        "rules list" => exact(json!({"data": list(rule())})),
        "rules add" | "rules delete" => changed(),
        "rules clear" => exact(json!({"deleted": number()})),
        "rules sync" => exact(json!({
            "add": list(wanted()), "delete": list(rule()), "keep": number(),
            "retag": list(exact(json!({"id": id(), "value": text_or_null(), "tag": text_or_null()}))),
        })),
        "rules check" => {
            list(exact_with(json!({"value": text(), "tag": text(), "valid": truth()}), json!({"problem": text()})))
        }
        "webhook list" => page(webhook()),
        "webhook delete" => exact(json!({"deleted": list(text())})),
        _ => return None,
    })
}

fn money_and_facts(path: &str) -> Option<Json> {
    Some(match path {
        "plan" => exact(json!({
            "credential_source": text(), "notes": list(text()), "max_cost": money(), "max_cost_micros": number(),
            "requests_of_unknown_cost": number(), "min_seconds": number_or_null(),
            "data": list(exact(json!({
                "credential": text_or_null(), "endpoint": text(), "method": text(), "path": text(),
                "times": number_or_null(), "items_per_request": number(),
                "max_cost_micros_per_request": number_or_null(), "max_cost_micros": number_or_null(),
                "min_seconds": number_or_null(),
            }))),
        })),
        "spend" => {
            let spent = exact(json!({
                "total": money(), "micros": number(),
                "data": list(exact(json!({
                    "day": text(), "endpoint": text(), "calls": number(), "items": number(), "cost": money(),
                    "micros": number(), "unsettled": number(),
                }))),
            }));
            let price = exact(json!({"kind": text(), "what": text(), "dollars": text()}));
            json!({"anyOf": [spent, exact(json!({"data": list(price)}))]})
        }
        // With `--all`, the documented limits.
        "limits" => list(exact_with(
            json!({"endpoint": text(), "limit": number(), "window_seconds": number()}),
            json!({"remaining": number(), "reset": time(), "per": {"enum": ["user", "app"]}}),
        )),
        // With `--against`, the differences.
        "endpoints" => json!({"anyOf": [list(endpoint()), list(difference())]}),
        "call" => json!({"type": ["object", "array"], "description": "Body of the response of the endpoint."}),
        "doctor" => list(exact(json!({"check": text(), "ok": {"type": ["boolean", "null"]}, "details": text()}))),
        "explain-error" => list(exact(json!({"code": text(), "meaning": text(), "remedy": text()}))),
        _ => return None,
    })
}

fn accounts(path: &str) -> Option<Json> {
    Some(match path {
        "login" => json!({"anyOf": [
            exact(json!({"profile": text(), "as": text(), "file": text()})),
            // With `--exchange`.
            exact(json!({"profile": text(), "scopes": list(text()), "file": text()})),
            // With `--import`.
            exact(json!({"profiles": list(text()), "file": text()})),
        ]}),
        "logout" => exact(json!({"profile": text(), "server": text()})),
        "sandbox stop" => exact(json!({"url": text()})),
        "whoami" => exact(json!({"username": text_or_null(), "credentials": list(text())})),
        "profiles" => list(exact(json!({"profile": text(), "username": text_or_null(), "credentials": list(text())}))),
        "auth token" => exact(json!({"token": text()})),
        "mcp" => exact(json!({"url": text(), "token": text_or_null()})),
        "sandbox" => exact_with(
            json!({"url": text(), "environment": texts(), "control_token": text_or_null()}),
            json!({"proxy_environment": texts(), "imported": counts()}),
        ),
        // With `--to`, the request to the webhook and its response.
        "sandbox trigger" => json!({"anyOf": [
            exact(json!({"event": text()})),
            exact(json!({
                "event": text(), "number": number(), "webhook": text(), "kind": text_or_null(), "at": text(),
                "status": {"type": ["integer", "null"], "minimum": 100, "maximum": 599}, "body": event(),
            })),
        ]}),
        "sandbox client create" => exact(json!({
            "consumer_key": text(), "consumer_secret": text(), "bearer_token": text(),
            "users": list(exact(json!({
                "username": text(), "id": id(), "access_token": text(), "access_token_secret": text(),
                "oauth2_access_token": text(),
            }))),
        })),
        "version" => exact(json!({
            "version": text(), "platform": text(), "features": list(text()), "config_dir": text_or_null(),
        })),
        "schema" => json!({"anyOf": [
            exact(json!({
                "command": text(), "about": text(), "arguments": schema(), "output_format": text(),
                "output": {"anyOf": [schema(), {"type": "null"}]}, "error": schema(),
            })),
            exact(json!({"commands": list(text()), "global_options": schema(), "error": schema()})),
        ]}),
        _ => return None,
    })
}

/// The schema of a JSON Schema.
fn schema() -> Json {
    open(json!({"$schema": text()}), json!({}))
}

/// An entry of the table of endpoints.
fn endpoint() -> Json {
    let param = open(
        json!({"name": text(), "in": text(), "required": truth(), "type": text()}),
        json!({"doc": text(), "default": text(), "one_of": list(text()), "of": open(json!({"type": text()}), json!({}))}),
    );
    let limit = exact(json!({"per": {"enum": ["user", "app"]}, "calls": number(), "seconds": number()}));
    exact(json!({
        "id": text(), "method": text(), "path": text(), "version": text(), "auth": list(text()),
        "scopes": list(text()), "params": list(param), "paged": text_or_null(), "limits": list(limit),
        "aliases": list(text()), "example": text_or_null(), "doc": text(), "retired": text_or_null(),
    }))
}

/// A difference of a document from the table of endpoints.
fn difference() -> Json {
    exact(json!({
        "change": text(), "method": text(), "path": text(), "parameter": text_or_null(), "detail": text(),
    }))
}

/// A row of a database, by column.
fn row() -> Json {
    json!({"type": "object", "additionalProperties": {"type": ["string", "number", "null"]}})
}

/// Returns the schema of what the events of a file removed.
fn removed() -> Json {
    exact(json!({
        "posts": number(), "users": number(), "likes": number(), "places": number(), "other_lines": number(),
    }))
}

/// Returns the schema of the state of a stream of a NATS server.
fn stream_status() -> Json {
    let source = exact(json!({
        "name": text(), "kind": text(), "items": number(), "is_complete": truth(), "updated_at": text(),
    }));
    let consumer = exact(json!({
        "name": text(), "description": text(), "pending": number(), "unacknowledged": number(), "redelivered": number(),
    }));
    let member = exact(json!({"id": text(), "host": text(), "process": number()}));
    let lease = exact(json!({"partition": number(), "reader": number(), "member": text()}));
    let team = exact(json!({"stream": text(), "members": list(member), "leases": list(lease)}));
    exact(json!({
        "messages": number(), "bytes": number(), "lag": number(), "sources": list(source),
        "consumers": list(consumer), "teams": list(team),
    }))
}

fn offline(path: &str) -> Option<Json> {
    Some(match path {
        "query check" => list(exact(json!({
            "severity": {"enum": ["error", "warning"]}, "start": number(), "end": number(), "message": text(),
            "help": text_or_null(),
        }))),
        "query explain" => exact(json!({"explanation": text(), "normalized": text()})),
        "text count" => exact(json!({
            "text": text(), "weight": number(), "remaining": {"type": "integer"}, "valid": truth(), "permillage": number(),
            "valid_range_end": number(),
        })),
        "text check" => exact(json!({
            "text": text(), "valid": truth(), "remaining": {"type": "integer"}, "problem": text_or_null(),
        })),
        "text entities" => list(exact(json!({"kind": text(), "text": text(), "start": number(), "end": number()}))),
        "archive query" | "archive stats" => list(row()),
        "archive comply" => list(removed()),
        "archive compact" => exact(json!({"bytes_before": number(), "bytes_after": number()})),
        "archive drain" => exact(json!({
            "messages": number(), "new_items": number(), "duplicates": number(), "unreadable": number(), "left": number(),
        })),
        "archive status" => stream_status(),
        "archive verify" => exact(json!({"sound": truth(), "faults": list(text())})),
        "text split" => list(exact(json!({"text": text(), "weight": number()}))),
        _ => return None,
    })
}
