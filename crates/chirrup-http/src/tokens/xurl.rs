//! Import of the configuration file of `xurl`, X's command-line program.

use chirrup_api::Error;
use chirrup_auth::Secret;
use chirrup_model::Timestamp;
use serde_json::Value as Json;

use super::profile::UserTokens;
use super::{Profile, Profiles, text};

impl Profile {
    /// Reads the profiles from the file of `xurl` (`~/.xurl`), which the caller has parsed as YAML or JSON.
    ///
    /// The user `ada` of the app `default` becomes the profile `ada`; a user of another app becomes `app/ada`. An app
    /// without users becomes a profile with the name of the app.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) if the file contains no tokens.
    pub fn from_xurl(file: &Json) -> Result<Profiles, Error> {
        let mut profiles = Profiles::new();
        match file["apps"].as_object() {
            Some(apps) => apps.iter().for_each(|(name, app)| add_app(&mut profiles, name, app)),
            // The first versions of xurl had a single app.
            None => add_app(&mut profiles, "default", file),
        }
        if profiles.is_empty() {
            return Err(Error::invalid_argument("invalid xurl file: it contains no tokens")
                .with_hint("log in with `xurl auth` first, or pass another file"));
        }
        Ok(profiles)
    }
}

fn add_app(profiles: &mut Profiles, app_name: &str, app: &Json) {
    let secret = |value: &Json| text(value).map(Secret::from);
    let mut base =
        Profile { app_key: text(&app["client_id"]), app_secret: secret(&app["client_secret"]), ..Profile::default() };
    base.confidential = base.app_secret.is_some();
    let bearer = &app["bearer_token"];
    base.bearer_token = secret(&bearer["bearer"]).or_else(|| secret(bearer));
    for (user, token) in app["oauth2_tokens"].as_object().into_iter().flatten() {
        let Some(access_token) = secret(&token["oauth2"]["access_token"]) else { continue };
        let mut profile = base.clone();
        profile.username = Some(user.clone());
        profile.oauth2 = Some(UserTokens {
            access_token,
            refresh_token: secret(&token["oauth2"]["refresh_token"]),
            expires_at: Timestamp::from_secs(token["oauth2"]["expiration_time"].as_i64().unwrap_or_default()),
            // The file does not contain them.
            scopes: Vec::new(),
            login_needed: false,
        });
        let name = if app_name == "default" { user.clone() } else { format!("{app_name}/{user}") };
        profiles.insert(name, profile);
    }
    let oauth1 = ["oauth1_token", "oauth1_tokens"].iter().map(|name| &app[*name]["oauth1"]).find(|it| it.is_object());
    let keys = oauth1.and_then(|it| Some((text(&it["access_token"])?, secret(&it["token_secret"])?, it)));
    if let Some((token, token_secret, keys)) = keys {
        // The OAuth 1.0a keys of an app differ from its OAuth 2.0 keys, so they become a separate profile.
        let mut profile = Profile { oauth1: Some((token, token_secret)), ..Profile::default() };
        profile.app_key = text(&keys["consumer_key"]);
        profile.app_secret = secret(&keys["consumer_secret"]);
        profile.bearer_token = base.bearer_token.clone();
        profiles
            .insert(if app_name == "default" { "oauth1".to_owned() } else { format!("{app_name}/oauth1") }, profile);
    } else if base.bearer_token.is_some() && app["oauth2_tokens"].as_object().is_none_or(serde_json::Map::is_empty) {
        profiles.insert(app_name.to_owned(), base);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_versions_of_the_file_are_read() {
        let new = json!({
            "default_app": "default",
            "apps": {"default": {"client_id": "c", "client_secret": "s", "default_user": "ada",
                "oauth2_tokens": {"ada": {"type": "oauth2", "oauth2":
                    {"access_token": "a", "refresh_token": "r", "expiration_time": 1_790_000_000_u64}}},
                "oauth1_token": {"type": "oauth1", "oauth1": {"access_token": "12-t", "token_secret": "ts",
                    "consumer_key": "ck", "consumer_secret": "cs"}},
                "bearer_token": {"type": "bearer", "bearer": "b"}},
                "other": {"bearer_token": {"type": "bearer", "bearer": "b2"}}},
        });
        let profiles = Profile::from_xurl(&new).expect("profiles");
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["ada", "oauth1", "other"]);
        let ada = profiles["ada"].oauth2.as_ref().expect("tokens");
        assert_eq!((ada.access_token.expose(), ada.expires_at.as_secs()), ("a", 1_790_000_000));
        assert_eq!(profiles["oauth1"].credentials().kinds().count(), 2);
        let old = json!({"oauth2_tokens": {"ada": {"type": "oauth2", "oauth2": {"access_token": "a"}}}});
        assert_eq!(Profile::from_xurl(&old).expect("profiles").len(), 1);
        assert!(Profile::from_xurl(&json!({"apps": {}})).is_err());
        assert!(Profile::from_xurl(&json!("nonsense")).is_err());
    }
}
