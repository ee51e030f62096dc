//! Rules of the filtered stream.

use chirrup_api::v2::streams::{GetRuleCounts, GetRules, UpdateRules};
use chirrup_query::{Diagnostic, Target, check};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::data_response;
use crate::response::api_error::{ApiError, resource_not_found};
use crate::response::json::str_of;
use crate::streams::rules::{RULE, rules_of};

pub(super) const HANDLERS: &[HandlerEntry] =
    &[(GetRules::ENDPOINT, rules), (UpdateRules::ENDPOINT, update_rules), (GetRuleCounts::ENDPOINT, rule_counts)];

/// Maximum number of rules per app.
const MAX_RULES: usize = 1_000;

fn rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    let mut rules = rules_of(ctx.world, ctx.identity.app)?;
    rules.retain(|rule| ids.is_empty() || rule["id"].as_str().is_some_and(|id| ids.contains(&id)));
    let meta = json!({"sent": ctx.now, "result_count": rules.len()});
    Ok((200, ctx.response().list_body(rules, Some(meta)).into()))
}

fn update_rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let app = ctx.identity.app;
    ctx.exclusive()?.hub.invalidate_rules(app);
    let (dry_run, all) = (ctx.is_set("dry_run"), ctx.is_set("delete_all"));
    match (ctx.call.get("add").cloned(), ctx.call.get("delete").cloned()) {
        (Some(add), None) if !all => add_rules(ctx, &add, dry_run),
        (None, Some(delete)) if !all => delete_rules(ctx, &delete, dry_run),
        (None, None) if all => {
            let ids: Vec<Json> = rules_of(ctx.world, ctx.identity.app)?.iter().map(|rule| rule["id"].clone()).collect();
            delete_rules(ctx, &json!({"ids": ids}), dry_run)
        }
        _ => Err(ApiError::invalid_param("add", "", "Exactly one of add, delete and delete_all must be given.")),
    }
}

fn rule_problem(title: &str, kind: &str, rule: &Json, details: Vec<String>) -> Json {
    let mut problem = json!({
        "title": title, "type": format!("https://api.x.com/2/problems/{kind}"), "value": rule["value"],
    });
    problem["detail"] = details.join("; ").into();
    problem["details"] = details.into();
    problem
}

fn add_rules(ctx: &mut RequestContext<'_>, add: &Json, dry_run: bool) -> HandlerResult {
    let mut known = rules_of(ctx.world, ctx.identity.app)?;
    let (mut created, mut errors) = (Vec::new(), Vec::new());
    for rule in add.as_array().into_iter().flatten() {
        let report = check(str_of(rule, "value"), Target::FILTERED_STREAM.enterprise());
        if !report.is_ok() {
            let cannot_parse =
                |d: &Diagnostic| format!("Cannot parse rule: {} (at position {})", d.message, d.span.start);
            let details = report.diagnostics.iter().map(cannot_parse).collect();
            errors.push(rule_problem("UnprocessableEntity", "invalid-rules", rule, details));
        } else if let Some(duplicate) = known.iter().find(|k| k["value"] == rule["value"]) {
            let detail = format!("A rule with this value exists already: {}", str_of(duplicate, "id"));
            let mut problem = rule_problem("DuplicateRule", "duplicate-rules", rule, vec![detail]);
            problem["id"] = duplicate["id"].clone();
            errors.push(problem);
        } else if known.len() >= MAX_RULES {
            errors.push(rule_problem(
                "RulesCapExceeded",
                "rule-cap",
                rule,
                vec![format!("An app can have {MAX_RULES} rules.")],
            ));
        } else {
            let mut rule = rule.clone();
            rule["id"] = ctx.new_id().into();
            known.push(rule.clone());
            created.push(rule);
        }
    }
    let (count, failed) = (created.len(), errors.len());
    let summary = json!({
        "created": count, "not_created": failed, "valid": count, "invalid": failed,
    });
    for rule in created.iter().filter(|_| !dry_run) {
        ctx.world.put_document(RULE, str_of(rule, "id"), ctx.app_id(), rule)?;
    }
    let meta = json!({"sent": ctx.now, "summary": summary});
    let mut response = ctx.response();
    response.errors = errors;
    Ok((201, response.list_body(created, Some(meta)).into()))
}

fn delete_rules(ctx: &mut RequestContext<'_>, delete: &Json, dry_run: bool) -> HandlerResult {
    let listed = |name: &str| delete[name].as_array().cloned().unwrap_or_default();
    let (ids, values) = (listed("ids"), listed("values"));
    let known = rules_of(ctx.world, ctx.identity.app)?;
    let deleted: Vec<_> = known.iter().filter(|r| ids.contains(&r["id"]) || values.contains(&r["value"])).collect();
    let missing = ids.iter().filter(|id| !known.iter().any(|rule| rule["id"] == **id));
    let missing: Vec<String> = missing.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    for rule in deleted.iter().filter(|_| !dry_run) {
        ctx.world.remove_document(RULE, str_of(rule, "id"))?;
    }
    let meta = json!({"sent": ctx.now, "summary": {"deleted": deleted.len(), "not_deleted": missing.len()}});
    let mut response = ctx.response();
    response.errors = missing.iter().map(|id| resource_not_found("rule", "ids", id)).collect();
    Ok((200, response.body(None, Some(meta)).into()))
}

fn rule_counts(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let count = rules_of(ctx.world, ctx.identity.app)?.len();
    let application = ctx.app_id().to_string();
    let app_count = json!({"client_app_id": application, "rule_count": count});
    data_response(
        200,
        json!({
            "all_project_client_apps": [app_count], "cap_per_client_app": MAX_RULES.to_string(),
            "cap_per_project": MAX_RULES.to_string(), "client_app_rules_count": app_count,
            "project_rules_count": count.to_string(),
        }),
    )
}
