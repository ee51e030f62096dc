//! Rows of the migration guide that name a call and a setter: each pair is built here, and so compiles.

use std::collections::HashSet;
use std::fmt::Display;
use std::fs;
use std::path::Path;
use std::time::Duration;

use chirrup::login::write_token_file;
use chirrup::model::v1::{self, MessageData, QuickReplyOption};
use chirrup::model::{
    DmMedia, Followed, Hidden, Liked, LinkImage, MediaId, NewGeo, NewPoll, PlaceId, PollOption, Post, Reposted,
    UrlEntity,
};
use chirrup::{
    Bot, Call, Client, MessageHandle, PageMeta, PostHandle, Reason, StreamMetrics, Typed, UserHandle, WaitLive,
    WelcomeHandle, WelcomeRuleHandle,
};
use regex_lite::Regex;
use serde_json::json;

use crate::common::sandbox;
use crate::documentation::migration_guide;

/// Every call with a setter that the guide names.
fn calls(c: &Client) -> Vec<Call> {
    let time = "2026-01-01T00:00:00Z";
    vec![
        c.compliance_jobs("tweets").status("complete").call().clone(),
        c.create_compliance_job("tweets").name("mine").call().clone(),
        c.create_compliance_job("tweets").resumable(true).call().clone(),
        c.create_list("birds").description("herons and others").call().clone(),
        c.create_list("birds").private(true).call().clone(),
        c.create_post().geo(NewGeo::from("df51dec6f4ee2b2c".parse::<PlaceId>().unwrap())).call().clone(),
        c.create_post().media([MediaId::new(7)]).call().clone(),
        c.create_post().poll(NewPoll::new(["Yes", "No"], 60)).call().clone(),
        c.create_post().quote(20).call().clone(),
        c.create_post().reply(20).call().clone(),
        c.create_post().community_id(7).call().clone(),
        c.create_post().direct_message_deep_link("https://x.com/messages/compose?recipient_id=12").call().clone(),
        c.create_post().for_super_followers_only(true).call().clone(),
        c.create_post().reply_settings("following").call().clone(),
        c.create_post().text("Hello").call().clone(),
        c.get_post(20).post_fields(["organic_metrics"]).call().clone(),
        c.get_space("1ynKOZVRyOwxR").expansions(["creator_id"]).call().clone(),
        c.dm_events().event_types(["MessageCreate"]).call().clone(),
        c.search_spaces("birds").state("live").call().clone(),
        c.send_dm(12).attachments(DmMedia::from(MediaId::new(7))).call().clone(),
        c.send_dm(12).text("Hello").call().clone(),
        c.update_list(7).name("birds").call().clone(),
        c.update_rules().delete_rules(json!({"ids": ["1"]})).call().clone(),
        c.update_rules().dry_run(true).call().clone(),
        c.user_posts(12).end_time(time).call().clone(),
        c.user_posts(12).exclude(["replies"]).call().clone(),
        c.user_posts(12).max_results(5).call().clone(),
        c.user_posts(12).since_id(20).call().clone(),
        c.user_posts(12).start_time(time).call().clone(),
        c.user_posts(12).until_id(20).call().clone(),
        c.v1().report_spam().perform_block(false).call().clone(),
        c.v1().search_geo().long(-8.6).call().clone(),
        c.v1().search_geo().granularity("city").call().clone(),
        c.v1().search_geo().ip("192.0.2.1").call().clone(),
        c.v1().search_geo().lat(41.1).call().clone(),
        c.v1().search_geo().max_results(3).call().clone(),
        c.v1().search_geo().query("Porto").call().clone(),
        c.v1().upload().command("INIT").call().clone(),
        c.v1().upload().segment_index(0).call().clone(),
    ]
}

/// Uses each type that no other test names. It compiles, and is never called.
fn named(
    (followed, hidden, liked, reposted): (Followed, Hidden, Liked, Reposted),
    (image, link, option, quick): (LinkImage, UrlEntity, PollOption, QuickReplyOption),
    (message, meta, place, metrics): (MessageData, PageMeta, v1::Place, StreamMetrics),
    (user, post, direct): (UserHandle, PostHandle, MessageHandle),
    (welcome, rule): (WelcomeHandle, WelcomeRuleHandle),
    (bot, mut live, why): (Bot, WaitLive<Typed<Post>>, Reason),
) -> impl Display {
    let parts = meta.previous_token.is_some() || message.entities.is_some() || place.id.is_some();
    let flags = [followed.following, hidden.hidden, liked.liked, reposted.reposted, parts];
    let calls = [user.send("Hello").call().clone(), post.delete().call().clone(), direct.delete().call().clone()];
    let others = [welcome.delete().call().clone(), rule.delete().call().clone()];
    let texts = [image.url, link.url, option.label, quick.label];
    let event = live.next_within(Duration::from_secs(1)).is_some() || matches!(why, Reason::Broken(_));
    let saved = write_token_file(Path::new("tokens"), "token", &"secret".into());
    let bot = bot.on_message(|_, _| async { Ok(()) });
    format!("{flags:?} {calls:?} {others:?} {texts:?} {event} {saved:?} {bot:?} {metrics:?}")
}

/// Rust code without comments, texts and characters.
fn code_of(source: &str) -> String {
    let text = r##"//[^\n]*|r#"(?s:.)*?"#|"(?:\\(?s:.)|[^"\\])*"|'(?:\\.|[^'\\])'"##;
    Regex::new(text).unwrap().replace_all(source, " ").into_owned()
}

#[test]
fn every_rust_name_in_a_row_of_the_guide_is_compiled_by_a_test() {
    let _ = named;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let folders = [tests.clone(), tests.join("migrating")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let code: String = files.map(|path| code_of(&fs::read_to_string(path).unwrap())).collect();
    let word = Regex::new(r"\w+").unwrap();
    let compiled: HashSet<&str> = word.find_iter(&code).map(|word| word.as_str()).collect();

    let (span, text) = (Regex::new("`([^`]+)`").unwrap(), Regex::new("\"[^\"]*\"").unwrap());
    // A called method, a part of a path, or the whole span.
    let name = Regex::new(r"([A-Za-z_]\w*)(?:\(|::|\.|$)").unwrap();
    let guide = migration_guide();
    let (mut checked, mut missing) = (0, Vec::new());
    for line in guide.lines().filter(|line| line.starts_with("| ")) {
        for found in span.captures_iter(line.rsplit('|').nth(1).unwrap()) {
            let found = text.replace_all(&found[1], " ");
            // A command, or a word of X.
            if found.starts_with("chirrup ") || ["web_url"].contains(&&*found) {
                continue;
            }
            for name in name.captures_iter(&found) {
                checked += 1;
                if !compiled.contains(&name[1]) {
                    missing.push(format!("{}: {line}", &name[1]));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no test compiles these names: {missing:#?}");
    assert!(checked > 1_500, "{checked}");
}

/// The name at the end of a span such as `.media([id])` or `v1().upload`.
fn name(span: &str) -> &str {
    let whole = span.trim_start_matches('.').trim_start_matches("v1().").trim_start_matches("client.");
    whole.split('(').next().unwrap_or(whole)
}

#[test]
fn every_call_with_a_setter_in_the_guide_is_built() {
    let sandbox = sandbox();
    let client = crate::common::client(&sandbox, sandbox.credentials().unwrap());
    for call in calls(&client) {
        assert!(call.endpoint.is_some() && call.check().is_ok(), "{}", call.path);
    }
    let guide = migration_guide();
    let built: Vec<&str> = include_str!("migration_guide.rs").lines().filter(|line| line.contains(".call()")).collect();
    let mut checked = 0;
    for line in guide.lines().filter(|line| line.starts_with("| ")) {
        let here = line.rsplit('|').nth(1).unwrap();
        let Some((call, setter)) = here.split_once("` with `") else { continue };
        let call = name(call.rsplit('`').next().unwrap());
        let setter = name(setter.split('`').next().unwrap());
        // A variant, or a method of an iterator.
        if call.contains("::") || call == "pages" {
            continue;
        }
        checked += 1;
        let (call, setter) = (format!(".{call}("), format!(".{setter}("));
        let is_built = built.iter().any(|line| line.contains(&call) && line.contains(&setter));
        assert!(is_built, "no test builds this row: {line}");
    }
    assert!(checked >= 45, "{checked}");
}

#[test]
fn every_method_of_v1_in_the_guide_is_an_endpoint_or_a_composed_method() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = migration_guide();
    let composed = fs::read_to_string(root.join("crates/chirrup-api/src/v1/composed.rs")).unwrap();
    let mut checked = 0;
    for line in guide.lines().filter(|line| line.starts_with("| ")) {
        for rest in line.split("v1().").skip(1) {
            let method: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            let exists =
                chirrup::by_id(&format!("v1.{method}")).is_some() || composed.contains(&format!("fn {method}("));
            assert!(exists, "`{method}` does not exist: {line}");
            checked += 1;
        }
    }
    assert!(checked > 250, "{checked}");
}
