//! Addresses of archives on servers, and the secrets in them.

use chirrup_store::NATS_SCHEMES;

/// Scheme of the archives in object stores.
pub(crate) const S3_SCHEME: &str = "s3://";

/// Whether a name is the address of an archive in an object store.
pub fn is_bucket(name: &str) -> bool {
    name.starts_with(S3_SCHEME)
}

/// Whether a name is the address of a stream of a NATS server.
pub fn is_nats(name: &str) -> bool {
    NATS_SCHEMES.iter().any(|(scheme, _)| name.starts_with(scheme))
}

/// Whether a name is the URL of a PostgreSQL database.
pub fn is_postgres(name: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| name.starts_with(scheme))
}

/// Returns the name of an archive for messages: the address of a stream without its login, which may be a token or a file,
/// and the URL of a database without its password. Other names are returned as they are.
pub fn without_secrets(name: &str) -> String {
    match name.split_once("://") {
        Some((scheme, rest)) if is_nats(name) => without_login(scheme, rest.split('?').next().unwrap_or(rest)),
        Some((scheme, rest)) if is_bucket(name) => without_login(scheme, rest),
        Some((scheme, rest)) if is_postgres(name) => without_password(scheme, rest),
        _ => name.to_owned(),
    }
}

fn without_login(scheme: &str, rest: &str) -> String {
    format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
}

fn without_password(scheme: &str, rest: &str) -> String {
    let (base, query) = rest.split_once('?').map_or((rest, None), |(base, query)| (base, Some(query)));
    // A password with characters that are not escaped ends at the last `@`.
    let base = match base.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => base.to_owned(),
    };
    let options = query.into_iter().flat_map(|query| query.split('&'));
    let shown: Vec<&str> = options.filter(|option| !option.starts_with("password=")).collect();
    let query = if shown.is_empty() { String::new() } else { format!("?{}", shown.join("&")) };
    format!("{scheme}://{base}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_names_without_secrets() {
        for (name, shown) in [
            ("postgres://robin:secret@db/birds", "postgres://robin@db/birds"),
            ("postgresql://robin:se@c/ret@db/birds?schema=a", "postgresql://robin@db/birds?schema=a"),
            ("postgres:///birds?host=/run&password=secret", "postgres:///birds?host=/run"),
            ("postgres://db/birds", "postgres://db/birds"),
            ("nats://robin:secret@host:4222/birds", "nats://host:4222/birds"),
            ("tls://token@host/birds", "tls://host/birds"),
            ("nats://host/birds", "nats://host/birds"),
            ("nats://host/birds?login=/home/robin@work", "nats://host/birds"),
            ("s3://key:secret@bucket/birds", "s3://bucket/birds"),
            ("birds.db", "birds.db"),
        ] {
            assert_eq!(without_secrets(name), shown);
        }
    }
}
