//! Webhooks, subscriptions to activity, rules of the filtered stream, and connections to streams.

use chirrup_model::Timestamp;
use chirrup_query::{Target, check};
use serde_json::{Value as Json, json};

use super::documents::{Kind, said};
use super::{HandlerResult, RequestContext};
use crate::api_error::ApiError;
use crate::webhook_delivery::{CrcCheck, is_loopback_url};

const WEBHOOK: Kind = Kind {
    name: "webhook",
    resource: "webhook",
    fields: Some("webhook_config.fields"),
    defaults: &["id", "url", "valid", "created_at"],
};
const LINK: Kind = Kind::whole("stream_link");
const ACTIVITY: Kind = Kind::whole("activity_subscription");
const ACCOUNT: Kind = Kind::whole("account_subscription");
const RULE: Kind = Kind::whole("rule");
/// How many rules an app may have.
const MAX_RULES: usize = 1_000;

pub(super) fn list(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.things_page(WEBHOOK, ctx.app(), 100, |_| true)
}

pub(super) fn create(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = ctx.call.text("url").unwrap_or_default().to_owned();
    let near = is_loopback_url(&url);
    if !near && !url.starts_with("https://") {
        return Err(ApiError::invalid_param("url", &url, "$.url: must begin with https://"));
    }
    let webhooks = ctx.world.things(WEBHOOK.name, ctx.app(), i64::MAX, 100)?;
    if webhooks.iter().any(|webhook| webhook.json["url"] == url.as_str()) {
        return Err(ApiError::problem(400, "DuplicateUrlFailed", "There is a webhook of this address already."));
    }
    let id = ctx.new_id();
    // The sandbox calls nobody beyond this machine: a webhook elsewhere is not valid, for nobody was asked.
    let webhook = json!({"id": id, "url": url, "valid": near, "created_at": ctx.now});
    ctx.world.put(WEBHOOK.name, &id, ctx.app(), &webhook)?;
    if near {
        challenge(ctx, id, url, true)?;
    }
    said(200, webhook)
}

/// Has the webhook challenged before the answer goes out.
fn challenge(ctx: &mut RequestContext<'_>, webhook: String, url: String, is_new: bool) -> Result<(), ApiError> {
    let secret = ctx.world.app_secret(ctx.identity.app)?;
    ctx.hub.pending_crc_check = Some(CrcCheck { webhook, url, secret, is_new });
    Ok(())
}

pub(super) fn validate(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook(ctx)?;
    let url = webhook["url"].as_str().unwrap_or_default().to_owned();
    if !is_loopback_url(&url) {
        return Err(ApiError::not_implemented(
            "The sandbox calls no webhook beyond this machine, so that it cannot validate it.",
        ));
    }
    challenge(ctx, id, url, false)?;
    said(200, json!({"valid": true}))
}

/// The webhook of the path, and its id.
fn webhook(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text("webhook_id").unwrap_or_default().to_owned();
    Ok((id.clone(), ctx.find(WEBHOOK, "webhook_id", &id)?))
}

pub(super) fn delete(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    ctx.world.remove(WEBHOOK.name, &id)?;
    ctx.world.remove(LINK.name, &id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn replay(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook(ctx)?;
    let moment = |name: &str| -> Result<Timestamp, ApiError> {
        let text = ctx.call.text(name).unwrap_or_default();
        let parts = (text.is_ascii() && text.len() == 12)
            .then(|| format!("{}-{}-{}T{}:{}:00Z", &text[..4], &text[4..6], &text[6..8], &text[8..10], &text[10..]));
        parts
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| ApiError::invalid_param(name, text, format!("$.{name}: must be written YYYYMMDDhhmm")))
    };
    let (from, to) = (moment("from_date")?, moment("to_date")?);
    let (url, secret) = (webhook["url"].as_str().unwrap_or_default(), ctx.world.app_secret(ctx.identity.app)?);
    for body in ctx.hub.deliveries_between(&id, from, to) {
        ctx.hub.deliver(&id, url, secret.clone(), body, ctx.now);
    }
    let job = ctx.new_id();
    said(200, json!({"job_id": job, "created_at": ctx.now}))
}

pub(super) fn links(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let links = ctx.world.things(LINK.name, ctx.app(), i64::MAX, 100)?;
    let data: Vec<Json> = links.into_iter().map(|link| link.json).collect();
    said(200, data.into())
}

pub(super) fn link(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    let application = ctx.app().to_string();
    let link = json!({
        "webhook_id": id, "application_id": application, "instance_id": id, "created_at": ctx.now, "fields": [],
    });
    ctx.world.put(LINK.name, &id, ctx.app(), &link)?;
    said(200, json!({"provisioned": true}))
}

pub(super) fn unlink(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    let deleted = ctx.world.remove(LINK.name, &id)?;
    said(200, json!({"deleted": deleted}))
}

pub(super) fn activities(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.things_page(ACTIVITY, ctx.app(), 100, |_| true)
}

pub(super) fn subscribe_activity(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.new_id();
    let mut subscription = ctx.given(&["event_type", "filter", "tag", "webhook_id"]);
    if let Some(webhook) = ctx.call.text("webhook_id") {
        ctx.find(WEBHOOK, "webhook_id", webhook)?;
    }
    subscription["subscription_id"] = id.as_str().into();
    subscription["created_at"] = json!(ctx.now);
    subscription["updated_at"] = json!(ctx.now);
    ctx.world.put(ACTIVITY.name, &id, ctx.app(), &subscription)?;
    said(200, json!({"subscription": subscription}))
}

pub(super) fn change_activity(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.text("subscription_id").unwrap_or_default().to_owned();
    let mut subscription = ctx.find(ACTIVITY, "subscription_id", &id)?;
    for name in ["tag", "webhook_id"] {
        if let Some(value) = ctx.call.get(name) {
            subscription[name] = value.clone();
        }
    }
    subscription["updated_at"] = json!(ctx.now);
    ctx.world.put(ACTIVITY.name, &id, ctx.app(), &subscription)?;
    let total = ctx.world.things(ACTIVITY.name, ctx.app(), i64::MAX, usize::MAX)?.len();
    said(200, json!({"subscription": subscription, "total_subscriptions": total}))
}

pub(super) fn unsubscribe_activity(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.call.text("subscription_id").unwrap_or_default();
    ctx.find(ACTIVITY, "subscription_id", id)?;
    ctx.world.remove(ACTIVITY.name, id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn unsubscribe_activities(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for id in ctx.call.list("ids") {
        if ctx.world.remove(ACTIVITY.name, id)? {
            data.push(json!({"subscription_id": id, "deleted": true}));
        } else {
            errors.push(crate::api_error::resource_not_found("subscription", "ids", id));
        }
    }
    let total = ctx.world.things(ACTIVITY.name, ctx.app(), i64::MAX, usize::MAX)?.len();
    let mut scene = ctx.scene();
    scene.errors = errors;
    Ok((200, scene.list_body(data, Some(json!({"total_subscriptions": total})))))
}

fn account_id(webhook: &str, user: u64) -> String {
    format!("{webhook}:{user}")
}

pub(super) fn subscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    let me = ctx.me()?;
    let subscription = json!({"user_id": me.to_string()});
    ctx.world.put(ACCOUNT.name, &account_id(&id, me), id.parse().unwrap_or_default(), &subscription)?;
    said(200, json!({"subscribed": true}))
}

pub(super) fn is_subscribed(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    let found = ctx.world.thing(ACCOUNT.name, &account_id(&id, ctx.me()?))?;
    said(200, json!({"subscribed": found.is_some()}))
}

pub(super) fn unsubscribe(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, _) = webhook(ctx)?;
    ctx.world.remove(ACCOUNT.name, &account_id(&id, ctx.id("user_id")))?;
    said(200, json!({"subscribed": false}))
}

/// Whose account activity goes to a webhook.
fn subscribers(ctx: &RequestContext<'_>, webhook: &str) -> Result<Vec<Json>, ApiError> {
    let found = ctx.world.things(ACCOUNT.name, webhook.parse().unwrap_or_default(), i64::MAX, 1_000)?;
    Ok(found.into_iter().map(|subscription| subscription.json).collect())
}

pub(super) fn subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, webhook) = webhook(ctx)?;
    let all = subscribers(ctx, &id)?;
    let application = ctx.app().to_string();
    said(
        200,
        json!({
            "application_id": application, "webhook_id": id, "webhook_url": webhook["url"], "subscriptions": all,
        }),
    )
}

pub(super) fn count_subscriptions(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut count = 0;
    for webhook in ctx.world.things(WEBHOOK.name, ctx.app(), i64::MAX, 100)? {
        count += subscribers(ctx, webhook.json["id"].as_str().unwrap_or_default())?.len();
    }
    said(
        200,
        json!({
            "account_name": "sandbox", "provisioned_count": "15", "subscriptions_count_all": count.to_string(),
            "subscriptions_count_direct_messages": "0",
        }),
    )
}

/// The rules of the app, the oldest first.
pub(super) fn all_rules(ctx: &RequestContext<'_>) -> Result<Vec<Json>, ApiError> {
    let mut rules: Vec<Json> =
        ctx.world.things(RULE.name, ctx.app(), i64::MAX, usize::MAX)?.into_iter().map(|rule| rule.json).collect();
    rules.reverse();
    Ok(rules)
}

pub(super) fn rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let ids: Vec<&str> = ctx.call.list("ids").collect();
    let mut rules = all_rules(ctx)?;
    rules.retain(|rule| ids.is_empty() || rule["id"].as_str().is_some_and(|id| ids.contains(&id)));
    let meta = json!({"sent": ctx.now, "result_count": rules.len()});
    Ok((200, ctx.scene().list_body(rules, Some(meta))))
}

pub(super) fn update_rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.hub.invalidate_rules(ctx.identity.app);
    let flag = |name: &str| ctx.call.get(name).and_then(Json::as_bool).unwrap_or_default();
    let (dry, all) = (flag("dry_run"), flag("delete_all"));
    match (ctx.call.get("add").cloned(), ctx.call.get("delete").cloned()) {
        (Some(add), None) if !all => add_rules(ctx, &add, dry),
        (None, Some(delete)) if !all => delete_rules(ctx, &delete, dry),
        (None, None) if all => {
            let ids: Vec<Json> = all_rules(ctx)?.iter().map(|rule| rule["id"].clone()).collect();
            delete_rules(ctx, &json!({"ids": ids}), dry)
        }
        _ => Err(ApiError::invalid_param("add", "", "Exactly one of add, delete and delete_all must be given.")),
    }
}

fn rule_problem(title: &str, kind: &str, rule: &Json, details: Vec<String>) -> Json {
    let mut problem = json!({
        "title": title, "type": format!("https://api.x.com/2/problems/{kind}"), "value": rule["value"],
    });
    if !details.is_empty() {
        problem["detail"] = details.join("; ").into();
        problem["details"] = details.into();
    }
    problem
}

fn add_rules(ctx: &mut RequestContext<'_>, add: &Json, dry: bool) -> HandlerResult {
    let mut known = all_rules(ctx)?;
    let (mut made, mut errors, mut invalid) = (Vec::new(), Vec::new(), 0);
    for rule in add.as_array().into_iter().flatten() {
        let report = check(rule["value"].as_str().unwrap_or_default(), Target::FILTERED_STREAM.enterprise());
        if !report.is_ok() {
            let details = report.diagnostics.iter().map(|d| d.message.clone()).collect();
            errors.push(rule_problem("UnprocessableEntity", "invalid-rules", rule, details));
            invalid += 1;
        } else if let Some(twin) = known.iter().find(|k| k["value"] == rule["value"]) {
            let mut problem = rule_problem("DuplicateRule", "duplicate-rules", rule, Vec::new());
            problem["id"] = twin["id"].clone();
            errors.push(problem);
        } else if known.len() >= MAX_RULES {
            errors.push(rule_problem("RulesCapExceeded", "rule-cap", rule, Vec::new()));
        } else {
            let mut rule = rule.clone();
            rule["id"] = ctx.new_id().into();
            known.push(rule.clone());
            made.push(rule);
        }
    }
    let (created, failed) = (made.len(), errors.len());
    let summary = json!({
        "created": created, "not_created": failed, "valid": created + failed - invalid, "invalid": invalid,
    });
    for rule in made.iter().filter(|_| !dry) {
        ctx.world.put(RULE.name, rule["id"].as_str().unwrap_or_default(), ctx.app(), rule)?;
    }
    let meta = json!({"sent": ctx.now, "summary": summary});
    let mut scene = ctx.scene();
    scene.errors = errors;
    Ok((201, scene.list_body(made, Some(meta))))
}

fn delete_rules(ctx: &mut RequestContext<'_>, delete: &Json, dry: bool) -> HandlerResult {
    let named = |name: &str| delete[name].as_array().cloned().unwrap_or_default();
    let (ids, values) = (named("ids"), named("values"));
    let known = all_rules(ctx)?;
    let doomed: Vec<_> = known.iter().filter(|r| ids.contains(&r["id"]) || values.contains(&r["value"])).collect();
    let missing = ids.iter().filter(|id| !known.iter().any(|rule| rule["id"] == **id));
    let missing: Vec<String> = missing.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    for rule in doomed.iter().filter(|_| !dry) {
        ctx.world.remove(RULE.name, rule["id"].as_str().unwrap_or_default())?;
    }
    let meta = json!({"sent": ctx.now, "summary": {"deleted": doomed.len(), "not_deleted": missing.len()}});
    let mut scene = ctx.scene();
    scene.errors = missing.iter().map(|id| crate::api_error::resource_not_found("rule", "ids", id)).collect();
    Ok((200, scene.body(None, Some(meta))))
}

pub(super) fn count_rules(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let count = all_rules(ctx)?.len();
    let application = ctx.app().to_string();
    let of_app = json!({"client_app_id": application, "rule_count": count});
    said(
        200,
        json!({
            "all_project_client_apps": [of_app], "cap_per_client_app": MAX_RULES.to_string(),
            "cap_per_project": MAX_RULES.to_string(), "client_app_rules_count": of_app,
            "project_rules_count": count.to_string(),
        }),
    )
}

/// The connections of the app, open and closed.
pub(super) fn connections(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let mut list = ctx.hub.connections_of(ctx.identity.app);
    let wanted: Vec<&str> = ctx.call.list("endpoints").collect();
    let status = ctx.call.text("status");
    list.retain(|connection| {
        let open = connection["disconnected_at"].is_null();
        let name = connection["endpoint_name"].as_str().unwrap_or_default();
        (wanted.is_empty() || wanted.contains(&name))
            && status.is_none_or(|status| (status == "active") == open || status == "all")
    });
    list.truncate(usize::try_from(ctx.call.number("max_results").unwrap_or(100)).unwrap_or(100));
    let meta = json!({"result_count": list.len()});
    Ok((200, ctx.scene().list_body(list, Some(meta))))
}

pub(super) fn close(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let asked: Vec<String> = ctx.call.list("uuids").map(str::to_owned).collect();
    let app = ctx.identity.app;
    let stream = ctx.call.text("endpoint_id").map(str::to_owned);
    let all = asked.is_empty();
    let closed = ctx.hub.close_connections(app, ctx.now, |id, name| match &stream {
        Some(stream) => name == stream,
        None => all || asked.iter().any(|wanted| wanted == id),
    });
    let of = |id: &String| {
        if closed.contains(id) {
            return json!({"uuid": id, "success": true});
        }
        json!({"uuid": id, "success": false, "error_message": "There is no such connection."})
    };
    let results: Vec<Json> = if all { closed.iter().map(of).collect() } else { asked.iter().map(of).collect() };
    let failed = results.len() - closed.len();
    said(200, json!({"successful_kills": closed.len(), "failed_kills": failed, "results": results}))
}
