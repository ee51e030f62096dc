//! Batch compliance jobs, which check stored posts or users against X.

use bytes::Bytes;
use chirrup_model::{ComplianceJob, IdLines, JobField, JobId, JobStatus, JobType};

crate::endpoints! {
    /// # Compliance
    ///
    /// Create, run, read and delete batch compliance jobs.
    COMPLIANCE in v2::compliance;

    /// Returns the compliance jobs of the last 7 days that check posts or users.
    compliance_jobs -> ComplianceJobs = GET "/2/compliance/jobs" => Vec<ComplianceJob>;
    auth App;
    alias "get_compliance_jobs";
    example("tweets").status("complete");
    required query {
        /// Type of the objects that the jobs check: posts or users.
        kind = "type": JobType;
    }
    query {
        /// State of the jobs to return; all by default.
        status: JobStatus;
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Returns a compliance job by ID.
    get_compliance_job -> GetComplianceJob = GET "/2/compliance/jobs/{id}" => ComplianceJob;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the compliance job.
        id: JobId,
    }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Creates a compliance job; upload the IDs to check to its `upload_url`.
    create_compliance_job -> CreateComplianceJob = POST "/2/compliance/jobs" => ComplianceJob;
    auth App;
    example("tweets").name("weekly");
    required body {
        /// Type of the objects to check: posts or users.
        kind = "type": JobType;
    }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }
    body {
        /// Name of the job.
        name: String, in 0..=64;
        /// Whether an interrupted upload can be resumed.
        resumable: bool;
    }

    /// Uploads the IDs that a compliance job checks, which starts the job.
    upload_compliance_ids -> UploadComplianceIds = PUT "/2/compliance/jobs/{id}/upload" => ComplianceJob;
    auth App;
    path {
        /// ID of the job.
        job = "id": JobId,
    }
    required query {
        /// Token in the `upload_url` of the job, from its `upload_token()`.
        token: String;
    }
    required body {
        /// IDs of the posts or users, one per line: `IdLines::new(ids)` or a text.
        ids = "submission": IdLines;
    }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Downloads the result of a compliance job, for `ComplianceResult::parse_lines`.
    download_compliance_results -> DownloadComplianceResults = GET "/2/compliance/jobs/{id}/download" => Bytes;
    auth App;
    path {
        /// ID of the job.
        job = "id": JobId,
    }
    required query {
        /// Token in the `download_url` of the job, from its `download_token()`.
        token: String;
    }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Deletes a compliance job with its result, and returns the job.
    delete_compliance_job -> DeleteComplianceJob = DELETE "/2/compliance/jobs/{id}" => ComplianceJob;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the job.
        id: JobId,
    }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }
}
