//! URLs of PostgreSQL databases, and their passwords.

/// Whether a name is the address of a PostgreSQL database.
pub fn is_postgres(name: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| name.starts_with(scheme))
}

/// Returns the URL of a database without its password, for messages. Other names are returned as they are.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://").filter(|_| is_postgres(url)) else { return url.to_owned() };
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
    fn messages_have_urls_without_passwords() {
        for (url, shown) in [
            ("postgres://robin:secret@db/birds", "postgres://robin@db/birds"),
            ("postgresql://robin:se@c/ret@db/birds?schema=a", "postgresql://robin@db/birds?schema=a"),
            ("postgres:///birds?host=/run&password=secret", "postgres:///birds?host=/run"),
            ("postgres://db/birds", "postgres://db/birds"),
            ("birds.db", "birds.db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
