//! The rules of the filtered stream, and partitions of the large ones.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chirrup::{Client, ErrorKind, LiveEvent, NewRule};
use serde_json::json;

use crate::common::{client, sandbox, sandbox_and_client};

async fn names(client: &Client) -> BTreeSet<String> {
    let rules = client.all_rules().await.unwrap();
    rules.into_iter().map(|rule| format!("{}|{}", rule.value.unwrap(), rule.tag.unwrap_or_default())).collect()
}

#[tokio::test]
async fn sync_rules_makes_the_fewest_changes() {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    let added = client.add_rules(["heron", "wren", "from:robin"]).await.unwrap();
    assert_eq!((added.added.len(), added.refused.len()), (3, 0));
    let calls = || sandbox.journal().iter().filter(|event| event.endpoint == Some("update_rules")).count();
    let before = calls();
    let wanted = [NewRule::new("heron"), NewRule::new("wren").tag("birds"), NewRule::new("#swift").tag("birds")];
    part!({
        let plan = client.plan_rules(wanted.clone()).await.unwrap();
        assert_eq!((plan.keep, plan.add.len(), plan.retag.len(), plan.delete.len()), (1, 1, 1, 1));
        assert_eq!(calls(), before, "a plan changes nothing");
        let changed = client.change_rules(&plan).await.unwrap();
        assert_eq!((changed.added.len(), changed.deleted, changed.refused.len()), (2, 2, 0));
        let now = BTreeSet::from(["heron|".to_owned(), "wren|birds".to_owned(), "#swift|birds".to_owned()]);
        shows_async!(
            [
                "pytweet.stream.connect",
                "pytweet.stream.add_rule",
                "pytweet.stream.add_rule.tag",
                "pytweet.stream.rules"
            ],
            assert!(names(&client).await == now)
        );
    });
    part!({
        assert!(client.plan_rules(wanted.clone()).await.unwrap().is_empty());
        let before = calls();
        client.sync_rules(wanted).await.unwrap();
        assert_eq!(calls(), before, "correct rules are not changed");
        let bad = client.sync_rules(["heron", "wren OR (OR"]).await.unwrap_err();
        assert_eq!(bad.kind(), ErrorKind::Argument);
        assert_eq!(names(&client).await.len(), 3, "one bad rule, and nothing is changed");
        assert_eq!(client.delete_rules_by_value(["heron"]).await.unwrap().deleted, 1);
        assert_eq!(client.delete_rules([7.into()]).await.unwrap().refused.len(), 1);
        shows_async!("pytweet.stream.clear", assert!(client.clear_rules().await.unwrap() == 2));
    });
    assert!(client.all_rules().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_dry_run_of_rules_reports_errors_and_changes_nothing() {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    client.add_rules(["heron"]).await.unwrap();
    let tried = client.try_rules(["heron", "wren", "broken OR OR"]).await.unwrap();
    assert_eq!((tried.added.len(), tried.refused.len()), (1, 2));
    assert_eq!(names(&client).await.len(), 1);
    let again = client.add_rules(["heron"]).await.unwrap();
    assert_eq!((again.added.len(), again.refused[0].title.as_str()), (0, "DuplicateRule"));
}

#[tokio::test]
async fn sync_rules_replaces_a_full_list() {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    part!({
        let many = |from: u32| (from..from + 1_000).map(|n| NewRule::new(format!("word{n}"))).collect::<Vec<_>>();
        client.sync_rules(many(0)).await.unwrap();
        let changed = client.sync_rules(many(500)).await.unwrap();
        assert_eq!(
            (changed.added.len(), changed.deleted, changed.refused.len()),
            (500, 500, 0),
            "there was no room at first"
        );
        shows_async!("pytweet.stream.rule_limits", assert!(names(&client).await.len() == 1_000));
    });
    part!({
        let counts = client.rule_counts().await.unwrap().data;
        shows!("pytweet.stream.rule_limits", {
            let app = counts.client_app_rules_count.unwrap();
            assert_eq!(app.rule_count, Some(1_000));
        });
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merged_partitions_keep_their_order() {
    let sandbox = sandbox();
    sandbox.set_max_stream_connections(1);
    let client = client(&sandbox, sandbox.app_only());
    let mut all = chirrup::merge_streams((1..=20).map(|n| (n, client.firehose(n).live())), 2);
    let mut live = BTreeSet::new();
    while live.len() < 20 {
        if let (partition, LiveEvent::Live) = all.next_event().await.unwrap() {
            live.insert(partition);
        }
    }
    let load = sandbox.generate_posts(2_000).unwrap();
    let mut last: BTreeMap<u32, u64> = BTreeMap::new();
    let mut read = 0;
    while read < 1_000 {
        let (partition, event) = all.next_event().await.unwrap();
        let delivery = match event {
            LiveEvent::Item(delivery) => delivery,
            LiveEvent::Checkpoint(_) => continue,
            other => panic!("{other:?}"),
        };
        read += 1;
        let id = delivery.data.unwrap().id.get();
        assert!(last.insert(partition, id).is_none_or(|before| before < id), "the order of a partition is kept");
    }
    assert_eq!(last.len(), 20, "each partition delivers posts");
    drop(load);
    all.stop();
    let rest = async {
        let mut rest = 0;
        while let Some((_, event)) = all.next_event().await {
            rest += u64::from(matches!(event, LiveEvent::Item(_)));
        }
        rest
    };
    let rest = tokio::time::timeout(Duration::from_secs(10), rest).await.unwrap();
    let stats = all.stats();
    assert_eq!((stats.items, stats.connections), (1_000 + rest, 20));
}

#[tokio::test]
async fn flood_streams_keeps_the_requested_rate() {
    let sandbox = sandbox();
    let client = client(&sandbox, sandbox.app_only());
    let mut live = client.firehose(1).open();
    while !matches!(live.next_event().await, Some(LiveEvent::Live)) {}
    let line = json!({"data": {"id": "ID", "text": "one of many"}}).to_string();
    let load = sandbox.flood_streams(100_000, &line).unwrap();
    let start = std::time::Instant::now();
    let mut before = 0;
    for _ in 0..20_000 {
        let id = live.next_item().await.unwrap().data.unwrap().id.get();
        assert!(before < id, "each has its own ID");
        before = id;
    }
    assert!(start.elapsed() >= Duration::from_millis(150), "the rate is limited");
    // Items in transit are counted later.
    assert!(load.generated_posts() >= 18_000);
}

#[tokio::test]
async fn rules_are_added_validated_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
    let add = json!([{"value": "rust lang:en", "tag": "rust"}, {"value": "cat has:images"}, {"value": "rust ("}]);
    part!({
        let tried = client.update_rules().add_rules(add.clone()).dry_run(true).await.unwrap();
        let stored = client.rules().await.unwrap().data.len();
        shows!(
            "pytweet.client.stream.dry_run",
            assert_eq!((tried.data.len(), stored), (2, 0), "a dry run changes nothing")
        );
    });
    let added = client.update_rules().add_rules(add.clone()).await.unwrap();
    shows!("pytweet.stream.set_rules", assert_eq!(added.raw.status.as_u16(), 201));
    assert_eq!(added.meta.summary.unwrap(), json!({"created": 2, "not_created": 1, "valid": 2, "invalid": 1}));
    assert_eq!(added.errors.len(), 1);
    let again = client.update_rules().add_rules(add).await.unwrap();
    assert_eq!((again.data.len(), again.errors.len()), (0, 3), "two exist already");
    let counts = client.rule_counts().await.unwrap().data;
    assert_eq!(counts.client_app_rules_count.unwrap().rule_count, Some(2));
    let rules = client.rules().await.unwrap().data;
    shows!(
        ["pytweet.stream.fetch_rules", "pytweet.stream.rule"],
        assert_eq!((rules[0].tag.as_deref(), rules[1].tag.as_deref()), (Some("rust"), None))
    );
    assert_eq!(client.rules().ids([rules[1].id.unwrap()]).await.unwrap().data.len(), 1);
    let gone = client.update_rules().delete_rules(json!({"values": ["cat has:images"]})).await.unwrap();
    assert_eq!(gone.meta.summary.unwrap()["deleted"], 1);
    client.update_rules().delete_all(true).await.unwrap();
    assert!(client.rules().await.unwrap().data.is_empty());
    assert_eq!(client.update_rules().await.unwrap_err().kind(), ErrorKind::Invalid);
}
