//! Account: credentials, settings, profile and its images.

use chirrup_api::v1::account::{
    GetSettings, RemoveProfileBanner, UpdateDeliveryDevice, UpdateProfile, UpdateProfileBackgroundImage,
    UpdateProfileBanner, UpdateProfileColors, UpdateProfileImage, UpdateSettings, VerifyCredentials,
};
use chirrup_auth::hex;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
use crate::response::v1_errors::{error, page_not_found};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (VerifyCredentials::ENDPOINT, verify_credentials),
    (GetSettings::ENDPOINT, settings),
    (UpdateSettings::ENDPOINT, update_settings),
    (UpdateDeliveryDevice::ENDPOINT, update_delivery_device),
    (UpdateProfile::ENDPOINT, update_profile),
    (UpdateProfileColors::ENDPOINT, update_profile),
    (UpdateProfileImage::ENDPOINT, update_profile_image),
    (UpdateProfileBackgroundImage::ENDPOINT, update_background_image),
    (UpdateProfileBanner::ENDPOINT, update_profile_banner),
    (RemoveProfileBanner::ENDPOINT, remove_profile_banner),
];

fn verify_credentials(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut user = ctx.objects().user(me)?;
    user["suspended"] = false.into();
    user["needs_phone_verification"] = false.into();
    if ctx.flag("include_email") == Some(true) {
        user["email"] = format!("{}@example.com", str_of(&user, "screen_name")).into();
    }
    Ok((200, user.into()))
}

/// Default settings with the changes of the user.
fn current_settings(ctx: &RequestContext<'_>) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    let user = ctx.world.user(me)?.unwrap_or_default();
    let mut settings = json!({
        "screen_name": user["username"], "protected": user["protected"], "language": "en", "geo_enabled": true,
        "sleep_time": {"enabled": false, "start_time": null, "end_time": null}, "discoverable_by_email": false,
        "time_zone": {"name": "UTC", "tzinfo_name": "Etc/UTC", "utc_offset": 0}, "allow_dms_from": "all",
        "trend_location": [{"name": "Worldwide", "woeid": 1, "countryCode": null, "url": "", "country": ""}],
    });
    if let Some(Json::Object(changes)) = ctx.world.document("settings", &me.to_string())? {
        for (name, value) in changes {
            settings[name] = value;
        }
    }
    Ok(settings)
}

fn settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, current_settings(ctx)?.into()))
}

fn update_settings(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let mut changes = ctx.world.document("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    if let Some(lang) = ctx.call.text("lang") {
        changes["language"] = lang.into();
    }
    if let Some(zone) = ctx.call.text("time_zone") {
        changes["time_zone"] = json!({"name": zone, "tzinfo_name": zone, "utc_offset": 0});
    }
    if let Some(woeid) = ctx.call.number("trend_location_woeid") {
        let place = super::places::location(woeid).ok_or_else(page_not_found)?;
        changes["trend_location"] = json!([place]);
    }
    if let Some(on) = ctx.flag("sleep_time_enabled") {
        let hour = |name: &str| ctx.call.text(name).and_then(|text| text.parse::<u32>().ok());
        changes["sleep_time"] = json!({
            "enabled": on, "start_time": hour("start_sleep_time"), "end_time": hour("end_sleep_time"),
        });
    }
    ctx.world.put_document("settings", &me.to_string(), me, &changes)?;
    Ok((200, current_settings(ctx)?.into()))
}

fn update_delivery_device(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let device = ctx.text("device").to_owned();
    if !matches!(device.as_str(), "sms" | "none") {
        return Err(error(403, 203, "Device must be sms or none."));
    }
    let me = ctx.me()?;
    let mut changes = ctx.world.document("settings", &me.to_string())?.unwrap_or_else(|| json!({}));
    changes["device"] = device.clone().into();
    ctx.world.put_document("settings", &me.to_string(), me, &changes)?;
    Ok((200, json!({"device": device}).into()))
}

/// Changes profile fields that API v2 does not have, and returns the user.
fn change_profile(ctx: &mut RequestContext<'_>, change: impl FnOnce(&mut Json)) -> Result<Json, ApiError> {
    let me = ctx.me()?;
    let mut changes = ctx.world.document("profile", &me.to_string())?.unwrap_or_else(|| json!({}));
    change(&mut changes);
    ctx.world.put_document("profile", &me.to_string(), me, &changes)?;
    let mut user = ctx.objects().user(me)?;
    user["profile_location"] = Json::Null;
    Ok(user)
}

fn update_profile(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let fields = ["name", "url", "location", "description"].map(|name| ctx.call.text(name).map(str::to_owned));
    ctx.world.update_profile(me, &fields)?;
    let colors = [
        "profile_background_color",
        "profile_link_color",
        "profile_sidebar_border_color",
        "profile_sidebar_fill_color",
        "profile_text_color",
    ];
    let given: Vec<_> = colors.iter().filter_map(|name| Some((*name, ctx.call.text(name)?.to_owned()))).collect();
    if let Some((_, bad)) = given.iter().find(|(_, color)| !is_color(color)) {
        return Err(error(403, 120, &format!("Account update failed: {bad} is not a valid hex color.")));
    }
    let user = change_profile(ctx, |profile| {
        // X keeps the link color of a theme alone: a new one turns the other colors black.
        if given.iter().any(|(name, _)| *name == "profile_link_color") {
            colors.iter().for_each(|name| profile[*name] = "000000".into());
            profile["profile_use_background_image"] = false.into();
        }
        given.into_iter().for_each(|(name, color)| profile[name] = color.into());
    })?;
    Ok((200, user.into()))
}

fn is_color(text: &str) -> bool {
    matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// URL of an uploaded image, which contains a digest of its content.
fn image_url(ctx: &RequestContext<'_>, name: &str, kind: &str) -> Result<String, ApiError> {
    let bytes = super::media::file_bytes(ctx, name)?;
    if bytes.is_empty() {
        return Err(error(403, 120, "Account update failed: no image was given."));
    }
    let digest = hex(&Sha256::digest(&bytes)[..8]);
    Ok(format!("https://pbs.twimg.com/{kind}/{}/{digest}", ctx.me()?))
}

/// URL of the image that the request has, if it has one.
fn given_image_url(ctx: &RequestContext<'_>, kind: &str) -> Result<Option<String>, ApiError> {
    let given = ctx.call.file().is_some() || ctx.call.get("image").is_some();
    given.then(|| image_url(ctx, "image", kind)).transpose()
}

fn update_profile_image(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = given_image_url(ctx, "profile_images")?;
    let user = change_profile(ctx, |profile| {
        if let Some(url) = url {
            profile["profile_image_url_https"] = format!("{url}_normal.jpg").into();
        }
    })?;
    Ok((200, user.into()))
}

fn update_background_image(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = given_image_url(ctx, "profile_background_images")?;
    let changes = [
        ("profile_background_image_url_https", url.map(Json::from)),
        ("profile_background_tile", ctx.flag("tile").map(Json::from)),
        ("profile_use_background_image", ctx.flag("use").map(Json::from)),
    ];
    let user = change_profile(ctx, |profile| {
        for (field, value) in changes {
            if let Some(value) = value {
                profile[field] = value;
            }
        }
    })?;
    Ok((200, user.into()))
}

fn update_profile_banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let url = image_url(ctx, "banner", "profile_banners")?;
    change_profile(ctx, |profile| profile["profile_banner_url"] = url.into())?;
    Ok((201, Json::Null.into()))
}

fn remove_profile_banner(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let user = change_profile(ctx, |profile| profile["profile_banner_url"] = Json::Null)?;
    Ok((200, user.into()))
}
