//! The index of the search: each post under its words, tags, author and traits, so that a query reads only what can match.

use chirrup_query::{MatchMode, Query, SearchablePost, count_keys, matches};
use rusqlite::params;

use super::posts::PostRow;
use super::{World, id_of, sql};

/// How many candidates one page may hold against its query. A page may end early and name the next all the same.
const MOST_CANDIDATES: usize = 5_000;

/// A page of a search.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What matches, newest first.
    pub(crate) posts: Vec<PostRow>,
    /// Where to go on: below this id. None if there is no more.
    pub(crate) below: Option<u64>,
}

impl World {
    /// The hashtags that most posts hold, and how many do.
    pub(crate) fn top_tags(&self, limit: usize) -> rusqlite::Result<Vec<(String, u64)>> {
        let text = "SELECT substr(term, 2), count(*) FROM term WHERE term >= '#' AND term < '$'
                    GROUP BY term ORDER BY 2 DESC, 1 LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map([limit], |row| Ok((row.get(0)?, id_of(row.get::<_, i64>(1)?))))?.collect()
    }

    /// Users whose name or description holds these words, in the order of their ids, above one.
    pub(crate) fn users_with(&self, words: &str, above: u64, limit: usize) -> rusqlite::Result<Vec<u64>> {
        let text = "SELECT id FROM user WHERE id > ?1 AND (username LIKE ?2 OR name LIKE ?2 OR description LIKE ?2)
                    ORDER BY id LIMIT ?3";
        let like = format!("%{}%", words.replace(['%', '_'], ""));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map(params![sql(above), like, limit], |row| Ok(id_of(row.get::<_, i64>(0)?)))?.collect()
    }

    pub(super) fn index(&self, post: u64, subject: &SearchablePost) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        let keys = subject.index_keys(MatchMode::Search);
        keys.iter().try_for_each(|key| insert.execute(params![key, sql(post)]).map(drop))
    }

    pub(super) fn unindex(&self, row: &PostRow, subject: &SearchablePost) -> rusqlite::Result<()> {
        let mut delete = self.db.prepare_cached("DELETE FROM term WHERE term = ? AND post = ?")?;
        // Counts may have been higher once than they are now.
        let all_counts = count_keys(u64::MAX, u64::MAX, u64::MAX);
        let mut keys = subject.index_keys(MatchMode::Search).into_iter().chain(all_counts);
        keys.try_for_each(|key| delete.execute(params![key, sql(row.id)]).map(drop))
    }

    /// Brings the index up to date after a count has grown. One that shrank may leave a post in a list too many:
    /// lists only narrow, the query decides.
    pub(super) fn reindex_counts(&self, post: u64) -> rusqlite::Result<()> {
        let mut counts = self.db.prepare_cached("SELECT likes, replies, reposts FROM post WHERE id = ?")?;
        let mut keys = counts.query_row([sql(post)], |row| {
            let count = |i| Ok::<_, rusqlite::Error>(id_of(row.get::<_, i64>(i)?));
            Ok(count_keys(count(0)?, count(1)?, count(2)?))
        })?;
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        keys.try_for_each(|key| insert.execute(params![key, sql(post)]).map(drop))
    }

    /// How long a list is, looked at no further than matters. A store that fails here fails again when it is read.
    fn list_size(&self, key: &str) -> usize {
        let text = "SELECT count(*) FROM (SELECT 1 FROM term WHERE term = ? LIMIT 500)";
        let size =
            self.db.prepare_cached(text).and_then(|mut query| query.query_row([key], |row| row.get::<_, i64>(0)));
        size.map_or(0, |size| usize::try_from(size).unwrap_or(0))
    }

    /// Finds posts with ids in `from..below` that match, newest first.
    pub(crate) fn search(&self, query: &Query, from: u64, below: u64, count: usize) -> rusqlite::Result<Found> {
        let terms = query.required_keys(&|key| self.list_size(key));
        let text = match &terms {
            Some(_) => "SELECT post FROM term WHERE post >= ?1 AND post < ?2 AND term = ?3 ORDER BY post DESC",
            None => "SELECT id FROM post WHERE id >= ?1 AND id < ?2 AND ?3 = '' ORDER BY id DESC",
        };
        let terms = terms.unwrap_or_else(|| vec![String::new()]);
        let mut statements = terms.iter().map(|_| self.db.prepare_cached(text)).collect::<Result<Vec<_>, _>>()?;
        let mut merged = Merged::default();
        for (statement, term) in statements.iter_mut().zip(&terms) {
            merged.add(statement.query(params![sql(from), sql(below), term])?)?;
        }
        self.sift(query, merged, count)
    }

    fn sift(&self, query: &Query, mut candidates: Merged<'_>, count: usize) -> rusqlite::Result<Found> {
        let mut found = Found::default();
        let mut seen = 0;
        while let Some(id) = candidates.next()? {
            if found.posts.len() == count || seen == MOST_CANDIDATES {
                found.below = Some(id + 1);
                break;
            }
            seen += 1;
            let Some(post) = self.post(id)? else {
                continue;
            };
            if matches(query, &self.subject(&post)?) {
                found.posts.push(post);
            }
        }
        Ok(found)
    }
}

/// Lists that fall, merged into one that falls; what stands in several comes once.
#[derive(Default)]
struct Merged<'s> {
    lists: Vec<(u64, rusqlite::Rows<'s>)>,
}

impl<'s> Merged<'s> {
    fn add(&mut self, mut rows: rusqlite::Rows<'s>) -> rusqlite::Result<()> {
        if let Some(head) = head(&mut rows)? {
            self.lists.push((head, rows));
        }
        Ok(())
    }

    fn next(&mut self) -> rusqlite::Result<Option<u64>> {
        let Some(top) = self.lists.iter().map(|(head, _)| *head).max() else {
            return Ok(None);
        };
        let mut at = 0;
        while at < self.lists.len() {
            let (current, rows) = &mut self.lists[at];
            if *current != top {
                at += 1;
                continue;
            }
            match head(rows)? {
                Some(next) => {
                    *current = next;
                    at += 1;
                }
                None => drop(self.lists.swap_remove(at)),
            }
        }
        Ok(Some(top))
    }
}

fn head(rows: &mut rusqlite::Rows<'_>) -> rusqlite::Result<Option<u64>> {
    Ok(match rows.next()? {
        Some(row) => Some(id_of(row.get::<_, i64>(0)?)),
        None => None,
    })
}
