//! Exit codes, error messages and hints, by cause.

use std::fs::File;
use std::process::Stdio;

use chirrup_sandbox::Fault;

use crate::{ok, program, sandbox, text, with_stdin};

#[test]
fn the_help_text_and_the_documentation_list_the_same_exit_codes() {
    let help = ok(&program(&["--help"], &[]).output().unwrap());
    let help = help.split_once("Exit codes:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let documentation = include_str!("../../../../docs/exit-codes.md");
    // The first two lines of the table are its head.
    let rows = documentation.lines().filter(|line| line.starts_with("| ")).skip(2);
    let rows: Vec<String> =
        rows.map(|row| row.replace('|', "").split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows.join(" "), help);
}

#[test]
fn each_cause_has_its_exit_code() {
    let (sandbox, env) = sandbox();
    let code = |args: &[&str], env: &[(&str, String)]| {
        let output = program(args, env).output().unwrap();
        assert!(output.stdout.is_empty(), "stdout is data only");
        let message = text(&output.stderr);
        assert!(message.contains("error"), "{message}");
        let bearer = env.iter().find(|(name, _)| *name == "X_BEARER_TOKEN");
        assert!(bearer.is_none_or(|(_, token)| token.len() < 20 || !message.contains(token.as_str())), "{message}");
        output.status.code().unwrap()
    };
    assert_eq!(code(&["call", "POST", "/2/tweets", "-d", "{}"], &env), 1, "refused by the server");
    assert_eq!(code(&["nonsense"], &env), 2, "an unknown command");
    assert_eq!(code(&["show", "abc"], &env), 2, "an invalid argument");
    assert_eq!(code(&["show", "20"], &[]), 4, "no credentials");
    assert_eq!(code(&["whoami"], &[]), 4, "no login");
    assert_eq!(code(&["auth", "token"], &[]), 4, "no token");
    let folder = tempfile::tempdir().unwrap();
    let config = [("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned())];
    assert_eq!(code(&["whoami", "--profile", "missing"], &config), 4, "no profile");
    assert_eq!(code(&["show", "404"], &env), 5, "not found");
    let unreachable = [("CHIRRUP_BASE_URL", "http://127.0.0.1:9".to_owned()), ("X_BEARER_TOKEN", "t".to_owned())];
    assert_eq!(code(&["show", "20"], &unreachable), 6, "no connection");
    let invalid = [("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", "stolen".to_owned())];
    assert_eq!(code(&["show", "20"], &invalid), 4, "an invalid token");
    assert_eq!(code(&["whoami"], &invalid), 4, "an invalid token of the app");
    sandbox.inject_fault(Fault::CloseBeforeProcessing);
    assert_eq!(code(&["post", "unknown outcome"], &env), 7, "a write with an unknown outcome");
    assert_eq!(code(&["--budget", "0.001", "post", "too expensive"], &env), 8, "over budget");
    let user = [("CHIRRUP_BASE_URL", sandbox.url()), ("X_OAUTH2_ACCESS_TOKEN", env[6].1.clone())];
    let client = chirrup::Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials().unwrap());
    let client = client.build().unwrap();
    while client.get_me().wait().is_ok() {}
    assert_eq!(code(&["--no-wait", "call", "GET", "/2/users/me"], &user), 3, "rate limited");
    for json in [&[][..], &["--json"], &["--jsonl"]] {
        let output = program(&[&["show", "20", "404"], json].concat(), &env).output().unwrap();
        assert_eq!(output.status.code(), Some(9), "a partial response");
        assert!(text(&output.stdout).contains("20") && text(&output.stderr).contains("404"), "{output:?}");
    }
}

#[test]
fn an_invalid_query_has_one_exit_code_in_all_commands() {
    let (sandbox, env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.txt");
    std::fs::write(&file, "heron OR OR\n").unwrap();
    let commands: [&[&str]; 9] = [
        &["search", "(rust"],
        &["count", "(rust"],
        &["query", "check", "(rust"],
        &["query", "explain", "(rust"],
        &["query", "match", "(rust"],
        &["rules", "add", "heron OR OR"],
        &["rules", "check", "heron OR OR"],
        &["rules", "check", "heron OR OR", "--ask"],
        &["rules", "check", "--file", file.to_str().unwrap()],
    ];
    for args in commands {
        assert_eq!(program(args, &env).output().unwrap().status.code(), Some(2), "{args:?}");
    }
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}

#[test]
fn a_full_disk_has_one_exit_code_in_all_commands() {
    let (_sandbox, env) = sandbox();
    let commands: [&[&str]; 12] = [
        &["--help"],
        &["--version"],
        &["search", "rust"],
        &["search", "rust", "--jsonl"],
        &["user", "robin", "--json"],
        &["whoami"],
        &["endpoints"],
        &["limits", "--all"],
        &["spend", "--prices"],
        &["query", "explain", "rust"],
        &["text", "count", "a text"],
        &["plan", "search", "rust"],
    ];
    for args in commands {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output =
            program(args, &env).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(10), "{args:?}: {}", text(&output.stderr));
    }
}

#[test]
fn unreadable_files_and_invalid_input_have_different_exit_codes() {
    let commands: [&[&str]; 4] = [
        &["text", "html", "/no/such/file"],
        &["rules", "check", "--file", "/no/such/file"],
        &["spend", "--prices", "--price-list", "/no/such/file"],
        &["login", "--import", "/no/such/file"],
    ];
    let folder = tempfile::tempdir().unwrap();
    let env = [("CHIRRUP_CONFIG_DIR", folder.path().to_str().unwrap().to_owned())];
    for args in commands {
        let output = program(args, &env).output().unwrap();
        assert_eq!(output.status.code(), Some(10), "{args:?}");
        assert!(text(&output.stderr).contains("cannot read /no/such/file"), "{}", text(&output.stderr));
    }
    for args in [["text", "count"], ["query", "match"], ["text", "html"]] {
        let args = if args[0] == "query" { vec!["query", "match", "rust"] } else { args.to_vec() };
        let output = with_stdin(&args, &[], b"\xff\xfe\n");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains("cannot read stdin"), "{}", text(&output.stderr));
    }
}

#[test]
fn invalid_arguments_are_explained() {
    let message = |args: &[&str]| {
        let output = program(args, &[]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        text(&output.stderr)
    };
    assert!(message(&["search", "rust", "-n", "abc"]).contains("expected a whole number"));
    assert!(message(&["sandbox", "--port", "70000"]).contains("out of range"));
    assert!(message(&["--sandbox", "show", "abc"]).contains("`abc` is not a post ID or a link to a post"));
    assert!(message(&["--sandbox", "call", "BLAH", "/2/users/12"]).contains("`BLAH` is not one of the methods"));
}

#[test]
fn hints_name_commands_and_variables_of_the_user() {
    let (sandbox, env) = sandbox();
    let hint = |args: &[&str], env: &[(&str, String)]| {
        let stderr = text(&program(args, env).output().unwrap().stderr);
        stderr.lines().find_map(|line| line.strip_prefix("hint: ")).map(str::to_owned).unwrap_or(stderr)
    };
    let bearer = |token: &str| [("CHIRRUP_BASE_URL", sandbox.url()), ("X_BEARER_TOKEN", token.to_owned())];
    let login = "run `chirrup login`, set X_BEARER_TOKEN, or try `--sandbox`";
    assert_eq!(hint(&["search", "rust"], &[]), login);
    assert_eq!(hint(&["whoami"], &[]), login);
    assert_eq!(hint(&["search", "rust"], &env[3..6]), "X_CONSUMER_KEY is not set; set it, or run `chirrup login`");
    let app = env.iter().find(|(name, _)| *name == "X_BEARER_TOKEN").unwrap().1.clone();
    assert_eq!(hint(&["post", "as the app"], &bearer(&app)), "run `chirrup login`");
    assert!(hint(&["show", "20"], &bearer("wrong")).starts_with("X_BEARER_TOKEN is wrong, expired or revoked"));
    for pasted in [format!("\"{app}\""), format!("  Bearer {app}\r\n")] {
        ok(&program(&["show", "20"], &bearer(&pasted)).output().unwrap());
    }
    assert!(hint(&["--budget", "0.001", "post", "too expensive"], &env).starts_with("raise `--budget`"));
    assert!(hint(&["stream"], &env).contains("chirrup rules add"));
    let offered = hint(&["--sandbox", "stream"], &[]);
    assert!(
        offered.contains("each `--sandbox` is new") && offered.contains("rules add 'coffee OR #rustlang'"),
        "{offered}"
    );
    let sample = program(&["--sandbox", "stream", "sample", "-n", "2", "--for", "8", "--jsonl"], &[]).output().unwrap();
    assert_eq!(text(&sample.stdout).lines().count(), 2, "{}", text(&sample.stderr));
    assert!(hint(&["--sandbox", "post", "hello"], &[]).contains("lost when the command ends"));
}
