//! HTTP Basic authentication, with which an app requests its bearer token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::oauth1::encode;
use crate::secret::Secret;

/// Returns the `Authorization` header for the token endpoints: the percent-encoded API key and secret, joined and in
/// Base64.
pub fn basic_header(key: &str, secret: &Secret) -> Secret {
    let joined = format!("{}:{}", encode(key), encode(secret.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(joined)))
}
