//! List of the known endpoints, from the endpoint table.

use chirrup::model::ParamKind;
use chirrup::{AuthKind, DocumentedLimit, Endpoint, LimitScope, ParamLocation, all};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;

pub(super) fn list(
    printer: &mut Printer,
    filter: Option<&str>,
    method: Option<&str>,
    auth: Option<&str>,
) -> Result<(), CliError> {
    let matches = |meta: &Endpoint, text: &str| {
        let text = text.to_lowercase();
        let names = [meta.id, meta.path, meta.doc].into_iter().chain(meta.aliases.iter().copied());
        names.into_iter().any(|name| name.to_lowercase().contains(&text))
    };
    let matching: Vec<&Endpoint> = all()
        .filter(|meta| filter.is_none_or(|text| matches(meta, text)))
        .filter(|meta| method.is_none_or(|method| meta.method.eq_ignore_ascii_case(method)))
        .filter(|meta| auth.is_none_or(|auth| meta.auth.iter().any(|a| a.kind().id() == auth)))
        .collect();
    let items = matching.iter().map(|meta| to_json(meta)).collect();
    printer.list(items, |printer| {
        let rows = matching.iter().map(|meta| {
            let auth: Vec<&str> = meta.auth.iter().map(|auth| auth.kind().id()).collect();
            let doc = meta.doc.lines().next().unwrap_or_default().trim();
            vec![meta.id.to_owned(), format!("{} {}\n{doc}", meta.method, meta.path), auth.join("\n")]
        });
        printer.table(&["name", "method and path", "credentials"], rows.collect())?;
        // An alias or an ID names one endpoint, although its text may occur in others.
        let is_named = |meta: &&&Endpoint| filter.is_some_and(|name| meta.id == name || meta.aliases.contains(&name));
        let named = matching.iter().find(is_named).or(matching.first().filter(|_| matching.len() == 1));
        named.and_then(|meta| meta.example).map_or(Ok(()), |example| {
            printer.note("example in Rust:")?;
            printer.line(example)
        })
    })
}

fn to_json(meta: &Endpoint) -> Json {
    json!({
        "id": meta.id,
        "method": meta.method,
        "path": meta.path,
        "version": meta.version(),
        "auth": meta.auth.iter().map(|auth| AuthKind::id(auth.kind())).collect::<Vec<_>>(),
        "scopes": meta.scopes(),
        "params": meta.params().map(|param| {
            let mut json = kind_json(&param.kind);
            json["name"] = param.name.into();
            json["in"] = match param.location {
                ParamLocation::Path => "path",
                ParamLocation::Query => "query",
                ParamLocation::Body => "body",
                ParamLocation::Form => "form",
                _ => "other",
            }.into();
            json["required"] = param.required.into();
            if let Some(default) = param.default {
                json["default"] = default.into();
            }
            if !param.doc.is_empty() {
                json["doc"] = param.doc.trim().into();
            }
            json
        }).collect::<Vec<_>>(),
        "paged": meta.page_param().map(|param| param.name),
        "limits": meta.documented_limits().map(limit_json).collect::<Vec<_>>(),
        "aliases": meta.aliases,
        "example": meta.example,
        "doc": meta.doc.trim(),
        "retired": meta.retired,
    })
}

fn limit_json(limit: DocumentedLimit) -> Json {
    let scope = match limit.scope {
        LimitScope::User => "user",
        LimitScope::App => "app",
    };
    json!({"per": scope, "calls": limit.calls, "seconds": limit.seconds})
}

/// Describes the type and the bounds of a parameter.
fn kind_json(kind: &ParamKind) -> Json {
    let bound = |n: usize| if n == usize::MAX { Json::Null } else { n.into() };
    match kind {
        ParamKind::Id => json!({"type": "id"}),
        ParamKind::Username => json!({"type": "username", "min": 1, "max": 15}),
        ParamKind::Int { min, max } => json!({"type": "integer", "min": min, "max": max}),
        ParamKind::Text { min, max } => json!({"type": "text", "min": min, "max": bound(*max)}),
        ParamKind::Time => json!({"type": "time"}),
        ParamKind::Bool => json!({"type": "boolean"}),
        ParamKind::OneOf(words) => json!({"type": "word", "one_of": words}),
        ParamKind::List { of, min, max } => {
            json!({"type": "list", "of": kind_json(of), "min": min, "max": bound(*max)})
        }
        ParamKind::Object(members) => json!({
            "type": "object",
            "members": members.iter().map(|member| {
                let mut json = kind_json(&member.kind);
                json["name"] = member.name.into();
                json["required"] = member.required.into();
                json
            }).collect::<Vec<_>>(),
        }),
        ParamKind::File => json!({"type": "file"}),
        // `Json`, and any later kind: only the server knows the shape.
        _ => json!({"type": "json"}),
    }
}
