//! The commands, one module per topic.

mod archive;
mod call;
mod collect;
mod compose;
mod convert;
mod doctor;
mod endpoints;
mod exchange;
mod explain_error;
mod facts;
mod hydrate;
mod import;
mod limits;
mod login;
mod manual;
#[cfg(feature = "mcp")]
mod mcp;
mod media;
#[cfg(feature = "nats")]
mod nats;
mod pages;
mod plan;
mod posts;
mod query;
mod rules;
mod sandbox;
mod schedule;
mod spend;
mod stream;
mod text;
mod threads;
mod users;
mod verb;
#[cfg(feature = "watch")]
mod watch;
mod webhook;

use std::cell::OnceCell;
use std::sync::Arc;

use chirrup::Ledger;

use self::posts::Target;
use crate::args::{AuthCommand, Command, Global, LoginArgs, PostArgs, RulesCommand, WebhookCommand};
use crate::background::Background;
use crate::command_line::{Action, CommandLine};
use crate::dry_run::Plan;
use crate::error::CliError;
use crate::print::Printer;
use crate::schema;
use crate::settings::{self, CredentialSource};

/// Runs the command, or plans it if it is a dry run.
/// `ledger` is set to that of the client, if the command has one.
pub(crate) async fn run(parsed: CommandLine, printer: &mut Printer, ledger: &OnceCell<Ledger>) -> Result<(), CliError> {
    let CommandLine { global, action } = parsed;
    if !global.dry_run {
        let is_lost = global.sandbox && action.writes() && Background::find().is_none();
        execute(&global, action, printer, None, ledger).await?;
        if is_lost {
            printer
                .hint("the data of `--sandbox` is lost when the command ends; `chirrup sandbox --background` keeps it");
        }
        return Ok(());
    }
    if let Action::Command(
        Command::Login(_)
        | Command::Logout
        | Command::Sandbox(_)
        | Command::Mcp(_)
        | Command::Webhook(WebhookCommand::Listen { .. }),
    ) = action
    {
        return Err(CliError::usage("this command cannot be planned: its requests depend on what others answer")
            .with_hint("nothing was sent; run it without `plan` and `--dry-run`"));
    }
    let plan = Arc::new(Plan::new(settings::prices(&global)?));
    printer.set_plan(Arc::clone(&plan));
    let muted = &mut Printer::muted(&global, Arc::clone(&plan));
    match execute(&global, action, muted, Some(Arc::clone(&plan)), ledger).await {
        // The command ends early because nothing is sent. Other errors are real.
        Err(error) if plan.is_empty() || !error.is_end_of_dry_run() => Err(error),
        _ => plan::print(&plan, &CredentialSource::find(&global)?.describe(), printer),
    }
}

async fn execute(
    global: &Global,
    action: Action,
    printer: &mut Printer,
    plan: Option<Arc<Plan>>,
    ledger: &OnceCell<Ledger>,
) -> Result<(), CliError> {
    // Only commands that use the API need a client.
    let client = || settings::client(global, plan.clone()).inspect(|client| drop(ledger.set(client.ledger().clone())));
    let schedule = action.schedule();
    if let (Some(every), None) = (schedule.every, &plan) {
        return schedule::run(&client()?, printer, &action, (every, schedule.times), global).await;
    }
    let command = match action {
        Action::Verb(call) => return verb::run(&client()?, printer, &call).await,
        Action::Hydrate(args) => return hydrate::run(&client()?, printer, &args).await,
        Action::Lines(args) => return stream::run_lines(&client()?, printer, &args, global.no_wait).await,
        Action::Collection(sources) => {
            return schedule::collect_all(&client()?, printer, &sources, global.no_wait).await;
        }
        Action::Command(command) => command,
    };
    match command {
        Command::Show { posts, file } => posts::show(&client()?, printer, &posts, file.as_deref()).await,
        Command::Post(args) if args.thread => threads::create(&client()?, printer, args.draft).await,
        Command::Post(PostArgs { draft, reply_to, quote, .. }) => {
            posts::create(&client()?, printer, draft, &Target { reply_to, quote, edit: None }).await
        }
        Command::Reply { post, draft } => {
            posts::create(&client()?, printer, draft, &Target { reply_to: Some(post), ..Target::default() }).await
        }
        Command::Quote { post, draft } => {
            posts::create(&client()?, printer, draft, &Target { quote: Some(post), ..Target::default() }).await
        }
        Command::Edit { post, draft } => {
            posts::create(&client()?, printer, draft, &Target { edit: Some(post), ..Target::default() }).await
        }
        Command::Thread(draft) => threads::create(&client()?, printer, draft).await,
        Command::Delete { post } => posts::delete(&client()?, printer, &post).await,
        Command::Like { post, undo } => posts::like(&client()?, printer, &post, undo).await,
        Command::Repost { post, undo } => posts::repost(&client()?, printer, &post, undo).await,
        Command::User { users } => users::show(&client()?, printer, &users).await,
        Command::Follow { user, undo } => users::follow(&client()?, printer, &user, undo).await,
        Command::DoesFollow { user, other } => users::does_follow(&client()?, printer, &user, other.as_deref()).await,
        Command::Media(command) => media::run(&client()?, printer, command).await,
        Command::Stream(mut args) => {
            args.selection.connects_once = global.no_wait;
            stream::run(&client()?, printer, &args).await
        }
        #[cfg(feature = "watch")]
        Command::Watch(args) => watch::run(&client()?, printer, args).await,
        #[cfg(not(feature = "watch"))]
        Command::Watch(_) => Err(CliError::usage("this program was built without its screens")
            .with_hint("install it with `cargo install chirrup-cli --features watch`, or use `chirrup stream`")),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => mcp::run(global, printer, args).await,
        #[cfg(not(feature = "mcp"))]
        Command::Mcp(_) => Err(CliError::usage("this program was built without the server for agents")
            .with_hint("install it with `cargo install chirrup-cli --features mcp`")),
        Command::Rules(RulesCommand::Check { rules, file, ask: false }) => {
            rules::check(&rules, file.as_deref(), printer).map(drop)
        }
        Command::Rules(command) => rules::run(&client()?, printer, command).await,
        Command::Webhook(command) => webhook::run(&client()?, printer, command).await,
        // `chirrup plan COMMAND` is parsed as a dry run of the command.
        Command::Plan { .. } => Ok(()),
        Command::Spend { prices: true } => spend::prices(&settings::prices(global)?, printer),
        Command::Spend { prices: false } => spend::report(&client()?, printer).await,
        Command::Limits { all: true } => limits::documented(printer),
        Command::Limits { all: false } => limits::known(&client()?, printer),
        Command::Call(args) => call::call(&client()?, printer, args).await,
        Command::Endpoints { against: Some(document), write_facts, .. } => {
            facts::compare(printer, &document, write_facts.as_deref())
        }
        Command::Endpoints { filter, method, auth, .. } => {
            endpoints::list(printer, filter.as_deref(), method.as_deref(), auth.as_deref())
        }
        Command::Login(args @ LoginArgs { exchange: Some(_), .. }) => exchange::exchange(global, printer, &args).await,
        Command::Login(args) => login::login(global, printer, args).await,
        Command::Logout => login::logout(global, printer).await,
        Command::Whoami => login::whoami(&client()?, printer).await,
        Command::Profiles => login::profiles(printer),
        Command::Auth(AuthCommand::Token { app_only }) => login::token(&client()?, printer, app_only).await,
        Command::Doctor => {
            // A diagnosis is immediate: it reports a used-up rate limit instead of waiting for it.
            let global = Global { no_wait: true, ..global.clone() };
            doctor::doctor(&settings::client(&global, plan)?, &global, printer).await
        }
        Command::Query(command) => query::run(command, printer),
        Command::Text(command) => text::run(command, printer),
        Command::Archive(command) => archive::run(command, printer),
        Command::Flatten { files } => convert::flatten(&files, printer),
        Command::Dehydrate { files } => convert::dehydrate(&files, printer),
        Command::Sandbox(args) => sandbox::run(*args, printer).await,
        Command::Help { words } => manual::help(&words),
        Command::ExplainError { code } => explain_error::explain(&code, printer),
        Command::Schema { command } => {
            let schema = schema::of(&command)?;
            printer.json(schema.to_string().as_bytes())
        }
        Command::Completions { shell } => manual::completions(&shell),
        Command::Man { words, dir } => manual::man(&words, dir.as_deref()),
        Command::Version => manual::version(printer),
    }
}
