//! The typed items of a body. A large one is decoded item by item, so that it takes little more memory than its text.

use chirrup::internal::is_too_deep;
use chirrup::model::{BodyProblem, Includes, dialect, tolerant};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::flat::{repaired, room_beside, size, too_large};
use super::included::{self, Belonging, Included};
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Memory of a parsed body, in bytes, up to which it is decoded as a whole.
const MAX_WHOLE: usize = 4 << 20;

/// A part of a body: some of its items with the included objects that they refer to.
#[derive(Deserialize)]
pub(super) struct Part<T> {
    #[serde(rename = "data", default = "Vec::new")]
    pub(super) items: Vec<T>,
    #[serde(default)]
    pub(super) includes: Includes,
    /// What could not be decoded and was left out.
    #[serde(skip)]
    pub(super) problems: Vec<BodyProblem>,
}

/// Visits the items of a body in parts. A body without `data` is one item if `is_single` is set, or a list. Without
/// `has_includes`, the parts of a large body have no included objects, and an item that is too large to be decoded is left
/// out.
pub(super) fn visit<T: DeserializeOwned>(
    body: &[u8],
    is_single: bool,
    has_includes: bool,
    mut work: impl FnMut(Part<T>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let room = room_beside(body);
    let body = &repaired(body);
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    if !is_single && !is_list && size(body) <= MAX_WHOLE {
        // A response without items has no other parts that need types.
        return work(decode::<T>(body).unwrap_or_default());
    }
    let mut index = 0_usize;
    included::visit(body, is_single || is_list, |item, context| {
        let path = if is_single { "data".to_owned() } else { format!("data[{index}]") };
        index += 1;
        if is_too_deep(item) || size(item) > room {
            return if has_includes { Err(too_large(item)) } else { Ok(()) };
        }
        let included = context.filter(|_| has_includes || is_single).map(|context| &context.included);
        let mut part = decode::<T>(&text_of(item, included)).unwrap_or_default();
        for problem in &mut part.problems {
            if let Some(rest) = problem.path.strip_prefix("data[0]") {
                problem.path = format!("{path}{rest}");
            }
        }
        match part.problems.iter().find(|problem| is_single && problem.is_item) {
            Some(problem) => {
                Err(CliError::new(ExitStatus::Network, format!("the response cannot be decoded: {problem}")))
            }
            None => work(part),
        }
    })
}

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self { items: Vec::new(), includes: Includes::default(), problems: Vec::new() }
    }
}

/// Decodes a part: strictly, and only if that fails, without what cannot be decoded.
fn decode<T: DeserializeOwned>(text: &[u8]) -> Option<Part<T>> {
    match dialect::decode(text) {
        Ok(part) => Some(part),
        Err(_) => tolerant::decode(text).ok().map(|(part, problems)| Part { problems, ..part }),
    }
}

/// Returns the text of a part with one item.
fn text_of(item: &[u8], included: Option<&Included<'_>>) -> Vec<u8> {
    let mut text = [b"{\"data\":[", item, b"]"].concat();
    let mut list = None;
    let belonging = included.map(|included| included.belonging_to(item));
    for (name, object) in belonging.iter().flat_map(Belonging::objects) {
        let separator = match list {
            None => format!(",\"includes\":{{{}:[", Json::from(name)),
            Some(before) if before == name => ",".to_owned(),
            Some(_) => format!("],{}:[", Json::from(name)),
        };
        text.extend([separator.as_bytes(), object.get().as_bytes()].concat());
        list = Some(name);
    }
    text.extend(if list.is_none() { &b"}"[..] } else { b"]}}" });
    text
}

#[cfg(test)]
mod tests {
    use chirrup::model::Post;

    use super::*;

    fn parts(body: &str, may_be_item: bool) -> (Vec<u64>, Vec<String>, Vec<String>) {
        let (mut ids, mut authors, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        let outcome = visit::<Post>(body.as_bytes(), may_be_item, true, |part| {
            ids.extend(part.items.iter().map(|post| post.id.get()));
            authors.extend(part.items.iter().filter_map(|post| Some(part.includes.author_of(post)?.username.clone())));
            problems.extend(part.problems.iter().map(|problem| problem.path.clone()));
            Ok(())
        });
        assert!(outcome.is_ok());
        (ids, authors, problems)
    }

    #[test]
    fn the_parts_of_a_large_body_are_those_of_a_small_one() {
        let list = |filler: &str| {
            format!(
                r#"{{"data":[{{"id":"2","author_id":"12"}},{{"id":"x"}},{{"id":"3","author_id":"13","created_at":"odd"}}],
                "includes":{{"users":[{{"id":"12","username":"robin","name":""}},{{"id":"13","username":"mika","name":""}}]}}{filler}}}"#
            )
        };
        let found = parts(&list(""), false);
        assert_eq!(found.0, [2, 3]);
        assert_eq!(found.1, ["robin", "mika"]);
        assert_eq!(found.2, ["data[1]", "data[2].created_at"]);
        let filler = format!(",\"other\":[{}0]", "{},".repeat(MAX_WHOLE / 700));
        assert_eq!(parts(&list(&filler), false), found);
        let one = r#"{"data":{"id":"2","author_id":"12","created_at":"odd"},"includes":{"users":[{"id":"12","username":"robin","name":""}]}}"#;
        assert_eq!(parts(one, true), (vec![2], vec!["robin".to_owned()], vec!["data.created_at".to_owned()]));
    }
}
