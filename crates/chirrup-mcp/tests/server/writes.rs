//! Writes: two steps, permissions, limits and uploads.

use chirrup::{Access, Budget, Verb};
use chirrup_mcp::Options;
use serde_json::json;

use crate::{agent, with_budget, with_options};

fn all() -> Access {
    Access::write().allow(Verb::ALL.iter().copied())
}

#[tokio::test]
async fn a_draft_shows_the_post_and_changes_nothing() {
    let agent = agent(all()).await;
    let draft = agent.call("draft", json!({"action": "post", "text": "look @robin https://example.com/heron"})).await;
    assert_eq!((&draft["weight"], &draft["account"], &draft["price"]), (&35.into(), &"@ada".into(), &"$0.20".into()));
    assert_eq!((&draft["links"][0], &draft["mentions"][0]), (&"https://example.com/heron".into(), &"robin".into()));
    assert_eq!(draft["checks"].as_array().unwrap().len(), 3);
    assert_eq!(draft["confirm_code"].as_str().unwrap().len(), 16);
    assert_eq!(agent.writes(), 0);
}

#[tokio::test]
async fn a_post_is_published_with_its_code_once() {
    let agent = agent(all()).await;
    let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
    let publish = json!({"code": draft["confirm_code"], "text": "a heron"});
    let done = agent.call("publish", publish.clone()).await;
    assert!(done["link"].as_str().unwrap().starts_with("https://x.com/ada/status/"), "{done}");
    assert_eq!(done["money"]["cost"], "$0.015");
    let again = agent.refused("publish", publish).await;
    assert!(again["error"]["message"].as_str().unwrap().contains("used"), "{again}");
    assert_eq!(agent.writes(), 1);
    let draft = agent.call("draft", json!({"action": "post", "text": "a  heron"})).await;
    assert_eq!(draft["checks"][2]["ok"], false, "{draft}");
}

#[tokio::test]
async fn a_code_is_bound_to_its_text() {
    let agent = agent(all()).await;
    let draft = agent.call("draft", json!({"action": "post", "text": "a heron"})).await;
    let code = draft["confirm_code"].clone();
    for publish in [json!({"code": code, "text": "an eagle"}), json!({"code": code, "text": "a heron"})] {
        agent.refused("publish", publish).await;
    }
    assert_eq!(agent.writes(), 0);
}

#[tokio::test]
async fn each_kind_of_write_takes_two_steps() {
    let agent = agent(all().per_hour(50)).await;
    let drafts = [
        json!({"action": "reply", "text": "I agree", "post": "20"}),
        json!({"action": "quote", "text": "look", "post": "https://x.com/robin/status/20"}),
        json!({"action": "like", "post": "20"}),
        json!({"action": "unlike", "post": "20"}),
        json!({"action": "repost", "post": "20"}),
        json!({"action": "unrepost", "post": "20"}),
        json!({"action": "follow", "user": "mika"}),
        json!({"action": "unfollow", "user": "@mika"}),
        json!({"action": "message", "user": "robin", "text": "at the lake?"}),
        json!({"action": "add_rule", "text": "heron has:images"}),
    ];
    for (n, arguments) in drafts.into_iter().enumerate() {
        let draft = agent.call("draft", arguments.clone()).await;
        assert_eq!(agent.writes(), n, "{arguments}");
        let done = agent.call("publish", json!({"code": draft["confirm_code"], "text": arguments["text"]})).await;
        assert!(done["done"].is_string(), "{done}");
    }
    let rule = agent.call("rules", json!({})).await["rules"][0]["id"].clone();
    let draft = agent.call("draft", json!({"action": "delete_rule", "user": rule})).await;
    agent.call("publish", json!({"code": draft["confirm_code"]})).await;
    assert_eq!(agent.call("rules", json!({})).await["rules"], json!([]));
    let posted = agent.call("draft", json!({"action": "post", "text": "soon gone"})).await;
    let posted = agent.call("publish", json!({"code": posted["confirm_code"], "text": "soon gone"})).await;
    let draft = agent.call("draft", json!({"action": "delete", "post": posted["id"]})).await;
    agent.call("publish", json!({"code": draft["confirm_code"]})).await;
    let gone = agent.call("read_posts", json!({"posts": [posted["id"]]})).await;
    assert_eq!(gone["untrusted"]["posts"], json!([]));
}

#[tokio::test]
async fn verbs_accounts_and_hours_are_limits() {
    let shy = agent(Access::write().allow([Verb::Like])).await;
    let refused = shy.refused("draft", json!({"action": "post", "text": "x"})).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("--allow like"), "{refused}");
    let other = agent(all().accounts(["@robin"])).await;
    let refused = other.refused("draft", json!({"action": "post", "text": "x"})).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("@ada"), "{refused}");
    let slow = agent(all().per_hour(1)).await;
    for (n, text) in ["one", "two"].into_iter().enumerate() {
        let draft = slow.call("draft", json!({"action": "post", "text": text})).await;
        let outcome = slow.try_call("publish", json!({"code": draft["confirm_code"], "text": text})).await;
        assert_eq!(outcome.is_ok(), n == 0, "{outcome:?}");
        if let Err(refused) = outcome {
            assert!(refused["error"]["retry_after_seconds"].as_u64().unwrap() > 3_500, "{refused}");
        }
    }
    assert_eq!((shy.writes(), other.writes(), slow.writes()), (0, 0, 1));
}

#[tokio::test]
async fn a_write_above_the_budget_is_not_drafted() {
    let agent = with_budget(all(), Budget::default().per_run("0.10".parse().unwrap())).await;
    let refused = agent.refused("draft", json!({"action": "post", "text": "https://example.com"})).await;
    assert!(refused["error"]["message"].as_str().unwrap().contains("$0.20"), "{refused}");
}

#[tokio::test]
async fn hidden_characters_and_long_texts_are_refused() {
    let agent = agent(all()).await;
    for text in ["a\u{202e}b".to_owned(), "a\u{200b}b".to_owned(), "x".repeat(281), " ".to_owned()] {
        let refused = agent.refused("draft", json!({"action": "post", "text": text})).await;
        assert_eq!(refused["error"]["kind"], "argument", "{refused}");
    }
}

#[tokio::test]
async fn only_files_of_the_media_folder_are_uploaded() {
    let folder = tempfile::tempdir().unwrap();
    let media = folder.path().join("media");
    std::fs::create_dir(&media).unwrap();
    let png = b"\x89PNG\r\n\x1a\nheron";
    std::fs::write(media.join("heron.png"), png).unwrap();
    std::fs::write(folder.path().join("secret.png"), png).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path().join("secret.png"), media.join("link.png")).unwrap();
    let agent = with_options(all(), Options::default().media_folder(&media)).await;
    let absolute = folder.path().join("secret.png").display().to_string();
    for outside in ["../secret.png", "link.png", "missing.png", ".", absolute.as_str()] {
        let refused = agent.refused("upload_file", json!({"file": outside})).await;
        assert_eq!(refused["error"]["kind"], "argument", "{outside}: {refused}");
    }
    assert_eq!(agent.writes(), 0);
    let uploaded = agent.call("upload_file", json!({"file": "heron.png", "alt_text": "a heron"})).await;
    let post = json!({"action": "post", "text": "look", "media": [uploaded["media_id"]]});
    let draft = agent.call("draft", post).await;
    assert!(draft["will"].as_str().unwrap().contains("1 media files"), "{draft}");
    agent.call("publish", json!({"code": draft["confirm_code"], "text": "look"})).await;
}
