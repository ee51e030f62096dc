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
