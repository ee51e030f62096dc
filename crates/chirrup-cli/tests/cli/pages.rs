//! Results of several pages: what is printed stays, whatever ends the run.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value as Json;

use super::scripted_server::{response, scripted};
use super::{ok, program, text};

/// Returns a page with one post, whose text is `words` and the ID, and the token of the next page.
fn page(id: usize, words: &str, token: &str) -> String {
    let post = format!(r#"{{"text":"{words} {id}","author_id":"12","id":"{id}","score":1.0e2}}"#);
    let users = r#"[{"id":"12","username":"robin","name":"Robin"},{"id":"13","username":"mika","name":"Mika"}]"#;
    let meta = format!(r#"{{"result_count":1,"next_token":"{token}"}}"#);
    response(200, &format!(r#"{{"data":[{post}],"includes":{{"users":{users}}},"meta":{meta}}}"#))
}

#[test]
fn pages_before_an_error_are_printed_and_the_run_can_continue() {
    for (format, status, code) in [
        (&["--jsonl"][..], 429, 3),
        (&["--json"], 429, 3),
        (&[], 429, 3),
        (&["--jsonl"], 404, 5),
        (&[], 400, 1),
        (&["--json"], 401, 4),
    ] {
        let (env, requests) = scripted(move |_, n| match n {
            0..2 => page(30 - n, "a heron", &format!("t{n}")),
            _ => response(status, r#"{"title":"Refused","detail":"not now"}"#),
        });
        let args = [&["search", "heron", "-n", "50", "--no-wait"], format].concat();
        let output = program(&args, &env).output().unwrap();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(printed.contains("heron 30") && printed.contains("heron 29"), "{printed}");
        if format == ["--json"] {
            let whole: Json = serde_json::from_str(&printed).unwrap();
            assert_eq!(
                (&whole["data"][1]["id"], &whole["meta"]["next_token"]),
                (&"29".into(), &"t1".into()),
                "{printed}"
            );
        }
        assert!(said.contains("2 posts are printed; add `--page-token t1` to continue after them"), "{said}");
        assert!(requests.lock().unwrap()[2].contains("token=t1"), "{requests:?}");
    }
    let (env, requests) = scripted(|_, _| page(28, "a heron", ""));
    ok(&program(&["search", "heron", "-n", "50", "--page-token", "t1"], &env).output().unwrap());
    let requests = requests.lock().unwrap();
    assert!(requests.len() == 1 && requests[0].contains("token=t1"), "an empty token is the end: {requests:?}");
}

#[test]
fn a_walk_ends_when_the_server_repeats_its_pages() {
    let loops: [fn(usize) -> String; 3] = [
        |_| page(20, "a heron", "same"),
        |n| page(20 + n % 2, "a heron", ["a", "b"][n % 2]),
        |_| response(200, r#"{"meta":{"result_count":0,"next_token":"same"}}"#),
    ];
    for body in loops {
        let (env, requests) = scripted(move |_, n| body(n));
        let output = program(&["followers", "12", "-n", "500", "--jsonl"], &env).output().unwrap();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(6), "{said}");
        assert!(said.contains("page token for the second time") && !said.contains("resume:"), "{said}");
        assert!(requests.lock().unwrap().len() <= 3, "{requests:?}");
        let mut lines: Vec<&str> = printed.lines().collect();
        lines.dedup();
        assert_eq!(lines.len(), printed.lines().count(), "no item is printed twice: {printed}");
    }
}

#[cfg(unix)]
#[test]
fn no_page_is_requested_after_the_reader_has_closed_the_pipe() {
    for format in ["--jsonl", "--json", "--quiet"] {
        let (env, requests) = scripted(|_, n| page(100 - n, "a heron", &format!("t{n}")));
        let mut command = program(&["search", "heron", "-n", "50", format], &env);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert!(child.wait().unwrap().success() && said.is_empty(), "{said}");
        assert_eq!(requests.lock().unwrap().len(), 1, "{format}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_run_and_not_the_output() {
    let (env, requests) = scripted(|_, n| {
        std::thread::sleep(Duration::from_millis(if n < 2 { 0 } else { 700 }));
        page(100 - n, "a heron", &format!("t{n}"))
    });
    let mut command = program(&["search", "heron", "-n", "50", "--jsonl"], &env);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while requests.lock().unwrap().len() < 3 {
        std::thread::sleep(Duration::from_millis(20));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert_eq!(printed.lines().count(), 3, "the page in transit is paid for and printed");
    assert!(said.contains("\"kind\":\"interrupted\"") && said.contains("--page-token t2"), "{said}");
}

#[test]
fn json_is_what_the_server_sent() {
    let body =
        r#"{"zebra":1.0e2,"data":[{"id":"20","text":"a","n":12345678901234567890123,"n":2.50}],"aardvark":null}"#;
    let (env, _) = scripted(move |_, _| response(200, body));
    for args in [&["search", "heron", "--json"][..], &["call", "GET", "/2/tweets/20"], &["show", "20", "21", "--json"]]
    {
        let printed = ok(&program(args, &env).output().unwrap());
        let without_layout: String = printed.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(without_layout, body);
        assert!(printed.contains("\n  \"zebra\": 1.0e2,\n"), "it is indented: {printed}");
    }
}

#[test]
fn the_pages_of_a_result_are_one_json_document() {
    let (env, _) = scripted(|_, n| page(30 - n, "a heron", ["t0", "t1", ""][n % 3]));
    let printed = ok(&program(&["search", "heron", "-n", "50", "--json"], &env).output().unwrap());
    let whole: Json = serde_json::from_str(&printed).unwrap();
    let ids: Vec<&str> = whole["data"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["30", "29", "28"]);
    assert_eq!(whole["includes"]["users"].as_array().unwrap().len(), 2, "each user once");
    assert_eq!(whole["meta"]["result_count"], 3);
    assert_eq!(printed.matches("\"score\": 1.0e2").count(), 3, "numbers are as the server sent them: {printed}");
}

#[test]
fn a_line_has_the_objects_that_belong_to_its_item() {
    let (env, _) = scripted(|_, _| page(20, "a heron", ""));
    let line = ok(&program(&["search", "heron", "--jsonl"], &env).output().unwrap());
    let json: Json = serde_json::from_str(&line).unwrap();
    assert_eq!(json["data"]["id"], "20");
    assert_eq!(json["includes"]["users"].as_array().unwrap().len(), 1, "{line}");
    assert_eq!(json["includes"]["users"][0]["username"], "robin");
    assert!(line.contains("1.0e2"), "{line}");
}

#[test]
fn texts_of_others_do_not_control_the_terminal() {
    let hostile = r"\u001b[2J\u001b]0;x\u0007\u009b31m\u007f\u202ereversed\u2066\r\u0008";
    for literal in [false, true] {
        let words = match literal {
            true => serde_json::from_str::<String>(&format!("\"{hostile}\""))
                .unwrap()
                .replace(['\u{1b}', '\u{7}', '\r', '\u{8}'], ""),
            false => hostile.to_owned(),
        };
        for args in [&["search", "heron"][..], &["search", "heron", "--json"], &["search", "heron", "--jsonl"]] {
            let words = words.clone();
            let (env, _) = scripted(move |_, _| page(20, &words, ""));
            let printed = ok(&program(args, &env).output().unwrap());
            let controls: Vec<char> = printed
                .chars()
                .filter(|c| (c.is_control() && !matches!(*c, '\n' | '\t')) || ('\u{202a}'..='\u{2069}').contains(c))
                .collect();
            assert!(printed.contains("reversed") && controls.is_empty(), "{controls:?} in {printed}");
        }
    }
    let (env, _) = scripted(move |_, _| response(403, &format!(r#"{{"title":"Forbidden","detail":"{hostile}"}}"#)));
    let output = program(&["search", "heron"], &env).output().unwrap();
    let said = text(&output.stderr);
    assert!(said.contains("reversed") && !said.chars().any(|c| c.is_control() && c != '\n'), "{said:?}");
}

#[test]
fn values_that_no_type_holds_lose_nothing() {
    for odd in [r#""\ud800""#, "1e400", "NaN", r#"{"a":"\udfff"}"#] {
        let post = format!(r#"{{"id":"20","text":"a heron","author_id":"12","reply_settings":{odd}}}"#);
        let (env, _) = scripted(move |_, _| {
            let users = r#"[{"id":"12","username":"robin","name":"Robin"}]"#;
            response(200, &format!(r#"{{"data":[{post}],"includes":{{"users":{users}}},"meta":{{"result_count":1}}}}"#))
        });
        for format in [&[][..], &["--jsonl"], &["--json"], &["--csv"]] {
            // The document is that of the server, which the parser of the schemas does not read.
            let mut run = program(&[&["search", "heron", "-n", "10"], format].concat(), &env);
            let output = run.unchecked().output().unwrap();
            let (printed, said) = (text(&output.stdout), text(&output.stderr));
            assert!(output.status.success() && !said.contains("no results"), "{odd} {format:?}: {said}");
            assert!(printed.contains("a heron") && printed.contains("robin"), "{odd} {format:?}: {printed}");
        }
    }
}

#[test]
fn an_object_without_members_is_no_result() {
    let (env, _) = scripted(|_, _| response(200, r#"{"data":{ }}"#));
    let output = program(&["user", "robin"], &env).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(6), String::new()), "{}", text(&output.stderr));
}

#[test]
fn the_words_of_a_refusal_are_one_line() {
    let (env, _) = scripted(|_, _| response(403, &format!(r#"{{"detail":"not\nnow {}"}}"#, "x".repeat(5_000))));
    let said = text(&program(&["show", "20"], &env).output().unwrap().stderr);
    assert!(said.contains("not now x") && said.len() < 800, "{said}");
}

#[test]
fn a_refusal_whose_connection_breaks_keeps_its_status_and_the_beginning_of_its_words() {
    let (env, _) = scripted(|_, _| {
        let whole =
            response(403, "<!doctype html><html><title>Blocked by the gateway</title><body>heron</body></html>");
        whole[..whole.len() - 20].to_owned()
    });
    let output = program(&["search", "heron"], &env).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert!(said.contains("403 Forbidden") && said.contains("Blocked by the gateway"), "{said}");
}

#[test]
fn what_is_named_twice_is_requested_once() {
    let (env, requests) = scripted(|line, _| {
        let one = line.contains("/username/");
        let user = r#"{"id":"12","username":"robin","name":"Robin"}"#;
        let users = if one { user.to_owned() } else { format!("[{user}]") };
        let posts = r#"[{"id":"20","text":"a"},{"id":"21","text":"b"}]"#.to_owned();
        response(200, &format!(r#"{{"data":{}}}"#, if line.contains("/users") { users } else { posts }))
    });
    for args in [&["show", "20", " 21", "https://x.com/a/status/20"][..], &["user", "robin", "@robin ", "X.com/robin"]]
    {
        ok(&program(args, &env).output().unwrap());
    }
    ok(&program(&["call", "GET", "/2/tweets/search/recent?query=a b"], &env).output().unwrap());
    let requests = requests.lock().unwrap();
    assert!(requests[0].contains("ids=20%2C21&"), "{requests:?}");
    assert!(requests[1].contains("/2/users/by/username/robin?"), "{requests:?}");
    assert!(requests[2].contains("query=a%20b") || requests[2].contains("query=a+b"), "{requests:?}");
}
