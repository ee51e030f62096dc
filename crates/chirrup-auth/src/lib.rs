//! How a call to the X API proves who makes it: OAuth 1.0a signatures, bearer tokens, PKCE, and the checks of webhooks.
//!
//! Pure functions and values: the clock and the randomness come from the caller.
#![warn(missing_docs)]

mod app_only;
mod crc;
mod credentials;
mod hex;
pub mod oauth1;
mod oauth2;
mod scope;
mod secret;

pub use app_only::basic_header;
pub use crc::{crc_response, verify_webhook, webhook_signature};
pub use credentials::{AuthKind, Credential, Credentials, OAuth1Keys};
pub use hex::hex;
pub use oauth2::{InvalidVerifier, Verifier};
pub use scope::{InvalidScope, Scope};
pub use secret::{Secret, same};
