//! PKCE: how the one who asked for a login proves to be the one who ends it.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// The secret half of a PKCE pair: 43 to 128 letters, digits and `-._~`.
#[derive(Debug, Clone)]
pub struct Verifier(Secret);

/// Why a text is no verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidVerifier;

impl fmt::Display for InvalidVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a PKCE verifier has 43 to 128 letters, digits and -._~")
    }
}

impl std::error::Error for InvalidVerifier {}

impl Verifier {
    /// A verifier made of 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }
    /// Takes a verifier made elsewhere.
    ///
    /// # Errors
    /// If the text has the wrong length or letters.
    pub fn parse(text: &str) -> Result<Self, InvalidVerifier> {
        let sound = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        if sound && (43..=128).contains(&text.len()) { Ok(Self(Secret::new(text))) } else { Err(InvalidVerifier) }
    }
    /// The text, which goes to the token endpoint and nowhere else.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
    /// The open half of the pair (method `S256`).
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }
}
