//! Credentials and settings of an object store: the variables and files of the AWS command line.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};

/// Settings of a profile that are used, and what they set.
const SETTINGS: [(&str, AmazonS3ConfigKey); 5] = [
    ("aws_access_key_id", AmazonS3ConfigKey::AccessKeyId),
    ("aws_secret_access_key", AmazonS3ConfigKey::SecretAccessKey),
    ("aws_session_token", AmazonS3ConfigKey::Token),
    ("region", AmazonS3ConfigKey::Region),
    ("endpoint_url", AmazonS3ConfigKey::Endpoint),
];

/// Variables that name credentials of another type than keys: those of containers and of machines of a cloud.
const OTHER_CREDENTIALS: [AmazonS3ConfigKey; 5] = [
    AmazonS3ConfigKey::WebIdentityTokenFile,
    AmazonS3ConfigKey::ContainerCredentialsRelativeUri,
    AmazonS3ConfigKey::ContainerCredentialsFullUri,
    AmazonS3ConfigKey::MetadataEndpoint,
    AmazonS3ConfigKey::SkipSignature,
];

/// Returns the settings of the environment. What it does not set is that of the profile.
pub(super) fn settings() -> io::Result<AmazonS3Builder> {
    let settings = AmazonS3Builder::from_env();
    let is_set = |key: &AmazonS3ConfigKey| {
        settings.get_config_value(key).is_some_and(|value| !value.is_empty() && value != "false")
    };
    let has_key = is_set(&AmazonS3ConfigKey::AccessKeyId) || OTHER_CREDENTIALS.iter().any(is_set);
    let profile = Profile::of_environment()?;
    let missing = SETTINGS.into_iter().filter(|(_, key)| match key {
        AmazonS3ConfigKey::Region | AmazonS3ConfigKey::Endpoint => !is_set(key),
        _ => !has_key,
    });
    let found: Vec<_> = missing.filter_map(|(name, key)| Some((key, profile.0.get(name)?.clone()))).collect();
    if !has_key && !found.iter().any(|(key, _)| *key == AmazonS3ConfigKey::AccessKeyId) {
        let why = "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of \
                   ~/.aws/credentials";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    Ok(found.into_iter().fold(settings, |settings, (key, value)| settings.with_config(key, value)))
}

/// Settings of a profile.
struct Profile(BTreeMap<String, String>);

impl Profile {
    /// Reads the profile that `AWS_PROFILE` names, or the default one, of both files.
    fn of_environment() -> io::Result<Self> {
        let name = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "default".to_owned());
        let file = |variable: &str, file: &str| {
            let at_home = || Some(std::env::home_dir()?.join(".aws").join(file));
            std::env::var_os(variable).map(PathBuf::from).or_else(at_home)
        };
        let files = [file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials")];
        let mut profile = Self(BTreeMap::new());
        for path in files.into_iter().flatten() {
            match std::fs::read_to_string(&path) {
                Ok(text) => profile.add(&text, &name),
                Err(why) if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                Err(why) => return Err(crate::lines::with_path(&path, &why)),
            }
        }
        Ok(profile)
    }

    /// Adds the settings of a profile that a file has.
    fn add(&mut self, text: &str, name: &str) {
        let mut is_in_profile = false;
        for line in text.lines().map(str::trim) {
            if let Some(section) = line.strip_prefix('[').and_then(|line| line.split(']').next()) {
                let section = section.trim();
                is_in_profile = section.strip_prefix("profile ").unwrap_or(section).trim() == name;
            } else if let Some((key, value)) = line.split_once('=').filter(|_| is_in_profile) {
                self.0.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_the_settings_of_both_files() {
        let mut profile = Profile(BTreeMap::new());
        profile.add("[default]\nregion = a\n# a comment\n[profile birds]\nregion=eu-west-1\n", "birds");
        profile.add("[default]\naws_access_key_id = x\n[birds]\naws_access_key_id = y=\n", "birds");
        let found: Vec<_> = profile.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, [("aws_access_key_id", "y="), ("region", "eu-west-1")]);
    }
}
