//! Posts: search, count, show, write, delete, like, repost.

use chirrup::model::{
    Expansion, Granularity, MediaField, NewMedia, NewPoll, NewReply, ParamKind, ParamType as _, PlaceField, Post,
    PostField, ReplySettings, SortOrder,
};
use chirrup::{Client, Confirmed, Outbox, Pages};
use serde_json::json;

use super::fetch::fetch;
use super::{media, post_id};
use crate::args::{Count, NewPost};
use crate::exit::Failed;
use crate::print::Printer;
use crate::settings::{folder_for, host_of};

/// What a person wants to see of a post.
pub(super) const FIELDS: [PostField; 5] =
    [PostField::CreatedAt, PostField::PublicMetrics, PostField::NotePost, PostField::ConversationId, PostField::Lang];
/// And of what is around it.
pub(super) const EXPANSIONS: [Expansion; 4] =
    [Expansion::AuthorId, Expansion::MediaKeys, Expansion::PollIds, Expansion::PlaceId];

/// How large a page to ask for, within what the endpoint allows.
pub(super) fn page_size(count: Count, least: usize) -> u32 {
    u32::try_from(count.limit.clamp(least, 100)).unwrap_or(100)
}

pub(super) async fn search(
    client: &Client,
    printer: &mut Printer,
    query: &str,
    relevant: bool,
    count: Count,
) -> Result<(), Failed> {
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

/// Fetches posts and prints them.
pub(super) async fn list(printer: &mut Printer, pages: Pages<Vec<Post>>, count: Count) -> Result<(), Failed> {
    let found = fetch(pages, count.limit, "posts", printer).await?;
    printer.reply(&found.json, |printer| printer.posts(&found.items, &found.includes))
}

/// Checks a word of the command line against the words of a parameter, so that a typo costs no request.
fn check_word(kind: ParamKind, word: &str) -> Result<(), Failed> {
    kind.parse(word).map(drop).map_err(|violation| Failed::Usage(format!("`{word}` {violation}")))
}

pub(super) async fn count(client: &Client, printer: &mut Printer, query: &str, by: &str) -> Result<(), Failed> {
    check_word(Granularity::KIND, by)?;
    let response = client.count_recent(query).granularity(by).await?;
    printer.reply(&response.json(), |printer| {
        let most = response.data.iter().map(|count| count.post_count).max().unwrap_or(0).max(1);
        let rows = response.data.iter().map(|count| {
            let bar = "█".repeat(usize::try_from(count.post_count * 40 / most).unwrap_or(0));
            let from: String = count.start.to_string().chars().take(16).collect();
            vec![from.replace('T', " "), count.post_count.to_string(), bar]
        });
        printer.table(&["from", "posts", ""], rows.collect())?;
        printer.done(&format!("{} posts in all", response.meta.total_post_count.unwrap_or(0)))
    })
}

pub(super) async fn show(client: &Client, printer: &mut Printer, posts: &[String]) -> Result<(), Failed> {
    let ids = posts.iter().map(|post| post_id(post)).collect::<Result<Vec<_>, _>>()?;
    if let [id] = ids[..] {
        let call = client.get_post(id).post_fields(FIELDS).expansions(EXPANSIONS);
        let response = call.media_fields([MediaField::AltText, MediaField::Url]).await?;
        return printer.reply(&response.json(), |printer| {
            printer.posts(std::slice::from_ref(&response.data), &response.includes)
        });
    }
    let call = client.get_posts(ids).post_fields(FIELDS).expansions(EXPANSIONS);
    let response = call.media_fields([MediaField::AltText, MediaField::Url]).await?;
    printer.reply(&response.json(), |printer| printer.posts(&response.data, &response.includes))
}

pub(super) async fn write(client: &Client, printer: &mut Printer, new: NewPost) -> Result<(), Failed> {
    let mut call = client.create_post();
    if new.once.is_some() && new.media.iter().any(|word| word.parse::<u64>().is_err()) {
        return Err(Failed::usage("with --once, upload files first (`chirrup media upload`) and give their ids"));
    }
    let text = new.text.join(" ");
    if !text.is_empty() {
        call = call.text(text);
    }
    if let Some(post) = &new.reply_to {
        call = call.reply(NewReply::to(post_id(post)?));
    }
    if let Some(post) = &new.quote {
        call = call.quote(post_id(post)?);
    }
    if !new.poll.is_empty() {
        call = call.poll(NewPoll::new(new.poll, new.poll_minutes));
    }
    if !new.media.is_empty() {
        let mut ids = Vec::new();
        for (n, word) in new.media.iter().enumerate() {
            ids.push(media::of_word(client, word, new.alt.get(n), printer.quiet()).await?);
        }
        call = call.media(NewMedia::new(ids));
    }
    if let Some(replies) = &new.replies {
        check_word(ReplySettings::KIND, replies)?;
        call = call.reply_settings(replies);
    }
    let sent = match new.once.as_ref().filter(|_| printer.plan().is_none()) {
        Some(key) => outbox(client)?.once(key, call).await,
        None => call.await,
    };
    match sent {
        Ok(response) => {
            printer.reply(&response.json(), |printer| printer.done(&format!("posted {}", response.data.id)))
        }
        // Nobody knows whether it was taken: look before anything is said.
        Err(error) if error.unknown_outcome().is_some() => match client.confirm(&error).await {
            Ok(Confirmed::Found(id)) => {
                printer.reply(&json!({"data": {"id": id}}), |printer| printer.done(&format!("posted {id}")))
            }
            _ => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Where the posts with keys are remembered, for each API by itself.
fn outbox(client: &Client) -> Result<Outbox, Failed> {
    let Some(folder) = folder_for(client.base_url()) else {
        return Err(Failed::usage("--once needs a folder to remember the key in: set CHIRRUP_CONFIG_DIR"));
    };
    Ok(Outbox::in_folder(folder.join("outbox").join(host_of(client.base_url()))))
}

pub(super) async fn delete(client: &Client, printer: &mut Printer, post: &str) -> Result<(), Failed> {
    let id = post_id(post)?;
    let response = client.delete_post(id).await?;
    printer.reply(&response.json(), |printer| printer.done(&format!("deleted {id}")))
}

pub(super) async fn like(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), Failed> {
    let id = post_id(post)?;
    let response = if undo { client.unlike(id).await? } else { client.like(id).await? };
    let done = if response.data.liked { "liked" } else { "no longer liked:" };
    printer.reply(&response.json(), |printer| printer.done(&format!("{done} {id}")))
}

pub(super) async fn repost(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), Failed> {
    let id = post_id(post)?;
    let response = if undo { client.undo_repost(id).await? } else { client.repost(id).await? };
    let done = if response.data.reposted { "reposted" } else { "no longer reposted:" };
    printer.reply(&response.json(), |printer| printer.done(&format!("{done} {id}")))
}
