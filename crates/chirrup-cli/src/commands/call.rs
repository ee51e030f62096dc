//! Any route.

use std::time::Duration;

use chirrup::Client;
use serde_json::Value as Json;

use crate::args::RawCall;
use crate::exit::Failed;
use crate::print::Printer;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(super) async fn call(client: &Client, printer: &mut Printer, raw: RawCall) -> Result<(), Failed> {
    let first = raw.words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
    let has_method = METHODS.contains(&first.as_str());
    let mut words = raw.words.iter().skip(usize::from(has_method));
    let path = words.next().ok_or_else(|| Failed::usage("a path is missing, such as /2/users/me"))?;
    let mut call = if has_method { client.call(&first, path) } else { client.route(path) };
    for word in words {
        let (name, value) = parameter(word)?;
        call = call.arg(name, value);
    }
    if let Some(data) = &raw.data {
        let body: Json =
            serde_json::from_str(data).map_err(|why| Failed::usage(format!("--data is no JSON: {why}")))?;
        if !has_method {
            call = call.method("POST");
        }
        call = call.json(body);
    }
    call = match raw.context.as_deref() {
        Some("app") => call.as_app(),
        Some(_) => call.as_user(),
        None => call,
    };
    if let Some(host) = &raw.host {
        call = call.host(host);
    }
    if let Some(seconds) = raw.timeout {
        call = call.timeout(Duration::from_secs(seconds));
    }
    let response = call.await?;
    printer.reply(&response.data, |printer| printer.line(&format!("{:#}", response.data)))
}

/// `name=text` or `name:=json`.
fn parameter(word: &str) -> Result<(&str, Json), Failed> {
    let (name, value) =
        word.split_once('=').ok_or_else(|| Failed::usage(format!("`{word}` is no parameter: write name=value")))?;
    match name.strip_suffix(':') {
        Some(name) => {
            let value =
                serde_json::from_str(value).map_err(|why| Failed::usage(format!("`{word}`: no JSON: {why}")))?;
            Ok((name, value))
        }
        None => Ok((name, Json::from(value))),
    }
}
