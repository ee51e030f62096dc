//! Uploads, from a file to a media ID in a post.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use chirrup::model::{MediaField, NewMedia};
use chirrup::upload::{MediaSource, MediaUpload, UploadProgress, UploadState};
use chirrup::{Client, ErrorKind, HttpBuilder, OnRateLimit};
use chirrup_sandbox::{Fault, FaultRule, ProcessingOutcome, Sandbox};
use sha2::{Digest as _, Sha256};

use crate::common::{BROAD_QUERY, client_in_sandbox_time, sandbox};

fn default_client() -> (Sandbox, Client) {
    hurried(Duration::from_secs(60))
}

/// A sandbox and a client with this timeout per attempt.
fn hurried(timeout: Duration) -> (Sandbox, Client) {
    let sandbox = sandbox();
    let http = HttpBuilder::default().on_rate_limit(OnRateLimit::Ignore).timeout(timeout);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.oauth1("ada").unwrap());
    (sandbox, client)
}

/// Random bytes of this size with the signature of an MP4 file.
fn video(size: usize) -> Vec<u8> {
    let mut random = 7_u32;
    let noise = std::iter::repeat_with(|| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 24) as u8
    });
    b"\0\0\0\x18ftypisom".iter().copied().chain(noise).take(size).collect()
}

/// Size and hash of each expected part.
fn parts(bytes: &[u8], part: usize) -> Vec<(u64, String)> {
    let hex = |part: &[u8]| Sha256::digest(part).iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.chunks(part).map(|part| (part.len() as u64, hex(part))).collect()
}

#[tokio::test]
async fn upload_takes_a_file_to_a_media_id() {
    let (sandbox, client) = default_client();
    let folder = tempfile::tempdir().unwrap();
    let picture = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![7; 30_000]].concat();
    let path = folder.path().join("heron.png");
    std::fs::write(&path, &picture).unwrap();
    let heron = client.upload(path.as_path()).alt_text("a heron").await.unwrap();
    shows!("pytweet.file", assert_eq!((heron.format.as_str(), heron.size), ("image/png", 30_008)));
    shows!(
        ["pytweet.client.tweet.file", "pytweet.media.upload"],
        assert_eq!(sandbox.uploaded_parts(heron.id).unwrap(), parts(&picture, 4 << 20))
    );
    shows!(["pytweet.media.upload", "pytweet.file"], {
        let commands: Vec<_> = sandbox.journal().iter().map(|event| event.path.clone()).collect();
        let ends = ["/initialize", "/append", "/finalize"];
        let places = ends.map(|end| commands.iter().position(|path| path.ends_with(end)));
        assert!(places[0].is_some() && places.is_sorted() && places[2].is_some(), "{commands:?}");
    });
    let key = heron.key.unwrap();
    let medium = client.get_media_by_key(&key).media_fields([MediaField::AltText]).await.unwrap().data;
    assert_eq!(medium.alt_text.as_deref(), Some("a heron"));
    let post = client.create_post().text("look").media(NewMedia::new([heron.id])).await.unwrap().data;
    assert!(client.get_post(post.id).await.is_ok());

    // A video in many parts, with progress reports, processing and subtitles.
    let film = video(100_000);
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let upload = client.upload(film.clone()).chunk_size(7_000).on_progress(move |now| kept.lock().unwrap().push(now));
    let uploaded = upload.await.unwrap();
    assert_eq!(sandbox.uploaded_parts(uploaded.id).unwrap(), parts(&film, 7_000));
    let told = told.lock().unwrap().clone();
    assert!(told.windows(2).all(|pair| match pair {
        [UploadProgress::Sent { bytes: a, .. }, UploadProgress::Sent { bytes: b, .. }] => a < b,
        _ => true,
    }));
    assert!(told.contains(&UploadProgress::Sent { bytes: film.len() as u64, total: film.len() as u64 }));
    assert_eq!(told.last(), Some(&UploadProgress::Processing { percent: 100 }));
    let subtitles = b"1\n00:00:00,000 --> 00:00:01,000\nhello\n".to_vec();
    client.upload_subtitles(uploaded.id, subtitles, "EN", "English").await.unwrap();
}

#[tokio::test]
async fn uploads_work_over_v1() {
    let (sandbox, client) = default_client();
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("v1.upload").probability(0.1));
    let film = video(100_000);
    part!({
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        let upload = client.upload(film.clone()).use_v1().chunk_size(7_000).alt_text("a heron");
        let uploaded = upload.on_progress(move |now| kept.lock().unwrap().push(now)).await.unwrap();
        shows!(
            ["twython.upload_video", "twython.upload_video.append"],
            assert_eq!(sandbox.uploaded_parts(uploaded.id).unwrap(), parts(&film, 7_000))
        );
        assert_eq!(told.lock().unwrap().last(), Some(&UploadProgress::Processing { percent: 100 }));
        assert!(sandbox.journal().iter().all(|event| event.path.starts_with("/1.1/media/")));
        sandbox.clear_faults();
        let post = client.v1().update("look").media_ids([uploaded.id]).await.unwrap().data;
        let post = client.v1().show(post.id).include_ext_alt_text(true).await.unwrap().data;
        let media = post.extended_entities.unwrap().media.unwrap();
        assert_eq!(media[0].ext_alt_text.as_deref(), Some("a heron"));
    });

    sandbox.set_processing_outcome(ProcessingOutcome::Stuck).unwrap();
    let stuck = client.upload(film).use_v1().processing_timeout(Duration::from_secs(60)).await.unwrap_err();
    assert!(stuck.message().contains('%'), "the wait is bounded: {stuck}");
    let large = client.upload(vec![0_u8; 6_000_000]).use_v1().format(chirrup::model::MediaFormat::ImagePng).await;
    assert!(large.unwrap_err().message().contains("5000000"));
}

#[tokio::test]
async fn unusable_files_are_rejected_before_sending() {
    let (sandbox, client) = default_client();
    let large = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 5_000_000]].concat();
    let refused = |upload: MediaUpload, kind: ErrorKind| async move {
        let error = upload.await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        error.to_string()
    };
    assert!(refused(client.upload(large), ErrorKind::Media).await.contains("5000008"));
    assert!(refused(client.upload(b"hello".to_vec()), ErrorKind::Media).await.contains("no media type"));
    assert!(refused(client.upload(Vec::new()), ErrorKind::Media).await.contains("no media type"));
    let missing = refused(client.upload("/no/such/file"), ErrorKind::Storage).await;
    assert!(missing.contains("could not read /no/such/file"), "{missing}");
    let described = client.upload(video(9)).alt_text("x".repeat(1_001));
    assert!(refused(described, ErrorKind::Argument).await.contains("1,000"));
    assert!(sandbox.journal().is_empty());
    let liar = futures_util::stream::iter([Ok(Bytes::from_static(b"\x89PNG\r\n\x1a\n"))]);
    let short = client.upload(MediaSource::stream(liar, 99));
    assert!(refused(short, ErrorKind::Storage).await.contains("shorter"));
}

#[tokio::test]
async fn a_reader_is_uploaded_in_chunks_of_any_size() {
    let (sandbox, client) = default_client();
    let film = video(100_000);
    let pieces: Vec<_> = film.chunks(777).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let source = MediaSource::stream(futures_util::stream::iter(pieces), film.len() as u64);
    let uploaded = client.upload(source).chunk_size(10_000).await.unwrap();
    assert_eq!(sandbox.uploaded_parts(uploaded.id).unwrap(), parts(&film, 10_000));
}

#[tokio::test]
async fn failed_parts_are_retried_and_the_upload_is_complete() {
    let (sandbox, client) = hurried(Duration::from_millis(500));
    for fault in [
        Fault::CloseBeforeProcessing,
        Fault::CloseAfterProcessing,
        Fault::TruncateBody,
        Fault::ErrorAfterProcessing(500),
        Fault::ErrorAfterProcessing(503),
        Fault::DelayResponse(Duration::from_millis(900)),
    ] {
        sandbox.clear_faults();
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("append_upload").probability(0.15));
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("begin_upload").times(1));
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("finish_upload").times(1));
        sandbox.add_fault_rule(FaultRule::new(fault.clone()).endpoint("upload_status").times(1));
        let film = video(100_000);
        match client.upload(film.clone()).chunk_size(4_000).await {
            Ok(uploaded) => assert_eq!(sandbox.uploaded_parts(uploaded.id).unwrap(), parts(&film, 4_000), "{fault:?}"),
            // Three failures of one part in a row end it.
            Err(error) => assert!(error.attempts() == 3, "{fault:?}: {error}"),
        }
    }
}

#[tokio::test]
async fn an_interrupted_upload_resumes() {
    let (sandbox, client) = default_client();
    let film = video(100_000);
    // Every part after the ninth fails permanently.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).endpoint("append_upload").skip(9));
    let upload = client.upload(film.clone()).chunk_size(4_000).concurrency(1);
    let handle = upload.handle();
    assert!(upload.await.is_err());
    sandbox.clear_faults();
    let text = serde_json::to_string(&handle.state().unwrap()).unwrap();
    let state: UploadState = serde_json::from_str(&text).unwrap();
    assert_eq!(state.sent(), 36_000);
    let before = sandbox.journal().len();
    let sent = Arc::new(AtomicU64::new(0));
    let first = Arc::clone(&sent);
    let tell = move |now| {
        if let UploadProgress::Sent { bytes, .. } = now {
            first.fetch_min(bytes, Ordering::Relaxed);
        }
    };
    sent.store(u64::MAX, Ordering::Relaxed);
    let uploaded = client.upload(film.clone()).resume(state.clone()).on_progress(tell).await.unwrap();
    assert_eq!((uploaded.id, sent.load(Ordering::Relaxed)), (state.id(), 36_000));
    assert_eq!(sandbox.uploaded_parts(uploaded.id).unwrap(), parts(&film, 4_000));
    let again = sandbox.journal()[before..].iter().filter(|event| event.endpoint == Some("append_upload")).count();
    assert_eq!(again, parts(&film, 4_000).len() - 9, "only what was missing");
    let other = client.upload(video(50_000)).resume(state).await.unwrap_err();
    assert!(other.kind() == ErrorKind::Argument && other.message().contains("not the one"), "{other}");
}

#[tokio::test]
async fn failed_and_stuck_processing_are_reported() {
    let (sandbox, client) = default_client();
    sandbox.set_processing_outcome(ProcessingOutcome::Failed).unwrap();
    let error = client.upload(video(100_000)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Media);
    assert!(error.message().contains("InvalidMedia: Unsupported video format"), "{error}");
    sandbox.set_processing_outcome(ProcessingOutcome::Stuck).unwrap();
    let begun = sandbox.clock().now();
    let error = client.upload(video(100_000)).processing_timeout(Duration::from_secs(300)).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Timeout && error.message().contains("99 %"), "{error}");
    let waited = sandbox.clock().now().as_secs() - begun.as_secs();
    assert!((250..=320).contains(&waited), "{waited}");
    sandbox.set_processing_outcome(ProcessingOutcome::Succeeded).unwrap();
    assert!(client.upload(video(100_000)).for_dm().await.is_ok());
}

#[tokio::test]
async fn the_best_variant_of_a_video_is_downloaded_without_credentials() {
    let (sandbox, client) = default_client();
    let all = client.with_credentials(sandbox.app_only());
    let query = all
        .search_recent(format!("{BROAD_QUERY} has:videos"))
        .max_results(10)
        .expansions([chirrup::model::Expansion::MediaKeys]);
    let found = query.media_fields([MediaField::Variants]).await.unwrap();
    let video = found.includes.media.iter().find_map(|medium| medium.best_variant()).unwrap();
    // The sandbox serves the media under the URLs of X's hosts.
    let name = video.url.strip_prefix("https://video.twimg.com/").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("film.mp4");
    let size = client.download(&format!("{}/video/{name}", sandbox.url()), &file).await.unwrap();
    assert_eq!((size, std::fs::metadata(&file).unwrap().len()), (size, name.len() as u64 * 100_000));
    for wrong in ["https://example.com/film.mp4", "file:///etc/passwd", "nonsense \u{0}"] {
        let error = client.download(wrong, folder.path().join("no.mp4")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{wrong}: {error}");
    }
    sandbox.inject_fault(Fault::Response { status: 404, content_type: "text/plain", body: "gone".into() });
    let missing = client.download(&format!("{}/video/{name}", sandbox.url()), folder.path().join("no.mp4")).await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
    sandbox.inject_fault(Fault::TruncateBody);
    let broken = client.download(&format!("{}/video/{name}", sandbox.url()), folder.path().join("half.mp4")).await;
    let broken = broken.unwrap_err();
    assert!(broken.kind() == ErrorKind::Network && broken.hint().unwrap().contains("try again"), "{broken}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["film.mp4"], "no partial state remains");
}
