//! The calls of an upload, by API v2 or v1.1.

use std::future::{Future, IntoFuture};
use std::time::Duration;

use bytes::Bytes;
use chirrup_api::v2::media::{AppendUpload, BeginUpload};
use chirrup_api::{ApiClient, Call, Error, ErrorKind, IntoParam, ParamLocation, v1};
use chirrup_model::{MediaCategory, MediaFormat, MediaId, MediaKey, Processing};
use serde_json::json;

/// Maximum number of attempts for each call of an upload.
pub(super) const MAX_ATTEMPTS: u32 = 3;

/// Version of the API that an upload uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApiVersion {
    V1,
    V2,
}

/// Media key and processing state of an upload, as X reports them.
pub(super) struct MediaStatus {
    pub(super) key: Option<MediaKey>,
    pub(super) processing: Option<Processing>,
}

impl From<chirrup_model::Upload> for MediaStatus {
    fn from(upload: chirrup_model::Upload) -> Self {
        Self { key: upload.media_key, processing: upload.processing_info }
    }
}

impl From<chirrup_model::v1::UploadedMedia> for MediaStatus {
    fn from(upload: chirrup_model::v1::UploadedMedia) -> Self {
        Self { key: None, processing: upload.processing_info }
    }
}

impl ApiVersion {
    /// Maximum number of parts of an upload.
    pub(super) const fn max_parts(self) -> u64 {
        match self {
            Self::V1 => 1_000,
            Self::V2 => 10_000,
        }
    }

    /// Initializes an upload. X discards an upload that gets no parts, so that the call can safely be repeated.
    pub(super) async fn begin(
        self,
        client: &ApiClient,
        format: &MediaFormat,
        category: MediaCategory,
        size: u64,
    ) -> Result<MediaId, Error> {
        if self == Self::V1 {
            let v1 = client.v1();
            let call = || {
                let call = v1.upload().command("INIT").media_type(format.as_str()).total_bytes(size);
                call.media_category(category.as_str())
            };
            return Ok(retry_unknown_outcome(call).await?.data.media_id);
        }
        let call = || {
            let call = BeginUpload::new(client).media_type(format).media_category(&category);
            call.total_bytes(size)
        };
        Ok(retry_unknown_outcome(call).await?.data.id)
    }

    /// Sends a part. X may receive it twice, because its number identifies it.
    pub(super) async fn append(
        self,
        client: ApiClient,
        id: MediaId,
        index: u32,
        bytes: Bytes,
    ) -> Result<(u32, u64), Error> {
        let length = bytes.len() as u64;
        retry_unknown_outcome(|| self.append_once(&client, id, index, bytes.clone())).await?;
        Ok((index, length))
    }

    async fn append_once(self, client: &ApiClient, id: MediaId, index: u32, bytes: Bytes) -> Result<(), Error> {
        let mut call = match self {
            Self::V1 => {
                let mut call = Call::of(v1::media::Upload::ENDPOINT);
                call.set("command", ParamLocation::Form, IntoParam::<String>::into_json("APPEND"));
                call.set("media_id", ParamLocation::Form, IntoParam::<MediaId>::into_json(id));
                call.set("segment_index", ParamLocation::Form, IntoParam::<u32>::into_json(index));
                call
            }
            Self::V2 => {
                let mut call = Call::of(AppendUpload::ENDPOINT);
                call.set("id", ParamLocation::Path, IntoParam::<MediaId>::into_json(id));
                call.set("segment_index", ParamLocation::Body, IntoParam::<u32>::into_json(index));
                call
            }
        };
        // A slow connection gets enough time: 60 s, and one second for each 256 KiB.
        call.timeout = Some(Duration::from_secs(60 + bytes.len() as u64 / (256 << 10)));
        call.set_file("media", bytes);
        let (call, response) = client.send(call).await?;
        if response.status.is_success() { Ok(()) } else { Err(Error::refused(&call, response)) }
    }

    pub(super) async fn finish(self, client: &ApiClient, id: MediaId) -> Result<MediaStatus, Error> {
        Ok(match self {
            Self::V1 => client.v1().upload().command("FINALIZE").media_id(id).await?.data.into(),
            Self::V2 => client.finish_upload(id).await?.data.into(),
        })
    }

    pub(super) async fn status(self, client: &ApiClient, id: MediaId) -> Result<MediaStatus, Error> {
        Ok(match self {
            Self::V1 => client.v1().media_status("STATUS", id).await?.data.into(),
            Self::V2 => client.upload_status(id).await?.data.into(),
        })
    }

    pub(super) async fn set_alt_text(self, client: &ApiClient, id: MediaId, text: &str) -> Result<(), Error> {
        match self {
            Self::V1 => client.v1().set_alt_text(id, text).await.map(drop),
            Self::V2 => client.set_media_metadata(id).metadata(json!({"alt_text": {"text": text}})).await.map(drop),
        }
    }
}

/// Repeats a call whose outcome is unknown, for calls that are harmless to repeat although the table says otherwise.
async fn retry_unknown_outcome<T, F>(call: impl Fn() -> F) -> Result<T, Error>
where
    F: IntoFuture<Output = Result<T, Error>>,
    F::IntoFuture: Future<Output = Result<T, Error>>,
{
    let mut attempts = 0;
    loop {
        attempts += 1;
        match call().await {
            Err(error) if error.kind() == ErrorKind::UnknownOutcome && attempts < MAX_ATTEMPTS => {}
            result => return result,
        }
    }
}
