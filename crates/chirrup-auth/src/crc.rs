//! Webhooks: the answer to X's challenge, and the signature of what it delivers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;

use crate::secret::Secret;

fn keyed(consumer_secret: &Secret, data: &[u8]) -> Hmac<Sha256> {
    // HMAC takes a key of any length, so this cannot fail.
    let mut mac = match Hmac::<Sha256>::new_from_slice(consumer_secret.expose().as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    };
    mac.update(data);
    mac
}

/// The value of `response_token` in the answer to a challenge.
pub fn crc_response(consumer_secret: &Secret, crc_token: &str) -> String {
    webhook_signature(consumer_secret, crc_token.as_bytes())
}

/// The value of the header `x-twitter-webhooks-signature` over a raw body.
pub fn webhook_signature(consumer_secret: &Secret, raw_body: &[u8]) -> String {
    let mac = keyed(consumer_secret, raw_body).finalize().into_bytes();
    format!("sha256={}", STANDARD.encode(mac))
}

/// Whether the header signs this raw body. Takes the same time wherever they differ.
pub fn verify_webhook(consumer_secret: &Secret, raw_body: &[u8], header: &str) -> bool {
    let Some(encoded) = header.strip_prefix("sha256=") else {
        return false;
    };
    match STANDARD.decode(encoded) {
        Ok(mac) => keyed(consumer_secret, raw_body).verify_slice(&mac).is_ok(),
        Err(_) => false,
    }
}
