//! Generation of the users and posts of a new world. The same plan generates the same world.

mod dice;
mod documents;
mod media;
mod people;
mod places;
mod special_posts;
mod template;
mod texts;
mod writer;

use std::collections::HashSet;

use chirrup_model::Timestamp;

use self::dice::Dice;
use self::media::unposted_media;
#[cfg(feature = "import")]
pub(crate) use self::people::DEFAULT_USER_ID;
pub(crate) use self::people::ROBIN;
use self::people::{profile, user_id};
use self::special_posts::SpecialPosts;
use self::writer::{Draft, Writer};
use crate::world::{NewPost, UserRow, World};

type Sql<T> = rusqlite::Result<T>;

/// Size, seed and end of a world to generate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    pub(crate) users: usize,
    pub(crate) posts: usize,
    pub(crate) seed: u64,
    /// Time of the newest post, in milliseconds.
    pub(crate) until: i64,
}

const DAY: i64 = 86_400_000;
/// Time from the oldest to the newest post, in milliseconds.
const SPAN: i64 = 9 * DAY;
/// Minimum age of an account at the first post, in days.
const NEWEST_ACCOUNT: usize = 30;
/// Time at which `robin` joined, in milliseconds: earlier than post 20.
const ROBIN_JOINED: i64 = 1_142_974_214_000;

/// One of this many users has a protected account.
const PROTECTED: usize = 32;

/// Fills an empty world.
pub(crate) fn grow(world: &mut World, plan: Plan) -> Sql<()> {
    world.change_in_bulk(|world| {
        let mut dice = Dice(plan.seed);
        let users = users(world, &mut dice, plan)?;
        follows(world, &mut dice, users.len());
        places::grow(world)?;
        posts(world, &mut dice, plan, &users)?;
        unposted_media(world, users[0])?;
        if users.len() > 3 {
            documents::grow(world, &users, plan.until)?;
        }
        Ok(())
    })
}

/// The first user is `ada`, to whom the sandbox's own credentials belong; the second is `robin`, with the ID 12.
fn users(world: &mut World, dice: &mut Dice, plan: Plan) -> Sql<Vec<u64>> {
    let mut ids = Vec::new();
    let mut taken = HashSet::new();
    for place in 0..plan.users.max(2) {
        let id = user_id(place);
        let profile = profile(place, &mut taken, dice);
        let url = if dice.chance(30) { format!("https://example.com/~{}", profile.username) } else { String::new() };
        let joined = plan.until - SPAN - (dice.below(4_000) + NEWEST_ACCOUNT) as i64 * DAY;
        let joined = if id == ROBIN { ROBIN_JOINED } else { joined };
        let (verified, protected) = (dice.chance(15), place % PROTECTED == PROTECTED / 2);
        if !url.is_empty() {
            world.add_link(&url)?;
        }
        let mut user = UserRow::new(id, profile.username, profile.name, joined);
        (user.description, user.location, user.url) = (profile.description, profile.location.to_owned(), url);
        (user.verified, user.protected) = (verified, protected);
        world.add_user(user)?;
        ids.push(id);
    }
    Ok(ids)
}

fn follows(world: &World, dice: &mut Dice, users: usize) {
    let mut follows = Vec::new();
    for follower in 0..users {
        for _ in 0..8 + dice.below(30) {
            let followed = dice.skewed(users);
            if followed != follower {
                follows.push((follower, followed));
            }
        }
    }
    world.add_follows(follows.into_iter());
}

fn posts(world: &mut World, dice: &mut Dice, plan: Plan, users: &[u64]) -> Sql<()> {
    let first = NewPost {
        author: ROBIN,
        text: "first light, first song, first post".to_owned(),
        lang: "en".into(),
        source: "Chirrup sandbox".into(),
        ..NewPost::default()
    };
    world.write_post_with_id(first, 20)?;
    let mut writer = Writer::default();
    let mut liked = Vec::new();
    let step = SPAN / plan.posts.max(1) as i64;
    let mut special = SpecialPosts::new(plan.posts);
    for n in 0..plan.posts - special.additional() {
        let at = plan.until - SPAN + step * n as i64 + dice.below(usize::try_from(step.max(1)).unwrap_or(1)) as i64;
        let now = Timestamp::from_millis(at);
        let Draft { mut post, origin } = writer.draft(world, dice, users, now)?;
        special.change(world, n, &mut post, now)?;
        let row = world.write_post(post, now)?;
        special.written(world, &row)?;
        if row.repost_of.is_none() {
            let likers = dice.skewed(users.len().min(120)) / 3;
            liked.push((row.id, likers));
        }
        // No other user can repost or quote a post of a protected account.
        if !world.is_protected(row.author)? {
            writer.remember(&row, origin);
        }
    }
    world.add_likes(&liked, &mut || dice.below(users.len()));
    Ok(())
}

/// A new post of one of the users. `random` is the state of the random numbers.
pub(crate) fn new_post(world: &mut World, random: &mut u64, now: Timestamp) -> Sql<NewPost> {
    let mut dice = Dice(*random);
    let author = world.nth_user(|count| dice.skewed(count)).unwrap_or(ROBIN);
    let draft = Writer::default().original(world, &mut dice, author, now);
    *random = dice.0;
    Ok(draft?.post)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chirrup_model::Timestamp;

    use super::{Plan, grow};
    use crate::world::World;

    const UNTIL: i64 = 1_780_000_000_000;

    fn world(users: usize, posts: usize, seed: u64) -> World {
        let mut world = World::in_memory().expect("tables");
        grow(&mut world, Plan { users, posts, seed, until: UNTIL }).expect("a world");
        world
    }

    /// The sentences of a text, without mentions, tags and links.
    fn sentences(text: &str) -> Vec<String> {
        let text = text.trim_start_matches("RT ");
        let words = text.split_whitespace().filter(|word| !word.starts_with(['@', '#']) && !word.contains("://"));
        let text = words.collect::<Vec<_>>().join(" ");
        text.split_inclusive(['.', '?', '!', '。']).map(|part| part.trim().to_owned()).collect()
    }

    /// Number of sentences among the first results of a search that an earlier result has, too.
    fn repeated(world: &World, query: &str, results: usize) -> usize {
        let parsed = chirrup_query::parse(query).expect("a query");
        let found = world.search(&parsed, 0, i64::MAX as u64, results).expect("found").posts;
        assert_eq!(found.len(), results, "{query}");
        let mut known = HashSet::new();
        found.iter().flat_map(|post| sentences(&post.text)).filter(|sentence| !known.insert(sentence.clone())).count()
    }

    #[test]
    fn the_results_of_a_search_seldom_repeat_a_sentence() {
        for seed in [1, 7] {
            let (usual, small) = (world(300, 10_000, seed), world(60, 1_500, seed));
            for query in ["rust lang:en -is:reply", "rust", "morning", "data", "good"] {
                assert_eq!(repeated(&usual, query, 100), 0, "{query}");
                assert_eq!(repeated(&small, query, 20), 0, "{query}");
            }
            for query in ["coffee", "bird OR heron OR wren", "#rustlang", "really OR again", "#garten", "本 OR #読書"]
            {
                assert_eq!(repeated(&usual, query, 20), 0, "{query}");
                let repeated = repeated(&usual, query, 100);
                assert!(repeated < 12, "{query}: {repeated}");
            }
        }
    }

    #[test]
    fn usernames_are_valid_and_most_have_no_digit() {
        let world = world(2_000, 10, 1);
        let names = world.usernames(10_000);
        assert_eq!(names.len(), 2_000);
        assert!(names.iter().all(|name| chirrup_text::is_valid_username(&format!("@{name}"))), "{names:?}");
        assert!(names.iter().take(300).filter(|name| name.contains(|c: char| c.is_ascii_digit())).count() < 60);
    }

    #[test]
    fn no_user_posts_before_joining() {
        let world = world(300, 2_000, 1);
        let posts = world.posts_between(21, i64::MAX as u64);
        assert_eq!(posts.len(), 2_000);
        for post in posts {
            let author = world.user_row(post.author).expect("an author");
            assert!(Timestamp::from_snowflake(post.id).as_millis() >= author.created, "{post:?}");
        }
    }

    /// Number of posts that typical searches examine in a world of this many posts.
    fn steps(posts: usize) -> usize {
        let world = world(50, posts, 3);
        let queries =
            ["rust", "#rustlang lang:en", "from:robin has:hashtags", "good OR read OR data", "\"this morning\" -cat"];
        let steps = |query| world.examined_for(&chirrup_query::parse(query).expect("a query"), 10);
        queries.map(steps).iter().sum()
    }

    #[test]
    fn requests_scale_to_a_world_ten_times_as_large() {
        let (small, large) = (steps(1_000), steps(10_000));
        assert!(large < small * 2, "{small} steps with 1,000 posts, {large} with 10,000");
    }
}
