//! Screens: a live stream, and a reader of posts with keys.

mod cards;
mod reader;
mod replies;
mod screen;
mod stream_view;

use chirrup::Client;

use self::reader::Reader;
use self::screen::Screen;
use self::stream_view::StreamView;
use super::posts::{EXPANSIONS, FIELDS, MEDIA_FIELDS};
use super::query;
use super::stream::refuse_plan;
use super::stream::source::{lock, name_of, open};
use crate::args::{StreamName, StreamSelection, WatchArgs, WatchCommand};
use crate::error::CliError;
use crate::print::Printer;

/// Number of posts of a page of the reader.
const PAGE: u32 = 25;

pub(super) async fn run(client: &Client, printer: &mut Printer, args: WatchArgs) -> Result<(), CliError> {
    refuse_plan(printer)?;
    macro_rules! read {
        ($title:expr, $call:expr) => {{
            let call = $call.max_results(PAGE).post_fields(FIELDS).expansions(EXPANSIONS).media_fields(MEDIA_FIELDS);
            Reader::new($title, client.clone(), move || call.clone().pages()).run(Screen::open()?).await
        }};
    }
    match args.command.unwrap_or(WatchCommand::Stream(StreamSelection::default())) {
        WatchCommand::Stream(selection) => stream(client, printer, &selection).await,
        WatchCommand::Home => read!("home timeline", client.home_timeline()),
        WatchCommand::Search { query } => {
            let query = query::valid_search(&query)?;
            read!(&query, client.search_recent(&query))
        }
    }
}

async fn stream(client: &Client, printer: &mut Printer, selection: &StreamSelection) -> Result<(), CliError> {
    let _lock = lock(client, printer, selection.stream)?;
    let screen = Screen::open()?;
    let mut view = StreamView::new(&name_of(selection.stream));
    if selection.stream == StreamName::Filtered {
        // The stream works without a list of its rules.
        view.set_rules(client.rules().await.map(|response| response.data).unwrap_or_default());
    }
    open(client, selection, false, stream_view::Watcher::new(client.clone(), selection.stream, screen, view)).await
}
