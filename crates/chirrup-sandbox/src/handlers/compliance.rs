//! Batch compliance jobs: upload IDs, and download which of the objects are no longer available.

use chirrup_api::v2::compliance::{
    ComplianceJobs, CreateComplianceJob, DeleteComplianceJob, DownloadComplianceResults, GetComplianceJob,
    UploadComplianceIds,
};
use chirrup_model::{Dialect, JobId, Timestamp};
use serde_json::{Value as Json, json};

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::access::received_request::ReceivedRequest;
use crate::random::random_token;
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
use crate::response::select::pick;
use crate::response::wire::finish;
use crate::world::World;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (ComplianceJobs::ENDPOINT, compliance_jobs),
    (GetComplianceJob::ENDPOINT, get_compliance_job),
    (CreateComplianceJob::ENDPOINT, create_compliance_job),
    (UploadComplianceIds::ENDPOINT, upload_compliance_ids),
    (DownloadComplianceResults::ENDPOINT, download_compliance_results),
    (DeleteComplianceJob::ENDPOINT, delete_compliance_job),
];

const JOB: DocumentKind = DocumentKind::whole("compliance_job");
/// Documents with the uploaded IDs of a job.
const SUBMISSION: &str = "compliance_submission";
/// Time in which a list of IDs can be uploaded, in milliseconds (see "Batch Compliance").
const UPLOAD_MS: i64 = 15 * 60_000;
/// Time in which results can be downloaded, in milliseconds.
const DOWNLOAD_MS: i64 = 7 * 86_400_000;
/// Duration of a job in milliseconds. Jobs of X take minutes to days.
const JOB_MS: i64 = 1_000;

/// Path of the files of jobs, which the sandbox serves itself. X keeps them at another host.
pub(crate) const STORAGE: &str = "/storage/compliance/";

fn create_compliance_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let app = ctx.app_id();
    let id = ctx.new_id();
    let url = |action: &str| format!("{}{STORAGE}{id}/{action}?token={}", ctx.origin, random_token(24));
    let mut job = ctx.params_object(&["type", "name", "resumable"]);
    if job["resumable"].is_null() {
        job["resumable"] = false.into();
    }
    for (name, value) in [
        ("id", Json::from(id.as_str())),
        ("status", "created".into()),
        ("created_at", json!(ctx.now)),
        ("upload_url", url("upload").into()),
        ("upload_expires_at", json!(ctx.now.plus_millis(UPLOAD_MS))),
        ("download_url", url("download").into()),
        ("download_expires_at", json!(ctx.now.plus_millis(DOWNLOAD_MS))),
    ] {
        job[name] = value;
    }
    ctx.world.put_document(JOB.name, &id, app, &job)?;
    job_response(ctx, job)
}

/// Responds with the fields of a job that the request names, or with all.
fn job_response(ctx: &RequestContext<'_>, job: Json) -> HandlerResult {
    let fields: Vec<&str> = ctx.call.list("compliance_job.fields").collect();
    let all = fields.is_empty();
    data_response(200, if all { job } else { pick(job, &[&fields[..], &["id", "type", "status"]].concat()) })
}

/// The job in the path, which must belong to the app, with its present status.
fn own_job(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.param::<JobId>("id").to_string();
    let job = ctx.find_own_document(JOB, ctx.app_id(), "id", &id)?;
    Ok((id, with_status(ctx.now, job)))
}

/// Sets the status of a job that is running: it completes after a while.
fn with_status(now: Timestamp, mut job: Json) -> Json {
    let uploaded = job.as_object_mut().and_then(|job| job.remove("uploaded_at"));
    if let Some(uploaded) = uploaded.and_then(|time| time.as_i64()) {
        job["status"] = if now.as_millis() - uploaded < JOB_MS { "in_progress" } else { "complete" }.into();
    }
    job
}

pub(super) fn get_compliance_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = ctx.text("id");
    let job = ctx.world.own_document(JOB.name, id, ctx.app_id())?;
    match job {
        Some(job) => job_response(ctx, with_status(ctx.now, job)),
        None => ctx.document_response(JOB, "id", id, None),
    }
}

pub(super) fn compliance_jobs(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (kind, now) = (ctx.text("type"), ctx.now);
    let status = ctx.call.text("status");
    let is_asked = |job: &Json| {
        let has_status = |status| with_status(now, job.clone())["status"] == status;
        job["type"] == kind && status.is_none_or(has_status)
    };
    let mut body = ctx.documents_body(JOB, ctx.app_id(), 100, |job| Ok(is_asked(&job).then_some(job)))?;
    if let Some(jobs) = body.get_mut("data").and_then(Json::as_array_mut) {
        let present = jobs.drain(..).map(|job| with_status(now, job)).collect();
        *jobs = ctx.select_fields("compliance_job.fields", present);
    }
    Ok((200, body.into()))
}

/// Refuses a request whose token is not that of a URL of the job, or whose URL has expired.
fn require_token(job: &Json, action: &str, token: &str, now: Timestamp) -> Result<(), ApiError> {
    if token.is_empty() || !str_of(job, &format!("{action}_url")).ends_with(&format!("?token={token}")) {
        return Err(ApiError::forbidden("The token is not that of this compliance job."));
    }
    let expires: Option<Timestamp> = str_of(job, &format!("{action}_expires_at")).parse().ok();
    if expires.is_some_and(|expires| now >= expires) {
        return Err(ApiError::forbidden("The URL of this compliance job has expired."));
    }
    Ok(())
}

fn upload_compliance_ids(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, job) = own_job(ctx)?;
    require_token(&job, "upload", ctx.text("token"), ctx.now)?;
    let job = store_ids(ctx.world, ctx.app_id(), &id, job, ctx.text("submission"), ctx.now)?;
    job_response(ctx, job)
}

/// Stores the IDs of a job, one per line, and starts it. Returns the job.
fn store_ids(
    world: &World,
    app: u64,
    id: &str,
    mut job: Json,
    submission: &str,
    now: Timestamp,
) -> Result<Json, ApiError> {
    if job["status"] != "created" {
        return Err(ApiError::invalid_param("id", id, "This compliance job has its IDs already."));
    }
    let ids: Vec<&str> = submission.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if let Some(wrong) = ids.iter().find(|id| id.parse::<JobId>().is_err()) {
        let quoted: String = wrong.chars().take(60).collect();
        return Err(ApiError::invalid_param("submission", &quoted, format!("`{quoted}` is not an ID.")));
    }
    if ids.is_empty() {
        return Err(ApiError::invalid_param("submission", "", "The submission has no IDs."));
    }
    world.put_document(SUBMISSION, id, app, &json!({"ids": ids}))?;
    job["uploaded_at"] = now.as_millis().into();
    world.put_document(JOB.name, id, app, &job)?;
    Ok(with_status(now, job))
}

/// Reason for which an object is no longer available, if any.
fn reason(world: &World, kind: &str, id: u64) -> Result<Option<&'static str>, ApiError> {
    let user = match kind {
        "users" => world.username(id)?.map(|_| id),
        _ => world.post(id)?.map(|post| post.author),
    };
    Ok(match user {
        None => Some("deleted"),
        Some(user) if world.is_protected(user)? => Some("protected"),
        Some(_) => None,
    })
}

fn download_compliance_results(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, job) = own_job(ctx)?;
    require_token(&job, "download", ctx.text("token"), ctx.now)?;
    Ok((200, Json::String(results(ctx.world, &id, &job, ctx.now)?).into()))
}

/// Results of a completed job: a line for each object that is no longer available.
fn results(world: &World, id: &str, job: &Json, now: Timestamp) -> Result<String, ApiError> {
    if job["status"] != "complete" {
        return Err(ApiError::invalid_param("id", id, "This compliance job is not complete."));
    }
    let submission = world.document(SUBMISSION, id)?.unwrap_or_default();
    let mut lines = String::new();
    for id in submission["ids"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        let number = id.parse().unwrap_or_default();
        if let Some(reason) = reason(world, str_of(job, "type"), number)? {
            let mut line = json!({
                "id": id, "action": "delete", "created_at": Timestamp::from_snowflake(number), "redacted_at": now,
                "reason": reason,
            });
            finish(&mut line, Dialect::default());
            lines += &format!("{line}\n");
        }
    }
    Ok(lines)
}

/// Serves a request to the files of a job: the upload of its IDs, or the download of its results. Only the token in the query
/// authorizes it. Returns the content of the response.
pub(crate) fn storage_response(world: &World, request: &ReceivedRequest, now: Timestamp) -> Result<String, ApiError> {
    let not_found = || ApiError::problem(404, "Not Found", "Not Found");
    let path = request.path().strip_prefix(STORAGE).ok_or_else(not_found)?;
    let (id, action) = path.split_once('/').ok_or_else(not_found)?;
    let job = world.document(JOB.name, id)?.ok_or_else(not_found)?;
    let token = request.query().strip_prefix("token=").unwrap_or_default();
    match (request.method(), action) {
        ("PUT" | "POST", "upload") => {
            require_token(&job, "upload", token, now)?;
            let app = world.document_owner(JOB.name, id)?.unwrap_or_default();
            let submission = String::from_utf8_lossy(&request.body);
            store_ids(world, app, id, with_status(now, job), &submission, now)?;
            Ok(String::new())
        }
        ("GET", "download") => {
            require_token(&job, "download", token, now)?;
            results(world, id, &with_status(now, job), now)
        }
        _ => Err(not_found()),
    }
}

fn delete_compliance_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, job) = own_job(ctx)?;
    ctx.world.remove_document(JOB.name, &id)?;
    ctx.world.remove_document(SUBMISSION, &id)?;
    job_response(ctx, job)
}
