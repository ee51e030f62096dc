//! Compliance jobs, which check whether stored posts or users still exist.

use crate::id::JobId;
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a compliance job, for `job_fields`.
    JobField {
        CreatedAt = "created_at",
        DownloadExpiresAt = "download_expires_at",
        DownloadUrl = "download_url",
        Id = "id",
        Name = "name",
        Resumable = "resumable",
        Status = "status",
        Type = "type",
        UploadExpiresAt = "upload_expires_at",
        UploadUrl = "upload_url",
    }
}

wire_enum! {
    /// Type of objects that a compliance job checks.
    JobType {
        /// The job checks posts.
        Posts = "tweets",
        /// The job checks users.
        Users = "users",
    }

    /// Status of a compliance job.
    JobStatus {
        /// The job waits for the upload of the IDs.
        Created = "created",
        /// The job is running.
        InProgress = "in_progress",
        /// The job has failed.
        Failed = "failed",
        /// The result can be downloaded.
        Complete = "complete",
    }
}

wire_struct! {
    /// A compliance job. Upload the IDs, one per line, to `upload_url`; download the result from `download_url`.
    ComplianceJob {
        /// ID of the job.
        id: JobId,
        ;
        /// Type of the objects to check.
        kind = "type": JobType,
        /// Status of the job.
        status: JobStatus,
        /// Name that the creator of the job chose.
        name: String,
        /// Whether an interrupted upload can be resumed.
        resumable: bool,
        /// URL for the upload of the IDs.
        upload_url: String,
        /// Expiration time of `upload_url`, as X sends it.
        upload_expires_at: String,
        /// URL of the result.
        download_url: String,
        /// Expiration time of `download_url`, as X sends it.
        download_expires_at: String,
        /// Creation time, as X sends it.
        created_at: String,
    }
}

id_of! { ComplianceJob: JobId }
