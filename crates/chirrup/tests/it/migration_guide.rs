//! Rows of the migration guide that name a call and a setter: each pair is built here, and so compiles.

use std::fs;
use std::path::Path;

use chirrup::model::{DmMedia, MediaId, NewGeo, NewPoll, PlaceId};
use chirrup::{Call, Client};
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
