//! Objects that were fetched, as objects with actions.

use std::collections::HashSet;

use chirrup::model::UserField;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn a_fetched_user_acts() {
    let (sandbox, client) = sandbox_and_client();
    let robin = client.get_user_by_name("robin").await.unwrap().data;
    let handle = client.user(&robin);
    assert!(handle.follow().await.unwrap().data.following);
    assert!(handle.mute().await.unwrap().data.muting);
    assert!(!handle.unmute().await.unwrap().data.muting);
    assert!(!handle.unfollow().await.unwrap().data.following);
    let sent = handle.send("Hello, robin").await.unwrap().data;
    let posts = handle.posts().max_results(5).await.unwrap().data;
    assert_eq!(posts.len(), 5);
    for post in &posts {
        assert_eq!(client.post(post).get().await.unwrap().data.id, post.id);
    }
    // A user of API v1.1 and a message act, too.
    let old = client.v1().user_by_id().screen_name("robin").await.unwrap().data;
    assert_eq!(client.user(&old), handle);
    client.message(&sent.event).delete().await.unwrap();
    let ids: Vec<_> = sandbox.journal().iter().filter_map(|entry| entry.endpoint).collect();
    assert!(ids.contains(&"v1.destroy_message_event") && ids.contains(&"follow"), "{ids:?}");
}

#[tokio::test]
async fn a_fetched_post_acts() {
    let (_sandbox, client) = sandbox_and_client();
    let post = client.search_recent("from:robin").max_results(10).await.unwrap().data.remove(0);
    let handle = client.post(&post);
    assert!(handle.like().await.unwrap().data.liked);
    assert!(!handle.unlike().await.unwrap().data.liked);
    assert!(handle.repost().await.unwrap().data.reposted);
    assert!(!handle.undo_repost().await.unwrap().data.reposted);
    let reply = handle.reply("Well said").await.unwrap().data;
    assert_eq!(client.post(&reply).get().await.unwrap().data.text, "@robin Well said".trim_start_matches("@robin "));
    assert!(client.post(&reply).delete().await.unwrap().data.deleted);
    let event = client.send_dm(12).text("kept").await.unwrap().data;
    let events = client.dm_events_with(12).await.unwrap().data;
    let same = events.iter().find(|found| found.id == event.dm_event_id).unwrap();
    assert_eq!(client.message(same), client.message(event.dm_event_id));
}

#[tokio::test]
#[expect(clippy::mutable_key_type, reason = "a handle is hashed by its ID, which does not change")]
async fn handles_are_compared_by_id_and_objects_by_their_fields() {
    let (_sandbox, client) = sandbox_and_client();
    let plain = client.get_user(12).await.unwrap().data;
    let dated = client.get_user(12).user_fields([UserField::CreatedAt]).await.unwrap().data;
    let other = client.get_user_by_name("mika").await.unwrap().data;
    assert_ne!(plain, dated, "one has a field more");
    assert_eq!(plain.id, dated.id);
    let handles: HashSet<_> = [&plain, &dated, &other].into_iter().map(|user| client.user(user)).collect();
    assert_eq!(handles.len(), 2, "equal and hashed by ID");
}
