//! Additions to a new world, many at a time.

use super::rows::{Edge, UserRow};
use super::store::World;

impl World {
    /// Makes many changes. A file gets the users and posts at the end, in one transaction.
    pub(crate) fn change_in_bulk(
        &mut self,
        change: impl FnOnce(&mut Self) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let saves = std::mem::take(&mut self.is_file);
        self.db.execute_batch("BEGIN")?;
        let changed = change(self);
        self.is_file = saves;
        changed?;
        self.save_all()?;
        self.db.execute_batch("COMMIT")
    }

    /// Adds a user, whose ID and username must be new.
    pub(crate) fn add_user(&self, user: UserRow) -> rusqlite::Result<()> {
        self.save_user(&user)?;
        self.graph_mut().add_user(user);
        Ok(())
    }

    /// Returns the ID of the user at a place. `choose` gets the number of users.
    pub(crate) fn nth_user(&self, choose: impl FnOnce(usize) -> usize) -> Option<u64> {
        let graph = self.graph();
        let place = choose(graph.user_count());
        graph.user_at(place as u32).map(|user| user.id)
    }

    /// Adds follows between users at these places, and counts them.
    pub(crate) fn add_follows(&self, follows: impl Iterator<Item = (usize, usize)>) {
        let mut graph = self.graph_mut();
        for (follower, followed) in follows {
            let (follower, followed) = (follower as u32, followed as u32);
            let seq = graph.next_edge();
            if graph.add_follow(follower, followed, seq) {
                if let Some(user) = graph.user_at_mut(follower) {
                    user.counts.following += 1;
                }
                if let Some(user) = graph.user_at_mut(followed) {
                    user.counts.followers += 1;
                }
            }
        }
    }

    /// Adds this number of likes to each of these posts, and derives the other counts from them. `choose` returns the place of
    /// a user, who likes a post once at most. The posts exist and have no likes.
    pub(crate) fn add_likes(&self, liked: &[(u64, usize)], choose: &mut dyn FnMut() -> usize) {
        let mut graph = self.graph_mut();
        for (post, likes) in liked {
            let Some(post) = graph.post_place(*post) else { continue };
            let mut likers: Vec<Edge> = Vec::with_capacity(*likes);
            for _ in 0..*likes {
                let (user, seq) = (choose() as u32, graph.next_edge());
                if !likers.iter().any(|liker| liker.place == user)
                    && let Some(row) = graph.user_at_mut(user)
                {
                    row.liked.push(Edge { seq, place: post });
                    row.counts.likes += 1;
                    likers.push(Edge { seq, place: user });
                }
            }
            if let Some(row) = graph.post_at_mut(post) {
                row.likers = likers;
            }
        }
        for place in 0..graph.post_count() as u32 {
            let Some(row) = graph.post_at_mut(place) else { continue };
            let counts = &mut row.counts;
            counts.likes = row.likers.len() as u64;
            counts.impressions = 40 + counts.likes * 37 + counts.reposts * 210 + counts.replies * 12;
            counts.bookmarks = counts.likes / 9;
        }
    }
}
