//! The table of endpoints.

use chirrup::model::ParamKind;
use chirrup::{AuthKind, DocumentedLimit, Endpoint, LimitScope, ParamLocation, all, limits_for};
use serde_json::{Value as Json, json};

use crate::exit::Failed;
use crate::print::Printer;

pub(super) fn list(
    printer: &mut Printer,
    filter: Option<&str>,
    method: Option<&str>,
    auth: Option<&str>,
) -> Result<(), Failed> {
    let has = |meta: &Endpoint, text: &str| {
        let text = text.to_lowercase();
        let all = [meta.id, meta.path, meta.doc].into_iter().chain(meta.aliases.iter().copied());
        all.into_iter().any(|part| part.to_lowercase().contains(&text))
    };
    let chosen: Vec<&Endpoint> = all()
        .filter(|meta| filter.is_none_or(|text| has(meta, text)))
        .filter(|meta| method.is_none_or(|method| meta.method.eq_ignore_ascii_case(method)))
        .filter(|meta| auth.is_none_or(|auth| meta.auth.iter().any(|a| a.kind().id() == auth)))
        .collect();
    let items = chosen.iter().map(|meta| entry(meta)).collect();
    printer.list(items, |printer| {
        let rows = chosen.iter().map(|meta| {
            let auth: Vec<&str> = meta.auth.iter().map(|auth| auth.kind().id()).collect();
            let doc = meta.doc.lines().next().unwrap_or_default().trim();
            vec![meta.id.to_owned(), format!("{} {}\n{doc}", meta.method, meta.path), auth.join("\n")]
        });
        printer.table(&["name", "route", "credentials"], rows.collect())
    })
}

fn entry(meta: &Endpoint) -> Json {
    json!({
        "id": meta.id,
        "method": meta.method,
        "path": meta.path,
        "version": meta.version(),
        "auth": meta.auth.iter().map(|auth| AuthKind::id(auth.kind())).collect::<Vec<_>>(),
        "scopes": meta.scopes(),
        "params": meta.params().map(|param| {
            let mut json = kind(&param.kind);
            json["name"] = param.name.into();
            json["in"] = match param.location {
                ParamLocation::Path => "path",
                ParamLocation::Query => "query",
                ParamLocation::Body => "body",
                ParamLocation::Form => "form",
                _ => "other",
            }.into();
            json["required"] = param.required.into();
            if !param.doc.is_empty() {
                json["doc"] = param.doc.trim().into();
            }
            json
        }).collect::<Vec<_>>(),
        "paged": meta.page_param().map(|param| param.name),
        "limits": limits_for(meta).map(limit).collect::<Vec<_>>(),
        "aliases": meta.aliases,
        "doc": meta.doc.trim(),
        "retired": meta.retired,
    })
}

fn limit(limit: DocumentedLimit) -> Json {
    let scope = match limit.scope {
        LimitScope::User => "user",
        LimitScope::App => "app",
    };
    json!({"per": scope, "calls": limit.calls, "seconds": limit.seconds})
}

/// A kind with its bounds.
fn kind(kind: &ParamKind) -> Json {
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
            json!({"type": "list", "of": self::kind(of), "min": min, "max": bound(*max)})
        }
        ParamKind::Json => json!({"type": "json"}),
        ParamKind::Object(members) => json!({
            "type": "object",
            "members": members.iter().map(|member| {
                let mut json = self::kind(&member.kind);
                json["name"] = member.name.into();
                json["required"] = member.required.into();
                json
            }).collect::<Vec<_>>(),
        }),
    }
}
