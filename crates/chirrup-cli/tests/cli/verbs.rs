//! Commands that call one endpoint, selection, threads and hydration.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::{ok, program, sandbox, text, unlimited, with_stdin};

/// Runs the program and returns its JSON.
fn json(args: &[&str], env: &[(&str, String)]) -> Json {
    serde_json::from_str(&ok(&program(&[args, &["--json"]].concat(), env).output().unwrap())).unwrap()
}

fn stdout(args: &[&str], env: &[(&str, String)]) -> String {
    ok(&program(args, env).output().unwrap())
}

#[test]
fn writes_and_their_opposites_say_what_they_did() {
    let (_sandbox, env) = unlimited();
    let pairs = [
        (["block", "robin"], "blocked robin", ["unblock", "@robin"], "unblocked @robin"),
        (["mute", "12"], "muted 12", ["unmute", "https://x.com/robin"], "unmuted"),
        (["bookmark", "20"], "bookmarked 20", ["unbookmark", "20"], "removed the bookmark of 20"),
        (["like", "20"], "liked 20", ["unlike", "20"], "unliked 20"),
        (["repost", "20"], "reposted 20", ["unrepost", "20"], "undid the repost of 20"),
        (["follow", "mika"], "following mika", ["unfollow", "mika"], "unfollowed mika"),
    ];
    for (args, done, opposite, undone) in pairs {
        assert!(stdout(&args, &env).contains(done), "{args:?}");
        assert!(stdout(&opposite, &env).contains(undone), "{opposite:?}");
    }
    stdout(&["bookmark", "20"], &env);
    assert!(stdout(&["bookmarks"], &env).contains("20"));
    stdout(&["block", "robin"], &env);
    assert!(stdout(&["users", "blocked"], &env).contains("12\trobin\t"));
    stdout(&["mute", "robin"], &env);
    assert!(stdout(&["users", "muted"], &env).contains("12\trobin\t"));
}

#[test]
fn lists_are_created_changed_and_read() {
    let (_sandbox, env) = unlimited();
    let created = json(&["lists", "create", "Birders", "--private", "true"], &env);
    let id = created["data"]["id"].as_str().unwrap();
    assert!(stdout(&["lists", "add", id, "robin"], &env).contains("added to list"));
    assert!(stdout(&["lists", "members", id], &env).contains("12\trobin\t"));
    assert_eq!(json(&["lists", "show", &format!("https://x.com/i/lists/{id}")], &env)["data"]["name"], "Birders");
    assert!(stdout(&["lists", "owned"], &env).contains("Birders"));
    assert!(stdout(&["lists", "pin", id], &env).contains("pinned list"));
    assert!(stdout(&["lists", "pinned"], &env).contains(id));
    assert!(stdout(&["lists", "unpin", id], &env).contains("unpinned list"));
    stdout(&["lists", "posts", id, "-n", "5"], &env);
    stdout(&["lists", "followers", id], &env);
    stdout(&["lists", "followed"], &env);
    stdout(&["lists", "memberships", "robin"], &env);
    assert!(stdout(&["lists", "remove", id, "robin"], &env).contains("removed from list"));
    assert!(stdout(&["lists", "delete", id], &env).contains("deleted list"));
    let wrong = program(&["lists", "show", "birds"], &env).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("`birds` is not a list ID or a link to a list"));
}

#[test]
fn direct_messages_are_sent_and_listed() {
    let (_sandbox, env) = unlimited();
    assert!(ok(&with_stdin(&["dm", "@robin", "-", "--json"], &env, b"by the lake\n")).contains("dm_event_id"));
    stdout(&["dm", "robin", "See", "you"], &env);
    for args in [&["dms"][..], &["dms-with", "robin"]] {
        let shown = stdout(args, &env);
        assert!(shown.contains("by the lake") && shown.contains("See you"), "{shown}");
    }
}

#[test]
fn posts_and_users_are_read_in_many_ways() {
    let (_sandbox, env) = unlimited();
    let reads: [&[&str]; 14] = [
        &["quotes", "20"],
        &["reposts", "20"],
        &["likers", "20"],
        &["likes", "robin"],
        &["conversation", "20"],
        &["users", "search", "robin"],
        &["trends"],
        &["trends-at", "1"],
        &["news", "birds"],
        &["spaces", "search", "birds"],
        &["spaces", "of", "12"],
        &["communities", "search", "birds"],
        &["usage"],
        &["compliance", "list", "tweets"],
    ];
    for args in reads {
        json(args, &env);
    }
    assert!(stdout(&["users", "search", "robin"], &env).contains("12\trobin\t"));
    let job = json(&["compliance", "create", "tweets", "--name", "birds"], &env);
    let id = job["data"]["id"].as_str().unwrap();
    assert_eq!(json(&["compliance", "show", id], &env)["data"]["name"], "birds");
}

#[test]
fn a_limit_below_a_page_says_what_is_billed() {
    let (_sandbox, env) = sandbox();
    let few = program(&["search", "rust", "-n", "3"], &env).output().unwrap();
    assert!(text(&few.stderr).contains("`-n 10` prints them at the same cost"), "{}", text(&few.stderr));
    let all = program(&["search", "rust", "-n", "10"], &env).output().unwrap();
    assert!(all.stderr.is_empty(), "{}", text(&all.stderr));
}

#[test]
fn a_refused_connection_says_why() {
    let env = [("CHIRRUP_BASE_URL", "http://127.0.0.1:9".to_owned()), ("X_BEARER_TOKEN", "t".to_owned())];
    let other = [("CHIRRUP_BASE_URL", "ftp://127.0.0.1:9".to_owned()), env[1].clone()];
    let unknown = program(&["search", "rust"], &other).output().unwrap();
    assert!(text(&unknown.stderr).contains("its scheme is `ftp`, not https"), "{}", text(&unknown.stderr));
    let output = program(&["search", "rust", "--no-wait"], &env).output().unwrap();
    assert_eq!(output.status.code(), Some(6));
    assert!(
        text(&output.stderr).to_lowercase().contains("127.0.0.1:9`: connection refused"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn users_who_do_not_follow_back_are_listed() {
    let (_sandbox, env) = sandbox();
    let ids = |args: &[&str]| -> BTreeSet<String> {
        let printed = stdout(&[args, &["-n", "all", "--template", "{id}"]].concat(), &env);
        printed.lines().map(str::to_owned).collect()
    };
    let (following, followers) = (ids(&["following", "ada"]), ids(&["followers", "ada"]));
    assert!(following.len() > followers.intersection(&following).count(), "a user does not follow back");
    assert_eq!(ids(&["leaders"]), following.difference(&followers).cloned().collect());
    assert_eq!(ids(&["groupies"]), followers.difference(&following).cloned().collect());
    let lines = stdout(&["leaders", "-n", "all", "--jsonl"], &env);
    assert_eq!(lines.lines().count(), following.difference(&followers).count());
}

#[test]
fn one_user_follows_another_or_not() {
    let (_sandbox, env) = sandbox();
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    ok(&run(&["unfollow", "robin"]));
    let no = run(&["does-follow", "ada", "robin"]);
    assert_eq!((no.status.code(), text(&no.stdout).trim()), (Some(1), "ada does not follow robin"));
    assert!(no.stderr.is_empty(), "{}", text(&no.stderr));
    ok(&run(&["follow", "robin"]));
    assert_eq!(
        stdout(&["does-follow", "@ada", "https://x.com/robin"], &env).trim(),
        "@ada follows https://x.com/robin"
    );
    assert_eq!(json(&["does-follow", "ada", "robin"], &env)["data"]["following"], true);
    let mutual = run(&["does-follow", "robin"]);
    let both = run(&["does-follow", "robin", "ada"]);
    assert_eq!(mutual.status.code(), both.status.code(), "without a second user it is about the authenticated one");
    assert_eq!(run(&["does-follow", "nobody_at_all"]).status.code(), Some(5));
}

#[test]
fn results_are_selected_by_time_order_and_fields() {
    let (_sandbox, env) = sandbox();
    let planned = |args: &[&str]| stdout(&[&["plan"], args, &["--json"]].concat(), &env);
    let plan = planned(&["search", "rust", "--since", "2026-01-31", "--until", "2026-02-01T12:00:00Z", "--all"]);
    assert!(plan.contains("/search/all") && plan.contains("start_time=2026-01-31T00%3A00%3A00"), "{plan}");
    assert!(plan.contains("end_time=2026-02-01T12%3A00%3A00"), "{plan}");
    let plan = planned(&["timeline", "12", "--since-id", "20", "--no-replies", "--fields", "lang,user.location"]);
    assert!(plan.contains("since_id=20") && plan.contains("exclude=replies"), "{plan}");
    assert!(plan.contains("tweet.fields=lang&") || plan.contains("tweet.fields=lang\""), "{plan}");
    assert!(plan.contains("user.fields=location"), "{plan}");
    let plan = planned(&["search", "rust", "--sort", "relevancy", "--expansions", "none"]);
    assert!(plan.contains("sort_order=relevancy") && !plan.contains("expansions"), "{plan}");
    assert!(planned(&["count", "rust", "--since", "2d ago", "--by", "hour"]).contains("granularity=hour"));
    let refused = |args: &[&str], message: &str| {
        let output = program(args, &env).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    };
    refused(&["search", "rust", "--since", "yesterday"], "`yesterday` is not a time");
    refused(&["search", "rust", "--fields", "color"], "`color` is not a known field");
    refused(&["search", "rust", "--fields", "bird.color"], "`bird.color` is not a field of the results");
    refused(&["search", "rust", "--expansions", "color"], "`color` is not a known expansion");
    refused(&["usage", "--days", "x"], "expected a whole number");
    let fields = json(&["user", "robin"], &env);
    assert_eq!(fields["data"]["username"], "robin");
    let post = json(&["timeline", "robin", "-n", "5", "--fields", "lang"], &env);
    assert!(post["data"][0]["lang"].is_string() && post["data"][0]["public_metrics"].is_null(), "{post}");
}

#[test]
fn all_results_can_be_requested() {
    let (_sandbox, env) = unlimited();
    let lines = stdout(&["followers", "robin", "-n", "all", "--jsonl"], &env).lines().count();
    let followers = json(&["user", "robin"], &env)["data"]["public_metrics"]["followers_count"].as_u64().unwrap();
    assert_eq!(lines as u64, followers);
    let planned = stdout(&["plan", "followers", "12", "-n", "all"], &env);
    assert!(planned.contains("unknown"), "{planned}");
}

#[test]
fn a_call_by_name_walks_pages() {
    let (_sandbox, env) = unlimited();
    let lines = stdout(&["call", "followers", "id=12", "max_results=2", "-n", "5", "--jsonl"], &env);
    assert_eq!(lines.lines().count(), 5, "{lines}");
    let single = program(&["call", "get_user", "id=12", "-n", "5"], &env).output().unwrap();
    assert_eq!(single.status.code(), Some(2));
    assert!(text(&single.stderr).contains("has no pages"), "{}", text(&single.stderr));
}

#[test]
fn replies_quotes_and_threads_refer_to_posts() {
    let (_sandbox, env) = unlimited();
    let id = |args: &[&str]| json(args, &env)["data"]["id"].as_str().unwrap().to_owned();
    let reply = id(&["reply", "20", "I", "agree"]);
    let shown = json(&["call", "get_post", &format!("id={reply}"), "tweet.fields=referenced_tweets"], &env);
    assert_eq!(shown["data"]["referenced_tweets"][0]["type"], "replied_to");
    let quote = id(&["quote", "https://x.com/robin/status/20", "Look"]);
    let shown = json(&["call", "get_post", &format!("id={quote}"), "tweet.fields=referenced_tweets"], &env);
    assert_eq!(shown["data"]["referenced_tweets"][0]["type"], "quoted");

    let essay = "Herons wait by the water. ".repeat(30);
    let thread: Json = serde_json::from_str(&ok(&with_stdin(&["thread", "--json"], &env, essay.as_bytes()))).unwrap();
    let posts = thread["data"].as_array().unwrap();
    assert!(posts.len() >= 3, "{thread}");
    let second = posts[1]["id"].as_str().unwrap();
    let shown = json(&["call", "get_post", &format!("id={second}"), "tweet.fields=referenced_tweets"], &env);
    assert_eq!(shown["data"]["referenced_tweets"][0]["id"], posts[0]["id"]);
    let planned = ok(&with_stdin(&["plan", "post", "--thread", "-", "--json"], &env, essay.as_bytes()));
    let planned: Json = serde_json::from_str(&planned).unwrap();
    assert_eq!(planned["data"][0]["times"], posts.len(), "{planned}");
}

#[test]
fn posts_of_a_file_are_shown_in_parts() {
    let (sandbox, env) = sandbox();
    let mut ids: Vec<String> = Vec::new();
    for user in ["robin", "mika", "darah"] {
        let found = stdout(&["timeline", user, "-n", "60", "--jsonl"], &env);
        let posts = found.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        ids.extend(posts.map(|post| post["data"]["id"].as_str().unwrap().to_owned()));
    }
    assert!((101..=200).contains(&ids.len()), "{}", ids.len());
    // Repeated posts count once.
    let links = ids.iter().chain(&ids).map(|id| format!("https://x.com/robin/status/{id}\n"));
    let many = links.collect::<String>();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ids.txt");
    std::fs::write(&file, &many).unwrap();
    let before = sandbox.journal().len();
    let shown = stdout(&["show", "--file", file.to_str().unwrap(), "--jsonl"], &env);
    assert_eq!(shown.lines().count(), ids.len(), "each post is printed once");
    assert_eq!(sandbox.journal().len(), before + 2, "a request has at most 100 posts");
    let from_stdin = ok(&with_stdin(&["show", "--jsonl"], &env, format!("{}\n{}\n", ids[0], ids[1]).as_bytes()));
    assert_eq!(from_stdin.lines().count(), 2);
}

#[test]
fn the_editor_is_not_needed_for_a_text_from_a_pipe() {
    let (sandbox, env) = sandbox();
    let empty = with_stdin(&["dm", "robin"], &env, b"\n");
    assert_eq!(empty.status.code(), Some(2));
    assert!(text(&empty.stderr).contains("the message has no text: stdin is empty"), "{}", text(&empty.stderr));
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}

#[test]
fn invalid_media_and_polls_are_refused_before_anything_is_sent() {
    let (sandbox, env) = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("talk.mp4");
    std::fs::write(&video, b"x").unwrap();
    let video = video.to_str().unwrap();
    let cases: [(&[&str], &str, i32); 5] = [
        (&["post", "x", "--media", video, "--media", "1"], "one video or GIF", 2),
        (&["post", "x", "--poll", "Yes"], "2 to 4 options", 2),
        (&["post", "x", "--poll", "Yes", "--poll", &"n".repeat(26)], "1 to 25 characters", 2),
        (&["post", "x", "--poll", "Yes", "--poll", "No", "--poll-minutes", "1"], "5 to 10080 minutes", 2),
        (&["post", "x", "--media", "/no/such/heron.jpg"], "cannot read /no/such/heron.jpg", 10),
    ];
    for (args, message, code) in cases {
        let output = program(args, &env).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
    assert!(sandbox.journal().is_empty());
}
