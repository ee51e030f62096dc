//! Output on stdout: tables for people, JSON for programs.

mod clean;
mod closed_pipe;
mod json;
mod lines;
mod progress;
mod style;
mod tables;

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write, stdout};
use std::sync::Arc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use chirrup::model::{BodyProblem, Delivery, Includes, Post, Problem, dialect};
use chirrup::{RawResponse, Response};
use comfy_table::{Attribute, Cell, Color as CellColor, ContentArrangement, Table, presets};
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::args::{Color, Global};
use crate::dry_run::Plan;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::progress as bars;
use clean::is_unsafe;
pub(crate) use clean::{clean, one_line};
use json::Layout;
use lines::Line;
pub(crate) use progress::Progress;
use style::styled;
pub(crate) use style::{plural, to_the_minute};
pub(crate) use tables::TableItem;

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
        if self.is_terminal { bars::suspend(|| self.stdout.write(bytes)) } else { self.stdout.write(bytes) }
    }
    fn flush(&mut self) -> io::Result<()> {
        if self.is_terminal { bars::suspend(|| self.stdout.flush()) } else { self.stdout.flush() }
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
    resume: Option<String>,
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
            resume: None,
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
            bars::labeled(&self.hint_label("hint:"), text);
        }
    }

    /// Partial errors of the responses: what the server could not return.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }

    /// How to continue after an error, if a part of the results is printed.
    pub(crate) fn resume(&self) -> Option<&str> {
        self.resume.as_deref()
    }

    pub(crate) fn set_resume(&mut self, resume: Option<String>) {
        self.resume = resume;
    }

    pub(crate) fn flush(&mut self) -> Result<(), CliError> {
        self.out.flush().map_err(|why| CliError::stdout(&why))
    }

    /// Prints text without the characters that control a terminal.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), CliError> {
        self.styled_line(&clean(text))
    }

    /// Prints text that may contain styles. Text of others must be cleaned before.
    fn styled_line(&mut self, text: &str) -> Result<(), CliError> {
        if self.muted {
            return Ok(());
        }
        writeln!(self.out, "{text}").map_err(|why| CliError::stdout(&why))
    }

    /// Prints a dimmed sentence, such as a summary.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), CliError> {
        let text = self.dimmed(&clean(text));
        self.styled_line(&text)
    }

    /// Prints a response of the API: the body as the server sent it, its items line by line, or whatever `table` prints.
    pub(crate) fn response<T>(
        &mut self,
        response: &Response<T>,
        table: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        self.add_problems(&response.errors);
        self.add_undecoded(&response.undecoded);
        match self.format {
            Format::Table => table(self),
            Format::Json => self.json(response.body()),
            Format::Jsonl => self.items_as_lines(response.body()),
        }
    }

    /// Prints the body of a response of any kind, as the server sent it.
    pub(crate) fn raw_response(&mut self, response: &RawResponse) -> Result<(), CliError> {
        let body = &response.body[..];
        self.add_problems(&response.partial_errors());
        match self.format {
            Format::Table | Format::Json => self.json(body)?,
            Format::Jsonl => self.items_as_lines(body)?,
        }
        match serde_json::from_slice::<IgnoredAny>(body) {
            Err(why) if !body.trim_ascii().is_empty() => {
                Err(CliError::new(ExitStatus::Network, format!("the response is not JSON: {why}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints a page of a longer result and flushes it. JSON contains all items of the page, other formats at most those
    /// that are left of the limit.
    pub(crate) fn page<T: TableItem>(
        &mut self,
        page: &Response<Vec<T>>,
        progress: &mut Progress,
    ) -> Result<(), CliError> {
        self.add_problems(&page.errors);
        self.add_undecoded(&page.undecoded);
        let header = progress.is_empty().then_some(&T::HEADER[..]);
        match self.format {
            Format::Table => {
                let new = page.data.iter().filter(|item| progress.admit(&item.id()));
                let rows: Vec<_> = new.map(|item| item.row(&page.includes)).collect();
                if !rows.is_empty() {
                    self.rows(header, rows)?;
                }
            }
            Format::Json => {
                progress.add(page.data.len());
                self.json(page.body())?;
            }
            Format::Jsonl => {
                for Line { id, text } in lines::lines(page.body(), !page.data.is_empty()) {
                    if progress.admit(id.as_deref().unwrap_or(&text)) {
                        self.styled_line(&text)?;
                    }
                }
            }
        }
        self.flush()
    }

    /// Returns whether the reader of stdout has closed the pipe. A reader that ends after what it has read is given a
    /// short time to do so.
    pub(crate) fn is_reader_gone(&self, patience: Duration) -> bool {
        closed_pipe::is_closed(&self.out.get_ref().stdout, patience)
    }

    /// Prints a document of the program: the whole JSON, its items line by line, or whatever `table` prints.
    pub(crate) fn document(
        &mut self,
        json: &Json,
        table: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let problems = json.get("errors").and_then(Json::as_array).into_iter().flatten();
        let problems: Vec<Problem> =
            problems.map(|problem| dialect::decode_value(problem).unwrap_or_default()).collect();
        self.add_problems(&problems);
        match self.format {
            Format::Table => table(self),
            Format::Json => self.json(json.to_string().as_bytes()),
            Format::Jsonl => match json.get("data").unwrap_or(json) {
                Json::Array(items) => items.iter().try_for_each(|item| self.json_line(item)),
                one => self.json_line(one),
            },
        }
    }

    /// Prints a list of JSON objects, or whatever `table` prints.
    pub(crate) fn list(
        &mut self,
        items: Vec<Json>,
        table: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        self.document(&Json::Array(items), table)
    }

    /// Prints JSON text, indented, without decoding it.
    pub(crate) fn json(&mut self, body: &[u8]) -> Result<(), CliError> {
        if self.muted {
            return Ok(());
        }
        let written = json::write(&mut self.out, body, Layout::Pretty).and_then(|()| writeln!(self.out));
        written.map_err(|why| CliError::stdout(&why))
    }

    /// Prints the items of a body, one per line.
    fn items_as_lines(&mut self, body: &[u8]) -> Result<(), CliError> {
        lines::lines(body, true).iter().try_for_each(|line| self.styled_line(&line.text))
    }

    /// Prints JSON on one line.
    pub(crate) fn json_line(&mut self, json: &Json) -> Result<(), CliError> {
        self.raw_json_line(&json.to_string())
    }

    /// Prints a line of JSON. Characters that control a terminal are escaped, so that the text stays the same.
    pub(crate) fn raw_json_line(&mut self, line: &str) -> Result<(), CliError> {
        // Streams have many lines, and few of them contain such characters.
        match line.contains(is_unsafe) {
            true => self.styled_line(&json::to_text(line.as_bytes(), Layout::Compact)),
            false => self.styled_line(line),
        }
    }

    /// Reports the parts of a response that cannot be decoded. A whole item is missing in the result.
    fn add_undecoded(&mut self, undecoded: &[BodyProblem]) {
        for problem in undecoded {
            let text = one_line(&problem.to_string());
            match problem.is_item {
                true => self.problems.push(text),
                false if self.quiet => {}
                false => bars::labeled(&self.hint_label("warning:"), &text),
            }
        }
    }

    fn add_problems(&mut self, problems: &[Problem]) {
        self.problems.extend(problems.iter().map(|problem| one_line(problem.text())));
    }

    /// Prints a post of a stream on one line.
    pub(crate) fn stream_post(&mut self, delivery: &Delivery<Post>) -> Result<(), CliError> {
        let Some(post) = &delivery.data else { return Ok(()) };
        let author = delivery.includes.author_of(post).map_or("?", |user| &user.username);
        let author = styled(&one_line(&format!("@{author}")), AnsiColor::Cyan.on_default(), self.color);
        let time: String =
            post.created_at.map(|at| at.to_string().chars().skip(11).take(8).collect()).unwrap_or_default();
        let tags = delivery.matching_rules.iter().filter_map(|rule| rule.tag.as_deref());
        let tags: Vec<&str> = tags.filter(|tag| !tag.is_empty()).collect();
        let tags = match tags.is_empty() {
            true => String::new(),
            false => self.dimmed(&one_line(&format!("  [{}]", tags.join(", ")))),
        };
        let (text, id) = (one_line(post.full_text()), self.dimmed(&post.id.to_string()));
        self.styled_line(&format!("{} {author}: {text}{tags}  {id}", self.dimmed(&time)))
    }

    /// Prints a table of items.
    pub(crate) fn items<T: TableItem>(&mut self, items: &[T], includes: &Includes) -> Result<(), CliError> {
        self.table(&T::HEADER, items.iter().map(|item| item.row(includes)).collect())
    }

    fn dimmed(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color)
    }

    /// Prints a table, or `no results` instead of an empty one.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) -> Result<(), CliError> {
        if rows.is_empty() {
            return self.note("no results");
        }
        self.rows(Some(header), rows)
    }

    /// Prints rows of a table. Rows without a header continue the table before.
    fn rows(&mut self, header: Option<&[&str]>, rows: Vec<Vec<String>>) -> Result<(), CliError> {
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
        if let Some(header) = header {
            table.set_header(header.iter().map(|name| bold(Cell::new(name))));
        }
        for row in rows {
            let last = row.len().saturating_sub(1);
            table.add_row(row.into_iter().map(|text| clean(&text).replace('\t', " ")).enumerate().map(
                |(column, text)| match column {
                    0 => colored(Cell::new(text), CellColor::Cyan),
                    column if column == last => colored(Cell::new(text), CellColor::DarkYellow),
                    _ => Cell::new(text),
                },
            ));
        }
        let text = table.to_string();
        // The table before ends with the border that this one begins with.
        let continued = text.split_once('\n').filter(|_| header.is_none());
        self.styled_line(continued.map_or(text.as_str(), |(_, rows)| rows))
    }
}
