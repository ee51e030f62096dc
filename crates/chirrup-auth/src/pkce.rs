//! PKCE (RFC 7636): the code verifier and code challenge of an OAuth 2.0 login.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::secret::Secret;

/// PKCE code verifier: a secret of 43 to 128 letters, digits and `-._~`.
///
/// A login sends the [challenge](Self::challenge) to the authorization page and the verifier to the token endpoint, which
/// shows that both requests come from the same app.
///
/// ```
/// use chirrup_auth::CodeVerifier;
///
/// let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")?;
/// assert_eq!(verifier.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
/// # Ok::<(), chirrup_auth::InvalidCodeVerifier>(())
/// ```
#[derive(Debug, Clone)]
pub struct CodeVerifier(Secret);

/// Error for a text that is not a PKCE code verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCodeVerifier;

impl fmt::Display for InvalidCodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid PKCE code verifier: expected 43 to 128 letters, digits and -._~")
    }
}

impl std::error::Error for InvalidCodeVerifier {}

impl CodeVerifier {
    /// Creates a verifier from 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
    }
    /// Reads a verifier from text.
    ///
    /// # Errors
    /// If the text has a wrong length or another character.
    pub fn parse(text: &str) -> Result<Self, InvalidCodeVerifier> {
        let valid = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        if valid && (43..=128).contains(&text.len()) { Ok(Self(Secret::new(text))) } else { Err(InvalidCodeVerifier) }
    }
    /// Returns the text of the verifier, to be sent to the token endpoint alone.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
    /// Returns the code challenge for the authorization page, with the method `S256`.
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.expose()))
    }
}
