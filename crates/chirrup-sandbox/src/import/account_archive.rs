//! Account archives of X: a zip file, or the folder in it, with the posts, likes, follows and messages of an account.
//!
//! Each file in `data` is a script that assigns a list: `window.YTD.tweets.part0 = [ … ]`.

use std::borrow::Cow;
use std::fs::{self, File};
use std::path::Path;

use serde_json::{Value as Json, json};
use zip::ZipArchive;

use super::objects::{ImportedData, Message, Object, failed, number, text};
use super::size_limit::bounded;
use super::v1;
use crate::error::SandboxError;

/// File that every archive has, with the owner. It is read first, since the others do not name the owner.
const ACCOUNT: &str = "account";
/// Files with a list that are read, by their names without part number.
const FILES: [&str; 8] =
    ["profile", "tweets", "tweet", "like", "follower", "following", "direct-messages", "direct-messages-group"];

/// Whether a folder is the content of an account archive.
pub(super) fn is_folder(path: &Path) -> bool {
    path.join("data/account.js").is_file()
}

pub(super) fn read_folder(data: &mut ImportedData, path: &Path) -> Result<(), SandboxError> {
    let folder = path.join("data");
    let entries = fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(|why| failed(&folder, why))?;
    let names: Vec<String> = entries.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    read(data, path, &names, |name| File::open(folder.join(name)).and_then(bounded).map_err(|why| why.to_string()))
}

pub(super) fn read_zip(data: &mut ImportedData, path: &Path, mut file: File) -> Result<(), SandboxError> {
    use std::io::Seek as _;
    file.rewind().map_err(|why| failed(path, why))?;
    let mut zip = ZipArchive::new(file).map_err(|why| failed(path, why))?;
    let names: Vec<String> = zip.file_names().flatten().map(Cow::into_owned).collect();
    read(data, path, &names, |name| {
        let entry = zip.by_name(name).map_err(|why| why.to_string())?;
        bounded(entry).map_err(|why| why.to_string())
    })
}

/// Reads the files with these names, that of the account first.
fn read(
    data: &mut ImportedData,
    path: &Path,
    names: &[String],
    mut content: impl FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<(), SandboxError> {
    let mut files: Vec<(&str, &String)> = names.iter().filter_map(|name| Some((list_name(name)?, name))).collect();
    if !files.iter().any(|(list, _)| *list == ACCOUNT) {
        return Err(failed(path, "it is not an account archive of X: it has no data/account.js"));
    }
    files.sort_by_key(|(list, name)| (*list != ACCOUNT, *name));
    let mut owner = None;
    for (list, name) in files {
        let in_file = |why: String| failed(path, format!("{name}: {why}"));
        let content = content(name).map_err(in_file)?;
        let start = content.iter().position(|byte| *byte == b'[').unwrap_or(content.len());
        let items = serde_json::from_slice(content.get(start..).unwrap_or_default());
        let items: Vec<Object> = items.map_err(|why: serde_json::Error| in_file(why.to_string()))?;
        for item in items {
            match (list, owner) {
                (ACCOUNT, _) => owner = owner.or(add_account(data, &item)),
                (_, Some(owner)) => add_item(data, list, &item, owner),
                (_, None) => return Err(failed(path, "data/account.js has no accountId")),
            }
        }
    }
    data.owner = data.owner.or(owner);
    Ok(())
}

/// Returns the name of the list in a file, if the file is one that is read.
fn list_name(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("data", path));
    let is_data = folder == "data" || folder.ends_with("/data");
    let stem = name.strip_suffix(".js").filter(|_| is_data)?;
    let stem = stem.rsplit_once("-part").map_or(stem, |(stem, _)| stem);
    FILES.iter().find(|known| **known == stem).copied().or((stem == ACCOUNT).then_some(ACCOUNT))
}

/// Adds the owner of the archive and returns the ID.
fn add_account(data: &mut ImportedData, item: &Object) -> Option<u64> {
    let account = item.get(ACCOUNT)?;
    let id = number(&account["accountId"])?;
    let user = json!({
        "id": id.to_string(), "username": account["username"], "name": account["accountDisplayName"],
        "created_at": account["createdAt"],
    });
    if let Json::Object(user) = user {
        data.add_user(id, user);
    }
    Some(id)
}

fn add_item(data: &mut ImportedData, list: &str, item: &Object, owner: u64) {
    let Some(content) = item.values().next().and_then(Json::as_object).or(Some(item)) else { return };
    match list {
        "profile" => add_profile(data, content, owner),
        // Old archives have posts without the member around them.
        "tweets" | "tweet" if item.contains_key("tweet") => v1::add_post(data, content, Some(owner)),
        "tweets" | "tweet" => v1::add_post(data, item, Some(owner)),
        "like" => add_like(data, content, owner),
        "follower" | "following" => {
            let Some(other) = content.get("accountId").and_then(number) else { return };
            data.add_user_id(other);
            data.follows.push(if list == "follower" { (other, owner) } else { (owner, other) });
        }
        _ => add_messages(data, content),
    }
}

fn add_profile(data: &mut ImportedData, profile: &Object, owner: u64) {
    let Some(description) = profile.get("description") else { return };
    let user = json!({
        "description": description["bio"], "location": description["location"], "url": description["website"],
    });
    if let Json::Object(user) = user {
        data.add_user(owner, user);
    }
}

/// Adds a liked post. The archive has its text, and not its author.
fn add_like(data: &mut ImportedData, like: &Object, owner: u64) {
    let Some(id) = like.get("tweetId").and_then(number) else { return };
    if let Some(content) = text(like, "fullText") {
        let post = data.posts.entry(id).or_default();
        post.entry("text").or_insert_with(|| content.into());
    }
    data.likes.push((owner, id));
}

/// Adds the messages of a conversation. The ID of a conversation of two has both user IDs.
fn add_messages(data: &mut ImportedData, conversation: &Object) {
    let id = text(conversation, "conversationId").unwrap_or_default();
    let mut participants: Vec<u64> = id.split('-').filter_map(|user| user.parse().ok()).collect();
    let messages: Vec<&Json> = conversation
        .get("messages")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .map(|m| &m["messageCreate"])
        .collect();
    if participants.len() != 2 {
        participants = messages.iter().filter_map(|message| number(&message["senderId"])).collect();
        participants.extend(data.owner);
        participants.sort_unstable();
        participants.dedup();
    } else {
        participants.sort_unstable();
    }
    participants.iter().for_each(|user| data.add_user_id(*user));
    let name = participants.iter().map(u64::to_string).collect::<Vec<_>>().join("-");
    let name = if participants.len() == 2 { name } else { id.to_owned() };
    for message in messages {
        let (Some(id), Some(sender)) = (number(&message["id"]), number(&message["senderId"])) else { continue };
        let (conversation, participants) = (name.clone(), participants.clone());
        let text = message["text"].as_str().unwrap_or_default().to_owned();
        data.messages.insert(id, Message { id, conversation, sender, participants, text });
    }
}
