//! Links in HTML: a text with its entities made clickable, as the official libraries write it.

use crate::extract::{Entity, EntityKind, Extractor};
use std::fmt;

/// What a shortened link stands for, as the API tells it beside the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlEntity<'t> {
    /// The link as it stands in the text.
    pub url: &'t str,
    /// What to show for it, perhaps cut with `…`.
    pub display_url: &'t str,
    /// Where it leads in the end.
    pub expanded_url: &'t str,
}

/// The attributes of a link, in the order in which they were first set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// Sets an attribute. One that is there keeps its place.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(found) => found.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Takes an attribute away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            write!(f, " {name}=\"{}\"", escape(value))?;
        }
        Ok(())
    }
}

/// Changes the attributes of the link of an entity.
pub type AttributeBlock<'a> = &'a dyn Fn(&Entity<'_>, &mut Attributes);
/// Makes the HTML that a link shows out of what it would show.
pub type TextBlock<'a> = &'a dyn Fn(&Entity<'_>, &str) -> String;

/// Makes links out of entities. The fields are the options of the official libraries, with their defaults.
///
/// The text between the entities is passed on as it is unless [`escape_rest`](Self::escape_rest) is set: escape it first,
/// or set that, where it may hold HTML.
///
/// ```
/// use chirrup_text::Linker;
///
/// let linker = Linker { no_follow: false, data_screen_name: false, ..Linker::default() };
/// assert_eq!(
///     linker.link("hi @ada"),
///     r#"hi @<a class="tweet-url username" href="https://twitter.com/ada">ada</a>"#
/// );
/// ```
#[derive(Clone)]
pub struct Linker<'a> {
    /// The class of links of URLs; none at first.
    pub url_class: Option<&'a str>,
    /// The class of links to users.
    pub username_class: &'a str,
    /// The class of links to lists.
    pub list_class: &'a str,
    /// The class of links of hashtags. Tags that are written from right to left get ` rtl` too.
    pub hashtag_class: &'a str,
    /// The class of links of cashtags.
    pub cashtag_class: &'a str,
    /// What stands before the name of a user in an address.
    pub username_url_base: &'a str,
    /// What stands before `name/list` in an address.
    pub list_url_base: &'a str,
    /// What stands before a tag in an address.
    pub hashtag_url_base: &'a str,
    /// What stands before a ticker in an address.
    pub cashtag_url_base: &'a str,
    /// The `target` of links of URLs; none at first.
    pub url_target: Option<&'a str>,
    /// Whether the `@` is part of the link. At first it stands before it.
    pub username_include_symbol: bool,
    /// Whether lists are not linked: their owner is.
    pub suppress_lists: bool,
    /// Whether links carry `rel="nofollow"`. At first they do.
    pub no_follow: bool,
    /// Whether links to users carry `data-screen-name`. At first they do.
    pub data_screen_name: bool,
    /// Whether the text between the entities is escaped.
    pub escape_rest: bool,
    /// A tag around the sign of what is linked, such as `s`.
    pub symbol_tag: Option<&'a str>,
    /// A tag around the word after the sign, such as `b`.
    pub text_with_symbol_tag: Option<&'a str>,
    /// The attributes of what is there to be copied and not seen, as HTML.
    pub invisible_tag_attrs: &'a str,
    /// Attributes of every link, before its own.
    pub attributes: Attributes,
    /// What shortened links stand for.
    pub urls: &'a [UrlEntity<'a>],
    /// The last word on the attributes of each link.
    pub attribute_block: Option<AttributeBlock<'a>>,
    /// The last word on what each link shows.
    pub text_block: Option<TextBlock<'a>>,
}

impl fmt::Debug for Linker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").field("attributes", &self.attributes).field("urls", &self.urls).finish_non_exhaustive()
    }
}

impl Default for Linker<'_> {
    fn default() -> Self {
        Self {
            url_class: None,
            username_class: "tweet-url username",
            list_class: "tweet-url list-slug",
            hashtag_class: "tweet-url hashtag",
            cashtag_class: "tweet-url cashtag",
            username_url_base: "https://twitter.com/",
            list_url_base: "https://twitter.com/",
            hashtag_url_base: "https://twitter.com/search?q=%23",
            cashtag_url_base: "https://twitter.com/search?q=%24",
            url_target: None,
            username_include_symbol: false,
            suppress_lists: false,
            no_follow: true,
            data_screen_name: true,
            escape_rest: false,
            symbol_tag: None,
            text_with_symbol_tag: None,
            invisible_tag_attrs: "style='position:absolute;left:-9999px;'",
            attributes: Attributes::default(),
            urls: &[],
            attribute_block: None,
            text_block: None,
        }
    }
}

impl Linker<'_> {
    /// Links everything that a text holds. A URL needs its scheme.
    pub fn link(&self, text: &str) -> String {
        self.link_what(text, Extractor::all().bare_urls(false))
    }

    /// Links what an extractor finds.
    pub fn link_what(&self, text: &str, what: Extractor) -> String {
        self.link_entities(text, &what.extract(text))
    }

    /// Links these entities. Those that overlap an earlier one or do not fit the text are left out.
    pub fn link_entities(&self, text: &str, entities: &[Entity<'_>]) -> String {
        let mut sorted: Vec<_> = entities.iter().filter(|e| e.span.of(text).is_some()).collect();
        sorted.sort_by_key(|entity| entity.span.start);
        let (mut html, mut at) = (String::with_capacity(text.len() * 2), 0);
        for entity in sorted {
            if let Some(rest) = text.get(at..entity.span.start.0) {
                self.push_rest(&mut html, rest);
                self.push_entity(&mut html, text, entity);
                at = entity.span.end.0;
            }
        }
        self.push_rest(&mut html, &text[at..]);
        html
    }

    fn push_rest(&self, html: &mut String, rest: &str) {
        if self.escape_rest {
            html.push_str(&escape(rest));
        } else {
            html.push_str(rest);
        }
    }

    fn push_entity(&self, html: &mut String, text: &str, entity: &Entity<'_>) {
        let sign = entity.span.of(text).and_then(|whole| whole.chars().next()).unwrap_or_default();
        match entity.kind {
            EntityKind::Url => self.push_url(html, entity),
            EntityKind::Hashtag => self.push_tag(html, entity, sign, '#', self.hashtag_url_base),
            EntityKind::Cashtag => self.push_tag(html, entity, sign, '$', self.cashtag_url_base),
            EntityKind::Mention | EntityKind::List => self.push_user(html, entity, sign),
        }
    }

    fn push_url(&self, html: &mut String, entity: &Entity<'_>) {
        let mut attributes = self.attributes.clone();
        attributes.set("href", entity.text);
        if let Some(class) = self.url_class {
            attributes.set("class", class);
        }
        if let Some(target) = self.url_target {
            attributes.set("target", target);
        }
        let known = self.urls.iter().find(|url| url.url == entity.text && !url.display_url.is_empty());
        let shown = match known {
            Some(url) => {
                attributes.set("title", url.expanded_url);
                self.display(url)
            }
            None => escape(entity.text),
        };
        self.push_link(html, entity, &shown, attributes);
    }

    /// What a shortened link shows. All of the address is there to be copied, but only a part of it to be seen.
    fn display(&self, url: &UrlEntity<'_>) -> String {
        let seen = url.display_url.replace('…', "");
        let Some((before, after)) = url.expanded_url.split_once(seen.as_str()) else {
            return escape(url.display_url);
        };
        let ellipsis = |there| if there { "…" } else { "" };
        let hidden = self.invisible_tag_attrs;
        format!(
            "<span class='tco-ellipsis'>{}<span {hidden}>&nbsp;</span></span><span {hidden}>{}</span>\
             <span class='js-display-url'>{}</span><span {hidden}>{}</span>\
             <span class='tco-ellipsis'><span {hidden}>&nbsp;</span>{}</span>",
            ellipsis(url.display_url.starts_with('…')),
            escape(before),
            escape(&seen),
            escape(after),
            ellipsis(url.display_url.ends_with('…')),
        )
    }

    fn push_tag(&self, html: &mut String, entity: &Entity<'_>, sign: char, plain: char, base: &str) {
        let hashtag = entity.kind == EntityKind::Hashtag;
        let mut attributes = self.attributes.clone();
        attributes.set("href", format!("{base}{}", entity.text));
        attributes.set("title", format!("{plain}{}", entity.text));
        let rtl = if hashtag && entity.text.starts_with(is_rtl) { " rtl" } else { "" };
        let class = if hashtag { self.hashtag_class } else { self.cashtag_class };
        attributes.set("class", format!("{class}{rtl}"));
        let sign = if hashtag { sign } else { plain };
        let shown = format!(
            "{}{}",
            wrap(self.symbol_tag, &escape(sign.encode_utf8(&mut [0; 4]))),
            wrap(self.text_with_symbol_tag, &escape(entity.text))
        );
        self.push_link(html, entity, &shown, attributes);
    }

    fn push_user(&self, html: &mut String, entity: &Entity<'_>, sign: char) {
        let mut attributes = self.attributes.clone();
        let name = entity.screen_name().unwrap_or(entity.text);
        let list = entity.kind == EntityKind::List && !self.suppress_lists;
        let (word, rest) = if list { (entity.text, "") } else { (name, &entity.text[name.len()..]) };
        let (class, base) = match list {
            true => (self.list_class, self.list_url_base),
            false => (self.username_class, self.username_url_base),
        };
        attributes.set("class", class);
        attributes.set("href", format!("{base}{word}"));
        if !list && self.data_screen_name {
            attributes.set("data-screen-name", name);
        }
        let sign = wrap(self.symbol_tag, &escape(sign.encode_utf8(&mut [0; 4])));
        let shown = wrap(self.text_with_symbol_tag, &escape(word));
        if self.username_include_symbol {
            self.push_link(html, entity, &(sign + &shown), attributes);
        } else {
            html.push_str(&sign);
            self.push_link(html, entity, &shown, attributes);
        }
        html.push_str(rest);
    }

    fn push_link(&self, html: &mut String, entity: &Entity<'_>, shown: &str, mut attributes: Attributes) {
        if self.no_follow {
            attributes.set("rel", "nofollow");
        }
        if let Some(block) = self.attribute_block {
            block(entity, &mut attributes);
        }
        let changed = self.text_block.map(|block| block(entity, shown));
        let shown = changed.as_deref().unwrap_or(shown);
        html.push_str(&format!("<a{attributes}>{shown}</a>"));
    }
}

/// Links everything that a text holds, with the options of the official libraries. A URL needs its scheme. See
/// [`Linker`] for what can be chosen.
pub fn auto_link(text: &str) -> String {
    Linker::default().link(text)
}

/// A text that can stand in HTML, and inside quoted attributes.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

fn wrap(tag: Option<&str>, html: &str) -> String {
    tag.map_or_else(|| html.to_owned(), |tag| format!("<{tag}>{html}</{tag}>"))
}

/// A letter of a script that is written from right to left.
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FE70}'..='\u{FEFF}')
}
