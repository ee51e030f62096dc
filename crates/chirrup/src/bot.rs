//! Bots: handlers for what happens, over streams that keep themselves alive.

mod run;

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use chirrup_api::{Alert, BoxFuture, Error, GapFill, NewRule, Reason, StopHandle};
use chirrup_model::{
    ActivityEvent, ActivityType, Created, Delivery, Expansion, Post, PostField, Timestamp, User, UserField,
};
use serde_json::{Value as Json, json};

use crate::Client;
use run::Running;

/// The tag of the rule by which a bot hears of its commands.
const COMMANDS: &str = "chirrup commands";
/// How many handlers run at once.
const AT_ONCE: usize = 16;

type Handler<T> = Arc<dyn Fn(Client, T) -> BoxFuture<Result<(), Error>> + Send + Sync>;

fn handler<T, F, R>(handle: F) -> Handler<T>
where
    F: Fn(Client, T) -> R + Send + Sync + 'static,
    R: Future<Output = Result<(), Error>> + Send + 'static,
{
    Arc::new(move |client, what| Box::pin(handle(client, what)))
}

/// A post that tells the bot to do something: `@bot name words`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Command {
    /// Its name, in small letters.
    pub name: String,
    /// What follows the name.
    pub words: String,
    /// The post, and what came along with it.
    pub delivery: Delivery<Post>,
    client: Client,
}

impl Command {
    /// Finds the command in a post: the first words after the name of the bot.
    fn of(client: &Client, bot: &str, delivery: &Delivery<Post>) -> Option<Self> {
        let text = delivery.data.as_ref()?.full_text();
        let named = |word: &str| {
            word.strip_prefix('@').is_some_and(|name| name.trim_end_matches(',').eq_ignore_ascii_case(bot))
        };
        let mut rest = text;
        while let Some(word) = rest.split_whitespace().next() {
            rest = rest.trim_start()[word.len()..].trim_start();
            if named(word) {
                let name = rest.split_whitespace().next().unwrap_or_default();
                let words = rest[name.len()..].trim();
                let name = name.trim_matches(|c: char| c.is_ascii_punctuation()).to_lowercase();
                let (delivery, client) = (delivery.clone(), client.clone());
                return Some(Self { name, words: words.to_owned(), delivery, client });
            }
        }
        None
    }

    /// The post.
    pub fn post(&self) -> Option<&Post> {
        self.delivery.data.as_ref()
    }

    /// Who wrote it.
    pub fn author(&self) -> Option<&User> {
        self.delivery.includes.author_of(self.post()?)
    }

    /// Answers the post.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn reply(&self, text: impl Into<String>) -> Result<Created, Error> {
        let post = self.post().ok_or_else(|| Error::configuration("there is no post to answer"))?;
        Ok(self.client.post(post.id).reply(text.into()).await?.data)
    }
}

/// A time in which nothing was received, and what was done about it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct GapReport {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// What was done.
    pub fill: GapFill,
}

/// What a bot did, when it is over.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// How many handlers came to their end.
    pub handled: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How many were still at work when the time was up.
    pub given_up: u64,
}

#[derive(Clone, Default)]
struct Handlers {
    posts: Vec<(Option<String>, Handler<Delivery<Post>>)>,
    commands: HashMap<String, Handler<Command>>,
    other_commands: Option<Handler<Command>>,
    activities: Vec<(Option<String>, Handler<ActivityEvent>)>,
    messages: Vec<Handler<ActivityEvent>>,
    connects: Vec<Handler<()>>,
    disconnects: Vec<Handler<Reason>>,
    gaps: Vec<Handler<GapReport>>,
    alerts: Vec<Handler<Alert>>,
    errors: Vec<Handler<Arc<Error>>>,
}

/// A bot: handlers by what happens, one client for all of them.
///
/// It opens the filtered stream if there are handlers of posts or commands, and the stream of activity if there are handlers
/// of that. The client needs the app's token for the streams, and a user's to act as.
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

/// Setters of handlers that are told of one thing.
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
    /// A bot that acts with this client.
    pub fn new(client: Client) -> Self {
        let (handlers, stop_handle) = (Handlers::default(), StopHandle::default());
        Self { client, rules: Vec::new(), handlers, at_once: AT_ONCE, stop_handle, signals: true }
    }

    /// Adds a rule to those of the app when the bot starts, if it is not there. Others stay.
    #[must_use]
    pub fn rule(mut self, rule: impl Into<NewRule>) -> Self {
        self.rules.push(rule.into());
        self
    }

    /// What to do with a post that matches the rules of this tag; of any rule if the tag is empty.
    #[must_use]
    pub fn on_post<F, R>(mut self, tag: &str, handle: F) -> Self
    where
        F: Fn(Client, Delivery<Post>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.posts.push(((!tag.is_empty()).then(|| tag.to_owned()), handler(handle)));
        self
    }

    /// What to do with a command: a post that mentions the bot, and then says this word.
    #[must_use]
    pub fn command<F, R>(mut self, name: &str, handle: F) -> Self
    where
        F: Fn(Client, Command) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.commands.insert(name.to_lowercase(), handler(handle));
        self
    }

    /// What to do with a command that nobody knows.
    #[must_use]
    pub fn on_other_command<F, R>(mut self, handle: F) -> Self
    where
        F: Fn(Client, Command) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.other_commands = Some(handler(handle));
        self
    }

    /// What to do with activity of this kind, such as [`ActivityType::FollowFollow`]. The bot subscribes to that of its own
    /// user, if the app has not done so.
    #[must_use]
    pub fn on_activity<F, R>(mut self, kind: ActivityType, handle: F) -> Self
    where
        F: Fn(Client, ActivityEvent) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.handlers.activities.push((Some(kind.as_str().to_owned()), handler(handle)));
        self
    }

    /// What to do when a stream is connected.
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
        /// What to do with a direct message to the bot.
        on_message: ActivityEvent => messages;
        /// What to do when a connection is lost.
        on_disconnect: Reason => disconnects;
        /// What to do when something was missed, or could have been.
        on_gap: GapReport => gaps;
        /// What to do when somebody should look: a flood, a drought, or a stream that fails again and again.
        on_alert: Alert => alerts;
        /// What to do when a handler fails. Without this its failure is counted, and no more.
        on_error: Arc<Error> => errors;
    }

    /// How many handlers run at once; 16 if not given. While so many are at work, nothing more is taken off the streams.
    #[must_use]
    pub fn at_once(mut self, handlers: usize) -> Self {
        self.at_once = handlers.max(1);
        self
    }

    /// Leaves the signals of the system to others: only the [`stop_handle`](Self::stop_handle) ends the bot.
    #[must_use]
    pub fn without_signals(mut self) -> Self {
        self.signals = false;
        self
    }

    /// Stops the bot from elsewhere.
    pub fn stop_handle(&self) -> StopHandle {
        self.stop_handle.clone()
    }

    /// Runs until it is stopped: by its stop handle, or by an interrupt (SIGINT, SIGTERM). What was received before is still
    /// handled, for up to ten seconds.
    ///
    /// # Errors
    /// If the rules or subscriptions cannot be made, or a stream ends for good.
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
        Running::new(self, name, posts, activity).go().await
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
            Some(problem) => Err(Error::configuration(format!("a rule of the bot was not taken: {problem}"))),
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

/// The text of a direct message, and who sent it.
///
/// ```
/// let event = serde_json::from_str(r#"{"event_type":"dm.received","payload":{"text":"hi","sender_id":"12"}}"#)?;
/// assert_eq!(chirrup::message_of(&event), Some(("hi", 12.into())));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn message_of(event: &ActivityEvent) -> Option<(&str, chirrup_model::UserId)> {
    let payload: &Json = event.payload.as_ref()?;
    Some((payload["text"].as_str()?, payload["sender_id"].as_str()?.parse().ok()?))
}
