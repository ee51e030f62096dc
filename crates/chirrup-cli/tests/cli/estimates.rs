//! Estimates before a collection begins: requests, maximum cost, and the time that the rate limits take.

use std::time::Duration;

use serde_json::Value as Json;

use crate::collect::server;
use crate::{ok, program, text, unlimited};

/// Returns the first line of stderr as JSON.
fn announced(stderr: &[u8]) -> Json {
    serde_json::from_str(text(stderr).lines().next().unwrap()).unwrap()
}

#[test]
fn a_plan_has_the_time_that_the_rate_limits_take() {
    let (sandbox, env) = unlimited();
    let run = |args: &[&str]| ok(&program(args, &env).output().unwrap());
    let plan = |args: &[&str]| -> Json {
        serde_json::from_str(&run(&[&["plan"], args, &["--into", "x.db", "--json"]].concat())).unwrap()
    };
    // 600 pages, of which 450 are in the first window of an app, or 300 in that of a user.
    let recent = plan(&["collect", "search", "heron", "-n", "60000"]);
    let (times, seconds) = (&recent["data"][0]["times"], recent["data"][0]["min_seconds"].as_u64().unwrap());
    assert_eq!((times, seconds), (&600.into(), 900), "{recent}");
    assert_eq!(recent["min_seconds"], 900, "{recent}");
    let shown = run(&["plan", "collect", "search", "heron", "-n", "60000", "--into", "x.db"]);
    assert!(shown.contains("the rate limits take at least 15 min"), "{shown}");
    let unknown = plan(&["collect", "search", "heron"]);
    let request = &unknown["data"][0];
    assert!(request["times"].is_null() && request["max_cost_micros"].is_null(), "{unknown}");
    assert!(request["max_cost_micros_per_request"].as_u64().unwrap() > 0, "{unknown}");
    assert!(
        unknown["notes"].to_string().contains("for each 1000, 10 requests to search_recent: at most $"),
        "{unknown}"
    );
    let all = plan(&["collect", "search", "heron", "--all"])["notes"].to_string();
    assert!(all.contains("at least 1 s within the rate limit"), "{all}");
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}

#[test]
fn a_collection_begins_with_its_plan() {
    let (env, _requests) = server(Duration::ZERO);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("herons.db");
    let file = file.to_str().unwrap();
    let collect = |options: &[&str]| {
        let words = [&["collect", "search", "heron", "--into", file], options].concat();
        let output = program(&words, &env).output().unwrap();
        ok(&output);
        output.stderr
    };
    let plan = announced(&collect(&["-n", "100", "--json"]))["plan"].take();
    assert_eq!((&plan["times"], &plan["items_per_request"], &plan["min_seconds"]), (&1.into(), &100.into(), &0.into()));
    assert_eq!((&plan["endpoint"], &plan["source"]), (&"search_recent".into(), &"search query=heron".into()));
    // The server has pages of ten posts. Those that are stored are not part of the next plan.
    let said = text(&collect(&["-n", "350"]));
    assert!(said.starts_with("plan: 3 requests to search_recent: at most $"), "{said}");
    let said = text(&collect(&[]));
    assert!(
        said.starts_with("plan: the number of results is unknown; for each 1000, 10 requests to search_recent"),
        "{said}"
    );
    assert!(!text(&collect(&[])).contains("plan:"), "a complete collection has no plan");
    let ids = folder.path().join("ids.txt");
    std::fs::write(&ids, (10_000..10_250).map(|id| format!("{id}\n")).collect::<String>()).unwrap();
    let words = ["collect", "hydrate", ids.to_str().unwrap(), "--into", file];
    let said = text(&program(&[&words[..], &["--json"]].concat(), &env).output().unwrap().stderr);
    assert_eq!(announced(said.as_bytes())["plan"]["times"], 3, "{said}");
    let quiet = folder.path().join("quiet.db");
    let words = ["collect", "search", "heron", "--quiet", "--into", quiet.to_str().unwrap()];
    assert_eq!(text(&program(&words, &env).output().unwrap().stderr), "");
}
