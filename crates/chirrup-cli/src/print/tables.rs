//! Posts and users as rows of tables.

use chirrup::model::{Includes, Post, User};

use super::clean::one_line;
use super::style::to_the_minute;

/// Item of the API that is a row of a table.
pub(crate) trait TableItem {
    /// Name of several items.
    const NOUN: &'static str;
    /// Header of the table.
    const HEADER: [&'static str; 3];
    /// ID of the item.
    fn id(&self) -> String;
    /// Cells of the row.
    fn row(&self, includes: &Includes) -> Vec<String>;
}

impl TableItem for Post {
    const NOUN: &'static str = "posts";
    const HEADER: [&'static str; 3] = ["author", "post", "counts"];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn row(&self, includes: &Includes) -> Vec<String> {
        let author = includes.author_of(self).map_or_else(String::new, |user| format!("@{}", one_line(&user.username)));
        let time = self.created_at.map_or_else(String::new, to_the_minute);
        let counts = self.public_metrics.map_or_else(String::new, |metrics| {
            format!("♥ {} ↻ {} ↩ {}", metrics.like_count, metrics.repost_count, metrics.reply_count)
        });
        let mut text = self.full_text().to_owned();
        for media in includes.media_of(self) {
            let alt = media.alt_text.as_deref().or(media.url.as_deref()).unwrap_or_default();
            text.push_str(&format!("\n[{}] {}", media.media_key, one_line(alt)));
        }
        for option in includes.poll_of(self).iter().flat_map(|poll| &poll.options) {
            text.push_str(&format!("\n○ {} ({})", one_line(&option.label), option.votes));
        }
        if let Some(place) = includes.place_of(self) {
            text.push_str(&format!("\n⌖ {}", one_line(&place.full_name)));
        }
        vec![format!("{author}\n{time}\n{}", self.id), text, counts]
    }
}

impl TableItem for User {
    const NOUN: &'static str = "users";
    const HEADER: [&'static str; 3] = ["user", "name", "counts"];

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn row(&self, _: &Includes) -> Vec<String> {
        let counts = self.public_metrics.map_or_else(String::new, |metrics| {
            let (followers, following) = (metrics.followers_count, metrics.following_count);
            format!("{followers} followers\n{following} following\n{} posts", metrics.post_count)
        });
        let mark = if self.verified == Some(true) { " ✓" } else { "" };
        let description = self.description.as_deref().unwrap_or_default();
        vec![
            format!("@{}{mark}\n{}", one_line(&self.username), self.id),
            format!("{}\n{description}", one_line(&self.name)),
            counts,
        ]
    }
}
