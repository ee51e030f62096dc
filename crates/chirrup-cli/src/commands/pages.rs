//! Fetching of several pages as one response.

use chirrup::model::Includes;
use chirrup::{Pages, ResponseData};
use serde_json::{Map, Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;
use crate::progress;

/// Items of several pages, decoded and as JSON.
pub(super) struct Combined<T> {
    pub(super) items: Vec<T>,
    pub(super) includes: Includes,
    pub(super) json: Json,
}

/// Fetches pages until there are `limit` items.
pub(super) async fn fetch<T>(
    mut pages: Pages<Vec<T>>,
    limit: usize,
    noun: &'static str,
    printer: &Printer,
) -> Result<Combined<T>, CliError>
where
    Vec<T>: ResponseData,
{
    let bar = progress::counter(noun, limit, printer.quiet());
    let mut all = Combined { items: Vec::new(), includes: Includes::default(), json: json!({"data": []}) };
    while all.items.len() < limit {
        let next = pages.next_page().await;
        if let Some(plan) = printer.plan() {
            plan.repeat_for_items(limit);
        }
        let Some(page) = next else {
            break;
        };
        let page = page?;
        let missing = limit - all.items.len();
        merge_json(&mut all.json, page.json(), missing);
        all.items.extend(page.data.into_iter().take(missing));
        all.includes.merge(page.includes);
        bar.set_position(all.items.len() as u64);
    }
    bar.finish_and_clear();
    let mut meta = json!({"result_count": all.items.len()});
    if let Some(token) = pages.token() {
        meta["next_token"] = token.into();
    }
    all.json["meta"] = meta;
    Ok(all)
}

/// Appends a page to the combined JSON, with at most `max_items` of its items.
fn merge_json(all: &mut Json, mut page: Json, max_items: usize) {
    if let (Some(data), Some(Json::Array(items))) = (all["data"].as_array_mut(), page.get_mut("data")) {
        data.extend(items.drain(..).take(max_items));
    }
    if let Some(Json::Array(errors)) = page.get_mut("errors").map(Json::take) {
        match all.get_mut("errors").and_then(Json::as_array_mut) {
            Some(known) => known.extend(errors),
            None => all["errors"] = Json::Array(errors),
        }
    }
    let Some(Json::Object(includes)) = page.get_mut("includes").map(Json::take) else {
        return;
    };
    if all.get("includes").is_none() {
        all["includes"] = Json::Object(Map::new());
    }
    for (name, list) in includes {
        let Json::Array(list) = list else { continue };
        let known = &mut all["includes"][&name];
        if known.is_null() {
            *known = json!([]);
        }
        if let Some(known) = known.as_array_mut() {
            for item in list {
                if !known.contains(&item) {
                    known.push(item);
                }
            }
        }
    }
}
