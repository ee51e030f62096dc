//! Error of the sandbox itself.

use std::fmt;

/// Error from starting or controlling a sandbox.
#[derive(Debug)]
pub struct SandboxError(pub(crate) String);

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SandboxError {}

impl From<rusqlite::Error> for SandboxError {
    fn from(why: rusqlite::Error) -> Self {
        Self(format!("the sandbox's database failed: {why}"))
    }
}
