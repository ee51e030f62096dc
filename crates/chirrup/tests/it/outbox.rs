//! Writes with an idempotency key.

use std::time::Duration;

use chirrup::model::PostId;
use chirrup::{Client, ErrorKind, HttpBuilder, Outbox};
use chirrup_sandbox::{Fault, FaultRule, JournalEntry, Sandbox};

use crate::common::{client_in_sandbox_time, clock, sandbox};

/// Returns a sandbox, a client of `ada` with its clock, and an outbox in a temporary folder.
fn sandbox_with_outbox() -> (Sandbox, Client, Outbox, tempfile::TempDir) {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.credentials().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::in_folder(folder.path().join("outbox")).clock(clock(&sandbox));
    (sandbox, client, outbox, folder)
}

/// Returns the created posts.
fn made(sandbox: &Sandbox) -> Vec<PostId> {
    let of = |event: &JournalEntry| event.endpoint == Some("create_post");
    sandbox.journal().into_iter().filter(of).filter_map(|event| event.created_id?.parse().ok()).collect()
}

#[tokio::test]
async fn a_key_belongs_to_one_write() {
    let (sandbox, client, outbox, folder) = sandbox_with_outbox();
    let first = outbox.once("a/../key \u{1F426}", client.create_post().text("once")).await.unwrap();
    // Another outbox in the same folder stands in for another run of the program.
    let again = Outbox::in_folder(folder.path().join("outbox"));
    let second = again.once("a/../key \u{1F426}", client.create_post().text("once")).await.unwrap();
    assert_eq!((first.data.id, &first.data.text), (second.data.id, &second.data.text));
    let other = again.once("a/../key \u{1F426}", client.create_post().text("twice")).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Argument);
    assert!(other.to_string().contains("a different write"), "{other}");
    assert_eq!(made(&sandbox), [first.data.id]);
    // A rejected write was not performed and may be sent again with the same key.
    let refused = outbox.once("second", client.create_post().text("once")).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden, "the text is the same");
    client.delete_post(first.data.id).await.unwrap();
    outbox.once("second", client.create_post().text("once")).await.unwrap();
    // Calls of any kind accept keys, and idempotent calls are repeated.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).endpoint("like").times(3));
    outbox.once("like", client.like(20)).await.unwrap_err();
    assert!(outbox.once("like", client.like(20)).await.unwrap().data.liked);
    let raw = || client.call("POST", "/2/lists").json(serde_json::json!({"name": "Birds"}));
    let list = outbox.once("list", raw()).await.unwrap().data;
    assert_eq!(outbox.once("list", raw()).await.unwrap().data, list);
}

#[tokio::test]
async fn a_write_with_unknown_outcome_is_repeated_only_after_confirmed_absence() {
    let (sandbox, client, outbox, _folder) = sandbox_with_outbox();
    let post = |text: &str| client.create_post().text(text);
    // The server performed the write, and the response was lost.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("create_post").times(1));
    let found = outbox.once("done", post("it is there")).await.unwrap();
    assert_eq!(made(&sandbox), [found.data.id]);
    // A key that has ended is never posted again.
    client.delete_post(found.data.id).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(61));
    assert_eq!(outbox.once("done", post("it is there")).await.unwrap().data.id, found.data.id);
    assert_eq!(made(&sandbox), [found.data.id]);
    // The server did not perform the write.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).endpoint("create_post").times(1));
    for _ in 0..3 {
        let error = outbox.once("lost", post("it is not there")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownOutcome, "it may still arrive");
    }
    sandbox.clock().advance(Duration::from_secs(61));
    let sent = outbox.once("lost", post("it is not there")).await.unwrap();
    assert_eq!(made(&sandbox), [found.data.id, sent.data.id]);
    // Only the outcome of a post can be looked up.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("create_list").times(1));
    let list = || client.create_list("Birds");
    outbox.once("list", list()).await.unwrap_err();
    sandbox.clock().advance(Duration::from_secs(3_600));
    assert_eq!(outbox.once("list", list()).await.unwrap_err().kind(), ErrorKind::UnknownOutcome);
    let ada = client.get_me().await.unwrap().data.id;
    assert_eq!(client.owned_lists(ada).await.unwrap().data.iter().filter(|list| list.name == "Birds").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writes_with_one_key_create_one_post() {
    let (sandbox, client, outbox, _folder) = sandbox_with_outbox();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (client, outbox) = (client.clone(), outbox.clone());
            tokio::spawn(async move { outbox.once("one", client.create_post().text("one of many")).await })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap().unwrap().data.id);
    }
    assert_eq!(made(&sandbox).len(), 1);
    assert!(ids.iter().all(|id| *id == ids[0]));
}
