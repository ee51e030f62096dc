//! Writes the posts of the demo world: originals, polls, replies, quotes and reposts.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::hash::BuildHasher as _;

use chirrup_model::Timestamp;
use foldhash::fast::FixedState;
use foldhash::{HashMap, HashSet};

use super::dice::Dice;
use super::media::media;
use super::people::Persona;
use super::places::PLACES;
use super::template::Template;
use super::texts::{Kind, Topic, texts};
use crate::world::{NewPost, PostRow, World, repost_text};

/// Number of the latest posts that replies and quotes refer to, so that threads grow deep.
const REPLIED: usize = 60;
/// Number of posts between a post and its repost, and between two reposts of it. A page of results then seldom has both.
const REPOST_DISTANCE: usize = 1_500;
const REMEMBERED: usize = 4_000;
/// Number of sentences of a topic, or of a language, within which no sentence appears twice.
const DISTINCT: usize = 450;
/// Number of attempts to find a text with a new sentence.
const ATTEMPTS: usize = 40;
/// Memory for a text while it is drawn, in bytes. A longer text gets more.
const TEXT_CAPACITY: usize = 256;
/// Depth at which a thread ends.
const DEEPEST: usize = 4;

/// A post that others can react to.
#[derive(Debug)]
struct Recent {
    id: u64,
    author: u64,
    /// Number of this post among all that were written.
    number: usize,
    reposted: Option<usize>,
    topic: usize,
    subject: Option<&'static str>,
    /// Replies that fit this post alone.
    replies: &'static [Template],
    depth: usize,
    /// Author of the post that this one replies to.
    answered: Option<u64>,
}

/// A new post with its origin.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) post: NewPost,
    pub(super) origin: Origin,
}

/// What reactions to a post need to know.
#[derive(Debug)]
pub(super) struct Origin {
    topic: usize,
    subject: Option<&'static str>,
    replies: &'static [Template],
    depth: usize,
    answered: Option<u64>,
}

/// Where a template stands: with its topic, or with its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    Topic(usize),
    Language(usize),
}

/// Writes texts and remembers them, so that none is repeated soon.
#[derive(Debug, Default)]
pub(super) struct Writer {
    recent: VecDeque<Recent>,
    written: usize,
    /// Hashes of the latest sentences of each topic or language.
    sentences: HashMap<Source, (VecDeque<u64>, HashSet<u64>)>,
    /// Templates of each source and kind, the one drawn last at the end.
    decks: HashMap<(Source, Kind), VecDeque<&'static Template>>,
}

impl Writer {
    /// Drafts any kind of post of one of these users.
    pub(super) fn draft(
        &mut self,
        world: &mut World,
        dice: &mut Dice,
        users: &[u64],
        now: Timestamp,
    ) -> rusqlite::Result<Draft> {
        let reaction = match dice.below(100) {
            0..=21 => self.reply(world, dice, users)?,
            22..=27 => self.quote(dice, users),
            28..=35 => self.repost(world, dice, users)?,
            _ => None,
        };
        match reaction {
            Some(draft) => Ok(draft),
            None => {
                let author = users[dice.skewed(users.len())];
                self.original(world, dice, author, now)
            }
        }
    }

    /// Remembers the post that was written from a draft, for later reactions.
    pub(super) fn remember(&mut self, row: &PostRow, origin: Origin) {
        self.written += 1;
        if row.repost_of.is_some() {
            return;
        }
        let Origin { topic, subject, replies, depth, answered } = origin;
        let (id, author, number) = (row.id, row.author, self.written);
        let recent = Recent { id, author, number, reposted: None, topic, subject, replies, depth, answered };
        self.recent.push_back(recent);
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
    }

    /// Drafts a post that begins a thread.
    pub(super) fn original(
        &mut self,
        world: &mut World,
        dice: &mut Dice,
        author: u64,
        now: Timestamp,
    ) -> rusqlite::Result<Draft> {
        let persona = Persona::of(author);
        let index = persona.topic(dice);
        let topic = &texts().topics[index];
        let attachment = dice.below(100);
        let kind = match attachment {
            10..=12 => Kind::Poll,
            _ if dice.chance(22) => Kind::Ask,
            _ => Kind::Post,
        };
        let mut subject = None;
        let fresh = self.text(index, kind, &mut subject, dice);
        let fresh = match kind {
            Kind::Ask => fresh.or_else(|| self.text(index, Kind::Post, &mut subject, dice)),
            _ => fresh,
        };
        let (mut text, mut replies) = fresh.unwrap_or_else(|| {
            let mut text = String::new();
            let replies = self.draw(&mut text, index, kind, &mut subject, dice);
            (text, replies)
        });
        let mut post = NewPost { author, lang: lang(topic), source: client(dice), ..NewPost::default() };
        match attachment {
            0..=9 => {
                let alt = alt(topic, subject, dice);
                post.media = vec![media(world, dice, author, alt, now)?];
            }
            10..=12 => {
                let mut parts = text.split(" | ").map(str::to_owned);
                let question = parts.next().unwrap_or_default();
                let options: Vec<(String, u64)> = parts.map(|label| (label, dice.below(200) as u64)).collect();
                post.poll = Some(world.add_poll(&options, 1_440, now)?);
                (text, replies) = (question, &[]);
            }
            13..=19 => {
                let name = dice.pick(texts().languages[topic.language].words.all("geo"));
                post.place = PLACES.iter().find(|place| place.name == name).map(|place| place.id.to_owned());
            }
            _ if kind == Kind::Post && dice.chance(30) => {
                if let Some((more, _)) = self.text(index, Kind::More, &mut subject, dice) {
                    text.push(' ');
                    text.push_str(&more);
                }
            }
            _ => {}
        }
        if dice.chance(45) {
            text.push_str(" #");
            text.push_str(topic.tag);
        }
        if dice.chance(12) {
            text.push_str(" https://example.com/");
            text.push_str(dice.pick(topic.words.all("link")));
        }
        post.text = text;
        Ok(Draft { post, origin: Origin { topic: index, subject, replies, depth: 0, answered: None } })
    }

    fn reply(&mut self, world: &World, dice: &mut Dice, users: &[u64]) -> rusqlite::Result<Option<Draft>> {
        let found = (0..10).find_map(|_| {
            let place = self.latest(dice)?;
            let depth = self.recent[place].depth;
            (depth == 0 || (depth < DEEPEST && dice.chance(40))).then_some(place)
        });
        let Some(parent) = found else { return Ok(None) };
        let parent = &self.recent[parent];
        let (id, topic, depth, mut subject, replies) =
            (parent.id, parent.topic, parent.depth, parent.subject, parent.replies);
        let author = match parent.answered {
            // The author of the post above answers, so that a thread is a conversation of two.
            Some(author) => Some(author),
            None => author_for(topic, parent.author, users, dice),
        };
        let (Some(author), Some(name)) = (author, world.username(parent.author)?) else { return Ok(None) };
        let answered = Some(parent.author);
        let text = match depth {
            0 => {
                let mut own =
                    replies.iter().map(|template| texts().fill(&texts().topics[topic], template, &mut subject, dice));
                match own.find(|text| self.is_fresh(Source::Topic(topic), text)) {
                    Some(text) => Some(text),
                    None => self.text(topic, Kind::Reply, &mut subject, dice).map(|(text, _)| text),
                }
            }
            _ => self.text(topic, Kind::Back, &mut subject, dice).map(|(text, _)| text),
        };
        let Some(text) = text else { return Ok(None) };
        self.note(Source::Topic(topic), &text);
        let post = NewPost {
            author,
            text: format!("@{name} {text}"),
            lang: lang(&texts().topics[topic]),
            source: client(dice),
            reply_to: Some(id),
            ..NewPost::default()
        };
        Ok(Some(Draft { post, origin: Origin { topic, subject, replies: &[], depth: depth + 1, answered } }))
    }

    fn quote(&mut self, dice: &mut Dice, users: &[u64]) -> Option<Draft> {
        let place = (0..10).filter_map(|_| self.latest(dice)).find(|place| self.recent[*place].depth == 0)?;
        let quoted = &self.recent[place];
        let (id, topic, mut subject) = (quoted.id, quoted.topic, quoted.subject);
        let author = author_for(topic, quoted.author, users, dice)?;
        let (text, _) = self.text(topic, Kind::Quote, &mut subject, dice)?;
        let lang = lang(&texts().topics[topic]);
        let post = NewPost { author, text, lang, source: client(dice), quote_of: Some(id), ..NewPost::default() };
        Some(Draft { post, origin: Origin { topic, subject, replies: &[], depth: 0, answered: None } })
    }

    fn repost(&mut self, world: &World, dice: &mut Dice, users: &[u64]) -> rusqlite::Result<Option<Draft>> {
        // A small world has only the older half of its posts for this.
        let distance = REPOST_DISTANCE.min(self.written / 2);
        let due = |then: usize| self.written >= then + distance;
        let place = (0..20).map(|_| dice.below(self.recent.len())).find(|place| {
            self.recent.get(*place).is_some_and(|post| due(post.reposted.unwrap_or(post.number)) && post.depth == 0)
        });
        let Some(original) = place.and_then(|place| self.recent.get_mut(place)) else { return Ok(None) };
        let Some(author) = author_for(original.topic, original.author, users, dice) else { return Ok(None) };
        original.reposted = Some(self.written);
        let name = world.username(original.author)?.unwrap_or_default();
        let reposted = world.post(original.id)?;
        let post = NewPost {
            author,
            text: repost_text(&name, reposted.as_ref().map_or("", |post| &post.text)),
            lang: lang(&texts().topics[original.topic]),
            source: client(dice),
            repost_of: Some(original.id),
            ..NewPost::default()
        };
        let (topic, subject) = (original.topic, original.subject);
        Ok(Some(Draft { post, origin: Origin { topic, subject, replies: &[], depth: 0, answered: None } }))
    }

    /// The place of one of the latest posts.
    fn latest(&self, dice: &mut Dice) -> Option<usize> {
        let back = dice.skewed(self.recent.len().min(REPLIED));
        self.recent.len().checked_sub(1 + back)
    }

    /// A text of this kind without a sentence that was used lately, and the replies that fit it alone.
    fn text(
        &mut self,
        topic: usize,
        kind: Kind,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> Option<(String, &'static [Template])> {
        let mut text = String::with_capacity(TEXT_CAPACITY);
        for _ in 0..ATTEMPTS {
            let mut drawn = *subject;
            let replies = self.draw(&mut text, topic, kind, &mut drawn, dice);
            // A reaction knows no other subject than that of its post.
            if matches!(kind, Kind::Reply | Kind::Back | Kind::Quote) && drawn != *subject {
                continue;
            }
            // A later sentence that is not new is left out.
            let source = source_of(topic, kind);
            let fresh: usize = sentences(&text).take_while(|part| !self.knows(source, part)).map(str::len).sum();
            if fresh > 0 {
                if kind != Kind::Poll {
                    text.truncate(fresh);
                    text.truncate(text.trim_end().len());
                }
                self.note(source, &text);
                *subject = drawn;
                return Some((text, replies));
            }
        }
        None
    }

    /// Replaces a text by any one of this kind, and returns the replies that fit it alone. At least half of the templates are
    /// used before one is used again.
    fn draw(
        &mut self,
        text: &mut String,
        topic: usize,
        kind: Kind,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> &'static [Template] {
        let Topic { language, words, .. } = &texts().topics[topic];
        let source = source_of(topic, kind);
        let deck = self.decks.entry((source, kind)).or_default();
        if deck.is_empty() {
            let words = if matches!(source, Source::Topic(_)) { words } else { &texts().languages[*language].words };
            deck.extend(words.templates(kind));
        }
        let Some(template) = deck.remove(dice.below(deck.len() / 2)) else { return &[] };
        deck.push_back(template);
        texts().replace(text, &texts().topics[topic], template, subject, dice);
        template.replies()
    }

    fn is_fresh(&self, source: Source, text: &str) -> bool {
        sentences(text).all(|sentence| !self.knows(source, sentence))
    }

    fn knows(&self, source: Source, sentence: &str) -> bool {
        self.sentences.get(&source).is_some_and(|(_, known)| known.contains(&hash(sentence)))
    }

    fn note(&mut self, source: Source, text: &str) {
        let (latest, known) = self.sentences.entry(source).or_default();
        for sentence in sentences(text).map(hash) {
            if known.insert(sentence) {
                latest.push_back(sentence);
            }
        }
        while latest.len() > DISTINCT {
            if let Some(oldest) = latest.pop_front() {
                known.remove(&oldest);
            }
        }
    }
}

fn source_of(topic: usize, kind: Kind) -> Source {
    if kind == Kind::Back { Source::Language(texts().topics[topic].language) } else { Source::Topic(topic) }
}

/// The sentences of a text, with the space that follows each.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (sentence, after) = rest.split_at(sentence_length(rest));
        rest = after;
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// Length of the first sentence of a text, in bytes.
fn sentence_length(text: &str) -> usize {
    const FULL_STOP: char = '。';
    let text = text.find(FULL_STOP).map_or(text, |at| &text[..at + FULL_STOP.len_utf8()]).as_bytes();
    let mut lengths = memchr::memchr3_iter(b'?', b'!', b'.', text).filter_map(|at| match text[at] {
        b'.' => text[at + 1..].starts_with(b" ").then_some(at + 2),
        _ => Some(at + 1),
    });
    lengths.next().unwrap_or(text.len())
}

fn hash(sentence: &str) -> u64 {
    FixedState::default().hash_one(sentence.trim())
}

/// Someone else who speaks the language of a topic.
fn author_for(topic: usize, other: u64, users: &[u64], dice: &mut Dice) -> Option<u64> {
    let language = texts().topics[topic].language;
    let drawn = (0..60).map(|_| users[dice.skewed(users.len())]);
    let mut fitting = drawn.filter(|user| *user != other && Persona::of(*user).language == language);
    fitting.next()
}

fn lang(topic: &Topic) -> Cow<'static, str> {
    texts().languages[topic.language].code.into()
}

/// Name of the client in the `source` field.
fn client(dice: &mut Dice) -> Cow<'static, str> {
    dice.pick(&["Chirrup for Web", "Chirrup for Android", "Chirrup for iPhone"]).into()
}

/// Alternative text of an image that goes with a post.
fn alt(topic: &Topic, mut subject: Option<&'static str>, dice: &mut Dice) -> String {
    let template = dice.choose(topic.words.templates(Kind::Alt));
    template.map(|template| texts().fill(topic, template, &mut subject, dice)).unwrap_or_default()
}
