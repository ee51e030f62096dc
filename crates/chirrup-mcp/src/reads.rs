//! What the tools that read do: one page per call, within the budget.

use std::time::Duration;

use chirrup::model::{Count, DmEvent, Post, User};
use chirrup::query::{Target, check};
use chirrup::{BoundCall, Client, Clock as _, IntoCall as _, LiveEvent, Response, SystemClock};
use serde_json::{Value as Json, json};

use crate::answer::{Answer, Failure, Receipt};
use crate::objects::{self, NamedUser, POST_FIELDS, USER_FIELDS, named_user, post_id};
use crate::untrusted::{LISTED, SINGLE};

/// Expansion that adds the authors of posts to a response.
const AUTHORS: [&str; 1] = ["author_id"];
/// Longest time for which a stream is read.
const MAX_TAIL: u64 = 120;

/// Time for the end of a stream that was stopped.
const MAX_DRAIN: Duration = Duration::from_secs(5);

type Outcome = Result<Answer, Failure>;

/// Checks a query as X does, before it is sent.
fn valid_query(query: &str, target: Target) -> Result<(), Failure> {
    let report = check(query, target);
    match report.is_ok() {
        true => Ok(()),
        false => Err(Failure::argument(
            format!("the query is not valid\n{}", report.render().trim_end()),
            "nothing was sent; correct the query, and see `check_query`",
        )),
    }
}

/// Which page of a list an agent asks for.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) limit: u32,
    pub(crate) token: Option<String>,
}

/// Sends a call for a page of posts, and returns it with the token of the next page.
async fn page_of_posts(mut call: BoundCall, page: Page) -> Outcome {
    if let Some(token) = page.token {
        call.set_page(Ok(token.into()));
    }
    let mut receipt = Receipt::default();
    let page: Response<Vec<Post>> = receipt.add(call.send().await?);
    let answer = Answer::new(receipt);
    let answer = match &page.meta.next_token {
        Some(token) if !token.is_empty() => answer.with("next_page", token.as_str()),
        _ => answer,
    };
    Ok(answer.untrusted(json!({"posts": objects::posts(&page.data, &page.includes)}), LISTED))
}

/// Builds the call of a page of posts: the fields are the same for all endpoints.
macro_rules! posts_call {
    ($call:expr, $least:literal, $page:expr) => {{
        let limit = $page.limit.clamp($least, 100);
        $call.post_fields(POST_FIELDS).expansions(AUTHORS).max_results(limit).into_call()
    }};
}

pub(crate) async fn search(client: &Client, query: &str, page: Page, all: bool) -> Outcome {
    valid_query(query, if all { Target::FULL_ARCHIVE_SEARCH } else { Target::RECENT_SEARCH }.enterprise())?;
    let call = match all {
        true => posts_call!(client.search_all(query), 10, page),
        false => posts_call!(client.search_recent(query), 10, page),
    };
    page_of_posts(call, page).await
}

pub(crate) async fn posts(client: &Client, posts: &[String]) -> Outcome {
    let ids = posts.iter().map(|post| post_id(post)).collect::<Result<Vec<_>, _>>()?;
    let max = if ids.len() == 1 { SINGLE } else { LISTED };
    let call = client.get_posts(ids).post_fields(POST_FIELDS).expansions(AUTHORS);
    let mut receipt = Receipt::default();
    let page = receipt.add(call.await?);
    let missing: Vec<String> = page.errors.iter().map(|problem| problem.text().to_owned()).collect();
    let found = json!({"posts": objects::posts(&page.data, &page.includes), "missing": missing});
    Ok(Answer::new(receipt).untrusted(found, max))
}

pub(crate) async fn thread(client: &Client, post: &str, limit: u32) -> Outcome {
    let id = post_id(post)?;
    let mut receipt = Receipt::default();
    let first = receipt.add(client.get_post(id).post_fields(POST_FIELDS).expansions(AUTHORS).await?);
    let conversation = first.data.conversation_id.unwrap_or(id);
    let query = format!("conversation_id:{conversation}");
    let call = client.search_recent(query).post_fields(POST_FIELDS).expansions(AUTHORS);
    let replies = receipt.add(call.max_results(limit.clamp(10, 100)).await?);
    let mut found: Vec<(u64, Json)> =
        replies.data.iter().map(|post| (post.id.get(), objects::post(post, &replies.includes))).collect();
    if !found.iter().any(|(other, _)| *other == id.get()) {
        found.push((id.get(), objects::post(&first.data, &first.includes)));
    }
    found.sort_by_key(|(id, _)| *id);
    let posts: Vec<Json> = found.into_iter().map(|(_, post)| post).collect();
    let answer = Answer::new(receipt).with("conversation", conversation.to_string());
    Ok(answer.untrusted(json!({"posts": posts}), LISTED))
}

pub(crate) async fn users(client: &Client, users: &[String]) -> Outcome {
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    for user in users {
        match named_user(user)? {
            NamedUser::Id(id) => ids.push(id),
            NamedUser::Name(name) => names.push(name),
        }
    }
    let (mut receipt, mut found, mut missing) = (Receipt::default(), Vec::new(), Vec::new());
    let mut take = |page: Response<Vec<User>>| {
        missing.extend(page.errors.iter().map(|problem| problem.text().to_owned()));
        found.extend(page.data.iter().map(objects::user));
    };
    if !ids.is_empty() {
        take(receipt.add(client.get_users(ids).user_fields(USER_FIELDS).await?));
    }
    if !names.is_empty() {
        take(receipt.add(client.get_users_by_name(names).user_fields(USER_FIELDS).await?));
    }
    Ok(Answer::new(receipt).untrusted(json!({"users": found, "missing": missing}), LISTED))
}

/// Returns the ID of a user, or of the account without one. A username costs a request.
pub(crate) async fn user_id(
    client: &Client,
    receipt: &mut Receipt,
    user: Option<&str>,
) -> Result<chirrup::model::UserId, Failure> {
    let Some(user) = user else { return Ok(client.me().await?) };
    Ok(match named_user(user)? {
        NamedUser::Id(id) => id,
        NamedUser::Name(name) => receipt.add(client.get_user_by_name(name).await?).data.id,
    })
}

pub(crate) async fn timeline(client: &Client, user: Option<&str>, page: Page) -> Outcome {
    let Some(user) = user else {
        return page_of_posts(posts_call!(client.home_timeline(), 1, page), page).await;
    };
    let mut receipt = Receipt::default();
    let id = user_id(client, &mut receipt, Some(user)).await?;
    page_of_posts(posts_call!(client.user_posts(id), 5, page), page).await.map(|answer| answer.after(receipt))
}

pub(crate) async fn mentions(client: &Client, user: Option<&str>, page: Page) -> Outcome {
    let mut receipt = Receipt::default();
    let id = user_id(client, &mut receipt, user).await?;
    page_of_posts(posts_call!(client.mentions(id), 5, page), page).await.map(|answer| answer.after(receipt))
}

pub(crate) async fn count(client: &Client, query: &str, by: &str, all: bool) -> Outcome {
    valid_query(query, if all { Target::FULL_ARCHIVE_SEARCH } else { Target::RECENT_SEARCH }.enterprise())?;
    let call = match all {
        true => client.count_all(query).granularity(by).into_call(),
        false => client.count_recent(query).granularity(by).into_call(),
    };
    let mut receipt = Receipt::default();
    let page: Response<Vec<Count>> = receipt.add(call.send().await?);
    let counts: Vec<Json> =
        page.data.iter().map(|count| json!([count.start.to_whole_seconds(), count.post_count])).collect();
    let total = page.data.iter().fold(0_u64, |total, count| total.saturating_add(count.post_count));
    Ok(Answer::new(receipt).with("total", total).with("from_and_posts", counts))
}

pub(crate) fn check_query(query: &str, stream: bool) -> Outcome {
    let target = if stream { Target::FILTERED_STREAM } else { Target::RECENT_SEARCH }.enterprise();
    let report = check(query, target);
    let answer = Answer::new(Receipt::default()).with("valid", report.is_ok());
    let answer = match report.render().trim_end() {
        "" => answer,
        marked => answer.with("mistakes", marked),
    };
    Ok(match report.query.as_ref().filter(|_| report.is_ok()) {
        Some(query) => answer.with("meaning", query.explain()),
        None => answer,
    })
}

pub(crate) async fn messages(client: &Client, user: Option<&str>, limit: u32) -> Outcome {
    let mut receipt = Receipt::default();
    let (fields, limit) = (["created_at", "sender_id", "text"], limit.clamp(1, 100));
    let call = match user {
        Some(user) => {
            let id = user_id(client, &mut receipt, Some(user)).await?;
            client.dm_events_with(id).dm_event_fields(fields).expansions(["sender_id"]).max_results(limit).into_call()
        }
        None => client.dm_events().dm_event_fields(fields).expansions(["sender_id"]).max_results(limit).into_call(),
    };
    let page: Response<Vec<DmEvent>> = receipt.add(call.send().await?);
    let messages: Vec<Json> = page.data.iter().map(|event| objects::message(event, &page.includes)).collect();
    Ok(Answer::new(receipt).untrusted(json!({"messages": messages}), LISTED))
}

pub(crate) async fn rules(client: &Client) -> Outcome {
    let rules = client.all_rules().await?;
    let rules: Vec<Json> = rules
        .iter()
        .map(|rule| json!({"id": rule.id.map(|id| id.to_string()), "query": rule.value, "tag": rule.tag}))
        .collect();
    Ok(Answer::new(Receipt::default()).with("rules", rules))
}

/// Reads a stream until there are enough posts or the time is over.
pub(crate) async fn tail(client: &Client, sample: bool, seconds: u64, limit: u32) -> Outcome {
    let before = client.spent().run;
    let fields = ["created_at", "author_id", "entities"];
    let live = match sample {
        true => client.sample_stream().post_fields(fields).expansions(AUTHORS).live(),
        false => client.filtered_stream().post_fields(fields).expansions(AUTHORS).live(),
    };
    let mut live = live.open();
    let limit = usize::try_from(limit.clamp(1, 100)).unwrap_or(100);
    let (mut posts, mut ended) = (Vec::new(), None);
    let time = tokio::time::sleep(Duration::from_secs(seconds.clamp(1, MAX_TAIL)));
    let mut time = std::pin::pin!(time);
    while posts.len() < limit {
        let event = tokio::select! {
            event = live.next_event() => event,
            () = &mut time => break,
        };
        match event {
            Some(LiveEvent::Item(item)) => posts.extend(item.data.map(|post| objects::post(&post, &item.includes))),
            Some(LiveEvent::Ended(why)) => {
                ended = Some(why);
                break;
            }
            Some(_) => {}
            None => break,
        }
    }
    // What is received until the connection is closed is billed, too.
    live.stop_handle().stop();
    let rest = async {
        while let Some(event) = live.next_event().await {
            if let LiveEvent::Item(item) = event {
                posts.extend(item.data.map(|post| objects::post(&post, &item.includes)));
            }
        }
    };
    let _ = tokio::time::timeout(MAX_DRAIN, rest).await;
    drop(live);
    if let Some(why) = ended.filter(|_| posts.is_empty()) {
        return Err(why.into());
    }
    let mut receipt = Receipt::default();
    receipt.add_cost(client.spent().run.saturating_sub(before));
    Ok(Answer::new(receipt).untrusted(json!({"posts": posts}), LISTED))
}

/// Returns what was spent this month, by endpoint.
pub(crate) async fn spending(client: &Client) -> Outcome {
    let lines = client.ledger().report(SystemClock.now()).await?;
    let spent = client.spent();
    let endpoints: Vec<Json> = lines
        .iter()
        .map(|line| json!({"day": line.day, "endpoint": line.endpoint, "calls": line.calls, "cost": line.cost.to_string()}))
        .collect();
    let answer = Answer::new(Receipt::default()).with("today", spent.day.to_string());
    Ok(answer.with("this_month", spent.month.to_string()).with("endpoints", endpoints))
}
