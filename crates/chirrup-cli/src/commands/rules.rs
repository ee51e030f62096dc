//! The rules of the filtered stream.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use chirrup::model::Rule;
use chirrup::{Client, NewRule, RulePlan, RulesChanged};
use serde_json::json;

use crate::args::RulesCommand;
use crate::exit::Failed;
use crate::print::Printer;

/// Rules from a file.
fn read(file: &Path) -> Result<Vec<NewRule>, Failed> {
    let text = std::fs::read_to_string(file)
        .map_err(|why| Failed::usage(format!("{} cannot be read: {why}", file.display())))?;
    Ok(NewRule::read(&text)?)
}

/// Says what is wrong with rules; needs no client unless X is asked, too.
pub(super) fn check(rules: &[String], file: Option<&Path>, printer: &mut Printer) -> Result<Vec<NewRule>, Failed> {
    let mut all: Vec<NewRule> = rules.iter().map(NewRule::new).collect();
    if let Some(file) = file {
        all.extend(read(file)?);
    }
    let wrong: Vec<String> =
        all.iter().filter_map(|rule| rule.check().err()).map(|why| why.message().to_owned()).collect();
    if !wrong.is_empty() {
        return Err(Failed::Refused(wrong.join("\n")));
    }
    let items: Vec<_> = all.iter().map(|rule| json!({"value": rule.value, "tag": rule.tag, "sound": true})).collect();
    printer.list(items, |printer| printer.done(&format!("{} sound", counted(all.len()))))?;
    Ok(all)
}

pub(super) async fn run(client: &Client, printer: &mut Printer, command: RulesCommand) -> Result<(), Failed> {
    match command {
        RulesCommand::List => list(client, printer).await,
        RulesCommand::Add { rules, tag } => {
            let rules = rules.into_iter().map(|rule| NewRule::new(rule).tag(tag.clone()));
            tell(client.add_rules(rules).await?, printer)
        }
        RulesCommand::Delete { rules } => {
            let (ids, values): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.parse::<u64>().is_ok());
            let ids = ids.iter().filter_map(|id| id.parse().ok());
            let mut changed = RulesChanged::default();
            for part in [client.delete_rules(ids).await?, client.delete_rules_by_value(values).await?] {
                changed.deleted += part.deleted;
                changed.refused.extend(part.refused);
            }
            tell(changed, printer)
        }
        RulesCommand::Clear => {
            let deleted = client.clear_rules().await?;
            printer
                .reply(&json!({"deleted": deleted}), |printer| printer.done(&format!("{} deleted", counted(deleted))))
        }
        RulesCommand::Sync { file, yes } => sync(client, printer, &file, yes).await,
        RulesCommand::Check { rules, file, .. } => {
            let rules = check(&rules, file.as_deref(), printer)?;
            let changed = client.try_rules(rules).await?;
            match refusals(&changed) {
                Some(why) => Err(Failed::Refused(why)),
                None => printer.done("X would take all of them"),
            }
        }
    }
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

fn rows(rules: &[Rule]) -> Vec<Vec<String>> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |rule: &Rule| rule.id.map_or_else(String::new, |id| id.to_string());
    rules.iter().map(|rule| vec![id(rule), text(&rule.value), text(&rule.tag)]).collect()
}

async fn list(client: &Client, printer: &mut Printer) -> Result<(), Failed> {
    let rules = client.all_rules().await?;
    let json = json!({"data": rules});
    printer.reply(&json, |printer| {
        if rules.is_empty() {
            return printer.done("there are no rules");
        }
        printer.table(&["id", "rule", "tag"], rows(&rules))
    })
}

fn refusals(changed: &RulesChanged) -> Option<String> {
    let told = changed.refused.iter().map(|problem| {
        let value = problem.value.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
        format!("{value}: {} ({})", problem.text(), problem.title)
    });
    (!changed.refused.is_empty()).then(|| told.collect::<Vec<_>>().join("\n"))
}

/// Shows what was done; what the server did not take is a refusal.
fn tell(changed: RulesChanged, printer: &mut Printer) -> Result<(), Failed> {
    let json = json!({"data": changed.added, "deleted": changed.deleted, "errors": changed.refused});
    printer.reply(&json, |printer| {
        if !changed.added.is_empty() {
            printer.table(&["id", "rule", "tag"], rows(&changed.added))?;
        }
        printer.done(&format!("{} added, {} deleted", counted(changed.added.len()), counted(changed.deleted)))
    })?;
    match refusals(&changed) {
        Some(why) => Err(Failed::Refused(why)),
        None => Ok(()),
    }
}

async fn sync(client: &Client, printer: &mut Printer, file: &Path, yes: bool) -> Result<(), Failed> {
    let plan = client.plan_rules(read(file)?).await?;
    let planned = |plan: &RulePlan| {
        let retag = plan.retag.iter().map(|(old, new)| json!({"id": old.id, "value": new.value, "tag": new.tag}));
        let add = plan.add.iter().map(|rule| json!({"value": rule.value, "tag": rule.tag}));
        json!({"add": add.collect::<Vec<_>>(), "retag": retag.collect::<Vec<_>>(), "delete": plan.delete, "keep": plan.keep})
    };
    if plan.is_empty() {
        return printer.reply(&planned(&plan), |printer| printer.done(&plan.to_string()));
    }
    if !yes {
        // The plan is for the person who decides, and not for who reads stdout.
        let mut stderr = std::io::stderr().lock();
        writeln!(stderr, "{plan}")?;
        if !std::io::stdin().is_terminal() {
            return Err(Failed::usage("nobody can be asked here: --yes does it without asking"));
        }
        write!(stderr, "Do it? [y/N] ")?;
        stderr.flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            return printer.done("nothing was changed");
        }
    } else {
        printer.reply(&planned(&plan), |printer| printer.line(&plan.to_string()))?;
    }
    let changed = client.change_rules(&plan).await?;
    match refusals(&changed) {
        Some(why) => Err(Failed::Refused(why)),
        None => Ok(()),
    }
}
