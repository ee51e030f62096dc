//! Posts of rare kinds among the others: long, edited, withheld, sensitive, in a community, with limited replies, and a reply
//! to a deleted post.

use chirrup_model::Timestamp;
use serde_json::{Value as Json, json};

use super::documents::RUST_COMMUNITY;
use crate::world::{NewPost, PostRow, World, long_post_url};

/// Number of posts from which a world has special ones.
const SMALLEST_WORLD: usize = 1_200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Special {
    Long,
    Edited,
    Withheld,
    Sensitive,
    ReplyToDeleted,
    InCommunity,
    Replies(&'static str),
}

const ALL: [Special; 9] = [
    Special::Long,
    Special::Edited,
    Special::Withheld,
    Special::Sensitive,
    Special::ReplyToDeleted,
    Special::InCommunity,
    Special::Replies("mentionedUsers"),
    Special::Replies("following"),
    Special::Long,
];

const LONG_TEXT: &str = "A short history of the bench by the river, because three people asked. It was put there in 1974 by \
    the rowing club, for the parents who waited. The club moved, the parents grew old, and the bench stayed. In 1998 a flood \
    took it two kilometers downstream; an uncle brought it back on a trailer, and the town paid him in pears. Since \
    then it has had four colors, one of them by accident.\n\nWhat I like about it is that every bird list of this stretch \
    begins there. You sit, you wait, the kingfisher comes or it does not. Last Sunday it came twice.";

/// Changes some of the posts of a new world. The others stay the same.
#[derive(Debug)]
pub(super) struct SpecialPosts {
    /// Number of posts of the world.
    posts: usize,
    next: usize,
    deleted: Option<u64>,
}

impl SpecialPosts {
    pub(super) fn new(posts: usize) -> Self {
        let next = if posts < SMALLEST_WORLD { ALL.len() } else { 0 };
        Self { posts, next, deleted: None }
    }

    /// Number of posts that are written in addition.
    pub(super) fn additional(&self) -> usize {
        usize::from(self.next < ALL.len())
    }

    /// Makes a post special if it is the turn of one, and the post fits.
    pub(super) fn change(
        &mut self,
        world: &mut World,
        number: usize,
        post: &mut NewPost,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let Some(special) = ALL.get(self.next) else { return Ok(()) };
        let is_original = post.reply_to.or(post.quote_of).or(post.repost_of).is_none();
        let is_plain = is_original && post.poll.is_none() && post.lang == "en";
        let fits = post.media.is_empty() != (*special == Special::Sensitive) && !world.is_protected(post.author)?;
        if number < self.posts / 3 + self.next * self.posts / 30 || !is_plain || !fits {
            return Ok(());
        }
        self.next += 1;
        match special {
            Special::Long => {
                // The ID of the next post is part of its text.
                let address = long_post_url(world.next_id(now) + 1);
                let beginning: String = LONG_TEXT.chars().take(250).collect();
                post.text = format!("{beginning}… {address}");
                post.extra.insert("note_tweet".to_owned(), json!({"text": LONG_TEXT}));
            }
            Special::Edited => {
                let mut first = post.clone();
                first.text = post.text.replacen(' ', "  ", 1);
                post.history = vec![world.write_post(first, now)?.id];
            }
            Special::Withheld => {
                let withheld = json!({"copyright": false, "country_codes": ["DE", "FR"]});
                post.extra.insert("withheld".to_owned(), withheld);
            }
            Special::Sensitive => drop(post.extra.insert("possibly_sensitive".to_owned(), Json::Bool(true))),
            Special::ReplyToDeleted => {
                let name = world.username(post.author)?.unwrap_or_default();
                let parent = world.write_post(NewPost { text: "Deleted soon.".to_owned(), ..post.clone() }, now)?;
                post.text = format!("@{name} {}", post.text);
                post.reply_to = Some(parent.id);
                self.deleted = Some(parent.id);
            }
            Special::InCommunity => post.community = Some(RUST_COMMUNITY),
            Special::Replies(setting) => post.reply_settings = Some((*setting).to_owned()),
        }
        Ok(())
    }

    /// Deletes what the post that was just written replies to, if it is to be deleted.
    pub(super) fn written(&mut self, world: &World, row: &PostRow) -> rusqlite::Result<()> {
        match self.deleted.take_if(|deleted| row.reply_to == Some(*deleted)) {
            Some(deleted) => world.post(deleted)?.map_or(Ok(()), |parent| world.delete_post(&parent)),
            None => Ok(()),
        }
    }
}
