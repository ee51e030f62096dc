//! HTTP Basic, with which an app asks for its bearer token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::oauth1::encode;
use crate::secret::Secret;

/// The `Authorization` header for the token endpoints: key and secret percent-encoded, joined and in base 64.
pub fn basic_header(key: &str, secret: &Secret) -> Secret {
    let joined = format!("{}:{}", encode(key), encode(secret.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(joined)))
}
