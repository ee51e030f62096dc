//! The account, searches that were saved, and what the service says of itself.

use chirrup_auth::hex;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::super::{Done, Room};
use super::no;
use crate::refusal::Refusal;

pub(super) fn me(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let mut user = room.user(me)?;
    if room.flag("include_email") == Some(true) {
        user["email"] = format!("{}@example.com", user["screen_name"].as_str().unwrap_or_default()).into();
    }
    Ok((200, user))
}

fn current(room: &Room<'_>) -> Result<Json, Refusal> {
    let me = room.me()?;
    let user = room.world.user(me)?.unwrap_or_default();
    let mut settings = json!({
        "screen_name": user["username"], "protected": user["protected"], "language": "en", "geo_enabled": true,
        "sleep_time": {"enabled": false, "start_time": null, "end_time": null}, "discoverable_by_email": false,
        "time_zone": {"name": "UTC", "tzinfo_name": "Etc/UTC", "utc_offset": 0}, "allow_dms_from": "all",
        "trend_location": [{"name": "Worldwide", "woeid": 1, "countryCode": null, "url": "", "country": ""}],
    });
    if let Some(Json::Object(own)) = room.world.thing("settings", &me.to_string())? {
        for (name, value) in own {
            settings[name] = value;
        }
    }
    Ok(settings)
}

pub(super) fn settings(room: &mut Room<'_>) -> Done {
    Ok((200, current(room)?))
}

pub(super) fn update_settings(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let mut own = room.world.thing("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    if let Some(lang) = room.call.text("lang") {
        own["language"] = lang.into();
    }
    if let Some(zone) = room.call.text("time_zone") {
        own["time_zone"] = json!({"name": zone, "tzinfo_name": zone, "utc_offset": 0});
    }
    if let Some(woeid) = room.call.number("trend_location_woeid") {
        let place = super::places::location(woeid).ok_or_else(|| no(404, 34, "Sorry, that page does not exist."))?;
        own["trend_location"] = json!([place]);
    }
    if let Some(on) = room.flag("sleep_time_enabled") {
        let hour = |name: &str| room.call.text(name).and_then(|text| text.parse::<u32>().ok());
        own["sleep_time"] = json!({
            "enabled": on, "start_time": hour("start_sleep_time"), "end_time": hour("end_sleep_time"),
        });
    }
    room.world.put("settings", &me.to_string(), me, &own)?;
    Ok((200, current(room)?))
}

pub(super) fn device(room: &mut Room<'_>) -> Done {
    let device = room.call.text("device").unwrap_or_default().to_owned();
    if !matches!(device.as_str(), "sms" | "none") {
        return Err(no(403, 203, "Device must be sms or none."));
    }
    let me = room.me()?;
    let mut own = room.world.thing("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    own["device"] = device.clone().into();
    room.world.put("settings", &me.to_string(), me, &own)?;
    Ok((200, json!({"device": device})))
}

/// Changes what the profile says beyond the world's own fields, and shows the user.
fn change(room: &mut Room<'_>, change: impl FnOnce(&mut Json)) -> Result<Json, Refusal> {
    let me = room.me()?;
    let mut own = room.world.thing("profile", &me.to_string())?.unwrap_or_else(|| json!({}));
    change(&mut own);
    room.world.put("profile", &me.to_string(), me, &own)?;
    room.user(me)
}

pub(super) fn update_profile(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let fields = ["name", "url", "location", "description"].map(|name| room.call.text(name).map(str::to_owned));
    room.world.change_profile(me, &fields)?;
    let colors = [
        "profile_background_color",
        "profile_link_color",
        "profile_sidebar_border_color",
        "profile_sidebar_fill_color",
        "profile_text_color",
    ];
    let given: Vec<_> = colors.iter().filter_map(|name| Some((*name, room.call.text(name)?.to_owned()))).collect();
    if let Some((_, bad)) = given.iter().find(|(_, color)| !is_color(color)) {
        return Err(no(403, 120, &format!("Account update failed: {bad} is not a valid hex color.")));
    }
    let user = change(room, |own| given.into_iter().for_each(|(name, color)| own[name] = color.into()))?;
    Ok((200, user))
}

fn is_color(text: &str) -> bool {
    matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// An address that tells one picture from another.
fn picture(room: &Room<'_>, name: &str, kind: &str) -> Result<String, Refusal> {
    let bytes = super::media::bytes_of(room, name)?;
    if bytes.is_empty() {
        return Err(no(403, 120, "Account update failed: no picture was given."));
    }
    let digest = hex(&Sha256::digest(&bytes)[..8]);
    Ok(format!("https://pbs.twimg.com/{kind}/{}/{digest}", room.me()?))
}

pub(super) fn update_image(room: &mut Room<'_>) -> Done {
    let background = room.call.endpoint.is_some_and(|meta| meta.id.ends_with("background_image"));
    let given = room.call.file().is_some() || room.call.get("image").is_some();
    let (kind, field) = match background {
        true => ("profile_background_images", "profile_background_image_url_https"),
        false => ("profile_images", "profile_image_url_https"),
    };
    let url = if given { Some(picture(room, "image", kind)?) } else { None };
    let (tile, shown) = (room.flag("tile"), room.flag("use"));
    let user = change(room, |own| {
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

pub(super) fn update_banner(room: &mut Room<'_>) -> Done {
    let url = picture(room, "banner", "profile_banners")?;
    let user = change(room, |own| own["profile_banner_url"] = url.into())?;
    Ok((201, user))
}

pub(super) fn remove_banner(room: &mut Room<'_>) -> Done {
    let user = change(room, |own| {
        own.as_object_mut().map(|own| own.remove("profile_banner_url"));
    })?;
    Ok((200, user))
}

const SEARCH: &str = "saved_search";

pub(super) fn saved_searches(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    let all = room.world.things(SEARCH, me, i64::MAX, 25)?;
    Ok((200, all.into_iter().map(|thing| thing.json).collect::<Vec<_>>().into()))
}

/// The caller's own search.
fn own_search(room: &Room<'_>) -> Result<(String, Json), Refusal> {
    let id = room.call.text("id").unwrap_or_default().to_owned();
    let me = room.me()?;
    let found = room.world.things(SEARCH, me, i64::MAX, 25)?.into_iter().find(|one| one.json["id_str"] == id.as_str());
    Ok((id, found.ok_or_else(|| no(404, 34, "Sorry, that page does not exist."))?.json))
}

pub(super) fn saved_search(room: &mut Room<'_>) -> Done {
    Ok((200, own_search(room)?.1))
}

pub(super) fn save_search(room: &mut Room<'_>) -> Done {
    let me = room.me()?;
    if room.world.things(SEARCH, me, i64::MAX, 26)?.len() >= 25 {
        return Err(no(403, 172, "You have reached the maximum number of saved searches."));
    }
    let (query, id) = (room.call.text("query").unwrap_or_default().to_owned(), room.world.next_id(room.now));
    let search = json!({
        "id": id, "id_str": id.to_string(), "name": query, "query": query, "position": null,
        "created_at": room.now.to_v1(),
    });
    room.world.put(SEARCH, &id.to_string(), me, &search)?;
    Ok((200, search))
}

pub(super) fn forget_search(room: &mut Room<'_>) -> Done {
    let (id, search) = own_search(room)?;
    room.world.remove(SEARCH, &id)?;
    Ok((200, search))
}

/// The server fills in what is left: the windows are its own.
pub(super) fn limits(room: &mut Room<'_>) -> Done {
    Ok((200, json!({"rate_limit_context": {}, "resources": {}, "wanted": room.given_list("resources")})))
}

pub(super) fn configuration(_: &mut Room<'_>) -> Done {
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

pub(super) fn languages(_: &mut Room<'_>) -> Done {
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

pub(super) fn privacy(_: &mut Room<'_>) -> Done {
    Ok((200, json!({"privacy": "The sandbox runs on your own machine and tells nobody anything."})))
}

pub(super) fn tos(_: &mut Room<'_>) -> Done {
    Ok((200, json!({"tos": "Do with the sandbox what you like: its world is made up."})))
}
