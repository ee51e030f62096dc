//! Users, follows and likes.

use chirrup_model::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value as Json, json};

use super::links::expanded_url;
use super::store::{World, from_sql, to_sql};

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
    /// Returns a user with all fields.
    pub(crate) fn user(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        let text = format!("SELECT {COLUMNS} FROM user WHERE id = ?");
        self.db.prepare_cached(&text)?.query_row([to_sql(id)], user_json).optional()
    }

    /// Returns the ID of the user with this username.
    pub(crate) fn user_id(&self, username: &str) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT id FROM user WHERE username = ?")?;
        let id: Option<i64> = query.query_row([username], |row| row.get(0)).optional()?;
        Ok(id.map(from_sql))
    }

    /// Returns the username of a user.
    pub(crate) fn username(&self, id: u64) -> rusqlite::Result<Option<String>> {
        let mut query = self.db.prepare_cached("SELECT username FROM user WHERE id = ?")?;
        query.query_row([to_sql(id)], |row| row.get(0)).optional()
    }

    /// Returns whether only followers may read the posts of this user.
    pub(crate) fn is_protected(&self, id: u64) -> rusqlite::Result<bool> {
        let mut query = self.db.prepare_cached("SELECT protected FROM user WHERE id = ?")?;
        Ok(query.query_row([to_sql(id)], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Returns whether `follower` follows `followed`.
    pub(crate) fn follows(&self, follower: u64, followed: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM follow WHERE follower = ? AND followed = ?";
        self.db.prepare_cached(text)?.exists(params![to_sql(follower), to_sql(followed)])
    }

    /// Adds a follow unless it exists.
    pub(crate) fn follow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO follow VALUES (?1, ?2,
                    (SELECT coalesce(max(seq), 0) + 1 FROM follow WHERE followed = ?2 OR follower = ?1))";
        if self.db.prepare_cached(text)?.execute(params![to_sql(follower), to_sql(followed)])? > 0 {
            self.add_to_count("user", "following", follower, 1)?;
            self.add_to_count("user", "followers", followed, 1)?;
        }
        Ok(())
    }

    /// Removes a follow if it exists.
    pub(crate) fn unfollow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM follow WHERE follower = ? AND followed = ?";
        if self.db.prepare_cached(text)?.execute(params![to_sql(follower), to_sql(followed)])? > 0 {
            self.add_to_count("user", "following", follower, -1)?;
            self.add_to_count("user", "followers", followed, -1)?;
        }
        Ok(())
    }

    /// Adds a like unless it exists.
    pub(crate) fn like(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO liking VALUES (?1, ?2,
                    (SELECT coalesce(max(seq), 0) + 1 FROM liking WHERE post = ?2 OR user = ?1))";
        if self.db.prepare_cached(text)?.execute(params![to_sql(user), to_sql(post)])? > 0 {
            self.add_to_count("post", "likes", post, 1)?;
            self.add_to_count("user", "likes", user, 1)?;
            self.reindex_counts(post)?;
        }
        Ok(())
    }

    /// Removes a like if it exists.
    pub(crate) fn unlike(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM liking WHERE user = ? AND post = ?";
        if self.db.prepare_cached(text)?.execute(params![to_sql(user), to_sql(post)])? > 0 {
            self.add_to_count("post", "likes", post, -1)?;
            self.add_to_count("user", "likes", user, -1)?;
        }
        Ok(())
    }

    /// Adds a relation unless it exists.
    pub(crate) fn add_relation(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<()> {
        let text = "INSERT OR IGNORE INTO relation VALUES (?1, ?2, ?3,
                    (SELECT coalesce(max(seq), 0) + 1 FROM relation WHERE kind = ?1))";
        self.db.prepare_cached(text)?.execute(params![kind.as_str(), to_sql(user), to_sql(other)]).map(drop)
    }

    /// Returns whether a relation exists.
    pub(crate) fn has_relation(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<bool> {
        let text = "SELECT 1 FROM relation WHERE kind = ? AND user = ? AND other = ?";
        self.db.prepare_cached(text)?.exists(params![kind.as_str(), to_sql(user), to_sql(other)])
    }

    /// Returns whether a user likes a post.
    pub(crate) fn likes(&self, user: u64, post: u64) -> rusqlite::Result<bool> {
        self.db
            .prepare_cached("SELECT 1 FROM liking WHERE user = ? AND post = ?")?
            .exists(params![to_sql(user), to_sql(post)])
    }

    /// Updates the given ones of name, URL, location and description.
    pub(crate) fn update_profile(&self, user: u64, fields: &[Option<String>; 4]) -> rusqlite::Result<()> {
        let text = "UPDATE user SET name = coalesce(?, name), url = coalesce(?, url),
                    location = coalesce(?, location), description = coalesce(?, description) WHERE id = ?";
        let [name, url, location, description] = fields;
        if let Some(url) = url.as_deref().filter(|url| !url.is_empty()) {
            self.add_link(&expanded_url(url))?;
        }
        if let Some(description) = description {
            self.add_links_in(description)?;
        }
        self.db.prepare_cached(text)?.execute(params![name, url, location, description, to_sql(user)]).map(drop)
    }

    /// Pins a post to the profile of a user.
    pub(crate) fn pin_post(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let text = "UPDATE user SET pinned = ?2 WHERE id = ?1";
        self.db.prepare_cached(text)?.execute(params![to_sql(user), to_sql(post)]).map(drop)
    }

    /// Removes a relation if it exists.
    pub(crate) fn remove_relation(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM relation WHERE kind = ? AND user = ? AND other = ?";
        self.db.prepare_cached(text)?.execute(params![kind.as_str(), to_sql(user), to_sql(other)]).map(drop)
    }

    /// Adds to a count. Table and column are constants of this crate.
    pub(super) fn add_to_count(&self, table: &str, column: &str, id: u64, by: i64) -> rusqlite::Result<()> {
        let text = format!("UPDATE {table} SET {column} = max({column} + ?, 0) WHERE id = ?");
        self.db.prepare_cached(&text)?.execute(params![by, to_sql(id)]).map(drop)
    }

    /// Returns a page of a list: IDs with their positions below `below`, the latest first.
    pub(crate) fn list_ids(
        &self,
        list: IdList,
        of: u64,
        below: i64,
        count: usize,
    ) -> rusqlite::Result<Vec<(u64, i64)>> {
        let (id, table, owner, position) = list.storage();
        self.list_rows(
            &format!(
                "SELECT {id}, {position} FROM {table} WHERE {owner} = ? AND {position} < ? ORDER BY {position} DESC LIMIT ?"
            ),
            of,
            below,
            count,
        )
    }

    /// Returns a page of a list backwards: IDs with their positions from `from` on, the earliest first.
    pub(crate) fn list_ids_ascending(
        &self,
        list: IdList,
        of: u64,
        from: i64,
        count: usize,
    ) -> rusqlite::Result<Vec<(u64, i64)>> {
        let (id, table, owner, position) = list.storage();
        self.list_rows(
            &format!(
                "SELECT {id}, {position} FROM {table} WHERE {owner} = ? AND {position} >= ? ORDER BY {position} LIMIT ?"
            ),
            of,
            from,
            count,
        )
    }

    fn list_rows(&self, text: &str, of: u64, at: i64, count: usize) -> rusqlite::Result<Vec<(u64, i64)>> {
        let mut query = self.db.prepare_cached(text)?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = query
            .query_map(params![to_sql(of), at, count], |row| Ok((from_sql(row.get::<_, i64>(0)?), row.get(1)?)))?;
        rows.collect()
    }

    /// Returns the ID of the newest post of a user.
    pub(crate) fn most_recent_post(&self, user: u64) -> rusqlite::Result<Option<u64>> {
        let mut query = self.db.prepare_cached("SELECT max(id) FROM post WHERE author = ?")?;
        let id: Option<i64> = query.query_row([to_sql(user)], |row| row.get(0))?;
        Ok(id.map(from_sql))
    }
}

/// A list of users, posts or lists, in order of addition.
#[derive(Debug, Clone, Copy)]
pub(crate) enum IdList {
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
    /// Protected users whom the user has asked to follow.
    FollowRequestsSent,
    /// Users who have asked to follow the protected user.
    FollowRequestsReceived,
    /// Users whose reposts the user does not want to see.
    RepostsHidden,
}

/// A relation from a user to another user, unless stated otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Relation {
    Muting,
    Blocking,
    /// From a user to a post.
    Bookmark,
    /// From a list to a user on it.
    Member,
    /// From a list to a user who follows it.
    ListFollower,
    /// From a user to a list.
    Pin,
    /// To a protected user.
    FollowRequest,
    Reported,
    /// To a user whose reposts are not shown.
    RepostsHidden,
    /// To a user whose posts cause notifications.
    Notifications,
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
            Self::FollowRequest => "follow_request",
            Self::Reported => "reported",
            Self::RepostsHidden => "reposts_hidden",
            Self::Notifications => "notifications",
        }
    }
}

impl IdList {
    /// Storage of the list: column of the listed ID, table, column of the owner, column of the position.
    const fn storage(self) -> (&'static str, &'static str, &'static str, &'static str) {
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
            Self::FollowRequestsSent => ("other", "relation", "kind = 'follow_request' AND user", "seq"),
            Self::FollowRequestsReceived => ("user", "relation", "kind = 'follow_request' AND other", "seq"),
            Self::RepostsHidden => ("other", "relation", "kind = 'reposts_hidden' AND user", "seq"),
        }
    }
}
