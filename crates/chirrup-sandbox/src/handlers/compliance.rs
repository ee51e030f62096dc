//! Batch compliance jobs.

use serde_json::{Value as Json, json};

use super::documents::{DocumentKind, data_response};
use super::{HandlerResult, RequestContext};

const JOB: DocumentKind = DocumentKind::whole("compliance_job");
/// Time in which a list of IDs can be uploaded, in milliseconds (see "Batch Compliance").
const UPLOAD_MS: i64 = 15 * 60_000;
/// Time in which results can be downloaded, in milliseconds.
const DOWNLOAD_MS: i64 = 7 * 86_400_000;

pub(super) fn create_compliance_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let app = ctx.app_id();
    let id = ctx.new_id();
    let base = "https://storage.example/compliance";
    let mut job = ctx.params_object(&["type", "name", "resumable"]);
    if job["resumable"].is_null() {
        job["resumable"] = false.into();
    }
    for (name, value) in [
        ("id", Json::from(id.as_str())),
        ("status", "created".into()),
        ("created_at", json!(ctx.now)),
        ("upload_url", format!("{base}/{id}/submission").into()),
        ("upload_expires_at", json!(ctx.now.plus_millis(UPLOAD_MS))),
        ("download_url", format!("{base}/{id}/results").into()),
        ("download_expires_at", json!(ctx.now.plus_millis(DOWNLOAD_MS))),
    ] {
        job[name] = value;
    }
    ctx.world.put_document(JOB.name, &id, app, &job)?;
    data_response(200, job)
}

pub(super) fn get_compliance_job(ctx: &mut RequestContext<'_>) -> HandlerResult {
    ctx.get_document(JOB, "id")
}

pub(super) fn compliance_jobs(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let kind = ctx.text("type");
    let status = ctx.call.text("status");
    ctx.documents_page(JOB, ctx.app_id(), 100, |job| {
        job["type"] == kind && status.is_none_or(|status| job["status"] == status)
    })
}
