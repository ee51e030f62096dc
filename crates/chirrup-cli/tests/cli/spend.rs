//! Costs, budgets, rate limits and dry runs.

use std::process::Stdio;
use std::time::Duration;

use chirrup_sandbox::{Fault, FaultRule};
use serde_json::Value as Json;

use crate::{ok, program, rounds, sandbox, text, unlimited};

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

#[test]
fn many_processes_at_the_same_time_keep_to_one_budget() {
    let (sandbox, mut env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()));
    sandbox.add_fault_rule(FaultRule::new(Fault::DelayResponse(Duration::from_millis(100))).endpoint("create_post"));
    let processes = rounds("CHIRRUP_BUDGET_PROCESSES", 24);
    for round in 0..rounds("CHIRRUP_BUDGET_ROUNDS", 2) {
        let children: Vec<_> = (0..processes)
            .map(|n| {
                let mut command = program(&["--budget-day", "0.05", "post", &format!("{round} {n}")], &env);
                command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let outputs = children.into_iter().map(|child| child.wait_with_output().unwrap());
        let refused = outputs.filter(|output| output.status.code() == Some(8)).count();
        assert_eq!(refused, if round == 0 { processes - 3 } else { processes }, "3 posts of $0.015 are within $0.05");
        assert_eq!(sandbox.bill().to_string(), "$0.045");
    }
    let report: Json = serde_json::from_str(&ok(&program(&["spend", "--json"], &env).output().unwrap())).unwrap();
    assert_eq!((&report["total"], &report["data"][0]["unsettled"]), (&"$0.045".into(), &0.into()));
}

#[test]
fn a_killed_program_has_recorded_what_it_sent() {
    let (sandbox, mut env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned()));
    sandbox.add_fault_rule(FaultRule::new(Fault::DelayResponse(Duration::from_secs(60))).endpoint("create_post"));
    for n in 1..=3 {
        let mut child = program(&["post", &format!("post {n}")], &env).stderr(Stdio::null()).spawn().unwrap();
        while sandbox.journal().len() < n {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let report: Json = serde_json::from_str(&ok(&program(&["spend", "--json"], &env).output().unwrap())).unwrap();
    assert_eq!((&report["total"], &report["data"][0]["unsettled"]), (&"$0.045".into(), &3.into()), "{report}");
    let shown = ok(&program(&["spend"], &env).output().unwrap());
    assert!(shown.contains("3 calls still running, or ended before the cost was recorded"), "{shown}");
    let refused = program(&["--budget-day", "0.05", "post", "another"], &env).output().unwrap();
    assert_eq!(refused.status.code(), Some(8), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("have not reported their cost"), "{}", text(&refused.stderr));
}

#[test]
fn a_plan_says_what_it_cannot_know_and_what_is_paid_for() {
    let (sandbox, env) = sandbox();
    let plan = |args: &[&str]| -> Json {
        let args = [&["plan", "--json"], args].concat();
        serde_json::from_str(&ok(&program(&args, &env).output().unwrap())).unwrap()
    };
    let timeline = plan(&["timeline", "robin"]);
    assert!(timeline["data"][1]["path"].as_str().unwrap().starts_with("/2/users/{unknown}/tweets"), "{timeline}");
    assert!(timeline["notes"].to_string().contains("{unknown} is an ID from the response"), "{timeline}");
    let few = plan(&["search", "rust", "-n", "3"]);
    assert!(few["notes"].to_string().contains("a page has at least 10 items, and all are paid for"), "{few}");
    let raw = plan(&["call", "POST", "/2/tweets", "-d", r#"{"text":"see example.com"}"#]);
    assert_eq!(raw["max_cost"], "$0.20");
    assert!(plan(&["search", "rust", "-n", "20"])["notes"].as_array().unwrap().is_empty());
    // The timeline of another user is not a read of own data.
    ok(&program(&["timeline", "robin"], &env).output().unwrap());
    assert!(sandbox.bill().micros() <= timeline["max_cost_micros"].as_u64().unwrap(), "{timeline}");
}
