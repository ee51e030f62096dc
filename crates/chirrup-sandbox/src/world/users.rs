//! Users, follows and likes.

use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value as Json, json};

use super::{World, id_of, sql};

const COLUMNS: &str = "id, username, name, created, description, location, url, verified, protected, pinned, followers, \
                       following, posts, likes, media";

fn user_json(row: &Row<'_>) -> rusqlite::Result<Json> {
    let id: i64 = row.get(0)?;
    let verified: bool = row.get(7)?;
    let pinned: Option<i64> = row.get(9)?;
    let created: i64 = row.get(3)?;
    let mut user = json!({
        "id": id.to_string(),
        "username": row.get::<_, String>(1)?,
        "name": row.get::<_, String>(2)?,
        "created_at": Timestamp::from_millis(created),
        "description": row.get::<_, String>(4)?,
        "verified": verified,
        "verified_type": if verified { "blue" } else { "none" },
        "protected": row.get::<_, bool>(8)?,
        "profile_image_url": format!("https://pbs.twimg.com/profile_images/{id}/picture_normal.jpg"),
        "public_metrics": {
            "followers_count": row.get::<_, i64>(10)?,
            "following_count": row.get::<_, i64>(11)?,
            "tweet_count": row.get::<_, i64>(12)?,
            "listed_count": row.get::<_, i64>(10)? / 40,
            "like_count": row.get::<_, i64>(13)?,
            "media_count": row.get::<_, i64>(14)?,
        },
    });
    for (name, column) in [("location", 5), ("url", 6)] {
        let text: String = row.get(column)?;
        if !text.is_empty() {
            user[name] = text.into();
        }
    }
    if let Some(pinned) = pinned {
        user["pinned_tweet_id"] = pinned.to_string().into();
    }
    Ok(user)
}

impl World {
    /// A user with every field.
    pub(crate) fn user(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        let text = format!("SELECT {COLUMNS} FROM user WHERE id = ?");
        self.db.prepare_cached(&text)?.query_row([sql(id)], user_json).optional()
    }

    /// The id of the user of this name.
    pub(crate) fn user_id(&self, username: &str) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT id FROM user WHERE username = ?")?;
        let id: Option<i64> = query.query_row([username], |row| row.get(0)).optional()?;
        Ok(id.map(id_of))
    }

    /// The name of the user of this id.
    pub(crate) fn username(&self, id: u64) -> rusqlite::Result<Option<String>> {
        let mut query = self.db.prepare_cached("SELECT username FROM user WHERE id = ?")?;
        query.query_row([sql(id)], |row| row.get(0)).optional()
    }

    /// Whether only followers may read this user.
    pub(crate) fn is_protected(&self, id: u64) -> rusqlite::Result<bool> {
        let mut query = self.db.prepare_cached("SELECT protected FROM user WHERE id = ?")?;
        Ok(query.query_row([sql(id)], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Whether the one follows the other.
    pub(crate) fn follows(&self, follower: u64, followed: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM follow WHERE follower = ? AND followed = ?";
        self.db.prepare_cached(text)?.exists(params![sql(follower), sql(followed)])
    }

    /// Adds a follow; nothing changes if it is there.
    pub(crate) fn follow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO follow VALUES (?1, ?2,
                    (SELECT coalesce(max(seq), 0) + 1 FROM follow WHERE followed = ?2 OR follower = ?1))";
        if self.db.prepare_cached(text)?.execute(params![sql(follower), sql(followed)])? > 0 {
            self.add("user", "following", follower, 1)?;
            self.add("user", "followers", followed, 1)?;
        }
        Ok(())
    }

    /// Removes a follow; nothing changes if there is none.
    pub(crate) fn unfollow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM follow WHERE follower = ? AND followed = ?";
        if self.db.prepare_cached(text)?.execute(params![sql(follower), sql(followed)])? > 0 {
            self.add("user", "following", follower, -1)?;
            self.add("user", "followers", followed, -1)?;
        }
        Ok(())
    }

    /// Adds a like; nothing changes if it is there.
    pub(crate) fn like(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO liking VALUES (?1, ?2,
                    (SELECT coalesce(max(seq), 0) + 1 FROM liking WHERE post = ?2 OR user = ?1))";
        if self.db.prepare_cached(text)?.execute(params![sql(user), sql(post)])? > 0 {
            self.add("post", "likes", post, 1)?;
            self.add("user", "likes", user, 1)?;
            self.reindex_counts(post)?;
        }
        Ok(())
    }

    /// Removes a like; nothing changes if there is none.
    pub(crate) fn unlike(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM liking WHERE user = ? AND post = ?";
        if self.db.prepare_cached(text)?.execute(params![sql(user), sql(post)])? > 0 {
            self.add("post", "likes", post, -1)?;
            self.add("user", "likes", user, -1)?;
        }
        Ok(())
    }

    /// Adds a relation of a user or list to a user, post or list; nothing changes if it is there.
    pub(crate) fn relate(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO relation VALUES (?1, ?2, ?3,
                    (SELECT coalesce(max(seq), 0) + 1 FROM relation WHERE kind = ?1))";
        self.db.prepare_cached(text)?.execute(params![kind.as_str(), sql(user), sql(other)]).map(drop)
    }

    /// Whether there is such a relation.
    pub(crate) fn related(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM relation WHERE kind = ? AND user = ? AND other = ?";
        self.db.prepare_cached(text)?.exists(params![kind.as_str(), sql(user), sql(other)])
    }

    /// Whether a user likes a post.
    pub(crate) fn likes(&self, user: u64, post: u64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT 1 FROM liking WHERE user = ? AND post = ?")?
            .exists(params![sql(user), sql(post)])
    }

    /// Changes name, address, location and description of a user; what is none stays as it is.
    pub(crate) fn change_profile(&self, user: u64, fields: &[Option<String>; 4]) -> rusqlite::Result<()> {
        let text = "UPDATE user SET name = coalesce(?, name), url = coalesce(?, url),
                    location = coalesce(?, location), description = coalesce(?, description) WHERE id = ?";
        let [name, url, location, about] = fields;
        self.db.prepare_cached(text)?.execute(params![name, url, location, about, sql(user)]).map(drop)
    }

    /// Pins a post to a profile.
    pub(crate) fn pin(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "UPDATE user SET pinned = ?2 WHERE id = ?1";
        self.db.prepare_cached(text)?.execute(params![sql(user), sql(post)]).map(drop)
    }

    /// Removes a relation; nothing changes if there is none.
    pub(crate) fn unrelate(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM relation WHERE kind = ? AND user = ? AND other = ?";
        self.db.prepare_cached(text)?.execute(params![kind.as_str(), sql(user), sql(other)]).map(drop)
    }

    /// Changes a count. Table and column are our own words, never a caller's.
    pub(super) fn add(&self, table: &str, column: &str, id: u64, by: i64) -> rusqlite::Result<()> {
        let text = format!("UPDATE {table} SET {column} = max({column} + ?, 0) WHERE id = ?");
        self.db.prepare_cached(&text)?.execute(params![by, sql(id)]).map(drop)
    }

    /// A page of a list: ids with their places in the list, the latest first, from below `before`.
    pub(crate) fn list(&self, list: Listing, of: u64, before: i64, count: usize) -> rusqlite::Result<Vec<(u64, i64)>> {
        let (user, table, column, place) = list.parts();
        self.listed_rows(
            &format!(
                "SELECT {user}, {place} FROM {table} WHERE {column} = ? AND {place} < ? ORDER BY {place} DESC LIMIT ?"
            ),
            of,
            before,
            count,
        )
    }

    /// The same the other way: from `from` on, the earliest first.
    pub(crate) fn list_back(
        &self,
        list: Listing,
        of: u64,
        from: i64,
        count: usize,
    ) -> rusqlite::Result<Vec<(u64, i64)>> {
        let (user, table, column, place) = list.parts();
        self.listed_rows(
            &format!(
                "SELECT {user}, {place} FROM {table} WHERE {column} = ? AND {place} >= ? ORDER BY {place} LIMIT ?"
            ),
            of,
            from,
            count,
        )
    }

    fn listed_rows(&self, text: &str, of: u64, at: i64, count: usize) -> rusqlite::Result<Vec<(u64, i64)>> {
        let mut query = self.db.prepare_cached(text)?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows =
            query.query_map(params![sql(of), at, count], |row| Ok((id_of(row.get::<_, i64>(0)?), row.get(1)?)))?;
        rows.collect()
    }

    /// The newest post of a user.
    pub(crate) fn most_recent_post(&self, user: u64) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT max(id) FROM post WHERE author = ?")?;
        let id: Option<i64> = query.query_row([sql(user)], |row| row.get(0))?;
        Ok(id.map(id_of))
    }
}

/// A list of users or posts, in the order in which they came to it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Listing {
    Followers,
    Following,
    Likers,
    Reposters,
    Muting,
    Blocking,
    LikedPosts,
    Bookmarks,
    Members,
    ListFollowers,
    Memberships,
    FollowedLists,
    PinnedLists,
    OwnedLists,
    Asked,
    AskedBy,
    NoReposts,
}

/// How one thing stands to another; of a user to a user or post, where nothing else is said.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Relation {
    Muting,
    Blocking,
    Bookmark,
    /// Of a list to a user who is on it.
    Member,
    /// Of a list to a user who follows it.
    ListFollower,
    /// Of a user to a list.
    Pin,
    /// Of a user to one whom they have asked to follow.
    Asked,
    /// Of a user to one whom they have reported.
    Reported,
    /// Of a user to one whose reposts they do not want to see.
    NoReposts,
    /// Of a user to one of whose posts they want to be told.
    Told,
}

impl Relation {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Muting => "muting",
            Self::Blocking => "blocking",
            Self::Bookmark => "bookmark",
            Self::Member => "member",
            Self::ListFollower => "list_follower",
            Self::Pin => "pin",
            Self::Asked => "asked",
            Self::Reported => "reported",
            Self::NoReposts => "no_reposts",
            Self::Told => "told",
        }
    }
}

impl Listing {
    /// Where it is stored: the column of the listed user or post, the table, the column of what the list is of, and the
    /// column of the place in the list.
    const fn parts(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Followers => ("follower", "follow", "followed", "seq"),
            Self::Following => ("followed", "follow", "follower", "seq"),
            Self::Likers => ("user", "liking", "post", "seq"),
            Self::Reposters => ("author", "post", "repost_of", "id"),
            Self::Muting => ("other", "relation", "kind = 'muting' AND user", "seq"),
            Self::Blocking => ("other", "relation", "kind = 'blocking' AND user", "seq"),
            Self::LikedPosts => ("post", "liking", "user", "seq"),
            Self::Bookmarks => ("other", "relation", "kind = 'bookmark' AND user", "seq"),
            Self::Members => ("other", "relation", "kind = 'member' AND user", "seq"),
            Self::ListFollowers => ("other", "relation", "kind = 'list_follower' AND user", "seq"),
            Self::Memberships => ("user", "relation", "kind = 'member' AND other", "seq"),
            Self::FollowedLists => ("user", "relation", "kind = 'list_follower' AND other", "seq"),
            Self::PinnedLists => ("other", "relation", "kind = 'pin' AND user", "seq"),
            Self::OwnedLists => ("id", "list", "owner", "id"),
            Self::Asked => ("other", "relation", "kind = 'asked' AND user", "seq"),
            Self::AskedBy => ("user", "relation", "kind = 'asked' AND other", "seq"),
            Self::NoReposts => ("other", "relation", "kind = 'no_reposts' AND user", "seq"),
        }
    }
}
