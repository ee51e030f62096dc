//! Scheduled calls: their occurrences, changes and the answers of invited users.
//!
//! A change or an answer of one occurrence is a rule that is applied to the call when an occurrence is read.

use chirrup_api::v2::calls::{
    CancelScheduledCall, GetScheduledCall, RespondToScheduledCall, ScheduleCall, ScheduledCalls, UpdateScheduledCall,
};
use chirrup_model::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::calls::new_call;
use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::response::json::{id_of, str_of};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (ScheduledCalls::ENDPOINT, scheduled_calls),
    (GetScheduledCall::ENDPOINT, get_scheduled_call),
    (ScheduleCall::ENDPOINT, schedule_call),
    (UpdateScheduledCall::ENDPOINT, update_scheduled_call),
    (CancelScheduledCall::ENDPOINT, cancel_scheduled_call),
    (RespondToScheduledCall::ENDPOINT, respond_to_scheduled_call),
];

const SCHEDULED: DocumentKind = DocumentKind {
    name: "scheduled_call",
    resource: "scheduled_call",
    fields: Some("scheduled_call.fields"),
    defaults: &["id"],
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;
/// Length of a call without `duration_minutes`, in minutes.
const DEFAULT_MINUTES: i64 = 30;
/// Length of the window of a list, in days: the default and the maximum (see "List scheduled calls").
const WINDOW_DAYS: (i64, i64) = (1, 7);
/// Time in which the next occurrence of a call is looked for, in days (see "Get a scheduled call").
const NEXT_OCCURRENCE_DAYS: i64 = 365;
/// Maximum number of occurrences of one call that a request looks at.
const MAX_OCCURRENCES: usize = 1_000;
/// Number of scheduled calls in a list.
const DEFAULT_LISTED: usize = 100;

/// Parameters that are members of a scheduled call.
const MEMBERS: [&str; 5] = ["description", "duration_minutes", "recurrence", "time_zone", "title"];

fn time_of(json: &Json, name: &str) -> Option<Timestamp> {
    json[name].as_str()?.parse().ok()
}

/// The repetition that an `RRULE` describes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Repetition {
    period_ms: i64,
    count: i64,
    until: Timestamp,
}

/// Reads an `RRULE`. The sandbox repeats calls daily and weekly.
fn repetition(rule: &str) -> Option<Repetition> {
    let mut found = Repetition { period_ms: 0, count: i64::MAX, until: Timestamp::from_millis(i64::MAX) };
    let mut interval = 1;
    for part in rule.trim_start_matches("RRULE:").split(';') {
        match part.split_once('=')? {
            ("FREQ", "DAILY") => found.period_ms = DAY_MS,
            ("FREQ", "WEEKLY") => found.period_ms = 7 * DAY_MS,
            ("INTERVAL", text) => interval = text.parse().ok().filter(|n| (1..=1_000).contains(n))?,
            ("COUNT", text) => found.count = text.parse().ok().filter(|n| *n >= 1)?,
            ("UNTIL", text) => found.until = until(text)?,
            _ => return None,
        }
    }
    found.period_ms *= interval;
    Some(found).filter(|found| found.period_ms > 0)
}

/// Reads a time such as `20260131T120000Z`.
fn until(text: &str) -> Option<Timestamp> {
    let part = |range: std::ops::Range<usize>| text.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(9..11)?, part(11..13)?, part(13..15)?);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
}

/// Scheduled starts of the occurrences of a call in a window, in order.
fn starts(call: &Json, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let Some(first) = time_of(call, "start_time") else { return Vec::new() };
    let Some(repeated) = repetition(str_of(call, "recurrence")) else { return vec![first] };
    let skipped = (from.as_millis() - first.as_millis()).div_euclid(repeated.period_ms).max(0);
    let nth = |n: i64| first.plus_millis(n.saturating_mul(repeated.period_ms));
    let last = to.min(repeated.until);
    (skipped..repeated.count).map(nth).take_while(|start| *start <= last).take(MAX_OCCURRENCES).collect()
}

/// A call at one of its occurrences: with the rules that apply to the occurrence.
fn occurrence(call: &Json, start: Timestamp) -> Json {
    let mut shown = call.clone();
    shown["occurrence_start_time"] = json!(start);
    shown["start_time"] = json!(start);
    for rule in call["rules"].as_array().into_iter().flatten() {
        let at = time_of(rule, "at").unwrap_or(start);
        let applies = match str_of(rule, "scope") {
            "this" => at == start,
            "this_and_following" => at <= start,
            _ => true,
        };
        if !applies {
            continue;
        }
        for (name, value) in rule["set"].as_object().into_iter().flatten() {
            shown[name] = value.clone();
        }
        if let Some(moved) = time_of(rule, "start_time") {
            let shift = moved.as_millis() - at.as_millis();
            shown["start_time"] = json!(start.plus_millis(shift));
        }
        answer(&mut shown, &rule["answer"]);
    }
    let minutes = shown["duration_minutes"].as_i64().unwrap_or(DEFAULT_MINUTES);
    if let Some(start) = time_of(&shown, "start_time") {
        shown["end_time"] = json!(start.plus_millis(minutes * MINUTE_MS));
    }
    if let Some(object) = shown.as_object_mut() {
        object.retain(|name, _| !["rules", "duration_minutes"].contains(&name.as_str()));
    }
    shown
}

/// Stores the answer of an invited user.
fn answer(call: &mut Json, answer: &Json) {
    for invitee in call["invitees"].as_array_mut().into_iter().flatten() {
        if invitee["id"] == answer["id"] {
            invitee["response"] = answer["response"].clone();
        }
    }
}

/// Whether a user is invited to a call.
fn is_invited(call: &Json, user: u64) -> bool {
    call["invitees"].as_array().into_iter().flatten().any(|invitee| id_of(&invitee["id"]) == Some(user))
}

fn is_organizer(call: &Json, user: u64) -> bool {
    id_of(&call["organizer_id"]) == Some(user)
}

/// The scheduled call in the path, which the authenticated user organizes or is invited to.
fn visible(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let (me, id) = (ctx.me()?, ctx.text("id"));
    let call = ctx.find_document(SCHEDULED, "id", id)?;
    if is_organizer(&call, me) || is_invited(&call, me) {
        return Ok((me, call));
    }
    Err(ApiError::no_such_resource(SCHEDULED.resource, "id", id))
}

/// The scheduled call in the path, which the authenticated user organizes.
fn organized(ctx: &RequestContext<'_>) -> Result<(u64, Json), ApiError> {
    let (me, call) = visible(ctx)?;
    if is_organizer(&call, me) {
        return Ok((me, call));
    }
    Err(ApiError::forbidden("Only the organizer of a scheduled call may change it."))
}

/// Scope and occurrence of a request. Without them, it concerns all occurrences.
fn scope(ctx: &RequestContext<'_>, call: &Json) -> Result<Option<(String, Timestamp)>, ApiError> {
    let scope = ctx.call.text("scope").unwrap_or("all");
    if scope == "all" {
        return Ok(None);
    }
    let text = ctx.text("occurrence_start_time");
    let at: Option<Timestamp> = text.parse().ok();
    match at.filter(|at| starts(call, *at, *at).contains(at)) {
        Some(at) => Ok(Some((scope.to_owned(), at))),
        None => {
            let message = format!("occurrence_start_time must be the start of an occurrence if scope is {scope}");
            Err(ApiError::invalid_param("occurrence_start_time", text, message))
        }
    }
}

fn push_rule(call: &mut Json, scope: &str, at: Timestamp, mut rule: Json) {
    rule["scope"] = scope.into();
    rule["at"] = json!(at);
    let mut rules = call["rules"].as_array().cloned().unwrap_or_default();
    rules.push(rule);
    call["rules"] = rules.into();
}

fn store(ctx: &RequestContext<'_>, call: &Json) -> Result<(), ApiError> {
    let organizer = id_of(&call["organizer_id"]).unwrap_or_default();
    Ok(ctx.world.put_document(SCHEDULED.name, str_of(call, "id"), organizer, call)?)
}

/// The invited users of a request, with the answers that `call` has.
fn invitees(ctx: &RequestContext<'_>, call: &Json) -> Result<Json, ApiError> {
    let mut invitees = Vec::new();
    for id in ctx.call.list("invitee_ids") {
        ctx.require_user("invitee_ids", id.parse().unwrap_or_default())?;
        let known = call["invitees"].as_array().into_iter().flatten().find(|invitee| invitee["id"] == id);
        invitees.push(known.cloned().unwrap_or_else(|| json!({"id": id, "response": "needs_action"})));
    }
    Ok(invitees.into())
}

fn require_known_recurrence(ctx: &RequestContext<'_>) -> Result<(), ApiError> {
    match ctx.call.text("recurrence") {
        Some(rule) if !rule.is_empty() && repetition(rule).is_none() => Err(ApiError::not_implemented(
            "The sandbox repeats calls with FREQ=DAILY or FREQ=WEEKLY, INTERVAL, COUNT and UNTIL.",
        )),
        _ => Ok(()),
    }
}

fn schedule_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    require_known_recurrence(ctx)?;
    let mut call = ctx.params_object(&MEMBERS);
    call["invitees"] = invitees(ctx, &Json::Null)?;
    let video_call = new_call(ctx, me)?;
    let start: Timestamp = ctx.text("start_time").parse().unwrap_or(ctx.now);
    for (name, value) in [
        ("id", ctx.new_id().into()),
        ("join_url", ctx.world.call_json(&video_call, None)?.unwrap_or_default()["join_url"].clone()),
        ("call_id", video_call.into()),
        ("organizer_id", me.to_string().into()),
        ("start_time", json!(start)),
        ("status", "confirmed".into()),
        ("calendar", "x_calls".into()),
    ] {
        call[name] = value;
    }
    store(ctx, &call)?;
    data_response(201, occurrence(&call, start))
}

/// Responds with an occurrence of a call, and adds its expansions.
fn get_scheduled_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id");
    let (_, call) = visible(ctx)?;
    let horizon = ctx.now.plus_millis(NEXT_OCCURRENCE_DAYS * DAY_MS);
    let all: Vec<Json> = starts(&call, ctx.now, horizon).into_iter().map(|start| occurrence(&call, start)).collect();
    let next = all.iter().find(|shown| time_of(shown, "end_time").is_some_and(|end| end > ctx.now));
    let shown = next.or(all.last()).cloned().unwrap_or_else(|| occurrence(&call, ctx.now));
    ctx.document_response(SCHEDULED, "id", id, Some(shown))
}

/// The window of a list.
fn window(ctx: &RequestContext<'_>) -> Result<(Timestamp, Timestamp), ApiError> {
    let time = |name| ctx.call.text(name).and_then(|text| text.parse::<Timestamp>().ok());
    let from = time("start_time").unwrap_or(ctx.now);
    let to = time("end_time").unwrap_or_else(|| from.plus_millis(WINDOW_DAYS.0 * DAY_MS));
    let refuse = |message: &str| Err(ApiError::invalid_param("end_time", ctx.text("end_time"), message));
    if to <= from {
        return refuse("start_time must be earlier than end_time");
    }
    if to > from.plus_millis(WINDOW_DAYS.1 * DAY_MS) {
        return refuse("the window may span at most 7 days");
    }
    Ok((from, to))
}

fn scheduled_calls(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, (from, to)) = (ctx.me()?, window(ctx)?);
    let mut found: Vec<Json> = Vec::new();
    for (_, call) in ctx.world.all_documents(SCHEDULED.name)? {
        if is_organizer(&call, me) || is_invited(&call, me) {
            found.extend(starts(&call, from, to).into_iter().map(|start| occurrence(&call, start)));
        }
    }
    let is_within = |shown: &Json| {
        let (start, end) = (time_of(shown, "start_time"), time_of(shown, "end_time"));
        shown["status"] != "cancelled" && start.is_some_and(|start| start < to) && end.is_some_and(|end| end > from)
    };
    found.retain(is_within);
    found.sort_by_key(|shown| time_of(shown, "start_time"));
    found.truncate(ctx.page_size(DEFAULT_LISTED));
    let meta = json!({"result_count": found.len()});
    let mut response = ctx.response();
    let mut data = Vec::new();
    for shown in found {
        data.push(response.document(shown, SCHEDULED.fields, SCHEDULED.defaults)?);
    }
    Ok((200, response.list_body(data, Some(meta)).into()))
}

fn update_scheduled_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, mut call) = organized(ctx)?;
    require_known_recurrence(ctx)?;
    let mut set = ctx.params_object(&MEMBERS).as_object().cloned().unwrap_or_default();
    if ctx.call.get("invitee_ids").is_some() {
        set.insert("invitees".to_owned(), invitees(ctx, &call)?);
    }
    let moved: Option<Timestamp> = ctx.call.text("start_time").and_then(|text| text.parse().ok());
    if set.is_empty() && moved.is_none() {
        return Err(ApiError::invalid_param("body", "", "at least one member to update is required"));
    }
    match scope(ctx, &call)? {
        Some((scope, at)) => push_rule(&mut call, &scope, at, json!({"set": set, "start_time": moved})),
        None => update_all(&mut call, set, moved),
    }
    store(ctx, &call)?;
    data_response(200, json!({"updated": true}))
}

fn update_all(call: &mut Json, set: Map<String, Json>, moved: Option<Timestamp>) {
    for (name, value) in set {
        call[name] = value;
    }
    if let Some(moved) = moved {
        call["start_time"] = json!(moved);
    }
}

fn cancel_scheduled_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (_, mut call) = organized(ctx)?;
    match scope(ctx, &call)? {
        Some((scope, at)) => push_rule(&mut call, &scope, at, json!({"set": {"status": "cancelled"}})),
        None => call["status"] = "cancelled".into(),
    }
    store(ctx, &call)?;
    data_response(200, json!({"cancelled": true}))
}

fn respond_to_scheduled_call(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (me, mut call) = visible(ctx)?;
    if !is_invited(&call, me) {
        return Err(ApiError::forbidden("Only invited users may answer the invitation to a scheduled call."));
    }
    let response = ctx.text("response");
    let given = json!({"id": me.to_string(), "response": response});
    match scope(ctx, &call)? {
        Some((scope, at)) => push_rule(&mut call, &scope, at, json!({"answer": given})),
        None => {
            answer(&mut call, &given);
            // An answer for all occurrences replaces the earlier answers for some.
            for rule in call["rules"].as_array_mut().into_iter().flatten() {
                if rule["answer"]["id"] == given["id"] {
                    rule["answer"] = Json::Null;
                }
            }
        }
    }
    store(ctx, &call)?;
    data_response(200, json!({ "response": response }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_rfc_5545_are_read() {
        let found = repetition("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3").expect("a rule");
        assert_eq!((found.period_ms, found.count), (14 * DAY_MS, 3));
        let found = repetition("FREQ=DAILY;UNTIL=20260131T120000Z").expect("a rule");
        assert_eq!(found.until.to_string(), "2026-01-31T12:00:00.000Z");
        for unknown in ["FREQ=MONTHLY", "FREQ=DAILY;INTERVAL=0", "COUNT=2", "FREQ=DAILY;UNTIL=ü", "daily", ""] {
            assert_eq!(repetition(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_window_far_after_the_first_occurrence_is_found_without_a_walk() {
        let call = json!({"start_time": "2000-01-01T00:00:00.000Z", "recurrence": "FREQ=DAILY"});
        let from: Timestamp = "2026-01-31T00:00:00Z".parse().expect("a time");
        let found = starts(&call, from, from.plus_millis(DAY_MS));
        assert_eq!(found, [from, from.plus_millis(DAY_MS)]);
        let once = json!({"start_time": "2000-01-01T00:00:00.000Z"});
        assert_eq!(starts(&once, from, from).len(), 1);
    }
}
