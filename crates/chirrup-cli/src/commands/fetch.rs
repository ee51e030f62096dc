//! Fetching as many items as were asked for, page by page, with all that came along.

use chirrup::model::Includes;
use chirrup::{Pages, ResponseData};
use serde_json::{Map, Value as Json, json};

use crate::exit::Failed;
use crate::print::Printer;
use crate::progress::counter;

/// Items of several pages as one reply: typed, and as the server sent them.
pub(super) struct Fetched<T> {
    pub(super) items: Vec<T>,
    pub(super) includes: Includes,
    pub(super) json: Json,
}

/// Fetches up to `limit` items.
pub(super) async fn fetch<T>(
    mut pages: Pages<Vec<T>>,
    limit: usize,
    what: &'static str,
    printer: &Printer,
) -> Result<Fetched<T>, Failed>
where
    Vec<T>: ResponseData,
{
    let bar = counter(what, limit, printer.quiet());
    let mut all = Fetched { items: Vec::new(), includes: Includes::default(), json: json!({"data": []}) };
    while all.items.len() < limit {
        let next = pages.next_page().await;
        if let Some(plan) = printer.plan() {
            plan.goes_on_for(limit);
        }
        let Some(page) = next else {
            break;
        };
        let page = page?;
        let room = limit - all.items.len();
        add_page(&mut all.json, page.json(), room);
        all.items.extend(page.data.into_iter().take(room));
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

fn add_page(all: &mut Json, mut page: Json, room: usize) {
    if let (Some(data), Some(Json::Array(more))) = (all["data"].as_array_mut(), page.get_mut("data")) {
        data.extend(more.drain(..).take(room));
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
