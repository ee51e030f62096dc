//! Compliance jobs: which of many posts or users are still there.

use crate::id::JobId;
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a compliance job, for `job_fields`.
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
    /// What a job looks at.
    JobType {
        /// Posts.
        Posts = "tweets",
        /// Users.
        Users = "users",
    }

    /// Where a job stands.
    JobStatus {
        /// It waits for its upload.
        Created = "created",
        /// It runs.
        InProgress = "in_progress",
        /// It went wrong.
        Failed = "failed",
        /// Its result can be fetched.
        Complete = "complete",
    }
}

wire_struct! {
    /// A compliance job. Upload the ids, one a line, to `upload_url`; fetch the result from `download_url`.
    ComplianceJob {
        /// Its id.
        id: JobId,
        ;
        /// What it looks at.
        kind = "type": JobType,
        /// Where it stands.
        status: JobStatus,
        /// What its maker calls it.
        name: String,
        /// Whether a broken upload can go on.
        resumable: bool,
        /// Where the ids go.
        upload_url: String,
        /// Until when, as X writes it.
        upload_expires_at: String,
        /// Where the result is.
        download_url: String,
        /// Until when, as X writes it.
        download_expires_at: String,
        /// When it was made, as X writes it.
        created_at: String,
    }
}

id_of! { ComplianceJob: JobId }
