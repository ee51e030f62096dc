//! Webhooks, subscriptions to activity, rules of the filtered stream, and connections to streams.

use chirrup_model::Timestamp;
use chirrup_query::{Target, check};
use serde_json::{Value as Json, json};

use super::things::{Kind, said};
use super::{Done, Room};
use crate::outbox::{Challenge, is_near};
use crate::refusal::Refusal;

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

pub(super) fn list(room: &mut Room<'_>) -> Done {
    room.things_page(WEBHOOK, room.app(), 100, |_| true)
}

pub(super) fn create(room: &mut Room<'_>) -> Done {
    let url = room.call.text("url").unwrap_or_default().to_owned();
    let near = is_near(&url);
    if !near && !url.starts_with("https://") {
        return Err(Refusal::invalid_one("url", &url, "$.url: must begin with https://"));
    }
    let webhooks = room.world.things(WEBHOOK.name, room.app(), i64::MAX, 100)?;
    if webhooks.iter().any(|webhook| webhook.json["url"] == url.as_str()) {
        return Err(Refusal::plain(400, "DuplicateUrlFailed", "There is a webhook of this address already."));
    }
    let id = room.new_id();
    // The sandbox calls nobody beyond this machine: a webhook elsewhere is not valid, for nobody was asked.
    let webhook = json!({"id": id, "url": url, "valid": near, "created_at": room.now});
    room.world.put(WEBHOOK.name, &id, room.app(), &webhook)?;
    if near {
        challenge(room, id, url, true)?;
    }
    said(200, webhook)
}

/// Has the webhook challenged before the answer goes out.
fn challenge(room: &mut Room<'_>, webhook: String, url: String, fresh: bool) -> Result<(), Refusal> {
    let secret = room.world.app_secret(room.identity.app)?;
    room.hub.challenge = Some(Challenge { webhook, url, secret, fresh });
    Ok(())
}

pub(super) fn validate(room: &mut Room<'_>) -> Done {
    let (id, webhook) = webhook(room)?;
    let url = webhook["url"].as_str().unwrap_or_default().to_owned();
    if !is_near(&url) {
        return Err(Refusal::not_here(
            "The sandbox calls no webhook beyond this machine, so that it cannot validate it.",
        ));
    }
    challenge(room, id, url, false)?;
    said(200, json!({"valid": true}))
}

/// The webhook of the path, and its id.
fn webhook(room: &Room<'_>) -> Result<(String, Json), Refusal> {
    let id = room.call.text("webhook_id").unwrap_or_default().to_owned();
    Ok((id.clone(), room.find(WEBHOOK, "webhook_id", &id)?))
}

pub(super) fn delete(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    room.world.remove(WEBHOOK.name, &id)?;
    room.world.remove(LINK.name, &id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn replay(room: &mut Room<'_>) -> Done {
    let (id, webhook) = webhook(room)?;
    let moment = |name: &str| -> Result<Timestamp, Refusal> {
        let text = room.call.text(name).unwrap_or_default();
        let parts = (text.is_ascii() && text.len() == 12)
            .then(|| format!("{}-{}-{}T{}:{}:00Z", &text[..4], &text[4..6], &text[6..8], &text[8..10], &text[10..]));
        parts
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Refusal::invalid_one(name, text, format!("$.{name}: must be written YYYYMMDDhhmm")))
    };
    let (from, to) = (moment("from_date")?, moment("to_date")?);
    let (url, secret) = (webhook["url"].as_str().unwrap_or_default(), room.world.app_secret(room.identity.app)?);
    for body in room.hub.sent_between(&id, from, to) {
        room.hub.deliver(&id, url, secret.clone(), body, room.now);
    }
    let job = room.new_id();
    said(200, json!({"job_id": job, "created_at": room.now}))
}

pub(super) fn links(room: &mut Room<'_>) -> Done {
    let links = room.world.things(LINK.name, room.app(), i64::MAX, 100)?;
    let data: Vec<Json> = links.into_iter().map(|link| link.json).collect();
    said(200, data.into())
}

pub(super) fn link(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    let application = room.app().to_string();
    let link = json!({
        "webhook_id": id, "application_id": application, "instance_id": id, "created_at": room.now, "fields": [],
    });
    room.world.put(LINK.name, &id, room.app(), &link)?;
    said(200, json!({"provisioned": true}))
}

pub(super) fn unlink(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    let deleted = room.world.remove(LINK.name, &id)?;
    said(200, json!({"deleted": deleted}))
}

pub(super) fn activities(room: &mut Room<'_>) -> Done {
    room.things_page(ACTIVITY, room.app(), 100, |_| true)
}

pub(super) fn subscribe_activity(room: &mut Room<'_>) -> Done {
    let id = room.new_id();
    let mut subscription = room.given(&["event_type", "filter", "tag", "webhook_id"]);
    if let Some(webhook) = room.call.text("webhook_id") {
        room.find(WEBHOOK, "webhook_id", webhook)?;
    }
    subscription["subscription_id"] = id.as_str().into();
    subscription["created_at"] = json!(room.now);
    subscription["updated_at"] = json!(room.now);
    room.world.put(ACTIVITY.name, &id, room.app(), &subscription)?;
    said(200, json!({"subscription": subscription}))
}

pub(super) fn change_activity(room: &mut Room<'_>) -> Done {
    let id = room.call.text("subscription_id").unwrap_or_default().to_owned();
    let mut subscription = room.find(ACTIVITY, "subscription_id", &id)?;
    for name in ["tag", "webhook_id"] {
        if let Some(value) = room.call.get(name) {
            subscription[name] = value.clone();
        }
    }
    subscription["updated_at"] = json!(room.now);
    room.world.put(ACTIVITY.name, &id, room.app(), &subscription)?;
    let total = room.world.things(ACTIVITY.name, room.app(), i64::MAX, usize::MAX)?.len();
    said(200, json!({"subscription": subscription, "total_subscriptions": total}))
}

pub(super) fn unsubscribe_activity(room: &mut Room<'_>) -> Done {
    let id = room.call.text("subscription_id").unwrap_or_default();
    room.find(ACTIVITY, "subscription_id", id)?;
    room.world.remove(ACTIVITY.name, id)?;
    said(200, json!({"deleted": true}))
}

pub(super) fn unsubscribe_activities(room: &mut Room<'_>) -> Done {
    let (mut data, mut errors) = (Vec::new(), Vec::new());
    for id in room.call.list("ids") {
        if room.world.remove(ACTIVITY.name, id)? {
            data.push(json!({"subscription_id": id, "deleted": true}));
        } else {
            errors.push(crate::refusal::not_found("subscription", "ids", id));
        }
    }
    let total = room.world.things(ACTIVITY.name, room.app(), i64::MAX, usize::MAX)?.len();
    let mut scene = room.scene();
    scene.errors = errors;
    Ok((200, scene.list_body(data, Some(json!({"total_subscriptions": total})))))
}

fn account_id(webhook: &str, user: u64) -> String {
    format!("{webhook}:{user}")
}

pub(super) fn subscribe(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    let me = room.me()?;
    let subscription = json!({"user_id": me.to_string()});
    room.world.put(ACCOUNT.name, &account_id(&id, me), id.parse().unwrap_or_default(), &subscription)?;
    said(200, json!({"subscribed": true}))
}

pub(super) fn is_subscribed(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    let found = room.world.thing(ACCOUNT.name, &account_id(&id, room.me()?))?;
    said(200, json!({"subscribed": found.is_some()}))
}

pub(super) fn unsubscribe(room: &mut Room<'_>) -> Done {
    let (id, _) = webhook(room)?;
    room.world.remove(ACCOUNT.name, &account_id(&id, room.id("user_id")))?;
    said(200, json!({"subscribed": false}))
}

/// Whose account activity goes to a webhook.
fn subscribers(room: &Room<'_>, webhook: &str) -> Result<Vec<Json>, Refusal> {
    let found = room.world.things(ACCOUNT.name, webhook.parse().unwrap_or_default(), i64::MAX, 1_000)?;
    Ok(found.into_iter().map(|subscription| subscription.json).collect())
}

pub(super) fn subscriptions(room: &mut Room<'_>) -> Done {
    let (id, webhook) = webhook(room)?;
    let all = subscribers(room, &id)?;
    let application = room.app().to_string();
    said(
        200,
        json!({
            "application_id": application, "webhook_id": id, "webhook_url": webhook["url"], "subscriptions": all,
        }),
    )
}

pub(super) fn count_subscriptions(room: &mut Room<'_>) -> Done {
    let mut count = 0;
    for webhook in room.world.things(WEBHOOK.name, room.app(), i64::MAX, 100)? {
        count += subscribers(room, webhook.json["id"].as_str().unwrap_or_default())?.len();
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
pub(super) fn all_rules(room: &Room<'_>) -> Result<Vec<Json>, Refusal> {
    let mut rules: Vec<Json> =
        room.world.things(RULE.name, room.app(), i64::MAX, usize::MAX)?.into_iter().map(|rule| rule.json).collect();
    rules.reverse();
    Ok(rules)
}

pub(super) fn rules(room: &mut Room<'_>) -> Done {
    let ids: Vec<&str> = room.call.list("ids").collect();
    let mut rules = all_rules(room)?;
    rules.retain(|rule| ids.is_empty() || rule["id"].as_str().is_some_and(|id| ids.contains(&id)));
    let meta = json!({"sent": room.now, "result_count": rules.len()});
    Ok((200, room.scene().list_body(rules, Some(meta))))
}

pub(super) fn update_rules(room: &mut Room<'_>) -> Done {
    room.hub.rules_changed(room.identity.app);
    let flag = |name: &str| room.call.get(name).and_then(Json::as_bool).unwrap_or_default();
    let (dry, all) = (flag("dry_run"), flag("delete_all"));
    match (room.call.get("add").cloned(), room.call.get("delete").cloned()) {
        (Some(add), None) if !all => add_rules(room, &add, dry),
        (None, Some(delete)) if !all => delete_rules(room, &delete, dry),
        (None, None) if all => {
            let ids: Vec<Json> = all_rules(room)?.iter().map(|rule| rule["id"].clone()).collect();
            delete_rules(room, &json!({"ids": ids}), dry)
        }
        _ => Err(Refusal::invalid_one("add", "", "Exactly one of add, delete and delete_all must be given.")),
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

fn add_rules(room: &mut Room<'_>, add: &Json, dry: bool) -> Done {
    let mut known = all_rules(room)?;
    let (mut made, mut errors, mut invalid) = (Vec::new(), Vec::new(), 0);
    for rule in add.as_array().into_iter().flatten() {
        let report = check(rule["value"].as_str().unwrap_or_default(), Target::STREAM.enterprise());
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
            rule["id"] = room.new_id().into();
            known.push(rule.clone());
            made.push(rule);
        }
    }
    let (created, failed) = (made.len(), errors.len());
    let summary = json!({
        "created": created, "not_created": failed, "valid": created + failed - invalid, "invalid": invalid,
    });
    for rule in made.iter().filter(|_| !dry) {
        room.world.put(RULE.name, rule["id"].as_str().unwrap_or_default(), room.app(), rule)?;
    }
    let meta = json!({"sent": room.now, "summary": summary});
    let mut scene = room.scene();
    scene.errors = errors;
    Ok((201, scene.list_body(made, Some(meta))))
}

fn delete_rules(room: &mut Room<'_>, delete: &Json, dry: bool) -> Done {
    let named = |name: &str| delete[name].as_array().cloned().unwrap_or_default();
    let (ids, values) = (named("ids"), named("values"));
    let known = all_rules(room)?;
    let doomed: Vec<_> = known.iter().filter(|r| ids.contains(&r["id"]) || values.contains(&r["value"])).collect();
    let missing = ids.iter().filter(|id| !known.iter().any(|rule| rule["id"] == **id));
    let missing: Vec<String> = missing.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    for rule in doomed.iter().filter(|_| !dry) {
        room.world.remove(RULE.name, rule["id"].as_str().unwrap_or_default())?;
    }
    let meta = json!({"sent": room.now, "summary": {"deleted": doomed.len(), "not_deleted": missing.len()}});
    let mut scene = room.scene();
    scene.errors = missing.iter().map(|id| crate::refusal::not_found("rule", "ids", id)).collect();
    Ok((200, scene.body(None, Some(meta))))
}

pub(super) fn count_rules(room: &mut Room<'_>) -> Done {
    let count = all_rules(room)?.len();
    let application = room.app().to_string();
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
pub(super) fn connections(room: &mut Room<'_>) -> Done {
    let mut list = room.hub.list(room.identity.app);
    let wanted: Vec<&str> = room.call.list("endpoints").collect();
    let status = room.call.text("status");
    list.retain(|connection| {
        let open = connection["disconnected_at"].is_null();
        let name = connection["endpoint_name"].as_str().unwrap_or_default();
        (wanted.is_empty() || wanted.contains(&name))
            && status.is_none_or(|status| (status == "active") == open || status == "all")
    });
    list.truncate(usize::try_from(room.call.number("max_results").unwrap_or(100)).unwrap_or(100));
    let meta = json!({"result_count": list.len()});
    Ok((200, room.scene().list_body(list, Some(meta))))
}

pub(super) fn close(room: &mut Room<'_>) -> Done {
    let asked: Vec<String> = room.call.list("uuids").map(str::to_owned).collect();
    let app = room.identity.app;
    let stream = room.call.text("endpoint_id").map(str::to_owned);
    let all = asked.is_empty();
    let closed = room.hub.close(app, room.now, |id, name| match &stream {
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
