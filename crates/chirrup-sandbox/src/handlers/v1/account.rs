//! The account, searches that were saved, and what the service says of itself.

use chirrup_auth::hex;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::super::{HandlerResult, RequestContext};
use super::no;
use crate::api_error::ApiError;

pub(super) fn me(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut user = ctx.user(me)?;
    if ctx.flag("include_email") == Some(true) {
        user["email"] = format!("{}@example.com", user["screen_name"].as_str().unwrap_or_default()).into();
    }
    Ok((200, user))
}

fn current(ctx: &RequestContext<'_>) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    let user = ctx.world.user(me)?.unwrap_or_default();
    let mut settings = json!({
        "screen_name": user["username"], "protected": user["protected"], "language": "en", "geo_enabled": true,
        "sleep_time": {"enabled": false, "start_time": null, "end_time": null}, "discoverable_by_email": false,
        "time_zone": {"name": "UTC", "tzinfo_name": "Etc/UTC", "utc_offset": 0}, "allow_dms_from": "all",
        "trend_location": [{"name": "Worldwide", "woeid": 1, "countryCode": null, "url": "", "country": ""}],
    });
    if let Some(Json::Object(own)) = ctx.world.thing("settings", &me.to_string())? {
        for (name, value) in own {
            settings[name] = value;
        }
    }
    Ok(settings)
}

pub(super) fn settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, current(ctx)?))
}

pub(super) fn update_settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut own = ctx.world.thing("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    if let Some(lang) = ctx.call.text("lang") {
        own["language"] = lang.into();
    }
    if let Some(zone) = ctx.call.text("time_zone") {
        own["time_zone"] = json!({"name": zone, "tzinfo_name": zone, "utc_offset": 0});
    }
    if let Some(woeid) = ctx.call.number("trend_location_woeid") {
        let place = super::places::location(woeid).ok_or_else(|| no(404, 34, "Sorry, that page does not exist."))?;
        own["trend_location"] = json!([place]);
    }
    if let Some(on) = ctx.flag("sleep_time_enabled") {
        let hour = |name: &str| ctx.call.text(name).and_then(|text| text.parse::<u32>().ok());
        own["sleep_time"] = json!({
            "enabled": on, "start_time": hour("start_sleep_time"), "end_time": hour("end_sleep_time"),
        });
    }
    ctx.world.put("settings", &me.to_string(), me, &own)?;
    Ok((200, current(ctx)?))
}

pub(super) fn device(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let device = ctx.call.text("device").unwrap_or_default().to_owned();
    if !matches!(device.as_str(), "sms" | "none") {
        return Err(no(403, 203, "Device must be sms or none."));
    }
    let me = ctx.me()?;
    let mut own = ctx.world.thing("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    own["device"] = device.clone().into();
    ctx.world.put("settings", &me.to_string(), me, &own)?;
    Ok((200, json!({"device": device})))
}

/// Changes what the profile says beyond the world's own fields, and shows the user.
fn change(ctx: &mut RequestContext<'_>, change: impl FnOnce(&mut Json)) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    let mut own = ctx.world.thing("profile", &me.to_string())?.unwrap_or_else(|| json!({}));
    change(&mut own);
    ctx.world.put("profile", &me.to_string(), me, &own)?;
    ctx.user(me)
}

pub(super) fn update_profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let fields = ["name", "url", "location", "description"].map(|name| ctx.call.text(name).map(str::to_owned));
    ctx.world.change_profile(me, &fields)?;
    let colors = [
        "profile_background_color",
        "profile_link_color",
        "profile_sidebar_border_color",
        "profile_sidebar_fill_color",
        "profile_text_color",
    ];
    let given: Vec<_> = colors.iter().filter_map(|name| Some((*name, ctx.call.text(name)?.to_owned()))).collect();
    if let Some((_, bad)) = given.iter().find(|(_, color)| !is_color(color)) {
        return Err(no(403, 120, &format!("Account update failed: {bad} is not a valid hex color.")));
    }
    let user = change(ctx, |own| given.into_iter().for_each(|(name, color)| own[name] = color.into()))?;
    Ok((200, user))
}

fn is_color(text: &str) -> bool {
    matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// An address that tells one picture from another.
fn picture(ctx: &RequestContext<'_>, name: &str, kind: &str) -> Result<String, ApiError> {
    let bytes = super::media::bytes_of(ctx, name)?;
    if bytes.is_empty() {
        return Err(no(403, 120, "Account update failed: no picture was given."));
    }
    let digest = hex(&Sha256::digest(&bytes)[..8]);
    Ok(format!("https://pbs.twimg.com/{kind}/{}/{digest}", ctx.me()?))
}

pub(super) fn update_image(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let background = ctx.call.endpoint.is_some_and(|meta| meta.id.ends_with("background_image"));
    let given = ctx.call.file().is_some() || ctx.call.get("image").is_some();
    let (kind, field) = match background {
        true => ("profile_background_images", "profile_background_image_url_https"),
        false => ("profile_images", "profile_image_url_https"),
    };
    let url = if given { Some(picture(ctx, "image", kind)?) } else { None };
    let (tile, shown) = (ctx.flag("tile"), ctx.flag("use"));
    let user = change(ctx, |own| {
        if let Some(url) = url {
            own[field] = if background { url.into() } else { format!("{url}_normal.jpg").into() };
        }
        if let Some(tile) = tile {
            own["profile_background_tile"] = tile.into();
        }
        if let Some(shown) = shown {
            own["profile_use_background_image"] = shown.into();
        }
    })?;
    Ok((200, user))
}

pub(super) fn update_banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = picture(ctx, "banner", "profile_banners")?;
    let user = change(ctx, |own| own["profile_banner_url"] = url.into())?;
    Ok((201, user))
}

pub(super) fn remove_banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = change(ctx, |own| {
        own.as_object_mut().map(|own| own.remove("profile_banner_url"));
    })?;
    Ok((200, user))
}

const SEARCH: &str = "saved_search";

pub(super) fn saved_searches(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let all = ctx.world.things(SEARCH, me, i64::MAX, 25)?;
    Ok((200, all.into_iter().map(|thing| thing.json).collect::<Vec<_>>().into()))
}

/// The caller's own search.
fn own_search(ctx: &RequestContext<'_>) -> Result<(String, Json), ApiError> {
    let id = ctx.call.text("id").unwrap_or_default().to_owned();
    let me = ctx.me()?;
    let found = ctx.world.things(SEARCH, me, i64::MAX, 25)?.into_iter().find(|one| one.json["id_str"] == id.as_str());
    Ok((id, found.ok_or_else(|| no(404, 34, "Sorry, that page does not exist."))?.json))
}

pub(super) fn saved_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, own_search(ctx)?.1))
}

pub(super) fn save_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    if ctx.world.things(SEARCH, me, i64::MAX, 26)?.len() >= 25 {
        return Err(no(403, 172, "You have reached the maximum number of saved searches."));
    }
    let (query, id) = (ctx.call.text("query").unwrap_or_default().to_owned(), ctx.world.next_id(ctx.now));
    let search = json!({
        "id": id, "id_str": id.to_string(), "name": query, "query": query, "position": null,
        "created_at": ctx.now.to_v1(),
    });
    ctx.world.put(SEARCH, &id.to_string(), me, &search)?;
    Ok((200, search))
}

pub(super) fn forget_search(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let (id, search) = own_search(ctx)?;
    ctx.world.remove(SEARCH, &id)?;
    Ok((200, search))
}

/// The server fills in what is left: the windows are its own.
pub(super) fn limits(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"rate_limit_context": {}, "resources": {}, "wanted": ctx.given_list("resources")})))
}

pub(super) fn configuration(_: &mut RequestContext<'_>) -> HandlerResult {
    let size = |w: u32, h: u32, resize: &str| json!({"w": w, "h": h, "resize": resize});
    Ok((
        200,
        json!({
            "dm_text_character_limit": 10_000, "characters_reserved_per_media": 24, "max_media_per_upload": 1,
            "photo_size_limit": 3_145_728, "short_url_length": 23, "short_url_length_https": 23,
            "photo_sizes": {
                "thumb": size(150, 150, "crop"), "small": size(340, 480, "fit"), "medium": size(600, 1_200, "fit"),
                "large": size(1_024, 2_048, "fit"),
            },
            "non_username_paths": ["about", "account", "i", "login", "search", "settings", "signup", "tos"],
        }),
    ))
}

pub(super) fn languages(_: &mut RequestContext<'_>) -> HandlerResult {
    let known = [
        ("en", "English"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("pt", "Portuguese"),
        ("de", "German"),
        ("es", "Spanish"),
    ];
    let all = known.map(|(code, name)| json!({"code": code, "name": name, "status": "production"}));
    Ok((200, all.to_vec().into()))
}

pub(super) fn privacy(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"privacy": "The sandbox runs on your own machine and tells nobody anything."})))
}

pub(super) fn tos(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"tos": "Do with the sandbox what you like: its world is made up."})))
}
