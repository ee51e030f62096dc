//! Texts: weighted length, entities, links, HTML, threads.

use std::io::{BufRead as _, Read as _};
use std::path::Path;

use chirrup::text::{
    Autolink, CodePoint, Config, Extractor, HtmlOptions, MissingText, Numbering, ParseResults, has_invalid_characters,
    html_for_post, html_for_tweet, parse, split,
};
use serde_json::{Value as Json, json};

use crate::args::{TextCommand, Texts};
use crate::error::CliError;
use crate::print::Printer;

pub(super) fn run(command: TextCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        TextCommand::Count(texts) => texts.try_for_each(|text| count(text, printer)),
        TextCommand::Check(texts) => check(texts, printer),
        TextCommand::Entities(texts) => texts.try_for_each(|text| entities(text, printer)),
        TextCommand::Link { texts, raw } => {
            let autolink = Autolink::new().html_escape_non_entities(!raw);
            texts.try_for_each(|text| printer.line(&autolink.link(text)))
        }
        TextCommand::Html { file, expand, quotes } => {
            let input = match file {
                Some(path) => std::fs::read_to_string(&path).map_err(|why| CliError::read_file(&path, &why))?,
                None => read_stdin()?,
            };
            html(&input, HtmlOptions::new().use_expanded_url(expand).expand_quoted_status(quotes), printer)
        }
        TextCommand::Split { texts, number, max } => {
            let numbering = match number.as_str() {
                "before" => Numbering::Before,
                "none" => Numbering::None,
                _ => Numbering::After,
            };
            let texts = if texts.is_empty() { vec![read_stdin()?] } else { texts };
            let config = Config::V3.max_weighted_length(max);
            texts.iter().try_for_each(|text| print_thread(&split(text, &config, numbering), printer))
        }
    }
}

impl Texts {
    /// Calls `work` for each text, or for each line of stdin.
    fn try_for_each(self, mut work: impl FnMut(&str) -> Result<(), CliError>) -> Result<(), CliError> {
        if self.texts.is_empty() {
            let mut lines = std::io::stdin().lock().lines();
            return lines.try_for_each(|line| work(&line.map_err(|why| CliError::read("stdin", &why))?));
        }
        self.texts.iter().try_for_each(|text| work(text))
    }
}

/// Reads a file, or stdin for `-`.
pub(super) fn read(file: &Path) -> Result<String, CliError> {
    match file.to_str() {
        Some("-") => read_stdin(),
        _ => std::fs::read_to_string(file).map_err(|why| CliError::read_file(file, &why)),
    }
}

/// Returns the lines of a file, or of stdin for `-`, without empty ones.
pub(super) fn lines_of(file: &str) -> Result<Vec<String>, CliError> {
    let lines: Vec<String> =
        read(Path::new(file))?.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err(CliError::usage(format!("{file}: the file is empty")));
    }
    Ok(lines)
}

/// Reads all of stdin.
pub(super) fn read_stdin() -> Result<String, CliError> {
    let mut input = String::new();
    std::io::stdin().lock().read_to_string(&mut input).map_err(|why| CliError::read("stdin", &why))?;
    Ok(input)
}

fn count(text: &str, printer: &mut Printer) -> Result<(), CliError> {
    let parsed = parse(text);
    let json = json!({
        "text": text,
        "weight": parsed.weighted_length,
        "remaining": parsed.remaining(),
        "valid": parsed.valid,
        "permillage": parsed.permillage,
        "valid_range_end": parsed.valid_range_end,
    });
    printer.document(&json, |printer| printer.line(&parsed.weighted_length.to_string()))
}

/// Says why a text is not a valid post, such as `is 281 characters long; the limit is 280`.
pub(super) fn problem(text: &str, parsed: &ParseResults) -> Option<String> {
    if parsed.valid {
        None
    } else if has_invalid_characters(text) {
        Some("contains a character that X does not accept (U+FFFE, U+FEFF or U+FFFF)".to_owned())
    } else if text.is_empty() {
        Some("is empty".to_owned())
    } else {
        let limit = Config::V3.max_weighted_length;
        Some(format!("is {} characters long; the limit is {limit}", parsed.weighted_length))
    }
}

fn check(texts: Texts, printer: &mut Printer) -> Result<(), CliError> {
    let (mut total, mut invalid) = (0, 0);
    texts.try_for_each(|text| {
        total += 1;
        let parsed = parse(text);
        let remaining = parsed.remaining();
        let problem = problem(text, &parsed);
        invalid += usize::from(problem.is_some());
        let json = json!({"text": text, "valid": parsed.valid, "remaining": remaining, "problem": problem});
        printer.document(&json, |printer| match problem {
            Some(problem) => printer.line(&format!("text {total} {problem}")),
            None => printer.line(&format!("text {total} is valid; {remaining} characters remain")),
        })
    })?;
    match invalid {
        0 => Ok(()),
        _ => Err(CliError::refused(format!("{invalid} of {total} texts are not valid posts"))),
    }
}

fn entities(text: &str, printer: &mut Printer) -> Result<(), CliError> {
    let found: Vec<_> = Extractor::all().extract_with_indices::<CodePoint>(text).collect();
    let items = found.iter().map(|(entity, span)| {
        json!({"kind": entity.kind.name(), "text": entity.text, "start": span.start.0, "end": span.end.0})
    });
    printer.list(items.collect(), |printer| {
        found.iter().try_for_each(|(entity, span)| {
            printer.line(&format!("{}\t{}..{}\t{}", entity.kind.name(), span.start, span.end, entity.text))
        })
    })
}

fn html(input: &str, options: HtmlOptions<'_>, printer: &mut Printer) -> Result<(), CliError> {
    let invalid = |why: String| CliError::usage(format!("the input is not a post: {why}"));
    for json in serde_json::Deserializer::from_str(input).into_iter::<Json>() {
        let json = json.map_err(|why| invalid(why.to_string()))?;
        let posts = posts_as_html(&json, options).map_err(|why| invalid(why.to_string()))?;
        posts.iter().try_for_each(|html| printer.line(html))?;
    }
    Ok(())
}

/// Renders a post, a tweet of API v1.1, or all posts of a response.
fn posts_as_html(json: &Json, options: HtmlOptions<'_>) -> Result<Vec<String>, MissingText> {
    let includes = json.get("includes").unwrap_or(&Json::Null);
    let page = json.get("statuses").or_else(|| json.get("data")).unwrap_or(json);
    let posts = page.as_array().map_or_else(|| std::slice::from_ref(page), Vec::as_slice);
    let is_v1 = |post: &Json| ["id_str", "user", "full_text", "truncated"].iter().any(|name| post.get(name).is_some());
    let html = |post| if is_v1(post) { html_for_tweet(post, options) } else { html_for_post(post, includes, options) };
    posts.iter().map(html).collect()
}

/// Prints the posts of a thread, with an empty line between two of them.
fn print_thread(posts: &[String], printer: &mut Printer) -> Result<(), CliError> {
    let items = posts.iter().map(|post| json!({"text": post, "weight": parse(post).weighted_length}));
    printer.list(items.collect(), |printer| {
        posts.iter().enumerate().try_for_each(|(n, post)| {
            if n > 0 {
                printer.line("")?;
            }
            printer.line(post)
        })
    })
}
