//! Queries: check, explain, and match against posts from stdin.

use std::io::BufRead as _;

use chirrup::model::{Includes, Media, MediaType, Post, PostId, UserId, dialect};
use chirrup::query::{MatchMode, PreparedPost, Product, Query, SearchablePost, Severity, Target, check};
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
            printer.list(items.collect(), |printer| match report.render().trim_end() {
                "" => printer.note("the query is valid"),
                rendered => printer.line(rendered),
            })?;
            if report.is_ok() { Ok(()) } else { Err(CliError::usage("the query is not valid")) }
        }
        QueryCommand::Explain(QueryArgs { query, target, enterprise }) => {
            let query = valid(&query.join(" "), resolve(target, enterprise))?;
            let normalized = query.normalize();
            let json = json!({"explanation": query.explain(), "normalized": normalized.to_string()});
            printer.document(&json, |printer| {
                printer.line(&query.explain())?;
                printer.note(&format!("normalized: {normalized}"))
            })
        }
        QueryCommand::Match { query, target } => {
            let target = resolve(target, true);
            let query = valid(&query.join(" "), target)?;
            let mode = if target.product == Product::FilteredStream { MatchMode::Stream } else { MatchMode::Search };
            filter(&query, mode, printer)
        }
    }
}

/// Joins the words of a search query and checks it: X charges nothing for a query that is not sent.
pub(super) fn valid_search(words: &[String]) -> Result<String, CliError> {
    let query = words.join(" ");
    valid(&query, Target::RECENT_SEARCH.enterprise())?;
    Ok(query)
}

/// Parses a query. The error message marks the mistakes below the query.
fn valid(text: &str, target: Target) -> Result<Query, CliError> {
    let report = check(text, target);
    match report.query.clone().filter(|_| report.is_ok()) {
        Some(query) => Ok(query),
        None => Err(CliError::usage(format!("the query is not valid\n{}", report.render().trim_end()))),
    }
}

fn resolve(target: QueryTarget, enterprise: bool) -> Target {
    let target = match target {
        QueryTarget::Recent => Target::RECENT_SEARCH,
        QueryTarget::All => Target::FULL_ARCHIVE_SEARCH,
        QueryTarget::Stream => Target::FILTERED_STREAM,
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
        let searchable = to_searchable(&post, &includes);
        if PreparedPost::new(&searchable, mode).matches(query) {
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
    let includes = json.get("includes").and_then(|includes| dialect::decode_value(includes).ok());
    let post = match json.get_mut("data") {
        Some(data) => data.take(),
        None => json,
    };
    post.get("id")?;
    Some((dialect::decode_value(&post).ok()?, includes.unwrap_or_default()))
}

/// Collects the properties of a post that queries can match.
fn to_searchable(post: &Post, includes: &Includes) -> SearchablePost {
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
    let mut searchable = SearchablePost::new(post.full_text());
    searchable.id = post.id.get();
    searchable.author_id = post.author_id.map_or(0, UserId::get);
    searchable.author_username = author.map_or_else(String::new, |user| user.username.clone());
    searchable.author_name = author.map_or_else(String::new, |user| user.name.clone());
    searchable.author_description = author.and_then(|user| user.description.clone()).unwrap_or_default();
    searchable.author_location = author.and_then(|user| user.location.clone()).unwrap_or_default();
    searchable.author_verified = author.and_then(|user| user.verified).unwrap_or(false);
    searchable.author_counts.followers = counts.followers_count;
    searchable.author_counts.following = counts.following_count;
    searchable.author_counts.posts = counts.post_count;
    searchable.author_counts.listed = counts.listed_count;
    searchable.lang = post.lang.clone().unwrap_or_default();
    searchable.source = post.source.clone().unwrap_or_default();
    searchable.hashtags = texts(EntityKind::Hashtag);
    searchable.cashtags = texts(EntityKind::Cashtag);
    searchable.mentions = found.iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect();
    searchable.urls =
        entities.urls.iter().flat_map(|url| [Some(url.url.clone()), url.expanded_url.clone()]).flatten().collect();
    searchable.pages = entities
        .urls
        .iter()
        .map(|url| (url.title.clone().unwrap_or_default(), url.description.clone().unwrap_or_default()))
        .collect();
    searchable.contexts = post
        .context_annotations
        .iter()
        .filter_map(|c| Some((c.domain.id.as_ref()?.parse().ok()?, c.entity.id.as_ref()?.parse().ok()?)))
        .collect();
    searchable.entities = post.context_annotations.iter().filter_map(|c| c.entity.name.clone()).collect();
    searchable.conversation_id = post.conversation_id.map_or(0, PostId::get);
    searchable.reply_to = post.replied_to().map(PostId::get);
    searchable.reply_to_user = name_and_id(post.in_reply_to_user_id);
    searchable.quote_of = post.quoted().map(PostId::get);
    searchable.quoted = post.quoted().and_then(|id| includes.post(id)).map(|quoted| {
        // X matches one level of quotes.
        let mut without_references = quoted.clone();
        without_references.referenced_posts = Default::default();
        Box::new(to_searchable(&without_references, includes))
    });
    searchable.repost_of = post.reposted().map(PostId::get);
    searchable.repost_of_user = name_and_id(post.reposted().and_then(|id| includes.post(id)).and_then(|p| p.author_id));
    searchable.images = media.iter().any(|media| media.kind == MediaType::Photo);
    searchable.videos = media.iter().any(|media| media.kind != MediaType::Photo);
    searchable.place =
        place.map(|p| (p.id.to_string(), p.full_name.clone(), p.country_code.clone().unwrap_or_default()));
    searchable.point = post.geo.as_ref().and_then(|geo| geo.coordinates.as_ref()).map(|point| point.coordinates);
    searchable.likes = metrics.like_count;
    searchable.replies = metrics.reply_count;
    searchable.reposts = metrics.repost_count;
    searchable
}
