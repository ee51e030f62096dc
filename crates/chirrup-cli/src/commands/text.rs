//! Texts: weight, entities, links, HTML, threads.

use std::io::{BufRead as _, Read as _};

use chirrup::text::{
    Autolink, CodePoint, Config, Extractor, HtmlOptions, MissingText, Numbering, has_invalid_characters, html_for_post,
    html_for_tweet, parse, split,
};
use serde_json::{Value as Json, json};

use crate::args::{TextCommand, Texts};
use crate::exit::Failed;
use crate::print::Printer;

/// Does one of them for every text.
pub(super) fn run(command: TextCommand, printer: &mut Printer) -> Result<(), Failed> {
    match command {
        TextCommand::Count(texts) => texts.each(|text| count(text, printer)),
        TextCommand::Check(texts) => check(texts, printer),
        TextCommand::Entities(texts) => texts.each(|text| entities(text, printer)),
        TextCommand::Link { texts, raw } => {
            let autolink = Autolink::new().html_escape_non_entities(!raw);
            texts.each(|text| printer.line(&autolink.link(text)))
        }
        TextCommand::Html { file, expand, quotes } => {
            let input = match file {
                Some(path) => std::fs::read_to_string(&path)
                    .map_err(|why| Failed::Refused(format!("{} cannot be read: {why}", path.display())))?,
                None => stdin()?,
            };
            html(&input, HtmlOptions::new().use_expanded_url(expand).expand_quoted_status(quotes), printer)
        }
        TextCommand::Split { texts: Texts { texts }, number, max } => {
            let numbering = match number.as_str() {
                "before" => Numbering::Before,
                "none" => Numbering::None,
                _ => Numbering::After,
            };
            let texts = if texts.is_empty() { vec![stdin()?] } else { texts };
            let config = Config::V3.max_weighted_length(max);
            texts.iter().try_for_each(|text| thread(&split(text, &config, numbering), printer))
        }
    }
}

impl Texts {
    /// Each text that was given, or each line of stdin.
    fn each(self, mut work: impl FnMut(&str) -> Result<(), Failed>) -> Result<(), Failed> {
        if self.texts.is_empty() {
            return std::io::stdin().lock().lines().try_for_each(|line| work(&line?));
        }
        self.texts.iter().try_for_each(|text| work(text))
    }
}

fn stdin() -> Result<String, Failed> {
    let mut input = String::new();
    std::io::stdin().lock().read_to_string(&mut input)?;
    Ok(input)
}

fn count(text: &str, printer: &mut Printer) -> Result<(), Failed> {
    let parsed = parse(text);
    let json = json!({
        "text": text,
        "weight": parsed.weighted_length,
        "remaining": parsed.remaining(),
        "valid": parsed.valid,
        "permillage": parsed.permillage,
        "valid_range_end": parsed.valid_range_end,
    });
    printer.reply(&json, |printer| printer.line(&parsed.weighted_length.to_string()))
}

fn check(texts: Texts, printer: &mut Printer) -> Result<(), Failed> {
    let (mut all, mut bad) = (0, 0);
    texts.each(|text| {
        all += 1;
        let parsed = parse(text);
        let left = parsed.remaining();
        let problem = match parsed.valid {
            true => None,
            false if has_invalid_characters(text) => {
                Some("holds a character that no post may hold (U+FFFE, U+FEFF or U+FFFF)".to_owned())
            }
            false if text.is_empty() => Some("is empty".to_owned()),
            false => Some(format!("is too long: {} of 280 units, {} too many", parsed.weighted_length, -left)),
        };
        bad += usize::from(problem.is_some());
        let json = json!({"text": text, "valid": parsed.valid, "remaining": left, "problem": problem});
        printer.reply(&json, |printer| match problem {
            Some(problem) => printer.line(&format!("text {all} {problem}")),
            None => printer.line(&format!("text {all} may be posted: {left} of 280 units are left")),
        })
    })?;
    if bad == 0 { Ok(()) } else { Err(Failed::Refused(format!("{bad} of {all} texts may not be posted"))) }
}

fn entities(text: &str, printer: &mut Printer) -> Result<(), Failed> {
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

fn html(input: &str, options: HtmlOptions<'_>, printer: &mut Printer) -> Result<(), Failed> {
    let bad = |why: String| Failed::Refused(format!("the input holds no post: {why}"));
    for json in serde_json::Deserializer::from_str(input).into_iter::<Json>() {
        let json = json.map_err(|why| bad(why.to_string()))?;
        let html = one_html(&json, options).map_err(|why| bad(why.to_string()))?;
        html.iter().try_for_each(|html| printer.line(html))?;
    }
    Ok(())
}

/// A post or a status, alone, or one or many of them in a reply with its includes.
fn one_html(json: &Json, options: HtmlOptions<'_>) -> Result<Vec<String>, MissingText> {
    let includes = json.get("includes").unwrap_or(&Json::Null);
    let page = json.get("statuses").or_else(|| json.get("data")).unwrap_or(json);
    let posts = page.as_array().map_or_else(|| std::slice::from_ref(page), Vec::as_slice);
    let old = |post: &Json| ["id_str", "user", "full_text", "truncated"].iter().any(|name| post.get(name).is_some());
    let html = |post| if old(post) { html_for_tweet(post, options) } else { html_for_post(post, includes, options) };
    posts.iter().map(html).collect()
}

fn thread(posts: &[String], printer: &mut Printer) -> Result<(), Failed> {
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
