//! Addresses of NATS servers, and the logins at them.

use std::fmt;
use std::io;
use std::path::PathBuf;

use async_nats::{ConnectOptions, ServerAddr};
use chirrup_auth::Secret;

use crate::loopback::is_loopback_host;
use crate::server_scheme::NATS_SCHEMES;

/// Length of the longest name after the host.
const MAX_NAME_LEN: usize = 64;

/// A server, something on it with a name, such as a stream or a bucket, and the login of this client:
/// `nats://host:4222/birds`.
#[derive(Clone)]
pub struct NatsServer {
    url: String,
    name: String,
    login: Option<Login>,
    roots: Option<PathBuf>,
    requires_tls: bool,
}

/// How the client proves to the server who it is.
#[derive(Clone)]
enum Login {
    /// `NAME:PASSWORD`, or a token without a colon.
    Password(Secret),
    /// The contents of a credentials file: a JWT and the seed of its key.
    Credentials(Secret),
    /// The seed of an NKey.
    NKey(Secret),
}

impl fmt::Debug for NatsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NatsServer").field(&self.to_string()).finish()
    }
}

/// Shows the address without its login.
impl fmt::Display for NatsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.url, self.name)
    }
}

impl NatsServer {
    /// Parses an address, and reads the files that it names. `what` says in messages what the name is: a stream or a bucket.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if the address has another form, or a file cannot be read.
    pub fn parse(text: &str, what: &str) -> io::Result<Self> {
        let invalid = |why: &str| {
            let form = what.to_ascii_uppercase();
            let why = format!("the address of a NATS {what} {why}; expected nats://HOST:4222/{form}");
            io::Error::new(io::ErrorKind::InvalidInput, why)
        };
        let of_scheme = |(scheme, tls): &(&'static str, bool)| Some((*scheme, *tls, text.strip_prefix(scheme)?));
        let (scheme, tls, rest) = NATS_SCHEMES.iter().find_map(of_scheme).ok_or_else(|| invalid("has no scheme"))?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, name) = rest.split_once('/').ok_or_else(|| invalid(&format!("names no {what}")))?;
        let name = name.trim_end_matches('/');
        let is_valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > MAX_NAME_LEN || !name.chars().all(is_valid) {
            return Err(invalid("needs a name of up to 64 letters, digits, `-` and `_` after the host"));
        }
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(Login::Password(login.into())), host),
            None => (None, authority),
        };
        let url = format!("{scheme}{host}");
        let parsed = url.parse::<ServerAddr>().ok().filter(|_| !host.is_empty());
        let parsed = parsed.ok_or_else(|| invalid("has no valid host"))?;
        let mut server = Self { url, name: name.to_owned(), login, roots: None, requires_tls: false };
        for option in options.split('&').filter(|option| !option.is_empty()) {
            server.set(option).map_err(|why| invalid(&why))?;
        }
        server.requires_tls = tls || (server.login.is_some() && !is_loopback_host(parsed.host()));
        Ok(server)
    }

    /// Sets an option of the address: a file with the login, or with the certificates of the authorities to trust.
    fn set(&mut self, option: &str) -> Result<(), String> {
        let (name, file) = option.split_once('=').unwrap_or((option, ""));
        let read = || {
            let text = std::fs::read_to_string(file).map_err(|why| format!("names a file, `{file}`: {why}"))?;
            Ok::<Secret, String>(text.trim().into())
        };
        let login = match name {
            "login" => Login::Password(read()?),
            "nkey" => Login::NKey(read()?),
            "creds" => Login::Credentials(read()?),
            "ca" => {
                read()?;
                self.roots = Some(file.into());
                return Ok(());
            }
            _ => return Err("has an option other than `creds`, `nkey`, `login` and `ca`".to_owned()),
        };
        match self.login.replace(login) {
            None => Ok(()),
            Some(_) => Err("has two logins".to_owned()),
        }
    }

    /// Requires TLS, unless the server is on this machine.
    #[must_use]
    pub(super) fn with_tls(mut self) -> Self {
        let host = self.url.parse::<ServerAddr>().map(|it| it.host().to_owned());
        self.requires_tls |= !host.is_ok_and(|host| is_loopback_host(&host));
        self
    }

    /// Requires TLS only if the scheme of the address does.
    #[must_use]
    pub(super) fn without_tls(mut self) -> Self {
        self.requires_tls = NATS_SCHEMES.iter().any(|(scheme, tls)| *tls && self.url.starts_with(scheme));
        self
    }

    /// Returns the name after the host.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the URL of the server, without login and name.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the connection has to use TLS.
    pub fn requires_tls(&self) -> bool {
        self.requires_tls
    }

    /// Returns the settings of a connection.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] if a file with credentials is malformed.
    pub fn options(&self) -> io::Result<ConnectOptions> {
        let mut options = ConnectOptions::new().name("chirrup").require_tls(self.requires_tls);
        if let Some(roots) = &self.roots {
            options = options.add_root_certificates(roots.clone());
        }
        Ok(match &self.login {
            None => options,
            Some(Login::Password(login)) => match login.expose().split_once(':') {
                Some((name, password)) => options.user_and_password(name.to_owned(), password.to_owned()),
                None => options.token(login.expose().to_owned()),
            },
            Some(Login::NKey(seed)) => options.nkey(seed.expose().to_owned()),
            // The parser expects a line break at the end.
            Some(Login::Credentials(file)) => options.credentials(&format!("{}\n", file.expose()))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_secret() {
        let parse = |text: &str| NatsServer::parse(text, "bucket").expect("an address");
        let far = parse("nats://robin:secret@example.com:4222/birds");
        assert_eq!((far.to_string().as_str(), far.requires_tls()), ("nats://example.com:4222/birds", true));
        assert!(!format!("{far:?}").contains("secret"));
        assert!(!far.without_tls().requires_tls());
        let near = parse("nats://token@127.0.0.1:4222/birds");
        assert!(!near.requires_tls() && near.login.is_some() && !near.with_tls().requires_tls());
        assert!(!parse("nats://host/birds").requires_tls() && parse("nats://host/birds").with_tls().requires_tls());
        assert!(parse("nats://localhost.evil.example/birds").with_tls().requires_tls());
        assert!(parse("tls://localhost/birds").without_tls().requires_tls());
    }

    #[test]
    fn a_login_comes_from_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("login");
        std::fs::write(&file, "robin:secret\n").expect("writable");
        let address = format!("nats://example.com/birds?login={}", file.display());
        let server = NatsServer::parse(&address, "stream").expect("an address");
        assert!(server.requires_tls());
        assert_eq!(server.to_string(), "nats://example.com/birds");
        let two = address.replace("example.com", "robin:secret@example.com");
        for text in [two.as_str(), "nats://host/birds?nkey=/nonexistent", "nats://host/birds?password=secret"] {
            let why = NatsServer::parse(text, "stream").expect_err("invalid");
            assert_eq!(why.kind(), io::ErrorKind::InvalidInput);
            assert!(!why.to_string().contains("secret"), "{why}");
        }
        std::fs::write(&file, "no credentials").expect("writable");
        let server = NatsServer::parse(&address.replace("login=", "creds="), "stream").expect("an address");
        assert_eq!(server.options().map(drop).expect_err("malformed").kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["birds.db", "nats://host", "nats://host/", "nats:///birds", "nats://host/a.b", "http://host/birds"]
        {
            let why = NatsServer::parse(text, "stream").expect_err("invalid");
            assert_eq!(why.kind(), io::ErrorKind::InvalidInput, "{text}: {why}");
        }
    }
}
