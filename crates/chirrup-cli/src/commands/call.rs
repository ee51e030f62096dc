//! Calls of any endpoint.

use std::time::Duration;

use chirrup::{Client, IntoCall as _, RawCall, by_id};
use serde_json::Value as Json;

use super::pages;
use super::verb::Object;
use crate::args::{CallArgs, Count};
use crate::error::CliError;
use crate::print::Printer;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(super) async fn call(client: &Client, printer: &mut Printer, args: CallArgs) -> Result<(), CliError> {
    let first = args.words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
    let has_method = METHODS.contains(&first.as_str());
    let mut words = args.words.iter().skip(usize::from(has_method));
    let path =
        words.next().ok_or_else(|| CliError::usage("the path is missing").with_hint("pass one such as /2/users/me"))?;
    let path: &str = &encoded(path);
    if !has_method && words.clone().next().is_some_and(|word| word.starts_with('/')) {
        return Err(CliError::usage(format!("`{path}` is not one of the methods {}", METHODS.join(", "))));
    }
    let mut call = match by_id(path) {
        _ if has_method => client.call(&first, path),
        Some(endpoint) => client.call(endpoint.method, endpoint.path),
        None => client.route(path),
    };
    for word in words {
        call = match file_parameter(word) {
            Some((name, path)) => call.file(name, read_file(path)?),
            None => {
                let (name, value) = parameter(word)?;
                call.arg(name, value)
            }
        };
    }
    if let Some(data) = &args.data {
        let body: Json =
            serde_json::from_str(data).map_err(|why| CliError::usage(format!("--data is not valid JSON: {why}")))?;
        call = call.json(body);
    }
    call = match args.context.as_deref() {
        Some("app") => call.as_app(),
        Some(_) => call.as_user(),
        None => call,
    };
    if let Some(host) = &args.host {
        call = call.host(host);
    }
    if let Some(seconds) = args.timeout {
        call = call.timeout(Duration::from_secs(seconds));
    }
    if let Some(limit) = args.limit {
        return walk(call, limit, printer).await;
    }
    // The body is not decoded into a tree, which would take many times its size.
    let response = call.raw().await?;
    printer.raw_response(&response)
}

/// Encodes what a URL cannot contain, such as blanks. What is encoded already remains.
fn encoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let is_escape = |at: usize| bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    let mut text = String::with_capacity(path.len());
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'%' if is_escape(at) => text.push('%'),
            b'%' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' => text.push_str(&format!("%{byte:02X}")),
            _ if byte.is_ascii_graphic() => text.push(char::from(*byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Parses a file parameter, `name@path`.
fn file_parameter(word: &str) -> Option<(&str, &str)> {
    word.split_once('@').filter(|(name, _)| !name.is_empty() && !name.contains('='))
}

fn read_file(path: &str) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|why| CliError::read_file(std::path::Path::new(path), &why))
}

/// Prints the items of several pages.
async fn walk(call: RawCall, limit: usize, printer: &mut Printer) -> Result<(), CliError> {
    let call = call.into_call();
    let fingerprint = call.call().fingerprint();
    if call.call().endpoint.is_none_or(|endpoint| endpoint.page_param().is_none() || endpoint.is_v1()) {
        return Err(CliError::usage("`-n` needs an endpoint of API v2 with pages, and this one has no pages")
            .with_hint("omit `-n`"));
    }
    let count = Count { limit, page_token: None };
    pages::print::<Object>(call, &fingerprint, &count, printer).await
}

/// Parses `name=text` or `name:=json`.
fn parameter(word: &str) -> Result<(&str, Json), CliError> {
    let (name, value) = word.split_once('=').ok_or_else(|| {
        CliError::usage(format!("`{word}` is not a parameter")).with_hint("write parameters as name=value")
    })?;
    match name.strip_suffix(':') {
        Some(name) => {
            let value = serde_json::from_str(value);
            let value = value.map_err(|why| CliError::usage(format!("`{word}` is not valid JSON: {why}")))?;
            Ok((name, value))
        }
        None => Ok((name, Json::from(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_a_url_cannot_contain_is_encoded_once() {
        assert_eq!(encoded("/2/tweets/{id}?ids=20,21&a=%C3%A9"), "/2/tweets/{id}?ids=20,21&a=%C3%A9");
        assert_eq!(encoded("/2/x?query=a b \u{e9}%20%zz\"|"), "/2/x?query=a%20b%20%C3%A9%20%25zz%22%7C");
    }
}
