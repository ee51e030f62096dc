//! Users, follows and likes.

use std::sync::Arc;

use rusqlite::params;
use serde_json::Value as Json;

use super::graph::Graph;
use super::links::expanded_url;
use super::rows::{Edge, Reaction, UserRow, add};
use super::store::{World, from_sql, to_sql};

/// User to whom the sandbox's own credentials belong in a generated world.
pub(crate) const DEFAULT_USER: &str = "ada";
/// Kind and ID of the document that names another one.
const DEFAULT_USER_DOCUMENT: (&str, &str) = ("default_user", "1");

impl World {
    /// Returns the stored user.
    pub(crate) fn user_row(&self, id: u64) -> Option<Arc<UserRow>> {
        self.graph().user(id).cloned()
    }

    /// Returns a user with all fields.
    pub(crate) fn user(&self, id: u64) -> rusqlite::Result<Option<Json>> {
        Ok(self.user_row(id).map(|user| user.json()))
    }

    /// Returns the ID of the user with this username.
    pub(crate) fn user_id(&self, username: &str) -> rusqlite::Result<Option<u64>> {
        Ok(self.graph().user_named(username).map(|user| user.id))
    }

    /// Returns the username of a user.
    pub(crate) fn username(&self, id: u64) -> rusqlite::Result<Option<String>> {
        Ok(self.graph().user(id).map(|user| user.username.clone()))
    }

    /// Returns whether the account with this ID or username is suspended. It has no profile and no posts.
    pub(crate) fn is_suspended(&self, id_or_name: &str) -> rusqlite::Result<bool> {
        Ok(self.document("suspended", &id_or_name.to_ascii_lowercase())?.is_some())
    }

    /// Suspends an account that the world does not have as a user.
    pub(crate) fn add_suspended(&self, id: u64, username: &str) -> rusqlite::Result<()> {
        for name in [id.to_string(), username.to_ascii_lowercase()] {
            self.put_document("suspended", &name, id, &Json::Bool(true))?;
        }
        Ok(())
    }

    /// Returns the usernames of the users with the lowest IDs.
    pub(crate) fn usernames(&self, limit: usize) -> Vec<String> {
        let graph = self.graph();
        let mut users: Vec<_> = graph.users().collect();
        users.sort_unstable_by_key(|user| user.id);
        users.into_iter().take(limit).map(|user| user.username.clone()).collect()
    }

    /// Returns the name of the user to whom the sandbox's own credentials belong: `ada`, or the one whom imported data names.
    pub(crate) fn default_username(&self) -> rusqlite::Result<Option<String>> {
        let (kind, id) = DEFAULT_USER_DOCUMENT;
        match self.document(kind, id)?.and_then(|document| document["id"].as_u64()) {
            Some(id) => self.username(id),
            None => Ok(self.graph().user_named(DEFAULT_USER).map(|user| user.username.clone())),
        }
    }

    /// Names the user to whom the sandbox's own credentials belong.
    #[cfg(feature = "import")]
    pub(crate) fn set_default_user(&self, user: u64) -> rusqlite::Result<()> {
        let (kind, id) = DEFAULT_USER_DOCUMENT;
        self.put_document(kind, id, 0, &serde_json::json!({"id": user}))
    }

    /// Returns the number of users.
    pub(crate) fn user_count(&self) -> usize {
        self.graph().users().count()
    }

    /// Returns whether only followers may read the posts of this user.
    pub(crate) fn is_protected(&self, id: u64) -> rusqlite::Result<bool> {
        Ok(self.graph().user(id).is_some_and(|user| user.protected))
    }

    /// Returns whether `follower` follows `followed`.
    pub(crate) fn follows(&self, follower: u64, followed: u64) -> rusqlite::Result<bool> {
        let graph = self.graph();
        let (Some(follower), Some(followed)) = (graph.user(follower), graph.user_place(followed)) else {
            return Ok(false);
        };
        Ok(follower.following.iter().any(|edge| edge.place == followed))
    }

    /// Adds a follow unless it exists.
    pub(crate) fn follow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        let Some(seq) = self.graph_mut().follow(follower, followed) else { return Ok(()) };
        self.update_user(follower, |user| add(&mut user.counts.following, 1))?;
        self.update_user(followed, |user| add(&mut user.counts.followers, 1))?;
        self.save("INSERT INTO follow VALUES (?, ?, ?)", params![to_sql(follower), to_sql(followed), seq])
    }

    /// Removes a follow if it exists.
    pub(crate) fn unfollow(&self, follower: u64, followed: u64) -> rusqlite::Result<()> {
        if !self.graph_mut().unfollow(follower, followed) {
            return Ok(());
        }
        self.update_user(follower, |user| add(&mut user.counts.following, -1))?;
        self.update_user(followed, |user| add(&mut user.counts.followers, -1))?;
        self.save("DELETE FROM follow WHERE follower = ? AND followed = ?", params![to_sql(follower), to_sql(followed)])
    }

    /// Adds a like unless it exists.
    pub(crate) fn like(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        let Some(seq) = self.graph_mut().like(user, post) else { return Ok(()) };
        self.update_post(post, |row| add(&mut row.counts.likes, 1))?;
        self.update_user(user, |user| add(&mut user.counts.likes, 1))?;
        self.reindex_counts(post);
        self.save("INSERT INTO liking VALUES (?, ?, ?)", params![to_sql(user), to_sql(post), seq])
    }

    /// Removes a like if it exists.
    pub(crate) fn unlike(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        if !self.graph_mut().unlike(user, post) {
            return Ok(());
        }
        self.update_post(post, |row| add(&mut row.counts.likes, -1))?;
        self.update_user(user, |user| add(&mut user.counts.likes, -1))?;
        self.save("DELETE FROM liking WHERE user = ? AND post = ?", params![to_sql(user), to_sql(post)])
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
        let graph = self.graph();
        let (Some(user), Some(post)) = (graph.user_place(user), graph.post(post)) else { return Ok(false) };
        Ok(post.likers.iter().any(|edge| edge.place == user))
    }

    /// Updates the given ones of name, URL, location and description.
    pub(crate) fn update_profile(&self, user: u64, fields: &[Option<String>; 4]) -> rusqlite::Result<()> {
        let [name, url, location, description] = fields;
        if let Some(url) = url.as_deref().filter(|url| !url.is_empty()) {
            self.add_link(&expanded_url(url))?;
        }
        if let Some(description) = description {
            self.add_links_in(description)?;
        }
        self.update_user(user, |row| {
            let members = [&mut row.name, &mut row.url, &mut row.location, &mut row.description];
            for (member, value) in members.into_iter().zip([name, url, location, description]) {
                if let Some(value) = value {
                    member.clone_from(value);
                }
            }
        })
    }

    /// Pins a post to the profile of a user.
    pub(crate) fn pin_post(&self, user: u64, post: u64) -> rusqlite::Result<()> {
        self.update_user(user, |row| row.pinned = Some(post))
    }

    /// Removes a relation if it exists.
    pub(crate) fn remove_relation(&self, kind: Relation, user: u64, other: u64) -> rusqlite::Result<()> {
        let text = "DELETE FROM relation WHERE kind = ? AND user = ? AND other = ?";
        self.db.prepare_cached(text)?.execute(params![kind.as_str(), to_sql(user), to_sql(other)]).map(drop)
    }

    /// Returns a page of a list: IDs with their positions below `below`, the latest first.
    pub(crate) fn list_ids(
        &self,
        list: IdList,
        of: u64,
        below: i64,
        count: usize,
    ) -> rusqlite::Result<Vec<(u64, i64)>> {
        match list.storage() {
            Storage::Reposts => {
                let all = self.reposters(of);
                let end = all.partition_point(|(_, at)| *at < below);
                Ok(all[..end].iter().rev().take(count).copied().collect())
            }
            Storage::Graph(list) => {
                let graph = self.graph();
                let edges = list.edges(&graph, of);
                let end = edges.partition_point(|edge| i64::from(edge.seq) < below);
                Ok(edges[..end].iter().rev().filter_map(|edge| list.item(&graph, edge)).take(count).collect())
            }
            Storage::Table { id, table, owner, position } => self.list_rows(
                &format!(
                    "SELECT {id}, {position} FROM {table} WHERE {owner} = ? AND {position} < ? ORDER BY {position} DESC LIMIT ?"
                ),
                of,
                below,
                count,
            ),
        }
    }

    /// Returns a page of a list backwards: IDs with their positions from `from` on, the earliest first.
    pub(crate) fn list_ids_ascending(
        &self,
        list: IdList,
        of: u64,
        from: i64,
        count: usize,
    ) -> rusqlite::Result<Vec<(u64, i64)>> {
        match list.storage() {
            Storage::Reposts => {
                let all = self.reposters(of);
                let start = all.partition_point(|(_, at)| *at < from);
                Ok(all[start..].iter().take(count).copied().collect())
            }
            Storage::Graph(list) => {
                let graph = self.graph();
                let edges = list.edges(&graph, of);
                let start = edges.partition_point(|edge| i64::from(edge.seq) < from);
                Ok(edges[start..].iter().filter_map(|edge| list.item(&graph, edge)).take(count).collect())
            }
            Storage::Table { id, table, owner, position } => self.list_rows(
                &format!(
                    "SELECT {id}, {position} FROM {table} WHERE {owner} = ? AND {position} >= ? ORDER BY {position} LIMIT ?"
                ),
                of,
                from,
                count,
            ),
        }
    }

    /// Authors of the reposts of a post with the IDs of these, the earliest first.
    fn reposters(&self, post: u64) -> Vec<(u64, i64)> {
        let graph = self.graph();
        let Some(post) = graph.post(post) else { return Vec::new() };
        let reposts = post.reactions.iter().filter(|(kind, _)| *kind == Reaction::Repost);
        let rows = reposts.filter_map(|(_, place)| graph.post_at(*place));
        rows.map(|row| (row.author, to_sql(row.id))).collect()
    }

    fn list_rows(&self, text: &str, of: u64, at: i64, count: usize) -> rusqlite::Result<Vec<(u64, i64)>> {
        let mut query = self.db.prepare_cached(text)?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let rows = query
            .query_map(params![to_sql(of), at, count], |row| Ok((from_sql(row.get::<_, i64>(0)?), row.get(1)?)))?;
        rows.collect()
    }

    /// Returns the users above an ID whose name or description contains these words, by ID.
    pub(crate) fn search_users(&self, words: &str, above: u64, limit: usize) -> rusqlite::Result<Vec<u64>> {
        let words = words.replace(['%', '_'], "").to_ascii_lowercase();
        let has = |text: &String| text.to_ascii_lowercase().contains(&words);
        let graph = self.graph();
        let found = graph.users().filter(|user| user.id > above);
        let found = found.filter(|user| has(&user.username) || has(&user.name) || has(&user.description));
        let mut ids: Vec<u64> = found.map(|user| user.id).collect();
        ids.sort_unstable();
        ids.truncate(limit);
        Ok(ids)
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

/// Where a list is stored.
enum Storage {
    Graph(GraphList),
    Reposts,
    /// Column of the listed ID, table, column of the owner, column of the position.
    Table {
        id: &'static str,
        table: &'static str,
        owner: &'static str,
        position: &'static str,
    },
}

/// A list in memory.
#[derive(Debug, Clone, Copy)]
enum GraphList {
    Followers,
    Following,
    Likers,
    LikedPosts,
}

impl GraphList {
    fn edges(self, graph: &Graph, of: u64) -> &[Edge] {
        let edges = match self {
            Self::Followers => graph.user(of).map(|user| &user.followers),
            Self::Following => graph.user(of).map(|user| &user.following),
            Self::LikedPosts => graph.user(of).map(|user| &user.liked),
            Self::Likers => graph.post(of).map(|post| &post.likers),
        };
        edges.map_or(&[], Vec::as_slice)
    }

    /// ID and position of an item of the list, unless it was deleted.
    fn item(self, graph: &Graph, edge: &Edge) -> Option<(u64, i64)> {
        let id = match self {
            Self::LikedPosts => graph.post_at(edge.place)?.id,
            _ => graph.user_at(edge.place)?.id,
        };
        Some((id, i64::from(edge.seq)))
    }
}

impl IdList {
    fn storage(self) -> Storage {
        let relation = |id, owner| Storage::Table { id, table: "relation", owner, position: "seq" };
        match self {
            Self::Followers => Storage::Graph(GraphList::Followers),
            Self::Following => Storage::Graph(GraphList::Following),
            Self::Likers => Storage::Graph(GraphList::Likers),
            Self::Reposters => Storage::Reposts,
            Self::LikedPosts => Storage::Graph(GraphList::LikedPosts),
            Self::Muting => relation("other", "kind = 'muting' AND user"),
            Self::Blocking => relation("other", "kind = 'blocking' AND user"),
            Self::Bookmarks => relation("other", "kind = 'bookmark' AND user"),
            Self::Members => relation("other", "kind = 'member' AND user"),
            Self::ListFollowers => relation("other", "kind = 'list_follower' AND user"),
            Self::Memberships => relation("user", "kind = 'member' AND other"),
            Self::FollowedLists => relation("user", "kind = 'list_follower' AND other"),
            Self::PinnedLists => relation("other", "kind = 'pin' AND user"),
            Self::OwnedLists => Storage::Table { id: "id", table: "list", owner: "owner", position: "id" },
            Self::FollowRequestsSent => relation("other", "kind = 'follow_request' AND user"),
            Self::FollowRequestsReceived => relation("user", "kind = 'follow_request' AND other"),
            Self::RepostsHidden => relation("other", "kind = 'reposts_hidden' AND user"),
        }
    }
}
