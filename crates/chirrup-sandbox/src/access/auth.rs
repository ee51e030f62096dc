//! Authentication by bearer tokens and OAuth 1.0a signatures, and authorization of the caller for an endpoint.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chirrup_api::{Auth, Endpoint};
use chirrup_auth::AuthKind;
use chirrup_auth::oauth1::{SigningKey, base_string, form_pairs, parse_header};
use chirrup_model::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::access::bearer::BearerTokens;
use crate::access::identity::Identity;
use crate::access::received_request::ReceivedRequest;
use crate::control::clock::TestClock;
use crate::response::api_error::ApiError;
use crate::world::{World, from_sql};

/// Number of seconds by which the timestamp of a signature may differ from the sandbox's clock or the system clock. The
/// system clock counts too, because the clients' clocks do not move when a test advances the sandbox's.
const MAX_CLOCK_DIFFERENCE: i64 = 300;

/// Number of nonces after which the expired ones are removed.
const MIN_NONCES: usize = 1_024;

/// Nonces of accepted signatures, which reject replays, and the clock that checks their timestamps.
#[derive(Debug)]
pub(crate) struct NonceCache {
    clock: TestClock,
    /// Timestamp of each pair of token and nonce.
    seen: HashMap<(String, String), i64>,
    /// Size at which expired nonces are removed.
    cleanup_size: usize,
}

impl NonceCache {
    pub(crate) fn new(clock: TestClock) -> Self {
        Self { clock, seen: HashMap::new(), cleanup_size: MIN_NONCES }
    }

    fn is_current(&self, timestamp: i64) -> bool {
        let clocks = [self.clock.now(), self.clock.skewed_system_time()];
        clocks.iter().any(|now| (now.as_secs() - timestamp).abs() <= MAX_CLOCK_DIFFERENCE)
    }

    /// Adds a nonce. Returns whether it was new.
    fn insert(&mut self, token: &str, nonce: &str, timestamp: i64) -> bool {
        if self.seen.len() >= self.cleanup_size {
            let now = self.clock.skewed_system_time().as_secs().min(self.clock.now().as_secs());
            self.seen.retain(|_, seen| *seen >= now - MAX_CLOCK_DIFFERENCE);
            self.cleanup_size = (self.seen.len() * 2).max(MIN_NONCES);
        }
        self.seen.insert((token.to_owned(), nonce.to_owned()), timestamp).is_none()
    }
}

/// Returns the caller of a request.
///
/// # Errors
/// With 401 if the token or the signature is missing or invalid.
pub(crate) fn authenticate(
    world: &World,
    tokens: &mut BearerTokens,
    nonces: &mut NonceCache,
    now: Timestamp,
    request: &ReceivedRequest,
) -> Result<Arc<Identity>, ApiError> {
    match request.authorization().strip_prefix("Bearer ") {
        Some(token) => tokens.authenticate(world, token.trim(), now),
        None => authenticate_oauth1(&world.db, nonces, request).map(Arc::new),
    }
}

fn authenticate_oauth1(
    db: &Connection,
    nonces: &mut NonceCache,
    request: &ReceivedRequest,
) -> Result<Identity, ApiError> {
    let signature = verify_signature(db, nonces, request, &|app, token| oauth1_token_secret(db, app, token))?;
    let sql = "SELECT t.user_id, a.access, t.scopes FROM token t JOIN app a ON a.id = t.app_id
               WHERE t.token = ? AND t.kind = 'oauth1' AND a.id = ?";
    let token = signature.param("oauth_token").unwrap_or_default();
    let found = db.prepare_cached(sql)?.query_row(params![token, signature.app], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    });
    let (user, app_level, token_level) = found.optional()?.ok_or_else(ApiError::unauthorized)?;
    // A token can have a lower access level than its app.
    let access_level = if token_level == "read" { token_level } else { app_level };
    Ok(Identity {
        app: signature.app,
        user: Some(from_sql(user)),
        kind: AuthKind::OAuth1,
        scopes: Vec::new(),
        access_level,
    })
}

/// Returns the secret of a user's OAuth 1.0a token.
pub(crate) fn oauth1_token_secret(db: &Connection, app: i64, token: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT secret FROM token WHERE token = ? AND kind = 'oauth1' AND app_id = ?";
    db.prepare_cached(sql)?.query_row(params![token, app], |row| row.get(0)).optional()
}

/// OAuth 1.0a signature that was verified: the app that signed, and the `oauth_` parameters.
#[derive(Debug)]
pub(crate) struct VerifiedSignature {
    pub(crate) app: i64,
    params: Vec<(String, String)>,
}

impl VerifiedSignature {
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        unique_param(&self.params, name)
    }
}

/// Returns the value of a parameter. One that is given twice counts as missing, since the signature and the sandbox could
/// read different values.
fn unique_param<'p>(params: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let mut values = params.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let first = values.next();
    if values.next().is_some() { None } else { first }
}

/// Returns the text that the OAuth 1.0a signature of a request signs, or `None` for a request without one. `form` is its body
/// if that is a form, and empty otherwise.
pub(crate) fn signature_base_string(method: &str, url: &str, authorization: &str, form: &str) -> Option<String> {
    let params = if authorization.is_empty() {
        let is_signed = url.contains("oauth_signature=") || form.contains("oauth_signature=");
        is_signed.then(Vec::new)?
    } else {
        parse_header(authorization)?
    };
    let pairs = params.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str())));
    base_string(method, url, form, pairs).ok()
}

/// Verifies the OAuth 1.0a signature of a request. `token_secret` returns the secret of a token of an app; the token is empty
/// for requests without one.
///
/// # Errors
/// With 401 if the signature is missing, invalid, too old or a replay.
pub(crate) fn verify_signature(
    db: &Connection,
    nonces: &mut NonceCache,
    request: &ReceivedRequest,
    token_secret: &dyn Fn(i64, &str) -> rusqlite::Result<Option<String>>,
) -> Result<VerifiedSignature, ApiError> {
    let (url, form) = (request.url(), request.form());
    // RFC 5849 allows the OAuth parameters in the query or the form instead of the header; old clients use it.
    let in_header = !request.authorization().is_empty();
    let params = if in_header {
        parse_header(request.authorization()).ok_or_else(ApiError::unauthorized)?
    } else {
        let all = form_pairs(request.query()).chain(form_pairs(&form)).filter(|(name, _)| name.starts_with("oauth_"));
        all.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    };
    let param = |name: &str| unique_param(&params, name);
    let (Some(key), Some(nonce), Some(timestamp), Some(signature)) = (
        param("oauth_consumer_key"),
        param("oauth_nonce"),
        param("oauth_timestamp").and_then(|t| t.parse::<i64>().ok()),
        param("oauth_signature"),
    ) else {
        return Err(ApiError::unauthorized());
    };
    let acceptable = param("oauth_signature_method") == Some("HMAC-SHA1")
        && matches!(param("oauth_version"), None | Some("1.0"))
        && nonces.is_current(timestamp);
    if !acceptable {
        return Err(ApiError::unauthorized());
    }
    let app = db
        .prepare_cached("SELECT id, secret FROM app WHERE key = ?")?
        .query_row([key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let (app, app_secret) = app.ok_or_else(ApiError::unauthorized)?;
    let token = param("oauth_token").unwrap_or_default();
    let token_secret = token_secret(app, token)?.ok_or_else(ApiError::unauthorized)?;
    let header_params = if in_header { &params[..] } else { &[] };
    let key = SigningKey::new(&app_secret.into(), &token_secret.into());
    let is_signed = |form: &str| {
        let pairs = header_params.iter().map(|(n, v)| (Cow::Borrowed(n.as_str()), Cow::Borrowed(v.as_str())));
        base_string(request.method(), &url, form, pairs).is_ok_and(|base| key.verify(&base, signature))
    };
    // twitter-api-v2 repeats the token of the header in the form, and signs it once.
    let repeats = |name: &str| in_header && name.starts_with("oauth_") && param(name).is_some();
    let without_repeated = || form.split('&').filter(|pair| !repeats(pair.split('=').next().unwrap_or_default()));
    let valid = is_signed(&form) || is_signed(&without_repeated().collect::<Vec<_>>().join("&"));
    if !valid || !nonces.insert(token, nonce, timestamp) {
        return Err(ApiError::unauthorized());
    }
    Ok(VerifiedSignature { app, params })
}

/// Checks that the caller may use an endpoint.
///
/// # Errors
/// With 403 if the endpoint requires another kind of authentication, a scope or a higher access level.
pub(crate) fn authorize(identity: &Identity, endpoint: &Endpoint) -> Result<(), ApiError> {
    let Some(auth) = endpoint.auth.iter().find(|auth| auth.kind() == identity.kind) else {
        return Err(ApiError::unsupported_authentication(identity.kind, endpoint));
    };
    if let Auth::OAuth2(scopes) = auth
        && !scopes.iter().all(|required| identity.scopes.iter().any(|scope| scope == required))
    {
        return Err(ApiError::missing_scope());
    }
    if identity.kind == AuthKind::OAuth1 && !endpoint.is_read() && identity.access_level == "read" {
        let detail = "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.";
        let mut error = ApiError::forbidden(detail);
        error.body["type"] = "https://api.twitter.com/2/problems/oauth1-permissions".into();
        error.before_routing = true;
        return Err(error);
    }
    Ok(())
}
