//! Who calls: bearer tokens and OAuth 1.0a signatures, held against the world's apps and tokens.

use std::borrow::Cow;
use std::collections::HashMap;

use chirrup_api::{Auth, Endpoint};
use chirrup_auth::AuthKind;
use chirrup_auth::oauth1::{SigningKey, base_string, form_pairs, is_form, parse_header};
use chirrup_model::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::api_error::ApiError;
use crate::clock::Clock;
use crate::world::id_of;

/// How far a signature's clock may be off, in seconds: from the sandbox's clock, or from the system's, which a client
/// goes by while a test moves the sandbox's.
const CLOCK_WINDOW: i64 = 300;

/// Who calls, and what they may do.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) app: i64,
    pub(crate) user: Option<u64>,
    pub(crate) kind: AuthKind,
    pub(crate) scopes: Vec<String>,
    /// The permission of the app: `read`, `read-write` or `read-write-directmessages`.
    pub(crate) access: String,
}

impl Identity {
    /// Somebody who did not say who they are, which a few endpoints do not ask.
    pub(crate) fn nobody() -> Self {
        Self { app: 0, user: None, kind: AuthKind::AppOnly, scopes: Vec::new(), access: "read".to_owned() }
    }
}

/// Signatures seen, so that none counts twice, and the clock that they are held against.
#[derive(Debug)]
pub(crate) struct Nonces {
    clock: Clock,
    seen: HashMap<(String, String), i64>,
    /// From how many on old ones are forgotten.
    many: usize,
}

impl Nonces {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, seen: HashMap::new(), many: 1_024 }
    }

    fn is_timely(&self, timestamp: i64) -> bool {
        let clocks = [self.clock.now(), self.clock.system()];
        clocks.iter().any(|now| (now.as_secs() - timestamp).abs() <= CLOCK_WINDOW)
    }

    fn is_new(&mut self, token: &str, nonce: &str, timestamp: i64) -> bool {
        if self.seen.len() >= self.many {
            let oldest = self.clock.system().as_secs().min(self.clock.now().as_secs()) - CLOCK_WINDOW;
            self.seen.retain(|_, seen| *seen >= oldest);
            self.many = self.seen.len().max(512) * 2;
        }
        self.seen.insert((token.to_owned(), nonce.to_owned()), timestamp).is_none()
    }
}

/// A request, as far as its proof depends on it.
#[derive(Debug)]
pub(crate) struct Signed<'r> {
    pub(crate) method: &'r str,
    pub(crate) url: &'r str,
    pub(crate) content_type: &'r str,
    pub(crate) body: &'r [u8],
    pub(crate) authorization: &'r str,
}

/// Finds out who calls.
pub(crate) fn identify(
    db: &Connection,
    nonces: &mut Nonces,
    now: Timestamp,
    request: &Signed<'_>,
) -> Result<Identity, ApiError> {
    if let Some(token) = request.authorization.strip_prefix("Bearer ") {
        return by_bearer(db, token.trim(), now);
    }
    by_signature(db, nonces, request)
}

fn by_bearer(db: &Connection, token: &str, now: Timestamp) -> Result<Identity, ApiError> {
    let sql = "SELECT t.app_id, t.user_id, t.scopes, a.access FROM token t JOIN app a ON a.id = t.app_id
               LEFT JOIN expiry e ON e.token = t.token
               WHERE t.token = ?1 AND t.kind IN ('bearer', 'oauth2') AND (e.at IS NULL OR e.at > ?2)";
    let found = db.prepare_cached(sql)?.query_row(params![token, now.as_secs()], |row| {
        let user: Option<i64> = row.get(1)?;
        let scopes: String = row.get(2)?;
        Ok(Identity {
            app: row.get(0)?,
            user: user.map(id_of),
            kind: if user.is_some() { AuthKind::OAuth2 } else { AuthKind::AppOnly },
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            access: if user.is_some() { row.get(3)? } else { "read".to_owned() },
        })
    });
    found.optional()?.ok_or_else(ApiError::unauthorized)
}

/// Who signed a request, and with which `oauth_` parameters.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) app: i64,
    params: Vec<(String, String)>,
}

impl Proof {
    /// A parameter that stands there exactly once.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        once(&self.params, name)
    }
}

/// A name given twice could mean one thing to the signature and another to us: then it counts as missing.
fn once<'p>(params: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let mut values = params.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let first = values.next();
    if values.next().is_some() { None } else { first }
}

/// Checks the signature of a request. `secret` finds the secret of a token of the app; of no token, it is empty.
pub(crate) fn prove(
    db: &Connection,
    nonces: &mut Nonces,
    request: &Signed<'_>,
    secret: &dyn Fn(i64, &str) -> rusqlite::Result<Option<String>>,
) -> Result<Proof, ApiError> {
    let form = if is_form(request.content_type) { String::from_utf8_lossy(request.body) } else { Cow::Borrowed("") };
    // Old clients put what belongs into the header among the other parameters, which RFC 5849 allows.
    let in_header = !request.authorization.is_empty();
    let params = match in_header {
        true => parse_header(request.authorization).ok_or_else(ApiError::unauthorized)?,
        false => {
            let query = request.url.split_once('?').map_or("", |(_, query)| query);
            let all = form_pairs(query).chain(form_pairs(&form)).filter(|(name, _)| name.starts_with("oauth_"));
            all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
        }
    };
    let one = |name: &str| once(&params, name);
    let (Some(key), Some(nonce), Some(timestamp), Some(signature)) = (
        one("oauth_consumer_key"),
        one("oauth_nonce"),
        one("oauth_timestamp").and_then(|t| t.parse::<i64>().ok()),
        one("oauth_signature"),
    ) else {
        return Err(ApiError::unauthorized());
    };
    let sound = one("oauth_signature_method") == Some("HMAC-SHA1")
        && matches!(one("oauth_version"), None | Some("1.0"))
        && nonces.is_timely(timestamp);
    if !sound {
        return Err(ApiError::unauthorized());
    }
    let app = db
        .prepare_cached("SELECT id, secret FROM app WHERE key = ?")?
        .query_row([key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let (app, app_secret) = app.ok_or_else(ApiError::unauthorized)?;
    let token = one("oauth_token").unwrap_or_default();
    let token_secret = secret(app, token)?.ok_or_else(ApiError::unauthorized)?;
    let own = if in_header { &params[..] } else { &[] };
    let pairs = own.iter().map(|(n, v)| (Cow::Borrowed(n.as_str()), Cow::Borrowed(v.as_str())));
    let base = base_string(request.method, request.url, &form, pairs).map_err(|_| ApiError::unauthorized())?;
    let signs = SigningKey::new(&app_secret.into(), &token_secret.into()).verify(&base, signature);
    if !signs || !nonces.is_new(token, nonce, timestamp) {
        return Err(ApiError::unauthorized());
    }
    Ok(Proof { app, params })
}

fn by_signature(db: &Connection, nonces: &mut Nonces, request: &Signed<'_>) -> Result<Identity, ApiError> {
    let secret = |app: i64, token: &str| {
        let sql = "SELECT secret FROM token WHERE token = ? AND kind = 'oauth1' AND app_id = ?";
        db.prepare_cached(sql)?.query_row(params![token, app], |row| row.get(0)).optional()
    };
    let proof = prove(db, nonces, request, &secret)?;
    let sql = "SELECT t.user_id, a.access, t.scopes FROM token t JOIN app a ON a.id = t.app_id
               WHERE t.token = ? AND t.kind = 'oauth1' AND a.id = ?";
    let token = proof.get("oauth_token").unwrap_or_default();
    let found = db.prepare_cached(sql)?.query_row(params![token, proof.app], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    });
    let (user, access, own) = found.optional()?.ok_or_else(ApiError::unauthorized)?;
    // A token may be allowed less than its app.
    let access = if own == "read" { own } else { access };
    Ok(Identity { app: proof.app, user: Some(id_of(user)), kind: AuthKind::OAuth1, scopes: Vec::new(), access })
}

/// Whether this caller may use the endpoint at all.
pub(crate) fn allow(identity: &Identity, meta: &Endpoint) -> Result<(), ApiError> {
    let Some(auth) = meta.auth.iter().find(|auth| auth.kind() == identity.kind) else {
        return Err(ApiError::wrong_kind(identity.kind, meta));
    };
    if let Auth::OAuth2(scopes) = auth {
        if !scopes.iter().all(|scope| identity.scopes.iter().any(|has| has == scope)) {
            return Err(ApiError::missing_scope());
        }
    }
    if identity.kind == AuthKind::OAuth1 && !meta.is_read() && identity.access == "read" {
        let detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.";
        let mut refusal = ApiError::forbidden(detail);
        refusal.body["type"] = "https://api.twitter.com/2/problems/oauth1-permissions".into();
        refusal.before_routing = true;
        return Err(refusal);
    }
    Ok(())
}
