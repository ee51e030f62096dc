//! Programs that share costs and budgets through a NATS server, and log in there.

use std::process::Stdio;
use std::time::Duration;

use chirrup_sandbox::{Fault, FaultRule};
use serde_json::Value as Json;

use super::server::{nats_server, nats_server_with};
use crate::{below, ok, program, text, unlimited};

#[test]
fn machines_share_a_budget_also_when_programs_are_killed() {
    let Some(nats) = nats_server() else { return };
    let (sandbox, mut env) = unlimited();
    env.push(("CHIRRUP_STORE", nats.stream("team")));
    let machines = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let environment = |n: usize| {
        let folder = ("CHIRRUP_CONFIG_DIR", machines[n % 2].path().to_str().unwrap().to_owned());
        env.iter().cloned().chain([folder]).collect::<Vec<_>>()
    };
    sandbox.add_fault_rule(FaultRule::new(Fault::DelayResponse(Duration::from_millis(50))).endpoint("create_post"));
    let start = |n: usize| {
        let mut command = program(&["--budget-day", "0.10", "post", &format!("heron {n}")], &environment(n));
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    };
    // Some are killed while they wait for a lock, reserve, or wait for the response.
    let mut seed = 9;
    for n in 0..4 {
        let mut pair = [start(2 * n), start(2 * n + 1)];
        std::thread::sleep(Duration::from_millis(below(&mut seed, 150)));
        pair[0].kill().unwrap();
        for child in &mut pair {
            child.wait().unwrap();
        }
    }
    let rest: Vec<_> = (8..20).map(start).collect();
    let outputs: Vec<_> = rest.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let last = outputs.iter().filter(|output| output.status.code() == Some(8)).count();
    assert!(last >= 6, "{last} refusals");
    let bill = sandbox.bill();
    assert!(bill <= "0.10".parse().unwrap(), "{bill}");
    let spend = |n: usize| ok(&program(&["spend", "--json"], &environment(n)).output().unwrap());
    let report: Json = serde_json::from_str(&spend(0)).unwrap();
    assert_eq!(spend(0), spend(1), "one ledger");
    let recorded = report["micros"].as_u64().unwrap();
    assert!(recorded >= bill.micros() && recorded > 85_000 && recorded <= 100_000, "{report} {bill}");
    for machine in &machines {
        assert!(!machine.path().join("spend").exists() && !machine.path().join("limits").exists());
    }
}

#[test]
fn a_login_is_in_a_file_and_not_in_the_arguments() {
    let Some(nats) = nats_server_with(&["--user", "robin", "--pass", "canary"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (login, file) = (folder.path().join("login"), folder.path().join("herons.jsonl"));
    std::fs::write(&login, "robin:canary\n").unwrap();
    std::fs::write(&file, "{\"data\":{\"id\":\"1\",\"text\":\"heron\"}}\n").unwrap();
    let with_login = format!("{}?login={}", nats.stream("birds"), login.display());
    let database = folder.path().join("birds.db");
    let [file, database] = [&file, &database].map(|path| path.to_str().unwrap());
    for words in [
        &["archive", "import", file, "--into", &with_login][..],
        &["archive", "drain", &with_login, "--into", database, "--once"],
        &["archive", "status", &with_login],
    ] {
        let output = program(words, &[]).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    }
    let refused = program(&["archive", "status", &nats.stream("birds")], &[]).output().unwrap();
    assert!(text(&refused.stderr).contains("authorization"), "{}", text(&refused.stderr));
    let (_sandbox, mut env) = unlimited();
    env.push(("CHIRRUP_STORE", format!("{}?login={}", nats.stream("team"), login.display())));
    ok(&program(&["--budget-day", "1", "post", "heron"], &env).output().unwrap());
    std::fs::write(&login, "robin:canary-wrong\n").unwrap();
    let refused = program(&["--budget-day", "1", "post", "heron"], &env).output().unwrap();
    let said = text(&refused.stderr);
    assert!(!refused.status.success() && said.contains("login") && !said.contains("canary"), "{said}");
}

#[test]
fn a_store_that_is_no_server_is_refused() {
    let (_sandbox, mut env) = unlimited();
    env.push(("CHIRRUP_STORE", "birds.db".to_owned()));
    let refused = program(&["show", "20"], &env).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("CHIRRUP_STORE: expected nats://"), "{}", text(&refused.stderr));
}
