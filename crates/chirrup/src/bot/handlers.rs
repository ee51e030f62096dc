//! Handlers of a bot by event.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use chirrup_api::{Alert, BoxFuture, Error, GapFill, Reason};
use chirrup_model::{ActivityEvent, Delivery, Post, Timestamp};

use super::command::Command;
use crate::client::Client;

/// Tag of the rule that matches the commands of a bot.
pub(super) const COMMANDS: &str = "chirrup commands";
pub(super) type Handler<T> = Arc<dyn Fn(Client, T) -> BoxFuture<Result<(), Error>> + Send + Sync>;

/// Makes a handler of a function.
pub(super) fn handler<T, F, R>(handle: F) -> Handler<T>
where
    F: Fn(Client, T) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), Error>> + Send + 'static,
{
    Arc::new(move |client, what| Box::pin(handle(client, what)))
}

/// A gap in a stream, and how it was filled.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GapReport {
    /// Start of the gap.
    pub from: Timestamp,
    /// End of the gap.
    pub to: Timestamp,
    /// How the gap was filled.
    pub fill: GapFill,
}

#[derive(Clone, Default)]
pub(super) struct Handlers {
    pub(super) posts: Vec<(Option<String>, Handler<Delivery<Post>>)>,
    pub(super) commands: HashMap<String, Handler<Command>>,
    pub(super) other_commands: Option<Handler<Command>>,
    pub(super) activities: Vec<(Option<String>, Handler<ActivityEvent>)>,
    pub(super) messages: Vec<Handler<ActivityEvent>>,
    pub(super) connects: Vec<Handler<()>>,
    pub(super) disconnects: Vec<Handler<Reason>>,
    pub(super) gaps: Vec<Handler<GapReport>>,
    pub(super) alerts: Vec<Handler<Alert>>,
    pub(super) errors: Vec<Handler<Arc<Error>>>,
}
