//! Developer accounts of users.

use chirrup_api::v2::account::{EnsureDeveloperAccount, GetDeveloperAccount};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (GetDeveloperAccount::ENDPOINT, get_developer_account),
    (EnsureDeveloperAccount::ENDPOINT, ensure_developer_account),
];

const ACCOUNT: DocumentKind = DocumentKind::whole("account");

fn get_developer_account(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?.to_string();
    ctx.document_response(ACCOUNT, "id", &me, ctx.world.document(ACCOUNT.name, &me)?)
}

fn ensure_developer_account(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me()?;
    let key = me.to_string();
    if let Some(account) = ctx.world.document(ACCOUNT.name, &key)? {
        return data_response(200, json!({"account_id": account["account_id"], "created": false}));
    }
    let id = ctx.new_id();
    let name = ctx.world.user(me)?.unwrap_or_default()["name"].clone();
    let account = json!({"account_id": id, "name": name, "created_at": ctx.now});
    ctx.world.put_document(ACCOUNT.name, &key, me, &account)?;
    data_response(200, json!({"account_id": id, "created": true}))
}
