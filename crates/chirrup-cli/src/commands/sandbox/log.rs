//! Log of the requests to the sandbox, one line on stderr for each.

use std::fmt::Write as _;
use std::io::Write as _;

use chirrup_sandbox::JournalEntry;

/// Writes a request: time, method, path, status, user, cost and fault.
pub(super) fn write(entry: &JournalEntry) {
    let mut line = format!("{} {} {}", entry.at, entry.method, entry.path);
    let _ = match entry.status {
        Some(status) => write!(line, " {status}"),
        None => write!(line, " -"),
    };
    if let Some(user) = entry.user {
        let _ = write!(line, " user={user}");
    }
    if let Some(id) = &entry.created_id {
        let _ = write!(line, " created={id}");
    }
    if entry.cost > chirrup::Cost::ZERO {
        let _ = write!(line, " cost={}", entry.cost);
    }
    if let Some(fault) = entry.fault {
        let _ = write!(line, " fault={fault}");
    }
    let _ = writeln!(std::io::stderr(), "{line}");
}
