//! Import of the configuration files of `twarc`.

use std::collections::BTreeMap;

use chirrup_api::Error;
use chirrup_auth::Secret;

use super::{Profile, Profiles};

impl Profile {
    /// Reads the profiles from the file of `twarc` (`~/.twarc`) or `twarc2` (`~/.config/twarc/config`).
    ///
    /// Each section becomes a profile with its name; keys outside of sections become the profile `twarc`.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) if the text contains no tokens.
    pub fn from_twarc(text: &str) -> Result<Profiles, Error> {
        let mut sections: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
        let mut section = "twarc".to_owned();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name.trim().to_owned();
            } else if let Some((name, value)) = line.split_once(['=', ':']) {
                let value = value.trim().trim_matches(['"', '\'']);
                if !value.is_empty() && !line.starts_with(['#', ';']) {
                    sections.entry(section.clone()).or_default().insert(name.trim(), value);
                }
            }
        }
        let profiles: Profiles =
            sections.into_iter().filter_map(|(name, keys)| Some((name, profile_of(&keys)?))).collect();
        if profiles.is_empty() {
            return Err(Error::invalid_argument("invalid file of twarc: it contains no tokens")
                .with_hint("run `twarc2 configure` first, or pass another file"));
        }
        Ok(profiles)
    }
}

/// Returns the profile of a section, or `None` if it has no tokens.
fn profile_of(keys: &BTreeMap<&str, &str>) -> Option<Profile> {
    let text = |name: &str| keys.get(name).map(|value| (*value).to_owned());
    let secret = |name: &str| text(name).map(Secret::from);
    let profile = Profile {
        app_key: text("consumer_key"),
        app_secret: secret("consumer_secret"),
        bearer_token: secret("bearer_token"),
        oauth1: text("access_token").zip(secret("access_token_secret")),
        ..Profile::default()
    };
    (profile.credentials().kinds().count() > 0).then_some(profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_plain_keys_become_profiles() {
        let sections = "[ada]\nconsumer_key = ck\nconsumer_secret = cs\naccess_token = 12-t\naccess_token_secret = ts\n\n\
            [half]\nconsumer_key = ck\n# access_token = 13-t\n";
        let profiles = Profile::from_twarc(sections).expect("profiles");
        assert_eq!(profiles.keys().collect::<Vec<_>>(), ["ada"]);
        assert_eq!(profiles["ada"].oauth1.as_ref().map(|keys| keys.0.as_str()), Some("12-t"));
        let plain = "bearer_token = 'AAAA%3D'\r\nconsumer_key = \"ck\"\r\nconsumer_secret = 'cs'\r\n";
        let profiles = Profile::from_twarc(plain).expect("profiles");
        assert_eq!(profiles["twarc"].bearer_token.as_ref().map(Secret::expose), Some("AAAA%3D"));
        assert_eq!(profiles["twarc"].app_key.as_deref(), Some("ck"));
        for empty in ["", "[", "[]\n=", "[ada]\nconsumer_key = ck"] {
            assert!(Profile::from_twarc(empty).is_err(), "{empty}");
        }
    }
}
