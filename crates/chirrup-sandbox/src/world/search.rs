//! Search: posts under words, hashtags, authors and traits.
//!
//! Posts enter the index when it is used for the first time after they were written, and the posts of a large world when a
//! search reaches them, so that worlds without searches do not pay for it. Sandboxes with a copy of the same world share the
//! blocks of its posts, and have an index of their own for the rest.

use std::cell::Cell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLockReadGuard};

use chirrup_query::{MatchMode, Query, SearchablePost, for_each_count_key, matches};
use chirrup_text::EntityKind;

use super::post_index::{BLOCK, Block, IndexedPosts, PostIndex};
use super::rows::{Place, PostCounts, PostRow};
use super::store::World;

/// Maximum number of posts that are matched against the query for one page. A page with fewer results than asked for can
/// have a next page.
const MAX_CANDIDATES: usize = 5_000;

/// A page of search results.
#[derive(Debug, Default)]
pub(crate) struct SearchPage {
    /// Matching posts, the newest first.
    pub(crate) posts: Vec<Arc<PostRow>>,
    /// The next page has the posts below this ID.
    pub(crate) next_below: Option<u64>,
}

/// Ascending list of places that is asked for descending ones. It forgets what lies above the last of them, so that each
/// search begins near its result.
struct Cursor<'i>(Cell<&'i [Place]>);

impl<'i> Cursor<'i> {
    fn new(list: &'i [Place]) -> Self {
        Self(Cell::new(list))
    }

    /// Whether the list has a place, which must not be above the one before.
    fn has(&self, place: Place) -> bool {
        let list = self.0.get();
        let (mut end, mut step) = (list.len(), 1);
        while end.checked_sub(step).and_then(|at| list.get(at)).is_some_and(|at| *at > place) {
            end -= step;
            step *= 2;
        }
        let start = end.saturating_sub(step);
        let near = list.get(start..end).unwrap_or_default();
        let rest = list.get(..start + near.partition_point(|at| *at <= place)).unwrap_or_default();
        self.0.set(rest);
        rest.last() == Some(&place)
    }
}

/// Condition on posts that the index decides without reading them. It is asked for descending places.
enum Decision<'i> {
    /// The post is in one of these lists.
    In([Cursor<'i>; 2]),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl<'i> Decision<'i> {
    /// Returns the condition of a query, or `None` if the index does not decide it.
    fn of(query: &Query, under: &dyn Fn(&str) -> [&'i [Place]; 2]) -> Option<Self> {
        let all = |parts: &[Query]| parts.iter().map(|part| Self::of(part, under)).collect::<Option<Vec<_>>>();
        Some(match query {
            Query::Term(operator) => Self::In(under(&operator.exact_key()?).map(Cursor::new)),
            Query::Not(inner) => Self::Not(Box::new(Self::of(inner, under)?)),
            Query::And(parts) => Self::All(all(parts)?),
            Query::Or(parts) => Self::Any(all(parts)?),
        })
    }

    fn holds(&self, place: Place) -> bool {
        match self {
            Self::In(lists) => lists.iter().any(|list| list.has(place)),
            Self::Not(inner) => !inner.holds(place),
            Self::All(parts) => parts.iter().all(|part| part.holds(place)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(place)),
        }
    }
}

/// Merges ascending lists of places into a descending one without duplicates.
struct Merged<'i>(Vec<&'i [Place]>);

impl Iterator for Merged<'_> {
    type Item = Place;

    fn next(&mut self) -> Option<Place> {
        let greatest = self.0.iter().filter_map(|list| list.last()).max().copied()?;
        for list in &mut self.0 {
            if let Some((last, rest)) = list.split_last()
                && *last == greatest
            {
                *list = rest;
            }
        }
        Some(greatest)
    }
}

/// Part of an ascending list of places within a range.
fn within<'l>(list: &'l [Place], range: &Range<Place>) -> &'l [Place] {
    let start = list.partition_point(|place| *place < range.start);
    let end = list.partition_point(|place| *place < range.end);
    list.get(start..end).unwrap_or_default()
}

/// Calls `visit` with those of these places whose posts can match the query, the last first. Returns `false` if `visit` did.
fn visit_places(
    query: &Query,
    places: Range<Place>,
    indexes: [Option<&PostIndex>; 2],
    visit: &mut dyn FnMut(Place, Option<bool>) -> bool,
) -> bool {
    let under = |term: &str| indexes.map(|index| index.map_or(&[][..], |index| index.under(term)));
    let decision = Decision::of(query, &under);
    let mut visit = |place| visit(place, decision.as_ref().map(|decision| decision.holds(place)));
    match query.required_keys(&|term| under(term).iter().map(|list| list.len()).sum()) {
        Some(terms) => {
            let lists = terms.iter().flat_map(|term| under(term)).map(|list| within(list, &places));
            Merged(lists.collect()).all(&mut visit)
        }
        None => places.rev().all(&mut visit),
    }
}

impl World {
    /// Returns the most frequent hashtags and the number of posts with each.
    pub(crate) fn top_hashtags(&self, limit: usize) -> rusqlite::Result<Vec<(String, u64)>> {
        let indexed = self.indexed_posts();
        let graph = self.graph();
        let mut counts: HashMap<&str, u64> = HashMap::new();
        let blocks = indexed.blocks.iter().map(|block| self.index_of_block(block));
        for index in blocks.chain([&indexed.newest]) {
            for (term, places) in &index.terms {
                if let Some(tag) = term.strip_prefix('#') {
                    let posts =
                        places.as_slice().iter().filter(|place| graph.public_post_at(**place).is_some()).count();
                    *counts.entry(tag).or_default() += posts as u64;
                }
            }
        }
        let mut tags: Vec<(String, u64)> =
            counts.into_iter().filter(|(_, count)| *count > 0).map(|(tag, count)| (tag.to_owned(), count)).collect();
        tags.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
        tags.truncate(limit);
        Ok(tags)
    }

    /// Number of posts, including deleted ones.
    pub(super) fn place_count(&self) -> Place {
        self.graph().post_count() as Place
    }

    /// Returns the indexed posts, after adding the new ones.
    fn indexed_posts(&self) -> RwLockReadGuard<'_, IndexedPosts> {
        let indexed = || self.index.posts.read().unwrap_or_else(PoisonError::into_inner);
        let count = self.place_count();
        if indexed().next < count {
            let indexed = &mut *self.index.posts.write().unwrap_or_else(PoisonError::into_inner);
            let new = indexed.next..count;
            if indexed.next == indexed.end_of_blocks() && new.len() >= BLOCK as usize {
                indexed.blocks.extend(Block::divide(new, None));
            } else {
                new.for_each(|place| self.add_to_index(&mut indexed.newest, place));
            }
            indexed.next = indexed.next.max(count);
        }
        indexed()
    }

    /// Indexes the posts at these places.
    pub(super) fn index_of_posts(&self, places: Range<Place>) -> PostIndex {
        let mut index = PostIndex::default();
        places.for_each(|place| self.add_to_index(&mut index, place));
        index
    }

    fn index_of_block<'b>(&self, block: &'b Block) -> &'b PostIndex {
        block.index(|places| self.index_of_posts(places))
    }

    fn add_to_index(&self, index: &mut PostIndex, place: Place) {
        let Some(row) = self.graph().post_at(place).cloned() else { return };
        let post = self.indexed(&row);
        post.for_each_index_key(MatchMode::Search, &mut |key| index.add(key, place));
        for name in &post.mentions {
            if let Ok(Some(user)) = self.user_id(name) {
                index.add_mention(user, place);
            }
        }
    }

    /// Updates the index after a count has grown. A count that shrank may leave the post under too many terms, which is
    /// harmless: the query itself decides.
    pub(super) fn reindex_counts(&self, post: u64) {
        let Some((place, counts)) = ({
            let graph = self.graph();
            graph.post_place(post).and_then(|place| Some((place, graph.post_at(place)?.counts)))
        }) else {
            return;
        };
        let mut indexed = self.index.posts.write().unwrap_or_else(PoisonError::into_inner);
        if place < indexed.next {
            let PostCounts { likes, replies, reposts, .. } = counts;
            for_each_count_key(likes, replies, reposts, &mut |key| indexed.newest.add(key, place));
        }
    }

    /// Indexes all posts, before the name of a user changes: mentions and links go to the user who had the name.
    pub(super) fn index_names(&self) {
        for block in &self.indexed_posts().blocks {
            self.index_of_block(block);
        }
        drop(self.link_index());
    }

    /// Returns the post that mentions a user and comes next after an ID, up or down.
    pub(super) fn next_mention(&self, user: u64, ascending: bool, at: u64) -> Option<u64> {
        let indexed = self.indexed_posts();
        let next_in = |places: &[Place]| self.graph().next_in(places, ascending, at);
        let in_block = |block: &Arc<Block>| next_in(self.index_of_block(block).mentioning(user));
        let in_newest = || next_in(indexed.newest.mentioning(user));
        if ascending {
            return indexed.blocks.iter().find_map(in_block).or_else(in_newest);
        }
        in_newest().or_else(|| indexed.blocks.iter().rev().find_map(in_block))
    }

    /// Calls `visit` with the places of the posts in `from..below` that can match the query, the newest first, until it returns
    /// `false`. Its second argument is whether the post matches, if the index decides it.
    fn visit_candidates(
        &self,
        query: &Query,
        from: u64,
        below: u64,
        visit: &mut dyn FnMut(Place, Option<bool>) -> bool,
    ) {
        let indexed = self.indexed_posts();
        let (from, below) = {
            let graph = self.graph();
            (graph.first_place_from(from), graph.first_place_from(below))
        };
        let newest = (indexed.end_of_blocks()..indexed.next, None);
        let blocks = indexed.blocks.iter().rev().map(|block| (block.places.clone(), Some(block)));
        for (places, block) in std::iter::once(newest).chain(blocks) {
            let places = from.max(places.start)..below.min(places.end);
            if places.is_empty() {
                continue;
            }
            let indexes = [block.map(|block| self.index_of_block(block)), Some(&indexed.newest)];
            if !visit_places(query, places, indexes, visit) {
                break;
            }
        }
    }

    /// Returns up to `count` matching posts with IDs in `from..below`, the newest first.
    pub(crate) fn search(&self, query: &Query, from: u64, below: u64, count: usize) -> rusqlite::Result<SearchPage> {
        let mut page = SearchPage::default();
        let mut examined = 0;
        self.visit_candidates(query, from, below, &mut |place, matching| {
            if matching == Some(false) {
                return true;
            }
            let found = self.graph().public_post_at(place).cloned();
            let Some(post) = found else { return true };
            if page.posts.len() == count || examined == MAX_CANDIDATES {
                page.next_below = Some(post.id + 1);
                return false;
            }
            examined += usize::from(matching.is_none());
            if matching.unwrap_or_else(|| matches(query, &self.searchable(&post))) {
                page.posts.push(post);
            }
            true
        });
        Ok(page)
    }

    /// Number of posts that a search for this many results examines.
    #[cfg(test)]
    pub(crate) fn examined_for(&self, query: &Query, count: usize) -> usize {
        let found = self.search(query, 0, i64::MAX as u64, count).expect("found").posts;
        assert_eq!(found.len(), count, "{query:?}");
        let last = found.last().map_or(0, |post| post.id);
        let mut examined = 0;
        self.visit_candidates(query, last, i64::MAX as u64, &mut |_, _| {
            examined += 1;
            true
        });
        examined
    }

    /// Calls `count` with the ID of each matching post in `from..below`, the newest first.
    pub(crate) fn count_posts(&self, query: &Query, from: u64, below: u64, count: &mut dyn FnMut(u64)) {
        let mut graph = None;
        self.visit_candidates(query, from, below, &mut |place, matching| {
            match matching {
                Some(false) => {}
                Some(true) => {
                    let graph = graph.get_or_insert_with(|| self.graph());
                    if graph.public_post_at(place).is_some() {
                        count(graph.id_at(place));
                    }
                }
                None => {
                    let found = self.graph().public_post_at(place).cloned();
                    if let Some(post) = found.filter(|post| matches(query, &self.searchable(post))) {
                        count(post.id);
                    }
                }
            }
            true
        });
    }

    /// Returns what a search query or rule is matched against.
    pub(crate) fn searchable(&self, row: &PostRow) -> SearchablePost {
        let author = self.user_row(row.author).unwrap_or_default();
        let place = row.place.as_ref().and_then(|id| self.place(id).ok().flatten());
        let mut post = self.indexed(row);
        post.author_name.clone_from(&author.name);
        post.author_description.clone_from(&author.description);
        post.author_location.clone_from(&author.location);
        post.author_counts.followers = author.counts.followers;
        post.author_counts.following = author.counts.following;
        post.author_counts.posts = author.counts.posts;
        post.author_counts.listed = author.counts.listed();
        post.author_verified = author.verified;
        post.source = row.source.to_string();
        post.point = place.as_ref().and_then(|place| {
            let [west, south, east, north] = super::bounding_box(place)?;
            Some(((west + east) / 2.0, (south + north) / 2.0))
        });
        for annotation in super::context_annotations::context_annotations(post.hashtags.iter().map(String::as_str)) {
            post.contexts.push(annotation.ids());
            post.entities.push(annotation.entity_name.to_owned());
        }
        post.nullcast = row.extra.get("nullcast").is_some_and(|value| *value == true);
        post
    }

    /// Returns the part of a post that the index keys depend on.
    fn indexed(&self, row: &PostRow) -> SearchablePost {
        let named = |id: Option<u64>| Some((self.username(id?).ok()??, id?));
        let reposted = row.repost_of.and_then(|id| Some(self.graph().post(id)?.author));
        let found = chirrup_text::extract(&row.text);
        let of = |kind: EntityKind| found.iter().filter(move |e| e.kind == kind).map(|e| e.text.to_owned());
        let mut post = SearchablePost::new(&row.text);
        post.id = row.id;
        post.author_id = row.author;
        post.author_username = self.username(row.author).ok().flatten().unwrap_or_default();
        post.lang = row.lang.to_string();
        post.hashtags = of(EntityKind::Hashtag).collect();
        post.cashtags = of(EntityKind::Cashtag).collect();
        post.mentions = found.iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect();
        post.urls = of(EntityKind::Url).collect();
        post.conversation_id = row.conversation;
        post.reply_to = row.reply_to;
        post.reply_to_user = named(row.reply_to_user);
        post.quote_of = row.quote_of;
        post.repost_of = row.repost_of;
        post.repost_of_user = named(reposted);
        for kind in row.media.iter().filter_map(|id| self.media_kind(*id).ok().flatten()) {
            *(if kind == "photo" { &mut post.images } else { &mut post.videos }) = true;
        }
        post.place = row.place.as_ref().and_then(|id| self.place_names(id).ok().flatten());
        post.likes = row.counts.likes;
        post.replies = row.counts.replies;
        post.reposts = row.counts.reposts;
        post
    }

    /// Returns what a search query or rule is matched against.
    pub(crate) fn subject(&self, row: &PostRow) -> rusqlite::Result<SearchablePost> {
        Ok(self.searchable(row))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use chirrup_model::Timestamp;
    use chirrup_query::{Query, parse};

    use super::{Cursor, Place};
    use crate::world::{NewPost, PostList, PostRow, SharedWorld, UserRow, World};

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    fn world() -> World {
        let world = World::in_memory().expect("a world");
        for (id, name) in [(7, "ada"), (8, "grace")] {
            world.add_user(UserRow::new(id, name.to_owned(), name.to_owned(), 0)).expect("a user");
        }
        world
    }

    #[test]
    fn a_cursor_finds_descending_places() {
        let lists: [&[Place]; 5] = [&[], &[3], &[0, 1, 2, 3], &[1, 40, 41, 90, 91, 92, 99], &[0, 50, 100]];
        for list in lists {
            for step in [1, 2, 3, 7, 30] {
                let cursor = Cursor::new(list);
                for place in (0..=101).rev().step_by(step) {
                    assert_eq!(cursor.has(place), list.contains(&place), "{place} in {list:?}");
                    assert_eq!(cursor.has(place), list.contains(&place), "{place} in {list:?} again");
                }
            }
        }
    }

    fn write(world: &mut World) -> u64 {
        let new = NewPost { author: 7, text: "rust for @grace".to_owned(), ..NewPost::default() };
        world.write_post(new, NOW).expect("a post").id
    }

    /// Posts that a search, a count, mentions and the timeline of the author find.
    fn all(world: &World, query: &Query) -> [Vec<u64>; 4] {
        let end = i64::MAX as u64;
        let ids = |rows: Vec<Arc<PostRow>>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let mut counted = Vec::new();
        world.count_posts(query, 0, end, &mut |id| counted.push(id));
        [
            ids(world.search(query, 0, end, 1_000).expect("found").posts),
            counted,
            ids(world.posts_mentioning(8, 0, end, 1_000).expect("found")),
            ids(world.posts_by(&[7], 0, end, 1_000).expect("found")),
        ]
    }

    #[test]
    fn posts_are_found_whether_they_are_written_before_or_after_the_first_search() {
        // The second query is not decided by the index alone.
        for query in ["rust", "\"rust for\""].map(|text| parse(text).expect("a query")) {
            let mut original = world();
            let first = write(&mut original);
            let mut written = vec![write(&mut original), first];
            let mut world = SharedWorld::new(original).copy().expect("a copy");
            for _ in 0..3 {
                written.insert(0, write(&mut world));
                assert_eq!(world.next_post(PostList::Mentioning, 8, false, i64::MAX as u64), written.first().copied());
                written.insert(0, write(&mut world));
                assert!(all(&world, &query).iter().all(|found| *found == written), "{query:?}");
            }
        }
    }

    #[test]
    fn posts_that_are_written_during_searches_are_found() {
        let mut world = world();
        let query = parse("rust").expect("a query");
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for reader in [world.reader(), world.reader()].map(|reader| reader.expect("a reader")) {
                let (query, is_done) = (&query, &is_done);
                scope.spawn(move || {
                    while !is_done.load(Ordering::Relaxed) {
                        drop(all(&reader, query));
                    }
                });
            }
            let mut written = Vec::new();
            for _ in 0..200 {
                written.insert(0, write(&mut world));
                let found = all(&world, &query);
                assert!(found.iter().all(|found| *found == written), "{found:?}");
            }
            is_done.store(true, Ordering::Relaxed);
        });
    }
}
