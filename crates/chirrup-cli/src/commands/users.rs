//! Users: show and follow.

use std::str::FromStr as _;

use chirrup::model::{User, UserField, UserId, Username};
use chirrup::{Client, IntoCall as _};
use serde_json::json;

use super::posts;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::print::Printer;

/// Fields of users in tables.
const USER_FIELDS: [UserField; 5] =
    [UserField::Description, UserField::PublicMetrics, UserField::Verified, UserField::CreatedAt, UserField::Location];

/// A user as named on the command line.
#[derive(Debug, PartialEq, Eq)]
enum NamedUser<'a> {
    Id(UserId),
    Username(&'a str),
}

/// Returns the user that `@name`, `name`, an ID, or a link to a profile names. With an `@`, a number is a username.
fn named_user(text: &str) -> NamedUser<'_> {
    let text = text.trim();
    let link = text.split_once("://").map_or(text, |(_, rest)| rest);
    let hosts = ["x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"];
    let is_host = |host: &str| hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
    let path = link.split_once('/').filter(|(host, _)| is_host(host)).map(|(_, path)| path);
    let mut parts = path.unwrap_or_default().split(['/', '?', '#']);
    let name = if path.is_some() { parts.next().unwrap_or_default() } else { text };
    if let ("i", Some("user"), Some(Ok(id))) = (name, parts.next(), parts.next().map(str::parse)) {
        return NamedUser::Id(id);
    }
    match (name.strip_prefix('@'), name.parse()) {
        (Some(username), _) => NamedUser::Username(username),
        (None, Ok(id)) if path.is_none() => NamedUser::Id(id),
        _ => NamedUser::Username(name),
    }
}

/// Resolves a user to an ID. Usernames cost a request.
pub(super) async fn user_id(client: &Client, text: &str) -> Result<UserId, CliError> {
    match named_user(text) {
        NamedUser::Id(id) => Ok(id),
        NamedUser::Username(name) => Ok(client.get_user_by_name(name).await?.data.id),
    }
}

pub(super) async fn show(client: &Client, printer: &mut Printer, users: &[String]) -> Result<(), CliError> {
    let mut named: Vec<NamedUser<'_>> = Vec::new();
    for user in users.iter().map(|user| named_user(user)) {
        if !named.contains(&user) {
            named.push(user);
        }
    }
    let users = named;
    if let [user] = &users[..] {
        let call = match user {
            NamedUser::Id(id) => client.get_user(*id).user_fields(USER_FIELDS).into_call(),
            NamedUser::Username(name) => client.get_user_by_name(*name).user_fields(USER_FIELDS).into_call(),
        };
        return printer.item::<User>(&call.send().await?);
    }
    let id = |user: &NamedUser<'_>| if let NamedUser::Id(id) = user { Some(*id) } else { None };
    let call = match users.iter().map(id).collect::<Option<Vec<UserId>>>() {
        Some(ids) => client.get_users(ids).user_fields(USER_FIELDS).into_call(),
        None => {
            let names = users.iter().map(|user| match user {
                NamedUser::Id(id) => Err(CliError::usage(format!("`{id}` is an ID among usernames"))
                    .with_hint("pass either usernames or IDs, not both; `@12` is the username 12")),
                NamedUser::Username(name) => Username::from_str(name).map_err(|why| CliError::usage(why.to_string())),
            });
            let names = names.collect::<Result<Vec<Username>, _>>()?;
            client.get_users_by_name(names).user_fields(USER_FIELDS).into_call()
        }
    };
    printer.items::<User>(&call.send().await?)
}

pub(super) async fn follow(client: &Client, printer: &mut Printer, user: &str, undo: bool) -> Result<(), CliError> {
    let id = user_id(client, user).await?;
    let response = if undo { client.unfollow(id).await? } else { client.follow(id).await? };
    if !undo && response.data.pending_follow == Some(true) {
        return printer.response(&response, |printer| printer.note(&format!("requested to follow {user}")));
    }
    let action = if undo { "unfollowed" } else { "following" };
    posts::done(printer, &response, &["following"], !undo, &format!("{action} {user}"))
}

/// Says whether a user follows the authenticated user, or another one. Fails if not.
pub(super) async fn does_follow(
    client: &Client,
    printer: &mut Printer,
    user: &str,
    other: Option<&str>,
) -> Result<(), CliError> {
    let follows = match other {
        None => follows_me(client, user).await?,
        Some(other) => {
            let call = client.v1().friendship();
            let call = match named_user(user) {
                NamedUser::Id(id) => call.source_id(id),
                NamedUser::Username(name) => call.source_screen_name(name),
            };
            let call = match named_user(other) {
                NamedUser::Id(id) => call.target_id(id),
                NamedUser::Username(name) => call.target_screen_name(name),
            };
            call.await?.data.relationship.source.following == Some(true)
        }
    };
    let whom = other.unwrap_or("you");
    let json = json!({"data": {"following": follows}});
    let words = if follows { "follows" } else { "does not follow" };
    printer.document(&json, |printer| printer.note(&format!("{user} {words} {whom}")))?;
    if follows { Ok(()) } else { Err(CliError::Answered(ExitStatus::Refused)) }
}

async fn follows_me(client: &Client, user: &str) -> Result<bool, CliError> {
    let fields = [UserField::ConnectionStatus];
    let user = match named_user(user) {
        NamedUser::Id(id) => client.get_user(id).user_fields(fields).as_user().await?,
        NamedUser::Username(name) => client.get_user_by_name(name).user_fields(fields).as_user().await?,
    };
    Ok(user.data.connection_status.iter().any(|status| status == "followed_by"))
}

#[cfg(test)]
mod tests {
    use super::{NamedUser, named_user};

    #[test]
    fn users_are_named_by_id_username_or_link() {
        for text in
            ["robin", " @robin\n", "https://X.com/robin", "http://www.twitter.com/robin/status/20", "x.com/robin?s=1"]
        {
            assert_eq!(named_user(text), NamedUser::Username("robin"));
        }
        assert_eq!(named_user("12"), NamedUser::Id(12_u64.into()));
        assert_eq!(named_user("https://x.com/i/user/12"), NamedUser::Id(12_u64.into()));
        assert_eq!(named_user("https://example.com/robin"), NamedUser::Username("https://example.com/robin"));
        for text in ["@12", "https://x.com/12"] {
            assert_eq!(named_user(text), NamedUser::Username("12"));
        }
    }
}
