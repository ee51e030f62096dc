//! Import of the tokens that other programs have stored.

use std::path::{Path, PathBuf};

use chirrup::tokens::{Profile, Profiles, TokenStore};
use serde_json::{Value as Json, json};

use crate::error::CliError;
use crate::print::Printer;

/// Files of other programs in the user's home folder.
const FILES: [&str; 6] =
    [".xurl", ".trc", ".twurlrc", ".twarc", ".config/twarc/config", "Library/Application Support/twarc/config"];

/// Imports the tokens of this file, or of all known files. Nothing is sent: `chirrup doctor` checks the tokens later.
pub(super) fn import(store: &TokenStore, file: Option<&Path>, printer: &mut Printer) -> Result<(), CliError> {
    let files = match file {
        Some(file) => vec![file.strip_prefix("~").map_or_else(|_| file.to_owned(), |rest| home().join(rest))],
        None => FILES.iter().map(|name| home().join(name)).filter(|path| path.is_file()).collect(),
    };
    if files.is_empty() {
        let message = "none of the files of xurl, t, twurl and twarc exists";
        return Err(CliError::usage(message).with_hint("name one: `chirrup login --import FILE`"));
    }
    let mut found = Profiles::new();
    for file in files {
        found.extend(read(&file)?);
    }
    let names: Vec<String> = found.keys().cloned().collect();
    store.update(|profiles| profiles.extend(found))?;
    printer.document(&json!({"profiles": names, "file": store.name()}), |printer| {
        printer.note(&format!("profiles {} are stored in {}", names.join(", "), store.name()))
    })
}

fn home() -> PathBuf {
    std::env::home_dir().unwrap_or_default()
}

/// Reads a file, whose form tells the program that wrote it.
fn read(path: &Path) -> Result<Profiles, CliError> {
    let text = std::fs::read_to_string(path).map_err(|why| CliError::read_file(path, &why))?;
    // The message of the parser could quote a secret.
    let yaml: Json = serde_yaml_ng::from_str(&text).unwrap_or_default();
    let has = |names: &[&str]| names.iter().any(|name| yaml[*name].is_object());
    let profiles = if has(&["profiles", "bearer_tokens"]) {
        Profile::from_twurl(&yaml)
    } else if has(&["apps", "oauth2_tokens", "oauth1_token", "oauth1_tokens"]) || yaml["bearer_token"].is_object() {
        Profile::from_xurl(&yaml)
    } else {
        Profile::from_twarc(&text)
    };
    profiles.map_err(|_| {
        CliError::usage(format!("{} contains no tokens of xurl, t, twurl or twarc", path.display()))
            .with_hint("log in with that program first, or log in here with `chirrup login`")
    })
}
