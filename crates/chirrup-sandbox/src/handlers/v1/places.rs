//! Places and trends.

use chirrup_api::v1::geo::{CreatePlace, GetPlace, ReverseGeocode, SearchGeo, SimilarPlaces};
use chirrup_api::v1::trends::{AvailableTrends, ClosestTrends, TrendsAt};
use serde_json::{Value as Json, json};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
use crate::response::v1_errors::{error, page_not_found};
use crate::response::v1_objects::place_json;
use crate::world::bounding_box;

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetPlace::ENDPOINT, place),
    (ReverseGeocode::ENDPOINT, search_places),
    (SearchGeo::ENDPOINT, search_places),
    (SimilarPlaces::ENDPOINT, search_places),
    (CreatePlace::ENDPOINT, create_place),
    (TrendsAt::ENDPOINT, trends),
    (AvailableTrends::ENDPOINT, available_trends),
    (ClosestTrends::ENDPOINT, closest_trends),
];

fn place(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let place = ctx.world.place(ctx.text("place_id"))?.ok_or_else(page_not_found)?;
    Ok((200, detailed_place(ctx, &place)?.into()))
}

/// A place by itself, which has more keys than a result of a search.
fn detailed_place(ctx: &RequestContext<'_>, place: &Json) -> Result<Json, ApiError> {
    let mut full = searched_place(ctx, place)?;
    full["geometry"] = Json::Null;
    full["polylines"] = json!([]);
    full["attributes"] = json!({"geotagCount": "2"});
    Ok(full)
}

/// A result of a search for places, in the places that contain it.
fn searched_place(ctx: &RequestContext<'_>, place: &Json) -> Result<Json, ApiError> {
    let mut found = area(place);
    let mut parents = Vec::new();
    for parent in place["contained_within"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        parents.extend(ctx.world.place(parent)?.as_ref().map(area));
    }
    found["contained_within"] = parents.into();
    Ok(found)
}

/// A place with its center and a closed ring around it.
fn area(place: &Json) -> Json {
    let mut area = place_json(place);
    if let Some([west, south, east, north]) = bounding_box(place) {
        let ring = json!([[west, south], [west, north], [east, north], [east, south], [west, south]]);
        area["bounding_box"]["coordinates"] = json!([ring]);
        area["centroid"] = json!([f64::midpoint(west, east), f64::midpoint(south, north)]);
    }
    area
}

/// Rank of a type of place by its size.
fn size_rank(kind: &str) -> u8 {
    match kind {
        "neighborhood" => 1,
        "city" => 2,
        "admin" => 3,
        "country" => 4,
        _ => 0,
    }
}

/// Whether a place is in another, directly or not.
fn is_within(ctx: &RequestContext<'_>, place: &Json, outer: &str) -> Result<bool, ApiError> {
    for parent in place["contained_within"].as_array().into_iter().flatten() {
        let Some(parent) = ctx.world.place(str_of(parent, "id"))? else { continue };
        if str_of(&parent, "id") == outer || is_within(ctx, &searched_place(ctx, &parent)?, outer)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Latitude and longitude in the request, if it has both.
fn point(ctx: &RequestContext<'_>) -> Result<Option<(f64, f64)>, ApiError> {
    let degrees = |name: &str| ctx.call.text(name).map(|text| text.parse::<f64>().unwrap_or(f64::NAN));
    let (Some(lat), Some(long)) = (degrees("lat"), degrees("long")) else { return Ok(None) };
    if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&long) {
        return Ok(Some((lat, long)));
    }
    Err(error(400, 3, "Invalid coordinates."))
}

/// Square of the distance of a place from a point, in degrees.
fn squared_distance(place: &Json, (lat, long): (f64, f64)) -> f64 {
    let coordinate = |at: usize| place["centroid"][at].as_f64().unwrap_or(f64::MAX / 4.0);
    (coordinate(0) - long).powi(2) + (coordinate(1) - lat).powi(2)
}

/// Whether the bounding box of a place contains a point.
fn contains(place: &Json, (lat, long): (f64, f64)) -> bool {
    let corner =
        |at: usize, axis: usize| place["bounding_box"]["coordinates"][0][at][axis].as_f64().unwrap_or(f64::NAN);
    (corner(0, 0)..=corner(2, 0)).contains(&long) && (corner(0, 1)..=corner(2, 1)).contains(&lat)
}

/// The parameters that X repeats in its response to a search for places.
fn geo_params(ctx: &RequestContext<'_>, kind: &str, point: Option<(f64, f64)>) -> Json {
    let text = |name: &str| ctx.call.text(name);
    let number = |name: &str| text(name).and_then(|text| text.parse::<f64>().ok());
    let coordinates = point.map(|(lat, long)| json!({"type": "Point", "coordinates": [long, lat]}));
    if kind == "reverse_geocode" {
        return json!({
            "accuracy": number("accuracy").unwrap_or_default(), "coordinates": coordinates,
            "granularity": text("granularity").unwrap_or("neighborhood"),
        });
    }
    json!({
        "coordinates": coordinates, "accuracy": number("accuracy"), "granularity": text("granularity").unwrap_or_default(),
        "query": text("query"), "autocomplete": null, "name": text("name"), "contained_within": text("contained_within"),
        "strict": ctx.flag("strict").unwrap_or_default(),
    })
}

/// Address of the request, which X repeats too.
fn geo_url(ctx: &RequestContext<'_>) -> String {
    let path = ctx.call.endpoint.map_or("", |endpoint| endpoint.path);
    format!("https://api.twitter.com{path}?{}", ctx.sent.trim_matches('&'))
}

fn search_places(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let words = ctx.call.text("query").or(ctx.call.text("name")).unwrap_or_default().to_lowercase();
    let (point, ip) = (point(ctx)?, ctx.call.text("ip").is_some());
    if words.is_empty() && point.is_none() && !ip {
        return Err(error(400, 12, "You must provide valid coordinates, IP address, query, or attributes."));
    }
    let file = ctx.call.endpoint.and_then(|endpoint| endpoint.path.rsplit('/').next()).unwrap_or_default();
    let kind = file.trim_end_matches(".json");
    let all = ctx.world.places()?;
    let mut places = all.iter().map(|place| searched_place(ctx, place)).collect::<Result<Vec<_>, _>>()?;
    if kind == "similar_places" {
        // One common word is enough, not far away.
        let is_similar =
            |name: &str| name.split_whitespace().any(|own| words.split_whitespace().any(|word| own == word));
        places.retain(|place| is_similar(&str_of(place, "name").to_lowercase()));
        places.retain(|place| point.is_none_or(|point| squared_distance(place, point) < 4.0));
    } else {
        places.retain(|place| str_of(place, "full_name").to_lowercase().contains(&words));
    }
    if let Some(point) = point {
        // Only a search by name finds places that do not contain the point.
        places.retain(|place| !words.is_empty() || contains(place, point));
        places.sort_by(|a, b| squared_distance(a, point).total_cmp(&squared_distance(b, point)));
    }
    let smallest = size_rank(ctx.call.text("granularity").unwrap_or("neighborhood"));
    places.retain(|place| size_rank(str_of(place, "place_type")) >= smallest);
    if words.is_empty() {
        // Cities are first, then their parts, then what they are a part of.
        places.sort_by_key(|place| match str_of(place, "place_type") {
            "city" => 0,
            kind => size_rank(kind),
        });
    }
    if let Some(outer) = ctx.call.text("contained_within") {
        let inside = places.iter().map(|place| is_within(ctx, place, outer)).collect::<Result<Vec<_>, _>>()?;
        let mut inside = inside.into_iter();
        places.retain(|_| inside.next() == Some(true));
    }
    places.truncate(ctx.size("max_results", 20));
    let mut result = json!({"places": places});
    if kind != "reverse_geocode" {
        result["token"] = format!("{:016x}", ctx.now.as_millis()).into();
    }
    let query = json!({"type": kind, "params": geo_params(ctx, kind, point), "url": geo_url(ctx)});
    Ok((200, json!({"result": result, "query": query}).into()))
}

fn create_place(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let id = format!("{:016x}", ctx.world.next_id(ctx.now));
    let parent = ctx.world.place(ctx.text("contained_within"))?;
    let parent = parent.ok_or_else(page_not_found)?;
    let (lat, long) = point(ctx)?.unwrap_or_default();
    let name = ctx.text("name");
    let place = json!({
        "id": id, "name": name, "full_name": format!("{name}, {}", str_of(&parent, "name")),
        "country": parent["country"], "country_code": parent["country_code"], "place_type": "poi",
        "contained_within": [parent["id"]],
        "geo": {"type": "Feature", "bbox": [long, lat, long, lat], "properties": {}},
    });
    ctx.world.add_place(&id, &place)?;
    Ok((200, detailed_place(ctx, &place)?.into()))
}

/// Locations with trends: name, Where On Earth ID, country, country code, latitude, longitude.
const LOCATIONS: [(&str, i64, &str, &str, f64, f64); 5] = [
    ("Worldwide", 1, "", "", 0.0, 0.0),
    ("Lisbon", 742_676, "Portugal", "PT", 38.7, -9.1),
    ("Oslo", 862_592, "Norway", "NO", 59.9, 10.7),
    ("Osaka", 15_015_370, "Japan", "JP", 34.7, 135.5),
    ("Nairobi", 1_528_488, "Kenya", "KE", -1.3, 36.8),
];

/// The trend location with this ID.
pub(super) fn location(woeid: i64) -> Option<Json> {
    let (name, woeid, country, code, ..) = LOCATIONS.into_iter().find(|(_, id, ..)| *id == woeid)?;
    Some(json!({
        "name": name, "woeid": woeid, "country": country, "countryCode": code, "parentid": i64::from(woeid != 1),
        "placeType": {"code": if woeid == 1 { 19 } else { 7 }, "name": if woeid == 1 { "Supername" } else { "Town" }},
        "url": format!("http://where.yahooapis.com/v1/place/{woeid}"),
    }))
}

fn trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let woeid = ctx.call.number("id").unwrap_or_default();
    let place = location(woeid).ok_or_else(page_not_found)?;
    let no_tags = ctx.call.text("exclude") == Some("hashtags");
    let trend = |(tag, count): (String, u64)| {
        json!({
            "name": format!("#{tag}"), "url": format!("http://x.com/search?q=%23{tag}"), "query": format!("%23{tag}"),
            "promoted_content": null, "tweet_volume": count,
        })
    };
    let tags = if no_tags { Vec::new() } else { ctx.world.top_hashtags(50)? };
    Ok((
        200,
        json!([{
            "trends": tags.into_iter().map(trend).collect::<Vec<_>>(), "as_of": ctx.now, "created_at": ctx.now,
            "locations": [{"name": place["name"], "woeid": woeid}],
        }])
        .into(),
    ))
}

fn available_trends(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, LOCATIONS.into_iter().filter_map(|(_, id, ..)| location(id)).collect::<Vec<_>>().into()))
}

fn closest_trends(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let Some((lat, long)) = point(ctx)? else { return Err(error(400, 3, "Invalid coordinates.")) };
    let squared_distance = |(.., a, b): &(&str, i64, &str, &str, f64, f64)| (a - lat).powi(2) + (b - long).powi(2);
    let nearest = LOCATIONS.into_iter().skip(1).min_by(|a, b| squared_distance(a).total_cmp(&squared_distance(b)));
    Ok((200, nearest.and_then(|(_, id, ..)| location(id)).into_iter().collect::<Vec<_>>().into()))
}
