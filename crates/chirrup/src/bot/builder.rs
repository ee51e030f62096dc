//! The bot: its rules, handlers and settings.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use chirrup_api::{Alert, Error, NewRule, Reason, StopHandle};
use chirrup_model::{ActivityEvent, ActivityType, Delivery, Expansion, Post, PostField, UserField};
use serde_json::json;

use super::command::Command;
use super::handlers::{COMMANDS, GapReport, Handlers, handler};
use super::run::{Report, Running};
use crate::client::Client;

/// Default limit of concurrent handlers.
const AT_ONCE: usize = 16;

/// A bot: handlers for the events of live streams, with one client for all of them.
///
/// It opens the filtered stream if it has handlers of posts or commands, and the activity stream if it has handlers of
/// activity or messages. The client needs a bearer token for the streams and the credential of a user for everything else.
///
/// ```no_run
/// # async fn example(client: chirrup::Client) -> Result<(), chirrup::Error> {
/// use chirrup::{Bot, NewRule};
///
/// let bot = Bot::new(client)
///     .rule(NewRule::new("heron has:images").tag("birds"))
///     .on_post("birds", |client, delivery| async move {
///         if let Some(post) = delivery.data {
///             client.post(post.id).like().await?;
///         }
///         Ok(())
///     })
///     .command("hello", |_, command| async move { command.reply("Hello yourself!").await.map(drop) });
/// bot.run().await?;
/// # Ok(()) }
/// ```
pub struct Bot {
    client: Client,
    rules: Vec<NewRule>,
    handlers: Handlers,
    at_once: usize,
    stop_handle: StopHandle,
    signals: bool,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("rules", &self.rules).finish_non_exhaustive()
    }
}

/// Setters of handlers for events of one type.
macro_rules! on {
    ($($(#[$doc:meta])* $method:ident: $event:ty => $handlers:ident;)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $method<F, R>(mut self, handle: F) -> Self
        where
            F: Fn(Client, $event) -> R + Send + Sync + 'static,
            R: Future<Output = Result<(), Error>> + Send + 'static,
        {
            self.handlers.$handlers.push(handler(handle));
            self
        }
    )* };
}

impl Bot {
    /// Creates a bot that acts with this client.
    pub fn new(client: Client) -> Self {
        let (handlers, stop_handle) = (Handlers::default(), StopHandle::default());
        Self { client, rules: Vec::new(), handlers, at_once: AT_ONCE, stop_handle, signals: true }
    }

    /// Adds a rule to the filtered stream when the bot starts, unless the app has it already. Other rules stay.
    #[must_use]
    pub fn rule(mut self, rule: impl Into<NewRule>) -> Self {
        self.rules.push(rule.into());
        self
    }

    /// Sets a handler of posts that match a rule with this tag. An empty tag stands for any rule.
    #[must_use]
    pub fn on_post<F, R>(mut self, tag: &str, handle: F) -> Self
    where
        F: Fn(Client, Delivery<Post>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.posts.push(((!tag.is_empty()).then(|| tag.to_owned()), handler(handle)));
        self
    }

    /// Sets the handler of a command: a post that mentions the bot and continues with this name.
    #[must_use]
    pub fn command<F, R>(mut self, name: &str, handle: F) -> Self
    where
        F: Fn(Client, Command) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.commands.insert(name.to_lowercase(), handler(handle));
        self
    }

    /// Sets the handler of commands that have no handler of their own.
    #[must_use]
    pub fn on_other_command<F, R>(mut self, handle: F) -> Self
    where
        F: Fn(Client, Command) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.other_commands = Some(handler(handle));
        self
    }

    /// Sets a handler of activity of this type, such as [`ActivityType::FollowFollow`]. The bot subscribes to the activity
    /// of its own user, unless the app already has.
    #[must_use]
    pub fn on_activity<F, R>(mut self, kind: ActivityType, handle: F) -> Self
    where
        F: Fn(Client, ActivityEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.activities.push((Some(kind.as_str().to_owned()), handler(handle)));
        self
    }

    /// Sets a handler that runs when a stream is connected.
    #[must_use]
    pub fn on_connect<F, R>(mut self, handle: F) -> Self
    where
        F: Fn(Client) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.connects.push(handler(move |client, ()| handle(client)));
        self
    }

    on! {
        /// Sets a handler of direct messages to the bot.
        on_message: ActivityEvent => messages;
        /// Sets a handler that runs when a connection is lost.
        on_disconnect: Reason => disconnects;
        /// Sets a handler of gaps: times in which events may have been missed.
        on_gap: GapReport => gaps;
        /// Sets a handler of alerts: an unusually high or low rate, or a stream that fails repeatedly.
        on_alert: Alert => alerts;
        /// Sets a handler of errors that other handlers return. Without one, each error becomes an event of
        /// `tracing`, or a line on stderr if no subscriber is set.
        on_error: Arc<Error> => errors;
    }

    /// Sets the maximum number of concurrent handlers. The default is 16. While all are busy, the bot reads nothing from
    /// its streams.
    #[must_use]
    pub fn at_once(mut self, handlers: usize) -> Self {
        self.at_once = handlers.max(1);
        self
    }

    /// Ignores SIGINT and SIGTERM: only the [`stop_handle`](Self::stop_handle) ends the bot.
    #[must_use]
    pub fn without_signals(mut self) -> Self {
        self.signals = false;
        self
    }

    /// Returns a handle that stops the bot from another task or thread.
    pub fn stop_handle(&self) -> StopHandle {
        self.stop_handle.clone()
    }

    /// Runs the bot until it is stopped by its stop handle, SIGINT or SIGTERM. Events that were received before are still
    /// handled, for up to 10 seconds.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if X refuses a rule; the errors of the calls that add rules and
    /// subscriptions; [`ErrorKind::Closed`](crate::ErrorKind::Closed) or the refusal of X if a stream ends for good.
    pub async fn run(self) -> Result<Report, Error> {
        let name = if self.handlers.commands.is_empty() && self.handlers.other_commands.is_none() {
            None
        } else {
            Some(self.client.get_me().await?.data.username)
        };
        self.add_rules(name.as_deref()).await?;
        self.subscribe().await?;
        let hears_posts = !self.handlers.posts.is_empty() || name.is_some();
        let hears_activity = !self.handlers.activities.is_empty() || !self.handlers.messages.is_empty();
        let posts = hears_posts.then(|| {
            let fields = [PostField::AuthorId, PostField::CreatedAt, PostField::InReplyToUserId, PostField::Entities];
            let stream = self.client.filtered_stream().post_fields(fields).user_fields([UserField::Verified]);
            stream.expansions([Expansion::AuthorId]).open()
        });
        let activity = hears_activity.then(|| self.client.activity_stream().open());
        let Self { client, handlers, at_once, stop_handle, signals, .. } = self;
        Running::new(client, handlers, name, posts, activity).at_once(at_once).run(&stop_handle, signals).await
    }

    async fn add_rules(&self, name: Option<&str>) -> Result<(), Error> {
        let mut wanted = self.rules.clone();
        if let Some(name) = name {
            wanted.push(NewRule::new(format!("@{name} -from:{name} -is:retweet")).tag(COMMANDS));
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let there = self.client.all_rules().await?;
        wanted.retain(|rule| {
            !there.iter().any(|old| {
                old.value.as_deref() == Some(&rule.value) && old.tag.as_deref().unwrap_or_default() == rule.tag
            })
        });
        let changed = self.client.add_rules(wanted).await?;
        match changed.refused.first() {
            None => Ok(()),
            Some(problem) => Err(Error::from_status(400, format!("add_rules: X refused a rule of the bot: {problem}"))
                .with_hint("fix the rule, or delete rules that the app no longer needs with `delete_rules`")),
        }
    }

    async fn subscribe(&self) -> Result<(), Error> {
        let kinds = self.handlers.activities.iter().filter_map(|(kind, _)| kind.clone());
        let mut kinds: Vec<String> = kinds.collect();
        if !self.handlers.messages.is_empty() {
            kinds.push(ActivityType::DmReceived.as_str().to_owned());
        }
        if kinds.is_empty() {
            return Ok(());
        }
        kinds.sort();
        kinds.dedup();
        let me = self.client.get_me().await?.data.id.to_string();
        let there = self.client.activity_subscriptions().as_app().await?.data;
        for kind in kinds {
            let known = there.iter().any(|one| {
                let user = one.filter.as_ref().and_then(|filter| filter.user_id.as_deref());
                one.event_type.as_deref() == Some(&kind) && user == Some(&me)
            });
            if let (false, Some(kind)) = (known, ActivityType::ALL.iter().find(|known| known.as_str() == kind)) {
                self.client.create_activity_subscription(kind, json!({"user_id": me})).await?;
            }
        }
        Ok(())
    }
}
