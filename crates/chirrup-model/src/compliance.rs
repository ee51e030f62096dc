//! Compliance jobs, which check whether stored posts or users still exist.

use std::fmt::Display;

use serde_json::Value as Json;

use crate::id::JobId;
use crate::into_param::id_of;
use crate::param_kind::ParamKind;
use crate::param_type::{ParamType, SingleParam, TextParam};
use crate::time::Timestamp;
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

    /// Action that an app has to take for an object that it stored.
    ComplianceAction {
        /// Delete the stored object.
        Delete = "delete",
    }

    /// Reason for which an app has to act on an object that it stored.
    ComplianceReason {
        /// The user was deactivated.
        Deactivated = "deactivated",
        /// The object was deleted.
        Deleted = "deleted",
        /// The user is protected.
        Protected = "protected",
        /// The user removed the places from the posts.
        ScrubGeo = "scrub_geo",
        /// The user was suspended.
        Suspended = "suspended",
    }
}

wire_struct! {
    /// A compliance job. Upload the IDs with `upload_compliance_ids`; download the result with
    /// `download_compliance_results`.
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

wire_struct! {
    /// Line of the result of a compliance job: an object that is no longer available.
    ComplianceResult {
        /// ID of the post or user.
        id: String,
        /// Action to take on the object.
        action: ComplianceAction,
        /// Reason for the action.
        reason: ComplianceReason,
        ;
        /// Creation time of the object.
        created_at: Timestamp,
        /// Time at which the object became unavailable.
        redacted_at: Timestamp,
    }
}

id_of! { ComplianceJob: JobId }

impl ComplianceJob {
    /// Returns the token in `upload_url`, for `upload_compliance_ids`; `None` if the URL has none.
    pub fn upload_token(&self) -> Option<String> {
        token_in(self.upload_url.as_deref()?)
    }

    /// Returns the token in `download_url`, for `download_compliance_results`; `None` if the URL has none.
    pub fn download_token(&self) -> Option<String> {
        token_in(self.download_url.as_deref()?)
    }
}

/// Returns the decoded query parameter `token` of a URL.
fn token_in(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let encoded = query.split('&').find_map(|pair| pair.strip_prefix("token="))?;
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

impl ComplianceResult {
    /// Parses the body of `download_compliance_results`, which has one JSON object per line.
    ///
    /// # Errors
    /// If a line is not such an object.
    pub fn parse_lines(body: &[u8]) -> Result<Vec<Self>, serde_json::Error> {
        let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        lines.map(serde_json::from_slice).collect()
    }
}

/// IDs for a compliance job, one per line: the content of the file to upload.
///
/// ```
/// use chirrup_model::IdLines;
/// assert_eq!(IdLines::new([20, 21]).as_str(), "20\n21\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdLines(String);

impl IdLines {
    /// Creates the lines from IDs.
    pub fn new<T: Display>(ids: impl IntoIterator<Item = T>) -> Self {
        Self(ids.into_iter().map(|id| format!("{id}\n")).collect())
    }

    /// Returns the lines as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ParamType for IdLines {
    const KIND: ParamKind = ParamKind::File;
    fn to_json(&self) -> Json {
        self.as_str().into()
    }
}

impl SingleParam for IdLines {}

impl TextParam for IdLines {
    fn from_text(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_url_is_decoded() {
        let token = |url: &str| token_in(url);
        assert_eq!(token("https://x.test/upload?a=1&token=ab%3D%2Bc&b=2").as_deref(), Some("ab=+c"));
        assert_eq!(token("https://x.test/upload?token=50%").as_deref(), Some("50%"));
        assert_eq!(token("https://x.test/token=1"), None);
    }
}
