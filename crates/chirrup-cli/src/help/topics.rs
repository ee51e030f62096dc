//! Topics of the help, beside the commands.

/// Name of a topic, its subject and its text.
type Topic = (&'static str, &'static str, fn() -> String);

const TOPICS: &[Topic] = &[
    ("credentials", "where credentials come from", || include_str!("topics/credentials.txt").to_owned()),
    ("environment", "variables that the program reads", || include_str!("topics/environment.txt").to_owned()),
    ("exit-codes", "exit codes by cause", || format!("{}\n", crate::exit::help())),
    ("money", "prices, budgets and plans", || include_str!("topics/money.txt").to_owned()),
    ("output", "tables, JSON and files", || include_str!("topics/output.txt").to_owned()),
];

/// Returns the text of a topic.
pub(crate) fn find(name: &str) -> Option<String> {
    TOPICS.iter().find(|(topic, ..)| *topic == name).map(|(_, _, text)| text())
}

/// Returns the list of topics.
pub(crate) fn list() -> String {
    let lines = TOPICS.iter().map(|(name, about, _)| format!("  {name:<12} {about}\n"));
    format!("Topics of `chirrup help TOPIC`:\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_80_columns() {
        for (name, _, text) in TOPICS {
            for line in text().lines() {
                assert!(line.chars().count() <= 80 || *name == "exit-codes", "{line}");
            }
        }
    }

    #[test]
    fn the_environment_names_each_variable_of_an_option() {
        let text = find("environment").unwrap();
        let program = crate::command_line::command_line();
        let variables = program.get_arguments().filter_map(clap::Arg::get_env);
        let mut count = 0;
        for variable in variables {
            assert!(text.contains(&*variable.to_string_lossy()), "{variable:?}");
            count += 1;
        }
        assert!(count >= 5, "{count}");
    }
}
