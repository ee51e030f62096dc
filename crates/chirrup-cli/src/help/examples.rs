//! Examples in the help of each command.

/// Examples of the commands, which are named by their words.
const EXAMPLES: &[(&str, [&str; 2])] = &[
    ("show", ["chirrup show 20 21", "chirrup show --file ids.txt --jsonl > posts.jsonl"]),
    ("post", ["chirrup post \"Look!\" --media heron.jpg --alt \"A gray heron\"", "date | chirrup post"]),
    ("reply", ["chirrup reply 20 \"I agree\"", "chirrup reply https://x.com/robin/status/20 < answer.txt"]),
    ("quote", ["chirrup quote 20 \"Look at this\"", "chirrup quote https://x.com/robin/status/20 Look"]),
    ("thread", ["chirrup thread < essay.txt", "chirrup thread --once essay-1 --media cover.jpg - < essay.txt"]),
    ("edit", ["chirrup edit 20 \"The corrected text\"", "chirrup edit https://x.com/robin/status/20 < text.txt"]),
    ("delete", ["chirrup delete 20", "chirrup delete https://x.com/robin/status/20"]),
    ("user", ["chirrup user robin ada", "chirrup user https://x.com/robin --json"]),
    ("follow", ["chirrup follow robin", "chirrup follow robin --undo"]),
    ("does-follow", ["chirrup does-follow robin", "chirrup does-follow robin ada"]),
    ("like", ["chirrup like 20", "chirrup like https://x.com/robin/status/20 --undo"]),
    ("repost", ["chirrup repost 20", "chirrup repost 20 --undo"]),
    (
        "media upload",
        ["chirrup media upload heron.jpg --alt \"A gray heron\"", "chirrup media upload talk.mp4 --subtitles talk.srt"],
    ),
    ("stream", ["chirrup stream --into posts.jsonl", "chirrup stream sample --jsonl | jq .data.text"]),
    ("watch", ["chirrup watch", "chirrup --sandbox watch stream sample"]),
    ("watch stream", ["chirrup watch stream", "chirrup watch stream firehose-en --partition 1"]),
    ("watch home", ["chirrup watch home", "chirrup watch home --profile bot"]),
    ("watch search", ["chirrup watch search rust lang:en -is:reply", "chirrup --sandbox watch search heron"]),
    ("rules list", ["chirrup rules list", "chirrup rules list --json > rules.json"]),
    ("rules add", ["chirrup rules add \"heron has:images\" --tag birds", "chirrup rules add cats dogs"]),
    ("rules delete", ["chirrup rules delete 1165037377523306497", "chirrup rules delete \"heron has:images\""]),
    ("rules clear", ["chirrup rules clear", "chirrup plan rules clear"]),
    ("rules sync", ["chirrup rules sync rules.txt", "chirrup rules sync rules.txt --yes"]),
    ("rules check", ["chirrup rules check \"heron has:images\"", "chirrup rules check --file rules.txt --ask"]),
    (
        "webhook listen",
        [
            "chirrup webhook listen --register https://example.com/x",
            "chirrup --sandbox webhook listen --register local --rules",
        ],
    ),
    ("webhook list", ["chirrup webhook list", "chirrup webhook list --json"]),
    (
        "webhook delete",
        ["chirrup webhook delete 1146654567674912769", "chirrup plan webhook delete 1146654567674912769"],
    ),
    (
        "archive query",
        [
            "chirrup archive query birds.db \"SELECT lang, count(*) FROM posts GROUP BY lang\"",
            "chirrup archive query birds.db co_hashtags --csv",
        ],
    ),
    ("archive stats", ["chirrup archive stats birds.db", "chirrup archive stats birds/ --json"]),
    ("archive verify", ["chirrup archive verify birds.db", "chirrup archive verify birds/ --json"]),
    (
        "archive export",
        ["chirrup archive export birds.db > posts.jsonl", "chirrup archive export birds.db --twarc-csv > posts.csv"],
    ),
    ("archive report", ["chirrup archive report birds.db > birds.html", "chirrup archive report birds/ > birds.html"]),
    (
        "archive merge",
        ["chirrup archive merge monday.db tuesday.db --into week.db", "chirrup archive merge birds.db --into birds/"],
    ),
    ("archive compact", ["chirrup archive compact birds/", "chirrup archive compact birds.db --json"]),
    (
        "archive drain",
        [
            "chirrup archive drain nats://localhost:4222/birds --into birds.db",
            "chirrup archive drain nats://localhost:4222/birds --into birds/ --once",
        ],
    ),
    (
        "archive status",
        [
            "chirrup archive status nats://localhost:4222/birds",
            "chirrup archive status nats://localhost:4222/birds --json",
        ],
    ),
    (
        "archive comply",
        ["chirrup archive comply birds.db events.jsonl", "chirrup archive comply birds.db results.jsonl --json"],
    ),
    (
        "archive import",
        ["chirrup archive import posts.jsonl --into birds.db", "chirrup archive import a.jsonl b.jsonl --into birds/"],
    ),
    ("mcp", ["chirrup mcp --level write --budget 2.50", "chirrup --sandbox mcp --level spend --http 0"]),
    ("schema", ["chirrup schema search", "chirrup schema rules add | jq .output"]),
    ("explain-error", ["chirrup explain-error rate_limited", "chirrup explain-error 403 --json"]),
    ("plan", ["chirrup plan search rust -n 500", "chirrup plan post \"Hello\" --media heron.jpg"]),
    ("spend", ["chirrup spend", "chirrup spend --prices > prices.yaml"]),
    ("limits", ["chirrup limits", "chirrup limits --all --json"]),
    (
        "call",
        [
            "chirrup call search_recent query=rust -n 500 --jsonl",
            "chirrup call POST /2/tweets text=Hello made_with_ai:=true",
        ],
    ),
    ("endpoints", ["chirrup endpoints search", "chirrup endpoints --auth app_only --method POST"]),
    ("login", ["chirrup login", "chirrup login --app-only --profile bot"]),
    ("logout", ["chirrup logout", "chirrup logout --profile bot"]),
    ("whoami", ["chirrup whoami", "chirrup whoami --profile bot --json"]),
    ("profiles", ["chirrup profiles", "chirrup profiles --json"]),
    ("auth token", ["chirrup auth token --app-only", "chirrup auth token --profile bot"]),
    ("doctor", ["chirrup doctor", "chirrup doctor --profile bot"]),
    (
        "query check",
        ["chirrup query check rust lang:en -is:reply", "chirrup query check \"heron has:images\" --for stream"],
    ),
    ("query explain", ["chirrup query explain \"cat OR (dog -has:images)\"", "chirrup query explain rust -is:reply"]),
    (
        "query match",
        [
            "chirrup query match rust -is:reply < posts.jsonl",
            "chirrup stream sample --jsonl | chirrup query match rust",
        ],
    ),
    ("text count", ["chirrup text count \"How long is this?\"", "chirrup text count < drafts.txt"]),
    ("text check", ["chirrup text check \"Is this a valid post?\"", "chirrup text check < drafts.txt"]),
    ("text entities", ["chirrup text entities \"#birding with @robin\"", "chirrup text entities < drafts.txt"]),
    ("text link", ["chirrup text link \"#birding with @robin\"", "chirrup text link --raw < drafts.txt"]),
    ("text html", ["chirrup text html posts.jsonl", "chirrup show 20 --json | chirrup text html"]),
    ("text split", ["chirrup text split < essay.txt", "chirrup text split --number none < essay.txt"]),
    ("flatten", ["chirrup flatten posts.jsonl > flat.jsonl", "chirrup flatten posts.jsonl --csv --columns id,text"]),
    ("dehydrate", ["chirrup dehydrate posts.jsonl > ids.txt", "chirrup search rust --jsonl | chirrup dehydrate"]),
    ("sandbox", ["chirrup sandbox --faults flaky --log", "chirrup sandbox --background"]),
    (
        "sandbox trigger",
        [
            "chirrup sandbox trigger post.mention.create --to http://127.0.0.1:8080/",
            "chirrup sandbox trigger dm.received --user robin",
        ],
    ),
    ("sandbox stop", ["chirrup sandbox stop", "chirrup sandbox stop --quiet"]),
    (
        "sandbox client create",
        ["chirrup sandbox client create --data world.db", "chirrup sandbox client create --data world.db --user robin"],
    ),
    ("help", ["chirrup help rules sync", "chirrup help topics"]),
    (
        "completions",
        [
            "chirrup completions bash > ~/.local/share/bash-completion/completions/chirrup",
            "chirrup completions fish | source",
        ],
    ),
    ("man", ["chirrup man | man -l -", "chirrup man --dir ~/.local/share/man/man1"]),
    ("version", ["chirrup version", "chirrup version --json"]),
];

/// Adds the examples to the help of the commands.
pub(crate) fn with_examples(program: clap::Command) -> clap::Command {
    EXAMPLES.iter().fold(program, |program, (path, examples)| {
        let words: Vec<&str> = path.split(' ').collect();
        set(program, &words, examples)
    })
}

fn set(command: clap::Command, words: &[&'static str], examples: &[&str; 2]) -> clap::Command {
    match words {
        [] => command.after_help(format!("Examples:\n  {}\n  {}", examples[0], examples[1])),
        [name, rest @ ..] => command.mut_subcommand(name, |command| set(command, rest, examples)),
    }
}

/// Splits a line of a shell into the command lines of this program.
#[cfg(test)]
pub(crate) fn commands_of(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let (mut word, mut quoted) = (String::new(), false);
    for c in line.chars().chain([' ']) {
        match c {
            '"' => quoted = !quoted,
            '|' | '>' | '<' if !quoted => commands.push(vec![c.to_string()]),
            ' ' if !quoted => {
                if !word.is_empty() {
                    let word = std::mem::take(&mut word);
                    commands.last_mut().into_iter().for_each(|command: &mut Vec<String>| command.push(word.clone()));
                }
            }
            _ => word.push(c),
        }
    }
    for command in &mut commands {
        command.retain(|word| word != "|");
    }
    commands.retain(|command| command.first().is_some_and(|word| word == "chirrup"));
    commands
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, error::ErrorKind};

    use super::*;
    use crate::args::Args;
    use crate::command_line::{command_line, marked};

    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        let has_own = command.get_arguments().any(|arg| !arg.is_global_set());
        if !path.is_empty() && (has_own || !command.is_subcommand_required_set()) {
            found.push(path.to_owned());
        }
        for sub in command.get_subcommands() {
            leaves(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn each_command_has_examples() {
        let mut commands = Vec::new();
        leaves(&Args::command(), "", &mut commands);
        let mut named: Vec<&str> = EXAMPLES.iter().map(|(path, _)| *path).collect();
        commands.sort_unstable();
        named.sort_unstable();
        assert_eq!(named, commands);
    }

    #[test]
    fn the_examples_are_valid_command_lines() {
        for (path, examples) in EXAMPLES {
            for example in examples {
                assert!(example.contains(&format!("chirrup {path}")) || example.contains(path), "{example}");
                for words in commands_of(example) {
                    let parsed = command_line().try_get_matches_from(marked(words));
                    let error = parsed.err().filter(|error| error.kind() != ErrorKind::DisplayHelp);
                    assert!(error.is_none(), "{example}: {}", error.unwrap());
                }
            }
        }
    }
}
