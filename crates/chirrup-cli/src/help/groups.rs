//! Groups of commands in the help of the program.

use std::fmt::Write as _;

use clap::builder::Styles;

/// Headings with their commands. Commands of one line do and undo the same.
const GROUPS: &[(&str, &[&[&str]])] = &[
    ("Write", &[&["post"], &["reply"], &["quote"], &["thread"], &["edit"], &["delete"], &["media"]]),
    (
        "Act",
        &[
            &["like", "unlike"],
            &["repost", "unrepost"],
            &["bookmark", "unbookmark"],
            &["follow", "unfollow"],
            &["block", "unblock"],
            &["mute", "unmute"],
            &["hide", "unhide"],
        ],
    ),
    (
        "Read posts",
        &[
            &["search"],
            &["searches"],
            &["count"],
            &["show"],
            &["conversation"],
            &["conversations"],
            &["quotes"],
            &["timeline"],
            &["timelines"],
            &["home"],
            &["mentions"],
            &["likes"],
            &["bookmarks"],
        ],
    ),
    (
        "Read users",
        &[
            &["user"],
            &["users"],
            &["followers"],
            &["following"],
            &["leaders"],
            &["groupies"],
            &["does-follow"],
            &["reposts"],
            &["likers"],
        ],
    ),
    ("Read more", &[&["lists"], &["spaces"], &["communities"], &["news"], &["trends"], &["trends-at"], &["places"]]),
    ("Messages", &[&["dm"], &["dms"], &["dms-with"]]),
    ("Archive", &[&["collect"], &["archive"]]),
    ("Streams and webhooks", &[&["stream"], &["watch"], &["rules"], &["webhook"]]),
    ("Agents", &[&["mcp"]]),
    ("Any endpoint", &[&["call"], &["endpoints"], &["compliance"]]),
    ("Money and limits", &[&["plan"], &["spend"], &["limits"], &["usage"], &["credits"]]),
    ("Logins", &[&["login"], &["logout"], &["whoami"], &["profiles"], &["auth"], &["doctor"]]),
    ("Offline", &[&["sandbox"], &["query"], &["text"], &["flatten"], &["dehydrate"]]),
    ("Program", &[&["help"], &["explain-error"], &["schema"], &["completions"], &["man"], &["version"]]),
];

/// Sets the help of the program, which lists the commands in groups.
pub(crate) fn with_groups(mut program: clap::Command) -> clap::Command {
    let mut template = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    let header = *Styles::default().get_header();
    let literal = *Styles::default().get_literal();
    let lines = GROUPS.iter().flat_map(|(_, lines)| lines.iter().map(|names| names.join(", ").len()));
    let width = lines.max().unwrap_or_default();
    for (heading, lines) in GROUPS {
        let _ = write!(template, "\n{header}{heading}:{header:#}\n");
        for names in *lines {
            let about = program.find_subcommand(names[0]).and_then(clap::Command::get_about);
            let (all, about) = (names.join(", "), about.map(ToString::to_string).unwrap_or_default());
            let _ = writeln!(template, "  {literal}{all:width$}{literal:#}  {about}");
        }
    }
    template.push_str("\n{all-args}{after-help}");
    // The template lists the commands.
    program = program.mut_subcommands(|command| command.hide(true));
    let hint = "`chirrup COMMAND --help` shows the options of a command, `chirrup help topics` the topics.\n\n\
                Examples:\n  chirrup --sandbox search rust lang:en\n  chirrup login";
    program.after_long_help(format!("{}\n\n{hint}", crate::exit::help())).after_help(hint).help_template(template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command_line::command_line;

    #[test]
    fn each_command_is_in_one_group() {
        let listed = GROUPS.iter().flat_map(|(_, lines)| lines.iter()).flat_map(|names| names.iter().copied());
        let mut listed: Vec<&str> = listed.collect();
        let program = command_line();
        let mut commands: Vec<&str> =
            program.get_subcommands().filter(|command| !command.is_hide_set()).map(clap::Command::get_name).collect();
        listed.sort_unstable();
        commands.sort_unstable();
        assert_eq!(listed, commands);
    }

    #[test]
    fn the_help_of_the_program_fits_80_columns() {
        let help = with_groups(command_line()).term_width(80).render_long_help().to_string();
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}
