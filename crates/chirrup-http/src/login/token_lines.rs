//! Token files of Python Twitter Tools: lines of text.

use std::path::Path;

use chirrup_api::Error;
use chirrup_auth::Secret;
use chirrup_store::{FileStore, Store as _};

/// The content of a token file, without the keys of the app.
pub(crate) enum TokenLines {
    /// A user's token and its secret on two lines.
    User { token: String, secret: Secret },
    /// An app's bearer token on one line.
    App { bearer_token: Secret },
}

impl TokenLines {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        const HINT: &str = "expected a token and its secret on two lines, or a bearer token on one";
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.iter().any(|line| !line.bytes().all(|b| b.is_ascii_graphic())) {
            let message = "invalid token file: a token contains a space or a character outside ASCII";
            return Err(Error::invalid_argument(message).with_hint(HINT));
        }
        match lines[..] {
            [token, secret] => Ok(Self::User { token: token.to_owned(), secret: secret.into() }),
            [bearer_token] => Ok(Self::App { bearer_token: bearer_token.into() }),
            _ => {
                let message = format!("invalid token file: it has {} lines", lines.len());
                Err(Error::invalid_argument(message).with_hint(HINT))
            }
        }
    }
}

/// Writes an access token and its secret to a file of two lines that only its owner can access.
///
/// # Errors
/// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the file cannot be written.
pub fn write_token_file(file: &Path, token: &str, secret: &Secret) -> Result<(), Error> {
    let locked = || {
        Error::storage(format!("could not write {}: another program holds its lock", file.display()))
            .with_hint("try again after the other program has finished")
    };
    let mut store = FileStore::at(file).try_lock()?.ok_or_else(locked)?;
    store.replace(format!("{token}\n{}\n", secret.expose()).as_bytes())
}

/// Reads an access token and its secret from a file of two lines.
///
/// # Errors
/// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the file cannot be read or contains no token.
pub fn read_token_file(file: &Path) -> Result<(String, Secret), Error> {
    let unreadable = |why: &str| Error::storage(format!("could not read {}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|why| unreadable(&why.to_string()))?;
    match TokenLines::parse(&text)? {
        TokenLines::User { token, secret } => Ok((token, secret)),
        TokenLines::App { .. } => Err(unreadable("the file contains no user token")),
    }
}
