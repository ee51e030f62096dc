//! Texts as the API delivers them: links shortened, special characters of HTML escaped, and the entities at their places.

use chirrup_text::{EntityKind, Extractor};
use serde_json::Value as Json;

use super::object_writer::write_object;
use crate::world::{MAX_REPOST_TEXT, PostRow, World, expanded_url, long_post_url, short_link};

/// Kind of an entity with what only this kind has.
#[derive(Debug, Clone)]
pub(crate) enum TextEntityKind {
    Hashtag,
    Cashtag,
    Mention {
        user: Option<u64>,
    },
    Link {
        target: String,
    },
    /// Link to an image or video of the post.
    Media {
        target: String,
        key: String,
    },
}

/// Entity of a delivered text.
#[derive(Debug, Clone)]
pub(crate) struct TextEntity {
    pub(crate) kind: TextEntityKind,
    /// Position of its first character.
    pub(crate) start: usize,
    /// Position after its last character.
    pub(crate) end: usize,
    /// Tag or username without its sign, or the short link.
    pub(crate) value: String,
}

/// Text with its entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct RenderedText {
    pub(crate) text: String,
    pub(crate) entities: Vec<TextEntity>,
    /// Length of the text in characters.
    pub(crate) length: usize,
    /// Length without the links to media at the end.
    pub(crate) display_length: usize,
}

impl RenderedText {
    /// Renders the text of a post with the links to what it quotes and to its media.
    pub(crate) fn of_post(world: &World, row: &PostRow) -> rusqlite::Result<Self> {
        if let Some(original) = row.repost_of
            && let Some(original) = world.post(original)?
        {
            return Self::of_repost(world, &original);
        }
        let mut rendered = Self::of_text(world, &row.text)?;
        if let Some(quoted) = row.quote_of {
            let target = world.post_url(quoted)?;
            let is_target =
                |e: &TextEntity| matches!(&e.kind, TextEntityKind::Link { target: known } if *known == target);
            let linked = rendered.entities.iter().any(is_target);
            if !linked {
                rendered.add_link(target);
            }
        }
        rendered.display_length = rendered.length;
        rendered.add_media(world, row)?;
        Ok(rendered)
    }

    /// Renders the text of a repost: `RT @author: ` and the text of the original, cut to 140 characters.
    fn of_repost(world: &World, original: &PostRow) -> rusqlite::Result<Self> {
        let name = world.username(original.author)?.unwrap_or_default();
        let inner = Self::of_post(world, original)?;
        let mut rendered = Self::default();
        rendered.push("RT ");
        rendered.add_mention(&name, Some(original.author));
        rendered.push(": ");
        let offset = rendered.length;
        rendered.push(&inner.text);
        let moved =
            inner.entities.into_iter().map(|e| TextEntity { start: e.start + offset, end: e.end + offset, ..e });
        rendered.entities.extend(moved);
        if rendered.length > MAX_REPOST_TEXT {
            rendered.cut(MAX_REPOST_TEXT - 1);
            rendered.push("…");
        }
        rendered.display_length = rendered.length;
        Ok(rendered)
    }

    /// Renders any other text of a user.
    pub(crate) fn of_text(world: &World, text: &str) -> rusqlite::Result<Self> {
        Self::render(world, text, Self::push_escaped)
    }

    /// Renders the description of a profile, which X does not escape.
    pub(crate) fn of_description(world: &World, text: &str) -> rusqlite::Result<Self> {
        Self::render(world, text, Self::push)
    }

    fn render(world: &World, text: &str, push: fn(&mut Self, &str)) -> rusqlite::Result<Self> {
        let mut rendered = Self::default();
        let mut done = 0;
        for entity in Extractor::all().extract(text) {
            let (start, end) = (entity.span.start.0, entity.span.end.0);
            push(&mut rendered, text.get(done..start).unwrap_or_default());
            done = end;
            let written = text.get(start..end).unwrap_or_default();
            match entity.kind {
                EntityKind::Hashtag => rendered.add(TextEntityKind::Hashtag, written, entity.text),
                EntityKind::Cashtag => rendered.add(TextEntityKind::Cashtag, written, entity.text),
                EntityKind::Mention | EntityKind::List => {
                    let name = entity.screen_name().unwrap_or(entity.text);
                    rendered.add_mention(name, world.user_id(name)?);
                    // The slug of a list is not part of the mention.
                    push(&mut rendered, entity.text.get(name.len()..).unwrap_or_default());
                }
                EntityKind::Url => {
                    let target = expanded_url(entity.text);
                    let link = short_link(&target);
                    rendered.add(TextEntityKind::Link { target }, &link, link.clone());
                }
                _ => push(&mut rendered, written),
            }
        }
        push(&mut rendered, text.get(done..).unwrap_or_default());
        rendered.display_length = rendered.length;
        Ok(rendered)
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    fn push_escaped(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['&', '<', '>']) {
            self.push(&rest[..at]);
            self.push(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                _ => "&gt;",
            });
            rest = &rest[at + 1..];
        }
        self.push(rest);
    }

    fn add(&mut self, kind: TextEntityKind, text: &str, value: impl Into<String>) {
        let start = self.length;
        self.push(text);
        self.entities.push(TextEntity { kind, start, end: self.length, value: value.into() });
    }

    fn add_mention(&mut self, name: &str, user: Option<u64>) {
        self.add(TextEntityKind::Mention { user }, &format!("@{name}"), name);
    }

    /// Adds a link at the end.
    fn add_link(&mut self, target: String) {
        if !self.text.is_empty() {
            self.push(" ");
        }
        let link = short_link(&target);
        self.add(TextEntityKind::Link { target }, &link, link.clone());
    }

    /// Adds the link to the media of a post, which all of its images share.
    fn add_media(&mut self, world: &World, row: &PostRow) -> rusqlite::Result<()> {
        let Some(target) = world.media_url(row)? else { return Ok(()) };
        let link = short_link(&target);
        if !self.text.is_empty() {
            self.push(" ");
        }
        let start = self.length;
        self.push(&link);
        for id in &row.media {
            let media = world.media(*id)?.unwrap_or_default();
            let key = media["media_key"].as_str().unwrap_or_default().to_owned();
            let kind = TextEntityKind::Media { target: target.clone(), key };
            self.entities.push(TextEntity { kind, start, end: self.length, value: link.clone() });
        }
        Ok(())
    }

    /// Cuts the text to this number of characters. Entities that do not fit are removed.
    fn cut(&mut self, length: usize) {
        self.text = self.text.chars().take(length).collect();
        self.length = self.length.min(length);
        self.entities.retain(|entity| entity.end <= length);
    }

    /// Returns the short form of a long text with a link to the whole post, or `None` if the text is short enough.
    pub(crate) fn truncated(&self, row: &PostRow) -> Option<Self> {
        if row.repost_of.is_some() || self.display_length <= MAX_REPOST_TEXT {
            return None;
        }
        let mut short = self.clone();
        let target = long_post_url(row.id);
        // The ellipsis and the link take 25 characters.
        short.cut(MAX_REPOST_TEXT - 25);
        short.text.truncate(short.text.trim_end().len());
        short.length = short.text.chars().count();
        short.push("…");
        short.add_link(target);
        short.display_length = short.length;
        Some(short)
    }

    /// Returns the entities in the form of API v2.
    pub(crate) fn entities_v2(&self) -> Json {
        let mut text = Vec::new();
        self.write_entities_v2(&mut text);
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Writes the entities in the form of API v2.
    pub(super) fn write_entities_v2(&self, out: &mut Vec<u8>) {
        write_object(out, |lists| {
            for name in ["cashtags", "hashtags", "mentions", "urls"] {
                let mut entities = self.entities.iter().filter(|entity| entity.list_v2() == name).peekable();
                if entities.peek().is_some() {
                    lists.list(name, entities, |out, entity| entity.write_v2(out));
                }
            }
        });
    }
}

impl TextEntity {
    /// Whether the entity is a link of any kind.
    pub(crate) fn is_link(&self) -> bool {
        matches!(self.kind, TextEntityKind::Link { .. } | TextEntityKind::Media { .. })
    }

    /// Address to which a link leads; empty for other entities.
    pub(crate) fn target(&self) -> &str {
        match &self.kind {
            TextEntityKind::Link { target } | TextEntityKind::Media { target, .. } => target,
            _ => "",
        }
    }

    /// Name of the list in the form of API v2.
    fn list_v2(&self) -> &'static str {
        match self.kind {
            TextEntityKind::Hashtag => "hashtags",
            TextEntityKind::Cashtag => "cashtags",
            TextEntityKind::Mention { .. } => "mentions",
            TextEntityKind::Link { .. } | TextEntityKind::Media { .. } => "urls",
        }
    }

    fn write_v2(&self, out: &mut Vec<u8>) {
        write_object(out, |entity| {
            let is_link = self.is_link();
            if is_link {
                entity.value("display_url", self.display_url());
            }
            entity.value("end", self.end);
            if is_link {
                entity.value("expanded_url", self.target());
            }
            match &self.kind {
                TextEntityKind::Mention { user: Some(user) } => entity.id("id", *user),
                TextEntityKind::Media { key, .. } => entity.value("media_key", key),
                _ => {}
            }
            entity.value("start", self.start);
            match &self.kind {
                TextEntityKind::Hashtag | TextEntityKind::Cashtag => entity.value("tag", &self.value),
                TextEntityKind::Mention { .. } => entity.value("username", &self.value),
                TextEntityKind::Link { target } => entity.value("unwound_url", target),
                TextEntityKind::Media { .. } => {}
            }
            if is_link {
                entity.value("url", &self.value);
            }
        });
    }

    /// Link as it is shown to readers.
    pub(crate) fn display_url(&self) -> String {
        match &self.kind {
            TextEntityKind::Media { .. } => {
                let code = self.value.rsplit('/').next().unwrap_or_default();
                format!("pic.x.com/{code}")
            }
            TextEntityKind::Link { target } => display_url(target),
            _ => String::new(),
        }
    }
}

/// Returns the link of the URL of a profile.
pub(crate) fn profile_url(url: &str) -> TextEntity {
    let target = expanded_url(url);
    let value = short_link(&target);
    TextEntity { start: 0, end: value.len(), value, kind: TextEntityKind::Link { target } }
}

/// Shortens a URL for readers: without scheme and `www.`, and with at most 26 characters of its path.
pub(crate) fn display_url(url: &str) -> String {
    let bare = url.split_once("://").map_or(url, |(_, bare)| bare);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let limit = bare.find('/').unwrap_or(bare.len()) + 16;
    if bare.chars().count() <= limit {
        return bare.to_owned();
    }
    bare.chars().take(limit - 1).chain(['…']).collect()
}
