//! The OpenAPI document, generated from the table of endpoints.

use chirrup_api::v2::general::OpenApi;
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};

pub(super) const HANDLERS: &[HandlerEntry] = &[(OpenApi::ENDPOINT, openapi)];

/// The table of endpoints in the form of OpenAPI.
fn openapi(_: &mut RequestContext<'_>) -> HandlerResult {
    let mut paths = json!({});
    for meta in chirrup_api::all().filter(|meta| meta.version() == "2") {
        let parameter = |p: &chirrup_api::Param| {
            let place = if p.location == chirrup_api::ParamLocation::Path { "path" } else { "query" };
            json!({"name": p.name, "in": place, "required": p.required, "description": p.doc.trim()})
        };
        let parameters: Vec<Json> =
            meta.params().filter(|p| p.location != chirrup_api::ParamLocation::Body).map(parameter).collect();
        paths[meta.path][meta.method.to_lowercase()] = json!({
            "operationId": meta.id, "summary": meta.doc.lines().next().unwrap_or_default().trim(),
            "deprecated": meta.retired.is_some(), "parameters": parameters,
            "responses": {"200": {"description": "The reply."}},
        });
    }
    let info = json!({"title": "X API v2, as the sandbox serves it", "version": "2.167"});
    Ok((200, json!({"openapi": "3.0.0", "info": info, "paths": paths}).into()))
}
