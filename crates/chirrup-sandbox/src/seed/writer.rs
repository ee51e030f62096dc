//! Writes the posts of the demo world: originals, polls, replies, quotes and reposts.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chirrup_model::Timestamp;

use super::dice::Dice;
use super::media::media;
use super::people::Persona;
use super::places::PLACES;
use super::texts::{Topic, texts};
use crate::world::{NewPost, World, repost_text};

/// Number of the latest posts that replies and quotes refer to, so that threads grow deep.
const REPLIED: usize = 60;
/// Number of posts between a post and its repost, and between two reposts of it. A page of results then seldom has both.
const REPOST_DISTANCE: usize = 1_500;
const REMEMBERED: usize = 4_000;
/// Number of sentences of a topic, or of a language, within which no sentence appears twice.
const DISTINCT: usize = 400;
/// Number of attempts to find a text with a new sentence.
const ATTEMPTS: usize = 40;
/// Depth at which a thread ends.
const DEEPEST: usize = 4;

/// A post that others can react to.
#[derive(Debug)]
struct Recent {
    id: u64,
    author: u64,
    text: String,
    /// Number of this post among all that were written.
    number: usize,
    reposted: Option<usize>,
    topic: usize,
    subject: Option<&'static str>,
    /// Replies that fit this post alone.
    replies: &'static str,
    depth: usize,
    /// Author of the post that this one replies to.
    answered: Option<u64>,
}

/// A new post, and what reactions to it need to know.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) post: NewPost,
    topic: usize,
    subject: Option<&'static str>,
    replies: &'static str,
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
    decks: HashMap<(Source, &'static str), VecDeque<&'static str>>,
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

    /// Stores a draft under the ID of its post, for later reactions.
    pub(super) fn remember(&mut self, id: u64, draft: Draft) {
        self.written += 1;
        if draft.post.repost_of.is_some() {
            return;
        }
        let Draft { post, topic, subject, replies, depth, answered } = draft;
        let (author, text, number) = (post.author, post.text, self.written);
        let recent = Recent { id, author, text, number, reposted: None, topic, subject, replies, depth, answered };
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
            10..=12 => "poll",
            _ if dice.chance(22) => "ask",
            _ => "post",
        };
        let mut subject = None;
        let fresh = self.text(index, kind, &mut subject, dice);
        let fresh = if kind == "ask" { fresh.or_else(|| self.text(index, "post", &mut subject, dice)) } else { fresh };
        let (mut text, mut replies) = fresh.unwrap_or_else(|| self.draw(index, kind, &mut subject, dice));
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
                (text, replies) = (question, "");
            }
            13..=19 => {
                let name = dice.pick(texts().languages[topic.language].words.all("geo"));
                post.place = PLACES.iter().find(|place| place.name == name).map(|place| place.id.to_owned());
            }
            _ if kind == "post" && dice.chance(30) => {
                if let Some((more, _)) = self.text(index, "more", &mut subject, dice) {
                    text = format!("{text} {more}");
                }
            }
            _ => {}
        }
        if dice.chance(45) {
            text.push_str(&format!(" #{}", topic.tag));
        }
        if dice.chance(12) {
            text.push_str(&format!(" https://example.com/{}", dice.pick(topic.words.all("link"))));
        }
        post.text = text;
        Ok(Draft { post, topic: index, subject, replies, depth: 0, answered: None })
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
                let own = replies.split(" => ").filter(|template| !template.is_empty());
                let fresh = own.map(|template| texts().fill(&texts().topics[topic], template, &mut subject, dice));
                match fresh.into_iter().find(|text| self.is_fresh(Source::Topic(topic), text)) {
                    Some(text) => Some(text),
                    None => self.text(topic, "reply", &mut subject, dice).map(|(text, _)| text),
                }
            }
            _ => self.text(topic, "back", &mut subject, dice).map(|(text, _)| text),
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
        Ok(Some(Draft { post, topic, subject, replies: "", depth: depth + 1, answered }))
    }

    fn quote(&mut self, dice: &mut Dice, users: &[u64]) -> Option<Draft> {
        let place = (0..10).filter_map(|_| self.latest(dice)).find(|place| self.recent[*place].depth == 0)?;
        let quoted = &self.recent[place];
        let (id, topic, mut subject) = (quoted.id, quoted.topic, quoted.subject);
        let author = author_for(topic, quoted.author, users, dice)?;
        let (text, _) = self.text(topic, "quote", &mut subject, dice)?;
        let lang = lang(&texts().topics[topic]);
        let post = NewPost { author, text, lang, source: client(dice), quote_of: Some(id), ..NewPost::default() };
        Some(Draft { post, topic, subject, replies: "", depth: 0, answered: None })
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
        let post = NewPost {
            author,
            text: repost_text(&name, &original.text),
            lang: lang(&texts().topics[original.topic]),
            source: client(dice),
            repost_of: Some(original.id),
            ..NewPost::default()
        };
        let (topic, subject) = (original.topic, original.subject);
        Ok(Some(Draft { post, topic, subject, replies: "", depth: 0, answered: None }))
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
        kind: &'static str,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> Option<(String, &'static str)> {
        for _ in 0..ATTEMPTS {
            let mut drawn = *subject;
            let (mut text, replies) = self.draw(topic, kind, &mut drawn, dice);
            // A reaction knows no other subject than that of its post.
            if matches!(kind, "reply" | "back" | "quote") && drawn != *subject {
                continue;
            }
            // A later sentence that is not new is left out.
            let source = source_of(topic, kind);
            let fresh: usize = sentences(&text).take_while(|part| self.is_fresh(source, part)).map(str::len).sum();
            if fresh > 0 {
                if kind != "poll" {
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

    /// Any text of this kind, and the replies that fit it alone. At least half of the templates are used before one is used
    /// again.
    fn draw(
        &mut self,
        topic: usize,
        kind: &'static str,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> (String, &'static str) {
        let Topic { language, words, .. } = &texts().topics[topic];
        let source = source_of(topic, kind);
        let all =
            if matches!(source, Source::Topic(_)) { words } else { &texts().languages[*language].words }.all(kind);
        let deck = self.decks.entry((source, kind)).or_default();
        if deck.is_empty() {
            deck.extend(all);
        }
        let template = deck.remove(dice.below(deck.len() / 2)).unwrap_or_default();
        deck.push_back(template);
        let (template, replies) = template.split_once(" => ").unwrap_or((template, ""));
        (texts().fill(&texts().topics[topic], template, subject, dice), replies)
    }

    fn is_fresh(&self, source: Source, text: &str) -> bool {
        self.sentences.get(&source).is_none_or(|(_, known)| sentences(text).all(|part| !known.contains(&hash(part))))
    }

    fn note(&mut self, source: Source, text: &str) {
        let (latest, known) = self.sentences.entry(source).or_default();
        for part in sentences(text) {
            if known.insert(hash(part)) {
                latest.push_back(hash(part));
            }
        }
        while latest.len() > DISTINCT {
            if let Some(oldest) = latest.pop_front() {
                known.remove(&oldest);
            }
        }
    }
}

fn source_of(topic: usize, kind: &str) -> Source {
    if kind == "back" { Source::Language(texts().topics[topic].language) } else { Source::Topic(topic) }
}

/// The sentences of a text, with the space that follows each.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(". ").flat_map(|part| part.split_inclusive(['?', '!', '。']))
}

fn hash(sentence: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    sentence.trim().hash(&mut hasher);
    hasher.finish()
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
    texts().fill(topic, dice.pick(topic.words.all("alt")), &mut subject, dice)
}
