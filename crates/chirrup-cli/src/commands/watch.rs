//! Screens: a live stream, and a reader of posts with keys.

mod cards;
mod reader;
mod replies;
mod screen;
mod stream_view;

use chirrup::Client;
use chirrup::model::{Expansion, MediaField, PostField};

use self::reader::Reader;
use self::screen::Screen;
use self::stream_view::StreamView;
use super::query;
use super::stream::refuse_plan;
use super::stream::source::{lock, name_of, open};
use crate::args::{StreamName, StreamSelection, WatchArgs, WatchCommand};
use crate::error::CliError;
use crate::print::Printer;

/// Fields and expansions of the posts of the reader.
const FIELDS: [PostField; 3] = [PostField::CreatedAt, PostField::PublicMetrics, PostField::NotePost];
const EXPANSIONS: [Expansion; 4] = [Expansion::AuthorId, Expansion::MediaKeys, Expansion::PollIds, Expansion::PlaceId];
const MEDIA_FIELDS: [MediaField; 2] = [MediaField::AltText, MediaField::Url];
/// Number of posts of a page of the reader.
const PAGE: u32 = 25;

pub(super) async fn run(client: &Client, printer: &mut Printer, args: WatchArgs) -> Result<(), CliError> {
    match args.command.unwrap_or(WatchCommand::Stream(StreamSelection::default())) {
        WatchCommand::Stream(selection) => stream(client, printer, &selection).await,
        WatchCommand::Home => {
            refuse_plan(printer)?;
            let call = client.home_timeline().max_results(PAGE).post_fields(FIELDS).expansions(EXPANSIONS);
            let call = call.media_fields(MEDIA_FIELDS);
            Reader::new("home timeline", client.clone(), move || call.clone().pages()).run(Screen::open()?).await
        }
        WatchCommand::Search { query } => {
            refuse_plan(printer)?;
            let query = query::valid_search(&query)?;
            let call = client.search_recent(&query).max_results(PAGE).post_fields(FIELDS).expansions(EXPANSIONS);
            let call = call.media_fields(MEDIA_FIELDS);
            Reader::new(&query, client.clone(), move || call.clone().pages()).run(Screen::open()?).await
        }
    }
}

async fn stream(client: &Client, printer: &mut Printer, selection: &StreamSelection) -> Result<(), CliError> {
    refuse_plan(printer)?;
    let _lock = lock(client, printer, selection.stream)?;
    let screen = Screen::open()?;
    let mut view = StreamView::new(&name_of(selection.stream));
    if selection.stream == StreamName::Filtered {
        // The stream works without a list of its rules.
        view.set_rules(client.rules().await.map(|response| response.data).unwrap_or_default());
    }
    open(client, selection, stream_view::Watcher::new(client.clone(), selection.stream, screen, view)).await
}
