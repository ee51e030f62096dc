//! Queries: check, explain, and match against posts from stdin.

use std::io::BufRead as _;

use chirrup::model::{Includes, Media, MediaType, Post, PostId, UserId};
use chirrup::query::{MatchMode, Prepared, Product, Query, Severity, Subject, Target, check};
use chirrup::text::EntityKind;
use serde_json::{Value as Json, json};

use crate::args::{QueryArgs, QueryCommand, QueryTarget};
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, plural};

pub(super) fn run(command: QueryCommand, printer: &mut Printer) -> Result<(), CliError> {
    match command {
        QueryCommand::Check(QueryArgs { query, target, enterprise }) => {
            let report = check(&query.join(" "), resolve(target, enterprise));
            let items = report.diagnostics.iter().map(|d| {
                let severity = if d.severity == Severity::Error { "error" } else { "warning" };
                json!({
                    "severity": severity, "start": d.span.start, "end": d.span.end, "message": d.message,
                    "help": d.suggestion,
                })
            });
            printer.list(items.collect(), |printer| match report.draw().trim_end() {
                "" => printer.note("the query is valid"),
                drawing => printer.line(drawing),
            })?;
            if report.is_ok() { Ok(()) } else { Err(CliError::usage("the query is not valid")) }
        }
        QueryCommand::Explain(QueryArgs { query, target, enterprise }) => {
            let query = valid(&query.join(" "), resolve(target, enterprise))?;
            let normalized = query.normalize();
            let json = json!({"explanation": query.explain(), "normalized": normalized.to_string()});
            printer.response(&json, |printer| {
                printer.line(&query.explain())?;
                printer.note(&format!("normalized: {normalized}"))
            })
        }
        QueryCommand::Match { query, target } => {
            let target = resolve(target, true);
            let query = valid(&query.join(" "), target)?;
            let mode = if target.product == Product::Stream { MatchMode::Stream } else { MatchMode::Search };
            filter(&query, mode, printer)
        }
    }
}

/// Joins the words of a search query and checks it: X charges nothing for a query that is not sent.
pub(super) fn valid_search(words: &[String]) -> Result<String, CliError> {
    let query = words.join(" ");
    valid(&query, Target::RECENT.enterprise())?;
    Ok(query)
}

/// Parses a query. The error message marks the mistakes below the query.
fn valid(text: &str, target: Target) -> Result<Query, CliError> {
    let report = check(text, target);
    match report.query.clone().filter(|_| report.is_ok()) {
        Some(query) => Ok(query),
        None => Err(CliError::usage(format!("the query is not valid\n{}", report.draw().trim_end()))),
    }
}

fn resolve(target: QueryTarget, enterprise: bool) -> Target {
    let target = match target {
        QueryTarget::Recent => Target::RECENT,
        QueryTarget::All => Target::ALL,
        QueryTarget::Stream => Target::STREAM,
    };
    if enterprise { target.enterprise() } else { target }
}

/// Prints the lines of stdin whose post matches. A line is a post, or an object with `data` and `includes`.
fn filter(query: &Query, mode: MatchMode, printer: &mut Printer) -> Result<(), CliError> {
    let mut skipped = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|why| CliError::read("stdin", &why))?;
        if line.trim().is_empty() {
            continue;
        }
        let Some((post, includes)) = parse(&line) else {
            skipped += 1;
            continue;
        };
        let subject = subject(&post, &includes);
        if Prepared::new(&subject, mode).matches(query) {
            printer.line(&line)?;
        }
    }
    if skipped > 0 {
        let message = format!("skipped {} that are not posts", plural(skipped, "line"));
        return Err(CliError::new(ExitStatus::Partial, message));
    }
    Ok(())
}

fn parse(line: &str) -> Option<(Post, Includes)> {
    let mut json: Json = serde_json::from_str(line).ok()?;
    let includes = json.get_mut("includes").map(Json::take).and_then(|i| serde_json::from_value(i).ok());
    let post = match json.get_mut("data") {
        Some(data) => data.take(),
        None => json,
    };
    post.get("id")?;
    Some((serde_json::from_value(post).ok()?, includes.unwrap_or_default()))
}

/// Collects the properties of a post that queries can match.
fn subject(post: &Post, includes: &Includes) -> Subject {
    let author = includes.author_of(post);
    let entities = post.entities.clone().unwrap_or_default();
    let found = chirrup::text::extract(post.full_text());
    let texts = |kind| found.iter().filter(move |e| e.kind == kind).map(|e| e.text.to_owned()).collect::<Vec<_>>();
    let media: Vec<&Media> = includes.media_of(post).collect();
    let metrics = post.public_metrics.unwrap_or_default();
    let counts = author.and_then(|user| user.public_metrics).unwrap_or_default();
    let name_and_id = |id: Option<UserId>| {
        id.map(|id| (includes.user(id).map_or_else(String::new, |user| user.username.clone()), id.get()))
    };
    let place = includes.place_of(post);
    Subject {
        id: post.id.get(),
        text: post.full_text().to_owned(),
        author_id: post.author_id.map_or(0, UserId::get),
        author: author.map_or_else(String::new, |user| user.username.clone()),
        author_name: author.map_or_else(String::new, |user| user.name.clone()),
        author_bio: author.and_then(|user| user.description.clone()).unwrap_or_default(),
        author_location: author.and_then(|user| user.location.clone()).unwrap_or_default(),
        author_verified: author.and_then(|user| user.verified).unwrap_or(false),
        author_counts: [counts.followers_count, counts.following_count, counts.post_count, counts.listed_count],
        lang: post.lang.clone().unwrap_or_default(),
        source: post.source.clone().unwrap_or_default(),
        hashtags: texts(EntityKind::Hashtag),
        cashtags: texts(EntityKind::Cashtag),
        mentions: found.iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect(),
        urls: entities
            .urls
            .iter()
            .flat_map(|url| [Some(url.url.clone()), url.expanded_url.clone()])
            .flatten()
            .collect(),
        pages: entities
            .urls
            .iter()
            .map(|url| (url.title.clone().unwrap_or_default(), url.description.clone().unwrap_or_default()))
            .collect(),
        contexts: post
            .context_annotations
            .iter()
            .filter_map(|c| Some((c.domain.id.as_ref()?.parse().ok()?, c.entity.id.as_ref()?.parse().ok()?)))
            .collect(),
        entities: post.context_annotations.iter().filter_map(|c| c.entity.name.clone()).collect(),
        conversation: post.conversation_id.map_or(0, PostId::get),
        reply_to: post.replied_to().map(PostId::get),
        reply_to_user: name_and_id(post.in_reply_to_user_id),
        quote_of: post.quoted().map(PostId::get),
        quoted: post.quoted().and_then(|id| includes.post(id)).map(|quoted| {
            // X matches one level of quotes.
            let mut without_references = quoted.clone();
            without_references.referenced_posts = Default::default();
            Box::new(subject(&without_references, includes))
        }),
        repost_of: post.reposted().map(PostId::get),
        repost_of_user: name_and_id(post.reposted().and_then(|id| includes.post(id)).and_then(|p| p.author_id)),
        images: media.iter().any(|media| media.kind == MediaType::Photo),
        videos: media.iter().any(|media| media.kind != MediaType::Photo),
        place: place.map(|p| (p.id.to_string(), p.full_name.clone(), p.country_code.clone().unwrap_or_default())),
        point: post.geo.as_ref().and_then(|geo| geo.coordinates.as_ref()).map(|point| point.coordinates),
        likes: metrics.like_count,
        replies: metrics.reply_count,
        reposts: metrics.repost_count,
        ..Subject::default()
    }
}
