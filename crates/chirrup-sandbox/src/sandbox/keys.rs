//! Keys of the app that every sandbox has, and the tokens of its users.

use chirrup_auth::Secret;
use rusqlite::params;
use serde_json::json;

use crate::random::{derived_token, random_bearer_token, random_token};
use crate::world::World;

/// Kind and ID of the document that keeps the keys with the world.
const DOCUMENT: (&str, &str) = ("keys", "1");

/// Keys of the sandbox's own app.
#[derive(Debug)]
pub(crate) struct AppKeys {
    pub(super) consumer_key: String,
    pub(super) consumer_secret: Secret,
    pub(super) bearer_token: Secret,
    /// Secret from which the tokens of the users are derived. Fixed keys have none.
    seed: Option<Secret>,
}

impl AppKeys {
    fn fixed() -> Self {
        Self {
            consumer_key: "sandbox-consumer-key".to_owned(),
            consumer_secret: "sandbox-consumer-secret".into(),
            bearer_token: "sandbox-app-bearer-token".into(),
            seed: None,
        }
    }

    fn random() -> Self {
        Self {
            consumer_key: random_token(18),
            consumer_secret: random_token(36).into(),
            bearer_token: random_bearer_token().into(),
            seed: Some(random_token(32).into()),
        }
    }

    /// Returns the keys of a world. A world without keys gets random or fixed ones; a world with random keys gets fixed ones
    /// if they are asked for.
    pub(super) fn of_world(world: &World, fixed: bool) -> rusqlite::Result<Self> {
        if let Some(keys) = Self::stored(world)?.filter(|keys| !fixed || keys.seed.is_none()) {
            return Ok(keys);
        }
        let keys = if fixed { Self::fixed() } else { Self::random() };
        let app = "INSERT INTO app VALUES (1, ?, ?, 'read-write-directmessages')
                   ON CONFLICT (id) DO UPDATE SET key = excluded.key, secret = excluded.secret";
        world.db.execute(app, params![keys.consumer_key, keys.consumer_secret.expose()])?;
        // The tokens that belong to other keys end with them.
        world.db.execute("DELETE FROM token WHERE app_id = 1", [])?;
        let token = "INSERT INTO token (token, kind, app_id) VALUES (?, 'bearer', 1)";
        world.db.execute(token, [keys.bearer_token.expose()])?;
        let stored = json!({
            "consumer_key": keys.consumer_key, "consumer_secret": keys.consumer_secret.expose(),
            "bearer_token": keys.bearer_token.expose(), "seed": keys.seed.as_ref().map(Secret::expose),
        });
        world.put_document(DOCUMENT.0, DOCUMENT.1, 0, &stored)?;
        Ok(keys)
    }

    fn stored(world: &World) -> rusqlite::Result<Option<Self>> {
        let Some(stored) = world.document(DOCUMENT.0, DOCUMENT.1)? else { return Ok(None) };
        let text = |name: &str| stored[name].as_str().unwrap_or_default().to_owned();
        Ok(Some(Self {
            consumer_key: text("consumer_key"),
            consumer_secret: text("consumer_secret").into(),
            bearer_token: text("bearer_token").into(),
            seed: stored["seed"].as_str().map(Secret::from),
        }))
    }

    /// Returns OAuth 1.0a token and token secret of a user.
    pub(super) fn oauth1_token(&self, user: u64) -> (String, String) {
        match &self.seed {
            None => (format!("{user}-SandboxAccessToken"), format!("sandbox-access-secret-{user}")),
            Some(seed) => {
                let derived = |kind: &str| derived_token(seed, &format!("{kind} {user}"));
                (format!("{user}-{}", derived("oauth1 token")), derived("oauth1 secret"))
            }
        }
    }

    /// Returns the OAuth 2.0 token of a user with these scopes.
    pub(super) fn oauth2_token(&self, user: u64, scopes: &[&str]) -> String {
        match &self.seed {
            None => format!("sandbox-oauth2-{user}-{}", scopes.join(".")),
            Some(seed) => {
                let derived = |kind: &str| derived_token(seed, &format!("{kind} {user} {}", scopes.join(" ")));
                derived("oauth2 token") + &derived("oauth2 token, second half")
            }
        }
    }
}
