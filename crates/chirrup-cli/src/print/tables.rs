//! Posts and users for people, and their columns.

use chirrup::model::{Includes, Post, Timestamp, User};
use serde::de::DeserializeOwned;

use super::cards::Card;
use super::style::ago;

/// Item of the API that is a card on a terminal, and a row elsewhere.
pub(crate) trait TableItem: DeserializeOwned {
    /// Name of several items.
    const NOUN: &'static str;
    /// Paths of the columns of its row; the members with one value if there are none.
    const COLUMNS: &'static [&'static str];
    /// ID of the item.
    fn id(&self) -> String;
    /// Whether the item is a user with this connection to the authenticated user.
    fn has_connection(&self, _connection: &str) -> bool {
        false
    }
    /// Returns the card of the item, with times relative to `now`.
    fn card(&self, includes: &Includes, now: Timestamp) -> Card;
}

impl TableItem for Post {
    const NOUN: &'static str = "posts";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "created_at",
        "author.username",
        "text",
        "public_metrics.like_count",
        "public_metrics.retweet_count",
        "public_metrics.reply_count",
    ];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn card(&self, includes: &Includes, now: Timestamp) -> Card {
        let author = includes.author_of(self);
        let title = author.map_or_else(|| "post".to_owned(), |user| format!("@{}", user.username));
        let name = author.map_or_else(String::new, |user| user.name.clone());
        let mut body = self.full_text().to_owned();
        for media in includes.media_of(self) {
            let alt = media.alt_text.as_deref().or(media.url.as_deref()).unwrap_or_default();
            body.push_str(&format!("\n[{}] {alt}", media.media_key));
        }
        for option in includes.poll_of(self).iter().flat_map(|poll| &poll.options) {
            body.push_str(&format!("\n○ {} ({})", option.label, option.votes));
        }
        if let Some(place) = includes.place_of(self) {
            body.push_str(&format!("\n⌖ {}", place.full_name));
        }
        let counts = self.public_metrics.map_or_else(String::new, |metrics| {
            format!("♥ {}  ↻ {}  ↩ {}", metrics.like_count, metrics.repost_count, metrics.reply_count)
        });
        let time = self.created_at.map_or_else(String::new, |time| ago(time, now));
        let link = format!("x.com/i/status/{}", self.id);
        Card { title, facts: vec![name, time], body, footer: vec![counts], link }
    }
}

impl TableItem for User {
    const NOUN: &'static str = "users";
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "username",
        "name",
        "public_metrics.followers_count",
        "public_metrics.following_count",
        "public_metrics.tweet_count",
        "created_at",
        "description",
    ];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn has_connection(&self, connection: &str) -> bool {
        self.connection_status.iter().any(|status| status == connection)
    }

    fn card(&self, _: &Includes, _: Timestamp) -> Card {
        let mark = if self.verified == Some(true) { " ✓" } else { "" };
        let counts = self.public_metrics.map_or_else(Vec::new, |metrics| {
            let (followers, following) = (metrics.followers_count, metrics.following_count);
            vec![
                format!("{followers} followers"),
                format!("{following} following"),
                format!("{} posts", metrics.post_count),
            ]
        });
        Card {
            title: format!("@{}{mark}", self.username),
            facts: vec![self.name.clone()],
            body: self.description.clone().unwrap_or_default(),
            footer: counts.into_iter().chain([format!("ID {}", self.id)]).collect(),
            link: format!("x.com/{}", self.username),
        }
    }
}
