//! Addresses of streams: `nats://host:port/stream`.

use std::fmt;
use std::io;
use std::path::Path;

use async_nats::{ConnectOptions, ServerAddr};

use crate::server_url::NATS_SCHEMES;

/// Hosts that no other machine can listen to.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Address of a stream of a NATS server: `nats://host:4222/birds`, or `tls://host:4222/birds` for a server that has to use
/// TLS.
///
/// A name and password, or a token, can stand before the host: `nats://robin:secret@host:4222/birds`. To another machine they
/// are sent over TLS only.
#[derive(Clone)]
pub struct NatsAddress {
    server: String,
    stream: String,
    login: Option<String>,
    requires_tls: bool,
}

impl fmt::Debug for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NatsAddress").field(&self.to_string()).finish()
    }
}

/// Shows the address without its secrets.
impl fmt::Display for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.stream)
    }
}

impl NatsAddress {
    /// Parses the address of a stream.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if it has another form.
    pub fn parse(path: &Path) -> io::Result<Self> {
        let invalid = |why: &str| {
            let why = format!("the address of a NATS stream {why}; expected nats://HOST:4222/STREAM");
            io::Error::new(io::ErrorKind::InvalidInput, why)
        };
        let text = path.to_str().ok_or_else(|| invalid("is not UTF-8"))?;
        let of_scheme = |(scheme, tls): &(&'static str, bool)| Some((*scheme, *tls, text.strip_prefix(scheme)?));
        let (scheme, tls, rest) = NATS_SCHEMES.iter().find_map(of_scheme).ok_or_else(|| invalid("has no scheme"))?;
        let (authority, stream) = rest.split_once('/').ok_or_else(|| invalid("names no stream"))?;
        let stream = stream.trim_end_matches('/');
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if stream.is_empty() || stream.len() > 64 || !stream.chars().all(is_name) {
            return Err(invalid("needs a name of up to 64 letters, digits, `-` and `_` after the host"));
        }
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(login.to_owned()), host),
            None => (None, authority),
        };
        let server = format!("{scheme}{host}");
        if host.is_empty() || server.parse::<ServerAddr>().is_err() {
            return Err(invalid("has no valid host"));
        }
        let is_loopback = LOOPBACK.iter().any(|name| host == *name || host.starts_with(&format!("{name}:")));
        let requires_tls = tls || (login.is_some() && !is_loopback);
        Ok(Self { server, stream: stream.to_owned(), login, requires_tls })
    }

    /// Name of the stream.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// URL of the server, without secrets.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Returns the settings of a connection.
    pub(super) fn options(&self) -> ConnectOptions {
        let options = ConnectOptions::new().require_tls(self.requires_tls);
        match self.login.as_ref().map(|login| login.split_once(':').ok_or(login)) {
            None => options,
            Some(Ok((name, password))) => options.user_and_password(name.to_owned(), password.to_owned()),
            Some(Err(token)) => options.token(token.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_shows_no_secret() {
        let address = NatsAddress::parse(Path::new("nats://robin:secret@example.com:4222/birds")).unwrap();
        assert_eq!((address.to_string().as_str(), address.requires_tls), ("nats://example.com:4222/birds", true));
        assert!(!format!("{address:?}").contains("secret"));
        let near = NatsAddress::parse(Path::new("nats://token@127.0.0.1:4222/birds")).unwrap();
        assert!(!near.requires_tls && near.login.is_some());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["birds.db", "nats://host", "nats://host/", "nats:///birds", "nats://host/a.b", "http://host/birds"]
        {
            let why = NatsAddress::parse(Path::new(text)).unwrap_err();
            assert_eq!(why.kind(), io::ErrorKind::InvalidInput, "{text}: {why}");
        }
    }
}
