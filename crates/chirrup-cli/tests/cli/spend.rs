//! Costs, budgets, rate limits and dry runs.

use serde_json::Value as Json;

use crate::{ok, program, sandbox, text};

#[test]
fn costs_are_stored_reported_and_limited() {
    let (sandbox, mut env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()));
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    ok(&run(&["post", "one"]));
    ok(&run(&["search", "rust", "-n", "10"]));
    ok(&run(&["search", "rust", "-n", "10"]));
    let report: Json = serde_json::from_str(&ok(&run(&["spend", "--json"]))).unwrap();
    assert_eq!(report["total"].as_str().unwrap(), sandbox.bill().to_string());
    let post = report["data"].as_array().unwrap().iter().find(|line| line["endpoint"] == "create_post").unwrap();
    assert_eq!((&post["calls"], &post["cost"]), (&1.into(), &"$0.015".into()));
    assert!(ok(&run(&["spend"])).contains("this month"));
    let refused = run(&["--budget-day", "0.02", "post", "two"]);
    assert_eq!(refused.status.code(), Some(8));
    assert!(text(&refused.stderr).contains("today") && text(&refused.stderr).contains("$0.015"));
    ok(&run(&["--budget", "0.02", "post", "another run"]));
    assert_eq!(run(&["--budget", "much", "post", "three"]).status.code(), Some(2));
    let price_list = folder.path().join("prices.tsv");
    let custom = ok(&run(&["spend", "--prices"])).replace("Post: Create\t0.015", "Post: Create\t5");
    std::fs::write(&price_list, custom).unwrap();
    let expensive = run(&["--price-list", price_list.to_str().unwrap(), "--budget", "4", "post", "expensive"]);
    assert!(text(&expensive.stderr).contains("$5.00"), "{}", text(&expensive.stderr));
    let limits: Json = serde_json::from_str(&ok(&run(&["limits", "--json"]))).unwrap();
    let search = limits.as_array().unwrap().iter().find(|limit| limit["endpoint"] == "search_recent").unwrap();
    assert_eq!(search["limit"].as_u64().unwrap() - search["remaining"].as_u64().unwrap(), 2);
    assert!(ok(&run(&["limits", "--all"])).contains("search_recent"));
    // Without a folder, nothing is stored for a local server.
    env.pop();
    let stateless = program(&["limits"], &env).output().unwrap();
    assert!(ok(&stateless).contains("no rate limits are known"));
    assert!(text(&stateless.stderr).contains("set CHIRRUP_CONFIG_DIR"), "{}", text(&stateless.stderr));
}

#[test]
fn a_dry_run_sends_nothing_and_shows_the_maximum_cost() {
    let (sandbox, env) = sandbox();
    let run = |args: &[&str]| ok(&program(args, &env).output().unwrap());
    let plan: Json = serde_json::from_str(&run(&["plan", "search", "rust", "-n", "250", "--json"])).unwrap();
    assert_eq!((&plan["data"][0]["endpoint"], &plan["data"][0]["times"]), (&"search_recent".into(), &3.into()));
    let max_cost = plan["max_cost_micros"].as_u64().unwrap();
    assert!(run(&["post", "see example.com", "--dry-run"]).contains("$0.20"));
    assert!(run(&["timeline", "robin", "--dry-run"]).contains("user_posts"));
    assert!(run(&["whoami", "--dry-run"]).contains("get_me"));
    assert!(run(&["--sandbox", "--dry-run", "like", "20"]).contains("nothing was sent"));
    assert!(sandbox.journal().is_empty());
    run(&["search", "rust", "-n", "250"]);
    assert!(sandbox.bill().micros() <= max_cost, "{} {max_cost}", sandbox.bill());
}

#[test]
fn a_plan_lists_every_request_and_marks_unknown_costs() {
    let (sandbox, env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("heron.png");
    std::fs::write(&image, b"\x89PNG\r\n\x1a\n0000").unwrap();
    let args = ["plan", "post", "hi", "--media", image.to_str().unwrap(), "--alt", "A heron", "--json"];
    let plan: Json = serde_json::from_str(&ok(&program(&args, &env).output().unwrap())).unwrap();
    let planned: Vec<&str> =
        plan["data"].as_array().unwrap().iter().map(|line| line["endpoint"].as_str().unwrap()).collect();
    assert_eq!(planned, ["begin_upload", "append_upload", "finish_upload", "set_media_metadata", "create_post"]);
    assert!(plan["data"][0]["max_cost_micros"].is_null() && plan["requests_of_unknown_cost"] == 3, "{plan}");
    let unknown = ok(&program(&["plan", "call", "GET", "/2/unknown"], &env).output().unwrap());
    assert!(unknown.contains("plus 1 request of unknown cost"), "{unknown}");
    assert!(sandbox.journal().is_empty());
}

#[test]
fn a_plan_that_lacks_a_credential_is_an_error() {
    let (sandbox, _) = sandbox();
    let bearer = [("X_BEARER_TOKEN", "token".to_owned()), ("CHIRRUP_BASE_URL", sandbox.url())];
    let output = program(&["plan", "follow", "robin"], &bearer).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("run `chirrup login`"), "{}", text(&output.stderr));
}
