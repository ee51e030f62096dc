//! Posts and users by the IDs of a file, whose length is not limited.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use chirrup::archive::ItemKind;
use chirrup::internal::UndecodedData;
use chirrup::v2::posts::GetPosts;
use chirrup::v2::users::GetUsers;
use chirrup::{Call, Client, Response};

use super::collect::{Collection, Goal};
use super::pages::{LAST_PAGE, PageSink as _};
use super::posts::post_id;
use crate::args::HydrateArgs;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, plural};
use crate::verbs::{Output, Selection, set};
use crate::{progress, signals};

/// Maximum number of IDs of a request.
const MAX_IDS: usize = 100;
/// Length in bytes of the longest line.
const MAX_LINE_LEN: u64 = 4_096;

/// Collects the posts or users whose IDs a file has. The token of the page that follows is a position in the file.
pub(super) async fn run(client: &Client, printer: &mut Printer, args: &HydrateArgs) -> Result<(), CliError> {
    let path = std::path::absolute(&args.file).map_err(|why| cannot_read(&args.file, &why))?;
    let (items, endpoint) = match args.users {
        true => (ItemKind::Users, GetUsers::ENDPOINT),
        false => (ItemKind::Posts, GetPosts::ENDPOINT),
    };
    let source = format!("hydrate {} {}", items.name(), path.display());
    let mut ids = IdFile::open(&args.file, args.users)?;
    let mut sink = Collection::open(printer, source, items, (&args.into, args.lines))?;
    let mut call = Call::of(endpoint);
    let output = if args.users { Output::Users } else { Output::Posts };
    Selection { matches: &clap::ArgMatches::default(), output, has_all_fields: true }.apply(&mut call, endpoint)?;
    let is_continued = sink.checkpoint.pages > 0;
    let mut collected = read(&mut sink, client, &call, &mut ids).await;
    if collected.is_ok() && args.schedule.updates() && is_continued && sink.checkpoint.is_complete {
        sink.begin_update();
        collected = read(&mut sink, client, &call, &mut ids).await;
    }
    if ids.invalid > 0 && !sink.printer.quiet() {
        // A file of several columns has a header.
        let (lines, file) = (plural(ids.invalid, "line"), args.file.display());
        progress::notice(&format!("{file}: {lines} without an ID"));
    }
    sink.finish(&args.into, collected)
}

/// Requests the IDs of a file from the checkpoint on.
async fn read(sink: &mut Collection<'_>, client: &Client, call: &Call, ids: &mut IdFile<'_>) -> Result<(), CliError> {
    let Some(endpoint) = call.endpoint else { return Ok(()) };
    if sink.checkpoint.is_complete {
        return Ok(());
    }
    ids.seek(sink.checkpoint.next_token.as_ref().and_then(|token| token.parse().ok()).unwrap_or(0))?;
    let left = ids.count_the_rest()?;
    let mut first = call.clone();
    set(&mut first, endpoint, "ids", vec!["1"; left.min(MAX_IDS)].into());
    sink.approach(Some(Goal::Pages(sink.checkpoint.pages + left.div_ceil(MAX_IDS) as u64)));
    sink.announce(client, &first, left);
    let mut interrupted = signals::shutdown();
    while !sink.checkpoint.is_complete {
        let batch = ids.next_batch()?;
        if batch.is_empty() {
            return Ok(());
        }
        let next = ids.position();
        let mut call = call.clone();
        set(&mut call, endpoint, "ids", batch.into());
        let mut sending = Box::pin(client.api().bind(call).send::<UndecodedData<true>>());
        let (page, is_last): (Response<_>, bool) = tokio::select! {
            page = &mut sending => (page?, false),
            // What is on its way is paid for.
            _ = &mut interrupted => match tokio::time::timeout(LAST_PAGE, &mut sending).await {
                Ok(page) => (page?, true),
                Err(_) => return Err(CliError::new(ExitStatus::Interrupted, "interrupted")),
            },
        };
        if let Some(plan) = sink.printer.plan() {
            plan.repeat_for_items(left);
            return Ok(());
        }
        sink.take(&page, next.as_deref())?;
        let resume = next.as_deref().map(|token| sink.resume(token));
        sink.printer.set_resume(resume);
        if is_last {
            return Err(CliError::new(ExitStatus::Interrupted, "interrupted"));
        }
    }
    Ok(())
}

/// File with an ID or a link per line, of which a batch is in memory.
struct IdFile<'a> {
    path: &'a Path,
    lines: BufReader<File>,
    position: u64,
    are_users: bool,
    /// Number of lines without an ID.
    invalid: u64,
}

impl<'a> IdFile<'a> {
    fn open(path: &'a Path, are_users: bool) -> Result<Self, CliError> {
        let file = File::open(path).map_err(|why| cannot_read(path, &why))?;
        Ok(Self { path, lines: BufReader::new(file), position: 0, are_users, invalid: 0 })
    }

    fn seek(&mut self, position: u64) -> Result<(), CliError> {
        self.position = position;
        self.lines.seek(SeekFrom::Start(position)).map_err(|why| cannot_read(self.path, &why)).map(drop)
    }

    /// Returns the position of the next line that is not blank, or `None` at the end.
    fn position(&mut self) -> Option<String> {
        loop {
            let rest = self.lines.fill_buf().ok().filter(|rest| !rest.is_empty())?;
            let (blank, len) = (rest.len() - rest.trim_ascii_start().len(), rest.len());
            self.lines.consume(blank);
            self.position += blank as u64;
            if blank < len {
                return Some(self.position.to_string());
            }
        }
    }

    /// Returns the IDs of the next lines, each once.
    fn next_batch(&mut self) -> Result<Vec<String>, CliError> {
        let (mut batch, mut seen, mut line) = (Vec::new(), HashSet::new(), Vec::new());
        while batch.len() < MAX_IDS {
            line.clear();
            let read = (&mut self.lines).take(MAX_LINE_LEN).read_until(b'\n', &mut line);
            let len = read.map_err(|why| cannot_read(self.path, &why))?;
            if len == 0 {
                break;
            }
            self.position += len as u64;
            let line = String::from_utf8_lossy(&line);
            let word = line.split([' ', '\t', ',']).next().unwrap_or_default().trim().trim_matches('"');
            match self.id(word) {
                _ if line.trim().is_empty() => {}
                Some(id) if seen.insert(id.clone()) => batch.push(id),
                Some(_) => {}
                None => self.invalid += 1,
            }
        }
        Ok(batch)
    }

    fn id(&self, word: &str) -> Option<String> {
        match self.are_users {
            true => word.parse::<chirrup::model::UserId>().ok().map(|id| id.to_string()),
            false => post_id(word).ok().map(|id| id.to_string()),
        }
    }

    /// Counts the IDs of the rest of the file, and returns to this position.
    fn count_the_rest(&mut self) -> Result<usize, CliError> {
        let (position, invalid, mut count) = (self.position, self.invalid, 0);
        loop {
            match self.next_batch()?.len() {
                0 => break,
                batch => count += batch,
            }
        }
        self.invalid = invalid;
        self.seek(position)?;
        Ok(count)
    }
}

fn cannot_read(path: &Path, why: &io::Error) -> CliError {
    CliError::read(path.display(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_of_a_line_is_an_id_or_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids.csv");
        let first = "id,text\n20,a\n\"21\"\n\nhttps://x.com/robin/status/22?s=1\n20\n";
        let rest: String = (1_000..1_250).map(|id| format!("{id}\r\n")).collect();
        std::fs::write(&path, format!("{first}{rest}")).unwrap();
        let mut ids = IdFile::open(&path, false).unwrap();
        let batch = ids.next_batch().unwrap();
        assert_eq!((batch.len(), &batch[..4]), (100, &["20", "21", "22", "1000"].map(str::to_owned)[..]));
        assert_eq!(ids.invalid, 1);
        let position = ids.position().unwrap();
        assert_eq!(ids.count_the_rest().unwrap(), 153);
        assert_eq!(ids.next_batch().unwrap()[0], "1097");
        assert_eq!(ids.count_the_rest().unwrap(), 53);
        assert_eq!((ids.next_batch().unwrap().len(), ids.position()), (53, None));
        ids.seek(position.parse().unwrap()).unwrap();
        assert_eq!(ids.next_batch().unwrap()[0], "1097");
        assert!(IdFile::open(&folder.path().join("missing"), false).is_err());
        // Blank lines at the end are not another batch.
        std::fs::write(&path, format!("{}\n \r\n\n", (1_000..1_100).map(|id| format!("{id}\n")).collect::<String>()))
            .unwrap();
        let mut ids = IdFile::open(&path, false).unwrap();
        assert_eq!((ids.next_batch().unwrap().len(), ids.position()), (100, None));
    }
}
