//! Batch compliance jobs from the upload of IDs to the result.

use std::time::Duration;

use chirrup::ErrorKind;
use chirrup::model::{
    ComplianceAction, ComplianceReason, ComplianceResult, IdLines, JobField, JobStatus, JobType, PostId,
};

use crate::common::sandbox_and_client;

#[tokio::test]
async fn compliance_jobs_are_created_and_listed() {
    let (_sandbox, client) = sandbox_and_client();
    let job = client.create_compliance_job(JobType::Posts).name("mine").resumable(true).await.unwrap().data;
    assert_eq!((job.kind, job.status, job.resumable), (Some(JobType::Posts), Some(JobStatus::Created), Some(true)));
    assert!(job.upload_url.unwrap().contains("/upload?token="));
    let found = client.get_compliance_job(job.id).job_fields([JobField::Name]).await.unwrap().data;
    assert_eq!(found.name.as_deref(), Some("mine"));
    let list = client.compliance_jobs(JobType::Posts).status(JobStatus::Created).await.unwrap();
    assert_eq!((list.data.len(), list.meta.result_count), (1, Some(1)));
    assert!(client.compliance_jobs(JobType::Users).await.unwrap().data.is_empty());
    assert!(client.compliance_jobs(JobType::Posts).status(JobStatus::Failed).await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_job_finds_posts_that_are_gone() {
    let (sandbox, client) = sandbox_and_client();
    let kept = client.create_post().text("This post remains").await.unwrap().data.id;
    let gone = client.create_post().text("This post is deleted").await.unwrap().data.id;
    client.delete_post(gone).await.unwrap();

    let job = client.create_compliance_job(JobType::Posts).name("weekly").await.unwrap().data;
    assert_eq!(job.status, Some(JobStatus::Created));
    let (upload, download) = (job.upload_token().unwrap(), job.download_token().unwrap());
    let early = client.download_compliance_results(&job, download.as_str()).await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Invalid, "nothing was uploaded: {early}");

    let ids = IdLines::new([kept, gone, PostId::new(20)]);
    let wrong = client.upload_compliance_ids(&job, "stolen", &ids).await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Forbidden);
    let text = client.upload_compliance_ids(&job, upload.as_str(), "20\nnot an ID\n").await.unwrap_err();
    assert!(text.to_string().contains("not an ID"), "{text}");
    let running = client.upload_compliance_ids(&job, upload.as_str(), &ids).await.unwrap().data;
    assert_eq!(running.status, Some(JobStatus::InProgress));
    assert!(client.upload_compliance_ids(&job, upload.as_str(), &ids).await.is_err(), "a job has one list");

    sandbox.clock().advance(Duration::from_secs(2));
    let complete = client.compliance_jobs(JobType::Posts).status(JobStatus::Complete).await.unwrap().data;
    assert_eq!(complete.iter().map(|job| job.id).collect::<Vec<_>>(), [job.id]);
    let file = client.download_compliance_results(&job, download.as_str()).await.unwrap();
    assert_eq!(file.raw.headers["content-type"], "application/octet-stream");
    let results = ComplianceResult::parse_lines(&file.data).unwrap();
    let expected = [gone.to_string(), "20".to_owned()];
    let found: Vec<&str> =
        results.iter().map(|result| result.id.as_str()).filter(|id| expected.iter().any(|e| e == id)).collect();
    assert_eq!(found[0], gone.to_string());
    assert!(results.iter().all(|result| result.id != kept.to_string()));
    assert_eq!((&results[0].action, &results[0].reason), (&ComplianceAction::Delete, &ComplianceReason::Deleted));

    let deleted = client.delete_compliance_job(&job).job_fields([JobField::Name]).await.unwrap().data;
    assert_eq!((deleted.id, deleted.name.as_deref(), deleted.upload_url), (job.id, Some("weekly"), None));
    assert!(client.compliance_jobs(JobType::Posts).await.unwrap().data.is_empty());
    assert!(client.get_compliance_job(&job).await.is_err());
}

#[tokio::test]
async fn an_upload_url_expires() {
    let (sandbox, client) = sandbox_and_client();
    let job = client.create_compliance_job(JobType::Users).await.unwrap().data;
    sandbox.clock().advance(Duration::from_secs(901));
    let late = client.upload_compliance_ids(&job, job.upload_token().unwrap(), IdLines::new([12])).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Forbidden);
    assert!(late.to_string().contains("expired"), "{late}");
}
