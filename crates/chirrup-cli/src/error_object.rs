//! The error object: what `--json`, `--jsonl` and `--flat` write to stderr instead of an error message.

use chirrup::{Cost, Error};
use serde_json::{Map, Value as Json, json};

use crate::exit::ExitStatus;
use crate::next_step::NextStep;

/// Reason why a command failed, for programs. The object is the last line of stderr.
#[derive(Debug)]
pub(crate) struct ErrorObject {
    members: Map<String, Json>,
}

impl ErrorObject {
    /// Creates the object of an error of this kind. All members are present; those without a value are null.
    pub(crate) fn new(kind: &str, exit: ExitStatus, message: &str) -> Self {
        let object = json!({
            "kind": kind, "exit_code": exit as u8, "message": message, "status": null, "hint": null, "next_step": null,
            "inspect": null, "retry_after": null, "cost": Cost::ZERO.to_string(),
        });
        let Json::Object(members) = object else { return Self { members: Map::new() } };
        Self { members }
    }

    /// Creates the object of an error of the library.
    pub(crate) fn of(error: &Error) -> Self {
        let object = Self::new(error.kind().name(), ExitStatus::of(error.kind()), &error.to_string());
        let wait = error.retry_after().map(|wait| wait.as_secs() + 1);
        object.with("status", error.status_code()).with("retry_after", wait)
    }

    /// Sets a member if there is a value for it.
    pub(crate) fn with(mut self, name: &str, value: Option<impl Into<Json>>) -> Self {
        if let Some(value) = value {
            self.members.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Sets the next step, if there is one.
    pub(crate) fn with_next_step(self, step: Option<NextStep>) -> Self {
        match step {
            Some(NextStep::Repair(command)) => self.with("next_step", Some(command)),
            Some(NextStep::Inspect(command)) => self.with("inspect", Some(command)),
            None => self,
        }
    }

    /// Returns the object on one line.
    pub(crate) fn line(self) -> String {
        chirrup::text::escape_terminal_controls(&Json::Object(self.members).to_string()).into_owned()
    }
}
