//! Authentication for the X API: credentials, OAuth 1.0a signatures, bearer tokens, PKCE, scopes and webhook signatures.
//!
//! The crate consists of values and pure functions: the caller provides the time and the random bytes, and nothing here
//! does I/O.
#![warn(missing_docs)]

mod basic_auth;
mod credentials;
mod hex;
pub mod oauth1;
mod pkce;
mod scope;
mod secret;
mod variables;
mod webhook;

pub use basic_auth::basic_header;
pub use credentials::{AuthKind, Credential, Credentials};
pub use oauth1::OAuth1Keys;
pub use pkce::{CodeVerifier, InvalidCodeVerifier};
pub use scope::{InvalidScope, Scope};
pub use secret::Secret;
pub use variables::{InvalidVariable, clean_credential};
pub use webhook::{crc_response, verify_webhook, webhook_signature};

// For the other crates of the workspace.
#[doc(hidden)]
pub use hex::hex;
#[doc(hidden)]
pub use secret::constant_time_eq;
