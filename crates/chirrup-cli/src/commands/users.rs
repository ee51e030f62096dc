//! Users: show, timelines, followers, follow.

use std::str::FromStr as _;

use chirrup::model::{Exclude, MediaField, User, UserField, UserId, Username};
use chirrup::{Client, Pages};

use super::pages;
use super::posts::{self, EXPANSIONS, FIELDS, page_size};
use crate::args::Count;
use crate::error::CliError;
use crate::print::Printer;

/// Fields of users in tables.
const USER_FIELDS: [UserField; 5] =
    [UserField::Description, UserField::PublicMetrics, UserField::Verified, UserField::CreatedAt, UserField::Location];
/// Maximum page size of the lists of followers and followed users.
const MAX_PAGE: usize = 1000;

/// A user as named on the command line.
#[derive(Debug, PartialEq, Eq)]
enum NamedUser<'a> {
    Id(UserId),
    Username(&'a str),
}

/// Returns the user that `@name`, `name`, an ID, or a link to a profile names. With an `@`, a number is a username.
fn named_user(text: &str) -> NamedUser<'_> {
    let link = text.split_once("://").map_or(text, |(_, rest)| rest);
    let hosts = ["x.com/", "www.x.com/", "mobile.x.com/", "twitter.com/", "www.twitter.com/", "mobile.twitter.com/"];
    let path = hosts.iter().find_map(|host| link.strip_prefix(host));
    let name = path.map_or(text, |path| path.split(['/', '?', '#']).next().unwrap_or_default());
    match (name.strip_prefix('@'), name.parse()) {
        (Some(username), _) => NamedUser::Username(username),
        (None, Ok(id)) if path.is_none() => NamedUser::Id(id),
        _ => NamedUser::Username(name),
    }
}

/// Resolves a user to an ID. Usernames cost a request.
async fn user_id(client: &Client, text: &str) -> Result<UserId, CliError> {
    match named_user(text) {
        NamedUser::Id(id) => Ok(id),
        NamedUser::Username(name) => Ok(client.get_user_by_name(name).await?.data.id),
    }
}

pub(super) async fn show(client: &Client, printer: &mut Printer, users: &[String]) -> Result<(), CliError> {
    let users: Vec<NamedUser<'_>> = users.iter().map(|user| named_user(user)).collect();
    if let [user] = &users[..] {
        let response = match user {
            NamedUser::Id(id) => client.get_user(*id).user_fields(USER_FIELDS).await?,
            NamedUser::Username(name) => client.get_user_by_name(*name).user_fields(USER_FIELDS).await?,
        };
        return printer
            .response(&response, |printer| printer.items(std::slice::from_ref(&response.data), &response.includes));
    }
    let id = |user: &NamedUser<'_>| if let NamedUser::Id(id) = user { Some(*id) } else { None };
    let response = match users.iter().map(id).collect::<Option<Vec<UserId>>>() {
        Some(ids) => client.get_users(ids).user_fields(USER_FIELDS).await?,
        None => {
            let names = users.iter().map(|user| match user {
                NamedUser::Id(id) => Err(CliError::usage(format!("`{id}` is an ID among usernames"))
                    .with_hint("pass either usernames or IDs, not both; `@12` is the username 12")),
                NamedUser::Username(name) => Username::from_str(name).map_err(|why| CliError::usage(why.to_string())),
            });
            let names = names.collect::<Result<Vec<Username>, _>>()?;
            client.get_users_by_name(names).user_fields(USER_FIELDS).await?
        }
    };
    printer.response(&response, |printer| printer.items(&response.data, &response.includes))
}

pub(super) async fn timeline(
    client: &Client,
    printer: &mut Printer,
    user: &str,
    (no_replies, no_reposts): (bool, bool),
    count: &Count,
) -> Result<(), CliError> {
    let id = user_id(client, user).await?;
    let exclude: Vec<Exclude> = [(no_replies, Exclude::Replies), (no_reposts, Exclude::Reposts)]
        .into_iter()
        .filter_map(|(excluded, what)| excluded.then_some(what))
        .collect();
    let mut call = client.user_posts(id).max_results(page_size(count, 5)).post_fields(FIELDS).expansions(EXPANSIONS);
    if !exclude.is_empty() {
        call = call.exclude(exclude);
    }
    let pages = call.media_fields([MediaField::AltText, MediaField::Url]).pages();
    posts::list(printer, pages, count).await
}

pub(super) async fn home(client: &Client, printer: &mut Printer, count: &Count) -> Result<(), CliError> {
    let call = client.home_timeline().max_results(page_size(count, 1)).post_fields(FIELDS).expansions(EXPANSIONS);
    let pages = call.media_fields([MediaField::AltText, MediaField::Url]).pages();
    posts::list(printer, pages, count).await
}

pub(super) async fn mentions(
    client: &Client,
    printer: &mut Printer,
    user: Option<&str>,
    count: &Count,
) -> Result<(), CliError> {
    let id = match user {
        Some(user) => user_id(client, user).await?,
        None => client.me().await?,
    };
    let call = client.mentions(id).max_results(page_size(count, 5)).post_fields(FIELDS).expansions(EXPANSIONS);
    posts::list(printer, call.pages(), count).await
}

pub(super) async fn followers(
    client: &Client,
    printer: &mut Printer,
    user: &str,
    count: &Count,
) -> Result<(), CliError> {
    let id = user_id(client, user).await?;
    list(printer, client.followers(id).max_results(user_page_size(count)).user_fields(USER_FIELDS).pages(), count).await
}

pub(super) async fn following(
    client: &Client,
    printer: &mut Printer,
    user: &str,
    count: &Count,
) -> Result<(), CliError> {
    let id = user_id(client, user).await?;
    list(printer, client.following(id).max_results(user_page_size(count)).user_fields(USER_FIELDS).pages(), count).await
}

fn user_page_size(count: &Count) -> u32 {
    u32::try_from(count.limit.clamp(1, MAX_PAGE)).unwrap_or(1)
}

async fn list(printer: &mut Printer, pages: Pages<Vec<User>>, count: &Count) -> Result<(), CliError> {
    pages::print(pages, count, printer).await
}

pub(super) async fn follow(client: &Client, printer: &mut Printer, user: &str, undo: bool) -> Result<(), CliError> {
    let id = user_id(client, user).await?;
    let response = if undo { client.unfollow(id).await? } else { client.follow(id).await? };
    let action = match (response.data.following, response.data.pending_follow) {
        (true, _) => "following",
        (false, Some(true)) => "requested to follow",
        (false, _) => "unfollowed",
    };
    printer.response(&response, |printer| printer.note(&format!("{action} {user}")))
}

#[cfg(test)]
mod tests {
    use super::{NamedUser, named_user};

    #[test]
    fn users_are_named_by_id_username_or_link() {
        for text in
            ["robin", "@robin", "https://x.com/robin", "http://www.twitter.com/robin/status/20", "x.com/robin?s=1"]
        {
            assert_eq!(named_user(text), NamedUser::Username("robin"));
        }
        assert_eq!(named_user("12"), NamedUser::Id(12_u64.into()));
        for text in ["@12", "https://x.com/12"] {
            assert_eq!(named_user(text), NamedUser::Username("12"));
        }
    }
}
