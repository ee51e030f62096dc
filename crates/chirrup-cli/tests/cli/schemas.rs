//! The schemas of `chirrup schema`, and the outputs of all commands against them.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::program::{commands, schema};
use crate::{ok, program, schemas_of_servers, text, unlimited};

/// Commands that print text, a screen, or nothing.
const TEXT: [&str; 13] = [
    "archive import",
    "archive merge",
    "archive report",
    "help",
    "watch",
    "watch stream",
    "watch home",
    "watch search",
    "dehydrate",
    "text link",
    "text html",
    "completions",
    "man",
];

/// Commands for streams of a NATS server, whose tests check their outputs.
const STREAMS: [&str; 2] = ["archive drain", "archive status"];

/// Returns why a document is not valid against a schema.
pub(crate) fn faults(schema: &Json, document: &Json, what: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap_or_else(|why| panic!("{what}: {why}"));
    validator.iter_errors(document).map(|fault| format!("{what}: {}: {fault}", fault.instance_path())).collect()
}

/// Command lines with output, each behind the name of its command. `{…}` are files in a folder.
pub(crate) const RUNS: &[(&str, &str)] = &[
    ("show", "20"),
    ("show", "20 21"),
    ("post", "hello"),
    ("reply", "20 yes"),
    ("quote", "20 look"),
    ("thread", "one two"),
    ("post", "--thread three four"),
    ("edit", "{own} sooner"),
    ("hide", "{reply}"),
    ("unhide", "{reply}"),
    ("delete", "{own}"),
    ("user", "robin"),
    ("user", "robin ada"),
    ("follow", "mika"),
    ("does-follow", "robin"),
    ("like", "20"),
    ("repost", "20"),
    ("media upload", "{png}"),
    ("stream", "sample -n 2"),
    ("rules add", "heron --tag birds"),
    ("rules list", ""),
    ("rules check", "heron"),
    ("rules check", "wren --ask"),
    ("rules sync", "{rules} --yes"),
    ("rules delete", "swift"),
    ("rules clear", ""),
    ("webhook list", ""),
    ("plan", "search rust"),
    ("plan", "post hello"),
    ("spend", ""),
    ("spend", "--prices"),
    ("limits", ""),
    ("limits", "--all"),
    ("call", "get_me"),
    ("endpoints", "search"),
    ("endpoints", ""),
    ("whoami", ""),
    ("profiles", ""),
    ("auth token", ""),
    ("doctor", ""),
    ("query check", "rust ("),
    ("query check", "rust"),
    ("query explain", "rust"),
    ("text count", "hello"),
    ("text check", "hello"),
    ("text entities", "@ada"),
    ("text split", "hello"),
    ("archive verify", "{db}"),
    ("archive stats", "{db}"),
    ("archive query", "{db} timeline"),
    ("archive export", "{db}"),
    ("archive compact", "{db}"),
    ("archive comply", "{db} {posts}"),
    ("flatten", "{posts}"),
    ("version", ""),
    ("explain-error", "403"),
    ("schema", "search"),
    ("search", "rust"),
    ("search", "rust --fields all --expansions all"),
    ("count", "rust"),
    ("searches", "{queries}"),
    ("timelines", "{users}"),
    ("conversations", "{ids}"),
    ("places", "Berlin"),
    ("timeline", "robin"),
    ("timeline", ""),
    ("home", ""),
    ("mentions", ""),
    ("followers", "robin"),
    ("following", "robin"),
    ("leaders", ""),
    ("groupies", ""),
    ("conversation", "20"),
    ("quotes", "20"),
    ("reposts", "20"),
    ("likers", "20"),
    ("likes", ""),
    ("bookmarks", ""),
    ("trends", ""),
    ("trends-at", "1"),
    ("news", "birds"),
    ("unlike", "20"),
    ("unrepost", "20"),
    ("unfollow", "mika"),
    ("block", "mika"),
    ("unblock", "mika"),
    ("mute", "mika"),
    ("unmute", "mika"),
    ("bookmark", "20"),
    ("unbookmark", "20"),
    ("dm", "robin hi"),
    ("dms", ""),
    ("dms-with", "robin"),
    ("users search", "robin"),
    ("users blocked", ""),
    ("users muted", ""),
    ("lists owned", ""),
    ("lists memberships", ""),
    ("lists followed", ""),
    ("lists pinned", ""),
    ("lists create", "Birders"),
    ("lists show", "{list}"),
    ("lists add", "{list} robin"),
    ("lists members", "{list}"),
    ("lists posts", "{list}"),
    ("lists followers", "{list}"),
    ("lists follow", "{list}"),
    ("lists unfollow", "{list}"),
    ("lists pin", "{list}"),
    ("lists unpin", "{list}"),
    ("lists remove", "{list} robin"),
    ("lists delete", "{list}"),
    ("spaces of", "12"),
    ("spaces search", "birds"),
    ("communities search", "birds"),
    ("usage", ""),
    ("credits", ""),
    ("compliance list", "tweets"),
    ("compliance create", "tweets"),
];

/// Writes the files of the runs, and returns a command line with their names.
pub(crate) fn filled(line: &str, folder: &Path, ids: [(&str, &str); 3]) -> String {
    let file = |name: &str| folder.join(name).display().to_string();
    let line = ids.iter().fold(line.to_owned(), |line, (name, id)| line.replace(name, id));
    line.replace("{png}", &file("heron.png"))
        .replace("{rules}", &file("rules.txt"))
        .replace("{db}", &file("birds.db"))
        .replace("{posts}", &file("posts.jsonl"))
        .replace("{queries}", &file("queries.txt"))
        .replace("{users}", &file("users.txt"))
        .replace("{ids}", &file("ids.txt"))
}

#[test]
fn the_output_of_each_command_is_valid_against_its_schema() {
    let (sandbox, mut env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    env.push(("CHIRRUP_CONFIG_DIR", folder.path().join("config").display().to_string()));
    let _load = sandbox.generate_posts_for_streams(20).unwrap();
    let run = |args: &[&str]| program(args, &env).output().unwrap();
    let posts = ok(&run(&["search", "rust OR data", "--jsonl"]));
    let files: [(&str, &[u8]); 6] = [
        ("heron.png", b"\x89PNG\r\n\x1a\nheron"),
        ("rules.txt", b"swift\n"),
        ("posts.jsonl", posts.as_bytes()),
        ("queries.txt", b"rust\n"),
        ("users.txt", b"robin\n"),
        ("ids.txt", b"20\n"),
    ];
    files.iter().for_each(|(name, content)| std::fs::write(folder.path().join(name), content).unwrap());
    let stored = ["posts.jsonl", "birds.db"].map(|name| folder.path().join(name).display().to_string());
    ok(&run(&["archive", "import", &stored[0], "--into", &stored[1]]));
    let created = |args: &[&str]| -> Json { serde_json::from_str(&ok(&run(args))).unwrap() };
    let id = |created: Json| created["data"]["id"].as_str().unwrap().to_owned();
    let own = id(created(&["post", "soon gone", "--json"]));
    let list = id(created(&["lists", "create", "Herons", "--json"]));
    let answered = sandbox.write_post("ada", "a question").unwrap();
    let reply = sandbox.write_reply("robin", "an answer", answered).unwrap().to_string();
    let ids = [("{own}", own.as_str()), ("{list}", list.as_str()), ("{reply}", reply.as_str())];
    for (command, arguments) in RUNS {
        let line = filled(arguments, folder.path(), ids);
        let args: Vec<&str> = ["--json"].into_iter().chain(command.split(' ')).chain(line.split_whitespace()).collect();
        // The run is checked, as all runs of the tests are.
        let output = run(&args);
        assert!(!output.stdout.is_empty(), "{command} {line}: {}", text(&output.stderr));
    }
}

/// Commands that print the responses of any endpoint, or the items of any stream.
const ANY: [&str; 2] = ["call", "stream"];

/// Whether a schema, or a part of it, is an object about whose members it says nothing.
fn is_loose(schema: &Json) -> bool {
    let says = ["properties", "additionalProperties", "description", "anyOf"];
    let is_plain = schema["type"] == "object" && says.iter().all(|name| schema.get(name).is_none());
    let parts = schema.as_array().into_iter().flatten().chain(schema.as_object().into_iter().flat_map(|o| o.values()));
    is_plain || parts.into_iter().any(is_loose)
}

#[test]
fn no_schema_leaves_the_members_of_an_object_open() {
    for command in commands() {
        let output = &schema(command)["output"];
        assert!(!is_loose(output), "{command}: {output}");
        let data = &output["properties"]["data"];
        let depends = [output, data, &data["items"]].iter().any(|schema| !schema["description"].is_null());
        assert!(!depends || ANY.contains(&command.as_str()), "{command}: {output}");
    }
}

#[test]
fn every_command_has_schemas() {
    let run: BTreeSet<&str> = RUNS.iter().map(|(command, _)| *command).collect();
    let mut unchecked = Vec::new();
    for command in commands() {
        let schema = schema(command);
        jsonschema::validator_for(&schema["arguments"]).unwrap();
        jsonschema::validator_for(&schema["error"]).unwrap();
        let is_text = schema["output_format"] == "text";
        assert_eq!(is_text, schema["output"].is_null(), "{command}");
        assert!(!is_text || !run.contains(command.as_str()), "{command} has no schema of its output");
        let elsewhere = [&TEXT[..], &schemas_of_servers::COMMANDS, &STREAMS].concat();
        if !run.contains(command.as_str()) && !elsewhere.contains(&command.as_str()) {
            unchecked.push(command);
        }
    }
    // A collection goes to a file.
    unchecked.retain(|command| command.split(' ').next() != Some("collect"));
    assert!(unchecked.is_empty(), "{unchecked:?}");
}

#[test]
fn arguments_are_described_as_the_command_line_takes_them() {
    let schema = schema("search")["arguments"].clone();
    let search = json!({"query": ["rust"], "--limit": "10", "--all": true});
    assert_eq!(faults(&schema, &search, "a search"), [""; 0]);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for invalid in [json!({}), json!({"query": ["rust"], "--nonsense": true}), json!({"query": 1})] {
        assert!(!validator.is_valid(&invalid), "{invalid}");
    }
    let unknown = program(&["schema", "nonsense"], &[]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn errors_are_valid_against_their_schema() {
    let (_sandbox, env) = unlimited();
    let schema = schema("")["error"].clone();
    for args in [&["show", "404"][..], &["show", "abc"], &["serach", "x"], &["search", "x", "--budget", "0.001"]] {
        for format in ["--json", "--jsonl", "--flat"] {
            let output = program(&[args, &[format]].concat(), &env).output().unwrap();
            let error = serde_json::from_str(text(&output.stderr).lines().last().unwrap()).unwrap();
            assert_eq!(faults(&schema, &error, &format!("{} {format}", args.join(" "))), [""; 0]);
        }
    }
}
