//! The user's configuration directory.

use std::path::PathBuf;

use chirrup_api::Error;

/// Returns the user's configuration directory: `CHIRRUP_CONFIG_DIR`, or `chirrup` in the platform's configuration
/// directory (`XDG_CONFIG_HOME`, `APPDATA` or `~/.config`).
///
/// # Errors
/// [`ErrorKind::Configuration`](chirrup_api::ErrorKind::Configuration) if none of these variables, nor `HOME`, is set.
pub fn config_dir() -> Result<PathBuf, Error> {
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let dir = var("CHIRRUP_CONFIG_DIR")
        .or_else(|| var("XDG_CONFIG_HOME").map(|dir| dir.join("chirrup")))
        .or_else(|| var("APPDATA").map(|dir| dir.join("chirrup")))
        .or_else(|| var("HOME").map(|dir| dir.join(".config/chirrup")));
    dir.ok_or_else(|| {
        Error::configuration(
            "configuration directory not found: CHIRRUP_CONFIG_DIR, XDG_CONFIG_HOME, APPDATA and HOME are all unset",
        )
        .with_hint("set the environment variable CHIRRUP_CONFIG_DIR")
    })
}
