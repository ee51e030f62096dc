//! Routes of users and apps with their test credentials.

use serde_json::{Value as Json, json};

use super::request::{ControlError, ControlRequest, Reply};
use crate::access::app_keys::all_scopes;
use crate::world::World;

/// Number of users in a reply by default.
const DEFAULT_LIMIT: usize = 100;

/// Returns users, with the tokens of those that are named: `GET users`.
pub(super) fn users(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let users = match request.query("username") {
        Some(names) => {
            let named = names.split(',').map(|name| user_with_tokens(request, name.trim()));
            named.collect::<Result<Vec<Json>, ControlError>>()?
        }
        None => {
            let limit = request.number("limit")?.unwrap_or(DEFAULT_LIMIT);
            let world = &request.world.lock().world;
            let all = world.usernames(limit).into_iter().filter_map(|name| world.user_id(&name).ok().flatten());
            all.map(|id| user_json(world, id)).collect()
        }
    };
    Ok(Reply::json(&json!({"users": users})))
}

fn user_json(world: &World, id: u64) -> Json {
    let row = world.user_row(id).unwrap_or_default();
    json!({"id": id.to_string(), "username": row.username, "name": row.name})
}

fn user_with_tokens(request: &ControlRequest<'_>, name: &str) -> Result<Json, ControlError> {
    let id = request.user(name)?;
    let (keys, scopes) = (&request.world.keys, all_scopes());
    // The same token is valid in each world, so that a client changes the world without another token.
    for world in request.worlds.all() {
        let world = &world.lock().world;
        if world.username(id)?.is_some() {
            keys.issue_oauth1(world, id)?;
            keys.issue_oauth2(world, id, &scopes)?;
        }
    }
    let mut json = user_json(&request.world.lock().world, id);
    let (token, secret) = keys.oauth1_token(id);
    let oauth2 = keys.oauth2_token(id, &scopes);
    json["tokens"] = json!({"access_token": token, "access_token_secret": secret, "oauth2_access_token": oauth2});
    Ok(json)
}

/// Returns the apps with their keys: `GET apps`.
pub(super) fn apps(request: &ControlRequest<'_>) -> Result<Reply, ControlError> {
    let world = &request.world.lock().world;
    let sql = "SELECT id, key, secret, access, (SELECT token FROM token WHERE app_id = app.id AND kind = 'bearer')
               FROM app ORDER BY id";
    let mut query = world.db.prepare_cached(sql)?;
    let app = |row: &rusqlite::Row<'_>| {
        let id: i64 = row.get(0)?;
        let name = if id == 1 { "Sandbox app".to_owned() } else { format!("App {id}") };
        Ok(json!({
            "id": id.to_string(), "name": name, "consumer_key": row.get::<_, String>(1)?,
            "consumer_secret": row.get::<_, String>(2)?, "access_level": row.get::<_, String>(3)?,
            "bearer_token": row.get::<_, Option<String>>(4)?,
        }))
    };
    let apps = query.query_map([], app)?.collect::<rusqlite::Result<Vec<Json>>>()?;
    Ok(Reply::json(&json!({"apps": apps})))
}
