//! Information about the service: configuration, languages, terms, rate limits.

use chirrup_api::v1::help::{GetConfiguration, Languages, Privacy, RateLimitStatus, Tos};
use serde_json::json;

use super::super::context::{HandlerEntry, HandlerResult, RequestContext};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (RateLimitStatus::ENDPOINT, rate_limit_status),
    (GetConfiguration::ENDPOINT, configuration),
    (Languages::ENDPOINT, languages),
    (Privacy::ENDPOINT, privacy),
    (Tos::ENDPOINT, tos),
];

fn rate_limit_status(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let families = ctx.list_param("resources");
    let resources = ctx.rate_limiter.status_report(ctx.identity.app, ctx.identity.user, &families, ctx.now);
    Ok((200, json!({"rate_limit_context": {}, "resources": resources})))
}

fn configuration(_: &mut RequestContext<'_>) -> HandlerResult {
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

fn languages(_: &mut RequestContext<'_>) -> HandlerResult {
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

fn privacy(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"privacy": "The sandbox runs on your own machine and sends no data anywhere."})))
}

fn tos(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"tos": "The demo data of the sandbox is fictional. Use it as you like."})))
}
