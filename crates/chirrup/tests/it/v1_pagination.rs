//! Paged endpoints of v1.1, item by item and page by page.

use std::collections::HashSet;

use chirrup::model::ListId;
use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::common::{client, id, post};

/// The rows of what a cursor over a method shows. The rows of cursors in general are shown by one method that pages by cursor
/// and by one that pages by ID.
pub(crate) fn rows_of(row: &'static str) -> Vec<&'static str> {
    let general = ["twython.cursor", "twython.cursor.params"];
    if row.ends_with("get_followers_ids") || row.ends_with("over.search") {
        [&[row], &general[..]].concat()
    } else {
        vec![row]
    }
}

/// [`rows_of`] with that of whole pages.
fn pages_of(row: &'static str) -> Vec<&'static str> {
    let mut rows = rows_of(row);
    if rows.len() > 1 {
        rows.push("twython.cursor.return_pages");
    }
    rows
}

/// Reads up to ten items in pages of two, and checks that each item occurs once, that none is skipped, and the number of
/// pages.
macro_rules! walk {
    ($($row:literal, $call:expr => $at_least:literal, |$item:ident| $id:expr;)+) => { $( part!({
        let (what, at_least): (_, usize) = (stringify!($call), $at_least);
        let items = $call.items().limit(10).collect().await.unwrap();
        let ids: HashSet<u64> = items.iter().map(|$item| $id.get()).collect();
        shows!(rows_of($row), {
            assert_eq!(ids.len(), items.len(), "{what}: nothing comes twice");
            assert!(items.len() >= at_least, "{what}: {} items", items.len());
        });
        let mut pages = $call.pages();
        let (mut count, mut on_pages) = (0, Vec::new());
        while let Some(page) = pages.next_page().await {
            on_pages.extend(items_of(&page.unwrap().json()));
            count += 1;
            if count == 5 {
                break;
            }
        }
        shows!(pages_of($row), {
            assert!(count >= at_least.div_ceil(2), "{what}: {count} pages");
        });
        shows!(rows_of($row), {
            on_pages.truncate(10);
            let items: Vec<u64> = items.iter().map(|$item| $id.get()).collect();
            assert_eq!(items, on_pages, "{what}: the items of all pages");
        });
    }); )+ };
}

/// IDs in a page: of its only list, or of the objects in that list.
fn items_of(page: &Json) -> Vec<u64> {
    let lists = page.as_object().map(|page| page.values().filter_map(Json::as_array).collect::<Vec<_>>());
    let items = page.as_array().unwrap_or_else(|| lists.unwrap()[0]);
    let ids = items.iter().map(|item| item["id"].as_u64().or(item.as_u64()));
    ids.map(|id| id.unwrap()).collect()
}

#[tokio::test]
async fn v1_paging_by_cursor_and_id_returns_each_item_once() {
    let sandbox = Sandbox::builder().users(80).posts(600).without_rate_limits().start().unwrap();
    let client = client(&sandbox, sandbox.credentials().unwrap());
    let v1 = client.v1();
    let their = client.with_credentials(sandbox.oauth1("robin").unwrap()).v1();
    let list: ListId = id(&post(&sandbox, "/2/lists", &json!({"name": "Birds"})), "/data/id");
    let me = sandbox.user_id("ada").unwrap();
    let mut crowd = v1.follower_ids().screen_name("robin").await.unwrap().data.ids;
    crowd.retain(|id| *id != me);
    for (n, user) in crowd.iter().take(5).enumerate() {
        part!({
            post(&sandbox, &format!("/2/lists/{list}/members"), &json!({"user_id": user.to_string()}));
        });
        part!({
            let other: ListId = id(&post(&sandbox, "/2/lists", &json!({"name": format!("List {n}")})), "/data/id");
            post(&sandbox, &format!("/2/lists/{other}/members"), &json!({"user_id": "12"}));
            their.create_subscriber().list_id(other).await.unwrap();
        });
        part!({
            v1.send_old_message(format!("letter {n}")).user_id(12).await.unwrap();
        });
        let mine = sandbox.write_post("ada", &format!("number {n}")).unwrap();
        part!({
            their.retweet(mine).await.unwrap();
        });
        sandbox.write_post("robin", &format!("@ada hello {n}")).unwrap();
        part!({
            their.create_favorite(mine).await.unwrap();
        });
    }
    part!({
        post(&sandbox, &format!("/2/lists/{list}/members"), &json!({"user_id": "12"}));
    });
    part!({
        their.create_subscriber().list_id(list).await.unwrap();
    });
    let retweeted = sandbox.write_post("ada", "to be retweeted").unwrap();
    part!({
        their.retweet(retweeted).await.unwrap();
    });
    walk! {
        "twython.cursor.over.get_followers_ids", v1.follower_ids().screen_name("robin").count(2) => 10, |id| id;
        "twython.cursor.over.get_followers_list", v1.follower_list().screen_name("robin").count(2) => 10, |user| user.id;
        "twython.cursor.over.get_friends_ids", v1.friend_ids().screen_name("robin").count(2) => 5, |id| id;
        "twython.cursor.over.get_friends_list", v1.friend_list().screen_name("robin").count(2) => 5, |user| user.id;
        "twython.cursor.over.get_incoming_friendship_ids", v1.incoming_friendships() => 0, |id| id;
        "twython.cursor.over.get_outgoing_friendship_ids", v1.outgoing_friendships() => 0, |id| id;
        "twython.cursor.over.get_list_members", v1.members().list_id(list).count(2) => 5, |user| user.id;
        "twython.cursor.over.get_list_subscribers", v1.subscribers().list_id(list).count(2) => 1, |user| user.id;
        "twython.cursor.over.get_list_memberships", v1.memberships().screen_name("robin").count(2) => 5, |list| list.id;
        "twython.cursor.over.show_owned_lists", v1.ownerships().screen_name("ada").count(2) => 6, |list| list.id;
        "twython.cursor.over.get_list_subscriptions", v1.subscriptions().screen_name("robin").count(2) => 6, |list| list.id;
        "twython.cursor.over.get_retweeters_ids", v1.retweeter_ids(retweeted).count(2) => 1, |id| id;
        "twython.cursor.over.get_home_timeline", v1.home_timeline().count(2) => 10, |status| status.id;
        "twython.cursor.over.get_user_timeline", v1.user_timeline().screen_name("robin").count(2) => 10, |status| status.id;
        "twython.cursor.over.get_mentions_timeline", v1.mentions_timeline().count(2) => 5, |status| status.id;
        "twython.cursor.over.retweeted_of_me", v1.retweets_of_me().count(2) => 5, |status| status.id;
        "twython.cursor.over.get_list_statuses", v1.list_statuses().list_id(list).count(2) => 10, |status| status.id;
        "twython.cursor.over.get_favorites", v1.favorites().screen_name("robin").count(2) => 5, |status| status.id;
        "twython.cursor.over.search", v1.search("the").count(2) => 10, |status| status.id;
        "twython.cursor.over.get_sent_messages", v1.sent_messages().count(2) => 5, |message| message.id;
        "twython.cursor.over.get_direct_messages", their.received_messages().count(2) => 5, |message| message.id;
    }
    // These endpoints have no `count` parameter.
    for id in &crowd {
        v1.create_block().user_id(*id).await.unwrap();
        v1.create_mute().user_id(*id).await.unwrap();
    }
    walk! {
        "twython.cursor.over.list_block_ids", v1.block_ids() => 1, |id| id;
        "twython.cursor.over.list_blocks", v1.blocks() => 1, |user| user.id;
        "twython.cursor.over.list_mute_ids", v1.mute_ids() => 1, |id| id;
        "twython.cursor.over.list_mutes", v1.mutes() => 1, |user| user.id;
    }
    for blocked in [v1.blocks().items().collect().await, v1.mutes().items().collect().await] {
        assert_eq!(blocked.unwrap().len(), crowd.len(), "no page is skipped");
    }
}
