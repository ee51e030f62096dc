//! Users: show, timelines, followers, follow.

use chirrup::model::{Exclude, MediaField, User, UserField, UserId, Username};
use chirrup::{Client, Pages};

use super::fetch::fetch;
use super::posts::{self, EXPANSIONS, FIELDS, page_size};
use super::user_id;
use crate::args::Count;
use crate::exit::Failed;
use crate::print::Printer;

const USER_FIELDS: [UserField; 5] =
    [UserField::Description, UserField::PublicMetrics, UserField::Verified, UserField::CreatedAt, UserField::Location];

pub(super) async fn show(client: &Client, printer: &mut Printer, users: &[String]) -> Result<(), Failed> {
    if let [user] = users {
        let response = match user.parse::<UserId>() {
            Ok(id) => client.get_user(id).user_fields(USER_FIELDS).await?,
            Err(_) => client.get_user_by_name(user.trim_start_matches('@')).user_fields(USER_FIELDS).await?,
        };
        return printer.reply(&response.json(), |printer| printer.users(std::slice::from_ref(&response.data)));
    }
    let ids: Result<Vec<UserId>, _> = users.iter().map(|user| user.parse()).collect();
    let response = match ids {
        Ok(ids) => client.get_users(ids).user_fields(USER_FIELDS).await?,
        Err(_) => {
            let names = users.iter().map(|user| user.trim_start_matches('@').parse::<Username>());
            let names = names
                .collect::<Result<Vec<_>, _>>()
                .map_err(|why| Failed::usage(format!("{why}; give either names or ids, not both")))?;
            client.get_users_by_name(names).user_fields(USER_FIELDS).await?
        }
    };
    printer.reply(&response.json(), |printer| printer.users(&response.data))
}

pub(super) async fn timeline(
    client: &Client,
    printer: &mut Printer,
    user: &str,
    leave_out: (bool, bool),
    count: Count,
) -> Result<(), Failed> {
    let id = user_id(client, user).await?;
    let exclude: Vec<Exclude> = [(leave_out.0, Exclude::Replies), (leave_out.1, Exclude::Reposts)]
        .into_iter()
        .filter_map(|(out, what)| out.then_some(what))
        .collect();
    let mut call = client.user_posts(id).max_results(page_size(count, 5)).post_fields(FIELDS).expansions(EXPANSIONS);
    if !exclude.is_empty() {
        call = call.exclude(exclude);
    }
    let pages = call.media_fields([MediaField::AltText, MediaField::Url]).pages();
    posts::list(printer, pages, count).await
}

pub(super) async fn home(client: &Client, printer: &mut Printer, count: Count) -> Result<(), Failed> {
    let call = client.home_timeline().max_results(page_size(count, 1)).post_fields(FIELDS).expansions(EXPANSIONS);
    let pages = call.media_fields([MediaField::AltText, MediaField::Url]).pages();
    posts::list(printer, pages, count).await
}

pub(super) async fn mentions(
    client: &Client,
    printer: &mut Printer,
    user: Option<&str>,
    count: Count,
) -> Result<(), Failed> {
    let id = match user {
        Some(user) => user_id(client, user).await?,
        None => client.me().await?,
    };
    let call = client.mentions(id).max_results(page_size(count, 5)).post_fields(FIELDS).expansions(EXPANSIONS);
    posts::list(printer, call.pages(), count).await
}

pub(super) async fn followers(client: &Client, printer: &mut Printer, user: &str, count: Count) -> Result<(), Failed> {
    let id = user_id(client, user).await?;
    let size = u32::try_from(count.limit.clamp(1, 1000)).unwrap_or(1000);
    list(printer, client.followers(id).max_results(size).user_fields(USER_FIELDS).pages(), count).await
}

pub(super) async fn following(client: &Client, printer: &mut Printer, user: &str, count: Count) -> Result<(), Failed> {
    let id = user_id(client, user).await?;
    let size = u32::try_from(count.limit.clamp(1, 1000)).unwrap_or(1000);
    list(printer, client.following(id).max_results(size).user_fields(USER_FIELDS).pages(), count).await
}

async fn list(printer: &mut Printer, pages: Pages<Vec<User>>, count: Count) -> Result<(), Failed> {
    let found = fetch(pages, count.limit, "users", printer).await?;
    printer.reply(&found.json, |printer| printer.users(&found.items))
}

pub(super) async fn follow(client: &Client, printer: &mut Printer, user: &str, undo: bool) -> Result<(), Failed> {
    let id = user_id(client, user).await?;
    let response = if undo { client.unfollow(id).await? } else { client.follow(id).await? };
    let done = match (response.data.following, response.data.pending_follow) {
        (true, _) => "following",
        (false, Some(true)) => "asked to follow",
        (false, _) => "no longer following",
    };
    printer.reply(&response.json(), |printer| printer.done(&format!("{done} {user}")))
}
