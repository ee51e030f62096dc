//! Posts: show, create, delete, like, repost.

use std::collections::HashSet;
use std::io::IsTerminal as _;
use std::path::Path;

use chirrup::model::{Count, Expansion, InvalidId, MediaField, NewMedia, NewPoll, NewReply, Post, PostField, PostId};
use chirrup::{Client, Confirmed, IntoCall as _, Outbox, Pages, Response};
use serde_json::{Value as Json, json};

use super::{compose, media, text};
use crate::args::DraftArgs;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::{Printer, to_the_minute};
use crate::settings::{file_name_for, state_dir};

/// Fields of posts in tables.
pub(super) const FIELDS: [PostField; 5] =
    [PostField::CreatedAt, PostField::PublicMetrics, PostField::NotePost, PostField::ConversationId, PostField::Lang];
/// Expansions of posts in tables.
pub(super) const EXPANSIONS: [Expansion; 4] =
    [Expansion::AuthorId, Expansion::MediaKeys, Expansion::PollIds, Expansion::PlaceId];
/// Fields of media in tables.
pub(super) const MEDIA_FIELDS: [MediaField; 2] = [MediaField::AltText, MediaField::Url];
/// Maximum number of media files of a post.
const MAX_MEDIA: usize = 4;
/// Maximum length of an option of a poll.
const MAX_OPTION: usize = 25;

/// Parses the ID or the link of a post.
pub(super) fn post_id(text: &str) -> Result<PostId, CliError> {
    let text = text.trim();
    let id = match text.split_once("/status/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or_default(),
        None => text,
    };
    let quoted: String = text.chars().take(60).collect();
    id.parse().map_err(|_: InvalidId| CliError::usage(format!("`{quoted}` is not a post ID or a link to a post")))
}

/// Width of a time to the minute.
const TIME_WIDTH: usize = 16;

/// Returns a bar for a count, with eighths of a column.
fn bar(count: u64, max: u64, width: usize) -> String {
    let eighths = usize::try_from(count.saturating_mul(width as u64 * 8) / max).unwrap_or(0);
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
    format!("{}{rest}", "█".repeat(eighths / 8))
}

/// Prints numbers of posts by time, with bars on a terminal or if `has_chart` is set.
pub(super) async fn print_counts(
    mut pages: Pages<Vec<Count>>,
    has_chart: bool,
    printer: &mut Printer,
) -> Result<(), CliError> {
    let (mut counts, mut outcome) = (Vec::new(), Ok(()));
    while let Some(page) = pages.next_page().await {
        match page {
            // The table needs all counts for its scale.
            Ok(page) => {
                printer.page_for_programs(&page, pages.token().is_none())?;
                counts.extend(page.data);
            }
            Err(error) => {
                outcome = Err(error.into());
                break;
            }
        }
    }
    if printer.is_for_programs() || counts.is_empty() && outcome.is_err() {
        return outcome;
    }
    let max = counts.iter().map(|count| count.post_count).max().unwrap_or(0).max(1);
    let width = printer.chart_width(has_chart, TIME_WIDTH + max.to_string().len().max("posts".len()) + 4);
    let rows = counts.iter().map(|count| {
        let mut row = vec![to_the_minute(count.start), count.post_count.to_string()];
        row.extend(width.map(|width| bar(count.post_count, max, width)));
        row
    });
    let header = ["from", "posts", ""];
    printer.table(&header[..if width.is_some() { 3 } else { 2 }], rows.collect())?;
    let total = counts.iter().fold(0_u64, |total, count| total.saturating_add(count.post_count));
    printer.summary(&format!("{total} posts in total"))?;
    outcome
}

/// Number of posts that one request returns.
const MAX_POSTS: usize = 100;

/// Shows posts of arguments, of a file, or of stdin. More than 100 are requested and printed in parts.
pub(super) async fn show(
    client: &Client,
    printer: &mut Printer,
    posts: &[String],
    file: Option<&Path>,
) -> Result<(), CliError> {
    let posts = match (posts, file) {
        ([], None) if std::io::stdin().is_terminal() => {
            return Err(CliError::usage("no post is given").with_hint("pass IDs or links, or `--file FILE`"));
        }
        ([], None) => lines(&text::read_stdin()?),
        ([], Some(file)) => lines(&text::read(file)?),
        (posts, _) if posts == ["-"] => lines(&text::read_stdin()?),
        (posts, _) => posts.to_vec(),
    };
    let mut ids = posts.iter().map(|post| post_id(post)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    if let [id] = ids[..] {
        let call = client.get_post(id).post_fields(FIELDS).expansions(EXPANSIONS);
        let call = call.media_fields(MEDIA_FIELDS).into_call();
        return printer.item::<Post>(&call.send().await?);
    }
    let call = client.get_posts(ids.iter().copied()).into_call();
    let (mut progress, start) = printer.begin(&call.call().fingerprint(), usize::MAX)?;
    if start.complete {
        return Ok(());
    }
    // With `--output`, the number of requested parts is where a stopped command continues.
    let done = start.next.and_then(|parts| parts.parse().ok()).unwrap_or(0);
    let parts = ids.chunks(MAX_POSTS).count();
    for (part, ids) in ids.chunks(MAX_POSTS).enumerate().skip(done) {
        let call = client.get_posts(ids.iter().copied()).post_fields(FIELDS).expansions(EXPANSIONS);
        let sent = call.media_fields(MEDIA_FIELDS).into_call().send().await;
        if printer.plan().is_some() && sent.is_err() {
            continue;
        }
        let next = (part + 1 < parts).then(|| (part + 1).to_string());
        printer.page::<Post>(&sent?, &mut progress, next.is_none())?;
        printer.commit(progress.printed(), next.as_deref())?;
    }
    Ok(())
}

/// Returns the first word of each line, without quotes, so that columns of IDs are accepted.
fn lines(text: &str) -> Vec<String> {
    let words = text.lines().filter_map(|line| line.split([' ', '\t', ',']).next());
    words.map(|word| word.trim().trim_matches('"').to_owned()).filter(|word| !word.is_empty()).collect()
}

/// Posts that a new post refers to.
#[derive(Debug, Default)]
pub(super) struct Target {
    pub(super) reply_to: Option<String>,
    pub(super) quote: Option<String>,
    pub(super) edit: Option<String>,
}

pub(super) async fn create(
    client: &Client,
    printer: &mut Printer,
    args: DraftArgs,
    target: &Target,
) -> Result<(), CliError> {
    let text = text_of(&args)?;
    validate(&args, &text)?;
    let mut call = client.create_post();
    if !text.is_empty() {
        call = call.text(text);
    }
    if let Some(post) = &target.reply_to {
        call = call.reply(NewReply::to(post_id(post)?));
    }
    if let Some(post) = &target.quote {
        call = call.quote(post_id(post)?);
    }
    if let Some(post) = &target.edit {
        call = call.edit_options(post_id(post)?);
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

/// Returns the text of a new post. A post with media needs no text.
pub(super) fn text_of(args: &DraftArgs) -> Result<String, CliError> {
    if args.text.is_empty() && !args.media.is_empty() { Ok(String::new()) } else { compose::text(&args.text, "post") }
}

/// Checks a new post before anything is uploaded or sent.
pub(super) fn validate(args: &DraftArgs, text: &str) -> Result<(), CliError> {
    let parsed = chirrup::text::parse(text);
    let is_too_long = parsed.remaining() < 0;
    let may_be_sent = text.is_empty() || is_too_long && (args.long || fits_with_unknown_links(text));
    if let Some(problem) = text::problem(text, &parsed).filter(|_| !may_be_sent) {
        let hint = "shorten it, split it with `chirrup thread`, or pass `--long` with X Premium";
        let error = CliError::usage(format!("text {problem}"));
        return Err(if is_too_long { error.with_hint(hint) } else { error });
    }
    if args.media.len() > MAX_MEDIA {
        return Err(CliError::usage(format!("a post has at most {MAX_MEDIA} media files, not {}", args.media.len())));
    }
    if args.media.len() > 1
        && let Some(video) = args.media.iter().find(|file| is_video(file))
    {
        return Err(CliError::usage(format!("{video}: a post has one video or GIF, or up to {MAX_MEDIA} images")));
    }
    if !args.poll.is_empty() && !(2..=4).contains(&args.poll.len()) {
        return Err(CliError::usage(format!("a poll has 2 to 4 options, not {}", args.poll.len())));
    }
    if let Some(option) = args.poll.iter().find(|option| option.is_empty() || option.chars().count() > MAX_OPTION) {
        return Err(CliError::usage(format!("poll option `{option}` has not 1 to {MAX_OPTION} characters")));
    }
    if !args.poll.is_empty() && !(5..=10_080).contains(&args.poll_minutes) {
        return Err(CliError::usage(format!("a poll lasts 5 to 10080 minutes, not {}", args.poll_minutes)));
    }
    if args.alt.len() > args.media.len() {
        return Err(CliError::usage("there are more alt texts than media files"));
    }
    if args.once.is_some() && args.media.iter().any(|file| file.parse::<u64>().is_err()) {
        return Err(CliError::usage("`--once` accepts no files, only IDs of uploaded files")
            .with_hint("upload the files with `chirrup media upload`, and pass their IDs to `--media`"));
    }
    if let Some(file) = args.media.iter().find(|file| file.parse::<u64>().is_err() && !Path::new(file).is_file()) {
        return Err(CliError::new(ExitStatus::Storage, format!("cannot read {file}: it is not a file")));
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

/// Whether the name of a file is that of a video or GIF.
fn is_video(file: &str) -> bool {
    let extension = Path::new(file).extension().map(|extension| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| ["mp4", "mov", "gif"].iter().any(|video| extension == *video))
}

/// Opens the store of idempotency keys, which is separate for each API host.
pub(super) fn outbox(client: &Client) -> Result<Outbox, CliError> {
    let Some(folder) = state_dir(client.base_url()) else {
        return Err(CliError::usage("`--once` needs a folder for its keys").with_hint("set CHIRRUP_CONFIG_DIR"));
    };
    Ok(Outbox::in_folder(folder.join("outbox").join(file_name_for(client.base_url()))))
}

/// Prints what a write has done. Fails if the response says that it was not done, or does not say it. `members` are the
/// names of the member that says it.
pub(super) fn done<T>(
    printer: &mut Printer,
    response: &Response<T>,
    members: &[&str],
    wanted: bool,
    words: &str,
) -> Result<(), CliError> {
    let json = response.json();
    let said = members.iter().find_map(|name| Some((name, json["data"].get(name)?)));
    if said.is_some_and(|(_, value)| *value == wanted) {
        return printer.response(response, |printer| printer.note(words));
    }
    if printer.is_for_programs() {
        printer.response(response, |_| Ok(()))?;
    }
    Err(match said {
        Some((name, Json::Bool(state))) => CliError::refused(format!("the server answered `{name}: {state}`"))
            .with_hint("the write was not done; check who may do it"),
        _ => CliError::new(ExitStatus::UnknownOutcome, "the response does not say whether the write was done")
            .with_hint("check whether the write took effect before you repeat it"),
    })
}

pub(super) async fn delete(client: &Client, printer: &mut Printer, post: &str) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = client.delete_post(id).await?;
    done(printer, &response, &["deleted"], true, &format!("deleted {id}"))
}

pub(super) async fn like(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = if undo { client.unlike(id).await? } else { client.like(id).await? };
    let action = if undo { "unliked" } else { "liked" };
    done(printer, &response, &["liked"], !undo, &format!("{action} {id}"))
}

pub(super) async fn repost(client: &Client, printer: &mut Printer, post: &str, undo: bool) -> Result<(), CliError> {
    let id = post_id(post)?;
    let response = if undo { client.undo_repost(id).await? } else { client.repost(id).await? };
    let action = if undo { "undid the repost of" } else { "reposted" };
    done(printer, &response, &["retweeted", "reposted"], !undo, &format!("{action} {id}"))
}
