//! Counts of an archive: posts over time, languages, authors, hashtags and domains.

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use chirrup_model::PostId;

use crate::object::{Key, ObjectKind};
use crate::objects::{Entities, Post, User, domain_of, str_of, time_of};
use crate::reader::{ArchiveReader, Note, NoteKind, SourceState};

/// Number of different values that are counted at the same time.
const MAX_VALUES: usize = 1 << 20;
/// Number of gaps of a summary.
const MAX_GAPS: usize = 1_000;
/// Length of an hour in milliseconds.
const HOUR: i64 = 3_600_000;

/// Counts of the posts that the sources of an archive found. Posts that these only refer to are counted apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of posts that a source found.
    pub posts: u64,
    /// Number of other posts, which these refer to.
    pub referenced_posts: u64,
    /// Number of all users.
    pub users: u64,
    /// Number of posts in each hour that has some. The key is the start of the hour in milliseconds since 1970.
    pub hours: BTreeMap<i64, u64>,
    /// Codes of the languages with the most posts.
    pub languages: Vec<(String, u64)>,
    /// Authors with the most posts: their usernames, or the IDs of those that are not stored.
    pub authors: Vec<(String, u64)>,
    /// Hashtags of the most posts, in lower case.
    pub hashtags: Vec<(String, u64)>,
    /// Domains that the most posts link to.
    pub domains: Vec<(String, u64)>,
    /// Sources with their states and costs.
    pub sources: Vec<SourceState>,
    /// The first gaps of streams, at most 1,000.
    pub gaps: Vec<Note>,
    /// Number of all gaps.
    pub gap_count: u64,
}

/// Counters of the posts.
#[derive(Default)]
struct Counters {
    posts: u64,
    referenced_posts: u64,
    hours: BTreeMap<i64, u64>,
    languages: Tally<String>,
    authors: Tally<i64>,
    hashtags: Tally<String>,
    domains: Tally<String>,
}

impl Counters {
    fn add(&mut self, id: i64, post: &Post<'_>) {
        self.posts += 1;
        let of_id = || PostId::new(id.cast_unsigned()).timestamp().as_millis();
        let time = time_of(&post.created_at).unwrap_or_else(of_id);
        *self.hours.entry(time.div_euclid(HOUR) * HOUR).or_default() += 1;
        str_of(&post.lang).into_iter().for_each(|language| self.languages.add(language));
        post.author_id.iter().for_each(|author| self.authors.add(&author.0));
        let note = post.note_tweet.as_ref().and_then(|note| note.entities.as_ref());
        let entities: Vec<&Entities<'_>> = post.entities.iter().chain(note).collect();
        let tags = entities.iter().flat_map(|all| all.hashtags.iter().flatten());
        let tags: BTreeSet<String> = tags.map(|tag| tag.tag.as_str().to_lowercase()).collect();
        tags.iter().for_each(|tag| self.hashtags.add(tag.as_str()));
        let urls = entities.iter().flat_map(|all| all.urls.iter().flatten());
        let domains: BTreeSet<String> = urls.filter_map(|url| domain_of(url.target()?)).collect();
        domains.iter().for_each(|domain| self.domains.add(domain.as_str()));
    }
}

impl Summary {
    /// Reads an archive, and counts. Each list has at most `limit` values. Of more than a million different values, the rarest
    /// are not counted.
    ///
    /// # Errors
    /// If the archive cannot be read.
    pub fn of(archive: &dyn ArchiveReader, limit: usize) -> io::Result<Self> {
        let mut counters = Counters::default();
        archive.objects(ObjectKind::Post, &mut |key, object| {
            match key {
                Key::Id(id) if !object.found_by.is_empty() => {
                    counters.add(id, &serde_json::from_str(&object.json).unwrap_or_default());
                }
                _ => counters.referenced_posts += 1,
            }
            Ok(())
        })?;
        let Counters { posts, referenced_posts, hours, languages, authors, hashtags, domains } = counters;
        let [languages, hashtags, domains] = [languages, hashtags, domains].map(|tally| tally.top(limit));
        let mut summary = Self {
            posts,
            referenced_posts,
            hours,
            languages,
            hashtags,
            domains,
            sources: archive.source_states()?,
            ..Self::default()
        };
        summary.name_authors(archive, authors.top(limit))?;
        archive.notes(NoteKind::Gap, &mut |gap| {
            summary.gap_count += 1;
            if summary.gaps.len() < MAX_GAPS {
                summary.gaps.push(gap);
            }
            Ok(())
        })?;
        Ok(summary)
    }

    /// Replaces the IDs of authors by their usernames, and counts the users.
    fn name_authors(&mut self, archive: &dyn ArchiveReader, authors: Vec<(i64, u64)>) -> io::Result<()> {
        let mut names: BTreeMap<i64, String> = authors.iter().map(|(id, _)| (*id, id.to_string())).collect();
        archive.objects(ObjectKind::User, &mut |key, object| {
            self.users += 1;
            if let Key::Id(id) = key
                && let Some(name) = names.get_mut(&id)
                && let Ok(user) = serde_json::from_str::<User<'_>>(&object.json)
                && let Some(username) = str_of(&user.username)
            {
                *name = format!("@{username}");
            }
            Ok(())
        })?;
        self.authors = authors.into_iter().map(|(id, posts)| (names.remove(&id).unwrap_or_default(), posts)).collect();
        Ok(())
    }
}

/// Numbers of different values. If there are too many, the rarest are forgotten.
struct Tally<T>(BTreeMap<T, u64>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Tally<T> {
    fn add<Q>(&mut self, value: &Q)
    where
        Q: ?Sized + Ord + ToOwned<Owned = T>,
        T: Borrow<Q>,
    {
        if let Some(number) = self.0.get_mut(value) {
            *number += 1;
            return;
        }
        let mut rare = 1;
        while self.0.len() >= MAX_VALUES {
            self.0.retain(|_, number| *number > rare);
            rare *= 2;
        }
        self.0.insert(value.to_owned(), 1);
    }

    /// Returns the values with the largest numbers.
    fn top(self, limit: usize) -> Vec<(T, u64)> {
        let mut all: Vec<(T, u64)> = self.0.into_iter().collect();
        // A sort that is stable keeps equal numbers in the order of the values.
        all.sort_by_key(|(_, number)| Reverse(*number));
        all.truncate(limit);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_of_too_many_values_are_forgotten() {
        let mut tally = Tally::<i64>::default();
        (0..3).for_each(|_| tally.add(&-1));
        (0..MAX_VALUES as i64 + 5).for_each(|value| tally.add(&value));
        assert!(tally.0.len() <= MAX_VALUES);
        assert_eq!(tally.top(1), [(-1, 3)]);
    }
}
