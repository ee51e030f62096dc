//! The commands of twarc2, each by a command of this program.

use std::fs;

use crate::{ok, program, unlimited, with_stdin};

/// Commands of twarc2, and the words that do the same here. `FILE` is a file with the ID 20, `USERS` one with `robin`, and
/// `QUERIES` one with two queries.
const VERBS: [(&str, &str); 28] = [
    ("compliance-job", "compliance create tweets"),
    ("configure", "login --help"),
    ("conversation", "conversation 20"),
    ("conversations", "conversations FILE"),
    ("counts", "count rust"),
    ("dehydrate", "dehydrate STORED"),
    ("flatten", "flatten STORED"),
    ("followers", "followers robin"),
    ("following", "following robin"),
    ("hydrate", "show --file FILE"),
    ("liked-tweets", "likes robin"),
    ("liking-users", "likers 20"),
    ("lists", "lists owned robin"),
    ("mentions", "mentions robin"),
    ("places", "places Berlin"),
    ("quotes", "quotes 20"),
    ("retweeted-by", "reposts 20"),
    ("sample", "stream sample -n 1"),
    ("search", "search rust"),
    ("searches", "searches QUERIES"),
    ("stream", "stream -n 1"),
    ("stream-rules", "rules list"),
    ("timeline", "timeline robin"),
    ("timelines", "timelines USERS"),
    ("tweet", "show 20"),
    ("user", "user robin"),
    ("users", "user robin ada"),
    ("version", "version"),
];

#[test]
fn each_command_of_twarc_has_a_counterpart() {
    let (sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let stored = ok(&program(&["timeline", "robin", "--jsonl"], &env).output().unwrap());
    for (name, content) in
        [("FILE", "20\n"), ("USERS", "robin\n"), ("QUERIES", "rust\nbirding lang:en\n"), ("STORED", &stored)]
    {
        fs::write(folder.path().join(name), content).unwrap();
    }
    ok(&program(&["rules", "add", "rust OR data OR morning OR birding OR a"], &env).output().unwrap());
    let load = sandbox.generate_posts(20).unwrap();
    for (name, words) in VERBS {
        let words = words.split(' ').map(|word| match word {
            "FILE" | "USERS" | "QUERIES" | "STORED" => folder.path().join(word).to_str().unwrap().to_owned(),
            word => word.to_owned(),
        });
        let words: Vec<String> = words.collect();
        let output = with_stdin(&words.iter().map(String::as_str).collect::<Vec<_>>(), &env, b"");
        let shown = ok(&output);
        let may_be_empty = [
            "conversation",
            "conversations",
            "quotes",
            "retweeted-by",
            "liking-users",
            "lists",
            "places",
            "liked-tweets",
        ];
        assert!(!shown.is_empty() || may_be_empty.contains(&name), "{name}");
    }
    drop(load);
}
