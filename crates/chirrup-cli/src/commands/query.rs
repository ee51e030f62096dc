//! Queries: check, explain, and match against posts from stdin.

use std::io::BufRead as _;

use chirrup::model::{Includes, Post, dialect};
use chirrup::query::{MatchMode, PreparedPost, Product, Query, Severity, Target, check};
use chirrup::searchable_post;
use serde_json::{Value as Json, json};

use crate::args::{QueryArgs, QueryCommand, QueryTarget};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, plural};

pub(super) fn run(command: QueryCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        QueryCommand::Check(QueryArgs { query, target, enterprise }) => {
            let report = check(&query.join(" "), resolve(target, enterprise));
            let items = report.diagnostics.iter().map(|d| {
                let severity = if d.severity == Severity::Error { "error" } else { "warning" };
                json!({
                    "severity": severity, "start": d.span.start, "end": d.span.end, "message": d.message,
                    "help": d.suggestion,
                })
            });
            printer.list(items.collect(), |printer| match report.render().trim_end() {
                "" => printer.note("the query is valid"),
                rendered => printer.line(rendered),
            })?;
            if report.is_ok() { Ok(()) } else { Err(CliError::usage("the query is not valid")) }
        }
        QueryCommand::Explain(QueryArgs { query, target, enterprise }) => {
            let query = valid(&query.join(" "), resolve(target, enterprise))?;
            let normalized = query.normalize();
            let json = json!({"explanation": query.explain(), "normalized": normalized.to_string()});
            printer.document(&json, |printer| {
                printer.line(&query.explain())?;
                printer.note(&format!("normalized: {normalized}"))
            })
        }
        QueryCommand::Match { query, target } => {
            let target = resolve(target, true);
            let query = valid(&query.join(" "), target)?;
            let mode = if target.product == Product::FilteredStream { MatchMode::Stream } else { MatchMode::Search };
            filter(&query, mode, printer)
        }
    }
}

/// Joins the words of a search query and checks it: X charges nothing for a query that is not sent.
pub(super) fn valid_search(words: &[String]) -> Result<String, CliError> {
    let query = words.join(" ");
    valid(&query, Target::RECENT_SEARCH.enterprise())?;
    Ok(query)
}

/// Parses a query. The error message marks the mistakes below the query.
fn valid(text: &str, target: Target) -> Result<Query, CliError> {
    let report = check(text, target);
    match report.query.clone().filter(|_| report.is_ok()) {
        Some(query) => Ok(query),
        None => Err(CliError::usage(format!("the query is not valid\n{}", report.render().trim_end()))),
    }
}

fn resolve(target: QueryTarget, enterprise: bool) -> Target {
    let target = match target {
        QueryTarget::Recent => Target::RECENT_SEARCH,
        QueryTarget::All => Target::FULL_ARCHIVE_SEARCH,
        QueryTarget::Stream => Target::FILTERED_STREAM,
    };
    if enterprise { target.enterprise() } else { target }
}

/// Prints the lines of stdin whose post matches. A line is a post, or an object with `data` and `includes`.
fn filter(query: &Query, mode: MatchMode, printer: &mut Printer) -> Result<(), CliError> {
    let mut skipped = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|why| CliError::read("stdin", &why))?;
        if line.trim().is_empty() {
            continue;
        }
        let Some((post, includes)) = parse(&line) else {
            skipped += 1;
            continue;
        };
        let searchable = searchable_post(&post, &includes);
        if PreparedPost::new(&searchable, mode).matches(query) {
            printer.line(&line)?;
        }
    }
    if skipped > 0 {
        let message = format!("skipped {} that are not posts", plural(skipped, "line"));
        return Err(CliError::new(ExitStatus::Partial, message));
    }
    Ok(())
}

fn parse(line: &str) -> Option<(Post, Includes)> {
    let mut json: Json = serde_json::from_str(line).ok()?;
    let includes = json.get("includes").and_then(|includes| dialect::decode_value(includes).ok());
    let post = match json.get_mut("data") {
        Some(data) => data.take(),
        None => json,
    };
    post.get("id")?;
    Some((dialect::decode_value(&post).ok()?, includes.unwrap_or_default()))
}
