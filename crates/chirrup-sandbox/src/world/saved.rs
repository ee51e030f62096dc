//! Users and posts in the file of a world: read when it is opened, and written with each change.

use rusqlite::{Row, params};
use serde_json::Value as Json;

use super::graph::Graph;
use super::rows::{PostCounts, PostRow, UserCounts, UserRow};
use super::store::{World, from_sql, to_sql};

const ALL_USERS: &str = "SELECT * FROM user ORDER BY rowid";
const INSERT_USER: &str =
    "INSERT OR REPLACE INTO user (id, username, name, created, description, location, url, verified,
                           protected, pinned, followers, following, posts, likes, media)
                           VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
const INSERT_POST: &str = "INSERT OR REPLACE INTO post (id, author, text, lang, conversation, reply_to, reply_to_user,
                           quote_of, repost_of, media, poll, place, community, reply_settings, source, history, extra,
                           likes, replies, reposts, quotes, bookmarks, impressions)
                           VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

fn ids(text: &str) -> Vec<u64> {
    text.split(',').filter_map(|part| part.parse().ok()).collect()
}

fn joined(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(from_sql(row.get::<_, i64>(column)?))
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(from_sql))
}

fn read_user(row: &Row<'_>) -> rusqlite::Result<UserRow> {
    Ok(UserRow {
        id: count(row, 0)?,
        username: row.get(1)?,
        name: row.get(2)?,
        created: row.get(3)?,
        description: row.get(4)?,
        location: row.get(5)?,
        url: row.get(6)?,
        verified: row.get(7)?,
        protected: row.get(8)?,
        pinned: id(row, 9)?,
        counts: UserCounts {
            followers: count(row, 10)?,
            following: count(row, 11)?,
            posts: count(row, 12)?,
            likes: count(row, 13)?,
            media: count(row, 14)?,
        },
        ..UserRow::default()
    })
}

fn read_post(row: &Row<'_>) -> rusqlite::Result<PostRow> {
    let versions = ids(&row.get::<_, String>(15)?);
    Ok(PostRow {
        id: count(row, 0)?,
        author: count(row, 1)?,
        text: row.get(2)?,
        lang: row.get::<_, String>(3)?.into(),
        conversation: count(row, 4)?,
        reply_to: id(row, 5)?,
        reply_to_user: id(row, 6)?,
        quote_of: id(row, 7)?,
        repost_of: id(row, 8)?,
        media: ids(&row.get::<_, String>(9)?),
        poll: id(row, 10)?,
        place: row.get(11)?,
        community: id(row, 12)?,
        reply_settings: row.get::<_, String>(13)?.into(),
        source: row.get::<_, String>(14)?.into(),
        history: if versions.len() > 1 { versions } else { Vec::new() },
        extra: serde_json::from_str(&row.get::<_, String>(16)?).unwrap_or_default(),
        counts: PostCounts {
            likes: count(row, 17)?,
            replies: count(row, 18)?,
            reposts: count(row, 19)?,
            quotes: count(row, 20)?,
            bookmarks: count(row, 21)?,
            impressions: count(row, 22)?,
        },
        likers: Vec::new(),
        reactions: Vec::new(),
    })
}

impl World {
    /// Reads all users and posts.
    pub(super) fn load(&self) -> rusqlite::Result<Graph> {
        let mut graph = Graph::default();
        let mut query = self.db.prepare(ALL_USERS)?;
        for user in query.query_map([], read_user)? {
            graph.add_user(user?);
        }
        let mut query = self.db.prepare("SELECT * FROM post ORDER BY id")?;
        for post in query.query_map([], read_post)? {
            graph.add_post(post?);
        }
        let edge = |row: &Row<'_>| Ok((count(row, 0)?, count(row, 1)?, row.get::<_, u32>(2)?));
        let mut query = self.db.prepare("SELECT follower, followed, seq FROM follow ORDER BY seq")?;
        for follow in query.query_map([], edge)? {
            let (from, to, seq) = follow?;
            if let (Some(from), Some(to)) = (graph.user_place(from), graph.user_place(to)) {
                graph.add_follow(from, to, seq);
            }
        }
        let mut query = self.db.prepare("SELECT user, post, seq FROM liking ORDER BY seq")?;
        for like in query.query_map([], edge)? {
            let (user, post, seq) = like?;
            if let (Some(user), Some(post)) = (graph.user_place(user), graph.post_place(post)) {
                graph.add_like(user, post, seq);
            }
        }
        Ok(graph)
    }

    /// Number that changes when another process changes the file.
    pub(super) fn current_file_version(&self) -> rusqlite::Result<i64> {
        self.db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
    }

    /// Adds the users that another process has added to the file.
    pub(crate) fn add_users_of_other_processes(&mut self) -> rusqlite::Result<()> {
        if !self.is_file {
            return Ok(());
        }
        let version = self.current_file_version()?;
        if version == self.file_version {
            return Ok(());
        }
        let mut query = self.db.prepare_cached(ALL_USERS)?;
        let mut graph = self.graph_mut();
        let mut last_id = self.last_id;
        for user in query.query_map([], read_user)? {
            let user = user?;
            if graph.user_place(user.id).is_none() {
                last_id = last_id.max(user.id);
                graph.add_user(user);
            }
        }
        drop((query, graph));
        (self.file_version, self.last_id) = (version, last_id);
        Ok(())
    }

    /// Writes all users and posts, if a file keeps them.
    pub(super) fn save_all(&self) -> rusqlite::Result<()> {
        if !self.is_file {
            return Ok(());
        }
        let graph = self.graph();
        let mut follow = self.db.prepare("INSERT INTO follow VALUES (?, ?, ?)")?;
        let mut like = self.db.prepare("INSERT INTO liking VALUES (?, ?, ?)")?;
        for user in graph.users() {
            self.save_user(user)?;
            for edge in &user.following {
                let followed = graph.user_at(edge.place).map_or(0, |user| user.id);
                follow.execute(params![to_sql(user.id), to_sql(followed), edge.seq])?;
            }
            for edge in &user.liked {
                like.execute(params![to_sql(user.id), to_sql(graph.id_at(edge.place)), edge.seq])?;
            }
        }
        graph.posts().try_for_each(|row| self.save_post(row))
    }

    /// Changes a user in memory and in the file.
    pub(super) fn update_user(&self, id: u64, change: impl FnOnce(&mut UserRow)) -> rusqlite::Result<()> {
        if let Some(user) = self.graph_mut().user_mut(id) {
            change(user);
        }
        if !self.is_file {
            return Ok(());
        }
        match self.user_row(id) {
            Some(user) => self.save_user(&user),
            None => Ok(()),
        }
    }

    /// Changes a post in memory and in the file.
    pub(super) fn update_post(&self, id: u64, change: impl FnOnce(&mut PostRow)) -> rusqlite::Result<()> {
        if let Some(row) = self.graph_mut().post_mut(id) {
            change(row);
        }
        if !self.is_file {
            return Ok(());
        }
        match self.post(id)? {
            Some(row) => self.save_post(&row),
            None => Ok(()),
        }
    }

    pub(super) fn save_user(&self, user: &UserRow) -> rusqlite::Result<()> {
        self.save(
            INSERT_USER,
            params![
                to_sql(user.id),
                user.username,
                user.name,
                user.created,
                user.description,
                user.location,
                user.url,
                user.verified,
                user.protected,
                user.pinned.map(to_sql),
                to_sql(user.counts.followers),
                to_sql(user.counts.following),
                to_sql(user.counts.posts),
                to_sql(user.counts.likes),
                to_sql(user.counts.media),
            ],
        )
    }

    pub(super) fn save_post(&self, row: &PostRow) -> rusqlite::Result<()> {
        if !self.is_file {
            return Ok(());
        }
        self.save(
            INSERT_POST,
            params![
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
                joined(row.versions()),
                Json::Object(row.extra.clone()).to_string(),
                to_sql(row.counts.likes),
                to_sql(row.counts.replies),
                to_sql(row.counts.reposts),
                to_sql(row.counts.quotes),
                to_sql(row.counts.bookmarks),
                to_sql(row.counts.impressions),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use chirrup_model::Timestamp;
    use rusqlite::Connection;

    use crate::world::{NewPost, UserRow, World};

    fn open(file: &std::path::Path) -> World {
        World::open(Connection::open(file).expect("a file")).expect("a world")
    }

    #[test]
    fn changes_are_in_the_file_immediately_and_users_of_other_processes_are_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("world.db");
        let mut world = open(&file);
        world.add_user(UserRow::new(7, "ada".to_owned(), "Ada".to_owned(), 0)).expect("a user");
        let new = NewPost { author: 7, text: "rust".to_owned(), ..NewPost::default() };
        let now = Timestamp::from_millis(1_780_000_000_000);
        let post = world.write_post(new.clone(), now).expect("a post");
        world.like(7, post.id).expect("a like");

        // The first world stays open, as that of a process that is killed.
        let mut other = open(&file);
        let row = other.post(post.id).expect("read").expect("the post");
        assert_eq!((row.text.as_str(), row.counts.likes), ("rust", 1));
        let grace = other.create_user("grace", "Grace", now).expect("a user");
        assert_eq!(world.user_id("grace").expect("read"), None);
        let reader = world.reader().expect("a reader");
        world.add_users_of_other_processes().expect("read");
        assert_eq!(world.user_id("Grace").expect("read"), Some(grace));
        assert_eq!(reader.username(grace).expect("read").as_deref(), Some("grace"));
        assert_eq!(world.user_row(7).map(|ada| ada.counts.likes), Some(1), "known users stay as they are");
        let post = world.write_post(NewPost { author: grace, ..new }, now).expect("a post");
        assert!(post.id > grace, "IDs are new");
    }
}
