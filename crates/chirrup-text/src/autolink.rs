//! HTML links for the entities of a text, written as by the official libraries.

use crate::entity::{Entity, EntityKind};
use crate::extract::Extractor;
use std::fmt;

/// Shortened URL of a text, from the `entities` of the same post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct UrlEntity<'t> {
    /// URL in the text.
    pub url: &'t str,
    /// URL to display, possibly shortened with `…`.
    pub display_url: &'t str,
    /// URL that the shortened one redirects to.
    pub expanded_url: &'t str,
}

impl<'t> UrlEntity<'t> {
    /// Creates the entity from the three URLs of the API.
    pub fn new(url: &'t str, display_url: &'t str, expanded_url: &'t str) -> Self {
        Self { url, display_url, expanded_url }
    }
}

/// HTML attributes of a link, in the order in which they were added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// Sets an attribute. An attribute that already exists keeps its position.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(found) => found.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// Returns the value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Removes an attribute if it exists.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }
}

impl fmt::Display for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            write!(f, " {name}=\"{}\"", escape_html(value))?;
        }
        Ok(())
    }
}

/// Function that changes the attributes of the link for an entity.
pub type LinkAttributeModifier<'a> = &'a dyn Fn(&Entity<'_>, &mut Attributes);
/// Function that changes the HTML inside the link for an entity.
pub type LinkTextModifier<'a> = &'a dyn Fn(&Entity<'_>, &str) -> String;

/// Converts entities to HTML links, with the options of the official libraries and their defaults.
///
/// The text between entities is not escaped by default. If it may contain HTML, escape it first or set
/// [`html_escape_non_entities`](Self::html_escape_non_entities).
///
/// ```
/// use chirrup_text::Autolink;
///
/// let autolink = Autolink::new().no_follow(false).data_screen_name(false);
/// assert_eq!(
///     autolink.link("hi @ada"),
///     r#"hi @<a class="tweet-url username" href="https://twitter.com/ada">ada</a>"#
/// );
/// ```
#[derive(Clone)]
pub struct Autolink<'a> {
    url_class: Option<&'a str>,
    username_class: &'a str,
    list_class: &'a str,
    hashtag_class: &'a str,
    cashtag_class: &'a str,
    username_url_base: &'a str,
    list_url_base: &'a str,
    hashtag_url_base: &'a str,
    cashtag_url_base: &'a str,
    url_target: Option<&'a str>,
    username_include_symbol: bool,
    suppress_lists: bool,
    no_follow: bool,
    data_screen_name: bool,
    html_escape_non_entities: bool,
    symbol_tag: Option<&'a str>,
    text_with_symbol_tag: Option<&'a str>,
    invisible_tag_attrs: &'a str,
    html_attrs: Attributes,
    url_entities: &'a [UrlEntity<'a>],
    link_attribute_modifier: Option<LinkAttributeModifier<'a>>,
    link_text_modifier: Option<LinkTextModifier<'a>>,
}

impl fmt::Debug for Autolink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Autolink")
            .field("html_attrs", &self.html_attrs)
            .field("url_entities", &self.url_entities)
            .finish_non_exhaustive()
    }
}

impl Default for Autolink<'_> {
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
            html_escape_non_entities: false,
            symbol_tag: None,
            text_with_symbol_tag: None,
            invisible_tag_attrs: "style='position:absolute;left:-9999px;'",
            html_attrs: Attributes::default(),
            url_entities: &[],
            link_attribute_modifier: None,
            link_text_modifier: None,
        }
    }
}

impl<'a> Autolink<'a> {
    /// Creates a converter with the default options.
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets the class of links for URLs. By default, they have none.
        url_class: impl Into<Option<&'a str>>,
        /// Sets the class of links for users. The default is `tweet-url username`.
        username_class: &'a str,
        /// Sets the class of links for lists. The default is `tweet-url list-slug`.
        list_class: &'a str,
        /// Sets the class of links for hashtags. The default is `tweet-url hashtag`. Right-to-left hashtags also get the
        /// class `rtl`.
        hashtag_class: &'a str,
        /// Sets the class of links for cashtags. The default is `tweet-url cashtag`.
        cashtag_class: &'a str,
        /// Sets the URL to which a username is appended. The default is `https://twitter.com/`.
        username_url_base: &'a str,
        /// Sets the URL to which `name/list` is appended. The default is `https://twitter.com/`.
        list_url_base: &'a str,
        /// Sets the URL to which a hashtag is appended. The default is `https://twitter.com/search?q=%23`.
        hashtag_url_base: &'a str,
        /// Sets the URL to which a ticker symbol is appended. The default is `https://twitter.com/search?q=%24`.
        cashtag_url_base: &'a str,
        /// Sets the `target` of links for URLs. By default, they have none.
        url_target: impl Into<Option<&'a str>>,
        /// Sets whether the `@` is inside the link. By default, it is before it.
        username_include_symbol: bool,
        /// Sets whether a list is linked as a mention of its owner. The default is `false`.
        suppress_lists: bool,
        /// Sets whether links have the attribute `rel="nofollow"`. The default is `true`.
        no_follow: bool,
        /// Sets whether links for users have the attribute `data-screen-name`. The default is `true`.
        data_screen_name: bool,
        /// Sets whether the text between entities is escaped. The default is `false`.
        html_escape_non_entities: bool,
        /// Sets an element around the `@`, `#` or `$`, such as `s`. By default, there is none.
        symbol_tag: impl Into<Option<&'a str>>,
        /// Sets an element around the word after the `@`, `#` or `$`, such as `b`. By default, there is none.
        text_with_symbol_tag: impl Into<Option<&'a str>>,
        /// Sets the attributes of elements that are copied with a URL but not visible, as HTML.
        invisible_tag_attrs: &'a str,
        /// Sets attributes of every link. They come before those of the entity.
        html_attrs: Attributes,
        /// Sets the shortened URLs of the text, which are displayed by their `display_url`.
        url_entities: &'a [UrlEntity<'a>],
    }

    /// Sets a function that changes the attributes of each link.
    #[must_use]
    pub fn link_attribute_modifier(mut self, modifier: LinkAttributeModifier<'a>) -> Self {
        self.link_attribute_modifier = Some(modifier);
        self
    }

    /// Sets a function that changes the HTML inside each link.
    #[must_use]
    pub fn link_text_modifier(mut self, modifier: LinkTextModifier<'a>) -> Self {
        self.link_text_modifier = Some(modifier);
        self
    }

    /// Links all entities of a text, except URLs without a scheme.
    pub fn link(&self, text: &str) -> String {
        self.link_extracted(text, Extractor::all().urls_without_protocol(false))
    }

    /// Links the entities that an extractor finds.
    pub fn link_extracted(&self, text: &str, extractor: Extractor) -> String {
        self.link_entities(text, &extractor.extract(text))
    }

    /// Links these entities. An entity that overlaps an earlier one or is not within the text is ignored.
    pub fn link_entities(&self, text: &str, entities: &[Entity<'_>]) -> String {
        let mut sorted: Vec<_> = entities.iter().filter(|e| e.span.slice(text).is_some()).collect();
        sorted.sort_by_key(|entity| entity.span.start);
        let (mut html, mut at) = (String::with_capacity(text.len() * 2), 0);
        for entity in sorted {
            if let Some(before) = text.get(at..entity.span.start.0) {
                self.push_text(&mut html, before);
                self.push_entity(&mut html, text, entity);
                at = entity.span.end.0;
            }
        }
        self.push_text(&mut html, &text[at..]);
        html
    }

    fn push_text(&self, html: &mut String, text: &str) {
        if self.html_escape_non_entities {
            html.push_str(&escape_html(text));
        } else {
            html.push_str(text);
        }
    }

    fn push_entity(&self, html: &mut String, text: &str, entity: &Entity<'_>) {
        let symbol = entity.span.slice(text).and_then(|text| text.chars().next()).unwrap_or_default();
        match entity.kind {
            EntityKind::Url => self.push_url(html, entity),
            EntityKind::Hashtag => self.push_tag(html, entity, symbol, '#', self.hashtag_url_base),
            EntityKind::Cashtag => self.push_tag(html, entity, symbol, '$', self.cashtag_url_base),
            EntityKind::Mention | EntityKind::List => self.push_user(html, entity, symbol),
        }
    }

    fn push_url(&self, html: &mut String, entity: &Entity<'_>) {
        let mut attributes = self.html_attrs.clone();
        attributes.set("href", entity.text);
        if let Some(class) = self.url_class {
            attributes.set("class", class);
        }
        if let Some(target) = self.url_target {
            attributes.set("target", target);
        }
        let known = self.url_entities.iter().find(|url| url.url == entity.text && !url.display_url.is_empty());
        let inner_html = match known {
            Some(url) => {
                attributes.set("title", url.expanded_url);
                self.display_html(url)
            }
            None => escape_html(entity.text),
        };
        self.push_link(html, entity, &inner_html, attributes);
    }

    /// Returns the HTML inside the link for a shortened URL. It contains the complete URL for copying, of which only the
    /// part in `display_url` is visible.
    fn display_html(&self, url: &UrlEntity<'_>) -> String {
        let visible = url.display_url.replace('…', "");
        let Some((before, after)) = url.expanded_url.split_once(visible.as_str()) else {
            return escape_html(url.display_url);
        };
        let ellipsis = |cut| if cut { "…" } else { "" };
        let hidden = self.invisible_tag_attrs;
        format!(
            "<span class='tco-ellipsis'>{}<span {hidden}>&nbsp;</span></span><span {hidden}>{}</span>\
             <span class='js-display-url'>{}</span><span {hidden}>{}</span>\
             <span class='tco-ellipsis'><span {hidden}>&nbsp;</span>{}</span>",
            ellipsis(url.display_url.starts_with('…')),
            escape_html(before),
            escape_html(&visible),
            escape_html(after),
            ellipsis(url.display_url.ends_with('…')),
        )
    }

    fn push_tag(&self, html: &mut String, entity: &Entity<'_>, symbol: char, ascii: char, base: &str) {
        let hashtag = entity.kind == EntityKind::Hashtag;
        let mut attributes = self.html_attrs.clone();
        attributes.set("href", format!("{base}{}", entity.text));
        attributes.set("title", format!("{ascii}{}", entity.text));
        let rtl = if hashtag && entity.text.starts_with(is_rtl) { " rtl" } else { "" };
        let class = if hashtag { self.hashtag_class } else { self.cashtag_class };
        attributes.set("class", format!("{class}{rtl}"));
        let symbol = if hashtag { symbol } else { ascii };
        let inner_html = format!(
            "{}{}",
            wrap(self.symbol_tag, &escape_html(symbol.encode_utf8(&mut [0; 4]))),
            wrap(self.text_with_symbol_tag, &escape_html(entity.text))
        );
        self.push_link(html, entity, &inner_html, attributes);
    }

    fn push_user(&self, html: &mut String, entity: &Entity<'_>, symbol: char) {
        let mut attributes = self.html_attrs.clone();
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
        let symbol = wrap(self.symbol_tag, &escape_html(symbol.encode_utf8(&mut [0; 4])));
        let word = wrap(self.text_with_symbol_tag, &escape_html(word));
        if self.username_include_symbol {
            self.push_link(html, entity, &(symbol + &word), attributes);
        } else {
            html.push_str(&symbol);
            self.push_link(html, entity, &word, attributes);
        }
        html.push_str(rest);
    }

    fn push_link(&self, html: &mut String, entity: &Entity<'_>, inner_html: &str, mut attributes: Attributes) {
        if self.no_follow {
            attributes.set("rel", "nofollow");
        }
        if let Some(modify) = self.link_attribute_modifier {
            modify(entity, &mut attributes);
        }
        let modified = self.link_text_modifier.map(|modify| modify(entity, inner_html));
        let inner_html = modified.as_deref().unwrap_or(inner_html);
        html.push_str(&format!("<a{attributes}>{inner_html}</a>"));
    }
}

/// Links all entities of a text, except URLs without a scheme, with the default options of [`Autolink`].
pub fn auto_link(text: &str) -> String {
    Autolink::new().link(text)
}

/// Escapes a text for HTML content and quoted attributes.
pub fn escape_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match html_reference(c) {
            Some(reference) => html.push_str(reference),
            None => html.push(c),
        }
    }
    html
}

/// Returns the character reference for a character with a meaning in HTML.
pub(crate) fn html_reference(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    }
}

fn wrap(tag: Option<&str>, html: &str) -> String {
    tag.map_or_else(|| html.to_owned(), |tag| format!("<{tag}>{html}</{tag}>"))
}

/// Whether a character belongs to a right-to-left script.
fn is_rtl(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{FE70}'..='\u{FEFF}')
}
