//! Posts: search, count, show, create, delete, like, repost.

use std::io::IsTerminal as _;

use chirrup::model::{
    Expansion, InvalidId, MediaField, NewMedia, NewPoll, NewReply, PlaceField, Post, PostField, PostId, SortOrder,
};
use chirrup::{Client, Confirmed, Outbox, Pages};
use serde_json::json;

use super::pages;
use super::{media, text};
use crate::args::{Count, PostArgs};
use crate::error::CliError;
use crate::print::{Printer, to_the_minute};
use crate::settings::{file_name_for, state_dir};

/// Fields of posts in tables.
pub(super) const FIELDS: [PostField; 5] =
    [PostField::CreatedAt, PostField::PublicMetrics, PostField::NotePost, PostField::ConversationId, PostField::Lang];
/// Expansions of posts in tables.
pub(super) const EXPANSIONS: [Expansion; 4] =
    [Expansion::AuthorId, Expansion::MediaKeys, Expansion::PollIds, Expansion::PlaceId];
/// Maximum number of media files of a post.
const MAX_MEDIA: usize = 4;

/// Parses the ID or the link of a post.
pub(super) fn post_id(text: &str) -> Result<PostId, CliError> {
    let id = match text.split_once("/status/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => text,
    };
    let quoted: String = text.chars().take(60).collect();
    id.parse().map_err(|_: InvalidId| CliError::usage(format!("`{quoted}` is not a post ID or a link to a post")))
}

/// Returns the page size for a number of results, within the bounds of the endpoint.
pub(super) fn page_size(count: &Count, min: usize) -> u32 {
    u32::try_from(count.limit.clamp(min, 100)).unwrap_or(100)
}

pub(super) async fn search(
    client: &Client,
    printer: &mut Printer,
    query: &str,
    relevant: bool,
    count: &Count,
) -> Result<(), CliError> {
    let order = if relevant { SortOrder::Relevancy } else { SortOrder::Recency };
    let pages = client
        .search_recent(query)
        .max_results(page_size(count, 10))
        .sort_order(order)
        .post_fields(FIELDS)
        .expansions(EXPANSIONS)
        .media_fields([MediaField::AltText, MediaField::Url])
        .place_fields([PlaceField::CountryCode])
        .pages();
    list(printer, pages, count).await
}

/// Fetches and prints posts.
pub(super) async fn list(printer: &mut Printer, pages: Pages<Vec<Post>>, count: &Count) -> Result<(), CliError> {
    pages::print(pages, count, printer).await
}

pub(super) async fn count(client: &Client, printer: &mut Printer, query: &str, by: &str) -> Result<(), CliError> {
    let mut pages = client.count_recent(query).granularity(by).pages();
    let (mut counts, mut outcome) = (Vec::new(), Ok(()));
    while let Some(page) = pages.next_page().await {
        match page {
            // The table needs all counts for its scale.
            Ok(page) => {
                printer.response(&page, |_| Ok(()))?;
                counts.extend(page.data);
            }
            Err(error) => {
                outcome = Err(error.into());
                break;
            }
        }
    }
    if printer.is_json() || counts.is_empty() && outcome.is_err() {
        return outcome;
    }
    let max = counts.iter().map(|count| count.post_count).max().unwrap_or(0).max(1);
    let rows = counts.iter().map(|count| {
        let bar = "█".repeat(usize::try_from(count.post_count.saturating_mul(40) / max).unwrap_or(0));
        vec![to_the_minute(count.start), count.post_count.to_string(), bar]
    });
    printer.table(&["from", "posts", ""], rows.collect())?;
    let total = counts.iter().fold(0_u64, |total, count| total.saturating_add(count.post_count));
    printer.note(&format!("{total} posts in total"))?;
    outcome
}

pub(super) async fn show(client: &Client, printer: &mut Printer, posts: &[String]) -> Result<(), CliError> {
    let ids = posts.iter().map(|post| post_id(post)).collect::<Result<Vec<_>, _>>()?;
    if let [id] = ids[..] {
        let call = client.get_post(id).post_fields(FIELDS).expansions(EXPANSIONS);
        let response = call.media_fields([MediaField::AltText, MediaField::Url]).await?;
        return printer
            .response(&response, |printer| printer.items(std::slice::from_ref(&response.data), &response.includes));
    }
    let call = client.get_posts(ids).post_fields(FIELDS).expansions(EXPANSIONS);
    let response = call.media_fields([MediaField::AltText, MediaField::Url]).batched().await?;
    printer.response(&response, |printer| printer.items(&response.data, &response.includes))
}

pub(super) async fn create(client: &Client, printer: &mut Printer, args: PostArgs) -> Result<(), CliError> {
    let text = text_of(&args)?;
    validate(&args, &text)?;
    let mut call = client.create_post();
    if !text.is_empty() {
        call = call.text(text);
    }
    if let Some(post) = &args.reply_to {
        call = call.reply(NewReply::to(post_id(post)?));
    }
    if let Some(post) = &args.quote {
        call = call.quote(post_id(post)?);
    }
    if !args.poll.is_empty() {
        call = call.poll(NewPoll::new(args.poll, args.poll_minutes));
    }
    if let Some(replies) = &args.replies {
        call = call.reply_settings(replies);
    }
    if !args.media.is_empty() {
        let mut ids = Vec::new();
        for (n, file) in args.media.iter().enumerate() {
            ids.push(media::media_id(client, file, args.alt.get(n), printer.quiet()).await?);
        }
        call = call.media(NewMedia::new(ids));
    }
    let sent = match args.once.as_ref().filter(|_| printer.plan().is_none()) {
        Some(key) => outbox(client)?.once(key, call).await,
        None => call.await,
    };
    match sent {
        Ok(response) => printer.response(&response, |printer| printer.note(&format!("posted {}", response.data.id))),
        // The outbox has looked already, and has recorded what it found.
        Err(error) if error.unknown_outcome().is_some() && args.once.is_none() => match client.confirm(&error).await {
            Ok(Confirmed::Found(id)) => {
                printer.document(&json!({"data": {"id": id}}), |printer| printer.note(&format!("posted {id}")))
            }
            _ => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Returns the text of a new post, from the arguments or from stdin. A post with media needs no text.
fn text_of(args: &PostArgs) -> Result<String, CliError> {
    let from_stdin = match &args.text[..] {
        [] => args.media.is_empty(),
        [word] => word == "-",
        _ => false,
    };
    if !from_stdin {
        return Ok(args.text.join(" "));
    }
    if args.text.is_empty() && std::io::stdin().is_terminal() {
        return Err(CliError::usage("the post has no text").with_hint("pass a text, or `-` to read it from stdin"));
    }
    let text = text::read_stdin()?.trim_end().to_owned();
    if text.is_empty() {
        return Err(CliError::usage("the post has no text: stdin is empty")
            .with_hint("pass the text, as in: chirrup post \"Good morning\""));
    }
    Ok(text)
}

/// Checks a new post before anything is uploaded or sent.
fn validate(args: &PostArgs, text: &str) -> Result<(), CliError> {
    let parsed = chirrup::text::parse(text);
    let is_too_long = parsed.remaining() < 0;
    let may_be_sent = text.is_empty() || is_too_long && (args.long || fits_with_unknown_links(text));
    if let Some(problem) = text::problem(text, &parsed).filter(|_| !may_be_sent) {
        let hint = "shorten it, split it into a thread with `chirrup text split`, or pass `--long` with X Premium";
        let error = CliError::usage(format!("text {problem}"));
        return Err(if is_too_long { error.with_hint(hint) } else { error });
    }
    if args.media.len() > MAX_MEDIA {
        return Err(CliError::usage(format!("a post has at most {MAX_MEDIA} media files, not {}", args.media.len())));
    }
    if args.alt.len() > args.media.len() {
        return Err(CliError::usage("there are more alt texts than media files"));
    }
    if args.once.is_some() && args.media.iter().any(|file| file.parse::<u64>().is_err()) {
        return Err(CliError::usage("`--once` accepts no files, only IDs of uploaded files")
            .with_hint("upload the files with `chirrup media upload`, and pass their IDs to `--media`"));
    }
    Ok(())
}

/// Whether a text fits if each word that looks like a URL counts as a link. X may know top-level domains that are newer than
/// this program.
fn fits_with_unknown_links(text: &str) -> bool {
    let is_url = |word: &str| ["http://", "https://"].iter().any(|scheme| word.starts_with(scheme));
    let known = |word| if is_url(word) { "https://x.com" } else { word };
    chirrup::text::parse(&text.split(' ').map(known).collect::<Vec<_>>().join(" ")).remaining() >= 0
}

/// Opens the store of idempotency keys, which is separate for each API host.
fn outbox(client: &Client) -> Result<Outbox, CliError> {
    let Some(folder) = state_dir(client.base_url()) else {
        return Err(CliError::usage("`--once` needs a folder for its keys").with_hint("set CHIRRUP_CONFIG_DIR"));
    };
    Ok(Outbox::in_folder(folder.join("outbox").join(file_name_for(client.base_url()))))
}

pub(super) async fn delete(client: &Client, printer: &mut Printer, post: &str) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = client.delete_post(id).await?;
    printer.response(&response, |printer| printer.note(&format!("deleted {id}")))
}

pub(super) async fn like(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = if undo { client.unlike(id).await? } else { client.like(id).await? };
    let action = if response.data.liked { "liked" } else { "unliked" };
    printer.response(&response, |printer| printer.note(&format!("{action} {id}")))
}

pub(super) async fn repost(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = if undo { client.undo_repost(id).await? } else { client.repost(id).await? };
    let action = if response.data.reposted { "reposted" } else { "undid the repost of" };
    printer.response(&response, |printer| printer.note(&format!("{action} {id}")))
}
