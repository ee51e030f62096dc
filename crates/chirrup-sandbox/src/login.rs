//! Login: the pages on which a user authorizes an app, and the URLs where apps obtain and revoke tokens.

mod grants;
mod oauth1;
mod oauth2;
mod pages;
mod request;
mod response;
mod token_exchange;

use bytes::Bytes;
use http::Response;
use serde_json::json;

use self::request::{LoginRequest, params_of};
use self::response::{LoginResult, database_error};
use crate::access::received_request::ReceivedRequest;
use crate::side_effects::{Activity, deliver_app_activity};
use crate::state::{Shared, State};

/// Returns the response of a login URL, or `None` for any other URL.
pub(crate) fn respond(shared: &Shared, http: &ReceivedRequest) -> Option<Response<Bytes>> {
    let handler: fn(&mut LoginRequest<'_>) -> LoginResult = match (http.method(), http.path()) {
        // X documents POST; Twython sends GET.
        ("GET" | "POST", "/oauth/request_token") => oauth1::request_token,
        ("GET", "/oauth/authorize" | "/oauth/authenticate") => oauth1::show_consent,
        ("POST", "/oauth/authorize" | "/oauth/authenticate") => oauth1::submit_consent,
        ("GET" | "POST", "/oauth/access_token") => oauth1::access_token,
        ("POST", "/1.1/oauth/invalidate_token" | "/1.1/oauth/invalidate_token.json") => oauth1::invalidate_token,
        ("POST", "/oauth2/token") => oauth2::bearer_token,
        ("POST", "/oauth2/invalidate_token") => oauth2::invalidate_bearer_token,
        ("GET", "/i/oauth2/authorize") => oauth2::show_consent,
        ("POST", "/i/oauth2/authorize") => oauth2::submit_consent,
        ("POST", "/2/oauth2/token") => oauth2::token,
        ("POST", "/2/oauth2/revoke") => oauth2::revoke,
        _ => return None,
    };
    let params = params_of(http);
    let now = shared.clock.now();
    let state = &mut *shared.lock();
    let State { world, nonces, rate_limiter, .. } = &mut *state;
    let rate_limiter = shared.rate_limited.then_some(rate_limiter);
    let single_grant = shared.single_grant;
    let form_secret = &shared.form_secret;
    let mut request =
        LoginRequest { world, nonces, rate_limiter, single_grant, form_secret, now, http, params, revoked: None };
    let mut result = handler(&mut request);
    if let Some((app, user)) = request.revoked {
        let payload = json!({"client_id": app.to_string(), "user_id": user.to_string()});
        let activity = Activity { event_type: "oauth.revoke", actor: user, target: None, payload };
        result = deliver_app_activity(state, app, &activity, now).map_err(database_error).and(result);
    }
    Some(result.unwrap_or_else(|error| error).into_http())
}
