//! Random tokens, IDs and numbers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chirrup_auth::{Secret, hex, webhook_signature};

/// Fills a buffer with random bytes. They stay zero if the system has no randomness, which happens on no system that runs
/// the sandbox after boot.
fn fill(buffer: &mut [u8]) {
    let _ = getrandom::fill(buffer);
}

/// Returns random letters and digits, with the entropy of this number of bytes.
pub(crate) fn random_token(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    fill(&mut buffer);
    letters_and_digits(&URL_SAFE_NO_PAD.encode(buffer))
}

fn letters_and_digits(base64: &str) -> String {
    base64.replace(['-', '_', '+', '/'], "x")
}

/// Returns a token of 43 letters and digits that depends on a text, and that cannot be guessed without the secret.
pub(crate) fn derived_token(secret: &Secret, text: &str) -> String {
    let mac = webhook_signature(secret, text.as_bytes());
    letters_and_digits(mac.trim_start_matches("sha256=").trim_end_matches('='))
}

/// Returns a random PIN of 7 digits.
pub(crate) fn random_pin() -> String {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    format!("{:07}", u32::from_le_bytes(bytes) % 10_000_000)
}

/// Returns a random value for the `x-transaction-id` header.
pub(crate) fn random_transaction_id() -> String {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    hex(&bytes)
}

/// Returns a new bearer token for an app, in the form that X gives them.
pub(crate) fn random_bearer_token() -> String {
    format!("AAAAAAAAAAAAAAAAAAAAA{}", random_token(48))
}
