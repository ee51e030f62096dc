//! Completions: the program itself answers what the script of a shell asks.

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use crate::invocation;
use crate::settings::token_store;

/// Environment variable in which the script of a shell names itself.
pub(crate) const VARIABLE: &str = "CHIRRUP_COMPLETE";

/// Answers the script of a shell about the command line, and ends the program then. Otherwise nothing happens.
pub(crate) fn complete(command_line: fn() -> clap::Command) {
    if std::env::var_os(VARIABLE).is_some() {
        let folder = std::env::current_dir().ok();
        let completion = CompleteEnv::with_factory(|| with_values(command_line())).var(VARIABLE);
        match completion.try_complete(invocation::words(), folder.as_deref()) {
            Ok(true) => std::process::exit(0),
            Ok(false) => {}
            Err(error) => error.exit(),
        }
    }
}

/// Adds candidates for values to the command line.
fn with_values(program: clap::Command) -> clap::Command {
    let program = program.mut_arg("profile", |arg| arg.add(ArgValueCandidates::new(profiles)));
    let program =
        program.mut_subcommand("call", |call| call.mut_arg("words", |arg| arg.add(ArgValueCandidates::new(endpoints))));
    program.mut_subcommand("login", |login| {
        login
            .mut_arg("endpoints", |arg| arg.add(ArgValueCandidates::new(endpoints)))
            .mut_arg("scope", |arg| arg.add(ArgValueCandidates::new(scopes)))
    })
}

fn profiles() -> Vec<CompletionCandidate> {
    let profiles = token_store().ok().and_then(|store| store.read().ok()).unwrap_or_default();
    profiles.into_keys().map(CompletionCandidate::new).collect()
}

fn endpoints() -> Vec<CompletionCandidate> {
    let first_line = |doc: &str| doc.lines().next().unwrap_or_default().trim().to_owned();
    let current = chirrup::all().filter(|endpoint| endpoint.retired.is_none());
    current.map(|endpoint| CompletionCandidate::new(endpoint.id).help(Some(first_line(endpoint.doc).into()))).collect()
}

fn scopes() -> Vec<CompletionCandidate> {
    let mut scopes: Vec<&str> = chirrup::all().flat_map(|endpoint| endpoint.scopes().iter().copied()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.into_iter().map(CompletionCandidate::new).collect()
}
