//! Import of the configuration files of `twurl` and `t`, which have the same form.

use chirrup_api::Error;
use chirrup_auth::Secret;
use serde_json::Value as Json;

use super::{Profile, Profiles, text};

impl Profile {
    /// Reads the profiles from the file of `twurl` (`~/.twurlrc`) or `t` (`~/.trc`), which the caller has parsed as YAML.
    ///
    /// The user `ada` becomes the profile `ada`. The tokens of further apps of this user become `ada/KEY`, with the consumer
    /// key of the app; the bearer token of an app without users becomes `app/KEY`.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) if the file contains no tokens.
    pub fn from_twurl(file: &Json) -> Result<Profiles, Error> {
        let mut profiles = Profiles::new();
        let bearer_tokens = &file["bearer_tokens"];
        let default_key = &file["configuration"]["default_profile"][1];
        for (username, apps) in file["profiles"].as_object().into_iter().flatten() {
            let mut apps: Vec<(&String, &Json)> = apps.as_object().into_iter().flatten().collect();
            // The default app of the user comes first: its profile has the short name.
            apps.sort_by_key(|(key, _)| default_key != key.as_str());
            for (key, app) in apps {
                let Some(mut profile) = user_of_app(app) else { continue };
                profile.bearer_token = text(&bearer_tokens[key]).map(Secret::from);
                profile.username = Some(username.clone());
                let name = if profiles.contains_key(username) { format!("{username}/{key}") } else { username.clone() };
                profiles.insert(name, profile);
            }
        }
        for (key, token) in bearer_tokens.as_object().into_iter().flatten() {
            let has_user = profiles.values().any(|profile| profile.app_key.as_ref() == Some(key));
            let Some(token) = text(token).filter(|_| !has_user) else { continue };
            let profile = Self { app_key: Some(key.clone()), bearer_token: Some(token.into()), ..Self::default() };
            profiles.insert(format!("app/{key}"), profile);
        }
        if profiles.is_empty() {
            return Err(Error::invalid_argument("invalid file of twurl or t: it contains no tokens")
                .with_hint("log in with `twurl authorize` or `t authorize` first, or pass another file"));
        }
        Ok(profiles)
    }
}

fn user_of_app(app: &Json) -> Option<Profile> {
    let secret = |name: &str| text(&app[name]).map(Secret::from);
    Some(Profile {
        app_key: Some(text(&app["consumer_key"])?),
        app_secret: Some(secret("consumer_secret")?),
        oauth1: Some((text(&app["token"])?, secret("secret")?)),
        ..Profile::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_user_of_each_app_becomes_a_profile() {
        let keys = |key: &str| json!({"username": "ada", "consumer_key": key, "consumer_secret": "cs", "token": "12-t", "secret": "ts"});
        let file = json!({
            "configuration": {"default_profile": ["ada", "second"]},
            "profiles": {"ada": {"first": keys("first"), "second": keys("second")}, "ben": {"third": {"token": "t"}}},
            "bearer_tokens": {"first": "b", "third": "b3"},
        });
        let profiles = Profile::from_twurl(&file).expect("profiles");
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["ada", "ada/first", "app/third"]);
        assert_eq!(profiles["ada"].app_key.as_deref(), Some("second"));
        assert_eq!(profiles["ada"].credentials().kinds().count(), 1);
        assert_eq!(profiles["ada/first"].credentials().kinds().count(), 2);
        for empty in [json!({"profiles": {}}), json!("nonsense"), json!(null)] {
            assert!(Profile::from_twurl(&empty).is_err());
        }
    }
}
