//! Permissions of a client: the settings `level`, `allow`, `accounts` and `per_hour`.

use std::str::FromStr;

use chirrup::{Access, Error, InvalidName, Level, Verb};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::count::Count;
use crate::error::exception;
use crate::settings::read;

/// Reads the permissions. Without a level, there are none.
pub(crate) fn read_access(settings: &Bound<'_, PyDict>) -> PyResult<Option<Access>> {
    let py = settings.py();
    let invalid = |message: String, hint: &str| exception(py, &Error::invalid_argument(message).with_hint(hint));
    let level = read::<String>(settings, "level")?;
    let allow = read::<Vec<String>>(settings, "allow")?;
    let accounts = read::<Vec<String>>(settings, "accounts")?;
    let per_hour = read::<Count<usize>>(settings, "per_hour")?;
    let Some(level) = level else {
        let given = [("allow", allow.is_some()), ("accounts", accounts.is_some()), ("per_hour", per_hour.is_some())];
        return match given.iter().find(|(_, is_given)| *is_given) {
            None => Ok(None),
            Some((name, _)) => {
                Err(invalid(format!("`{name}` limits nothing without a level"), "add level=\"write\", or remove it"))
            }
        };
    };
    let mut access = Access::new(named::<Level>(py, "level", &level)?);
    if let Some(names) = allow {
        let verbs = names.iter().map(|name| named::<Verb>(py, "allow", name));
        access = access.allow(verbs.collect::<PyResult<Vec<_>>>()?);
    }
    if let Some(names) = accounts {
        access = access.accounts(names);
    }
    if let Some(Count(writes)) = per_hour {
        access = access.per_hour(writes);
    }
    Ok(Some(access))
}

fn named<T: FromStr<Err = InvalidName>>(py: Python<'_>, setting: &str, name: &str) -> PyResult<T> {
    name.parse().map_err(|why| exception(py, &Error::invalid_argument(format!("{setting}: `{name}`: {why}"))))
}
