//! Media: look-up, uploads, descriptions, subtitles.

use std::time::Duration;

use base64::Engine as _;
use chirrup::ErrorKind;
use chirrup::model::{
    MediaAnalyticsField, MediaAnalyticsGranularity, MediaCategory, MediaField, MediaFormat, MediaType, NewMedia,
    ProcessingState, SubtitlesCategory, UploadCategory, UploadCommand,
};
use serde_json::json;

use crate::common::sandbox_and_client;

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn a_video_is_uploaded_in_chunks_and_processed() {
    let (sandbox, client) = sandbox_and_client();
    let begun = client
        .begin_upload()
        .media_category(MediaCategory::TweetVideo)
        .media_type(MediaFormat::VideoMp4)
        .total_bytes(5_u64)
        .await
        .unwrap()
        .data;
    let id = begun.id;
    assert!(begun.media_key.unwrap().as_str().starts_with("7_"));
    assert!(client.append_upload(id, base64(b"abc"), 0).await.unwrap().data.expires_at.is_some());
    assert_eq!(client.finish_upload(id).await.unwrap_err().kind(), ErrorKind::Invalid, "two bytes are missing");
    assert_eq!(client.upload_status(id).await.unwrap_err().kind(), ErrorKind::Invalid);
    client.append_upload(id, base64(b"de"), 1).await.unwrap();
    let done = client.finish_upload(id).await.unwrap().data;
    assert_eq!((done.size, done.processing_info.unwrap().state), (Some(5), Some(ProcessingState::Pending)));
    sandbox.clock().advance(Duration::from_secs(1));
    let half = client.upload_status(id).command(UploadCommand::Status).await.unwrap().data.processing_info.unwrap();
    assert_eq!((half.state, half.progress_percent), (Some(ProcessingState::InProgress), Some(50)));
    sandbox.clock().advance(Duration::from_secs(1));
    let ready = client.upload_status(id).await.unwrap().data.processing_info.unwrap();
    assert_eq!(ready.state, Some(ProcessingState::Succeeded));

    let subtitles = json!({"id": "1", "language_code": "EN", "display_name": "English"});
    let call = client.add_subtitles().media_id(id).media_category(SubtitlesCategory::TweetVideo).subtitles(subtitles);
    assert_eq!(call.await.unwrap().data.associated_subtitles.unwrap()["language_code"], "EN");
    assert!(client.delete_subtitles(id.to_string(), "EN", "TweetVideo").await.unwrap().data.deleted);
    assert!(!client.delete_subtitles(id.to_string(), "EN", "TweetVideo").await.unwrap().data.deleted);
    let bad = client.append_upload(id, "not base64!", 2).await.unwrap_err();
    assert_eq!(bad.kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn an_image_is_uploaded_with_alt_text_and_retrieved() {
    let (_sandbox, client) = sandbox_and_client();
    let upload = client.upload_media(base64(b"\x89PNG"), UploadCategory::TweetImage).await.unwrap().data;
    assert_eq!((upload.size, upload.processing_info.is_none()), (Some(4), true));
    let metadata = json!({"alt_text": {"text": "a heron"}});
    let set = client.set_media_metadata(upload.id).metadata(metadata.clone()).await.unwrap().data;
    assert_eq!(set.associated_metadata, Some(metadata));
    let long = json!({"alt_text": {"text": "x".repeat(1_001)}});
    assert_eq!(client.set_media_metadata(upload.id).metadata(long).await.unwrap_err().kind(), ErrorKind::Invalid);

    let key = upload.media_key.unwrap();
    let medium =
        client.get_media_by_key(&key).media_fields([MediaField::AltText, MediaField::Width]).await.unwrap().data;
    assert_eq!((medium.kind, medium.alt_text.as_deref()), (MediaType::Photo, Some("a heron")));
    let several = client.get_media([key.as_str(), "3_999"]).await.unwrap();
    assert_eq!((several.data.len(), several.errors.len()), (1, 1));
    let (start, end) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let counts = client
        .media_analytics([&key], start, end)
        .granularity(MediaAnalyticsGranularity::Total)
        .media_analytics_fields([MediaAnalyticsField::MediaKey, MediaAnalyticsField::VideoViews])
        .await
        .unwrap();
    assert_eq!((counts.data[0].media_key.as_ref(), counts.data[0].video_views), (Some(&key), Some(0)));
    let post = client.create_post().media(NewMedia::new([upload.id])).await.unwrap().data;
    assert!(client.get_post(post.id).await.is_ok(), "posts can use the media ID");
}
