//! The commands: one file for each room of the program.

mod call;
mod doctor;
mod endpoints;
mod fetch;
mod login;
mod media;
mod money;
mod posts;
mod query;
mod rules;
mod sandbox;
mod stream;
mod text;
mod users;
mod webhook;

use std::sync::Arc;

use chirrup::model::{PostId, UserId};

use crate::args::{Args, AuthCommand, Command, Global, RulesCommand};
use crate::dry_run::Plan;
use crate::exit::Failed;
use crate::print::Printer;
use crate::settings;

/// Does what was typed.
pub(crate) async fn run(args: Args, printer: &mut Printer) -> Result<(), Failed> {
    let (global, command) = (args.global, args.command);
    if !global.dry_run {
        return perform(&global, command, printer, None).await;
    }
    let plan = Arc::new(Plan::new(settings::prices(&global)?));
    printer.set_plan(Arc::clone(&plan));
    let quiet = &mut Printer::silent(&global, Arc::clone(&plan));
    match perform(&global, command, quiet, Some(Arc::clone(&plan))).await {
        // What could not be sent is why it ends here.
        Err(error) if plan.is_empty() => Err(error),
        _ => plan.show(printer),
    }
}

async fn perform(
    global: &Global,
    command: Command,
    printer: &mut Printer,
    plan: Option<Arc<Plan>>,
) -> Result<(), Failed> {
    match command {
        Command::Endpoints { filter, method, auth } => {
            return endpoints::list(printer, filter.as_deref(), method.as_deref(), auth.as_deref());
        }
        Command::Sandbox { command: Some(command), .. } => return sandbox::create(command, printer),
        Command::Sandbox { command: None, port, data, users, posts, seed, unlimited, load } => {
            let mut builder = chirrup_sandbox::Sandbox::builder().port(port).users(users).posts(posts).seed(seed);
            if let Some(file) = data {
                builder = builder.data(file);
            }
            if unlimited {
                builder = builder.unlimited();
            }
            return sandbox::serve(builder, load, printer).await;
        }
        Command::Rules(RulesCommand::Check { ref rules, ref file, ask: false }) => {
            return rules::check(rules, file.as_deref(), printer).map(drop);
        }
        Command::Query(command) => return query::run(command, printer),
        Command::Text(command) => return text::run(command, printer),
        Command::Login(how) => return login::login(global, printer, how).await,
        Command::Logout => return login::logout(global, printer).await,
        Command::Profiles => return login::profiles(printer),
        Command::Spend { prices: true } => return money::prices(&settings::prices(global)?, printer),
        Command::Limits { all: true } => return money::documented(printer),
        Command::Search { ref query, .. } | Command::Count { ref query, .. } => {
            // A query that X would refuse need not be paid for.
            query::sound(&query.join(" "), chirrup::query::Target::RECENT.enterprise())?;
        }
        _ => {}
    }
    let client = &settings::client(global, plan)?;
    match command {
        Command::Search { query, relevant, count } => {
            posts::search(client, printer, &query.join(" "), relevant, count).await
        }
        Command::Count { query, by } => posts::count(client, printer, &query.join(" "), &by).await,
        Command::Show { posts } => posts::show(client, printer, &posts).await,
        Command::Post(new) => posts::write(client, printer, new).await,
        Command::Delete { post } => posts::delete(client, printer, &post).await,
        Command::Like { post, undo } => posts::like(client, printer, &post, undo).await,
        Command::Repost { post, undo } => posts::repost(client, printer, &post, undo).await,
        Command::User { users } => users::show(client, printer, &users).await,
        Command::Timeline { user, no_replies, no_reposts, count } => {
            users::timeline(client, printer, &user, (no_replies, no_reposts), count).await
        }
        Command::Home { count } => users::home(client, printer, count).await,
        Command::Mentions { user, count } => users::mentions(client, printer, user.as_deref(), count).await,
        Command::Followers { user, count } => users::followers(client, printer, &user, count).await,
        Command::Following { user, count } => users::following(client, printer, &user, count).await,
        Command::Follow { user, undo } => users::follow(client, printer, &user, undo).await,
        Command::Media(command) => media::run(client, printer, command).await,
        Command::Stream(stream) => stream::run(client, printer, &stream).await,
        Command::Rules(command) => rules::run(client, printer, command).await,
        Command::Webhook(command) => webhook::run(client, printer, command).await,
        Command::Spend { .. } => money::spend(client, printer).await,
        Command::Limits { .. } => money::limits(client, printer),
        Command::Call(raw) => call::call(client, printer, raw).await,
        Command::Whoami => login::whoami(client, printer).await,
        Command::Auth(AuthCommand::Token { app_only }) => login::token(client, printer, app_only).await,
        Command::Doctor => doctor::doctor(client, printer).await,
        Command::Endpoints { .. }
        | Command::Sandbox { .. }
        | Command::Query(_)
        | Command::Text(_)
        | Command::Login(_)
        | Command::Logout
        | Command::Plan { .. }
        | Command::Profiles => Ok(()),
    }
}

/// A post by its id or its link.
fn post_id(text: &str) -> Result<PostId, Failed> {
    let id = match text.split_once("/status/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => text,
    };
    id.parse().map_err(|why: chirrup::model::InvalidId| Failed::usage(why.to_string()))
}

/// A user by id, or by name with or without the `@`.
async fn user_id(client: &chirrup::Client, text: &str) -> Result<UserId, Failed> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    Ok(client.get_user_by_name(text.trim_start_matches('@')).await?.data.id)
}
