//! What a post is about, as X recognizes it: domains and entities of hashtags.

use std::sync::OnceLock;

use serde_json::{Value as Json, json};

const LINES: &str = include_str!("../../data/context_annotations.txt");

/// Domain and entity of a hashtag.
#[derive(Debug)]
pub(crate) struct ContextAnnotation {
    hashtag: &'static str,
    domain: u64,
    domain_name: &'static str,
    domain_description: &'static str,
    entity: u64,
    pub(crate) entity_name: &'static str,
}

impl ContextAnnotation {
    fn read(line: &'static str) -> Option<Self> {
        let (hashtag, rest) = line.split_once(" | ")?;
        let [domain, domain_name, domain_description, entity, entity_name] = rest.split(" / ").collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let (domain, entity) = (domain.parse().ok()?, entity.parse().ok()?);
        Some(Self { hashtag, domain, domain_name, domain_description, entity, entity_name })
    }

    /// IDs of domain and entity.
    pub(crate) fn ids(&self) -> (u64, u64) {
        (self.domain, self.entity)
    }

    /// Returns the annotation as a post has it.
    pub(crate) fn json(&self) -> Json {
        json!({
            "domain": {
                "id": self.domain.to_string(), "name": self.domain_name, "description": self.domain_description,
            },
            "entity": {"id": self.entity.to_string(), "name": self.entity_name},
        })
    }
}

/// Returns the annotations of a post with these hashtags, without the `#`.
pub(crate) fn context_annotations<'t>(
    hashtags: impl IntoIterator<Item = &'t str>,
) -> impl Iterator<Item = &'static ContextAnnotation> {
    static ALL: OnceLock<Vec<ContextAnnotation>> = OnceLock::new();
    let all = ALL.get_or_init(|| LINES.lines().filter_map(ContextAnnotation::read).collect());
    let of = |hashtag: &'t str| all.iter().filter(move |known| known.hashtag.eq_ignore_ascii_case(hashtag));
    hashtags.into_iter().flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::{LINES, context_annotations};

    #[test]
    fn every_line_is_an_annotation() {
        for line in LINES.lines().filter(|line| !line.starts_with('#')) {
            let hashtag = line.split(' ').next().unwrap_or_default();
            let names: Vec<_> = context_annotations([hashtag]).map(|known| known.entity_name).collect();
            assert!(names.iter().any(|name| line.ends_with(name)), "{line}");
        }
        assert_eq!(context_annotations(["nothing"]).count(), 0);
    }
}
