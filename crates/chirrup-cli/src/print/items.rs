//! Items of the API, in each format.

use anstyle::AnsiColor;
use chirrup::internal::UndecodedData;
use chirrup::model::{Delivery, Post, Timestamp};
use chirrup::{Clock as _, Response, SystemClock};
use serde_json::Value as Json;

use super::clean::one_line;
use super::lines::Line;
use super::style::styled;
use super::{Card, Format, Printer, Progress, TableItem, flat, lines, screen, typed};
use crate::error::CliError;

impl Printer {
    /// Prints the response to a write: the body as the server sent it, its items line by line, or whatever `note` prints.
    pub(crate) fn response<T>(
        &mut self,
        response: &Response<T>,
        note: impl FnOnce(&mut Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        self.add_partial(response);
        match self.format {
            Format::Screen | Format::Tsv => note(self),
            _ => self.body(response.body()),
        }
    }

    /// Reports what is missing in a response.
    fn add_partial<T>(&mut self, response: &Response<T>) {
        self.add_problems(&response.errors);
        self.add_undecoded(&response.undecoded);
    }

    /// Prints a body in a format for programs.
    pub(super) fn body(&mut self, body: &[u8]) -> Result<(), CliError> {
        match self.format {
            Format::Screen | Format::Json => self.json(body),
            Format::Jsonl => lines::visit(body, true, |line| self.item_line(&line)),
            _ => flat::visit(body, true, |item| self.flat_item(&item, &[])),
        }
    }

    fn item_line(&mut self, line: &Line<'_, '_>) -> Result<(), CliError> {
        if self.muted {
            return Ok(());
        }
        line.write(&mut self.out).map_err(|why| self.failed(&why))
    }

    /// Prints a flattened item.
    pub(super) fn flat_item(&mut self, item: &Json, columns: &[&str]) -> Result<(), CliError> {
        match (self.format, &self.template) {
            (Format::Template, Some(template)) => {
                let line = template.fill(item, one_line);
                self.styled_line(&line)
            }
            (Format::Csv | Format::Tsv, _) => {
                let rows = self.delimited.rows(item, columns);
                rows.iter().try_for_each(|row| self.styled_line(row))
            }
            _ => self.json_line(item),
        }
    }

    /// Prints a single item of the API.
    pub(crate) fn item<T: TableItem>(&mut self, response: &Response<UndecodedData<false>>) -> Result<(), CliError> {
        self.add_partial(response);
        let is_screen = self.format == Format::Screen;
        typed::visit::<T>(response.body(), true, is_screen, |part| {
            self.add_undecoded(&part.problems);
            let mut items = part.items.iter().filter(|_| is_screen);
            items.try_for_each(|item| self.card(&item.card(&part.includes, SystemClock.now())))
        })?;
        match self.format {
            Format::Screen => Ok(()),
            Format::Json | Format::Jsonl => self.body(response.body()),
            _ => flat::visit(response.body(), true, |item| self.flat_item(&item, T::COLUMNS)),
        }
    }

    /// Prints a list of items that is complete.
    pub(crate) fn items<T: TableItem>(&mut self, response: &Response<UndecodedData<true>>) -> Result<(), CliError> {
        let mut progress = Progress::new(usize::MAX);
        self.page::<T>(response, &mut progress, true)?;
        if progress.is_empty() { self.no_results() } else { Ok(()) }
    }

    /// Prints the items of a stored body: as JSON lines, CSV or TSV with a header, or by the template.
    pub(crate) fn flattened(&mut self, body: &[u8]) -> Result<(), CliError> {
        let as_rows = matches!(self.format, Format::Csv | Format::Template) || self.delimited.has_columns();
        flat::visit(body, true, |item| match as_rows {
            true => self.flat_item(&item, Post::COLUMNS),
            false => self.json_line(&item),
        })
    }

    /// Prints an item of a stream for programs: as the server sent it, or flattened.
    pub(crate) fn stream_item(&mut self, line: &str) -> Result<(), CliError> {
        match self.format {
            // A line that is not JSON has no items.
            Format::Csv | Format::Template | Format::Flat => self.flattened(line.as_bytes()),
            _ => self.raw_json_line(line),
        }
    }

    /// Prints a page for programs: nothing in other formats.
    pub(crate) fn page_for_programs<T>(&mut self, page: &Response<T>, is_last: bool) -> Result<(), CliError> {
        self.add_partial(page);
        match self.format {
            Format::Screen | Format::Tsv => Ok(()),
            Format::Json => self.json_page(page.body(), true, is_last),
            _ => self.body(page.body()),
        }
    }

    /// Says that a list has no items.
    pub(crate) fn no_results(&mut self) -> Result<(), CliError> {
        if self.is_for_programs() { Ok(()) } else { self.summary("no results") }
    }

    fn card(&mut self, card: &Card) -> Result<(), CliError> {
        card.lines(screen::width(), self.color).iter().try_for_each(|line| self.styled_line(line))
    }

    /// Prints a page of a longer result and flushes it. `is_last` means that no page follows. JSON contains all items of the
    /// page, other formats at most those that are left of the limit.
    pub(crate) fn page<T: TableItem>(
        &mut self,
        page: &Response<UndecodedData<true>>,
        progress: &mut Progress,
        is_last: bool,
    ) -> Result<(), CliError> {
        self.add_partial(page);
        let (body, mut count) = (page.body(), 0_usize);
        let (is_screen, now) = (self.format == Format::Screen, SystemClock.now());
        typed::visit::<T>(body, false, is_screen, |part| {
            self.add_undecoded(&part.problems);
            count += part.items.len();
            if let Some(connection) = self.left_out {
                let left_out = part.items.iter().filter(|item| item.has_connection(connection));
                left_out.for_each(|item| progress.exclude(item.id()));
            }
            for item in part.items.iter().filter(|_| is_screen) {
                let is_first = progress.is_empty();
                if progress.admit(&item.id()) {
                    if !is_first {
                        self.styled_line("")?;
                    }
                    self.card(&item.card(&part.includes, now))?;
                }
            }
            Ok(())
        })?;
        match self.format {
            Format::Screen => {}
            Format::Json => {
                progress.add(count);
                self.json_page(body, count > 0, is_last || progress.is_complete())?;
            }
            Format::Jsonl => {
                lines::visit(body, count > 0, |line| match progress.admit(&line.key()) {
                    true => self.item_line(&line),
                    false => Ok(()),
                })?;
            }
            Format::Tsv | Format::Csv | Format::Flat | Format::Template => {
                flat::visit(body, count > 0, |item| {
                    let is_new = match flat::id(&item) {
                        Some(id) => progress.admit(id),
                        None => progress.admit(&item.to_string()),
                    };
                    if is_new { self.flat_item(&item, T::COLUMNS) } else { Ok(()) }
                })?;
            }
        }
        self.flush()
    }

    /// Prints a post of a stream on one line.
    pub(crate) fn stream_post(&mut self, delivery: &Delivery<Post>) -> Result<(), CliError> {
        let Some(post) = &delivery.data else { return Ok(()) };
        let author = delivery.includes.author_of(post).map_or("?", |user| &user.username);
        let author = styled(&one_line(&format!("@{author}")), AnsiColor::Cyan.on_default(), self.color);
        let time = post.created_at.map(Timestamp::to_time_of_day).unwrap_or_default();
        let tags = delivery.matching_rules.iter().filter_map(|rule| rule.tag.as_deref());
        let tags: Vec<&str> = tags.filter(|tag| !tag.is_empty()).collect();
        let tags = match tags.is_empty() {
            true => String::new(),
            false => self.dimmed(&one_line(&format!("  [{}]", tags.join(", ")))),
        };
        let (text, id) = (one_line(post.full_text()), self.dimmed(&post.id.to_string()));
        self.styled_line(&format!("{} {author}: {text}{tags}  {id}", self.dimmed(&time)))
    }
}
