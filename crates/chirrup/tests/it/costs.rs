//! Costs of calls, and budgets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chirrup::model::{Expansion, UserExpansion};
use chirrup::store::FileStore;
use chirrup::{
    Budget, Client, Clock as _, Cost, ErrorKind, HttpBuilder, Ledger, LiveEvent, OnRateLimit, PriceList, Retry,
    SystemClock,
};
use chirrup_sandbox::{Fault, FaultRule, Sandbox};

use crate::common::{client_in_sandbox_time, clock, sandbox};
use crate::live_streams::{next_event, next_text, sandbox_with_rule, until_live};

fn dollars(text: &str) -> Cost {
    text.parse().unwrap()
}

fn with_ledger(sandbox: &Sandbox, ledger: Ledger) -> Client {
    let http = HttpBuilder::default().ledger(ledger).on_rate_limit(OnRateLimit::Ignore);
    client_in_sandbox_time(sandbox, http, sandbox.credentials().unwrap())
}

#[tokio::test]
async fn a_resource_is_charged_once_per_day() {
    let sandbox = sandbox();
    let client = with_ledger(&sandbox, Ledger::in_memory());
    assert_eq!(client.get_post(20).await.unwrap().cost(), dollars("0.005"));
    assert_eq!(client.get_post(20).await.unwrap().cost(), Cost::ZERO, "the same post, the same day");
    let both = client.get_posts([20_u64]).expansions([Expansion::AuthorId]).await.unwrap();
    assert_eq!(both.cost(), dollars("0.01"), "its author is new");
    assert_eq!(client.get_user(12).await.unwrap().cost(), Cost::ZERO);
    sandbox.clock().advance(std::time::Duration::from_secs(86_400));
    assert_eq!(client.get_post(20).await.unwrap().cost(), dollars("0.005"), "another day");
    // Reads of own posts are cheaper, each write is charged, and links cost more.
    let me = client.me().await.unwrap();
    let own = client.user_posts(me).max_results(5).await.unwrap();
    assert_eq!(own.cost(), dollars("0.001").saturating_mul(own.data.len() as u64));
    assert_eq!(client.create_post().text("no link").await.unwrap().cost(), dollars("0.015"));
    assert_eq!(client.create_post().text("see example.com/x").await.unwrap().cost(), dollars("0.2"));
    assert!(client.create_post().text("").await.is_err());
    assert_eq!(client.spent().run, sandbox.bill());
    let mut report = client.ledger().report(sandbox.clock().now()).await.unwrap();
    let sum: Cost = report.iter().map(|line| line.cost).sum();
    assert_eq!(sum, client.spent().month);
    report.retain(|line| line.endpoint == "create_post");
    assert_eq!((report[0].calls, report[0].cost), (2, dollars("0.215")));
}

/// Number of calls of the long comparison.
fn calls() -> u64 {
    std::env::var("CHIRRUP_BILL").ok().and_then(|text| text.parse().ok()).unwrap_or(600)
}

#[tokio::test]
async fn the_ledger_matches_the_bill_exactly() {
    let sandbox = Sandbox::builder().users(60).posts(1_500).without_rate_limits().start().unwrap();
    let client = with_ledger(&sandbox, Ledger::in_memory());
    let me = client.me().await.unwrap();
    let people = client.search_users("a").max_results(50).await.unwrap().data;
    let mut random = 7_u64;
    let mut rng = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    for n in 0..calls() {
        let person = people[rng(people.len() as u64) as usize].id;
        let count = 10 + rng(60) as u32;
        let spent = client.spent().run;
        let words = ["rust", "coffee", "data", "morning", "birding"];
        let word = words[rng(5) as usize];
        // Many of these calls fail, and failed calls are free on both sides.
        let cost = match rng(22) {
            0 => client
                .search_recent(word)
                .max_results(count)
                .expansions([Expansion::AuthorId, Expansion::ReferencedPosts])
                .await
                .map(|r| r.cost()),
            1 => client.user_posts(person).max_results(count).await.map(|r| r.cost()),
            2 => client.user_posts(me).max_results(count).await.map(|r| r.cost()),
            3 => client
                .followers(person)
                .max_results(count)
                .expansions([UserExpansion::PinnedPostId])
                .await
                .map(|r| r.cost()),
            4 => client.following(me).max_results(count).await.map(|r| r.cost()),
            5 => client.create_post().text(format!("number {n} {word}")).await.map(|r| r.cost()),
            6 => client.create_post().text(format!("number {n} example.com/{word}")).await.map(|r| r.cost()),
            7 => client.like(rng(3_000)).await.map(|r| r.cost()),
            8 => client.get_post(rng(40)).await.map(|r| r.cost()),
            9 => client.get_users([person.get(), rng(100), 12]).await.map(|r| r.cost()),
            10 => client.create_list(format!("list {n}")).await.map(|r| r.cost()),
            11 => client.count_recent(word).await.map(|r| r.cost()),
            12 => client.trends(1).await.map(|r| r.cost()),
            13 => client.follow(person).await.map(|r| r.cost()),
            14 => client.unfollow(person).await.map(|r| r.cost()),
            15 => client.send_dm(person).text(format!("hello {n}")).await.map(|r| r.cost()),
            16 => client.dm_events().max_results(count).await.map(|r| r.cost()),
            17 => client.bookmark(20).await.map(|r| r.cost()),
            18 => client.home_timeline().max_results(count).await.map(|r| r.cost()),
            19 => client.mute(person).await.map(|r| r.cost()),
            20 => client.unmute(person).await.map(|r| r.cost()),
            _ => client.get_user_by_name(if rng(2) == 0 { "robin" } else { "not_a_user" }).await.map(|r| r.cost()),
        };
        assert_eq!(client.spent().run, sandbox.bill(), "call {n}: {cost:?} after {spent}");
        if rng(100) == 0 {
            sandbox.clock().advance(std::time::Duration::from_secs(rng(100_000)));
        }
    }
    assert!(sandbox.bill() > dollars("1"), "{}", sandbox.bill());
    let journal: Cost = sandbox.journal().iter().map(|event| event.cost).sum();
    assert_eq!(journal, sandbox.bill());
    let by_endpoint: Cost = sandbox.bill_by_endpoint().into_values().sum();
    assert_eq!(by_endpoint, sandbox.bill());
}

#[tokio::test]
async fn a_budget_is_never_exceeded() {
    let sandbox = sandbox();
    let ledger = Ledger::in_memory().with_budget(Budget::default().per_run(dollars("0.30")));
    let client = with_ledger(&sandbox, ledger);
    let search = || client.search_recent("rust OR coffee OR data").max_results(25);
    assert_eq!(client.estimate(search().call()).unwrap(), dollars("0.125"));
    let mut sent = 0;
    let error = loop {
        match search().await {
            Ok(_) => sent += 1,
            Err(error) => break error,
        }
        assert!(sent < 50, "the same posts cost nothing, but the page is not known before");
        sandbox.clock().advance(std::time::Duration::from_secs(86_400));
    };
    assert_eq!(error.kind(), ErrorKind::Budget);
    assert!(error.message().contains("$0.125") && error.message().contains("this run"), "{error}");
    assert!(client.spent().run <= dollars("0.30") && sent >= 1);
    // Free calls still work.
    assert!(client.usage().await.is_ok());
    // Concurrent calls together do not exceed the budget.
    let ledger = Ledger::in_memory().with_budget(Budget::default().per_day(dollars("0.10")));
    let client = with_ledger(&sandbox, ledger);
    let before = sandbox.bill();
    let calls = (0..40).map(|n| client.create_post().text(format!("one of many {n}")));
    let done = futures_util::future::join_all(calls.map(IntoFuture::into_future)).await;
    assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 6);
    assert_eq!(sandbox.bill().saturating_sub(before), dollars("0.09"));
    // A new day has a new budget.
    sandbox.clock().advance(std::time::Duration::from_secs(86_400));
    assert!(client.create_post().text("tomorrow").await.is_ok());
}

#[tokio::test]
async fn a_write_with_unknown_outcome_counts_as_spent() {
    let sandbox = sandbox();
    let client = with_ledger(&sandbox, Ledger::in_memory());
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseAfterProcessing).endpoint("create_post").times(1));
    assert_eq!(client.create_post().text("lost").await.unwrap_err().kind(), ErrorKind::UnknownOutcome);
    assert_eq!((client.spent().run, sandbox.bill()), (dollars("0.015"), dollars("0.015")));
}

#[tokio::test]
async fn a_ledger_in_a_folder_is_shared_and_persistent() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let at = || Ledger::in_folder(folder.path()).with_budget(Budget::default().per_day(dollars("0.05")));
    let (one, two) = (with_ledger(&sandbox, at()), with_ledger(&sandbox, at()));
    assert_eq!(one.get_post(20).await.unwrap().cost(), dollars("0.005"));
    assert_eq!(two.get_post(20).await.unwrap().cost(), Cost::ZERO, "the other client has paid for the post");
    one.create_post().text("first").await.unwrap();
    two.create_post().text("second").await.unwrap();
    // A killed process left an incomplete line.
    let file = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.path());
    let file = file.into_iter().find(|path| path.extension().is_some_and(|e| e == "jsonl")).unwrap();
    let mut text = std::fs::read(&file).unwrap();
    text.extend(b"\n{\"t\":17");
    std::fs::write(&file, text).unwrap();
    let three = with_ledger(&sandbox, at());
    let error = three.create_post().text("third").await.err();
    assert!(error.is_none(), "{error:?}");
    assert_eq!(three.create_post().text("fourth").await.unwrap_err().kind(), ErrorKind::Budget);
    assert_eq!(three.spent().day, sandbox.bill());
    let report = one.ledger().report(sandbox.clock().now()).await.unwrap();
    assert_eq!(report.iter().map(|line| line.cost).sum::<Cost>(), sandbox.bill());
}

#[tokio::test]
async fn without_a_writable_ledger_a_budget_sends_nothing() {
    let sandbox = sandbox();
    let blocked = || Ledger::with_store(|_| Arc::new(FileStore::at("/dev/null/ledger")));
    for budget in [
        Budget::default().per_run(dollars("5")),
        Budget::default().per_day(dollars("5")),
        Budget::default().per_month(dollars("5")),
    ] {
        let client = with_ledger(&sandbox, blocked().with_budget(budget));
        let error = client.get_user(12).await.unwrap_err();
        assert!(error.kind() == ErrorKind::Storage && error.message().contains("ledger"), "{error}");
    }
    assert_eq!(sandbox.journal().len(), 0);
    // Without a budget, the caller is told once.
    let warnings = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&warnings);
    let client = with_ledger(
        &sandbox,
        blocked().on_failure(move |error| {
            assert!(error.message().contains("/dev/null"), "{error}");
            counter.fetch_add(1, Ordering::Relaxed);
        }),
    );
    for _ in 0..3 {
        assert_eq!(client.get_user(12).await.unwrap().cost(), dollars("0.01"));
    }
    assert_eq!((sandbox.journal().len(), warnings.load(Ordering::Relaxed)), (3, 1));
    assert!(client.spent().run >= sandbox.bill());
}

#[tokio::test]
async fn a_canceled_call_counts_as_spent_only_if_it_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let at = || with_ledger(&sandbox, Ledger::in_folder(folder.path()));
    let client = at();
    sandbox.add_fault_rule(FaultRule::new(Fault::DelayResponse(Duration::from_secs(30))).endpoint("get_user").times(1));
    let canceled = tokio::time::timeout(Duration::from_millis(300), client.get_user(12).into_future()).await;
    assert!(canceled.is_err());
    let report = at().ledger().report(sandbox.clock().now()).await.unwrap();
    assert_eq!((report[0].cost, report[0].calls, report[0].unsettled), (dollars("0.01"), 1, 1));
    assert_eq!(client.spent().run, dollars("0.01"));
    // A call that fails before it is sent costs nothing.
    let nowhere = Client::builder().base_url("http://127.0.0.1:9").credentials(sandbox.credentials().unwrap());
    let http = HttpBuilder::default().ledger(Ledger::in_folder(folder.path())).retry(Retry::never());
    let nowhere = nowhere.http(http.clock(clock(&sandbox))).build().unwrap();
    assert!(nowhere.get_post(20).await.is_err());
    let report = at().ledger().report(sandbox.clock().now()).await.unwrap();
    assert_eq!(report.iter().map(|line| line.calls).sum::<u64>(), 1, "{report:?}");
}

#[tokio::test]
async fn a_stream_reserves_the_cost_of_its_next_items() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, writer) = sandbox_with_rule().await;
    let budget = Budget::default().per_day(dollars("0.027"));
    let at = || with_ledger(&sandbox, Ledger::in_folder(folder.path()).with_budget(budget));
    let (reader, other) = (at(), at());
    let report = || async { at().ledger().report(sandbox.clock().now()).await.unwrap() };
    let mut live = reader.filtered_stream().live().open();
    until_live(&mut live).await;
    assert_eq!(report().await.iter().map(|line| line.cost).sum::<Cost>(), dollars("0.02"), "reserved by the stream");
    assert_eq!(other.get_post(20).await.unwrap().cost(), dollars("0.005"));
    assert_eq!(other.get_post(21).await.unwrap_err().kind(), ErrorKind::Budget, "the rest is that of the stream");
    writer.with_credentials(sandbox.credentials().unwrap()).create_post().text("a heron").await.unwrap();
    assert_eq!(next_text(&mut live).await, "a heron");
    // The posts that may be on their way would cost more than the rest of the budget.
    let LiveEvent::Ended(ended) = next_event(&mut live).await else { panic!("the stream continues") };
    assert_eq!(ended.kind(), ErrorKind::Budget);
    assert!(ended.message().contains("the stream with its next 4 items costs up to $0.02"), "{ended}");
    let lines = report().await;
    assert_eq!(lines.iter().map(|line| line.cost).sum::<Cost>(), dollars("0.01"), "{lines:?}");
    assert!(lines.iter().all(|line| line.unsettled == 0), "{lines:?}");
    // A reservation that the budget does not cover opens no stream.
    let mut refused = at().filtered_stream().live().open();
    assert!(matches!(next_event(&mut refused).await, LiveEvent::Connecting));
    assert!(matches!(next_event(&mut refused).await, LiveEvent::Ended(why) if why.kind() == ErrorKind::Budget));
}

#[tokio::test]
async fn streams_of_many_programs_keep_to_one_budget_by_the_bill() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, writer) = sandbox_with_rule().await;
    sandbox.set_max_stream_connections(12);
    let budget = Budget::default().per_day(dollars("0.15"));
    let at = || with_ledger(&sandbox, Ledger::in_folder(folder.path()).with_budget(budget));
    let writer = writer.with_credentials(sandbox.credentials().unwrap());
    let before = sandbox.bill();
    let written = tokio::spawn(async move {
        for n in 0..60 {
            tokio::time::sleep(Duration::from_millis(15)).await;
            writer.create_post().text(format!("heron {n}")).await.unwrap();
        }
    });
    let streams = (0..12).map(|_| {
        let mut live = at().filtered_stream().live().open();
        tokio::spawn(async move { while !matches!(next_event(&mut live).await, LiveEvent::Ended(_)) {} })
    });
    for stream in streams.collect::<Vec<_>>() {
        stream.await.unwrap();
    }
    written.await.unwrap();
    let posts = dollars("0.015").saturating_mul(60);
    let billed = sandbox.bill().saturating_sub(before).saturating_sub(posts);
    let recorded = at().ledger().report(sandbox.clock().now()).await.unwrap();
    let recorded: Cost = recorded.iter().map(|line| line.cost).sum();
    assert!(billed > Cost::ZERO && billed <= dollars("0.15"), "{billed} billed, {recorded} recorded");
    assert!(recorded <= dollars("0.15"), "{billed} billed, {recorded} recorded");
}

#[tokio::test]
async fn a_wrong_date_of_the_server_does_not_move_what_is_spent() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox();
    let ledger = Ledger::in_folder(folder.path()).with_budget(Budget::default().per_day(dollars("0.015")));
    // The client has the clock of the system, and the sandbox is months ahead of it.
    sandbox.clock().advance(Duration::from_secs(100 * 86_400));
    let http = HttpBuilder::default().ledger(ledger).on_rate_limit(OnRateLimit::Ignore);
    let credentials = sandbox.app_only();
    let client = Client::builder().base_url(sandbox.url()).credentials(credentials).http(http).build().unwrap();
    client.get_user(12).await.unwrap();
    assert_eq!(client.get_user_by_name("mika").await.unwrap_err().kind(), ErrorKind::Budget);
    let report = client.ledger().report(SystemClock.now()).await.unwrap();
    assert_eq!(report.iter().map(|line| line.cost).sum::<Cost>(), dollars("0.01"), "{report:?}");
}

#[tokio::test]
async fn exhausted_credits_and_usage_caps_are_distinct_errors() {
    let sandbox = sandbox();
    let client = with_ledger(&sandbox, Ledger::in_memory());
    sandbox.set_usage_cap(Some(1));
    client.get_post(20).await.unwrap();
    let capped = client.search_recent("rust").await.unwrap_err();
    assert_eq!((capped.kind(), capped.attempts()), (ErrorKind::UsageCapped, 1), "waiting does not help");
    assert!(client.get_user(12).await.is_ok(), "users are not posts");
    sandbox.set_usage_cap(None);
    sandbox.set_credits(Some(dollars("0.02")));
    client.create_post().text("the last but one").await.unwrap();
    client.create_post().text("the last one").await.unwrap();
    assert_eq!(client.create_post().text("no money").await.unwrap_err().kind(), ErrorKind::NoCredits);
}

#[tokio::test]
async fn the_cache_avoids_repeated_requests() {
    let sandbox = sandbox();
    let http = HttpBuilder::default().cache(1 << 20, std::time::Duration::from_secs(3_600)).clock(clock(&sandbox));
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    let first = client.count_recent("rust").await.unwrap();
    let again = client.count_recent("rust").await.unwrap();
    assert_eq!((again.cost(), again.raw.send_info.attempts, again.data), (Cost::ZERO, 0, first.data));
    assert_eq!(sandbox.journal().len(), 1);
    let robin = client.with_credentials(sandbox.oauth1("robin").unwrap());
    robin.get_user(12).await.unwrap();
    client.get_user(12).await.unwrap();
    assert_eq!(sandbox.journal().len(), 3, "the result depends on the user");
    client.like(20).await.unwrap();
    client.me().await.unwrap();
    let before = sandbox.journal().len();
    client.get_user(12).await.unwrap();
    assert_eq!(sandbox.journal().len(), before + 1, "a write clears the cached entry");
    sandbox.clock().advance(std::time::Duration::from_secs(3_601));
    client.get_user(12).await.unwrap();
    assert_eq!(sandbox.journal().len(), before + 2, "the effect ends after its duration");
}

#[tokio::test]
async fn estimates_are_upper_bounds() {
    let sandbox = sandbox();
    let http = HttpBuilder::default().retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    let me = client.me().await.unwrap();
    let own = client.estimate(client.user_posts(me).max_results(100).call()).unwrap();
    assert_eq!(own, dollars("0.10"));
    assert_eq!(client.estimate(client.get_users([1_u64, 2, 3]).call()).unwrap(), dollars("0.03"));
    assert_eq!(client.estimate(client.create_post().text("https://example.com").call()).unwrap(), dollars("0.20"));
    assert_eq!(client.estimate(client.usage().call()).unwrap(), Cost::ZERO);
    for query in ["rust", "coffee OR data", "birding"] {
        let call = client.search_recent(query).max_results(100).expansions([
            Expansion::AuthorId,
            Expansion::ReferencedPosts,
            Expansion::ReferencedPostsAuthors,
            Expansion::Mentions,
        ]);
        let most = client.estimate(call.call()).unwrap();
        assert!(call.await.unwrap().cost() <= most);
    }
    // Another price list has another price.
    let dear = "kind\twhat\tdollars\nread\tPosts: Read\t1\n".parse::<PriceList>().unwrap();
    let client = with_ledger(&sandbox, Ledger::in_memory().with_prices(dear));
    assert_eq!(client.get_post(20).await.unwrap().cost(), dollars("1"));
}
