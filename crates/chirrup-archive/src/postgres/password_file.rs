//! Password files of PostgreSQL: `.pgpass` in the home folder, or the file that `PGPASSFILE` names.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use postgres::Config;
use postgres::config::Host;

/// Port of a server whose address has none.
const PORT: u16 = 5_432;
/// Number of fields of a line.
const FIELDS: usize = 5;
/// Folders of sockets whose servers are those of `localhost`.
#[cfg(unix)]
const SOCKETS: [&str; 3] = ["/run/postgresql", "/var/run/postgresql", "/tmp"];

/// Returns the password of a server by the password file. A file that other users can read is left out, as `psql` does.
pub(super) fn password_of(config: &Config) -> Option<String> {
    let path = env::var_os("PGPASSFILE").map(PathBuf::from).or_else(default_path)?;
    find(&fs::read_to_string(&path).ok().filter(|_| is_private(&path))?, config)
}

fn default_path() -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(PathBuf::from(env::var_os("APPDATA")?).join("postgresql").join("pgpass.conf"));
    }
    env::home_dir().map(|home| home.join(".pgpass"))
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(path: &Path) -> bool {
    path.is_file()
}

/// Returns the password in the first line `host:port:database:user:password` that fits. `*` fits everything.
fn find(text: &str, config: &Config) -> Option<String> {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(folder)) if !SOCKETS.iter().any(|socket| folder == Path::new(socket)) => {
            folder.to_str()?.to_owned()
        }
        _ => "localhost".to_owned(),
    };
    let port = config.get_ports().first().unwrap_or(&PORT).to_string();
    let user = config.get_user().unwrap_or_default();
    let wanted = [&host, &port, config.get_dbname().unwrap_or(user), user];
    let fits = |(wanted, field): (&&str, &String)| field == "*" || field == wanted;
    text.lines().filter(|line| !line.starts_with('#')).map(fields_of).find_map(|mut fields| {
        if fields.len() == FIELDS && wanted.iter().zip(&fields).all(fits) { fields.pop() } else { None }
    })
}

/// Splits a line at its colons, of which a backslash escapes one within a field.
fn fields_of(line: &str) -> Vec<String> {
    let (mut fields, mut characters) = (vec![String::new()], line.chars());
    while let Some(c) = characters.next() {
        match c {
            // The last field may have colons that are not escaped.
            ':' if fields.len() < FIELDS => fields.push(String::new()),
            _ => {
                let c = if c == '\\' { characters.next().unwrap_or(c) } else { c };
                fields.last_mut().into_iter().for_each(|field| field.push(c));
            }
        }
    }
    fields
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FILE: &str = "# host:port:database:user:password\n\
        db.example.com:5432:birds:robin:first\nshort:line\n\
        db.example.com:*:*:robin:a\\:b\\\\c\nlocalhost:5432:*:*:local\n*:*:*:ada:any:thing\n";

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        for (url, password) in [
            ("postgres://robin@db.example.com/birds", Some("first")),
            ("postgres://robin@db.example.com:5433/birds", Some("a:b\\c")),
            ("postgres://robin@db.example.com/trees", Some("a:b\\c")),
            ("postgres://eve@localhost/birds", Some("local")),
            ("postgres://eve@%2Frun%2Fpostgresql/birds", Some("local")),
            ("postgres://eve@%2Fhome%2Feve/birds", None),
            ("postgres://ada@10.0.0.1/birds", Some("any:thing")),
            ("postgres://eve@db.example.com/birds", None),
        ] {
            assert_eq!(find(FILE, &url.parse().unwrap()).as_deref(), password, "{url}");
        }
    }
}
