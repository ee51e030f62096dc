//! Webhook signatures: the response to X's CRC check, and the signature of a delivery.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::Sha256;

use crate::secret::Secret;

fn hmac_of(consumer_secret: &Secret, data: &[u8]) -> Hmac<Sha256> {
    let mut mac = match Hmac::<Sha256>::new_from_slice(consumer_secret.expose().as_bytes()) {
        Ok(mac) => mac,
        Err(_) => unreachable!("HMAC takes keys of any length"),
    };
    mac.update(data);
    mac
}

/// Returns the `response_token` for a CRC check with this `crc_token`.
pub fn crc_response(consumer_secret: &Secret, crc_token: &str) -> String {
    webhook_signature(consumer_secret, crc_token.as_bytes())
}

/// Returns the value of the header `x-twitter-webhooks-signature` for a raw body.
pub fn webhook_signature(consumer_secret: &Secret, raw_body: &[u8]) -> String {
    let mac = hmac_of(consumer_secret, raw_body).finalize().into_bytes();
    format!("sha256={}", STANDARD.encode(mac))
}

/// Returns whether the value of the header `x-twitter-webhooks-signature` is the signature of this raw body.
///
/// The comparison takes constant time.
pub fn verify_webhook(consumer_secret: &Secret, raw_body: &[u8], header: &str) -> bool {
    let Some(encoded) = header.strip_prefix("sha256=") else {
        return false;
    };
    match STANDARD.decode(encoded) {
        Ok(mac) => hmac_of(consumer_secret, raw_body).verify_slice(&mac).is_ok(),
        Err(_) => false,
    }
}
