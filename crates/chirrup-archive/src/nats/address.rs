//! Addresses of streams: `nats://host:port/stream`.

use std::fmt;
use std::io;
use std::path::Path;

use async_nats::ConnectOptions;
use chirrup_store::NatsServer;

/// Address of a stream of a NATS server: `nats://host:4222/birds`, or `tls://host:4222/birds` for a server that has to use
/// TLS.
///
/// A name and password, or a token, can stand before the host: `nats://robin:secret@host:4222/birds`. So that the address has
/// no secret, an option can name a file: `?login=FILE` for a file with one of both, `?nkey=FILE` for the seed of an NKey,
/// `?creds=FILE` for a credentials file with a JWT. To another machine a login is sent over TLS only. `&ca=FILE` names the
/// certificates, in PEM format, of further authorities that the client trusts.
#[derive(Clone)]
pub struct NatsAddress(NatsServer);

impl fmt::Debug for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NatsAddress").field(&self.to_string()).finish()
    }
}

/// Shows the address without its secrets.
impl fmt::Display for NatsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl NatsAddress {
    /// Parses the address of a stream, and reads the files that it names.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if it has another form, or a file cannot be read.
    pub fn parse(path: &Path) -> io::Result<Self> {
        let text = path
            .to_str()
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the address of a NATS stream is not UTF-8"))?;
        NatsServer::parse(text, "stream").map(Self)
    }

    /// Name of the stream.
    pub fn stream(&self) -> &str {
        self.0.name()
    }

    /// URL of the server, without secrets.
    pub(super) fn server(&self) -> &str {
        self.0.url()
    }

    /// Returns the settings of a connection.
    pub(super) fn options(&self) -> io::Result<ConnectOptions> {
        self.0.options()
    }
}
