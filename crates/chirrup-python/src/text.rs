//! The module `chirrup.text`: the text rules of a post.

use chirrup::text::{
    self, Attributes, Autolink, CodePoint, Config, Extractor, HtmlOptions, IndexConverter, MissingText, Numbering,
    Span, UrlEntity, UrlOptions,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::argument::json;
use crate::count::Count;

/// Measures of a text by the rules that X uses.
#[pyclass(frozen, get_all, module = "chirrup.text")]
pub(crate) struct ParsedText {
    /// Weighted length: 23 for a link, 2 for an emoji.
    weighted_length: usize,
    /// Whether the text can be posted: not empty, not too long and without invalid characters.
    valid: bool,
    /// Used part of the limit, in thousandths.
    permillage: usize,
    /// Remaining length before the limit, negative if the text is too long.
    remaining: isize,
}

#[pymethods]
impl ParsedText {
    fn __repr__(&self) -> String {
        let Self { weighted_length, valid, remaining, .. } = self;
        let valid = if *valid { "True" } else { "False" };
        format!("ParsedText(weighted_length={weighted_length}, valid={valid}, remaining={remaining})")
    }
}

/// Entity found in a text: a hashtag, cashtag, mention, list or URL.
#[pyclass(frozen, get_all, module = "chirrup.text")]
pub(crate) struct Entity {
    /// Kind: `hashtag`, `cashtag`, `mention`, `list` or `url`.
    kind: &'static str,
    /// Index of the first character, which is the `@`, `#` or `$`.
    start: usize,
    /// Index after the last character.
    end: usize,
    /// Text without the leading `@`, `#` or `$`.
    text: String,
}

#[pymethods]
impl Entity {
    fn __repr__(&self) -> String {
        format!("Entity(kind='{}', start={}, end={}, text={:?})", self.kind, self.start, self.end, self.text)
    }
}

fn config(Count(limit): Count<usize>) -> Config {
    Config::V3.max_weighted_length(limit)
}

/// Measures a text: weighted length, validity, and the remaining length before the limit.
#[pyfunction]
#[pyo3(signature = (text, *, limit=Count(280)), text_signature = "(text, *, limit=280)")]
pub(crate) fn parse(text: &str, limit: Count<usize>) -> ParsedText {
    let parsed = text::parse_with(text, &config(limit));
    let (weighted_length, valid, permillage) = (parsed.weighted_length, parsed.valid, parsed.permillage);
    ParsedText { weighted_length, valid, permillage, remaining: parsed.remaining() }
}

/// Returns the weighted length of a text: 23 for a link, 2 for an emoji.
#[pyfunction]
pub(crate) fn weighted_length(text: &str) -> usize {
    text::weighted_length(text)
}

/// Returns the extractor of entities of these kinds; `None` for all.
fn extractor(kinds: Option<Vec<String>>) -> PyResult<Extractor> {
    let Some(kinds) = kinds else { return Ok(Extractor::all()) };
    kinds.iter().try_fold(Extractor::new(), |extractor, kind| match kind.as_str() {
        "mention" | "list" => Ok(extractor.mentions()),
        "hashtag" => Ok(extractor.hashtags()),
        "cashtag" => Ok(extractor.cashtags()),
        "url" => Ok(extractor.urls()),
        other => Err(PyValueError::new_err(format!("`{other}` is not mention, list, hashtag, cashtag or url"))),
    })
}

/// Finds the entities of a text in its order, of all kinds or of these. Mentions and lists are found together.
#[pyfunction]
#[pyo3(signature = (text, kinds=None, *, urls_without_protocol=true))]
pub(crate) fn extract(text: &str, kinds: Option<Vec<String>>, urls_without_protocol: bool) -> PyResult<Vec<Entity>> {
    let has_urls = kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| kind == "url"));
    let mut extractor = extractor(kinds)?;
    if has_urls {
        extractor = extractor.urls_without_protocol(urls_without_protocol);
    }
    let found = extractor.extract_with_indices::<CodePoint>(text);
    let entity = |(entity, span): (text::Entity<'_>, Span<CodePoint>)| Entity {
        kind: entity.kind.name(),
        start: span.start.0,
        end: span.end.0,
        text: entity.text.to_owned(),
    };
    Ok(found.into_iter().map(entity).collect())
}

/// Returns the username that a text replies to: that of a mention at its beginning.
#[pyfunction]
pub(crate) fn reply_screen_name(text: &str) -> Option<&str> {
    text::extract_reply_screen_name(text)
}

/// Sets options of links. Texts are those of `option`.
fn autolink<'a>(name: &str, value: &Bound<'_, PyAny>, text: &'a str, links: Autolink<'a>) -> PyResult<Autolink<'a>> {
    macro_rules! set {
        (texts: $($text:ident)*; flags: $($flag:ident)*) => {
            match name {
                $(stringify!($text) => Ok(links.$text(text)),)*
                $(stringify!($flag) => Ok(links.$flag(value.extract::<bool>()?)),)*
                other => Err(PyTypeError::new_err(format!("auto_link() got an unexpected keyword argument '{other}'"))),
            }
        };
    }
    set! {
        texts: url_class username_class list_class hashtag_class cashtag_class username_url_base list_url_base
            hashtag_url_base cashtag_url_base url_target symbol_tag text_with_symbol_tag invisible_tag_attrs;
        flags: username_include_symbol suppress_lists no_follow data_screen_name html_escape_non_entities
    }
}

/// Reads `entities.urls` of a post: texts of each URL as in the text, to display, and expanded.
fn read_urls(urls: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<[String; 3]>> {
    let Some(urls) = urls else { return Ok(Vec::new()) };
    let urls = json(urls)?;
    let member = |url: &serde_json::Value, name: &str| url[name].as_str().unwrap_or_default().to_owned();
    let urls = urls.as_array().into_iter().flatten();
    Ok(urls.map(|url| ["url", "display_url", "expanded_url"].map(|name| member(url, name))).collect())
}

/// Converts the entities of a text to HTML links, as the official libraries do.
///
/// urls: `entities.urls` of the post, whose `display_url` is shown.
/// html_attrs: attributes of every link, as a dictionary.
/// Other options are those of the official libraries: url_class, username_class, list_class, hashtag_class, cashtag_class,
/// username_url_base, list_url_base, hashtag_url_base, cashtag_url_base, url_target, symbol_tag, text_with_symbol_tag,
/// invisible_tag_attrs; and, as booleans, username_include_symbol, suppress_lists, no_follow, data_screen_name and
/// html_escape_non_entities.
#[pyfunction]
#[pyo3(signature = (text, *, urls=None, html_attrs=None, **options))]
pub(crate) fn auto_link(
    text: &str,
    urls: Option<&Bound<'_, PyAny>>,
    html_attrs: Option<&Bound<'_, PyDict>>,
    options: Option<&Bound<'_, PyDict>>,
) -> PyResult<String> {
    let urls = read_urls(urls)?;
    let entities: Vec<UrlEntity<'_>> = urls.iter().map(|[url, show, full]| UrlEntity::new(url, show, full)).collect();
    let mut attributes = Attributes::default();
    for (name, value) in html_attrs.into_iter().flatten() {
        attributes.set(name.extract::<String>()?, value.extract::<String>()?);
    }
    let options = options.into_iter().flatten().map(|(name, value)| {
        let text = value.str()?.to_string();
        Ok((name.extract::<String>()?, value, text))
    });
    let options = options.collect::<PyResult<Vec<_>>>()?;
    let links = Autolink::new().html_attrs(attributes).url_entities(&entities);
    let links = options.iter().try_fold(links, |links, (name, value, text)| autolink(name, value, text, links))?;
    Ok(links.link(text))
}

fn missing(error: MissingText) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Renders a post of API v2 as HTML. `includes` is that of its response, for reposted and quoted posts.
#[pyfunction]
#[pyo3(signature = (post, includes=None, *, use_display_url=true, use_expanded_url=false, expand_quoted_status=false, class_prefix="twython"))]
pub(crate) fn html_for_post(
    post: &Bound<'_, PyAny>,
    includes: Option<&Bound<'_, PyAny>>,
    use_display_url: bool,
    use_expanded_url: bool,
    expand_quoted_status: bool,
    class_prefix: &str,
) -> PyResult<String> {
    let includes = includes.map_or(Ok(Default::default()), json)?;
    let options = HtmlOptions::new().use_display_url(use_display_url).use_expanded_url(use_expanded_url);
    let options = options.expand_quoted_status(expand_quoted_status).class_prefix(class_prefix);
    text::html_for_post(&json(post)?, &includes, options).map_err(missing)
}

/// Renders a post of API v1.1 as HTML.
#[pyfunction]
#[pyo3(signature = (tweet, *, use_display_url=true, use_expanded_url=false, expand_quoted_status=false, class_prefix="twython"))]
pub(crate) fn html_for_tweet(
    tweet: &Bound<'_, PyAny>,
    use_display_url: bool,
    use_expanded_url: bool,
    expand_quoted_status: bool,
    class_prefix: &str,
) -> PyResult<String> {
    let options = HtmlOptions::new().use_display_url(use_display_url).use_expanded_url(use_expanded_url);
    let options = options.expand_quoted_status(expand_quoted_status).class_prefix(class_prefix);
    text::html_for_tweet(&json(tweet)?, options).map_err(missing)
}

/// Escapes the characters of a text that have a meaning in HTML.
#[pyfunction]
pub(crate) fn escape_html(text: &str) -> String {
    text::escape_html(text)
}

/// Wraps ranges of the visible characters of an HTML text in elements. A range is a pair of its start and its end.
#[pyfunction]
#[pyo3(signature = (html, hits, tag="em"))]
pub(crate) fn highlight(html: &str, hits: Vec<(usize, usize)>, tag: &str) -> String {
    let hits: Vec<Span<CodePoint>> = hits.into_iter().map(|(start, end)| Span::new(start, end)).collect();
    text::highlight_with(html, &hits, tag)
}

/// Truncates a text to the limit, and appends an ending, such as `…`, if it is too long.
#[pyfunction]
#[pyo3(signature = (text, *, limit=Count(280), ending=""), text_signature = "(text, *, limit=280, ending='')")]
pub(crate) fn truncate(text: &str, limit: Count<usize>, ending: &str) -> String {
    text::truncate_with(text, &config(limit), ending).into_owned()
}

/// Splits a text into the posts of a thread. `numbering` is `after`, `before` or None.
#[pyfunction]
#[pyo3(signature = (text, *, limit=Count(280), numbering=Some("after")), text_signature = "(text, *, limit=280, numbering='after')")]
pub(crate) fn split(text: &str, limit: Count<usize>, numbering: Option<&str>) -> PyResult<Vec<String>> {
    let numbering = match numbering {
        Some("after") => Numbering::After,
        Some("before") => Numbering::Before,
        None => Numbering::None,
        Some(other) => return Err(PyValueError::new_err(format!("numbering: `{other}` is not after or before"))),
    };
    Ok(text::split(text, &config(limit), numbering))
}

/// Returns whether a text can be posted: not empty, not too long and without invalid characters.
#[pyfunction]
pub(crate) fn is_valid_text(text: &str) -> bool {
    text::is_valid_text(text)
}

/// Returns whether this is a username with its `@`.
#[pyfunction]
pub(crate) fn is_valid_username(text: &str) -> bool {
    text::is_valid_username(text)
}

/// Returns whether this is the name of a list: `@name/list`.
#[pyfunction]
pub(crate) fn is_valid_list(text: &str) -> bool {
    text::is_valid_list(text)
}

/// Returns whether this is a hashtag with its `#`.
#[pyfunction]
pub(crate) fn is_valid_hashtag(text: &str) -> bool {
    text::is_valid_hashtag(text)
}

/// Returns whether a complete text is a valid URL.
#[pyfunction]
#[pyo3(signature = (text, *, unicode_domains=true, require_protocol=true))]
pub(crate) fn is_valid_url(text: &str, unicode_domains: bool, require_protocol: bool) -> bool {
    let options = UrlOptions::default().unicode_domains(unicode_domains).require_protocol(require_protocol);
    text::is_valid_url(text, options)
}

/// Removes the characters that control a terminal, such as those in a post of another user.
#[pyfunction]
pub(crate) fn strip_terminal_controls(text: &str) -> String {
    text::strip_terminal_controls(text).into_owned()
}

/// Returns the index in characters of a position in bytes.
pub(crate) fn character(text: &str, byte: usize) -> usize {
    IndexConverter::<CodePoint>::new(text).index(text::Byte(byte)).0
}
