//! A post as HTML, from the entities that the API sent with it.
//!
//! Works on the JSON of either API: a v1.1 status ([`html_for_tweet`]) or a v2 post ([`html_for_post`]). The text of both is
//! escaped already and passes unchanged; names and addresses are escaped here.

use serde_json::Value;
use std::fmt::{self, Write as _};
use std::ops::Range;

/// How a post is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HtmlOptions<'a> {
    /// Show the short form of a link, such as `example.org/long…`. On at first.
    pub use_display_url: bool,
    /// Show the whole address that a link leads to; goes before the short form.
    pub use_expanded_url: bool,
    /// Append the post that this one quotes.
    pub expand_quoted_status: bool,
    /// What all classes begin with: `twython` at first, so that style sheets for that library go on working.
    pub class_prefix: &'a str,
}

impl Default for HtmlOptions<'_> {
    fn default() -> Self {
        Self { use_display_url: true, use_expanded_url: false, expand_quoted_status: false, class_prefix: "twython" }
    }
}

/// A post cannot be shown: its JSON holds no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoText;

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the post holds no text: pass the JSON of a whole post, with `text` or `full_text`")
    }
}

impl std::error::Error for NoText {}

/// A v1.1 status as HTML. Of a retweet, the retweeted status is shown; of a long one, the whole text.
///
/// Mentions, hashtags, cashtags, links and the first picture become links, the mentions that a reply begins with and the
/// links that a client hides stand in a `span` of their own.
///
/// # Errors
/// [`NoText`] where the status has neither `full_text` nor `text`.
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
pub fn html_for_tweet(status: &Value, options: HtmlOptions<'_>) -> Result<String, NoText> {
    let status = truthy(status, "retweeted_status").unwrap_or(status);
    let source = truthy(status, "extended_tweet").unwrap_or(status);
    let entities = source.get("entities").unwrap_or(&Value::Null);
    let mut html = Html::new(source, options)?;
    for mention in list(entities, "user_mentions") {
        html.mention(indices(mention), string(mention, "screen_name"));
    }
    for tag in list(entities, "hashtags") {
        html.tag(indices(tag), string(tag, "text"), Tag::HASH);
    }
    for tag in list(entities, "symbols") {
        html.tag(indices(tag), string(tag, "text"), Tag::CASH);
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
        let inner = html_for_tweet(quoted, HtmlOptions { expand_quoted_status: false, ..options })?;
        let user = quoted.get("user").unwrap_or(&Value::Null);
        out += &quote(&inner, user, "screen_name", string(quoted, "id_str"), options);
    }
    Ok(out)
}

/// A v2 post as HTML, in the same form.
///
/// `includes` is what came beside the post: the post that it reposts or quotes and the author of that are looked for
/// there. Ask for the field `entities`, and for the expansions of referenced posts and their authors.
///
/// # Errors
/// [`NoText`] where the post has no `text`.
pub fn html_for_post(post: &Value, includes: &Value, options: HtmlOptions<'_>) -> Result<String, NoText> {
    let post = referenced(post, includes, "retweeted").unwrap_or(post);
    let source = truthy(post, "note_tweet").or_else(|| truthy(post, "note_post")).unwrap_or(post);
    let entities = source.get("entities").or_else(|| post.get("entities")).unwrap_or(&Value::Null);
    let mut html = Html::new(source, options)?;
    for mention in list(entities, "mentions") {
        html.mention(start_end(mention), string(mention, "username"));
    }
    for tag in list(entities, "hashtags") {
        html.tag(start_end(tag), string(tag, "tag"), Tag::HASH);
    }
    for tag in list(entities, "cashtags") {
        html.tag(start_end(tag), string(tag, "tag"), Tag::CASH);
    }
    for url in list(entities, "urls") {
        let class = if truthy(url, "media_key").is_some() { "media" } else { "url" };
        html.url(start_end(url), url, class);
    }
    let mut out = html.finish();
    let quoted = referenced(post, includes, "quoted").filter(|_| options.expand_quoted_status);
    if let Some(quoted) = quoted {
        let inner = html_for_post(quoted, includes, HtmlOptions { expand_quoted_status: false, ..options })?;
        let author = string(quoted, "author_id");
        let user = list(includes, "users").find(|user| string(user, "id") == author).unwrap_or(&Value::Null);
        out += &quote(&inner, user, "username", string(quoted, "id"), options);
    }
    Ok(out)
}

/// The post that this one refers to in such a way, from what came beside it.
fn referenced<'v>(post: &Value, includes: &'v Value, kind: &str) -> Option<&'v Value> {
    let mut references = list(post, "referenced_tweets").chain(list(post, "referenced_posts"));
    let id = string(references.find(|reference| string(reference, "type") == kind)?, "id");
    list(includes, "tweets").chain(list(includes, "posts")).find(|post| string(post, "id") == id)
}

fn quote(inner: &str, user: &Value, handle: &str, id: &str, options: HtmlOptions<'_>) -> String {
    let (prefix, name, handle) = (options.class_prefix, safe(string(user, "name")), safe(string(user, handle)));
    format!(
        "<blockquote class=\"{prefix}-quote\">{inner}<cite><a href=\"https://twitter.com/{handle}/status/{}\">\
         <span class=\"{prefix}-quote-user-name\">{name}</span>\
         <span class=\"{prefix}-quote-user-screenname\">@{handle}</span></a></cite></blockquote>",
        safe(id)
    )
}

/// How a tag is written, and how its sign is written in an address.
struct Tag(char, &'static str, &'static str);

impl Tag {
    const HASH: Self = Self('#', "%23", "hashtag");
    const CASH: Self = Self('$', "%24", "symbol");
}

/// A text and what its parts become. All places are code points.
struct Html<'a> {
    text: &'a str,
    display: Range<usize>,
    links: Vec<(Range<usize>, String)>,
    options: HtmlOptions<'a>,
}

impl<'a> Html<'a> {
    fn new(source: &'a Value, options: HtmlOptions<'a>) -> Result<Self, NoText> {
        let full = Some(string(source, "full_text")).filter(|text| !text.is_empty());
        let text = full.or_else(|| source.get("text")?.as_str()).ok_or(NoText)?;
        let display = source.get("display_text_range").and_then(range).unwrap_or(0..usize::MAX);
        Ok(Self { text, display, links: Vec::new(), options })
    }

    fn mention(&mut self, at: Option<Range<usize>>, name: &str) {
        let name = safe(name);
        self.link(at, &format!("https://twitter.com/{name}"), "mention", &format!("@{name}"));
    }

    fn tag(&mut self, at: Option<Range<usize>>, word: &str, Tag(sign, code, class): Tag) {
        let word = safe(word);
        self.link(at, &format!("https://twitter.com/search?q={code}{word}"), class, &format!("{sign}{word}"));
    }

    fn url(&mut self, at: Option<Range<usize>>, entity: &Value, class: &str) {
        let (url, short, long) = (string(entity, "url"), string(entity, "display_url"), string(entity, "expanded_url"));
        let shown = match self.options {
            HtmlOptions { use_expanded_url: true, .. } if !long.is_empty() => long,
            HtmlOptions { use_expanded_url: false, use_display_url: true, .. } if !short.is_empty() => short,
            _ => url,
        };
        self.link(at, &safe(url), class, &safe(shown));
    }

    fn link(&mut self, at: Option<Range<usize>>, href: &str, class: &str, shown: &str) {
        if let Some(at) = at {
            let prefix = self.options.class_prefix;
            self.links.push((at, format!("<a href=\"{href}\" class=\"{prefix}-{class}\">{shown}</a>")));
        }
    }

    /// Puts all together. Of links that overlap, the first stays; what does not fit the text is left out.
    fn finish(mut self) -> String {
        self.links.sort_by_key(|(at, _)| at.start);
        let [mut prefix, mut display, mut suffix] = [const { String::new() }; 3];
        let mut links = self.links.iter().peekable();
        let count = self.text.chars().count();
        let mut skip_to = 0;
        for (at, c) in self.text.chars().enumerate() {
            if at < skip_to {
                continue;
            }
            let part = match at {
                _ if at < self.display.start => &mut prefix,
                _ if at < self.display.end => &mut display,
                _ => &mut suffix,
            };
            while links.next_if(|(link, _)| link.start < at).is_some() {}
            match links.next_if(|(link, _)| link.start == at && link.end > at && link.end <= count) {
                Some((link, html)) => {
                    part.push_str(html);
                    skip_to = link.end;
                }
                None => part.push(c),
            }
        }
        let mut out = String::with_capacity(self.text.len() * 2);
        let class = self.options.class_prefix;
        for (part, name) in [(prefix, Some("prefix")), (display, None), (suffix, Some("suffix"))] {
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

/// Escapes what the API sends unescaped: names and addresses. What is escaped already stays as it is.
fn safe(text: &str) -> String {
    const ESCAPED: [&str; 5] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '&' if ESCAPED.iter().any(|escaped| text[at..].starts_with(escaped)) => out.push(c),
            c => out.push_str(&crate::links::escape(c.encode_utf8(&mut [0; 4]))),
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

/// A member that is there and neither null nor false nor empty.
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
    Some(place(pair.get(0)?)?..place(pair.get(1)?)?)
}

fn start_end(entity: &Value) -> Option<Range<usize>> {
    Some(place(entity.get("start")?)?..place(entity.get("end")?)?)
}

fn place(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}
