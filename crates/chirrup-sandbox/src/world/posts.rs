//! Posts: reads, writes and deletes.

use chirrup_model::Timestamp;
use chirrup_query::SearchablePost;
use chirrup_text::{EntityKind, extract};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Map, Value as Json};

use super::store::{World, from_sql, to_sql};

/// A stored post with its counts.
#[derive(Debug, Clone)]
pub(crate) struct PostRow {
    pub(crate) id: u64,
    pub(crate) author: u64,
    pub(crate) text: String,
    pub(crate) lang: String,
    pub(crate) conversation: u64,
    pub(crate) reply_to: Option<u64>,
    pub(crate) reply_to_user: Option<u64>,
    pub(crate) quote_of: Option<u64>,
    pub(crate) repost_of: Option<u64>,
    /// IDs of its media.
    pub(crate) media: Vec<u64>,
    pub(crate) poll: Option<u64>,
    pub(crate) place: Option<String>,
    pub(crate) community: Option<u64>,
    pub(crate) reply_settings: String,
    pub(crate) source: String,
    /// IDs of all versions of an edited post, the oldest first.
    pub(crate) history: Vec<u64>,
    /// Further members of the post object.
    pub(crate) extra: Map<String, Json>,
    pub(crate) counts: PostCounts,
}

/// Public metrics of a post.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PostCounts {
    pub(crate) likes: u64,
    pub(crate) replies: u64,
    pub(crate) reposts: u64,
    pub(crate) quotes: u64,
    pub(crate) bookmarks: u64,
    pub(crate) impressions: u64,
}

/// A post that is not stored yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewPost {
    pub(crate) author: u64,
    pub(crate) text: String,
    pub(crate) lang: String,
    pub(crate) reply_to: Option<u64>,
    pub(crate) quote_of: Option<u64>,
    pub(crate) repost_of: Option<u64>,
    pub(crate) media: Vec<u64>,
    pub(crate) poll: Option<u64>,
    pub(crate) place: Option<String>,
    pub(crate) community: Option<u64>,
    pub(crate) reply_settings: Option<String>,
    pub(crate) source: String,
    /// IDs of the versions before this one.
    pub(crate) history: Vec<u64>,
    pub(crate) extra: Map<String, Json>,
}

const COLUMNS: &str = "id, author, text, lang, conversation, reply_to, reply_to_user, quote_of, repost_of, media, poll, \
                       place, community, reply_settings, source, history, extra, likes, replies, reposts, quotes, \
                       bookmarks, impressions";

fn ids(text: &str) -> Vec<u64> {
    text.split(',').filter_map(|part| part.parse().ok()).collect()
}

fn joined(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

fn read(row: &Row<'_>) -> rusqlite::Result<PostRow> {
    let id = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(from_sql));
    let count = |column: usize| Ok::<_, rusqlite::Error>(from_sql(row.get::<_, i64>(column)?));
    Ok(PostRow {
        id: id(0)?.unwrap_or_default(),
        author: id(1)?.unwrap_or_default(),
        text: row.get(2)?,
        lang: row.get(3)?,
        conversation: id(4)?.unwrap_or_default(),
        reply_to: id(5)?,
        reply_to_user: id(6)?,
        quote_of: id(7)?,
        repost_of: id(8)?,
        media: ids(&row.get::<_, String>(9)?),
        poll: id(10)?,
        place: row.get(11)?,
        community: id(12)?,
        reply_settings: row.get(13)?,
        source: row.get(14)?,
        history: ids(&row.get::<_, String>(15)?),
        extra: serde_json::from_str(&row.get::<_, String>(16)?).unwrap_or_default(),
        counts: PostCounts {
            likes: count(17)?,
            replies: count(18)?,
            reposts: count(19)?,
            quotes: count(20)?,
            bookmarks: count(21)?,
            impressions: count(22)?,
        },
    })
}

impl World {
    /// Returns the post with this ID, unless it never existed or was deleted.
    pub(crate) fn post(&self, id: u64) -> rusqlite::Result<Option<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE id = ?");
        self.db.prepare_cached(&text)?.query_row([to_sql(id)], read).optional()
    }

    /// Returns the posts with IDs in `from..below`, the oldest first.
    pub(crate) fn posts_between(&self, from: u64, below: u64, limit: usize) -> rusqlite::Result<Vec<PostRow>> {
        let mut query = self.db.prepare_cached("SELECT id FROM post WHERE id >= ? AND id < ? ORDER BY id LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids: Vec<i64> = query
            .query_map(params![to_sql(from), to_sql(below), limit], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.post(from_sql(id))?);
        }
        Ok(rows)
    }

    /// Stores a post and updates counts, mentions and the search index.
    pub(crate) fn write_post(&mut self, new: NewPost, now: Timestamp) -> rusqlite::Result<PostRow> {
        let id = self.next_id(now);
        self.write_post_with_id(new, id)
    }

    /// Stores a post under this ID, which must be new.
    pub(crate) fn write_post_with_id(&mut self, new: NewPost, id: u64) -> rusqlite::Result<PostRow> {
        let parent = match new.reply_to {
            Some(parent) => self.post(parent)?,
            None => None,
        };
        let mut history = new.history;
        history.push(id);
        let row = PostRow {
            id,
            author: new.author,
            conversation: parent.as_ref().map_or(id, |parent| parent.conversation),
            reply_to: new.reply_to,
            reply_to_user: parent.as_ref().map(|parent| parent.author),
            quote_of: new.quote_of,
            repost_of: new.repost_of,
            lang: if new.lang.is_empty() { "und".to_owned() } else { new.lang },
            text: new.text,
            media: new.media,
            poll: new.poll,
            place: new.place,
            community: new.community,
            reply_settings: new.reply_settings.unwrap_or_else(|| "everyone".to_owned()),
            source: new.source,
            history,
            extra: new.extra,
            counts: PostCounts::default(),
        };
        self.insert(&row)?;
        for version in row.history.iter().filter(|version| **version != id) {
            let text = "UPDATE post SET history = ? WHERE id = ?";
            self.db.prepare_cached(text)?.execute(params![joined(&row.history), to_sql(*version)])?;
        }
        self.add_to_count("user", "posts", row.author, 1)?;
        if !row.media.is_empty() {
            self.add_to_count("user", "media", row.author, 1)?;
        }
        for (column, other) in [("replies", row.reply_to), ("quotes", row.quote_of), ("reposts", row.repost_of)] {
            if let Some(other) = other {
                self.add_to_count("post", column, other, 1)?;
                self.reindex_counts(other)?;
            }
        }
        let subject = self.subject(&row)?;
        for name in &subject.mentions {
            if let Some(user) = self.user_id(name)? {
                let text = "INSERT OR IGNORE INTO mention VALUES (?, ?)";
                self.db.prepare_cached(text)?.execute(params![to_sql(user), to_sql(id)])?;
            }
        }
        self.add_links_of_post(&row, &subject.urls)?;
        self.index(id, &subject)?;
        Ok(row)
    }

    fn insert(&self, row: &PostRow) -> rusqlite::Result<()> {
        let text =
            "INSERT INTO post (id, author, text, lang, conversation, reply_to, reply_to_user, quote_of, repost_of,
                    media, poll, place, community, reply_settings, source, history, extra)
                    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
        self.db.prepare_cached(text)?.execute(params![
            to_sql(row.id),
            to_sql(row.author),
            row.text,
            row.lang,
            to_sql(row.conversation),
            row.reply_to.map(to_sql),
            row.reply_to_user.map(to_sql),
            row.quote_of.map(to_sql),
            row.repost_of.map(to_sql),
            joined(&row.media),
            row.poll.map(to_sql),
            row.place,
            row.community.map(to_sql),
            row.reply_settings,
            row.source,
            joined(&row.history),
            Json::Object(row.extra.clone()).to_string(),
        ])?;
        Ok(())
    }

    /// Deletes a post with its likes, mentions and reposts. Replies stay, as on X.
    pub(crate) fn delete_post(&self, row: &PostRow) -> rusqlite::Result<()> {
        let subject = self.subject(row)?;
        self.unindex(row, &subject)?;
        for name in &subject.mentions {
            if let Some(user) = self.user_id(name)? {
                self.db
                    .prepare_cached("DELETE FROM mention WHERE user = ? AND post = ?")?
                    .execute(params![to_sql(user), to_sql(row.id)])?;
            }
        }
        self.db.prepare_cached("DELETE FROM liking WHERE post = ?")?.execute([to_sql(row.id)])?;
        self.db.prepare_cached("DELETE FROM post WHERE id = ?")?.execute([to_sql(row.id)])?;
        self.add_to_count("user", "posts", row.author, -1)?;
        for (column, other) in [("replies", row.reply_to), ("quotes", row.quote_of), ("reposts", row.repost_of)] {
            if let Some(other) = other {
                self.add_to_count("post", column, other, -1)?;
            }
        }
        let mut query = self.db.prepare_cached("SELECT id FROM post WHERE repost_of = ?")?;
        let reposts: Vec<i64> = query.query_map([to_sql(row.id)], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for repost in reposts {
            if let Some(repost) = self.post(from_sql(repost))? {
                self.delete_post(&repost)?;
            }
        }
        Ok(())
    }

    /// Hides a reply, or shows it again.
    pub(crate) fn set_hidden(&self, id: u64, hidden: bool) -> rusqlite::Result<()> {
        let text = "UPDATE post SET extra = json_set(extra, '$.hidden', json(?)) WHERE id = ?";
        self.db.prepare_cached(text)?.execute(params![if hidden { "true" } else { "false" }, to_sql(id)]).map(drop)
    }

    /// Returns the repost of a post by a user.
    pub(crate) fn repost_by(&self, user: u64, post: u64) -> rusqlite::Result<Option<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE repost_of = ? AND author = ?");
        self.db.prepare_cached(&text)?.query_row(params![to_sql(post), to_sql(user)], read).optional()
    }

    /// Returns whether one of the latest 50 posts of this user has the same text.
    pub(crate) fn is_duplicate(&self, user: u64, text: &str) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM (SELECT text FROM post WHERE author = ? ORDER BY id DESC LIMIT 50) WHERE text = ?";
        self.db.prepare_cached(query)?.exists(params![to_sql(user), text])
    }

    /// Returns what a search query or rule is matched against.
    pub(crate) fn subject(&self, row: &PostRow) -> rusqlite::Result<SearchablePost> {
        let author = self.user(row.author)?.unwrap_or_default();
        let named = |id: Option<u64>| -> rusqlite::Result<Option<(String, u64)>> {
            match id {
                Some(id) => Ok(self.username(id)?.map(|name| (name, id))),
                None => Ok(None),
            }
        };
        let reposted = match row.repost_of {
            Some(id) => self.post(id)?.map(|post| post.author),
            None => None,
        };
        let media: Vec<Json> = row.media.iter().filter_map(|id| self.media(*id).ok().flatten()).collect();
        let place = match &row.place {
            Some(id) => self.place(id)?,
            None => None,
        };
        let found = extract(&row.text);
        let of = |kind: EntityKind| found.iter().filter(move |e| e.kind == kind).map(|e| e.text.to_owned());
        let text_of = |json: &Json, name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let center = place.as_ref().and_then(|p| p["geo"]["bbox"].as_array()).and_then(|bbox| {
            let side = |i: usize| bbox.get(i).and_then(Json::as_f64);
            Some(((side(0)? + side(2)?) / 2.0, (side(1)? + side(3)?) / 2.0))
        });
        let count = |name: &str| author["public_metrics"][name].as_u64().unwrap_or_default();
        let mut post = SearchablePost::new(&row.text);
        post.id = row.id;
        post.author_name = text_of(&author, "name");
        post.author_description = text_of(&author, "description");
        post.author_location = text_of(&author, "location");
        post.author_counts.followers = count("followers_count");
        post.author_counts.following = count("following_count");
        post.author_counts.posts = count("tweet_count");
        post.author_counts.listed = count("listed_count");
        post.source = row.source.clone();
        post.point = center;
        post.author_id = row.author;
        post.author_username = text_of(&author, "username");
        post.author_verified = author["verified"] == true;
        post.lang = row.lang.clone();
        post.hashtags = of(EntityKind::Hashtag).collect();
        post.cashtags = of(EntityKind::Cashtag).collect();
        post.mentions = found.iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect();
        post.urls = of(EntityKind::Url).collect();
        post.conversation_id = row.conversation;
        post.reply_to = row.reply_to;
        post.reply_to_user = named(row.reply_to_user)?;
        post.quote_of = row.quote_of;
        post.repost_of = row.repost_of;
        post.repost_of_user = named(reposted)?;
        post.images = media.iter().any(|m| m["type"] == "photo");
        post.videos = media.iter().any(|m| m["type"] != "photo");
        post.place = place.map(|p| (text_of(&p, "id"), text_of(&p, "full_name"), text_of(&p, "country_code")));
        post.nullcast = row.extra.get("nullcast") == Some(&Json::Bool(true));
        post.likes = row.counts.likes;
        post.replies = row.counts.replies;
        post.reposts = row.counts.reposts;
        Ok(post)
    }

    /// Returns the posts of these authors between two IDs, both excluded, the newest first.
    pub(crate) fn posts_by(
        &self,
        authors: &[u64],
        since: u64,
        below: u64,
        limit: usize,
    ) -> rusqlite::Result<Vec<PostRow>> {
        let text =
            format!("SELECT {COLUMNS} FROM post WHERE author = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?");
        let mut query = self.db.prepare_cached(&text)?;
        let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut all = Vec::new();
        for author in authors {
            let rows = query.query_map(params![to_sql(*author), to_sql(since), to_sql(below), limit_sql], read)?;
            all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
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
    ) -> rusqlite::Result<Vec<PostRow>> {
        let text = "SELECT post FROM mention WHERE user = ? AND post > ? AND post < ? ORDER BY post DESC LIMIT ?";
        let mut query = self.db.prepare_cached(text)?;
        let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = query
            .query_map(params![to_sql(user), to_sql(since), to_sql(below), limit_sql], |row| row.get::<_, i64>(0))?;
        let ids = ids.collect::<rusqlite::Result<Vec<_>>>()?;
        let rows = ids.into_iter().map(|id| self.post(from_sql(id))).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Returns the reposts of a post, the newest first.
    pub(crate) fn reposts_of(&self, post: u64, limit: usize) -> rusqlite::Result<Vec<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE repost_of = ? ORDER BY id DESC LIMIT ?");
        let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db.prepare_cached(&text)?.query_map(params![to_sql(post), limit_sql], read)?.collect()
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
