//! What goes to stdout: tables for people, JSON for programs, nothing else.

use std::io::{BufWriter, IsTerminal as _, Stdout, Write as _, stdout};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use chirrup::model::{Delivery, Includes, Post, Problem, Timestamp, User};
use comfy_table::{Attribute, Cell, Color as Paint, ContentArrangement, Table, presets};
use serde_json::Value as Json;

use crate::args::{Color, Global};
use crate::dry_run::Plan;
use crate::exit::Failed;

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Jsonl,
}

/// The one way to stdout.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    color: bool,
    color_stderr: bool,
    quiet: bool,
    muted: bool,
    problems: Vec<String>,
    plan: Option<Arc<Plan>>,
    out: BufWriter<Stdout>,
}

fn painted(text: &str, style: Style, on: bool) -> String {
    if on { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let wanted = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !plain,
        };
        let format = match (global.json, global.jsonl) {
            (true, _) => Format::Json,
            (_, true) => Format::Jsonl,
            _ => Format::Table,
        };
        Self {
            format,
            color: wanted(stdout().is_terminal()),
            color_stderr: wanted(std::io::stderr().is_terminal()),
            quiet: global.quiet,
            muted: false,
            problems: Vec::new(),
            plan: None,
            out: BufWriter::new(stdout()),
        }
    }

    /// One that prints nothing, for a run that sends nothing.
    pub(crate) fn silent(global: &Global, plan: Arc<Plan>) -> Self {
        Self { muted: true, quiet: true, plan: Some(plan), ..Self::new(global) }
    }

    /// Where to note what would be sent, in a run that sends nothing.
    pub(crate) fn plan(&self) -> Option<&Plan> {
        self.plan.as_deref()
    }

    pub(crate) fn set_plan(&mut self, plan: Arc<Plan>) {
        self.plan = Some(plan);
    }

    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn alarm(&self, text: &str) -> String {
        painted(text, AnsiColor::Red.on_default().bold(), self.color_stderr)
    }

    pub(crate) fn faint(&self, text: &str) -> String {
        painted(text, Style::new().dimmed(), self.color_stderr)
    }

    /// Writes out what is still held back.
    pub(crate) fn finish(&mut self) -> Result<(), Failed> {
        Ok(self.out.flush()?)
    }

    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failed> {
        if self.muted {
            return Ok(());
        }
        Ok(writeln!(self.out, "{text}")?)
    }

    /// What the server could not give, of replies that brought the rest.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// A whole reply: as a table, as it is, or item by item.
    pub(crate) fn reply(
        &mut self,
        json: &Json,
        table: impl FnOnce(&mut Self) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        let problems = json.get("errors").and_then(Json::as_array).into_iter().flatten();
        let problems =
            problems.map(|problem| serde_json::from_value(problem.clone()).unwrap_or_else(|_| Problem::default()));
        self.problems.extend(problems.map(|problem| clean(problem.text()).replace('\n', " ")));
        match self.format {
            Format::Table => table(self),
            Format::Json => self.line(&format!("{json:#}")),
            Format::Jsonl => match json.get("data").unwrap_or(json) {
                Json::Array(items) => items.iter().try_for_each(|item| self.line(&item.to_string())),
                one => self.line(&one.to_string()),
            },
        }
    }

    /// Whether JSON is wanted, of whichever form.
    pub(crate) fn is_for_programs(&self) -> bool {
        self.format != Format::Table
    }

    /// A post of a stream, on one line.
    pub(crate) fn delivery(&mut self, delivery: &Delivery<Post>) -> Result<(), Failed> {
        let Some(post) = &delivery.data else { return Ok(()) };
        let author = delivery.includes.author_of(post).map_or_else(|| "?".to_owned(), |user| user.username.clone());
        let author = painted(&format!("@{author}"), AnsiColor::Cyan.on_default(), self.color);
        let time: String =
            post.created_at.map(|at| at.to_string().chars().skip(11).take(8).collect()).unwrap_or_default();
        let tags: Vec<&str> = delivery
            .matching_rules
            .iter()
            .filter_map(|rule| rule.tag.as_deref())
            .filter(|tag| !tag.is_empty())
            .collect();
        let tags = if tags.is_empty() { String::new() } else { self.dim(&format!("  [{}]", tags.join(", "))) };
        let text = clean(post.full_text()).replace('\n', " ");
        self.line(&format!("{} {author}: {text}{tags}  {}", self.dim(&time), self.dim(&post.id.to_string())))
    }

    /// A plain list of JSON objects, or a table.
    pub(crate) fn list(
        &mut self,
        items: Vec<Json>,
        table: impl FnOnce(&mut Self) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        self.reply(&Json::Array(items), table)
    }

    fn dim(&self, text: &str) -> String {
        painted(text, Style::new().dimmed(), self.color)
    }

    /// Rows under a header; as wide as the terminal, or 100 columns.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) -> Result<(), Failed> {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            table.set_width(100);
        }
        if self.color {
            table.enforce_styling();
        }
        let paint = |cell: Cell, color: Paint| if self.color { cell.fg(color) } else { cell };
        let bold = |cell: Cell| if self.color { cell.add_attribute(Attribute::Bold) } else { cell };
        table.set_header(header.iter().map(|name| bold(Cell::new(name))));
        for row in rows {
            let last = row.len() - 1;
            table.add_row(row.into_iter().enumerate().map(|(column, text)| match column {
                0 => paint(Cell::new(text), Paint::Cyan),
                column if column == last => paint(Cell::new(text), Paint::DarkYellow),
                _ => Cell::new(text),
            }));
        }
        let text = table.to_string();
        self.line(&text)
    }

    /// Posts with their authors.
    pub(crate) fn posts(&mut self, posts: &[Post], includes: &Includes) -> Result<(), Failed> {
        let rows = posts
            .iter()
            .map(|post| {
                let author = includes.author_of(post).map_or_else(String::new, |user| format!("@{}", user.username));
                let when = post.created_at.map_or_else(String::new, short_time);
                let counts = post.public_metrics.map_or_else(String::new, |m| {
                    format!("♥ {} ↻ {} ↩ {}", m.like_count, m.repost_count, m.reply_count)
                });
                let mut text = clean(post.full_text());
                for medium in includes.media_of(post) {
                    let alt = medium.alt_text.as_deref().or(medium.url.as_deref()).unwrap_or_default();
                    text.push_str(&format!("\n[{}] {}", medium.media_key, clean(alt)));
                }
                for option in includes.poll_of(post).iter().flat_map(|poll| &poll.options) {
                    text.push_str(&format!("\n○ {} ({})", clean(&option.label), option.votes));
                }
                if let Some(place) = includes.place_of(post) {
                    text.push_str(&format!("\n⌖ {}", clean(&place.full_name)));
                }
                vec![format!("{}\n{}\n{}", author, when, post.id), text, counts]
            })
            .collect();
        self.table(&["author", "post", "counts"], rows)
    }

    /// Users with their counts.
    pub(crate) fn users(&mut self, users: &[User]) -> Result<(), Failed> {
        let rows = users
            .iter()
            .map(|user| {
                let counts = user.public_metrics.map_or_else(String::new, |m| {
                    format!("{} followers\n{} following\n{} posts", m.followers_count, m.following_count, m.post_count)
                });
                let mark = if user.verified == Some(true) { " ✓" } else { "" };
                let about = clean(user.description.as_deref().unwrap_or_default());
                vec![
                    format!("@{}{mark}\n{}", user.username, user.id),
                    format!("{}\n{about}", clean(&user.name)),
                    counts,
                ]
            })
            .collect();
        self.table(&["user", "name", "counts"], rows)
    }

    /// One sentence about what was done.
    pub(crate) fn done(&mut self, text: &str) -> Result<(), Failed> {
        let text = self.dim(text);
        self.line(&text)
    }
}

/// The minute of a moment, in UTC.
fn short_time(time: Timestamp) -> String {
    time.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// A text without what could steer a terminal: it was written by strangers.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
