//! What the tools that write do: drafts with checks, their publication, and uploads.

use std::path::Path;
use std::time::Instant;

use chirrup::model::{Post, User};
use chirrup::text::{EntityKind, extract, parse};
use chirrup::{Access, Client, Clock as _, Confirmed, Error, ErrorKind, SystemClock, Verb};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::action::{Action, Draft, DraftArgs, PostDraft};
use crate::answer::{Answer, Failure, RESTART, Receipt};
use crate::confirmation::CODE_LIFETIME;
use crate::state::State;
use crate::untrusted::{SINGLE, clean, clean_json};

/// Number of the newest posts of the account that are compared with a draft.
const COMPARED: u32 = 10;

/// Arguments of the tool `publish`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(crate) struct PublishArgs {
    /// `confirm_code` of the draft
    pub(crate) code: String,
    /// Text of the draft, unchanged, if it has one
    pub(crate) text: Option<String>,
}

/// Returns the failure of a kind of write that the server was not started with.
pub(crate) fn not_allowed(access: &Access, verb: Verb) -> Failure {
    let allowed = access.verbs().map(Verb::name).collect::<Vec<_>>().join(",");
    Failure::refused(
        format!("`{}` is not allowed: this server was started with `--allow {allowed}`", verb.name()),
        RESTART,
    )
}

/// Returns the user whom the client writes as, if the server may.
async fn account(client: &Client, access: &Access) -> Result<User, Failure> {
    let user = client.account().await?;
    match access.allows_account(&user.username) {
        true => Ok(user),
        false => Err(Failure::refused(
            format!("the credentials are those of @{}, which `--accounts` does not name", user.username),
            RESTART,
        )),
    }
}

/// Checks a write and keeps it with a confirmation code.
pub(crate) async fn draft(state: &State, args: DraftArgs) -> Result<Answer, Failure> {
    let State { client, access, .. } = state;
    let verb = args.action.verb();
    if !access.allows(verb) {
        return Err(not_allowed(access, verb));
    }
    let mut receipt = Receipt::default();
    let account = account(client, access).await?;
    let action = Action::read(client, &mut receipt, args).await?;
    if let Action::AddRule(query) = &action {
        chirrup::NewRule::new(query).check()?;
    }
    let call = action.call(client);
    if action.text().is_some() {
        call.call().check()?;
    }
    let price = client.estimate(call.call())?;
    if let Some(left) = client.budget_left().filter(|left| price > *left) {
        let message = format!("the write costs {price}, and {left} of the budget is left");
        return Err(Failure::refused(message, "tell the user; only a restart with another `--budget` raises it"));
    }
    let mut checks = Vec::new();
    let mut answer = Answer::new(Receipt::default());
    if let Some(text) = action.text() {
        if clean(text, SINGLE) != text {
            return Err(Failure::argument(
                "the text contains characters that show nothing or change the writing direction, or is too long",
                "remove them, and call `draft` again",
            ));
        }
        answer = answer.with("text", text);
    }
    if let Action::Post(post) = &action {
        answer = measure(answer, post, &mut checks)?;
        checks.push(duplicate(client, &account, post, &mut receipt).await);
    }
    let draft = Draft { action, account, price };
    let what = draft.action.describe();
    let username = format!("@{}", draft.account.username);
    let code = state.confirmations().add(draft, Instant::now())?;
    Ok(answer
        .with("will", what)
        .with("account", username)
        .with("price", price.to_string())
        .with("checks", checks)
        .with("confirm_code", code)
        .with("expires_in_seconds", CODE_LIFETIME.as_secs())
        .with("next", "show this to the user; call `publish` with the code and the text only if the user agrees")
        .after(receipt))
}

/// Adds the length, links and mentions of a post, and the checks of them.
fn measure(answer: Answer, post: &PostDraft, checks: &mut Vec<Json>) -> Result<Answer, Failure> {
    let parsed = parse(&post.text);
    if !parsed.valid && !post.text.is_empty() {
        let message =
            format!("the text is {} characters long as X counts them; the limit is 280", parsed.weighted_length);
        return Err(Failure::argument(message, "shorten it, and call `draft` again"));
    }
    let found = extract(&post.text);
    let of = |kind| found.iter().filter(move |entity| entity.kind == kind).map(|entity| entity.text);
    let (links, mentions): (Vec<&str>, Vec<&str>) = (of(EntityKind::Url).collect(), of(EntityKind::Mention).collect());
    checks.push(
        json!({"check": "length", "ok": true, "weight": parsed.weighted_length, "remaining": parsed.remaining()}),
    );
    let notified = match mentions.len() {
        0 => "no user is mentioned".to_owned(),
        1 => "1 mentioned user is notified".to_owned(),
        count => format!("{count} mentioned users are notified"),
    };
    checks
        .push(json!({"check": "mentions", "ok": mentions.len() <= 1 || post.reply_to.is_some(), "details": notified}));
    Ok(answer.with("weight", parsed.weighted_length).with("links", links).with("mentions", mentions))
}

/// Compares a post with the newest posts of the account: X refuses a text that was posted shortly before.
async fn duplicate(client: &Client, account: &User, draft: &PostDraft, receipt: &mut Receipt) -> Json {
    let newest = client.user_posts(account.id).max_results(COMPARED).post_fields(["entities"]).await;
    let newest = match newest {
        Ok(page) => receipt.add(page).data,
        Err(error) => return json!({"check": "duplicate", "ok": null, "details": clean(&error.to_string(), 200)}),
    };
    match newest.iter().find(|post| !draft.text.is_empty() && written(post) == words(&draft.text)) {
        Some(post) => {
            json!({"check": "duplicate", "ok": false, "details": format!("post {} has the same text", post.id)})
        }
        None => json!({"check": "duplicate", "ok": true, "details": format!("compared with {} posts", newest.len())}),
    }
}

/// Words of a post as its author wrote them, with the links that X has shortened.
fn written(post: &Post) -> Vec<String> {
    let mut text = post.full_text().to_owned();
    for link in post.entities.iter().flat_map(|entities| entities.urls.iter()) {
        if let Some(target) = &link.expanded_url {
            text = text.replace(&link.url, target);
        }
    }
    words(&text)
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Returns the draft of a code. The code is discarded if the text differs from that of the draft.
pub(crate) fn drafted(state: &State, args: &PublishArgs) -> Result<Draft, Failure> {
    let mut confirmations = state.confirmations();
    let draft = confirmations.find(&args.code, Instant::now())?;
    if draft.action.text().unwrap_or_default() != args.text.as_deref().unwrap_or_default() {
        confirmations.discard(&args.code);
        return Err(Failure::refused(
            "the text is not that of the draft, and the confirmation code is discarded",
            "call `draft` again with the text that the user wants",
        ));
    }
    Ok(draft)
}

/// Does a write, after its code is used up.
pub(crate) async fn publish(state: &State, code: &str) -> Result<Answer, Failure> {
    let client = &state.client;
    let Draft { action, account, .. } = state.confirmations().take(code, Instant::now())?;
    if client.me().await? != account.id {
        return Err(Failure::refused("the account has changed since the draft", "call `draft` again"));
    }
    let mut receipt = Receipt::default();
    let answer = |receipt| Answer::new(receipt).with("done", action.describe());
    let Action::Post(post) = &action else {
        let response = action.call(client).send_raw().await?;
        receipt.add_raw(&response);
        let body: Json = serde_json::from_slice(&response.body).unwrap_or_default();
        return Ok(answer(receipt).with("result", clean_json(body, SINGLE)));
    };
    match create(state, post, &account).await {
        Ok(response) => {
            let was_sent = response.raw.send_info.attempts > 0;
            let response = receipt.add(response);
            let id = response.data.id.to_string();
            let link = format!("https://x.com/{}/status/{id}", account.username);
            let answer = answer(receipt).with("id", id).with("link", link);
            Ok(if was_sent { answer } else { answer.with("note", "it was published before today, and not again") })
        }
        // The outbox has looked already.
        Err(error) if error.kind() == ErrorKind::UnknownOutcome && state.options.outbox_of_posts().is_none() => {
            match client.confirm(&error).await {
                Ok(Confirmed::Found(id)) => Ok(answer(receipt).with("id", id.to_string())),
                _ => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// Creates a post: once per account, content and UTC day, even if the server is restarted amid the write.
async fn create(
    state: &State,
    post: &PostDraft,
    account: &User,
) -> Result<chirrup::Response<chirrup::model::Created>, Error> {
    use chirrup::IntoCall as _;
    let call = post.call(&state.client);
    let Some(outbox) = state.options.outbox_of_posts() else { return call.await };
    let content = call.clone().into_call().call().fingerprint();
    let day = SystemClock.now().to_date();
    outbox.once(&format!("mcp {} {day} {content}", account.id), call).await
}

/// Uploads a file of the media folder.
pub(crate) async fn upload(state: &State, file: &str, alt_text: Option<String>) -> Result<Answer, Failure> {
    let State { client, access, options, .. } = state;
    if !access.allows(Verb::Media) {
        return Err(not_allowed(access, Verb::Media));
    }
    let Some(folder) = options.folder_of_media() else {
        return Err(Failure::refused("this server was started without `--media-folder`", RESTART));
    };
    account(client, access).await?;
    // Links and `..` must not lead out of the folder.
    let outside = || Failure::argument("the file is not in the media folder", "name a file relative to that folder");
    let folder = folder.canonicalize().map_err(|_| outside())?;
    let path = folder.join(Path::new(file)).canonicalize().map_err(|_| outside())?;
    if !path.starts_with(&folder) || !path.is_file() {
        return Err(outside());
    }
    let before = client.spent().run;
    let mut upload = client.upload(path);
    if let Some(text) = alt_text {
        upload = upload.alt_text(text);
    }
    let uploaded = upload.await?;
    let mut receipt = Receipt::default();
    receipt.add_cost(client.spent().run.saturating_sub(before));
    Ok(Answer::new(receipt).with("media_id", uploaded.id.to_string()).with("bytes", uploaded.size))
}
