//! Output on stdout: tables for people, JSON for programs.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write, stdout};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use chirrup::model::{Delivery, Includes, Post, Problem, Timestamp, User};
use comfy_table::{Attribute, Cell, Color as CellColor, ContentArrangement, Table, presets};
use serde_json::Value as Json;

use crate::args::{Color, Global};
use crate::dry_run::Plan;
use crate::error::CliError;
use crate::progress;

/// Width of tables if stdout is not a terminal.
const DEFAULT_WIDTH: u16 = 100;

/// Format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Jsonl,
}

/// Stdout, with progress bars hidden while it writes to a terminal.
#[derive(Debug)]
struct Out {
    stdout: Stdout,
    is_terminal: bool,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal { progress::suspend(|| self.stdout.write(bytes)) } else { self.stdout.write(bytes) }
    }
    fn flush(&mut self) -> io::Result<()> {
        if self.is_terminal { progress::suspend(|| self.stdout.flush()) } else { self.stdout.flush() }
    }
}

/// Printer of all output on stdout.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    color: bool,
    color_stderr: bool,
    quiet: bool,
    muted: bool,
    problems: Vec<String>,
    plan: Option<Arc<Plan>>,
    out: BufWriter<Out>,
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colored = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !no_color,
        };
        let format = match (global.json, global.jsonl) {
            (true, _) => Format::Json,
            (_, true) => Format::Jsonl,
            _ => Format::Table,
        };
        let is_terminal = stdout().is_terminal();
        Self {
            format,
            color: colored(is_terminal),
            color_stderr: colored(io::stderr().is_terminal()),
            quiet: global.quiet,
            muted: false,
            problems: Vec::new(),
            plan: None,
            out: BufWriter::new(Out { stdout: stdout(), is_terminal }),
        }
    }

    /// Creates a printer without output, for the command of a dry run.
    pub(crate) fn muted(global: &Global, plan: Arc<Plan>) -> Self {
        Self { muted: true, quiet: true, plan: Some(plan), ..Self::new(global) }
    }

    /// The plan of a dry run.
    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.plan.as_deref()
    }

    pub(crate) fn set_plan(&mut self, plan: Arc<Plan>) {
        self.plan = Some(plan);
    }

    /// Whether progress and hints are hidden.
    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether the output is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.format != Format::Table
    }

    /// Styles a label such as `error:` for stderr.
    pub(crate) fn error_label(&self, text: &str) -> String {
        styled(text, AnsiColor::Red.on_default().bold(), self.color_stderr)
    }

    /// Styles a label such as `hint:` for stderr.
    pub(crate) fn hint_label(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color_stderr)
    }

    /// Writes a hint to stderr, unless hints are hidden.
    pub(crate) fn hint(&self, text: &str) {
        if !self.quiet {
            progress::notice(&format!("{} {text}", self.hint_label("hint:")));
        }
    }

    /// Partial errors of the responses: what the server could not return.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }

    pub(crate) fn flush(&mut self) -> Result<(), CliError> {
        self.out.flush().map_err(|why| CliError::stdout(&why))
    }

    pub(crate) fn line(&mut self, text: &str) -> Result<(), CliError> {
        if self.muted {
            return Ok(());
        }
        writeln!(self.out, "{text}").map_err(|why| CliError::stdout(&why))
    }

    /// Prints a dimmed sentence, such as a summary.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), CliError> {
        let text = self.dimmed(text);
        self.line(&text)
    }

    /// Prints a response: the whole JSON, its items line by line, or whatever `table` prints.
    pub(crate) fn response(
        &mut self,
        json: &Json,
        table: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let problems = json.get("errors").and_then(Json::as_array).into_iter().flatten();
        let problems =
            problems.map(|problem| serde_json::from_value(problem.clone()).unwrap_or_else(|_| Problem::default()));
        self.problems.extend(problems.map(|problem| printable(problem.text()).replace('\n', " ")));
        match self.format {
            Format::Table => table(self),
            Format::Json => self.line(&format!("{json:#}")),
            Format::Jsonl => match json.get("data").unwrap_or(json) {
                Json::Array(items) => items.iter().try_for_each(|item| self.line(&item.to_string())),
                one => self.line(&one.to_string()),
            },
        }
    }

    /// Prints a list of JSON objects, or whatever `table` prints.
    pub(crate) fn list(
        &mut self,
        items: Vec<Json>,
        table: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        self.response(&Json::Array(items), table)
    }

    fn dimmed(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color)
    }

    /// Prints a table, or `no results` instead of an empty one.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) -> Result<(), CliError> {
        if rows.is_empty() {
            return self.note("no results");
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            table.set_width(DEFAULT_WIDTH);
        }
        if self.color {
            table.enforce_styling();
        }
        let colored = |cell: Cell, color: CellColor| if self.color { cell.fg(color) } else { cell };
        let bold = |cell: Cell| if self.color { cell.add_attribute(Attribute::Bold) } else { cell };
        table.set_header(header.iter().map(|name| bold(Cell::new(name))));
        for row in rows {
            let last = row.len().saturating_sub(1);
            table.add_row(row.into_iter().enumerate().map(|(column, text)| match column {
                0 => colored(Cell::new(text), CellColor::Cyan),
                column if column == last => colored(Cell::new(text), CellColor::DarkYellow),
                _ => Cell::new(text),
            }));
        }
        let text = table.to_string();
        self.line(&text)
    }

    /// Prints a post of a stream on one line.
    pub(crate) fn stream_post(&mut self, delivery: &Delivery<Post>) -> Result<(), CliError> {
        let Some(post) = &delivery.data else { return Ok(()) };
        let author = delivery.includes.author_of(post).map_or_else(|| "?".to_owned(), |user| user.username.clone());
        let author = styled(&format!("@{author}"), AnsiColor::Cyan.on_default(), self.color);
        let time: String =
            post.created_at.map(|at| at.to_string().chars().skip(11).take(8).collect()).unwrap_or_default();
        let tags: Vec<&str> = delivery
            .matching_rules
            .iter()
            .filter_map(|rule| rule.tag.as_deref())
            .filter(|tag| !tag.is_empty())
            .collect();
        let tags = if tags.is_empty() { String::new() } else { self.dimmed(&format!("  [{}]", tags.join(", "))) };
        let text = printable(post.full_text()).replace('\n', " ");
        self.line(&format!("{} {author}: {text}{tags}  {}", self.dimmed(&time), self.dimmed(&post.id.to_string())))
    }

    /// Prints a table of posts.
    pub(crate) fn posts(&mut self, posts: &[Post], includes: &Includes) -> Result<(), CliError> {
        let rows = posts
            .iter()
            .map(|post| {
                let author = includes.author_of(post).map_or_else(String::new, |user| format!("@{}", user.username));
                let time = post.created_at.map_or_else(String::new, to_the_minute);
                let counts = post.public_metrics.map_or_else(String::new, |m| {
                    format!("♥ {} ↻ {} ↩ {}", m.like_count, m.repost_count, m.reply_count)
                });
                let mut text = printable(post.full_text());
                for media in includes.media_of(post) {
                    let alt = media.alt_text.as_deref().or(media.url.as_deref()).unwrap_or_default();
                    text.push_str(&format!("\n[{}] {}", media.media_key, printable(alt)));
                }
                for option in includes.poll_of(post).iter().flat_map(|poll| &poll.options) {
                    text.push_str(&format!("\n○ {} ({})", printable(&option.label), option.votes));
                }
                if let Some(place) = includes.place_of(post) {
                    text.push_str(&format!("\n⌖ {}", printable(&place.full_name)));
                }
                vec![format!("{}\n{}\n{}", author, time, post.id), text, counts]
            })
            .collect();
        self.table(&["author", "post", "counts"], rows)
    }

    /// Prints a table of users.
    pub(crate) fn users(&mut self, users: &[User]) -> Result<(), CliError> {
        let rows = users
            .iter()
            .map(|user| {
                let counts = user.public_metrics.map_or_else(String::new, |m| {
                    format!("{} followers\n{} following\n{} posts", m.followers_count, m.following_count, m.post_count)
                });
                let mark = if user.verified == Some(true) { " ✓" } else { "" };
                let description = printable(user.description.as_deref().unwrap_or_default());
                vec![
                    format!("@{}{mark}\n{}", user.username, user.id),
                    format!("{}\n{description}", printable(&user.name)),
                    counts,
                ]
            })
            .collect();
        self.table(&["user", "name", "counts"], rows)
    }
}

fn styled(text: &str, style: Style, enabled: bool) -> String {
    if enabled { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// Formats a time in UTC as `2026-01-31 12:00`.
pub(crate) fn to_the_minute(time: Timestamp) -> String {
    time.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// Formats a number with its noun: `1 rule`, `2 rules`.
pub(crate) fn plural(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Removes control characters: texts of other users must not control the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
