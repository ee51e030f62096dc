//! The index of the search: each post under its words, tags, author and traits, so that a query reads only what can match.

use chirrup_query::{Has, Operator, Query, Subject, matches, words};
use rusqlite::params;

use super::posts::PostRow;
use super::{World, id_of, sql};

/// How many candidates one page may hold against its query. A page may end early and name the next all the same.
const MOST_CANDIDATES: usize = 5_000;

/// Counts are indexed by the powers of ten that they reach.
const POWERS: [u64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// A page of a search.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What matches, newest first.
    pub(crate) posts: Vec<PostRow>,
    /// Where to go on: below this id. None if there is no more.
    pub(crate) below: Option<u64>,
}

/// Everything that a post is found by.
fn terms(s: &Subject) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let lower = |sign: &str, list: &[String]| -> Vec<String> {
        list.iter().map(|item| format!("{sign}{}", item.to_lowercase())).collect()
    };
    if s.repost_of.is_none() {
        all.extend(words(&s.text).map(|word| format!("w{word}")));
        all.extend(s.text.chars().filter(|c| !c.is_ascii() && !c.is_alphanumeric()).map(|c| format!("w{c}")));
    }
    all.extend(lower("#", &s.hashtags));
    all.extend(lower("$", &s.cashtags));
    all.extend(lower("@", &s.mentions));
    all.push(format!("from:{}", s.author.to_lowercase()));
    all.push(format!("from:{}", s.author_id));
    all.push(format!("conversation:{}", s.conversation));
    all.push(format!("lang:{}", s.lang.to_lowercase()));
    for (name, user) in [("to", &s.reply_to_user), ("reposts", &s.repost_of_user)] {
        if let Some((username, id)) = user {
            all.push(format!("{name}:{}", username.to_lowercase()));
            all.push(format!("{name}:{id}"));
        }
    }
    for (name, id) in [("reply", s.reply_to), ("quote", s.quote_of), ("repost", s.repost_of)] {
        all.extend(id.map(|id| format!("{name}:{id}")));
        all.extend(id.map(|_| format!("is:{name}")));
    }
    if let Some((_, _, country)) = &s.place {
        all.push(format!("country:{}", country.to_lowercase()));
    }
    let traits = [
        ("hashtags", !s.hashtags.is_empty()),
        ("cashtags", !s.cashtags.is_empty()),
        ("links", !s.urls.is_empty()),
        ("mentions", !s.mentions.is_empty()),
        ("media", s.images || s.videos),
        ("images", s.images),
        ("video_link", s.videos),
        ("geo", s.place.is_some()),
    ];
    all.extend(traits.into_iter().filter(|(_, has)| *has).map(|(name, _)| format!("has:{name}")));
    all.extend(count_terms(s));
    all
}

fn count_terms(s: &Subject) -> impl Iterator<Item = String> {
    let counts = [("likes", s.likes), ("replies", s.replies), ("reposts", s.reposts)];
    counts.into_iter().flat_map(|(name, count)| {
        POWERS.into_iter().take_while(move |power| *power <= count).map(move |power| format!("{name}:{power}"))
    })
}

/// The lists whose union holds all that can match; none if no list narrows the query.
fn lists(world: &World, query: &Query) -> rusqlite::Result<Option<Vec<String>>> {
    match query {
        Query::Not(_) => Ok(None),
        Query::Term(operator) => Ok(list(operator).map(|term| vec![term])),
        Query::Or(parts) => {
            let mut all = Vec::new();
            for part in parts {
                match lists(world, part)? {
                    Some(more) => all.extend(more),
                    None => return Ok(None),
                }
            }
            Ok(Some(all))
        }
        Query::And(parts) => {
            let mut best: Option<(usize, Vec<String>)> = None;
            for part in parts {
                let Some(found) = lists(world, part)? else {
                    continue;
                };
                let mut size = 0;
                for term in &found {
                    size += world.list_size(term)?;
                }
                if best.as_ref().is_none_or(|(smallest, _)| size < *smallest) {
                    best = Some((size, found));
                }
            }
            Ok(best.map(|(_, found)| found))
        }
    }
}

fn list(operator: &Operator) -> Option<String> {
    let user = |name: &str, user: &str| Some(format!("{name}:{}", user.trim_start_matches('@').to_lowercase()));
    let power =
        |name: &str, n: u64| POWERS.into_iter().rev().find(|power| *power <= n).map(|power| format!("{name}:{power}"));
    match operator {
        Operator::Word(text) | Operator::Phrase(text) => {
            let longest = words(text).max_by_key(String::len);
            let symbol = || text.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()).map(String::from);
            longest.or_else(symbol).map(|word| format!("w{word}"))
        }
        Operator::Hashtag(tag) => Some(format!("#{}", tag.to_lowercase())),
        Operator::Cashtag(tag) => Some(format!("${}", tag.to_lowercase())),
        Operator::Mention(name) => Some(format!("@{}", name.to_lowercase())),
        Operator::From(name) => user("from", name),
        Operator::To(name) => user("to", name),
        Operator::RepostsOf(name) => user("reposts", name),
        Operator::Conversation(id) => Some(format!("conversation:{id}")),
        Operator::ReplyTo(id) => Some(format!("reply:{id}")),
        Operator::QuoteOf(id) => Some(format!("quote:{id}")),
        Operator::RepostOf(id) => Some(format!("repost:{id}")),
        Operator::Url(_) => Some("has:links".to_owned()),
        Operator::Lang(code) => Some(format!("lang:{}", code.to_lowercase())),
        Operator::Country(code) => Some(format!("country:{}", code.to_lowercase())),
        Operator::Place(_) | Operator::Has(Has::Geo) => Some("has:geo".to_owned()),
        Operator::Has(what) => Some(format!("has:{what}")),
        Operator::Is(chirrup_query::Is::Reply) => Some("is:reply".to_owned()),
        Operator::Is(chirrup_query::Is::Quote) => Some("is:quote".to_owned()),
        Operator::Is(chirrup_query::Is::Repost) => Some("is:repost".to_owned()),
        Operator::MinLikes(n) => power("likes", *n),
        Operator::MinReplies(n) => power("replies", *n),
        Operator::MinReposts(n) => power("reposts", *n),
        _ => None,
    }
}

impl World {
    pub(super) fn index(&self, post: u64, subject: &Subject) -> rusqlite::Result<()> {
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        terms(subject).iter().try_for_each(|term| insert.execute(params![term, sql(post)]).map(drop))
    }

    pub(super) fn unindex(&self, row: &PostRow, subject: &Subject) -> rusqlite::Result<()> {
        let mut delete = self.db.prepare_cached("DELETE FROM term WHERE term = ? AND post = ?")?;
        let powers = ["likes", "replies", "reposts"].into_iter().flat_map(|name| POWERS.map(|p| format!("{name}:{p}")));
        let all = terms(subject).into_iter().chain(powers);
        all.into_iter().try_for_each(|term| delete.execute(params![term, sql(row.id)]).map(drop))
    }

    /// Brings the index up to date after a count has grown. One that shrank may leave a post in a list too many:
    /// lists only narrow, the query decides.
    pub(super) fn reindex_counts(&self, post: u64) -> rusqlite::Result<()> {
        let mut counts = self.db.prepare_cached("SELECT likes, replies, reposts FROM post WHERE id = ?")?;
        let subject = counts.query_row([sql(post)], |row| {
            let count = |i| Ok::<_, rusqlite::Error>(id_of(row.get::<_, i64>(i)?));
            Ok(Subject { likes: count(0)?, replies: count(1)?, reposts: count(2)?, ..Subject::default() })
        })?;
        let mut insert = self.db.prepare_cached("INSERT OR IGNORE INTO term VALUES (?, ?)")?;
        count_terms(&subject).try_for_each(|term| insert.execute(params![term, sql(post)]).map(drop))
    }

    /// How long a list is, looked at no further than matters.
    fn list_size(&self, term: &str) -> rusqlite::Result<usize> {
        let text = "SELECT count(*) FROM (SELECT 1 FROM term WHERE term = ? LIMIT 500)";
        let size: i64 = self.db.prepare_cached(text)?.query_row([term], |row| row.get(0))?;
        Ok(usize::try_from(size).unwrap_or(0))
    }

    /// Finds posts with ids in `from..below` that match, newest first.
    pub(crate) fn search(&self, query: &Query, from: u64, below: u64, count: usize) -> rusqlite::Result<Found> {
        let terms = lists(self, query)?;
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
