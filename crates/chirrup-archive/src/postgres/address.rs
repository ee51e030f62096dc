//! Address of a database: the server, the user and the schema.

use std::fmt;
use std::time::Duration;

use postgres::Config;
use postgres::config::Host;

use super::password_file::password_of;
use crate::server_url::without_secrets;

/// Schema of an address that names none.
const SCHEMA: &str = "chirrup";
/// Longest name of a schema in bytes.
const MAX_SCHEMA_LEN: usize = 63;
/// Longest wait for a connection to a host.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Parsed URL of a database. Its text, which errors have, is without the password.
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) schema: String,
    shown: String,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Address {
    /// Returns the next step after a refused connection, as the end of a message.
    pub(super) fn check(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => format!(" -h {name}"),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => format!(" -h {}", folder.display()),
            _ => String::new(),
        };
        let port = self.config.get_ports().first().map_or_else(String::new, |port| format!(" -p {port}"));
        format!("; check the host and the port, and that the server runs, with `pg_isready{host}{port}`")
    }

    /// Parses a URL such as `postgres://robin@db.example.com/birds?schema=herons`. Without a password there, that of
    /// the environment variable `PGPASSWORD` or of the password file is used.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let shown = without_secrets(url);
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (schemas, others): (Vec<&str>, Vec<&str>) =
            query.split('&').filter(|option| !option.is_empty()).partition(|option| option.starts_with("schema="));
        let schema = schemas.first().and_then(|option| option.strip_prefix("schema=")).unwrap_or(SCHEMA).to_owned();
        let is_name = schema.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_name || schema.is_empty() || schema.len() > MAX_SCHEMA_LEN || schema.starts_with("pg_") {
            return Err(format!("{shown}: the name of a schema has lower-case letters, digits and underscores"));
        }
        let url = if others.is_empty() { base.to_owned() } else { format!("{base}?{}", others.join("&")) };
        // The reason may quote a part of the URL, such as a password with a character that is not escaped.
        let mut config: Config = url.parse().map_err(|_| {
            format!(
                "{shown}: the address is invalid; use one such as postgres://robin@db.example.com/birds, with special \
                     characters of the password as %40 and so on"
            )
        })?;
        if config.get_password().is_none()
            && let Some(password) = std::env::var("PGPASSWORD").ok().or_else(|| password_of(&config))
        {
            config.password(password);
        }
        if config.get_application_name().is_none() {
            config.application_name("chirrup");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self { config, schema, shown })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_text_of_an_address_has_its_password() {
        let broken = Address::parse("postgres://robin:se@cret@db:port/birds").err().unwrap();
        assert!(!broken.contains("cret") && broken.contains("robin@db:port"), "{broken}");
    }

    #[test]
    fn the_schema_is_part_of_the_address() {
        let address = Address::parse("postgres://robin@db/birds?schema=herons&sslmode=disable").unwrap();
        assert_eq!((address.schema.as_str(), address.config.get_dbname()), ("herons", Some("birds")));
        assert_eq!(Address::parse("postgres://db/birds").unwrap().schema, "chirrup");
        for schema in ["", "Herons", "a;drop", "pg_temp", &"a".repeat(64)] {
            assert!(Address::parse(&format!("postgres://db/birds?schema={schema}")).is_err(), "{schema}");
        }
    }
}
