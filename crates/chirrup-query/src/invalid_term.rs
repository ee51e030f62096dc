//! Errors about single terms of a query, and the closest known word for a correction.

/// Reason why a term is not a valid operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidTerm {
    /// Error message, in the wording of X where it is known.
    pub(crate) message: String,
    /// Suggested correction of the term, if there is one.
    pub(crate) suggestion: Option<String>,
}

impl InvalidTerm {
    /// Creates an error without a suggestion.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), suggestion: None }
    }

    pub(crate) fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

/// Returns the candidate within an edit distance of 2 that is closest to a word.
pub(crate) fn closest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let (distance, found) = candidates.map(|candidate| (edit_distance(word, candidate), candidate)).min()?;
    (distance <= 2).then_some(found)
}

/// Levenshtein distance between two words, of which the first is cut to 40 characters.
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let replace = diagonal + usize::from(x != *y);
            let least = replace.min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], least);
        }
    }
    row[b.len()]
}
