//! Keys of the app that every sandbox has, and the tokens of its users.

use chirrup_auth::Secret;
use rusqlite::params;
use serde_json::json;

use crate::random::{derived_token, random_bearer_token, random_token};
use crate::world::{World, from_sql, to_sql};

/// Kind and ID of the document that keeps the keys with the world.
const DOCUMENT: (&str, &str) = ("keys", "1");

/// Keys of the sandbox's own app.
#[derive(Debug, Clone)]
pub(crate) struct AppKeys {
    pub(crate) consumer_key: String,
    pub(crate) consumer_secret: Secret,
    pub(crate) bearer_token: Secret,
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
    pub(crate) fn of_world(world: &World, fixed: bool) -> rusqlite::Result<Self> {
        if let Some(keys) = Self::stored(world)?.filter(|keys| !fixed || keys.seed.is_none()) {
            return Ok(keys);
        }
        let keys = if fixed { Self::fixed() } else { Self::random() };
        keys.write(world)?;
        Ok(keys)
    }

    /// Writes the keys to a world, in place of those that it has.
    pub(crate) fn write(&self, world: &World) -> rusqlite::Result<()> {
        let app = "INSERT INTO app VALUES (1, ?, ?, 'read-write-directmessages')
                   ON CONFLICT (id) DO UPDATE SET key = excluded.key, secret = excluded.secret";
        world.db.execute(app, params![self.consumer_key, self.consumer_secret.expose()])?;
        // The tokens that belong to other keys end with them.
        world.db.execute("DELETE FROM token WHERE app_id = 1", [])?;
        let token = "INSERT INTO token (token, kind, app_id) VALUES (?, 'bearer', 1)";
        world.db.execute(token, [self.bearer_token.expose()])?;
        let stored = json!({
            "consumer_key": self.consumer_key, "consumer_secret": self.consumer_secret.expose(),
            "bearer_token": self.bearer_token.expose(), "seed": self.seed.as_ref().map(Secret::expose),
        });
        world.put_document(DOCUMENT.0, DOCUMENT.1, 0, &stored)
    }

    /// Writes the keys to a world, and the tokens that were derived from them for users of an earlier world.
    pub(crate) fn write_with_tokens(&self, world: &World, earlier: &World) -> rusqlite::Result<()> {
        self.write(world)?;
        let sql = "SELECT token, kind, secret, user_id, scopes FROM token WHERE app_id = 1 AND user_id IS NOT NULL";
        let mut query = earlier.db.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let (token, kind): (String, String) = (row.get(0)?, row.get(1)?);
            let (user, scopes) = (from_sql(row.get(3)?), row.get::<_, Option<String>>(4)?.unwrap_or_default());
            if world.username(user)?.is_none() {
                continue;
            }
            if kind == "oauth1" && self.oauth1_token(user).0 == token {
                self.issue_oauth1(world, user)?;
            }
            let scopes: Vec<&str> = scopes.split(' ').collect();
            if kind == "oauth2" && self.oauth2_token(user, &scopes) == token {
                self.issue_oauth2(world, user, &scopes)?;
            }
        }
        Ok(())
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
    pub(crate) fn oauth1_token(&self, user: u64) -> (String, String) {
        match &self.seed {
            None => (format!("{user}-SandboxAccessToken"), format!("sandbox-access-secret-{user}")),
            Some(seed) => {
                let derived = |kind: &str| derived_token(seed, &format!("{kind} {user}"));
                (format!("{user}-{}", derived("oauth1 token")), derived("oauth1 secret"))
            }
        }
    }

    /// Returns the OAuth 2.0 token of a user with these scopes.
    pub(crate) fn oauth2_token(&self, user: u64, scopes: &[&str]) -> String {
        match &self.seed {
            None => format!("sandbox-oauth2-{user}-{}", scopes.join(".")),
            Some(seed) => {
                let derived = |kind: &str| derived_token(seed, &format!("{kind} {user} {}", scopes.join(" ")));
                derived("oauth2 token") + &derived("oauth2 token, second half")
            }
        }
    }

    /// Returns OAuth 1.0a token and token secret of a user, which the world accepts from now on.
    pub(crate) fn issue_oauth1(&self, world: &World, user: u64) -> rusqlite::Result<(String, String)> {
        let (token, secret) = self.oauth1_token(user);
        let text = "INSERT OR IGNORE INTO token (token, kind, secret, app_id, user_id) VALUES (?, 'oauth1', ?, 1, ?)";
        world.db.execute(text, params![token, secret, to_sql(user)])?;
        Ok((token, secret))
    }

    /// Returns the OAuth 2.0 token of a user with these scopes, which the world accepts from now on.
    pub(crate) fn issue_oauth2(&self, world: &World, user: u64, scopes: &[&str]) -> rusqlite::Result<String> {
        let token = self.oauth2_token(user, scopes);
        let text = "INSERT OR IGNORE INTO token (token, kind, app_id, user_id, scopes) VALUES (?, 'oauth2', 1, ?, ?)";
        world.db.execute(text, params![token, to_sql(user), scopes.join(" ")])?;
        Ok(token)
    }
}

/// Returns all scopes that an endpoint requires.
pub(crate) fn all_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<&str> = chirrup_api::all().flat_map(|endpoint| endpoint.scopes().iter().copied()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
