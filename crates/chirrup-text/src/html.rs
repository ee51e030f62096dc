//! Posts as HTML, with links for the entities that the API returned.
//!
//! The input is the JSON of either API: a status of API v1.1 ([`html_for_tweet`]) or a post of API v2
//! ([`html_for_post`]). The API escapes the text of a post, so the text is kept as it is; names and URLs are escaped here.

use crate::autolink::html_reference;
use serde_json::Value;
use std::fmt::{self, Write as _};
use std::ops::Range;

/// Options of [`html_for_tweet`] and [`html_for_post`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HtmlOptions<'a> {
    use_display_url: bool,
    use_expanded_url: bool,
    expand_quoted_status: bool,
    class_prefix: &'a str,
}

impl Default for HtmlOptions<'_> {
    fn default() -> Self {
        Self { use_display_url: true, use_expanded_url: false, expand_quoted_status: false, class_prefix: "twython" }
    }
}

impl<'a> HtmlOptions<'a> {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// Sets whether links show the short form of a URL, such as `example.org/long…`. The default is `true`.
        use_display_url: bool,
        /// Sets whether links show the complete target URL instead of the short form. The default is `false`.
        use_expanded_url: bool,
        /// Sets whether a quoted post is appended. The default is `false`.
        expand_quoted_status: bool,
        /// Sets the prefix of all class names. The default is `twython`, which suits style sheets for that library.
        class_prefix: &'a str,
    }
}

/// Error of [`html_for_tweet`] and [`html_for_post`]: the JSON of the post contains no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingText;

impl fmt::Display for MissingText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot render the post: its JSON has neither `text` nor `full_text`")
    }
}

impl std::error::Error for MissingText {}

/// Renders a status of API v1.1 as HTML. For a retweet, this is the retweeted status; for an extended one, its full text.
///
/// Mentions, hashtags, cashtags, URLs and the first media item become links. The leading mentions of a reply and the
/// trailing URLs that clients hide are each inside a `span` element.
///
/// # Errors
/// [`MissingText`] if the status has neither `full_text` nor `text`.
///
/// ```
/// use chirrup_text::{HtmlOptions, html_for_tweet};
/// use serde_json::json;
///
/// let status = json!({
///     "text": "I like #rust",
///     "entities": { "hashtags": [{ "text": "rust", "indices": [7, 12] }] },
/// });
/// assert_eq!(
///     html_for_tweet(&status, HtmlOptions::default()).unwrap(),
///     r#"I like <a href="https://twitter.com/search?q=%23rust" class="twython-hashtag">#rust</a>"#
/// );
/// ```
pub fn html_for_tweet(status: &Value, options: HtmlOptions<'_>) -> Result<String, MissingText> {
    let status = truthy(status, "retweeted_status").unwrap_or(status);
    let source = truthy(status, "extended_tweet").unwrap_or(status);
    let entities = source.get("entities").unwrap_or(&Value::Null);
    let mut html = HtmlBuilder::new(source, options)?;
    for mention in list(entities, "user_mentions") {
        html.mention(indices(mention), string(mention, "screen_name"));
    }
    for tag in list(entities, "hashtags") {
        html.tag(indices(tag), string(tag, "text"), Tag::HASHTAG);
    }
    for tag in list(entities, "symbols") {
        html.tag(indices(tag), string(tag, "text"), Tag::CASHTAG);
    }
    for url in list(entities, "urls") {
        html.url(indices(url), url, "url");
    }
    for media in list(entities, "media").take(1) {
        html.url(indices(media), media, "media");
    }
    let mut out = html.finish();
    let either = |name| truthy(source, name).or_else(|| truthy(status, name));
    let quoted = either("is_quote_status").and_then(|_| either("quoted_status"));
    if let Some(quoted) = quoted.filter(|_| options.expand_quoted_status) {
        let inner = html_for_tweet(quoted, options.expand_quoted_status(false))?;
        let user = quoted.get("user").unwrap_or(&Value::Null);
        out += &quote(&inner, user, "screen_name", string(quoted, "id_str"), options);
    }
    Ok(out)
}

/// Renders a post of API v2 as HTML, in the form of [`html_for_tweet`].
///
/// `includes` is the object of that name in the same response. It provides reposted and quoted posts and their authors:
/// request the post field `entities` and the expansions of referenced posts and their authors.
///
/// # Errors
/// [`MissingText`] if the post has no `text`.
pub fn html_for_post(post: &Value, includes: &Value, options: HtmlOptions<'_>) -> Result<String, MissingText> {
    let post = referenced(post, includes, "retweeted").unwrap_or(post);
    let source = truthy(post, "note_tweet").or_else(|| truthy(post, "note_post")).unwrap_or(post);
    let entities = source.get("entities").or_else(|| post.get("entities")).unwrap_or(&Value::Null);
    let mut html = HtmlBuilder::new(source, options)?;
    for mention in list(entities, "mentions") {
        html.mention(start_end(mention), string(mention, "username"));
    }
    for tag in list(entities, "hashtags") {
        html.tag(start_end(tag), string(tag, "tag"), Tag::HASHTAG);
    }
    for tag in list(entities, "cashtags") {
        html.tag(start_end(tag), string(tag, "tag"), Tag::CASHTAG);
    }
    for url in list(entities, "urls") {
        let class = if truthy(url, "media_key").is_some() { "media" } else { "url" };
        html.url(start_end(url), url, class);
    }
    let mut out = html.finish();
    let quoted = referenced(post, includes, "quoted").filter(|_| options.expand_quoted_status);
    if let Some(quoted) = quoted {
        let inner = html_for_post(quoted, includes, options.expand_quoted_status(false))?;
        let author = string(quoted, "author_id");
        let user = list(includes, "users").find(|user| string(user, "id") == author).unwrap_or(&Value::Null);
        out += &quote(&inner, user, "username", string(quoted, "id"), options);
    }
    Ok(out)
}

/// Returns the post in `includes` to which this one has a reference of this kind.
fn referenced<'v>(post: &Value, includes: &'v Value, kind: &str) -> Option<&'v Value> {
    let mut references = list(post, "referenced_tweets").chain(list(post, "referenced_posts"));
    let id = string(references.find(|reference| string(reference, "type") == kind)?, "id");
    list(includes, "tweets").chain(list(includes, "posts")).find(|post| string(post, "id") == id)
}

fn quote(inner: &str, user: &Value, handle: &str, id: &str, options: HtmlOptions<'_>) -> String {
    let (prefix, name, handle) = (options.class_prefix, escape(string(user, "name")), escape(string(user, handle)));
    format!(
        "<blockquote class=\"{prefix}-quote\">{inner}<cite><a href=\"https://twitter.com/{handle}/status/{}\">\
         <span class=\"{prefix}-quote-user-name\">{name}</span>\
         <span class=\"{prefix}-quote-user-screenname\">@{handle}</span></a></cite></blockquote>",
        escape(id)
    )
}

/// Kind of tag: its symbol, percent-encoded symbol and class name.
struct Tag(char, &'static str, &'static str);

impl Tag {
    const HASHTAG: Self = Self('#', "%23", "hashtag");
    const CASHTAG: Self = Self('$', "%24", "symbol");
}

/// Builder for the HTML of a text. All positions are code points.
struct HtmlBuilder<'a> {
    text: &'a str,
    display_range: Range<usize>,
    links: Vec<(Range<usize>, String)>,
    options: HtmlOptions<'a>,
}

impl<'a> HtmlBuilder<'a> {
    fn new(source: &'a Value, options: HtmlOptions<'a>) -> Result<Self, MissingText> {
        let full = Some(string(source, "full_text")).filter(|text| !text.is_empty());
        let text = full.or_else(|| source.get("text")?.as_str()).ok_or(MissingText)?;
        let display_range = source.get("display_text_range").and_then(range).unwrap_or(0..usize::MAX);
        Ok(Self { text, display_range, links: Vec::new(), options })
    }

    fn mention(&mut self, at: Option<Range<usize>>, name: &str) {
        let name = escape(name);
        self.link(at, &format!("https://twitter.com/{name}"), "mention", &format!("@{name}"));
    }

    fn tag(&mut self, at: Option<Range<usize>>, word: &str, Tag(symbol, encoded, class): Tag) {
        let word = escape(word);
        self.link(at, &format!("https://twitter.com/search?q={encoded}{word}"), class, &format!("{symbol}{word}"));
    }

    fn url(&mut self, at: Option<Range<usize>>, entity: &Value, class: &str) {
        let url = string(entity, "url");
        let (display_url, expanded_url) = (string(entity, "display_url"), string(entity, "expanded_url"));
        let link_text = match self.options {
            HtmlOptions { use_expanded_url: true, .. } if !expanded_url.is_empty() => expanded_url,
            HtmlOptions { use_expanded_url: false, use_display_url: true, .. } if !display_url.is_empty() => {
                display_url
            }
            _ => url,
        };
        self.link(at, &escape(url), class, &escape(link_text));
    }

    fn link(&mut self, at: Option<Range<usize>>, href: &str, class: &str, link_text: &str) {
        if let Some(at) = at {
            let prefix = self.options.class_prefix;
            self.links.push((at, format!("<a href=\"{href}\" class=\"{prefix}-{class}\">{link_text}</a>")));
        }
    }

    /// Returns the HTML. A link that overlaps an earlier one or is not within the text is ignored.
    fn finish(mut self) -> String {
        self.links.sort_by_key(|(at, _)| at.start);
        let [mut prefix, mut displayed, mut suffix] = [const { String::new() }; 3];
        let mut links = self.links.iter().peekable();
        let count = self.text.chars().count();
        let mut skip_to = 0;
        for (at, c) in self.text.chars().enumerate() {
            if at < skip_to {
                continue;
            }
            let part = match at {
                _ if at < self.display_range.start => &mut prefix,
                _ if at < self.display_range.end => &mut displayed,
                _ => &mut suffix,
            };
            while links.next_if(|(link, _)| link.start < at).is_some() {}
            match links.next_if(|(link, _)| link.start == at && link.end > at && link.end <= count) {
                Some((link, html)) => {
                    part.push_str(html);
                    skip_to = link.end;
                }
                // The API escapes these; what is left of them must not become markup.
                None if matches!(c, '<' | '>') => part.push_str(if c == '<' { "&lt;" } else { "&gt;" }),
                None => part.push(c),
            }
        }
        let mut out = String::with_capacity(self.text.len() * 2);
        let class = self.options.class_prefix;
        for (part, name) in [(prefix, Some("prefix")), (displayed, None), (suffix, Some("suffix"))] {
            match name {
                Some(name) if !part.is_empty() => {
                    let _ = write!(out, "<span class=\"{class}-tweet-{name}\">{part}</span>");
                }
                _ => out.push_str(&part),
            }
        }
        out
    }
}

/// Escapes a name or URL, except for references to characters that are already escaped.
fn escape(text: &str) -> String {
    const ESCAPED: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
    let is_escaped = |at: usize| ESCAPED.iter().any(|escaped| text[at..].starts_with(escaped));
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match html_reference(c) {
            Some(reference) if c != '&' || !is_escaped(at) => out.push_str(reference),
            _ => out.push(c),
        }
    }
    out
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default().iter()
}

fn string<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Returns a member unless it is `null`, `false` or empty.
fn truthy<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|member| match member {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    })
}

fn indices(entity: &Value) -> Option<Range<usize>> {
    range(entity.get("indices")?)
}

fn range(pair: &Value) -> Option<Range<usize>> {
    Some(index(pair.get(0)?)?..index(pair.get(1)?)?)
}

fn start_end(entity: &Value) -> Option<Range<usize>> {
    Some(index(entity.get("start")?)?..index(entity.get("end")?)?)
}

fn index(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}
