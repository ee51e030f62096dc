//! Bots against the sandbox.

#[cfg(feature = "sandbox")]
#[allow(dead_code, reason = "the example has a `main` of its own")]
#[path = "../../examples/bot.rs"]
mod example;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chirrup::model::ActivityType;
use chirrup::{Alert, Bot, Error, ErrorKind, HttpBuilder, NewRule};
use chirrup_sandbox::{Disconnect, Fault, FaultRule, Sandbox};

use crate::common::{client_in_sandbox_time, post_as, sandbox, sandbox_and_client};
use crate::http_settings::Log;

/// Waits up to ten seconds until a condition holds.
async fn until<F: Future<Output = bool>>(what: &str, test: impl Fn() -> F) {
    for _ in 0..1_000 {
        if test().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("timed out waiting until {what}");
}

async fn started(sandbox: &Sandbox, streams: usize) {
    until("the streams are open", || async { sandbox.open_stream_count() >= streams }).await;
}

#[cfg(feature = "sandbox")]
async fn answers(client: &chirrup::Client) -> Vec<String> {
    let me = client.me().await.unwrap();
    client.user_posts(me).max_results(20).await.unwrap().data.into_iter().map(|post| post.text).collect()
}

#[cfg(feature = "sandbox")]
#[tokio::test]
async fn the_example_bot_replies_to_mentions_and_messages() {
    let (sandbox, client) = sandbox_and_client();
    let bot = example::bot(client.clone());
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    started(&sandbox, 2).await;
    sandbox.write_post("robin", "@ada dice 20").unwrap();
    sandbox.write_post("robin", "hello @ada, ECHO a wren, look").unwrap();
    sandbox.write_post("robin", "@ada sing for us").unwrap();
    let heron = sandbox.write_post("robin", "a heron").unwrap();
    until("all are answered", || async {
        let said = answers(&client).await;
        ["of 20", "@robin a wren, look", "I know"].iter().all(|text| said.iter().any(|said| said.contains(text)))
    })
    .await;
    until("the heron is liked", || async {
        let me = client.me().await.unwrap();
        client.liked_posts(me).await.unwrap().data.iter().any(|post| post.id == heron)
    })
    .await;
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let ada = client.me().await.unwrap();
    robin.send_dm(ada).text("are you there?").await.unwrap();
    until("the message is answered", || async {
        let events = robin.dm_events().await.unwrap().data;
        events.iter().any(|event| event.text.as_deref() == Some("You said: are you there?"))
    })
    .await;
    stop_handle.stop();
    let report = running.await.unwrap().unwrap();
    assert_eq!((report.handled, report.failed, report.given_up), (5, 0, 0));
    until("the streams are closed", || async { sandbox.open_stream_count() == 0 }).await;
}

#[tokio::test]
async fn handlers_receive_connections_gaps_activity_and_errors() {
    let (sandbox, client) = sandbox_and_client();
    let heard = Arc::new(Mutex::new(Vec::<String>::new()));
    let note = |what: &'static str| {
        let heard = Arc::clone(&heard);
        move |detail: String| heard.lock().unwrap().push(format!("{what}{detail}"))
    };
    let (connect, disconnect, gap) = (note("connect"), note("disconnect"), note("gap"));
    let (followed, failed, post) = (note("followed"), note("failed: "), note("post: "));
    let (connect, disconnect, gap) = (Arc::new(connect), Arc::new(disconnect), Arc::new(gap));
    let (followed, failed, post) = (Arc::new(followed), Arc::new(failed), Arc::new(post));
    let bot = Bot::new(client.clone())
        .without_signals()
        .rule("heron")
        .on_connect(move |_| {
            connect(String::new());
            async { Ok(()) }
        })
        .on_disconnect(move |_, _| {
            disconnect(String::new());
            async { Ok(()) }
        })
        .on_gap(move |_, _| {
            gap(String::new());
            async { Ok(()) }
        })
        .on_activity(ActivityType::FollowFollow, move |_, event| {
            followed(format!(" by {}", event.payload.unwrap()["source"]["username"].as_str().unwrap()));
            async { Ok(()) }
        })
        .on_post("", move |_, delivery| {
            post(delivery.data.unwrap().text);
            async { Err(Error::configuration("no idea what to do")) }
        })
        .on_error(move |_, error| {
            failed(error.to_string());
            async { Ok(()) }
        });
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    started(&sandbox, 2).await;
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    let (me, follows) = (sandbox.user_id("ada").unwrap(), "/2/users/12/following");
    robin.unfollow(me).await.ok();
    post_as(&sandbox, "robin", follows, &serde_json::json!({"target_user_id": me.to_string()}));
    sandbox.write_post("robin", "a heron").unwrap();
    until("the post is handled", || async { heard.lock().unwrap().iter().any(|line| line.starts_with("failed")) })
        .await;
    sandbox.disconnect_streams(Disconnect::Abort);
    until("both gaps", || async { heard.lock().unwrap().iter().filter(|line| *line == "gap").count() == 2 }).await;
    stop_handle.stop();
    let report = running.await.unwrap().unwrap();
    assert_eq!(report.failed, 1);
    let heard = heard.lock().unwrap().clone();
    let count = |text: &str| heard.iter().filter(|line| line.starts_with(text)).count();
    shows!("pytweet.event.on_stream_connect", assert_eq!(count("connect"), 4, "{heard:?}"));
    shows!("pytweet.event.on_stream_disconnect", assert_eq!(count("disconnect"), 2, "{heard:?}"));
    part!({
        let rows = [
            "pytweet.client",
            "pytweet.client.opt.stream",
            "pytweet.client.cache.events",
            "pytweet.client.event",
            "seed.more.handlers",
        ];
        shows!(rows, assert_eq!((count("followed by robin"), count("post: a heron")), (1, 1), "{heard:?}"));
    });
    shows!(
        ["pytweet.event.on_stream", "pytweet.client.stream"],
        assert_eq!((count("post: a heron"), count("failed: no idea")), (1, 1), "{heard:?}")
    );
    assert_eq!(client.activity_subscriptions().await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn an_error_without_a_handler_is_logged() {
    let (sandbox, client) = sandbox_and_client();
    let log = Log::default();
    // `tracing` caches the interest of a single subscriber for all threads; with two it asks that of each thread.
    let _second = tracing::Dispatch::new(Log::default());
    let _guard = tracing::subscriber::set_default(log.clone());
    let fail = |_, _| async { Err(Error::closed("the nest is empty")) };
    let bot = Bot::new(client).without_signals().rule("heron").on_post("", fail);
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    started(&sandbox, 1).await;
    sandbox.write_post("robin", "a heron").unwrap();
    until("the error is logged", || async { log.text().contains("(ERROR)") }).await;
    stop_handle.stop();
    assert_eq!(running.await.unwrap().unwrap().failed, 1);
    assert!(log.text().contains("error=the nest is empty"), "{}", log.text());
}

#[tokio::test]
async fn repeated_failures_of_a_stream_raise_an_alert() {
    let sandbox = sandbox();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.credentials().unwrap());
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&alerts);
    let bot = Bot::new(client).without_signals().rule("heron").on_post("", |_, _| async { Ok(()) });
    let bot = bot.on_alert(move |_, alert| {
        heard.lock().unwrap().push(alert);
        async { Ok(()) }
    });
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    started(&sandbox, 1).await;
    sandbox.add_fault_rule(FaultRule::sequence(vec![Fault::ErrorAfterProcessing(503); 9]).endpoint("filtered_stream"));
    sandbox.disconnect_streams(Disconnect::Abort);
    until("the alert", || async { !alerts.lock().unwrap().is_empty() }).await;
    stop_handle.stop();
    running.await.unwrap().unwrap();
    assert!(matches!(alerts.lock().unwrap()[..], [Alert::LongestWait(wait)] if wait.as_secs() >= 320));
}

#[tokio::test]
async fn the_number_of_concurrent_handlers_is_limited() {
    let (sandbox, client) = sandbox_and_client();
    let (now, most, done) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let (counts, finished) = ((Arc::clone(&now), Arc::clone(&most)), Arc::clone(&done));
    let bot = Bot::new(client).without_signals().rule(NewRule::new("heron").tag("x")).at_once(3);
    let bot = bot.on_post("x", move |_, _| {
        let ((now, most), done) = (counts.clone(), Arc::clone(&finished));
        async move {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(10)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            done.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    });
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    started(&sandbox, 1).await;
    for n in 0..30 {
        sandbox.write_post("robin", &format!("heron {n}")).unwrap();
    }
    until("ten are done", || async { done.load(Ordering::SeqCst) >= 10 }).await;
    stop_handle.stop();
    let report = running.await.unwrap().unwrap();
    assert_eq!((most.load(Ordering::SeqCst), report.failed), (3, 0));
    assert!(report.handled == u64::from(done.load(Ordering::SeqCst)) && report.handled >= 10, "{report:?}");
}

#[tokio::test]
async fn a_bot_that_cannot_start_returns_an_error() {
    let (sandbox, client) = sandbox_and_client();
    let bad = Bot::new(client.clone()).rule("heron OR OR").on_post("", |_, _| async { Ok(()) }).run().await;
    let bad = bad.unwrap_err();
    assert!(bad.to_string().contains("invalid rule") && bad.kind() == ErrorKind::Argument, "{bad}");
    let refusing = crate::common::sandbox();
    let client = crate::common::client(&refusing, refusing.credentials().unwrap());
    let body =
        r#"{"data":[],"errors":[{"title":"RulesCapExceeded","detail":"Rule cap reached","type":"about:blank"}]}"#;
    let fault = Fault::Response { status: 200, content_type: "application/json", body: body.into() };
    refusing.add_fault_rule(FaultRule::new(fault).endpoint("update_rules"));
    let refused = Bot::new(client).rule("heron").on_post("", |_, _| async { Ok(()) }).run().await.unwrap_err();
    assert!(refused.kind() == ErrorKind::Invalid && refused.to_string().contains("Rule cap reached"), "{refused}");
    let without_app_token = crate::common::client(&sandbox, sandbox.oauth1("ada").unwrap());
    let none = Bot::new(without_app_token).rule("heron").on_post("", |_, _| async { Ok(()) }).run().await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::Credentials, "streams are the app's own");
}
