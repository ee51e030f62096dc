//! Reading of Rust sources: tokens without comments and test code, and the module paths in them.

/// Token of a source file, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Text of the token; of a string literal, its content.
    pub(crate) text: String,
    /// Kind of the token.
    pub(crate) kind: Kind,
    /// Line in the file, counted from 1.
    pub(crate) line: usize,
}

/// Kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Identifier or keyword.
    Name,
    /// String literal, also a raw one.
    Text,
    /// `::` or a single character.
    Sign,
}

/// Splits a source file into tokens. Comments, numbers, lifetimes and characters are left out, and so is every item
/// after `#[cfg(test)]`.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    without_tests(scan(source))
}

fn scan(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    while at < chars.len() {
        let rest = &chars[at..];
        let (len, token) = match rest {
            ['/', '/', ..] => (until(rest, &['\n']), None),
            ['/', '*', ..] => (until(rest, &['*', '/']) + 2, None),
            ['"', ..] => quoted(rest, 0),
            ['r', '"' | '#', ..] | ['b', 'r', '"' | '#', ..] if raw_hashes(rest).is_some() => raw(rest),
            ['\'', ..] => (character(rest), None),
            [':', ':', ..] => (2, Some((Kind::Sign, "::".to_owned()))),
            [first, ..] if is_name(*first) => {
                let name: String = rest.iter().copied().take_while(|c| is_name(*c)).collect();
                let len = name.chars().count();
                (len, (!first.is_ascii_digit()).then_some((Kind::Name, name)))
            }
            [first, ..] if first.is_whitespace() => (1, None),
            [first, ..] => (1, Some((Kind::Sign, first.to_string()))),
            [] => break,
        };
        found.extend(token.map(|(kind, text)| Token { text, kind, line }));
        let len = len.clamp(1, rest.len());
        line += rest[..len].iter().filter(|c| **c == '\n').count();
        at += len;
    }
    found
}

/// Number of characters before this text, or all of them.
fn until(chars: &[char], text: &[char]) -> usize {
    chars.windows(text.len()).position(|window| window == text).unwrap_or(chars.len())
}

type Found = (usize, Option<(Kind, String)>);

fn quoted(chars: &[char], start: usize) -> Found {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    let end = at.min(chars.len());
    (end + 1, Some((Kind::Text, chars[start + 1..end].iter().collect())))
}

/// Position of the opening quotation mark and number of `#` of a raw string.
fn raw_hashes(chars: &[char]) -> Option<(usize, usize)> {
    let start = chars.iter().position(|c| *c == 'r')? + 1;
    let hashes = chars[start..].iter().take_while(|c| **c == '#').count();
    (chars.get(start + hashes) == Some(&'"')).then_some((start + hashes, hashes))
}

fn raw(chars: &[char]) -> Found {
    let (open, hashes) = raw_hashes(chars).unwrap_or_default();
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let len = until(&chars[open + 1..], &end);
    let text = chars[open + 1..open + 1 + len].iter().collect();
    (open + 1 + len + end.len(), Some((Kind::Text, text)))
}

/// Length of a character literal, or of the quotation mark of a lifetime.
fn character(chars: &[char]) -> usize {
    match chars {
        [_, '\\', _, rest @ ..] => 3 + until(rest, &['\'']) + 1,
        [_, _, '\'', ..] => 3,
        _ => 1,
    }
}

/// Leaves out each item with the attribute `#[cfg(test)]`.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let here = tokens[at..].iter().map(|token| token.text.as_str()).take(attribute.len());
        if here.eq(attribute) {
            at += item_len(&tokens[at..]);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Number of tokens of an item with its attributes: up to its block or semicolon.
fn item_len(tokens: &[Token]) -> usize {
    let mut depth = 0;
    for (n, token) in tokens.iter().enumerate() {
        match (token.kind, token.text.as_str()) {
            (Kind::Sign, "{") => depth += 1,
            (Kind::Sign, "}") if depth == 1 => return n + 1,
            (Kind::Sign, "}") => depth -= 1,
            (Kind::Sign, ";") if depth == 0 => return n + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Path of names in a source file, such as `crate::time::Clock`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamePath {
    /// Names of the path; `super` is resolved for inline modules, and `self` is left out.
    pub(crate) names: Vec<String>,
    /// Line in the file, counted from 1.
    pub(crate) line: usize,
}

/// Returns all paths of at least two names in a file, with the trees of `use` expanded.
pub(crate) fn paths(tokens: &[Token]) -> Vec<NamePath> {
    let (mut found, mut at, mut inline, mut depth) = (Vec::new(), 0, Vec::new(), 0_usize);
    while at < tokens.len() {
        let text = |n: usize| tokens.get(at + n).map_or("", |token| token.text.as_str());
        match (tokens[at].kind, text(0)) {
            (Kind::Sign, "{") => depth += 1,
            (Kind::Sign, "}") => {
                depth = depth.saturating_sub(1);
                inline.retain(|opened| *opened < depth);
            }
            (Kind::Name, "mod") if text(2) == "{" => inline.push(depth),
            // `$crate` belongs to the place where the macro is used.
            (Kind::Sign, "$") if text(1) == "crate" => at += 1,
            (Kind::Text, path) if is_path(path) => {
                let names = path.split("::").map(str::to_owned).collect();
                found.extend(resolved(names, inline.len()).map(|names| NamePath { names, line: tokens[at].line }));
            }
            (Kind::Name, "in") if text(1) == "crate" => at += 1,
            (Kind::Name, name) if !["use", "mod", "pub", "as"].contains(&name) => {
                let mut expanded = Vec::new();
                let len = tree(&tokens[at..], &mut Vec::new(), &mut expanded);
                let long = expanded.into_iter().filter(|path| path.names.len() > 1);
                found.extend(long.filter_map(|NamePath { names, line }| {
                    resolved(names, inline.len()).map(|names| NamePath { names, line })
                }));
                at += len.max(1);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Returns whether a string is the path of a function, as in `#[serde(with = "crate::format")]`.
fn is_path(text: &str) -> bool {
    ["crate::", "super::"].iter().any(|start| text.starts_with(start))
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':')
}

/// Path as seen from the module of the file: without the `super` that only leaves an inline module. A path that ends
/// within the file is `None`.
fn resolved(mut names: Vec<String>, mut inline: usize) -> Option<Vec<String>> {
    names.retain(|name| name != "self");
    while inline > 0 && names.first().is_some_and(|name| name == "super") {
        names.remove(0);
        inline -= 1;
        if names.first().is_none_or(|name| name != "super") {
            return None;
        }
    }
    (!names.is_empty()).then_some(names)
}

/// Reads a path or a tree such as `a::{b, c::*}`, and returns the number of tokens.
fn tree(tokens: &[Token], before: &mut Vec<String>, found: &mut Vec<NamePath>) -> usize {
    let text = |n: usize| tokens.get(n).map_or("", |token| token.text.as_str());
    let (mut at, depth) = (0, before.len());
    while tokens.get(at).is_some_and(|token| token.kind == Kind::Name) {
        before.push(text(at).to_owned());
        if text(at + 1) != "::" {
            found.push(NamePath { names: before.clone(), line: tokens[at].line });
            before.truncate(depth);
            return at + 1;
        }
        at += 2;
    }
    if text(at) == "{" {
        at += 1;
        while at < tokens.len() && text(at) != "}" {
            let len = tree(&tokens[at..], before, found);
            at += len.max(1);
            at += tokens[at.min(tokens.len())..].iter().take_while(|token| ![",", "}"].contains(&&*token.text)).count();
            at += usize::from(text(at) == ",");
        }
        at += 1;
    } else if at > 0 {
        let all = (text(at) == "*").then(|| "*".to_owned());
        found.push(NamePath { names: before.iter().cloned().chain(all).collect(), line: tokens[0].line });
    }
    before.truncate(depth);
    at
}
