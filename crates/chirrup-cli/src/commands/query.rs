//! Queries: check, explain, and match against posts from stdin.

use std::io::BufRead as _;

use chirrup::model::{Includes, Post};
use chirrup::query::{MatchMode, Prepared, Product, Query, Severity, Subject, Target, check};
use serde_json::{Value as Json, json};

use crate::args::{QueryCommand, QueryText};
use crate::exit::Failed;
use crate::print::Printer;

/// Checks, explains or matches.
pub(super) fn run(command: QueryCommand, printer: &mut Printer) -> Result<(), Failed> {
    match command {
        QueryCommand::Check(QueryText { query, target, enterprise }) => {
            let target = self::target(&target, enterprise);
            let report = check(&query.join(" "), target);
            let items = report.diagnostics.iter().map(|d| {
                let severity = if d.severity == Severity::Error { "error" } else { "warning" };
                json!({"severity": severity, "start": d.span.start, "end": d.span.end, "message": d.message, "help": d.suggestion})
            });
            printer.list(items.collect(), |printer| {
                let drawn = report.draw();
                if drawn.is_empty() {
                    return printer.done("nothing is wrong with it");
                }
                printer.line(drawn.trim_end())
            })?;
            if report.is_ok() { Ok(()) } else { Err(Failed::Refused("the query is not sound".to_owned())) }
        }
        QueryCommand::Explain(QueryText { query, target, enterprise }) => {
            let query = sound(&query.join(" "), self::target(&target, enterprise))?;
            let plain = query.normalize();
            let json = json!({"explanation": query.explain(), "normalized": plain.to_string()});
            printer.reply(&json, |printer| {
                printer.line(&query.explain())?;
                printer.done(&format!("in its plainest form: {plain}"))
            })
        }
        QueryCommand::Match { query, target } => {
            let target = self::target(&target, true);
            let query = sound(&query.join(" "), target)?;
            let dialect = if target.product == Product::Stream { MatchMode::Stream } else { MatchMode::Search };
            filter(&query, dialect, printer)
        }
    }
}

/// Reads a query, or says what is wrong with it, drawn under it.
pub(super) fn sound(text: &str, target: Target) -> Result<Query, Failed> {
    let report = check(text, target);
    match report.query.clone().filter(|_| report.is_ok()) {
        Some(query) => Ok(query),
        None => Err(Failed::Refused(format!("the query is not sound\n{}", report.draw().trim_end()))),
    }
}

fn target(name: &str, enterprise: bool) -> Target {
    let target = match name {
        "all" => Target::ALL,
        "stream" => Target::STREAM,
        _ => Target::RECENT,
    };
    if enterprise { target.enterprise() } else { target }
}

/// Lets those lines of stdin through that hold a post which the query matches: a post, or `{"data": …, "includes": …}`.
fn filter(query: &Query, dialect: MatchMode, printer: &mut Printer) -> Result<(), Failed> {
    let mut bad = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let Some((post, includes)) = read(&line) else {
            bad += 1;
            continue;
        };
        let subject = subject(&post, &includes);
        if Prepared::new(&subject, dialect).matches(query) {
            printer.line(&line)?;
        }
    }
    if bad > 0 {
        return Err(Failed::Refused(format!("{bad} lines hold no post and were left out")));
    }
    Ok(())
}

fn read(line: &str) -> Option<(Post, Includes)> {
    let mut json: Json = serde_json::from_str(line).ok()?;
    let includes = json.get_mut("includes").map(Json::take).and_then(|i| serde_json::from_value(i).ok());
    let post = match json.get_mut("data") {
        Some(data) => data.take(),
        None => json,
    };
    post.get("id")?;
    Some((serde_json::from_value(post).ok()?, includes.unwrap_or_default()))
}

/// What the language can ask of a post that came with these includes.
fn subject(post: &Post, includes: &Includes) -> Subject {
    let author = includes.author_of(post);
    let entities = post.entities.clone().unwrap_or_default();
    let found = chirrup::text::extract(post.full_text());
    let of = |kind| found.iter().filter(move |e| e.kind == kind).map(|e| e.text.to_owned()).collect::<Vec<_>>();
    let media: Vec<_> = includes.media_of(post).collect();
    let photo = |medium: &&chirrup::model::Media| medium.kind == chirrup::model::MediaType::Photo;
    let metrics = post.public_metrics.unwrap_or_default();
    let counts = author.and_then(|user| user.public_metrics).unwrap_or_default();
    let named = |id: Option<chirrup::model::UserId>| {
        id.map(|id| (includes.user(id).map_or_else(String::new, |user| user.username.clone()), id.get()))
    };
    let place = includes.place_of(post);
    Subject {
        id: post.id.get(),
        text: post.full_text().to_owned(),
        author_id: post.author_id.map_or(0, chirrup::model::UserId::get),
        author: author.map_or_else(String::new, |user| user.username.clone()),
        author_name: author.map_or_else(String::new, |user| user.name.clone()),
        author_bio: author.and_then(|user| user.description.clone()).unwrap_or_default(),
        author_location: author.and_then(|user| user.location.clone()).unwrap_or_default(),
        author_verified: author.and_then(|user| user.verified).unwrap_or(false),
        author_counts: [counts.followers_count, counts.following_count, counts.post_count, counts.listed_count],
        lang: post.lang.clone().unwrap_or_default(),
        source: post.source.clone().unwrap_or_default(),
        hashtags: of(chirrup::text::EntityKind::Hashtag),
        cashtags: of(chirrup::text::EntityKind::Cashtag),
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
        conversation: post.conversation_id.map_or(0, chirrup::model::PostId::get),
        reply_to: post.replied_to().map(chirrup::model::PostId::get),
        reply_to_user: named(post.in_reply_to_user_id),
        quote_of: post.quoted().map(chirrup::model::PostId::get),
        quoted: post.quoted().and_then(|id| includes.post(id)).map(|quoted| {
            // One quote deep, as X looks.
            let mut alone = quoted.clone();
            alone.referenced_posts = Default::default();
            Box::new(subject(&alone, includes))
        }),
        repost_of: post.reposted().map(chirrup::model::PostId::get),
        repost_of_user: named(post.reposted().and_then(|id| includes.post(id)).and_then(|p| p.author_id)),
        images: media.iter().any(photo),
        videos: media.iter().any(|medium| !photo(medium)),
        place: place.map(|p| (p.id.to_string(), p.full_name.clone(), p.country_code.clone().unwrap_or_default())),
        point: post.geo.as_ref().and_then(|geo| geo.coordinates.as_ref()).map(|point| point.coordinates),
        likes: metrics.like_count,
        replies: metrics.reply_count,
        reposts: metrics.repost_count,
        ..Subject::default()
    }
}
