//! Posts: reading, writing, deleting, and the entities of their texts.

use chirrup_model::Timestamp;
use chirrup_query::{AuthorCounts, SearchablePost};
use chirrup_text::{CodePoint, EntityKind, Extractor, extract};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Map, Value as Json, json};

use super::{World, id_of, sql};

/// A post as it is stored.
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
    /// Ids of media.
    pub(crate) media: Vec<u64>,
    pub(crate) poll: Option<u64>,
    pub(crate) place: Option<String>,
    pub(crate) community: Option<u64>,
    pub(crate) reply_settings: String,
    pub(crate) source: String,
    /// Ids of all versions, oldest first.
    pub(crate) history: Vec<u64>,
    /// What else was said of it, as members of the object.
    pub(crate) more: Map<String, Json>,
    pub(crate) counts: [u64; 6],
}

/// A post to write.
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
    /// The versions before this one.
    pub(crate) history: Vec<u64>,
    pub(crate) more: Map<String, Json>,
}

const COLUMNS: &str = "id, author, text, lang, conversation, reply_to, reply_to_user, quote_of, repost_of, media, poll, \
                       place, community, reply_settings, source, history, more, likes, replies, reposts, quotes, \
                       bookmarks, impressions";

fn ids(text: &str) -> Vec<u64> {
    text.split(',').filter_map(|part| part.parse().ok()).collect()
}

fn joined(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

fn read(row: &Row<'_>) -> rusqlite::Result<PostRow> {
    let id = |column: usize| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(id_of));
    let mut counts = [0; 6];
    for (i, count) in counts.iter_mut().enumerate() {
        *count = id_of(row.get::<_, i64>(17 + i)?);
    }
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
        more: serde_json::from_str(&row.get::<_, String>(16)?).unwrap_or_default(),
        counts,
    })
}

impl World {
    /// The post of this id; none if it was never there or is gone.
    pub(crate) fn post(&self, id: u64) -> rusqlite::Result<Option<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE id = ?");
        self.db.prepare_cached(&text)?.query_row([sql(id)], read).optional()
    }

    /// The posts of a span of ids, the oldest first.
    pub(crate) fn posts_between(&self, from: u64, below: u64, limit: usize) -> rusqlite::Result<Vec<PostRow>> {
        let mut query = self.db.prepare_cached("SELECT id FROM post WHERE id >= ? AND id < ? ORDER BY id LIMIT ?")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids: Vec<i64> =
            query.query_map(params![sql(from), sql(below), limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            rows.extend(self.post(id_of(id))?);
        }
        Ok(rows)
    }

    /// Writes a post and everything that follows from it: counts, mentions, the index of the search.
    pub(crate) fn write(&mut self, new: NewPost, now: Timestamp) -> rusqlite::Result<PostRow> {
        let id = self.next_id(now);
        self.write_as(new, id)
    }

    /// Writes a post under this id, which must be new.
    pub(crate) fn write_as(&mut self, new: NewPost, id: u64) -> rusqlite::Result<PostRow> {
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
            more: new.more,
            counts: [0; 6],
        };
        self.insert(&row)?;
        for version in row.history.iter().filter(|version| **version != id) {
            let text = "UPDATE post SET history = ? WHERE id = ?";
            self.db.prepare_cached(text)?.execute(params![joined(&row.history), sql(*version)])?;
        }
        self.add("user", "posts", row.author, 1)?;
        if !row.media.is_empty() {
            self.add("user", "media", row.author, 1)?;
        }
        for (column, other) in [("replies", row.reply_to), ("quotes", row.quote_of), ("reposts", row.repost_of)] {
            if let Some(other) = other {
                self.add("post", column, other, 1)?;
                self.reindex_counts(other)?;
            }
        }
        let subject = self.subject(&row)?;
        for name in &subject.mentions {
            if let Some(user) = self.user_id(name)? {
                let text = "INSERT OR IGNORE INTO mention VALUES (?, ?)";
                self.db.prepare_cached(text)?.execute(params![sql(user), sql(id)])?;
            }
        }
        self.index(id, &subject)?;
        Ok(row)
    }

    fn insert(&self, row: &PostRow) -> rusqlite::Result<()> {
        let text =
            "INSERT INTO post (id, author, text, lang, conversation, reply_to, reply_to_user, quote_of, repost_of,
                    media, poll, place, community, reply_settings, source, history, more)
                    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
        self.db.prepare_cached(text)?.execute(params![
            sql(row.id),
            sql(row.author),
            row.text,
            row.lang,
            sql(row.conversation),
            row.reply_to.map(sql),
            row.reply_to_user.map(sql),
            row.quote_of.map(sql),
            row.repost_of.map(sql),
            joined(&row.media),
            row.poll.map(sql),
            row.place,
            row.community.map(sql),
            row.reply_settings,
            row.source,
            joined(&row.history),
            Json::Object(row.more.clone()).to_string(),
        ])?;
        Ok(())
    }

    /// Removes a post and all that followed from it. Answers to it stay, as on X.
    pub(crate) fn delete(&self, row: &PostRow) -> rusqlite::Result<()> {
        let subject = self.subject(row)?;
        self.unindex(row, &subject)?;
        for name in &subject.mentions {
            if let Some(user) = self.user_id(name)? {
                self.db
                    .prepare_cached("DELETE FROM mention WHERE user = ? AND post = ?")?
                    .execute(params![sql(user), sql(row.id)])?;
            }
        }
        self.db.prepare_cached("DELETE FROM liking WHERE post = ?")?.execute([sql(row.id)])?;
        self.db.prepare_cached("DELETE FROM post WHERE id = ?")?.execute([sql(row.id)])?;
        self.add("user", "posts", row.author, -1)?;
        for (column, other) in [("replies", row.reply_to), ("quotes", row.quote_of), ("reposts", row.repost_of)] {
            if let Some(other) = other {
                self.add("post", column, other, -1)?;
            }
        }
        // Reposts are nothing without what they repeat.
        let mut query = self.db.prepare_cached("SELECT id FROM post WHERE repost_of = ?")?;
        let reposts: Vec<i64> = query.query_map([sql(row.id)], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for repost in reposts {
            if let Some(repost) = self.post(id_of(repost))? {
                self.delete(&repost)?;
            }
        }
        Ok(())
    }

    /// Marks a reply as hidden, or no longer.
    pub(crate) fn set_hidden(&self, id: u64, hidden: bool) -> rusqlite::Result<()> {
        let text = "UPDATE post SET more = json_set(more, '$.hidden', json(?)) WHERE id = ?";
        self.db.prepare_cached(text)?.execute(params![if hidden { "true" } else { "false" }, sql(id)]).map(drop)
    }

    /// The repost of a post by a user.
    pub(crate) fn repost_by(&self, user: u64, post: u64) -> rusqlite::Result<Option<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE repost_of = ? AND author = ?");
        self.db.prepare_cached(&text)?.query_row(params![sql(post), sql(user)], read).optional()
    }

    /// Whether this user wrote this very text among their latest posts.
    pub(crate) fn is_duplicate(&self, user: u64, text: &str) -> rusqlite::Result<bool> {
        let query = "SELECT 1 FROM (SELECT text FROM post WHERE author = ? ORDER BY id DESC LIMIT 50) WHERE text = ?";
        self.db.prepare_cached(query)?.exists(params![sql(user), text])
    }

    /// What the query language can ask of a post.
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
        let middle = place.as_ref().and_then(|p| p["geo"]["bbox"].as_array()).and_then(|bbox| {
            let side = |i: usize| bbox.get(i).and_then(Json::as_f64);
            Some(((side(0)? + side(2)?) / 2.0, (side(1)? + side(3)?) / 2.0))
        });
        let count = |name: &str| author["public_metrics"][name].as_u64().unwrap_or_default();
        let mut post = SearchablePost::new(&row.text);
        post.id = row.id;
        post.author_name = text_of(&author, "name");
        post.author_description = text_of(&author, "description");
        post.author_location = text_of(&author, "location");
        post.author_counts = AuthorCounts {
            followers: count("followers_count"),
            following: count("following_count"),
            posts: count("tweet_count"),
            listed: count("listed_count"),
        };
        post.source = row.source.clone();
        post.point = middle;
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
        post.nullcast = row.more.get("nullcast") == Some(&Json::Bool(true));
        post.likes = row.counts[0];
        post.replies = row.counts[1];
        post.reposts = row.counts[2];
        Ok(post)
    }

    /// The entities of a text, as v2 shows them.
    pub(crate) fn entities(&self, text: &str) -> rusqlite::Result<Json> {
        let mut out = Map::new();
        for (e, span) in Extractor::all().extract_with_indices::<CodePoint>(text) {
            let mut item = json!({"start": span.start.0, "end": span.end.0});
            let list = match e.kind {
                EntityKind::Hashtag | EntityKind::Cashtag => {
                    item["tag"] = e.text.into();
                    if e.kind == EntityKind::Hashtag { "hashtags" } else { "cashtags" }
                }
                EntityKind::Mention | EntityKind::List => {
                    let name = e.screen_name().unwrap_or(e.text);
                    item["end"] = (span.start.0 + 1 + name.len()).into();
                    item["username"] = name.into();
                    if let Some(id) = self.user_id(name)? {
                        item["id"] = id.to_string().into();
                    }
                    "mentions"
                }
                EntityKind::Url => {
                    item["url"] = e.text.into();
                    let bare = e.text.split_once("://").map_or(e.text, |(_, bare)| bare);
                    let scheme = if bare.len() == e.text.len() { "http://" } else { "" };
                    item["expanded_url"] = format!("{scheme}{}", e.text).into();
                    item["display_url"] = bare.into();
                    "urls"
                }
                _ => continue,
            };
            if let Json::Array(items) = out.entry(list).or_insert_with(|| json!([])) {
                items.push(item);
            }
        }
        Ok(Json::Object(out))
    }

    /// Posts of these authors between two ids, the newest first.
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
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut all = Vec::new();
        for author in authors {
            let rows = query.query_map(params![sql(*author), sql(since), sql(below), most], read)?;
            all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        all.sort_by_key(|row| std::cmp::Reverse(row.id));
        all.truncate(limit);
        Ok(all)
    }

    /// Posts that mention a user, between two ids, the newest first.
    pub(crate) fn posts_mentioning(
        &self,
        user: u64,
        since: u64,
        below: u64,
        limit: usize,
    ) -> rusqlite::Result<Vec<PostRow>> {
        let text = "SELECT post FROM mention WHERE user = ? AND post > ? AND post < ? ORDER BY post DESC LIMIT ?";
        let mut query = self.db.prepare_cached(text)?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = query.query_map(params![sql(user), sql(since), sql(below), most], |row| row.get::<_, i64>(0))?;
        let ids = ids.collect::<rusqlite::Result<Vec<_>>>()?;
        let rows = ids.into_iter().map(|id| self.post(id_of(id))).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Reposts of a post, the newest first.
    pub(crate) fn reposts_of(&self, post: u64, limit: usize) -> rusqlite::Result<Vec<PostRow>> {
        let text = format!("SELECT {COLUMNS} FROM post WHERE repost_of = ? ORDER BY id DESC LIMIT ?");
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        self.db.prepare_cached(&text)?.query_map(params![sql(post), most], read)?.collect()
    }

    /// All places.
    pub(crate) fn places(&self) -> rusqlite::Result<Vec<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM place ORDER BY id")?;
        let rows = query.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|row| row.map(|json| serde_json::from_str(&json).unwrap_or_default())).collect()
    }

    /// Keeps a place.
    pub(crate) fn add_place(&self, id: &str, json: &Json) -> rusqlite::Result<()> {
        self.db.execute("INSERT INTO place VALUES (?, ?)", params![id, json.to_string()]).map(drop)
    }

    /// Keeps a medium, in the place of one with the same id.
    pub(crate) fn add_media(&self, id: u64, owner: u64, json: &Json) -> rusqlite::Result<()> {
        let text = "INSERT OR REPLACE INTO media VALUES (?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![sql(id), sql(owner), json.to_string()]).map(drop)
    }

    /// A medium with every field.
    pub(crate) fn media(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM media WHERE id = ?")?;
        let text: Option<String> = query.query_row([sql(id)], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Whether the user uploaded this medium.
    pub(crate) fn owns_media(&self, user: u64, id: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM media WHERE id = ? AND owner = ?";
        self.db.prepare_cached(text)?.exists(params![sql(id), sql(user)])
    }

    /// A place with every field.
    pub(crate) fn place(&self, id: &str) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT json FROM place WHERE id = ?")?;
        let text: Option<String> = query.query_row([id], |row| row.get(0)).optional()?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// A poll with every field.
    pub(crate) fn poll(&self, id: u64, now: Timestamp) -> rusqlite::Result<Option<Json>> {
        let mut query = self.db.prepare_cached("SELECT options, minutes, ends FROM poll WHERE id = ?")?;
        let found = query.query_row([sql(id)], |row| {
            let options: String = row.get(0)?;
            let ends = Timestamp::from_millis(row.get(2)?);
            Ok(json!({
                "id": id.to_string(),
                "options": serde_json::from_str::<Json>(&options).unwrap_or_default(),
                "duration_minutes": row.get::<_, i64>(1)?,
                "end_datetime": ends,
                "voting_status": if ends > now { "open" } else { "closed" },
            }))
        });
        found.optional()
    }

    /// Stores a poll with these options: label and votes.
    pub(crate) fn add_poll(
        &mut self,
        options: &[(String, u64)],
        minutes: i64,
        now: Timestamp,
    ) -> rusqlite::Result<u64> {
        let id = self.next_id(now);
        let options: Vec<Json> = (1..)
            .zip(options)
            .map(|(position, (label, votes))| json!({"position": position, "label": label, "votes": votes}))
            .collect();
        let ends = now.plus_millis(minutes * 60_000).as_millis();
        let text = "INSERT INTO poll VALUES (?, ?, ?, ?)";
        self.db.prepare_cached(text)?.execute(params![sql(id), Json::Array(options).to_string(), minutes, ends])?;
        Ok(id)
    }
}
