//! Posts: reads, writes and deletes.

use std::borrow::Cow;
use std::sync::Arc;

use chirrup_model::Timestamp;
use serde_json::Value as Json;

use super::graph::Graph;
use super::language::language_of;
use super::rows::{NewPost, Place, PostRow, Reaction, add};
use super::store::{World, to_sql};

/// A list of posts that a timeline reads.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PostList {
    /// Posts by a user.
    By,
    /// Posts that mention a user.
    Mentioning,
    /// Quotes of a post.
    Quoting,
    /// Reposts of a post.
    Reposting,
}

/// Iterates over the existing posts at places, the last first.
fn latest<'g>(graph: &'g Graph, places: &'g [Place]) -> impl Iterator<Item = &'g Arc<PostRow>> {
    places.iter().rev().filter_map(|place| graph.post_at(*place))
}

impl World {
    /// Returns the post with this ID, unless it never existed or was deleted.
    pub(crate) fn post(&self, id: u64) -> rusqlite::Result<Option<Arc<PostRow>>> {
        Ok(self.graph().post(id).cloned())
    }

    /// Returns the number of posts.
    pub(crate) fn post_count(&self) -> usize {
        self.graph().posts().count()
    }

    /// Returns the posts with IDs in `from..below`, the oldest first.
    pub(crate) fn posts_between(&self, from: u64, below: u64) -> Vec<Arc<PostRow>> {
        let graph = self.graph();
        let places = graph.first_place_from(from)..graph.first_place_from(below);
        places.filter_map(|place| graph.post_at(place).cloned()).collect()
    }

    /// Stores a post and updates the counts of others.
    pub(crate) fn write_post(&mut self, new: NewPost, now: Timestamp) -> rusqlite::Result<Arc<PostRow>> {
        let id = self.next_id(now);
        self.write_post_with_id(new, id)
    }

    /// Stores a post under this ID, which must be greater than those of all other posts.
    pub(crate) fn write_post_with_id(&mut self, new: NewPost, id: u64) -> rusqlite::Result<Arc<PostRow>> {
        let parent = match new.reply_to {
            Some(parent) => self.post(parent)?,
            None => None,
        };
        let (mut text, mut history) = (new.text, new.history);
        text.shrink_to_fit();
        if !history.is_empty() {
            history.push(id);
        }
        let lang = if new.lang.is_empty() { Cow::Borrowed(language_of(&text)) } else { new.lang };
        let row = PostRow {
            conversation: parent.as_ref().map_or(id, |parent| parent.conversation),
            reply_to: new.reply_to,
            reply_to_user: parent.as_ref().map(|parent| parent.author),
            quote_of: new.quote_of,
            repost_of: new.repost_of,
            lang,
            media: new.media,
            poll: new.poll,
            place: new.place,
            community: new.community,
            reply_settings: new.reply_settings.map_or(Cow::Borrowed("everyone"), Cow::Owned),
            source: new.source,
            history,
            extra: new.extra,
            ..PostRow::new(id, new.author, text)
        };
        let row = self.graph_mut().add_post(row);
        self.save_post(&row)?;
        for version in row.history.iter().filter(|version| **version != id) {
            self.update_post(*version, |post| post.history.clone_from(&row.history))?;
        }
        self.update_user(row.author, |author| {
            add(&mut author.counts.posts, 1);
            add(&mut author.counts.media, i64::from(!row.media.is_empty()));
        })?;
        for (reaction, other) in row.reactions() {
            self.update_post(other, |post| add(post.count_mut(reaction), 1))?;
            self.reindex_counts(other);
        }
        Ok(row)
    }

    /// Deletes a post with its likes, mentions and reposts. Replies stay, as on X.
    pub(crate) fn delete_post(&self, row: &PostRow) -> rusqlite::Result<()> {
        self.graph_mut().remove_post(row.id);
        self.save("DELETE FROM liking WHERE post = ?", [to_sql(row.id)])?;
        self.save("DELETE FROM post WHERE id = ?", [to_sql(row.id)])?;
        self.update_user(row.author, |author| add(&mut author.counts.posts, -1))?;
        for (reaction, other) in row.reactions() {
            self.update_post(other, |post| add(post.count_mut(reaction), -1))?;
        }
        let reposts: Vec<Arc<PostRow>> = {
            let graph = self.graph();
            row.places(Reaction::Repost).filter_map(|place| graph.post_at(place).cloned()).collect()
        };
        reposts.iter().try_for_each(|repost| self.delete_post(repost))
    }

    /// Hides a reply, or shows it again.
    pub(crate) fn set_hidden(&self, id: u64, hidden: bool) -> rusqlite::Result<()> {
        self.update_post(id, |row| drop(row.extra.insert("hidden".to_owned(), Json::Bool(hidden))))
    }

    /// Returns the repost of a post by a user.
    pub(crate) fn repost_by(&self, user: u64, post: u64) -> rusqlite::Result<Option<Arc<PostRow>>> {
        let graph = self.graph();
        let Some(original) = graph.post(post) else { return Ok(None) };
        let mut reposts = original.places(Reaction::Repost).filter_map(|place| graph.post_at(place));
        Ok(reposts.find(|repost| repost.author == user).cloned())
    }

    /// Returns whether one of the latest 50 posts of this user has the same text.
    pub(crate) fn is_duplicate(&self, user: u64, text: &str) -> rusqlite::Result<bool> {
        let graph = self.graph();
        let Some(author) = graph.user(user) else { return Ok(false) };
        Ok(latest(&graph, &author.post_places).take(50).any(|post| post.text == text))
    }

    /// Returns the ID of the newest post of a user.
    pub(crate) fn most_recent_post(&self, user: u64) -> rusqlite::Result<Option<u64>> {
        let graph = self.graph();
        let Some(author) = graph.user(user) else { return Ok(None) };
        Ok(latest(&graph, &author.post_places).next().map(|post| post.id))
    }

    /// Returns the posts of these authors between two IDs, both excluded, the newest first.
    pub(crate) fn posts_by(
        &self,
        authors: &[u64],
        since: u64,
        below: u64,
        limit: usize,
    ) -> rusqlite::Result<Vec<Arc<PostRow>>> {
        let graph = self.graph();
        let mut all: Vec<Arc<PostRow>> = Vec::new();
        for author in authors.iter().filter_map(|author| graph.user(*author)) {
            let posts = latest(&graph, &author.post_places).skip_while(|post| post.id >= below);
            all.extend(posts.take_while(|post| post.id > since).take(limit).cloned());
        }
        all.sort_by_key(|row| std::cmp::Reverse(row.id));
        all.truncate(limit);
        Ok(all)
    }

    /// Returns the posts that mention a user between two IDs, both excluded, the newest first.
    pub(crate) fn posts_mentioning(
        &self,
        user: u64,
        since: u64,
        below: u64,
        limit: usize,
    ) -> rusqlite::Result<Vec<Arc<PostRow>>> {
        let mut rows = Vec::new();
        let mut at = below;
        while let Some(id) = self.next_mention(user, false, at).filter(|id| *id > since && rows.len() < limit) {
            rows.extend(self.post(id)?);
            at = id;
        }
        Ok(rows)
    }

    /// Returns the reposts of a post, the newest first.
    pub(crate) fn reposts_of(&self, post: u64, limit: usize) -> rusqlite::Result<Vec<Arc<PostRow>>> {
        let graph = self.graph();
        let Some(original) = graph.post(post) else { return Ok(Vec::new()) };
        let places: Vec<Place> = original.places(Reaction::Repost).collect();
        Ok(latest(&graph, &places).take(limit).cloned().collect())
    }

    /// Returns the ID in a list of a user or post that comes next after an ID, up or down.
    pub(crate) fn next_post(&self, list: PostList, of: u64, ascending: bool, at: u64) -> Option<u64> {
        let reactions = |reaction| {
            let graph = self.graph();
            let places: Vec<Place> = graph.post(of)?.places(reaction).collect();
            graph.next_in(&places, ascending, at)
        };
        match list {
            PostList::Mentioning => self.next_mention(of, ascending, at),
            PostList::Quoting => reactions(Reaction::Quote),
            PostList::Reposting => reactions(Reaction::Repost),
            PostList::By => {
                let graph = self.graph();
                graph.next_in(&graph.user(of)?.post_places, ascending, at)
            }
        }
    }
}

/// Length of the text of a repost, in characters. X cuts longer texts (see "retweeted_status" of the Tweet object).
pub(crate) const MAX_REPOST_TEXT: usize = 140;

/// Text of a repost: `RT @author: ` and the original text, cut to 140 characters.
pub(crate) fn repost_text(author: &str, text: &str) -> String {
    let whole = format!("RT @{author}: {text}");
    if whole.chars().count() <= MAX_REPOST_TEXT {
        return whole;
    }
    let mut short: String = whole.chars().take(MAX_REPOST_TEXT - 1).collect();
    short.push('…');
    short
}
