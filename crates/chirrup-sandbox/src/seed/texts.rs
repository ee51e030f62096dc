//! The texts of the demo world, read from `data/*.txt`.
//!
//! A line is `name: value`. `language: CODE` and `topic: TAG` begin a section; a topic belongs to the language above it.
//! Sections of the same language in several files are one section. Lines of the same name add up.
//!
//! Templates (`post`, `ask`, `more`, `reply`, `back`, `quote`, `poll`, `alt`) are one per line. All other values are lists,
//! separated by ` | `; those of `interest` are templates too. In a template, `{name}` is replaced by an item of the list `{name}`, `{name+}` is the same with a
//! capital letter, and `{3..9}` is a number. `{it}` is the subject of a post: replies to the post repeat it. After ` => `,
//! `post` and `ask` list the replies that fit this post alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::dice::Dice;
use super::template::{Slots, Template};

const FILES: [&str; 3] = [
    include_str!("../../data/people.txt"),
    include_str!("../../data/topics_en.txt"),
    include_str!("../../data/topics_other.txt"),
];

/// Values of a language or topic.
#[derive(Debug, Default)]
pub(super) struct Section {
    lists: BTreeMap<&'static str, Vec<&'static str>>,
    templates: BTreeMap<Kind, Vec<Template>>,
}

/// Kind of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Post,
    Ask,
    More,
    Reply,
    Back,
    Quote,
    Poll,
    Alt,
    Interest,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "post" => Self::Post,
            "ask" => Self::Ask,
            "more" => Self::More,
            "reply" => Self::Reply,
            "back" => Self::Back,
            "quote" => Self::Quote,
            "poll" => Self::Poll,
            "alt" => Self::Alt,
            "interest" => Self::Interest,
            _ => return None,
        })
    }
}

impl Section {
    /// All values of a list.
    pub(super) fn all(&self, name: &str) -> &[&'static str] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// All templates of a kind.
    pub(super) fn templates(&self, kind: Kind) -> &[Template] {
        self.templates.get(&kind).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, name: &'static str, value: &'static str, slots: &mut Slots) {
        match Kind::named(name) {
            None => self.lists.entry(name).or_default().extend(value.split(" | ")),
            // The only templates that share a line.
            Some(Kind::Interest) => {
                let all = value.split(" | ").map(|value| Template::new(value, slots));
                self.templates.entry(Kind::Interest).or_default().extend(all);
            }
            Some(kind) => self.templates.entry(kind).or_default().push(Template::new(value, slots)),
        }
    }
}

#[derive(Debug)]
pub(super) struct Language {
    /// Code of the language as in the `lang` field of a post.
    pub(super) code: &'static str,
    pub(super) words: Section,
    /// Indexes of its topics in [`Texts::topics`].
    pub(super) topics: Vec<usize>,
    /// Words that are written together, with the space around them.
    contractions: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Topic {
    /// Hashtag without the `#`.
    pub(super) tag: &'static str,
    /// Index of its language in [`Texts::languages`].
    pub(super) language: usize,
    pub(super) words: Section,
    /// Values of each placeholder: those of the topic, or else those of its language.
    values: Vec<Vec<&'static str>>,
}

#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) languages: Vec<Language>,
    pub(super) topics: Vec<Topic>,
}

/// The texts, parsed once per process.
pub(super) fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let (mut texts, mut slots) = (Texts::default(), Slots::default());
        FILES.iter().for_each(|file| texts.read(file, &mut slots));
        texts.complete(&slots);
        texts
    })
}

impl Texts {
    fn read(&mut self, file: &'static str, slots: &mut Slots) {
        let (mut language, mut in_topic) = (0, false);
        for (name, value) in file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
        {
            match name {
                "language" => {
                    in_topic = false;
                    language = self.language(value).unwrap_or(self.languages.len());
                    if language == self.languages.len() {
                        let (words, topics, contractions) = (Section::default(), Vec::new(), Vec::new());
                        self.languages.push(Language { code: value, words, topics, contractions });
                    }
                }
                "topic" => {
                    in_topic = true;
                    self.languages[language].topics.push(self.topics.len());
                    self.topics.push(Topic { tag: value, language, words: Section::default(), values: Vec::new() });
                }
                _ => match self.topics.last_mut().filter(|_| in_topic) {
                    Some(topic) => topic.words.add(name, value, slots),
                    None => self.languages[language].words.add(name, value, slots),
                },
            }
        }
    }

    /// Adds what depends on several lines.
    fn complete(&mut self, slots: &Slots) {
        for language in &mut self.languages {
            let pairs = language.words.all("contract").iter().filter_map(|pair| pair.split_once(" = "));
            language.contractions =
                pairs.map(|(apart, joined)| (format!(" {apart} "), format!(" {joined} "))).collect();
        }
        for topic in &mut self.topics {
            let language = &self.languages[topic.language].words;
            let values = |placeholder: &str| {
                let list = format!("{{{placeholder}}}");
                let own = topic.words.all(&list);
                if own.is_empty() { language.all(&list) } else { own }
            };
            topic.values = slots.names().map(|name| values(name).to_vec()).collect();
        }
    }

    /// Index of the language with this code.
    pub(super) fn language(&self, code: &str) -> Option<usize> {
        self.languages.iter().position(|language| language.code == code)
    }

    /// Fills in a template. `subject` is the value of `{it}`, drawn and stored on first use.
    pub(super) fn fill(
        &self,
        topic: &Topic,
        template: &Template,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> String {
        let mut text = String::new();
        self.replace(&mut text, topic, template, subject, dice);
        text
    }

    /// Replaces a text by a template that is [filled in](Self::fill), in the same memory.
    pub(super) fn replace(
        &self,
        text: &mut String,
        topic: &Topic,
        template: &Template,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) {
        text.clear();
        template.fill(text, &topic.values, subject, dice);
        for (apart, joined) in &self.languages[topic.language].contractions {
            if text.contains(apart) {
                *text = text.replace(apart, joined);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::{Kind, texts};

    const KINDS: [Kind; 9] = [
        Kind::Post,
        Kind::Ask,
        Kind::More,
        Kind::Reply,
        Kind::Back,
        Kind::Quote,
        Kind::Poll,
        Kind::Alt,
        Kind::Interest,
    ];

    #[test]
    fn every_placeholder_has_values() {
        let texts = texts();
        assert_eq!((texts.languages.len(), texts.topics.len()), (6, 12));
        for topic in &texts.topics {
            let language = &texts.languages[topic.language].words;
            let templates = KINDS.map(|kind| [topic.words.templates(kind), language.templates(kind)]);
            for template in templates.iter().flatten().copied().flatten() {
                for template in [template].into_iter().chain(template.replies()) {
                    let empty = template.placeholders().find(|placeholder| topic.values[*placeholder].is_empty());
                    assert_eq!(empty, None, "{}: {template:?}", topic.tag);
                }
            }
        }
    }

    #[test]
    fn every_text_fits_into_a_post() {
        let texts = texts();
        for topic in &texts.topics {
            for seed in 0..20 {
                let mut dice = Dice(seed);
                let kinds = [Kind::Post, Kind::Ask, Kind::Reply, Kind::Quote];
                for template in kinds.iter().flat_map(|kind| topic.words.templates(*kind)) {
                    for part in [template].into_iter().chain(template.replies()) {
                        let text = texts.fill(topic, part, &mut None, &mut dice);
                        let weight = chirrup_text::parse(&text).weighted_length;
                        assert!(weight < 230, "{weight}: {text}");
                    }
                }
                for poll in topic.words.templates(Kind::Poll) {
                    for option in texts.fill(topic, poll, &mut None, &mut dice).split(" | ").skip(1) {
                        assert!(option.chars().count() <= 25, "{option}");
                    }
                }
            }
        }
    }
}
