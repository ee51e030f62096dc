//! Rules of the filtered stream.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use chirrup::model::Rule;
use chirrup::{Client, NewRule, RulePlan, RulesChanged};
use serde_json::{Value as Json, json};

use crate::args::RulesCommand;
use crate::error::CliError;
use crate::print::{Printer, plural};

fn read(file: &Path) -> Result<Vec<NewRule>, CliError> {
    let text = std::fs::read_to_string(file).map_err(|why| CliError::read_file(file, &why))?;
    Ok(NewRule::read(&text)?)
}

/// Checks rules offline and returns them.
pub(super) fn check(rules: &[String], file: Option<&Path>, printer: &mut Printer) -> Result<Vec<NewRule>, CliError> {
    let mut all: Vec<NewRule> = rules.iter().map(NewRule::new).collect();
    if let Some(file) = file {
        all.extend(read(file)?);
    }
    let errors: Vec<String> =
        all.iter().filter_map(|rule| rule.check().err()).map(|why| why.message().to_owned()).collect();
    if !errors.is_empty() {
        return Err(CliError::usage(errors.join("\n")));
    }
    if let Some(file) = rules.iter().find(|rule| Path::new(rule).is_file()) {
        printer.hint(&format!("`{file}` is checked as a query; `--file {file}` checks the rules in the file"));
    }
    let items: Vec<_> = all.iter().map(|rule| json!({"value": rule.value, "tag": rule.tag, "valid": true})).collect();
    let verb = if all.len() == 1 { "is" } else { "are" };
    printer.list(items, |printer| printer.note(&format!("{} {verb} valid", count(all.len()))))?;
    Ok(all)
}

pub(super) async fn run(client: &Client, printer: &mut Printer, command: RulesCommand) -> Result<(), CliError> {
    match command {
        RulesCommand::List => list(client, printer).await,
        RulesCommand::Add { rules, tag } => {
            let asked = rules.len();
            let rules = rules.into_iter().map(|rule| NewRule::new(rule).tag(tag.clone()));
            let changed = client.add_rules(rules).await?;
            report(&changed, printer)?;
            complete(changed.added.len(), asked, "added")
        }
        RulesCommand::Delete { rules } => {
            let asked = rules.iter().collect::<std::collections::BTreeSet<_>>().len();
            let (ids, values): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.parse::<u64>().is_ok());
            let ids = ids.iter().filter_map(|id| id.parse().ok());
            let mut changed = RulesChanged::default();
            for part in [client.delete_rules(ids).await?, client.delete_rules_by_value(values).await?] {
                changed.deleted += part.deleted;
                changed.refused.extend(part.refused);
            }
            report(&changed, printer)?;
            complete(changed.deleted, asked, "deleted")
        }
        RulesCommand::Clear => {
            let deleted = client.clear_rules().await?;
            let json = json!({"deleted": deleted});
            printer.document(&json, |printer| printer.note(&format!("{} deleted", count(deleted))))
        }
        RulesCommand::Sync { file, yes } => sync(client, printer, &file, yes).await,
        RulesCommand::Check { rules, file, .. } => {
            let rules = check(&rules, file.as_deref(), printer)?;
            refusals(&client.try_rules(rules).await?)?;
            printer.note("the server accepts all rules")
        }
    }
}

fn count(rules: usize) -> String {
    plural(rules as u64, "rule")
}

fn rows(rules: &[Rule]) -> Vec<Vec<String>> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |rule: &Rule| rule.id.map_or_else(String::new, |id| id.to_string());
    rules.iter().map(|rule| vec![id(rule), text(&rule.value), text(&rule.tag)]).collect()
}

async fn list(client: &Client, printer: &mut Printer) -> Result<(), CliError> {
    let rules = client.all_rules().await?;
    let json = json!({"data": rules});
    printer.document(&json, |printer| {
        if rules.is_empty() {
            return printer.note("there are no rules");
        }
        printer.table(&["id", "rule", "tag"], rows(&rules))
    })
}

/// Returns an error if the server refused rules.
fn refusals(changed: &RulesChanged) -> Result<(), CliError> {
    let messages = changed.refused.iter().map(|problem| {
        let value = problem.value.as_ref().and_then(Json::as_str).unwrap_or_default();
        match (problem.title.as_str(), problem.text()) {
            ("DuplicateRule", _) => format!("{value}: a rule with this query and tag exists (DuplicateRule)"),
            (title, text) if title == text => format!("{value}: {text}"),
            (title, text) => format!("{value}: {text} ({title})"),
        }
    });
    match changed.refused.is_empty() {
        true => Ok(()),
        false => Err(CliError::refused(messages.collect::<Vec<_>>().join("\n"))),
    }
}

/// Prints the changes. Rules that the server refused are an error.
fn report(changed: &RulesChanged, printer: &mut Printer) -> Result<(), CliError> {
    let json = json!({"data": changed.added, "deleted": changed.deleted, "errors": changed.refused});
    printer.document(&json, |printer| {
        if !changed.added.is_empty() {
            printer.table(&["id", "rule", "tag"], rows(&changed.added))?;
        }
        printer.note(&format!("{} added, {} deleted", count(changed.added.len()), count(changed.deleted)))
    })?;
    refusals(changed)
}

/// Returns an error if the server changed fewer rules than it was asked to, and did not say why.
fn complete(changed: usize, asked: usize, verb: &str) -> Result<(), CliError> {
    if changed >= asked {
        return Ok(());
    }
    Err(CliError::refused(format!("the server says that {changed} of {} were {verb}", count(asked)))
        .with_hint("list the rules with `chirrup rules list`"))
}

async fn sync(client: &Client, printer: &mut Printer, file: &Path, yes: bool) -> Result<(), CliError> {
    let plan = client.plan_rules(read(file)?).await?;
    if plan.is_empty() {
        return printer.document(&plan_json(&plan), |printer| printer.note(&plan.to_string()));
    }
    if yes {
        printer.document(&plan_json(&plan), |printer| printer.line(&plan.to_string()))?;
    } else if !confirm(&plan)? {
        return printer.note("nothing was changed");
    }
    refusals(&client.change_rules(&plan).await?)
}

fn plan_json(plan: &RulePlan) -> Json {
    let retag = plan.retag.iter().map(|(old, new)| json!({"id": old.id, "value": new.value, "tag": new.tag}));
    let add = plan.add.iter().map(|rule| json!({"value": rule.value, "tag": rule.tag}));
    json!({
        "add": add.collect::<Vec<_>>(), "retag": retag.collect::<Vec<_>>(), "delete": plan.delete, "keep": plan.keep,
    })
}

/// Shows the plan on stderr and asks whether to apply it.
fn confirm(plan: &RulePlan) -> Result<bool, CliError> {
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(stderr, "{plan}");
    if !std::io::stdin().is_terminal() {
        return Err(CliError::usage("cannot ask for confirmation: stdin is not a terminal")
            .with_hint("pass `--yes` to apply the changes without confirmation"));
    }
    let _ = write!(stderr, "Apply these changes? [y/N] ").and_then(|()| stderr.flush());
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|why| CliError::read("stdin", &why))?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}
