//! HTML of objects and pages, which notebooks show.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chirrup::text::{HtmlOptions, escape_html, html_for_post, html_for_tweet};
use serde_json::Value as Json;

/// Maximum number of items that a notebook shows.
const MAX_ITEMS: usize = 20;
/// Maximum length of a value in a table, in characters.
const MAX_VALUE: usize = 100;

/// Returns the HTML of an object: a post as a quotation, any other object as a table of its members.
pub(crate) fn object(object: &Json, includes: &Json) -> String {
    if object["text"].is_string() || object["full_text"].is_string() {
        return post(object, includes);
    }
    let rows = object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>", escape_html(name), cell(value)));
    format!("<table>{}</table>", rows.collect::<String>())
}

/// Returns the HTML of a list: posts one below the other, other objects as rows of a table.
pub(crate) fn list(items: &[Json], includes: &Json) -> String {
    let shown = items.get(..MAX_ITEMS).unwrap_or(items);
    let mut html = if shown.iter().all(|item| item["text"].is_string() || item["full_text"].is_string()) {
        shown.iter().map(|item| post(item, includes)).collect()
    } else {
        table(shown)
    };
    if items.len() > shown.len() {
        let _ = write!(html, "<p>{} more</p>", items.len() - shown.len());
    }
    html
}

fn post(post: &Json, includes: &Json) -> String {
    let is_v1 = post["full_text"].is_string() || post["user"].is_object();
    let author = match is_v1 {
        true => Some(&post["user"]),
        false => includes["users"].as_array().into_iter().flatten().find(|user| user["id"] == post["author_id"]),
    };
    let options = HtmlOptions::new().class_prefix("chirrup");
    let text = if is_v1 { html_for_tweet(post, options) } else { html_for_post(post, includes, options) };
    let name = |member: &str| author.and_then(|author| author[member].as_str()).unwrap_or_default();
    let username = escape_html(if is_v1 { name("screen_name") } else { name("username") });
    let id = post["id_str"].as_str().or(post["id"].as_str()).unwrap_or_default();
    let time = escape_html(post["created_at"].as_str().unwrap_or(id));
    let mut html = "<blockquote>".to_owned();
    if !username.is_empty() {
        let _ = write!(html, "<b>{}</b> @{username} · ", escape_html(name("name")));
    }
    let id = escape_html(id);
    let _ = write!(html, "<a href=\"https://x.com/i/status/{id}\">{time}</a><br>{}", text.unwrap_or_default());
    html + "</blockquote>"
}

fn table(items: &[Json]) -> String {
    let names: BTreeSet<&String> = items.iter().filter_map(Json::as_object).flat_map(|item| item.keys()).collect();
    let heads: String = names.iter().map(|name| format!("<th>{}</th>", escape_html(name))).collect();
    let row = |item: &Json| {
        let cells: String = match item.is_object() {
            true => names.iter().map(|name| format!("<td>{}</td>", cell(&item[name.as_str()]))).collect(),
            false => format!("<td>{}</td>", cell(item)),
        };
        format!("<tr>{cells}</tr>")
    };
    format!("<table><tr>{heads}</tr>{}</table>", items.iter().map(row).collect::<String>())
}

fn cell(value: &Json) -> String {
    let text = match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let shown: String = text.chars().take(MAX_VALUE).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{rest}", escape_html(&shown))
}
