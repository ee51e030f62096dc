//! The calls of an upload, in the words of either version of the API.

use std::time::Duration;

use bytes::Bytes;
use chirrup_api::v2::media::{AppendUpload, BeginUpload};
use chirrup_api::{ApiClient, Call, Error, IntoParam, ParamLocation, v1};
use chirrup_model::{MediaCategory, MediaFormat, MediaId, MediaKey, Processing};
use serde_json::json;

use super::again;

/// Which version takes the upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// Where an upload stands.
pub(super) struct Standing {
    pub(super) key: Option<MediaKey>,
    pub(super) processing: Option<Processing>,
}

impl From<chirrup_model::Upload> for Standing {
    fn from(upload: chirrup_model::Upload) -> Self {
        Self { key: upload.media_key, processing: upload.processing_info }
    }
}

impl From<chirrup_model::v1::UploadedMedia> for Standing {
    fn from(upload: chirrup_model::v1::UploadedMedia) -> Self {
        Self { key: None, processing: upload.processing_info }
    }
}

impl Version {
    /// An upload that was begun and is not gone on with is forgotten by X, so that this may be done again.
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
            return Ok(again(call).await?.data.media_id);
        }
        let call = || {
            let call = BeginUpload::new(client).media_type(format).media_category(&category);
            call.total_bytes(size)
        };
        Ok(again(call).await?.data.id)
    }

    /// Sends a part. The same part may arrive twice: it has a number.
    pub(super) async fn append(
        self,
        client: ApiClient,
        id: MediaId,
        index: u32,
        bytes: Bytes,
    ) -> Result<(u32, u64), Error> {
        let length = bytes.len() as u64;
        again(|| self.append_once(&client, id, index, bytes.clone())).await?;
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
        // A slow line gets its time: 60 s, and a second for each 256 KiB.
        call.timeout = Some(Duration::from_secs(60 + bytes.len() as u64 / (256 << 10)));
        call.set_file("media", bytes);
        let (call, answer) = client.send(call).await?;
        if answer.status.is_success() { Ok(()) } else { Err(Error::refused(&call, answer)) }
    }

    pub(super) async fn finish(self, client: &ApiClient, id: MediaId) -> Result<Standing, Error> {
        Ok(match self {
            Self::V1 => client.v1().upload().command("FINALIZE").media_id(id).await?.data.into(),
            Self::V2 => client.finish_upload(id).await?.data.into(),
        })
    }

    pub(super) async fn status(self, client: &ApiClient, id: MediaId) -> Result<Standing, Error> {
        Ok(match self {
            Self::V1 => client.v1().media_status("STATUS", id).await?.data.into(),
            Self::V2 => client.upload_status(id).await?.data.into(),
        })
    }

    pub(super) async fn describe(self, client: &ApiClient, id: MediaId, text: &str) -> Result<(), Error> {
        match self {
            Self::V1 => client.v1().set_alt_text(id, text).await.map(drop),
            Self::V2 => client.set_media_metadata(id).metadata(json!({"alt_text": {"text": text}})).await.map(drop),
        }
    }
}
