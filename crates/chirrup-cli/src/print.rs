//! Output on stdout: tables for people, JSON for programs.

mod cards;
mod clean;
mod closed_pipe;
mod delimited;
mod flat;
mod format;
mod included;
mod items;
mod json;
mod lines;
mod merged;
mod output;
mod progress;
mod saved;
mod screen;
mod style;
mod table;
mod tables;
mod typed;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use chirrup::RawResponse;
use chirrup::internal::is_too_deep;
use chirrup::model::{BodyProblem, Problem, dialect};
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::args::{Color, Global};
use crate::dry_run::Plan;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::fields::Template;
use crate::progress as bars;
pub(crate) use cards::Card;
#[cfg(feature = "watch")]
pub(crate) use cards::joined;
use clean::is_unsafe;
pub(crate) use clean::{clean, one_line};
use delimited::Delimited;
pub(crate) use flat::visit as visit_flat;
use format::Format;
use json::Layout;
use merged::Merged;
use output::Out;
pub(crate) use progress::Progress;
pub(crate) use saved::Start;
use style::styled;
pub(crate) use style::{duration, plural, to_the_minute};
pub(crate) use tables::TableItem;

/// Number of rows from which on a table is shown in a pager.
const LONG_TABLE: usize = 40;

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
    template: Option<Template>,
    delimited: Delimited,
    has_pager: bool,
    left_out: Option<&'static str>,
    /// Which result of how many is printed.
    part: (usize, usize),
    merged: Merged,
    out: Out,
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colored = |is_terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !no_color,
        };
        let format = Format::of(global);
        Self {
            format,
            color: colored(global.output.is_none() && screen::is_terminal()),
            color_stderr: colored(io::stderr().is_terminal()),
            quiet: global.quiet,
            muted: false,
            problems: Vec::new(),
            resume: None,
            plan: None,
            template: global.template.clone(),
            delimited: Delimited::new(format == Format::Csv, global.csv || global.tsv, global.columns.clone()),
            has_pager: !global.no_pager && format == Format::Screen,
            left_out: None,
            part: (0, 1),
            merged: Merged::default(),
            out: match global.output.as_ref().filter(|_| !global.dry_run) {
                Some(file) => Out::file(file.clone()),
                None => Out::stdout(),
            },
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

    /// Leaves out the users with this connection to the authenticated user, but not in JSON, which has the pages as they are.
    pub(crate) fn leave_out(&mut self, connection: &'static str) {
        self.left_out = Some(connection);
    }

    pub(crate) fn set_plan(&mut self, plan: Arc<Plan>) {
        self.plan = Some(plan);
    }

    /// Whether progress and hints are hidden.
    pub(crate) fn quiet(&self) -> bool {
        self.quiet
    }

    /// Whether progress is hidden, because a pager shows the output or because the user wants it.
    pub(crate) fn hides_progress(&self) -> bool {
        self.quiet || self.out.has_pager()
    }

    /// Whether programs read the output: it has items only, and no sentences.
    pub(crate) fn is_for_programs(&self) -> bool {
        !matches!(self.format, Format::Screen | Format::Tsv)
    }

    /// Whether the rows of a table can be printed in parts. A JSON document and a table on a screen need all rows.
    pub(crate) fn prints_rows_apart(&self) -> bool {
        !matches!(self.format, Format::Screen | Format::Json)
    }

    /// Styles a label such as `error:` for stderr.
    pub(crate) fn error_label(&self, text: &str) -> String {
        styled(text, AnsiColor::Red.on_default().bold(), self.color_stderr)
    }

    /// Styles a label such as `hint:` for stderr.
    pub(crate) fn hint_label(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color_stderr)
    }

    /// Writes what a command is about to do to stderr, unless hints are hidden: the JSON on one line with a format of JSON,
    /// or else the sentence.
    pub(crate) fn announce(&self, json: &Json, sentence: &str) {
        match self.format {
            _ if self.quiet => {}
            Format::Json | Format::Jsonl | Format::Flat => bars::notice(&json.to_string()),
            _ => bars::notice(sentence),
        }
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
        self.out.flush().map_err(|why| self.failed(&why))
    }

    /// Writes what is left, and waits for the reader of the pager.
    pub(crate) fn finish(&mut self) -> Result<(), CliError> {
        let columns = self.delimited.without_values();
        if !columns.is_empty() {
            let names = columns.join(", ");
            self.hint(&format!("no item has a value for {names}; `--fields` and `--expansions` request more"));
        }
        // A file is closed when it is complete: a stopped command continues it.
        let closed = if self.merged.is_open() && !self.out.continues() { self.close_document() } else { Ok(()) };
        let outcome = closed.and_then(|()| self.flush());
        self.out.close().map_err(|why| self.failed(&why))?;
        outcome
    }

    fn failed(&self, why: &io::Error) -> CliError {
        match self.out.path() {
            Some(path) => CliError::write(path.display(), why),
            None => CliError::stdout(why),
        }
    }

    /// The file of `--output`.
    pub(crate) fn output_file(&self) -> Option<&Path> {
        self.out.path()
    }

    /// Width of the bars of a chart beside text of this width: on a terminal, or in a pipe if it is asked for.
    pub(crate) fn chart_width(&self, is_asked_for: bool, used: usize) -> Option<usize> {
        match self.format {
            Format::Screen => Some(usize::from(screen::width()).saturating_sub(used).clamp(8, 60)),
            _ => is_asked_for.then_some(40),
        }
    }

    /// Reports what a part of the command could not find.
    pub(crate) fn add_missing(&mut self, text: &str) {
        self.problems.push(one_line(text));
    }

    /// Sets which of several results follows, for `--output`.
    pub(crate) fn set_part(&mut self, part: usize, parts: usize) {
        self.part = (part, parts);
        self.out.set_part(part, parts);
    }

    /// Begins a result of several parts with at most `limit` items: returns its progress, and where it continues. `call` is
    /// the fingerprint of the command.
    pub(crate) fn begin(&mut self, call: &str, limit: usize) -> Result<(Progress, Start), CliError> {
        if self.muted {
            return Ok((Progress::new(limit), Start::default()));
        }
        if std::mem::take(&mut self.has_pager) {
            self.out.start_pager();
        }
        let mut start = self.out.begin(&format!("{call} {:?} {:?}", self.format, self.template))?;
        self.delimited.set_continued(start.length > 0);
        if let Some(file) = self.out.path().filter(|_| self.format == Format::Json) {
            self.merged.write_to(file, start.length);
        }
        Ok((Progress::resumed(limit, start.items, std::mem::take(&mut start.ids)), start))
    }

    /// Records that the printed items are complete, and where the result continues.
    pub(crate) fn commit(&mut self, items: usize, next: Option<&str>) -> Result<(), CliError> {
        let is_end = next.is_none() && self.part.0 + 1 >= self.part.1;
        // Several results are one document, even without any item.
        if is_end && (self.merged.is_open() || self.part.1 > 1) {
            self.close_document()?;
        }
        self.flush()?;
        self.out.commit(items, next)?;
        if is_end {
            self.merged.discard();
        }
        Ok(())
    }

    /// Ends the document of several pages.
    fn close_document(&mut self) -> Result<(), CliError> {
        if self.muted || self.format != Format::Json {
            return Ok(());
        }
        // Several results have no common number of items and no common next page.
        let has_meta = self.part.1 == 1;
        self.merged.close(&mut self.out, has_meta).map_err(|why| self.failed(&why))
    }

    /// Prints a page of JSON: as the server sent it if it is the whole result, or else as a part of one document.
    fn json_page(&mut self, body: &[u8], has_items: bool, is_last: bool) -> Result<(), CliError> {
        if self.muted {
            return Ok(());
        }
        if is_last && self.part.1 == 1 && !self.merged.is_open() {
            return self.json(body);
        }
        self.merged.add(&mut self.out, body, has_items).map_err(|why| self.failed(&why))
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
        writeln!(self.out, "{text}").map_err(|why| self.failed(&why))
    }

    /// Prints a dimmed sentence, such as what a write did.
    pub(crate) fn note(&mut self, text: &str) -> Result<(), CliError> {
        if self.is_for_programs() {
            return Ok(());
        }
        let text = self.dimmed(&clean(text));
        self.styled_line(&text)
    }

    /// Prints a sentence about the items before it, such as their number. In a pipe, it is on stderr: stdout has items only.
    pub(crate) fn summary(&mut self, text: &str) -> Result<(), CliError> {
        match self.format {
            Format::Screen => self.note(text),
            _ if self.quiet || self.muted => Ok(()),
            _ => {
                bars::notice(text);
                Ok(())
            }
        }
    }

    /// Prints the body of a response of any kind, as the server sent it.
    pub(crate) fn raw_response(&mut self, response: &RawResponse) -> Result<(), CliError> {
        let body = &response.body[..];
        self.add_problems(&response.partial_errors());
        match self.format {
            // The response may be of any kind, also one without items.
            Format::Tsv if !self.delimited.is_chosen() => self.json(body)?,
            _ => self.body(body)?,
        }
        if is_too_deep(body) {
            let why = "the response is not readable JSON: its values are nested too deeply";
            return Err(CliError::new(ExitStatus::Network, why));
        }
        match serde_json::from_slice::<IgnoredAny>(body) {
            Err(why) if !body.trim_ascii().is_empty() => {
                Err(CliError::new(ExitStatus::Network, format!("the response is not JSON: {why}")))
            }
            _ => Ok(()),
        }
    }

    /// Returns whether the reader of stdout has closed the pipe. A reader that ends after what it has read is given a
    /// short time to do so.
    pub(crate) fn is_reader_gone(&self, patience: Duration) -> bool {
        self.out.is_reader_gone(patience)
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
            Format::Screen | Format::Tsv => table(self),
            Format::Csv if !self.delimited.is_chosen() => table(self),
            Format::Json => self.json(json.to_string().as_bytes()),
            Format::Csv | Format::Jsonl | Format::Flat | Format::Template => match json.get("data").unwrap_or(json) {
                Json::Array(items) => items.iter().try_for_each(|item| self.flat_item(item, &[])),
                one => self.flat_item(one, &[]),
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
        written.map_err(|why| self.failed(&why))
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

    fn dimmed(&self, text: &str) -> String {
        styled(text, Style::new().dimmed(), self.color)
    }

    /// Prints a table, or `no results` instead of an empty one. In a pipe, it has no header.
    pub(crate) fn table(&mut self, header: &[&str], rows: Vec<Vec<String>>) -> Result<(), CliError> {
        if rows.is_empty() {
            return self.no_results();
        }
        if self.format == Format::Screen {
            if rows.len() > LONG_TABLE && std::mem::take(&mut self.has_pager) {
                self.out.start_pager();
            }
            let text = table::text(header, rows, screen::width(), self.color);
            return text.lines().try_for_each(|line| self.styled_line(line.trim_end()));
        }
        let lines = self.delimited.table(header, &rows);
        lines.iter().try_for_each(|line| self.styled_line(line))
    }
}
