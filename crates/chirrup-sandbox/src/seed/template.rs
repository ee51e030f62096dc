//! Templates of texts, parsed into their parts.

use std::fmt::Write as _;

use super::dice::Dice;

/// Names of all placeholders. A placeholder is known by its index.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<&'static str>);

impl Slots {
    /// Names in the order of their indexes.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }

    fn index(&mut self, name: &'static str) -> usize {
        let known = self.0.iter().position(|known| *known == name);
        known.unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        })
    }
}

/// Template of a text, and templates of the replies that fit it alone.
#[derive(Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
    replies: Vec<Self>,
}

#[derive(Debug)]
enum Part {
    Text(&'static str),
    /// A number from the first to the second.
    Number(usize, usize),
    /// A value of the placeholder with this index.
    Value {
        placeholder: usize,
        /// Whether the value is the subject of the post, which replies repeat.
        is_subject: bool,
        /// Whether the value begins with a capital letter.
        is_capital: bool,
    },
}

impl Template {
    /// Parses a template. Its replies follow it after ` => `.
    pub(super) fn new(text: &'static str, slots: &mut Slots) -> Self {
        let mut all = text.split(" => ");
        let parts = parts_of(all.next().unwrap_or_default(), slots);
        let replies = all.map(|reply| Self { parts: parts_of(reply, slots), replies: Vec::new() }).collect();
        Self { parts, replies }
    }

    /// Templates of the replies that fit this text alone.
    pub(super) fn replies(&self) -> &[Self] {
        &self.replies
    }

    /// Adds the text with values of these lists in place of the placeholders. `subject` is drawn and stored on first use.
    pub(super) fn fill(
        &self,
        text: &mut String,
        lists: &[Vec<&'static str>],
        subject: &mut Option<&'static str>,
        dice: &mut Dice,
    ) {
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Number(low, high) => {
                    // Writing into memory does not fail.
                    let _ = write!(text, "{}", low + dice.below(high.saturating_sub(*low) + 1));
                }
                Part::Value { placeholder, is_subject, is_capital } => {
                    let value = match subject {
                        Some(subject) if *is_subject => subject,
                        _ => dice.pick(&lists[*placeholder]),
                    };
                    if *is_subject {
                        *subject = Some(value);
                    }
                    let mut letters = value.chars();
                    match letters.next().filter(|_| *is_capital) {
                        Some(first) => text.extend(first.to_uppercase().chain(letters)),
                        None => text.push_str(value),
                    }
                }
            }
        }
    }

    /// Placeholders whose values it needs.
    #[cfg(test)]
    pub(super) fn placeholders(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            Part::Value { placeholder, .. } => Some(*placeholder),
            _ => None,
        })
    }
}

fn parts_of(text: &'static str, slots: &mut Slots) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, (slot, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        rest = after;
        parts.push(Part::Text(before));
        parts.push(match slot.split_once("..") {
            Some((low, high)) => Part::Number(low.parse().unwrap_or(0), high.parse().unwrap_or(0)),
            None => {
                let name = slot.trim_end_matches('+');
                let placeholder = slots.index(name);
                Part::Value { placeholder, is_subject: name == "it", is_capital: slot.ends_with('+') }
            }
        });
    }
    parts.push(Part::Text(rest));
    parts
}
