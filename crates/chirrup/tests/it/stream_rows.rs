//! Streams of the four libraries: the request that each of them makes here, its settings, and their defaults.

use std::time::Duration;

use chirrup::{Client, Decode, ErrorKind, HttpBuilder, Live, LiveEvent, NewRule, OnRateLimit};
use chirrup_sandbox::Disconnect;
use serde_json::json;

use crate::wire::Ground;

async fn until_live<D: Decode>(stream: &mut Live<D>) {
    let live = async {
        loop {
            match stream.next_event().await {
                Some(LiveEvent::Live) => return,
                Some(LiveEvent::Ended(why)) => panic!("{why}"),
                Some(_) => {}
                None => panic!("the stream ended"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), live).await.expect("the stream is not live");
}

#[tokio::test]
async fn streams_send_these_requests() {
    let g = Ground::new().await;
    g.sandbox.set_max_stream_connections(20);
    let v1 = g.client.v1();
    macro_rules! opens {
        ($($rows:expr, $stream:expr, $line:expr;)+) => {$({
            let mut stream = $stream.open();
            until_live(&mut stream).await;
            drop(stream);
            let line = g.wire.only().line().replace(&g.me, "ME");
            shows!($rows, assert_eq!(line, $line));
        })+};
    }
    let filter = v1.filter().track(["grey heron", "wren"]).follow([12]).locations(["-10", "38", "-9", "39"]);
    let filter = filter.language(["en", "pt"]).filter_level("low").delimited("length").stall_warnings(true);
    opens! {
        ["twython.types.statuses.filter", "twython.types.statuses", "ptt.ex.v1_filter"], filter,
            "POST /1.1/statuses/filter.json delimited=length filter_level=low follow=12 language=en,pt \
             locations=-10,38,-9,39 stall_warnings=true track=grey heron,wren";
        ["twython.types.statuses.sample", "ptt.ex.v1_sample"], v1.sample().language(["en"]).stall_warnings(true),
            "GET /1.1/statuses/sample.json language=en stall_warnings=true";
        ["twython.types.statuses.firehose", "ptt.stream"], v1.firehose_statuses().count(10),
            "GET /1.1/statuses/firehose.json count=10";
        "twython.types.user", v1.user_stream().with("followings").replies("all").track(["wren"]),
            "GET /1.1/user.json replies=all track=wren with=followings";
        "twython.types.site", v1.site_stream([12, 13]), "GET /1.1/site.json follow=12,13";
        ["pytweet.stream.sample_stream", "ptt.ex.v2_stream_sample"],
            g.client.sample_stream().expansions(["author_id"]).post_fields(["lang"]),
            "GET /2/tweets/sample/stream expansions=author_id tweet.fields=lang";
    }
    g.client.update_rules().add_rules(json!([{"value": "heron"}])).await.unwrap();
    g.wire.take();
    let rows = ["pytweet.stream", "pytweet.stream.connection.connect", "ptt.stream2", "ptt.ex.v2_stream_search"];
    opens! {
        rows, g.client.filtered_stream().backfill_minutes(1).user_fields(["verified"]),
            "GET /2/tweets/search/stream backfill_minutes=1 user.fields=verified";
    }
}

#[tokio::test]
async fn the_rules_of_a_stream_are_sent_with_their_tags() {
    let g = Ground::new().await;
    let app = g.wire.client(g.sandbox.app_only());
    app.sync_rules([NewRule::new("old")]).await.unwrap();
    let old = app.all_rules().await.unwrap()[0].id.unwrap();
    g.wire.take();
    app.sync_rules([NewRule::new("heron").tag("birds"), NewRule::new("wren")]).await.unwrap();
    let bodies: Vec<_> =
        g.wire.take().into_iter().filter(|sent| sent.method == "POST").map(|sent| sent.json()).collect();
    part!({
        let added = json!([{"value": "heron", "tag": "birds"}, {"value": "wren"}]);
        let rows = ["pytweet.stream.add_rule", "pytweet.stream.add_rule.tag", "pytweet.stream.set_rules"];
        shows!(rows, assert!(bodies.iter().any(|body| body["add"] == added), "{bodies:?}"));
    });
    shows!("pytweet.stream.connect", {
        assert!(bodies.iter().any(|body| body["delete"]["ids"] == json!([old.to_string()])), "{bodies:?}");
    });
    part!({
        let rules = app.all_rules().await.unwrap();
        shows!(["pytweet.stream.fetch_rules", "pytweet.stream.rule", "pytweet.stream.rules"], {
            let found: Vec<_> =
                rules.iter().map(|rule| (rule.value.as_deref().unwrap(), rule.tag.as_deref())).collect();
            assert_eq!(found, [("heron", Some("birds")), ("wren", None)]);
            assert!(rules.iter().all(|rule| rule.id.is_some_and(|id| id != old)));
        });
    });
    g.wire.take();
    let cleared = app.clear_rules().await.unwrap();
    let line = g.wire.only().line();
    let left = app.all_rules().await.unwrap().len();
    shows!("pytweet.stream.clear", {
        assert_eq!((cleared, left), (2, 0));
        assert_eq!(line, "POST /2/tweets/search/stream/rules delete_all=true {}");
    });
    part!({
        g.wire.take();
        let tried = app.update_rules().add_rules(json!([{"value": "heron"}])).dry_run(true).await.unwrap().data.len();
        let line = g.wire.only().line();
        let left = app.all_rules().await.unwrap().len();
        shows!("pytweet.client.stream.dry_run", {
            assert_eq!(line, r#"POST /2/tweets/search/stream/rules dry_run=true {"add":[{"value":"heron"}]}"#);
            assert_eq!((tried, left), (1, 0), "a dry run stores nothing");
        });
    });
    part!({
        let long = |len: usize| app.sync_rules([NewRule::new("a".repeat(len))]);
        let (accepted, refused) = (long(2_048).await, long(2_049).await.unwrap_err());
        shows!("pytweet.stream.rule_limits", {
            assert!(accepted.is_ok() && refused.kind() == ErrorKind::Argument, "{accepted:?} {refused}");
        });
    });
}

#[tokio::test]
async fn a_reconnect_asks_for_the_missed_minutes() {
    let g = Ground::new().await;
    let app = g.wire.client(g.sandbox.app_only());
    app.sync_rules(["heron"]).await.unwrap();
    g.wire.take();
    let mut stream = app.filtered_stream().backfill_minutes(2).open();
    until_live(&mut stream).await;
    g.sandbox.disconnect_streams(Disconnect::Abort);
    until_live(&mut stream).await;
    let lines: Vec<_> = g.wire.take().iter().map(crate::wire::Sent::line).collect();
    shows!("pytweet.stream.opt.backfill_minutes", {
        let connects: Vec<_> = lines.iter().filter(|line| line.contains("search/stream")).collect();
        assert!(connects.len() == 2 && connects[1].ends_with(" backfill_minutes=1"), "{lines:?}");
    });
}

#[tokio::test]
async fn a_stream_uses_the_settings_of_the_network() {
    let g = Ground::new().await;
    let http =
        HttpBuilder::default().header("X-Team", "birds").user_agent("herons/1").on_rate_limit(OnRateLimit::Ignore);
    let client = Client::builder().http(http).credentials(g.sandbox.app_only()).base_url(g.wire.url()).build().unwrap();
    let mut stream = client.v1().sample().open();
    until_live(&mut stream).await;
    let sent = g.wire.only();
    shows!("twython.streamer.opt.client_args", {
        assert_eq!((sent.header("x-team"), sent.header("user-agent")), ("birds", "herons/1"));
    });
}

#[tokio::test]
async fn the_defaults_of_a_stream_are_those_of_the_page() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    let shown = |builder: String| builder;
    let old = shown(format!("{:?}", v1.filter().track(["x"]).live()));
    let new = shown(format!("{:?}", g.client.filtered_stream().live()));
    shows!("ptt.stream.msg.heartbeat_timeout", assert!(old.contains("watchdog: 90s"), "{old}"));
    shows!("twython.streamer.opt.timeout", assert!(new.contains("watchdog: 30s"), "{new}"));
    let rows = ["twython.streamer.opt.retry_count", "pytweet.stream.opt.reconnect_attempts"];
    shows!(rows, assert!(old.contains("attempts: None") && new.contains("attempts: None"), "{old} {new}"));
    shows!("seed.more.sample_stream_defaults", {
        let sample = format!("{:?}", g.client.sample_stream().live());
        assert!(sample.contains("attempts: None"), "{sample}");
    });
    let chosen = format!("{:?}", v1.filter().track(["x"]).live().watchdog(Duration::from_secs(20)).attempts(7));
    shows!("twython.streamer.opt.timeout", assert!(chosen.contains("watchdog: 20s"), "{chosen}"));
    shows!(rows, assert!(chosen.contains("attempts: Some(7)"), "{chosen}"));
    part!({
        let mut short = v1.filter().track(["x"]).live().watchdog(Duration::from_secs(19)).open();
        let ended = loop {
            match short.next_event().await {
                Some(LiveEvent::Ended(why)) => break why,
                Some(_) => {}
                None => panic!("it ended without a reason"),
            }
        };
        let sent = g.wire.take();
        shows!("twython.streamer.opt.timeout", {
            assert!(ended.kind() == ErrorKind::Argument && sent.is_empty(), "{ended}");
        });
    });
}
