//! Commands of the table: their arguments become a call, whose results are printed.

use chirrup::model::{Count as PostCount, Includes, ParamKind, Post, Timestamp, User};
use chirrup::{BoundCall, Call, Client, Endpoint, Pages, ResponseData};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{collect, compose, pages, posts, query, text, users};
use crate::args::Count;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Card, Printer, TableItem, one_line};
use crate::verbs::{Argument, Effect, Kind, Output, Selection, VerbCall, set};

/// Sends the call of a command and prints its results. An argument in a file stands for one call per line.
pub(super) async fn run(client: &Client, printer: &mut Printer, call: &VerbCall) -> Result<(), CliError> {
    let Some(argument) = call.verb.arguments.iter().find(|argument| argument.in_file) else {
        return run_once(client, printer, call, None).await;
    };
    let lines = text::lines_of(&call_words(&call.matches, argument).concat())?;
    for (index, line) in lines.iter().enumerate() {
        printer.set_part(index, lines.len());
        // An earlier run with the same `--output` may have written this part.
        if printer.output_file().is_some() && printer.begin(&call.identity(), 0)?.1.complete {
            continue;
        }
        match run_once(client, printer, call, Some(line)).await {
            // A dry run ends with an error.
            Err(error) if error.is_end_of_dry_run() && printer.plan().is_some() => {}
            // What one line names is missing, which does not concern the others.
            Err(error) if error.status() == ExitStatus::NotFound => {
                printer.add_missing(&format!("{line}: {error}"));
                printer.commit(0, None)?;
            }
            outcome => outcome?,
        }
    }
    Ok(())
}

/// Sends one call. `line` is the value of an argument in a file.
async fn run_once(client: &Client, printer: &mut Printer, call: &VerbCall, line: Option<&str>) -> Result<(), CliError> {
    let identity = call.identity();
    let (VerbCall { verb, count, matches, into, lines, schedule }, archive) = (call, call.archive());
    let is_set = |name: &str| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true);
    let chosen = verb.options.iter().filter(|choice| is_set(choice.name));
    let mut endpoints = chosen.filter_map(|choice| match choice.effect {
        Effect::Endpoint(endpoint) => Some(endpoint),
        _ => None,
    });
    let endpoint = endpoints.next_back().unwrap_or(verb.endpoint);
    let mut call = Call::of(endpoint);
    Selection { matches, output: verb.output, has_all_fields: into.is_some() }.apply(&mut call, endpoint)?;
    for choice in verb.options {
        match choice.effect {
            Effect::Set(param, word) if is_set(choice.name) => set(&mut call, endpoint, param, word.into()),
            Effect::Push(param, word) if is_set(choice.name) => push(&mut call, endpoint, param, word),
            Effect::Value(param, _) => {
                if let Some(text) = matches.get_one::<String>(choice.name) {
                    set(&mut call, endpoint, param, typed(endpoint, param, text)?);
                }
            }
            _ => {}
        }
    }
    if let Output::UsersWithout(_) = verb.output {
        push(&mut call, endpoint, "user.fields", "connection_status");
    }
    // Arguments that cost a request to resolve are the last: an invalid one costs nothing then.
    let (resolved, plain): (Vec<&Argument>, Vec<&Argument>) =
        verb.arguments.iter().partition(|argument| matches!(argument.kind, Kind::User | Kind::UserOrMe | Kind::Me));
    let words = |argument: &Argument| match line {
        Some(line) if argument.in_file => vec![line.to_owned()],
        _ => call_words(matches, argument),
    };
    let mut subject = String::new();
    for argument in plain {
        let value = plain_value(endpoint, argument, words(argument))?;
        if matches!(argument.kind, Kind::Post | Kind::List) {
            subject = value.as_str().unwrap_or_default().to_owned();
        }
        set(&mut call, endpoint, argument.param, value);
    }
    for argument in resolved {
        let name = if argument.kind == Kind::Me { None } else { words(argument).into_iter().next() };
        let id = match &name {
            Some(name) => users::user_id(client, name).await?,
            None => client.me().await?,
        };
        if subject.is_empty() {
            subject = name.unwrap_or_default();
        }
        set(&mut call, endpoint, argument.param, id.to_string().into());
    }
    if let Output::Done(member, value, _) = verb.output {
        set(&mut call, endpoint, member, value.into());
    }
    if let Some(count) = count {
        set_page_size(&mut call, endpoint, count);
    }
    let count = count.as_ref();
    if let (Some(file), Some(items)) = (archive, verb.collected()) {
        let source = line.map_or_else(|| identity.clone(), |line| format!("{identity} {line}"));
        return collect::into_archive(client, call, source, items, count, (file, *lines, *schedule), printer).await;
    }
    let call = client.api().bind(call);
    match verb.output {
        Output::Posts => list::<Post>(call, &identity, count, printer).await,
        Output::Users => list::<User>(call, &identity, count, printer).await,
        Output::UsersWithout(connection) => {
            printer.leave_out(connection);
            list::<User>(call, &identity, count, printer).await
        }
        Output::Objects | Output::Spaces => list::<Object>(call, &identity, count, printer).await,
        Output::Object => printer.item::<Object>(&call.send().await?),
        Output::Counts => posts::print_counts(Pages::<Vec<PostCount>>::new(call), is_set("chart"), printer).await,
        Output::Done(member, wanted, words) => {
            let response = call.send::<Object>().await?;
            let members = if member == "retweeted" { &[member, "reposted"][..] } else { &[member] };
            posts::done(printer, &response, members, wanted, format!("{words} {subject}").trim())
        }
        Output::Created(words) => {
            let response = call.send::<Object>().await?;
            let id = response.data.id();
            printer.response(&response, |printer| printer.note(format!("{words} {id}").trim()))
        }
    }
}

/// Adds a word to a list parameter.
fn push(call: &mut Call, endpoint: &'static Endpoint, param: &'static str, word: &str) {
    let mut words: Vec<Json> = call.list(param).map(Json::from).collect();
    words.push(word.into());
    set(call, endpoint, param, words.into());
}

fn call_words(matches: &clap::ArgMatches, argument: &Argument) -> Vec<String> {
    matches.get_many::<String>(argument.param).into_iter().flatten().cloned().collect()
}

/// Returns the value of an argument that needs no request.
fn plain_value(endpoint: &'static Endpoint, argument: &Argument, words: Vec<String>) -> Result<Json, CliError> {
    let first = words.first().map(String::as_str).unwrap_or_default();
    Ok(match argument.kind {
        Kind::Post => posts::post_id(first)?.to_string().into(),
        Kind::Conversation => format!("conversation_id:{}", posts::post_id(first)?).into(),
        Kind::List => list_id(first)?.into(),
        Kind::Query => query::valid_search(&words)?.into(),
        Kind::Text => compose::text(&words, "message")?.into(),
        Kind::Words => words.join(" ").into(),
        Kind::Values => words.into(),
        Kind::Value | Kind::User | Kind::UserOrMe | Kind::Me => typed(endpoint, argument.param, first)?,
    })
}

/// Parses the ID or the link of a list.
fn list_id(text: &str) -> Result<String, CliError> {
    let id =
        text.split_once("/lists/").map_or(text, |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match id.parse::<u64>() {
        Ok(_) => Ok(id.to_owned()),
        Err(_) => {
            let quoted: String = text.chars().take(60).collect();
            Err(CliError::usage(format!("`{quoted}` is not a list ID or a link to a list")))
        }
    }
}

/// Returns a value as the type of its parameter.
fn typed(endpoint: &'static Endpoint, name: &str, text: &str) -> Result<Json, CliError> {
    let expected = |what: &str| CliError::usage(format!("{name}: expected {what}, not `{text}`"));
    match endpoint.param(name).map(|param| param.kind) {
        Some(ParamKind::Int { .. }) => text.parse::<i64>().map(Json::from).map_err(|_| expected("a whole number")),
        Some(ParamKind::Bool) => text.parse::<bool>().map(Json::from).map_err(|_| expected("true or false")),
        _ => Ok(text.into()),
    }
}

/// Sets the page size that fits the number of requested results.
fn set_page_size(call: &mut Call, endpoint: &'static Endpoint, count: &Count) {
    if let Some(param) = endpoint.param("max_results")
        && let ParamKind::Int { min, max } = param.kind
    {
        let size = i64::try_from(count.limit).unwrap_or(max).clamp(min, max);
        set(call, endpoint, param.name, size.into());
    }
}

async fn list<T: TableItem>(
    call: BoundCall,
    identity: &str,
    count: Option<&Count>,
    printer: &mut Printer,
) -> Result<(), CliError> {
    match count {
        Some(count) => pages::print::<T>(call, identity, count, printer).await,
        None => printer.items::<T>(&call.send().await?),
    }
}

/// An object of the API without a table of its own.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Object(Json);

impl ResponseData for Object {}

/// Members that identify an object, and those that name it.
const IDS: [&str; 6] = ["id", "dm_event_id", "woeid", "media_key", "folder_id", "post_id"];
const NAMES: [&str; 5] = ["name", "title", "trend_name", "text", "username"];

impl Object {
    /// Returns the first of these members that the object has.
    fn find(&self, names: &[&'static str]) -> Option<(&'static str, &Json)> {
        names.iter().find_map(|name| Some((*name, self.0.get(name)?)))
    }
}

impl TableItem for Object {
    const NOUN: &'static str = "results";
    const COLUMNS: &'static [&'static str] = &[];

    fn id(&self) -> String {
        let id = self.find(&IDS).or_else(|| self.find(&NAMES));
        id.map_or_else(|| self.0.to_string(), |(_, id)| plain(id))
    }

    fn card(&self, _: &Includes, _: Timestamp) -> Card {
        let (id, name) = (self.find(&IDS).unzip(), self.find(&NAMES).unzip());
        let members = self.0.as_object().into_iter().flatten();
        let others = members.filter(|(key, _)| Some(key.as_str()) != id.0 && Some(key.as_str()) != name.0);
        let details: Vec<String> = others.map(|(key, value)| format!("{key}: {}", one_line(&plain(value)))).collect();
        let id = id.1.map_or_else(String::new, |id| format!("ID {}", plain(id)));
        Card {
            title: name.1.map_or_else(|| id.clone(), plain),
            facts: Vec::new(),
            body: details.join("\n"),
            footer: if name.1.is_some() { vec![id] } else { Vec::new() },
            link: String::new(),
        }
    }
}

/// Returns a value without quotes.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
