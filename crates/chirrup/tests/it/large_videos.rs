//! Videos that are larger than X accepts from every account.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chirrup::ErrorKind;
use chirrup::upload::UploadProgress;
use chirrup_sandbox::Fault;

use crate::common::sandbox_and_client;

/// A file of this size that starts like an MP4. It occupies almost no space on the disk.
fn video(folder: &Path, size: u64) -> PathBuf {
    let path = folder.join("clip.mp4");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"\0\0\0\x18ftypisom").unwrap();
    file.set_len(size).unwrap();
    path
}

#[tokio::test]
async fn a_video_above_512_mib_is_sent_with_a_warning() {
    let (sandbox, client) = sandbox_and_client();
    let folder = tempfile::tempdir().unwrap();
    for (size, warnings) in [(512 << 20, vec![]), (513 << 20, vec![UploadProgress::LargeVideo { bytes: 513 << 20 }])] {
        client.me().await.unwrap();
        let body = br#"{"title":"Invalid Request","detail":"The plan does not allow it."}"#.to_vec();
        sandbox.inject_fault(Fault::Response { status: 400, content_type: "application/json", body });
        let reported = Arc::new(Mutex::new(Vec::new()));
        let events = Arc::clone(&reported);
        let upload =
            client.upload(video(folder.path(), size)).on_progress(move |event| events.lock().unwrap().push(event));
        let refused = upload.await.unwrap_err();
        assert!(refused.message().contains("The plan does not allow it."), "X decides: {refused}");
        assert_eq!(*reported.lock().unwrap(), warnings);
    }
}

#[tokio::test]
async fn a_video_above_16_gib_is_refused_before_it_is_sent() {
    let (_sandbox, client) = sandbox_and_client();
    let folder = tempfile::tempdir().unwrap();
    let refused = client.upload(video(folder.path(), (16 << 30) + 1)).await.unwrap_err();
    assert_eq!((refused.kind(), refused.attempts()), (ErrorKind::Media, 0));
    assert!(refused.message().contains("the limit is 17179869184 bytes"), "{refused}");
}
