//! Compliance jobs: which of many posts or users are still there.

use crate::id::JobId;
use crate::wire_struct::{nouns, open_words};

open_words! {
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

nouns! {
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
