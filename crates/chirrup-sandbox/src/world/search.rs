//! Search index: an inverted index from words, hashtags, authors and traits to posts.

use chirrup_query::{MatchMode, Query, SearchablePost, count_keys, matches};
use rusqlite::params;

use super::posts::PostRow;
use super::store::{World, from_sql, to_sql};

/// Maximum number of posts that are matched against the query for one page. A page with fewer results than asked for can
/// have a next page.
const MAX_CANDIDATES: usize = 5_000;

/// A page of search results.
#[derive(Debug, Default)]
pub(crate) struct SearchPage {
    /// Matching posts, the newest first.
    pub(crate) posts: Vec<PostRow>,
    /// The next page has the posts below this ID.
    pub(crate) next_below: Option<u64>,
}

impl World {
    /// Returns the most frequent hashtags and the number of posts with each.
    pub(crate) fn top_hashtags(&self, limit: usize) -> rusqlite::Result<Vec<(String, u64)>> {
        let text = "SELECT substr(term, 2), count(*) FROM term WHERE term >= '#' AND term < '$'
                    GROUP BY term ORDER BY 2 DESC, 1 LIMIT ?";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map([limit], |row| Ok((row.get(0)?, from_sql(row.get::<_, i64>(1)?))))?.collect()
    }

    /// Returns the users above an ID whose name or description contains these words, by ID.
    pub(crate) fn search_users(&self, words: &str, above: u64, limit: usize) -> rusqlite::Result<Vec<u64>> {
        let text = "SELECT id FROM user WHERE id > ?1 AND (username LIKE ?2 OR name LIKE ?2 OR description LIKE ?2)
                    ORDER BY id LIMIT ?3";
        let like = format!("%{}%", words.replace(['%', '_'], ""));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut query = self.db.prepare_cached(text)?;
        query.query_map(params![to_sql(above), like, limit], |row| Ok(from_sql(row.get::<_, i64>(0)?)))?.collect()
    }

    pub(super) fn index(&self, post: u64, subject: &SearchablePost) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        let keys = subject.index_keys(MatchMode::Search);
        keys.iter().try_for_each(|key| insert.execute(params![key, to_sql(post)]).map(drop))
    }

    pub(super) fn unindex(&self, row: &PostRow, subject: &SearchablePost) -> rusqlite::Result<()> {
        let mut delete = self.db.prepare_cached("DELETE FROM term WHERE term = ? AND post = ?")?;
        // The counts may have been higher before.
        let all_counts = count_keys(u64::MAX, u64::MAX, u64::MAX);
        let mut keys = subject.index_keys(MatchMode::Search).into_iter().chain(all_counts);
        keys.try_for_each(|key| delete.execute(params![key, to_sql(row.id)]).map(drop))
    }

    /// Updates the index after a count has grown. A count that shrank may leave the post under too many terms, which is
    /// harmless: the query itself decides.
    pub(super) fn reindex_counts(&self, post: u64) -> rusqlite::Result<()> {
        let mut counts = self.db.prepare_cached("SELECT likes, replies, reposts FROM post WHERE id = ?")?;
        let mut keys = counts.query_row([to_sql(post)], |row| {
            let count = |i| Ok::<_, rusqlite::Error>(from_sql(row.get::<_, i64>(i)?));
            Ok(count_keys(count(0)?, count(1)?, count(2)?))
        })?;
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        keys.try_for_each(|key| insert.execute(params![key, to_sql(post)]).map(drop))
    }

    /// Number of posts under a term, up to 500. An error of the store appears when the posts are read.
    fn term_frequency(&self, term: &str) -> usize {
        let text = "SELECT count(*) FROM (SELECT 1 FROM term WHERE term = ? LIMIT 500)";
        let count =
            self.db.prepare_cached(text).and_then(|mut query| query.query_row([term], |row| row.get::<_, i64>(0)));
        count.map_or(0, |count| usize::try_from(count).unwrap_or(0))
    }

    /// Returns up to `count` matching posts with IDs in `from..below`, the newest first.
    pub(crate) fn search(&self, query: &Query, from: u64, below: u64, count: usize) -> rusqlite::Result<SearchPage> {
        let terms = query.required_keys(&|term| self.term_frequency(term));
        let text = match &terms {
            Some(_) => "SELECT post FROM term WHERE post >= ?1 AND post < ?2 AND term = ?3 ORDER BY post DESC",
            None => "SELECT id FROM post WHERE id >= ?1 AND id < ?2 AND ?3 = '' ORDER BY id DESC",
        };
        let terms = terms.unwrap_or_else(|| vec![String::new()]);
        let mut statements = terms.iter().map(|_| self.db.prepare_cached(text)).collect::<Result<Vec<_>, _>>()?;
        let mut merged = MergedIds::default();
        for (statement, term) in statements.iter_mut().zip(&terms) {
            merged.add(statement.query(params![to_sql(from), to_sql(below), term])?)?;
        }
        self.matching(query, merged, count)
    }

    fn matching(&self, query: &Query, mut candidates: MergedIds<'_>, count: usize) -> rusqlite::Result<SearchPage> {
        let mut page = SearchPage::default();
        let mut examined = 0;
        while let Some(id) = candidates.next()? {
            if page.posts.len() == count || examined == MAX_CANDIDATES {
                page.next_below = Some(id + 1);
                break;
            }
            examined += 1;
            let Some(post) = self.post(id)? else {
                continue;
            };
            if matches(query, &self.subject(&post)?) {
                page.posts.push(post);
            }
        }
        Ok(page)
    }
}

/// Merges descending lists of IDs into one without duplicates.
#[derive(Default)]
struct MergedIds<'s> {
    /// Next ID and remaining rows of each list.
    lists: Vec<(u64, rusqlite::Rows<'s>)>,
}

impl<'s> MergedIds<'s> {
    fn add(&mut self, mut rows: rusqlite::Rows<'s>) -> rusqlite::Result<()> {
        if let Some(first) = next_id(&mut rows)? {
            self.lists.push((first, rows));
        }
        Ok(())
    }

    fn next(&mut self) -> rusqlite::Result<Option<u64>> {
        let Some(greatest) = self.lists.iter().map(|(next, _)| *next).max() else {
            return Ok(None);
        };
        let mut at = 0;
        while at < self.lists.len() {
            let (next, rows) = &mut self.lists[at];
            if *next != greatest {
                at += 1;
                continue;
            }
            match next_id(rows)? {
                Some(id) => {
                    *next = id;
                    at += 1;
                }
                None => drop(self.lists.swap_remove(at)),
            }
        }
        Ok(Some(greatest))
    }
}

fn next_id(rows: &mut rusqlite::Rows<'_>) -> rusqlite::Result<Option<u64>> {
    Ok(match rows.next()? {
        Some(row) => Some(from_sql(row.get::<_, i64>(0)?)),
        None => None,
    })
}
