//! Recovery of the items of a gap: from the historical window of the stream, or else by recent search.

use std::collections::BTreeMap;
use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use chirrup_model::{Post, PostId, Timestamp};
use serde_json::{Value as Json, json};

use super::event::GapFill;
use crate::call::Call;
use crate::client::ApiClient;
use crate::client::future::BoxFuture;
use crate::client::stream_metrics::{StopHandle, StreamMetrics};
use crate::client::stream_settings::{Gap, LiveSettings, Overflow, RawEvent, RawLine, RawLiveStream};
use crate::endpoint::ParamLocation;
use crate::paging::pages::Pages;
use crate::response::error::Error;
use crate::response::error_kind::ErrorKind;
use crate::v2::posts::SearchRecent;
use crate::v2::streams::FilteredStream;

/// Tolerance for differing clocks in milliseconds, by which the requested time range starts earlier.
const MARGIN_MS: i64 = 10_000;
/// Age in milliseconds at which posts can be searched for; X requires at least 10 seconds.
const SEARCH_LAG_MS: i64 = 12_000;

/// Number of attempts to read the historical window.
const ATTEMPTS: u32 = 3;

/// Recovers the items of a gap, line by line.
pub(super) struct Recovery {
    client: ApiClient,
    call: Call,
    gap: Gap,
    settings: LiveSettings,
    source: Source,
    /// Number of recovered items that were new.
    pub(super) found: usize,
}

/// Source of the recovered items.
enum Source {
    /// The stream delivers the historical window.
    Window(RawLiveStream),
    /// The search is running. The text is the reason why the stream has no window.
    Search(BoxFuture<Option<Searched>>, String),
    /// The search has finished; the flag says whether it covers the last seconds of the gap.
    Found(std::vec::IntoIter<Bytes>, bool),
    Lost(String),
}

/// Result of the search.
struct Searched {
    lines: Vec<Bytes>,
    /// Whether the result covers the last seconds of the gap.
    whole: bool,
}

/// The next step of a recovery.
pub(super) enum Step {
    Line(RawLine),
    TooLong(u64),
    /// The first part of the gap is recovered; the rest becomes another gap.
    Part(Gap, GapFill),
    Over(Gap, GapFill),
}

impl Recovery {
    pub(super) fn new(client: ApiClient, call: Call, gap: Gap, settings: LiveSettings) -> Self {
        let has_window = call.endpoint.is_some_and(|endpoint| endpoint.param("start_time").is_some());
        let mut recovery = Self { client, call, gap, settings, source: Source::Lost(String::new()), found: 0 };
        recovery.source = match has_window {
            true => recovery.window(),
            false => recovery.fall_back(&Error::closed("this stream has no historical window")),
        };
        recovery
    }

    fn from(&self) -> Timestamp {
        self.gap.from.plus_millis(-MARGIN_MS)
    }

    fn window(&self) -> Source {
        let mut call = self.call.clone();
        call.unset("backfill_minutes");
        call.set("start_time", ParamLocation::Query, text(self.from()));
        call.set("end_time", ParamLocation::Query, text(whole_second_after(self.gap.to)));
        let past = LiveSettings {
            backfill: false,
            since: None,
            ends: true,
            overflow: Overflow::Wait,
            attempts: Some(ATTEMPTS),
            evict_connection: None,
            metrics: StreamMetrics::default(),
            after: None,
            closed: StopHandle::default(),
            ..self.settings.clone()
        };
        match self.client.open_stream(&call, past) {
            Ok(raw) => Source::Window(raw),
            Err(error) => self.fall_back(&error),
        }
    }

    /// Uses recent search instead, which is available without access to historical windows.
    fn fall_back(&self, why: &Error) -> Source {
        let is_filtered = self.call.endpoint == Some(FilteredStream::ENDPOINT);
        if !is_filtered || matches!(why.kind(), ErrorKind::Network | ErrorKind::Timeout) {
            return Source::Lost(why.to_string());
        }
        let (client, call, from, to) = (self.client.clone(), self.call.clone(), self.from(), self.gap.to);
        let stop_handle = self.settings.stop_handle.clone();
        let searching = async move {
            let searching = async {
                let mut lines = search(&client, &call, from, to.plus_millis(-SEARCH_LAG_MS)).await?;
                // By now, X may have indexed the last seconds.
                let rest = search(&client, &call, to.plus_millis(-2 * SEARCH_LAG_MS), to).await;
                let whole = rest.is_ok();
                lines.extend(rest.unwrap_or_default());
                Ok::<_, Error>(Searched { lines, whole })
            };
            let (mut found, mut stopped) = (pin!(searching), pin!(stop_handle.stopped()));
            poll_fn(|context| match stopped.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(None),
                Poll::Pending => found.as_mut().poll(context).map(Result::ok),
            })
            .await
        };
        Source::Search(Box::pin(searching), why.to_string())
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Step> {
        loop {
            if self.settings.stop_handle.is_stopped() {
                return Poll::Ready(self.over(GapFill::Lost("the stream was stopped during the recovery".to_owned())));
            }
            self.source = match &mut self.source {
                Source::Window(raw) => match ready!(raw.as_mut().poll_next(context)) {
                    Some(RawEvent::Line(line)) => return Poll::Ready(Step::Line(line)),
                    Some(RawEvent::TooLong(bytes)) => return Poll::Ready(Step::TooLong(bytes)),
                    Some(RawEvent::Ended(Ok(raw))) => self.fall_back(&Error::status(&self.call, raw)),
                    Some(RawEvent::Ended(Err(failure))) => self.fall_back(&Error::transport(&self.call, failure)),
                    Some(_) => continue,
                    // The stop handle may have ended the window.
                    None if self.settings.stop_handle.is_stopped() => continue,
                    None => return Poll::Ready(self.over(GapFill::Window(self.found))),
                },
                Source::Search(searching, why) => match ready!(searching.as_mut().poll(context)) {
                    Some(found) => Source::Found(found.lines.into_iter(), found.whole),
                    None => Source::Lost(std::mem::take(why)),
                },
                Source::Found(lines, whole) => match lines.next() {
                    Some(line) => return Poll::Ready(Step::Line(line.into())),
                    None if *whole => return Poll::Ready(self.over(GapFill::Search(self.found))),
                    None => return Poll::Ready(self.all_but_the_end()),
                },
                Source::Lost(why) => {
                    let why = std::mem::take(why);
                    return Poll::Ready(self.over(GapFill::Lost(why)));
                }
            };
        }
    }

    fn over(&self, fill: GapFill) -> Step {
        Step::Over(self.gap, fill)
    }

    /// Reports the recovered part of the gap; the last seconds are lost.
    fn all_but_the_end(&mut self) -> Step {
        let why = "X had not indexed the last seconds yet".to_owned();
        let until = self.gap.to.plus_millis(-SEARCH_LAG_MS);
        if until <= self.gap.from {
            return self.over(GapFill::Lost(why));
        }
        let found = Gap { to: until, ..self.gap };
        self.gap.from = until;
        self.source = Source::Lost(why);
        Step::Part(found, GapFill::Search(self.found))
    }
}

fn text(at: Timestamp) -> Result<Json, String> {
    Ok(at.to_whole_seconds().into())
}

/// Rounds a time up to a whole second, in which X takes times: a gap must not lose its last second.
fn whole_second_after(at: Timestamp) -> Timestamp {
    Timestamp::from_secs(at.plus_millis(999).as_secs())
}

/// Searches with each rule of the stream and returns the posts as lines, as the stream would have sent them.
async fn search(client: &ApiClient, call: &Call, from: Timestamp, to: Timestamp) -> Result<Vec<Bytes>, Error> {
    let rules = client.rules().await?.data;
    if to <= from {
        return Ok(Vec::new());
    }
    let (from, to) = (from.to_whole_seconds(), whole_second_after(to).to_whole_seconds());
    let mut found: BTreeMap<PostId, Json> = BTreeMap::new();
    for rule in rules {
        let Some(query) = &rule.value else { continue };
        let mut search = Call::of(SearchRecent::ENDPOINT);
        search.set("query", ParamLocation::Query, Ok(query.as_str().into()));
        search.set("max_results", ParamLocation::Query, Ok(100.into()));
        search.set("start_time", ParamLocation::Query, Ok(from.as_str().into()));
        search.set("end_time", ParamLocation::Query, Ok(to.as_str().into()));
        for view in ["tweet.fields", "user.fields", "media.fields", "place.fields", "poll.fields", "expansions"] {
            if let Some(value) = call.get(view) {
                search.set(view, ParamLocation::Query, Ok(value.clone()));
            }
        }
        let mut pages = Pages::<Vec<Post>>::new(client.bind(search));
        while let Some(page) = pages.next_page().await {
            let json = page?.json();
            for post in json["data"].as_array().into_iter().flatten() {
                let Some(id) = post["id"].as_str().and_then(|id| id.parse().ok()) else { continue };
                let line = found.entry(id).or_insert_with(|| {
                    let mut line = json!({"data": post, "matching_rules": []});
                    if json["includes"].is_object() {
                        line["includes"] = json["includes"].clone();
                    }
                    line
                });
                if let Some(rules) = line["matching_rules"].as_array_mut() {
                    rules.push(json!({"id": rule.id, "tag": rule.tag}));
                }
            }
        }
    }
    Ok(found.into_values().map(|line| Bytes::from(line.to_string())).collect())
}
