//! Versions of the tables.

use postgres::{Client, Error, GenericClient, Transaction};

use super::address::Address;

/// Changes of the tables, each to the next version. A change that a release has is never edited.
const MIGRATIONS: [&str; 2] = [include_str!("version_1.sql"), include_str!("version_2.sql")];
/// Oldest server that tells whether a transaction was committed.
const SERVER_VERSION: i32 = 130_000;
/// First number of the locks of archives. The second stands for the schema.
const LOCK: i32 = 0x4368_7270;

/// Creates the schema and its tables, or changes them to the current version. Returns why a schema is refused.
pub(super) fn set_up(client: &mut Client, address: &Address) -> Result<Option<String>, Error> {
    if let Some(why) = refuse_server(client)? {
        return Ok(Some(why));
    }
    let schema = &address.schema;
    if version(client, address)? == Some(MIGRATIONS.len()) {
        return Ok(None);
    }
    let mut change = client.transaction()?;
    lock_exclusive(&mut change, schema)?;
    let found = version(&mut change, address)?;
    if found.is_none() {
        let tables =
            "SELECT FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) LIMIT 1";
        if change.query_opt(tables, &[schema])?.is_some() {
            return Ok(Some(format!(
                "the schema {schema} has tables of another program; choose one with ?schema=NAME"
            )));
        }
        // A user without the right to create schemas may own an empty one.
        if change.query_opt("SELECT FROM pg_namespace WHERE nspname = $1", &[schema])?.is_none() {
            change.batch_execute(&format!("CREATE SCHEMA {schema}"))?;
        }
        change.batch_execute(
            "CREATE TABLE migrations (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
        )?;
    }
    if let Some(why) = refuse_version(found) {
        return Ok(Some(why));
    }
    for (version, migration) in (1_i32..).zip(MIGRATIONS).skip(found.unwrap_or_default()) {
        change.batch_execute(migration)?;
        change.execute("INSERT INTO migrations (version) VALUES ($1)", &[&version])?;
    }
    change.commit()?;
    Ok(None)
}

/// Takes the lock of all writers, until the end of the transaction.
pub(super) fn lock_shared(change: &mut Transaction<'_>, schema: &str) -> Result<(), Error> {
    change.execute("SELECT pg_advisory_xact_lock_shared($1, hashtext($2))", &[&LOCK, &schema]).map(drop)
}

/// Takes the lock alone, for a removal or a migration, until the end of the transaction.
pub(super) fn lock_exclusive(change: &mut Transaction<'_>, schema: &str) -> Result<(), Error> {
    change.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", &[&LOCK, &schema]).map(drop)
}

/// Returns why the archive cannot be read by this version of the program.
pub(super) fn refuse_reading(client: &mut Client, address: &Address) -> Result<Option<String>, Error> {
    if let Some(why) = refuse_server(client)? {
        return Ok(Some(why));
    }
    Ok(match version(client, address)? {
        None => Some(format!("the schema {} has no archive; begin one with `chirrup collect`", address.schema)),
        found => refuse_version(found),
    })
}

fn refuse_server(client: &mut Client) -> Result<Option<String>, Error> {
    let found = "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')";
    let found = client.query_one(found, &[])?;
    let (version, encoding): (i32, String) = (found.get(0), found.get(1));
    Ok(match () {
        () if version < SERVER_VERSION => Some("the server is older than PostgreSQL 13; use a newer one".to_owned()),
        () if encoding != "UTF8" => Some(format!(
            "the database stores texts as {encoding}; create one with `createdb --encoding UTF8 --template template0`"
        )),
        () => None,
    })
}

fn refuse_version(found: Option<usize>) -> Option<String> {
    let is_newer = found.is_some_and(|found| found > MIGRATIONS.len());
    is_newer
        .then(|| "a newer version of this program changed the tables; use that version, or another schema".to_owned())
}

/// Returns the version of the tables, or `None` if the schema has none.
fn version(client: &mut impl GenericClient, address: &Address) -> Result<Option<usize>, Error> {
    // `to_regclass` may not see what another session has created in the meantime.
    let exists = "SELECT FROM pg_class WHERE relname = 'migrations' AND relnamespace = \
                  (SELECT oid FROM pg_namespace WHERE nspname = $1)";
    if client.query_opt(exists, &[&address.schema])?.is_none() {
        return Ok(None);
    }
    let found = format!("SELECT coalesce(max(version), 0) FROM {}.migrations", address.schema);
    let found = client.query_one(&found, &[])?;
    Ok(usize::try_from(found.get::<_, i32>(0)).ok())
}
