//! The texts of the demo world, read from `data/*.txt`.
//!
//! A line is `name: value`. `language: CODE` and `topic: TAG` begin a section; a topic belongs to the language above it.
//! Sections of the same language in several files are one section. Lines of the same name add up.
//!
//! Templates (`post`, `ask`, `more`, `reply`, `back`, `quote`, `poll`, `alt`) are one per line. All other values are lists,
//! separated by ` | `. In a template, `{name}` is replaced by an item of the list `{name}`, `{name+}` is the same with a
//! capital letter, and `{3..9}` is a number. `{it}` is the subject of a post: replies to the post repeat it. After ` => `,
//! `post` and `ask` list the replies that fit this post alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::dice::Dice;

const FILES: [&str; 3] = [
    include_str!("../../data/people.txt"),
    include_str!("../../data/topics_en.txt"),
    include_str!("../../data/topics_other.txt"),
];

const TEMPLATES: [&str; 8] = ["post", "ask", "more", "reply", "back", "quote", "poll", "alt"];

/// Values of a language or topic by name.
#[derive(Debug, Default)]
pub(super) struct Section(BTreeMap<&'static str, Vec<&'static str>>);

impl Section {
    /// All values of a name.
    pub(super) fn all(&self, name: &str) -> &[&'static str] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, name: &'static str, value: &'static str) {
        let values = self.0.entry(name).or_default();
        if TEMPLATES.contains(&name) { values.push(value) } else { values.extend(value.split(" | ")) }
    }
}

#[derive(Debug)]
pub(super) struct Language {
    /// Code of the language as in the `lang` field of a post.
    pub(super) code: &'static str,
    pub(super) words: Section,
    /// Indexes of its topics in [`Texts::topics`].
    pub(super) topics: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Topic {
    /// Hashtag without the `#`.
    pub(super) tag: &'static str,
    /// Index of its language in [`Texts::languages`].
    pub(super) language: usize,
    pub(super) words: Section,
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
        let mut texts = Texts::default();
        FILES.iter().for_each(|file| texts.read(file));
        texts
    })
}

impl Texts {
    fn read(&mut self, file: &'static str) {
        let (mut language, mut in_topic) = (0, false);
        for (name, value) in file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
        {
            match name {
                "language" => {
                    in_topic = false;
                    language = self.language(value).unwrap_or(self.languages.len());
                    if language == self.languages.len() {
                        self.languages.push(Language { code: value, words: Section::default(), topics: Vec::new() });
                    }
                }
                "topic" => {
                    in_topic = true;
                    self.languages[language].topics.push(self.topics.len());
                    self.topics.push(Topic { tag: value, language, words: Section::default() });
                }
                _ => match self.topics.last_mut().filter(|_| in_topic) {
                    Some(topic) => topic.words.add(name, value),
                    None => self.languages[language].words.add(name, value),
                },
            }
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
        template: &str,
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) -> String {
        let language = &self.languages[topic.language].words;
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, (slot, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            text.push_str(before);
            rest = after;
            if let Some(range) = slot.split_once("..") {
                let (low, high) = (range.0.parse().unwrap_or(0), range.1.parse().unwrap_or(0_usize));
                text.push_str(&(low + dice.below(high.saturating_sub(low) + 1)).to_string());
                continue;
            }
            let name = slot.trim_end_matches('+');
            let key = format!("{{{name}}}");
            let own = topic.words.all(&key);
            let values = if own.is_empty() { language.all(&key) } else { own };
            let value = match subject {
                Some(subject) if name == "it" => subject,
                _ => dice.pick(values),
            };
            if name == "it" {
                *subject = Some(value);
            }
            let mut letters = value.chars();
            match letters.next().filter(|_| slot.ends_with('+')) {
                Some(first) => text.extend(first.to_uppercase().chain(letters)),
                None => text.push_str(value),
            }
        }
        text.push_str(rest);
        for (apart, joined) in language.all("contract").iter().filter_map(|pair| pair.split_once(" = ")) {
            text = text.replace(&format!(" {apart} "), &format!(" {joined} "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Dice;
    use super::{TEMPLATES, texts};

    #[test]
    fn every_placeholder_has_values() {
        let texts = texts();
        assert_eq!((texts.languages.len(), texts.topics.len()), (6, 12));
        for topic in &texts.topics {
            let language = &texts.languages[topic.language].words;
            let templates = TEMPLATES.iter().flat_map(|name| topic.words.all(name).iter().chain(language.all(name)));
            for template in templates.chain(topic.words.all("interest")) {
                for slot in template.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)) {
                    let key = format!("{{{}}}", slot.trim_end_matches('+'));
                    let known =
                        slot.contains("..") || !topic.words.all(&key).is_empty() || !language.all(&key).is_empty();
                    assert!(known, "{}: {{{slot}}} in {template}", topic.tag);
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
                for template in ["post", "ask", "reply", "quote"].iter().flat_map(|name| topic.words.all(name)) {
                    for part in template.split(" => ") {
                        let text = texts.fill(topic, part, &mut None, &mut dice);
                        let weight = chirrup_text::parse(&text).weighted_length;
                        assert!(weight < 230, "{weight}: {text}");
                    }
                }
                for poll in topic.words.all("poll") {
                    for option in texts.fill(topic, poll, &mut None, &mut dice).split(" | ").skip(1) {
                        assert!(option.chars().count() <= 25, "{option}");
                    }
                }
            }
        }
    }
}
