//! Files with OAuth 1.0a user tokens, as other libraries and databases write them.

use chirrup_api::Error;
use serde_json::Value as Json;

use super::oauth1_token::OAuth1Token;

/// Names of the columns or members of a token, its secret and its user, in the spellings of several libraries.
const TOKEN: [&str; 4] = ["oauth_token", "access_token", "token", "key"];
const SECRET: [&str; 4] = ["oauth_token_secret", "access_token_secret", "token_secret", "secret"];
const USERNAME: [&str; 3] = ["screen_name", "username", "user"];

/// Parses OAuth 1.0a user tokens from the text of a file.
///
/// The form is detected:
/// - a token file of Python Twitter Tools: the token and its secret on two lines;
/// - JSON: the dictionary that Twython returns (`oauth_token`, `oauth_token_secret`, `screen_name`), or an array of them;
/// - JSON lines of such dictionaries;
/// - CSV or tab-separated values: with a header that names the columns, or with the token and its secret as the first two.
///
/// The members and columns may also be named `access_token` and `access_token_secret`, `token` and `token_secret`, `key` and
/// `secret`, `username` or `user`; others are ignored.
///
/// # Errors
/// [`ErrorKind::Argument`](chirrup_api::ErrorKind::Argument) with the number of the first line that contains no token. The
/// message does not repeat the line, which could be a secret.
pub fn parse_oauth1_tokens(text: &str) -> Result<Vec<OAuth1Token>, Error> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(invalid(1, "the file is empty"));
    }
    if text.starts_with(['{', '[']) {
        return parse_json(text);
    }
    let lines: Vec<(usize, &str)> = numbered_lines(text).collect();
    match lines[..] {
        [(_, token), (_, secret)] if !has_separator(token) && !has_separator(secret) => {
            Ok(vec![OAuth1Token::new(token, secret)])
        }
        _ => parse_table(&lines),
    }
}

fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(n, line)| (n + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

fn has_separator(line: &str) -> bool {
    line.contains([',', '\t', ';'])
}

fn parse_json(text: &str) -> Result<Vec<OAuth1Token>, Error> {
    if let Ok(json) = serde_json::from_str::<Json>(text) {
        let items = match json {
            Json::Array(items) => items,
            object => vec![object],
        };
        let number = |(n, item): (usize, &Json)| token_of_json(item).ok_or_else(|| invalid_item(n + 1));
        return items.iter().enumerate().map(number).collect();
    }
    let parse = |(n, line)| {
        let json: Json = serde_json::from_str(line).unwrap_or_default();
        token_of_json(&json).ok_or_else(|| invalid(n, "it is not a JSON object with `oauth_token` and its secret"))
    };
    numbered_lines(text).map(parse).collect()
}

fn token_of_json(json: &Json) -> Option<OAuth1Token> {
    let member = |names: &[&str]| {
        let found = names.iter().find_map(|name| json[*name].as_str()).filter(|text| !text.is_empty())?;
        Some(found.to_owned())
    };
    let token = OAuth1Token::new(member(&TOKEN)?, member(&SECRET)?);
    Some(OAuth1Token { username: member(&USERNAME), ..token })
}

fn parse_table(lines: &[(usize, &str)]) -> Result<Vec<OAuth1Token>, Error> {
    let Some(((_, first), rest)) = lines.split_first() else { return Ok(Vec::new()) };
    let separator = ['\t', ';', ','].into_iter().find(|separator| first.contains(*separator)).unwrap_or(',');
    let header: Vec<String> = fields(first, separator).map(str::to_ascii_lowercase).collect();
    let column = |names: &[&str]| header.iter().position(|name| names.contains(&name.as_str()));
    let (token, secret, username, rows) = match (column(&TOKEN), column(&SECRET)) {
        (Some(token), Some(secret)) => (token, secret, column(&USERNAME), rest),
        _ => (0, 1, None, lines),
    };
    let parse = |(n, line): &(usize, &str)| {
        let fields: Vec<&str> = fields(line, separator).collect();
        let field = |column: usize| fields.get(column).copied().filter(|field| !field.is_empty());
        let (Some(key), Some(value)) = (field(token), field(secret)) else {
            return Err(invalid(*n, "it has no token and secret"));
        };
        let username = username.and_then(field).map(|name| name.trim_start_matches('@').to_owned());
        Ok(OAuth1Token { username, ..OAuth1Token::new(key, value) })
    };
    rows.iter().map(parse).collect()
}

/// Splits a line into its fields. Tokens, secrets and usernames contain neither separators nor quotation marks.
fn fields(line: &str, separator: char) -> impl Iterator<Item = &str> {
    line.split(separator).map(|field| field.trim().trim_matches('"'))
}

fn invalid(line: usize, why: &str) -> Error {
    let message = format!("invalid token file: line {line}: {why}");
    Error::invalid_argument(message).with_hint(
        "expected a Python Twitter Tools token file, or JSON, JSON lines or CSV with tokens and their secrets",
    )
}

fn invalid_item(number: usize) -> Error {
    Error::invalid_argument(format!("invalid token file: item {number} has no `oauth_token` with its secret"))
        .with_hint("expected JSON objects with `oauth_token` and `oauth_token_secret`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, Option<String>)> {
        let tokens = parse_oauth1_tokens(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        tokens.into_iter().map(|t| (t.token, t.secret.expose().to_owned(), t.username)).collect()
    }

    #[test]
    fn token_files_of_each_form_are_parsed() {
        let ada = ("12-a".to_owned(), "s1".to_owned(), Some("ada".to_owned()));
        let bob = ("13-b".to_owned(), "s2".to_owned(), None);
        assert_eq!(pairs("13-b\ns2\n"), std::slice::from_ref(&bob));
        let twython = r#"{"oauth_token": "12-a", "oauth_token_secret": "s1", "user_id": "12", "screen_name": "ada"}"#;
        assert_eq!(pairs(twython), std::slice::from_ref(&ada));
        assert_eq!(
            pairs(&format!("[{twython}, {{\"token\": \"13-b\", \"secret\": \"s2\"}}]")),
            [ada.clone(), bob.clone()]
        );
        let lines = format!("{twython}\n\n{{\"access_token\": \"13-b\", \"access_token_secret\": \"s2\"}}\n");
        assert_eq!(pairs(&lines), [ada.clone(), bob.clone()]);
        let csv = "\u{feff}Screen_Name,oauth_token,oauth_token_secret\r\n@ada,\"12-a\",\"s1\"\r\n,13-b,s2\r\n";
        assert_eq!(pairs(csv), [ada, bob.clone()]);
        assert_eq!(pairs("12-a\ts1\n13-b\ts2\n")[1], bob);
        assert_eq!(pairs("13-b,s2"), [bob]);
    }

    #[test]
    fn invalid_files_are_refused_without_their_text() {
        for text in ["", "canary", "a,b\ncanary\n", "{\"oauth_token\": \"canary\"}", "[1, \"canary\"]", "{}\ncanary"] {
            let error = parse_oauth1_tokens(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"), "{text}: {error}");
        }
        let error = parse_oauth1_tokens("a,b\nc,d\ncanary\n").unwrap_err();
        assert!(error.message().contains("line 3"), "{error}");
    }
}
