//! The loop of a running bot.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chirrup_api::{BoxFuture, Error, Live, LiveEvent, StopHandle, Typed};
use chirrup_model::{ActivityEvent, ActivityType, Delivery, Post};
use futures_util::future::{Either, FutureExt as _, select};
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::command::Command;
use super::handlers::{COMMANDS, GapReport, Handler, Handlers};
use crate::client::Client;

/// Time that running handlers have to finish after the bot was stopped.
const GRACE_PERIOD: Duration = Duration::from_secs(10);

/// Counters of a finished run of a bot.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Number of handlers that finished.
    pub handled: u64,
    /// Number of handlers that returned an error.
    pub failed: u64,
    /// Number of handlers that were still running 10 seconds after the stop.
    pub given_up: u64,
}

/// State of a running bot.
pub(super) struct Running {
    client: Client,
    handlers: Handlers,
    at_once: usize,
    name: Option<String>,
    posts: Option<Live<Typed<Post>>>,
    activity: Option<Live<Typed<ActivityEvent>>>,
    work: FuturesUnordered<BoxFuture<Result<(), Error>>>,
    report: Report,
}

/// The next event of the loop.
enum Next {
    Post(Option<Box<LiveEvent<Delivery<Post>>>>),
    Activity(Option<Box<LiveEvent<Delivery<ActivityEvent>>>>),
    Done(Result<(), Error>),
}

impl Running {
    /// Prepares a bot that reacts to commands to this name, with these streams.
    pub(super) fn new(
        client: Client,
        handlers: Handlers,
        name: Option<String>,
        posts: Option<Live<Typed<Post>>>,
        activity: Option<Live<Typed<ActivityEvent>>>,
    ) -> Self {
        let (work, report) = (FuturesUnordered::new(), Report::default());
        Self { client, handlers, at_once: 1, name, posts, activity, work, report }
    }

    /// Sets the maximum number of concurrent handlers.
    pub(super) fn at_once(mut self, handlers: usize) -> Self {
        self.at_once = handlers;
        self
    }

    /// Handles events until the stop handle, or with `signals` a signal of the system, stops the bot.
    pub(super) async fn run(mut self, stop_handle: &StopHandle, signals: bool) -> Result<Report, Error> {
        let streams: Vec<StopHandle> =
            (self.posts.iter().map(Live::stop_handle)).chain(self.activity.iter().map(Live::stop_handle)).collect();
        let stop = async move {
            if signals {
                select(std::pin::pin!(stop_handle.stopped()), std::pin::pin!(chirrup_http::shutdown_signal())).await;
            } else {
                stop_handle.stopped().await;
            }
            streams.iter().for_each(StopHandle::stop);
        };
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            let next = match select(&mut stop, std::pin::pin!(self.next())).await {
                Either::Right((next, _)) => next,
                Either::Left(_) => continue,
            };
            match next {
                None => return Ok(self.wind_up().await),
                Some(Next::Done(done)) => self.done(done),
                Some(Next::Post(None)) => self.posts = None,
                Some(Next::Activity(None)) => self.activity = None,
                Some(Next::Post(Some(event))) => self.posted(*event)?,
                Some(Next::Activity(Some(event))) => self.happened(*event)?,
            }
        }
    }

    /// Returns the next event, or `None` when both streams have ended.
    async fn next(&mut self) -> Option<Next> {
        if self.posts.is_none() && self.activity.is_none() {
            return None;
        }
        let full = self.work.len() >= self.at_once;
        let Self { posts, activity, work, .. } = self;
        std::future::poll_fn(|context| {
            use std::task::Poll;
            if let Poll::Ready(Some(done)) = work.poll_next_unpin(context) {
                return Poll::Ready(Some(Next::Done(done)));
            }
            if full {
                return Poll::Pending;
            }
            if let Some(Poll::Ready(event)) = posts.as_mut().map(|posts| posts.poll_next_unpin(context)) {
                return Poll::Ready(Some(Next::Post(event.map(Box::new))));
            }
            if let Some(Poll::Ready(event)) = activity.as_mut().map(|activity| activity.poll_next_unpin(context)) {
                return Poll::Ready(Some(Next::Activity(event.map(Box::new))));
            }
            Poll::Pending
        })
        .await
    }

    /// Waits for running handlers, for up to [`GRACE_PERIOD`].
    async fn wind_up(mut self) -> Report {
        let mut until = std::pin::pin!(chirrup_http::sleep(GRACE_PERIOD));
        while !self.work.is_empty() {
            match select(self.work.next(), &mut until).await {
                Either::Left((Some(done), _)) => self.done(done),
                _ => break,
            }
        }
        self.report.given_up = self.work.len() as u64;
        self.report
    }

    fn done(&mut self, done: Result<(), Error>) {
        self.report.handled += 1;
        let Err(error) = done else { return };
        self.report.failed += 1;
        let error = Arc::new(error);
        if self.handlers.errors.is_empty() {
            report_error(&error);
        }
        for handle in &self.handlers.errors {
            let work = handle(self.client.clone(), Arc::clone(&error));
            // An error of an error handler is not handled again.
            self.work.push(Box::pin(async move {
                let _ = work.await;
                Ok(())
            }));
        }
    }

    fn begin<T: Clone>(&mut self, handlers: &[Handler<T>], what: &T) {
        for handle in handlers {
            self.work.push(handle(self.client.clone(), what.clone()));
        }
    }

    fn posted(&mut self, event: LiveEvent<Delivery<Post>>) -> Result<(), Error> {
        let LiveEvent::Item(delivery) = event else { return self.changed(event) };
        let handlers = self.handlers.clone();
        let tagged = |wanted: &str| delivery.matching_rules.iter().any(|rule| rule.tag.as_deref() == Some(wanted));
        for (tag, handle) in &handlers.posts {
            if tag.as_deref().is_none_or(tagged) {
                self.begin(std::slice::from_ref(handle), &delivery);
            }
        }
        let command = self.name.as_deref().filter(|_| tagged(COMMANDS));
        if let Some(command) = command.and_then(|name| Command::of(&self.client, name, &delivery))
            && let Some(handle) = handlers.commands.get(&command.name).or(handlers.other_commands.as_ref())
        {
            self.begin(std::slice::from_ref(handle), &command);
        }
        Ok(())
    }

    fn happened(&mut self, event: LiveEvent<Delivery<ActivityEvent>>) -> Result<(), Error> {
        let LiveEvent::Item(delivery) = event else { return self.changed(event) };
        let Some(activity) = delivery.data else { return Ok(()) };
        let handlers = self.handlers.clone();
        for (kind, handle) in &handlers.activities {
            if kind.as_deref().is_none_or(|kind| activity.event_type.as_deref() == Some(kind)) {
                self.begin(std::slice::from_ref(handle), &activity);
            }
        }
        if activity.event_type.as_deref() == Some(ActivityType::DmReceived.as_str()) {
            self.begin(&handlers.messages, &activity);
        }
        Ok(())
    }

    /// Runs the handlers of a connection event of either stream.
    fn changed<I>(&mut self, event: LiveEvent<I>) -> Result<(), Error> {
        let handlers = self.handlers.clone();
        match event {
            LiveEvent::Live => self.begin(&handlers.connects, &()),
            LiveEvent::ReconnectWait { why, .. } => self.begin(&handlers.disconnects, &why),
            LiveEvent::Gap { from, to, fill } => self.begin(&handlers.gaps, &GapReport { from, to, fill }),
            LiveEvent::Alert(alert) => self.begin(&handlers.alerts, &alert),
            LiveEvent::Ended(why) => return Err(why),
            _ => {}
        }
        Ok(())
    }
}

/// Reports an error that no handler takes, on one line.
fn report_error(error: &Error) {
    if tracing::enabled!(tracing::Level::ERROR) {
        tracing::error!(%error, "a handler of the bot failed");
    } else {
        let line = error.to_string().replace(['\n', '\r'], " ");
        // Without stderr there is no one to report to.
        let _ = writeln!(std::io::stderr(), "bot: a handler failed: {line}");
    }
}
