//! Spaces, communities, news, lists, bookmarks, messages and suspended accounts of the generated world.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use crate::world::{Relation, World};

/// A community in which one of the posts is.
pub(super) const RUST_COMMUNITY: u64 = 1_488_952_693_443_416_067;

const HOUR: i64 = 3_600_000;

/// Adds all of them.
pub(super) fn grow(world: &mut World, users: &[u64], until: i64) -> rusqlite::Result<()> {
    let at = |hours: i64| Timestamp::from_millis(until + hours * HOUR);
    spaces(world, users, &at)?;
    communities(world)?;
    news(world, &at)?;
    if users.len() > 20 {
        lists(world, users, at(-40))?;
        bookmarks(world, users, at(-1))?;
        suspended(world, users)?;
    }
    messages(world, users, until)
}

/// A Space of `ada` with tickets.
const TICKETED: &str = "1DXxyRYNejbKM";

fn spaces(world: &World, users: &[u64], at: &dyn Fn(i64) -> Timestamp) -> rusqlite::Result<()> {
    for (id, name, description) in [
        ("848920371311001600", "Technology", "Machines and those who build them"),
        ("781974596148793345", "Science", "How things are"),
    ] {
        world.put_document("topic", id, 0, &json!({"id": id, "name": name, "description": description}))?;
    }
    let list = [
        ("1ynKOZVRyOwxR", "Rust for people who write bots", "live", -1, 1),
        ("1DXxyRYNejbKM", "Birds of the north, an evening", "scheduled", 30, 0),
        ("1YqGoAbNmPrKv", "Data that survives", "ended", -50, 1),
        ("1OyKAVQjPDvGb", "Ask a compiler anything", "scheduled", 72, 1),
    ];
    for (n, (id, title, state, begins, host)) in list.into_iter().enumerate() {
        let host = users[host].to_string();
        let mut space = json!({
            "id": id, "title": title, "state": state, "creator_id": host, "host_ids": [host], "lang": "en",
            "is_ticketed": id == TICKETED, "created_at": at(begins - 60), "updated_at": at(begins.min(0) - 1),
            "participant_count": if state == "scheduled" { 0 } else { 40 + n * 7 }, "subscriber_count": 12 + n,
            "topic_ids": ["848920371311001600"], "speaker_ids": [], "invited_user_ids": [users[2].to_string()],
        });
        space["scheduled_start"] = json!(at(begins));
        if state != "scheduled" {
            space["started_at"] = json!(at(begins));
            space["speaker_ids"] = json!([users[2].to_string(), users[3].to_string()]);
        }
        if state == "ended" {
            space["ended_at"] = json!(at(begins + 2));
        }
        if id == TICKETED {
            space["buyer_ids"] = users.iter().skip(2).take(3).map(u64::to_string).collect();
        }
        world.put_document("space", id, 0, &space)?;
    }
    Ok(())
}

fn communities(world: &World) -> rusqlite::Result<()> {
    let list: [(u64, &str, &str, i64); 3] = [
        (RUST_COMMUNITY, "Rust", "The language, its tools, its people.", 8_120),
        (1_493_446_837_214_187_523, "Bird watching", "What flew past today.", 2_034),
        (1_506_768_292_196_048_897, "Data engineers", "Pipes, tables and what leaks between them.", 5_410),
    ];
    for (id, name, description, members) in list {
        let json = json!({
            "id": id.to_string(), "name": name, "description": description, "member_count": members,
            "access": "Public", "join_policy": "Open", "created_at": Timestamp::from_snowflake(id),
        });
        world.put_document("community", &id.to_string(), 0, &json)?;
    }
    Ok(())
}

fn news(world: &World, at: &dyn Fn(i64) -> Timestamp) -> rusqlite::Result<()> {
    let list: [(u64, &str, &str, &str); 3] = [
        (1_989_700_000_000_000_001, "A new compiler is twice as fast", "Builds take half the time.", "Technology"),
        (1_989_700_000_000_000_002, "Storks return to the city", "The first pair in forty years nests.", "Science"),
        (1_989_700_000_000_000_003, "Trams for the harbour", "The council votes for a second line.", "News"),
    ];
    for (n, (id, name, summary, category)) in list.into_iter().enumerate() {
        let json = json!({
            "id": id.to_string(), "name": name, "summary": summary, "category": category, "hook": "Here is why.",
            "disclaimer": "This story is a summary of posts on X and may evolve over time.",
            "updated_at": at(-1 - i64::try_from(n).unwrap_or_default()), "keywords": [name], "contexts": {},
            "cluster_posts_results": [{"post_id": "20"}],
        });
        world.put_document("news", &id.to_string(), 0, &json)?;
    }
    Ok(())
}

/// Lists of `robin` and `mika`. `ada` follows the first and is on the second.
fn lists(world: &mut World, users: &[u64], now: Timestamp) -> rusqlite::Result<()> {
    let (ada, robin, mika) = (users[0], users[1], users[2]);
    let all: [(u64, &str, &str, bool, &[u64]); 3] = [
        (robin, "Bird watchers", "Who was out this morning.", false, &users[2..14]),
        (mika, "Data people", "Tables, maps and what is between them.", false, &users[0..8]),
        (robin, "Neighbors", "Not for the public.", true, &users[3..6]),
    ];
    for (owner, name, description, private, members) in all {
        let id = world.create_list(owner, name, description, private, now)?;
        members.iter().try_for_each(|member| world.add_relation(Relation::Member, id, *member))?;
        if !private {
            users[14..20].iter().try_for_each(|user| world.add_relation(Relation::ListFollower, id, *user))?;
        }
        if owner == robin && !private {
            world.add_relation(Relation::ListFollower, id, ada)?;
        }
    }
    Ok(())
}

/// Bookmarks of `ada`, some of them in a folder.
fn bookmarks(world: &mut World, users: &[u64], now: Timestamp) -> rusqlite::Result<()> {
    let (ada, robin) = (users[0], users[1]);
    let posts = world.posts_by(&[robin], 0, now.first_snowflake(), 4)?;
    let folder = world.next_id(now);
    world.put_document("folder", &folder.to_string(), ada, &json!({"id": folder.to_string(), "name": "Read later"}))?;
    for (n, post) in posts.iter().enumerate() {
        world.add_relation(Relation::Bookmark, ada, post.id)?;
        if n < 2 {
            let id = post.id.to_string();
            world.put_document("folder_post", &format!("{folder}:{id}"), folder, &json!({"id": id}))?;
        }
    }
    Ok(())
}

/// Suspended accounts, and a user whom X shows not everywhere.
fn suspended(world: &World, users: &[u64]) -> rusqlite::Result<()> {
    world.add_suspended(2_244_994_901, "seagull_deals")?;
    world.add_suspended(2_244_994_902, "free_followers")?;
    let withheld = json!({"withheld": {"country_codes": ["DE"], "scope": "user"}});
    world.put_document("withheld_user", &users[7].to_string(), users[7], &withheld)
}

/// Messages between `ada` and `robin`.
fn messages(world: &mut World, users: &[u64], until: i64) -> rusqlite::Result<()> {
    let (ada, robin) = (users[0], users[1]);
    let conversation = format!("{}-{}", ada.min(robin), ada.max(robin));
    let list = [(robin, "Did you see the storks?", 50), (ada, "Not yet. Where?", 49), (robin, "By the river.", 48)];
    for (sender, text, hours) in list {
        let now = Timestamp::from_millis(until - hours * HOUR);
        // The time is in the past, so the ID is too.
        let id = now.first_snowflake() + sender % 1_000;
        let event: Json = json!({
            "id": id.to_string(), "event_type": "MessageCreate", "text": text, "sender_id": sender.to_string(),
            "dm_conversation_id": conversation, "created_at": now,
        });
        world.put_dm_event(&id.to_string(), &[ada, robin], &event)?;
    }
    Ok(())
}
