//! Fault rules of built-in profiles and of files.

use std::fs;

use chirrup_sandbox::FaultRule;
use serde_json::Value as Json;

use crate::error::CliError;

/// Reads the fault rules of profiles: built-in names, `FILE.toml`, or `FILE.toml:PROFILE`.
pub(super) fn read(profiles: &[String]) -> Result<Vec<FaultRule>, CliError> {
    let rules = profiles.iter().map(|profile| match FaultRule::profile(profile) {
        Some(rules) => Ok(rules),
        None => of_file(profile),
    });
    Ok(rules.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn of_file(named: &str) -> Result<Vec<FaultRule>, CliError> {
    let invalid = |why: String| {
        let hint = "name a built-in profile (flaky, slow, rate-limited, lost-writes), FILE.toml or FILE.toml:PROFILE";
        CliError::usage(format!("cannot use the faults `{named}`: {why}")).with_hint(hint)
    };
    let (file, wanted) = match named.rsplit_once(".toml:") {
        Some((file, profile)) => (format!("{file}.toml"), Some(profile)),
        None if named.ends_with(".toml") => (named.to_owned(), None),
        None => return Err(invalid("no built-in profile has this name".to_owned())),
    };
    let text = fs::read_to_string(&file).map_err(|why| CliError::read(&file, &why))?;
    let profiles: Json = toml::from_str(&text).map_err(|why| invalid(why.message().to_owned()))?;
    let selected: Vec<(&String, &Json)> = profiles
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| wanted.is_none_or(|wanted| wanted == name.as_str()))
        .collect();
    if selected.is_empty() {
        return Err(invalid(wanted.map_or("it has no profile".to_owned(), |name| format!("it has no profile {name}"))));
    }
    let mut rules = Vec::new();
    for (name, profile) in selected {
        let tables =
            profile.as_array().ok_or_else(|| invalid(format!("{name} is not a table array such as [[{name}]]")))?;
        for table in tables {
            rules.push(FaultRule::from_json(table).map_err(|why| invalid(format!("{name}: {why}")))?);
        }
    }
    Ok(rules)
}
