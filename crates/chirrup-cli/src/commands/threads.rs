//! Threads: a long text as posts that reply to each other.

use chirrup::model::{NewMedia, NewReply, PostId};
use chirrup::text::{Config, Numbering, split};
use chirrup::{Client, Confirmed};
use serde_json::json;

use super::{media, posts};
use crate::args::DraftArgs;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::Printer;

/// Creates a thread. Media files belong to its first post.
pub(super) async fn create(client: &Client, printer: &mut Printer, args: DraftArgs) -> Result<(), CliError> {
    if !args.poll.is_empty() {
        return Err(CliError::usage("a thread has no poll").with_hint("create the poll with `chirrup post --poll`"));
    }
    let texts: Vec<String> = split(&posts::text_of(&args)?, &Config::V3, Numbering::After);
    posts::validate(&args, texts.first().map(String::as_str).unwrap_or_default())?;
    let mut ids: Vec<PostId> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match post(client, printer, &args, (index, text), ids.last().copied()).await {
            Ok(id) => ids.push(id),
            Err(error) if ids.is_empty() => {
                if let Some(plan) = printer.plan() {
                    plan.repeat_for_items(texts.len());
                }
                return Err(error);
            }
            Err(error) => {
                let posted: Vec<String> = ids.iter().map(ToString::to_string).collect();
                printer.hint(&format!("{} of {} posts were created: {}", ids.len(), texts.len(), posted.join(" ")));
                return Err(error);
            }
        }
    }
    if ids.is_empty() {
        return Err(CliError::new(ExitStatus::Usage, "the thread has no text"));
    }
    let data: Vec<_> = ids.iter().zip(&texts).map(|(id, text)| json!({"id": id, "text": text})).collect();
    printer
        .document(&json!({"data": data}), |printer| ids.iter().try_for_each(|id| printer.note(&format!("posted {id}"))))
}

/// Creates one post of the thread. The keys of `--once` are numbered, so that an interrupted thread can be completed.
async fn post(
    client: &Client,
    printer: &Printer,
    args: &DraftArgs,
    (index, text): (usize, &str),
    previous: Option<PostId>,
) -> Result<PostId, CliError> {
    let mut call = client.create_post().text(text);
    if let Some(previous) = previous {
        call = call.reply(NewReply::to(previous));
    }
    if let Some(replies) = &args.replies {
        call = call.reply_settings(replies);
    }
    if index == 0 && !args.media.is_empty() {
        let mut ids = Vec::new();
        for (n, file) in args.media.iter().enumerate() {
            ids.push(media::media_id(client, file, args.alt.get(n), printer.quiet()).await?);
        }
        call = call.media(NewMedia::new(ids));
    }
    let sent = match args.once.as_ref().filter(|_| printer.plan().is_none()) {
        Some(key) => posts::outbox(client)?.once(&format!("{key}-{}", index + 1), call).await,
        None => call.await,
    };
    match sent {
        Ok(response) => Ok(response.data.id),
        // A failure that leaves no doubt is not looked up.
        Err(error) => match client.confirm(&error).await {
            Ok(Confirmed::Found(id)) => Ok(id),
            _ => Err(error.into()),
        },
    }
}
