//! Compliance jobs.

use chirrup_model::{ComplianceJob, JobField, JobId, JobKind, JobState};

crate::endpoints! {
    COMPLIANCE on Client;

    /// Lists the jobs of the last days.
    compliance_jobs -> ComplianceJobs = GET "/2/compliance/jobs" => Vec<ComplianceJob>;
    auth App;
    alias "get_compliance_jobs";
    needs { kind = "type": JobKind; }
    query {
        /// Only those in this state.
        status: JobState;
        /// Fields of jobs.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Finds one job by its id.
    get_compliance_job -> GetComplianceJob = GET "/2/compliance/jobs/{id}" => ComplianceJob;
    auth App;
    path { id: JobId }
    query {
        /// Fields of jobs.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }

    /// Makes a job; upload the ids to the address that it gives.
    create_compliance_job -> CreateComplianceJob = POST "/2/compliance/jobs" => ComplianceJob;
    auth App;
    sends { kind = "type": JobKind; }
    query {
        /// Fields of jobs.
        job_fields = "compliance_job.fields": Vec<JobField>;
    }
    body {
        /// What it is called.
        name: String, in 0..=64;
        /// Whether a broken upload can go on.
        resumable: bool;
    }
}
