//! Batch compliance jobs, which check stored posts or users against X.

use chirrup_model::{ComplianceJob, JobField, JobId, JobStatus, JobType};

crate::endpoints! {
    /// # Compliance
    ///
    /// Create and read batch compliance jobs.
    COMPLIANCE in v2::compliance;

    /// Returns the compliance jobs of the last 7 days that check posts or users.
    compliance_jobs -> ComplianceJobs = GET "/2/compliance/jobs" => Vec<ComplianceJob>;
    auth App;
    alias "get_compliance_jobs";
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
    path { id: JobId }
    query {
        /// Fields of jobs to return.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Creates a compliance job; upload the IDs to check to its `upload_url`.
    create_compliance_job -> CreateComplianceJob = POST "/2/compliance/jobs" => ComplianceJob;
    auth App;
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
}
