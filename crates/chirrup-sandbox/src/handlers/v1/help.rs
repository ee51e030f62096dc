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
    let (app, user, now) = (ctx.identity.app, ctx.identity.user, ctx.now);
    let resources = ctx.exclusive()?.rate_limiter.status_report(app, user, &families, now);
    let context = match ctx.identity.user {
        Some(user) => json!({"access_token": format!("{user}-{}", ctx.identity.app)}),
        None => json!({"application": ctx.identity.app.to_string()}),
    };
    Ok((200, json!({"rate_limit_context": context, "resources": resources}).into()))
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
        })
        .into(),
    ))
}

/// Languages of X: code, English name and own name.
const LANGUAGES: [(&str, &str, &str); 47] = [
    ("fr", "French", "français"),
    ("en", "English", "English"),
    ("ar", "Arabic", "العربية"),
    ("ja", "Japanese", "日本語"),
    ("es", "Spanish", "español"),
    ("de", "German", "Deutsch"),
    ("it", "Italian", "italiano"),
    ("id", "Indonesian", "Bahasa Indonesia"),
    ("pt", "Portuguese", "português"),
    ("ko", "Korean", "한국어"),
    ("tr", "Turkish", "Türkçe"),
    ("ru", "Russian", "русский"),
    ("nl", "Dutch", "Nederlands"),
    ("fil", "Filipino", "Filipino"),
    ("msa", "Malay", "Bahasa Melayu"),
    ("zh-tw", "Traditional Chinese", "繁體中文"),
    ("zh-cn", "Simplified Chinese", "简体中文"),
    ("hi", "Hindi", "हिन्दी"),
    ("no", "Norwegian", "norsk"),
    ("sv", "Swedish", "svenska"),
    ("fi", "Finnish", "suomi"),
    ("da", "Danish", "dansk"),
    ("pl", "Polish", "polski"),
    ("hu", "Hungarian", "magyar"),
    ("fa", "Farsi", "فارسی"),
    ("he", "Hebrew", "עברית"),
    ("ur", "Urdu", "اردو"),
    ("th", "Thai", "ไทย"),
    ("uk", "Ukrainian", "українська"),
    ("ca", "Catalan", "català"),
    ("ga", "Irish", "Gaeilge"),
    ("el", "Greek", "Ελληνικά"),
    ("eu", "Basque", "euskara"),
    ("cs", "Czech", "čeština"),
    ("gl", "Galician", "galego"),
    ("ro", "Romanian", "română"),
    ("hr", "Croatian", "hrvatski"),
    ("en-gb", "British English", "British English"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("bn", "Bangla", "বাংলা"),
    ("bg", "Bulgarian", "български"),
    ("sr", "Serbian", "српски"),
    ("sk", "Slovak", "slovenčina"),
    ("gu", "Gujarati", "ગુજરાતી"),
    ("mr", "Marathi", "मराठी"),
    ("ta", "Tamil", "தமிழ்"),
    ("kn", "Kannada", "ಕನ್ನಡ"),
];

fn languages(_: &mut RequestContext<'_>) -> HandlerResult {
    let language = |(code, name, local_name): (&str, &str, &str)| json!({"code": code, "name": name, "local_name": local_name, "status": "production", "debug": false});
    let all = LANGUAGES.map(language);
    Ok((200, all.to_vec().into()))
}

fn privacy(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"privacy": "The sandbox runs on your own machine and sends no data anywhere."}).into()))
}

fn tos(_: &mut RequestContext<'_>) -> HandlerResult {
    Ok((200, json!({"tos": "The demo data of the sandbox is fictional. Use it as you like."}).into()))
}
