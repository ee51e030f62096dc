//! The one seam through which time and randomness come in.

use std::fmt;

use chirrup_auth::oauth1::Signer;
use chirrup_model::Timestamp;

/// Time and randomness. Tests bring their own.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The moment now.
    fn now(&self) -> Timestamp;
    /// Bytes that nobody can guess.
    ///
    /// # Errors
    /// If the system has none to give.
    fn random(&self) -> std::io::Result<[u8; 16]>;
}

/// The system's own time and randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map(|d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
        Timestamp::from_millis(millis.unwrap_or_default())
    }
    fn random(&self) -> std::io::Result<[u8; 16]> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(std::io::Error::from)?;
        Ok(bytes)
    }
}

/// The `Authorization` header for one call by OAuth 1.0a, with a nonce of its own and the time of now.
pub(crate) fn sign(clock: &dyn Clock, signer: &Signer, method: &str, url: &str, form: &str) -> Result<String, String> {
    let random = clock.random().map_err(|_| "the system gives no randomness".to_owned())?;
    let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    signer.header(method, url, form, &nonce, clock.now().as_secs()).map_err(|why| why.to_string())
}
