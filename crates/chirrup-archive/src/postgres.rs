//! PostgreSQL database of posts, users and what belongs to them.

mod add_archive;
mod address;
mod comply;
mod copy_text;
mod migrations;
mod password_file;
mod query;
mod reader;
mod session;
mod staging;
mod store_page;
mod tls;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chirrup_model::Timestamp;

use self::address::Address;
pub use self::reader::PostgresReader;
use self::session::{Session, failed, is_lost};
use self::staging::Step;
use self::store_page::{Commit, store_page};
use crate::archive::{Archive, Stored, collected_elsewhere};
use crate::collection::{Checkpoint, Page};
use crate::comply::Removed;
use crate::lines::with_path;
use crate::objects::Body;
use crate::reader::ArchiveReader;
use crate::report::Report;

/// Number of times that a page is sent to a server that stops.
const ATTEMPTS: usize = 5;

/// PostgreSQL database that stores the pages of sources, each together with the checkpoint from which the source
/// resumes.
///
/// The tables are in a schema of their own. The rows of a page are copied into temporary tables, and merged from there
/// together with the checkpoint in one transaction. If the connection is lost, it is opened again for a minute, and the
/// server tells whether the last transaction was committed. Several programs can write to the database at the same
/// time, but only one of them can collect a source.
pub struct PostgresDatabase {
    address: Address,
    /// Address without the password.
    shown: PathBuf,
    session: std::cell::RefCell<Session>,
    steps: Vec<Step>,
    /// Highest items of the sources that were asked for.
    newest: HashMap<String, Option<i64>>,
}

impl fmt::Debug for PostgresDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresDatabase").field("address", &self.shown).finish_non_exhaustive()
    }
}

impl PostgresDatabase {
    /// Opens a database by its URL, such as `postgres://robin@db.example.com/birds`, and creates the tables of an archive
    /// in the schema `chirrup`, or in that of the option `?schema=`. A URL without a password uses that of the
    /// environment variable `PGPASSWORD`, or that of the file `PGPASSFILE`, which is `~/.pgpass` by default. Certificates of
    /// servers are checked, also against those of the file `PGSSLROOTCERT`.
    ///
    /// # Errors
    /// If there is no connection, or the schema belongs to another program or to a newer version of this one.
    pub fn open(url: &str) -> io::Result<Self> {
        let address = Address::parse(url).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        let mut session = Session::open(&address)?;
        if let Some(why) = session.run(&address, |client| migrations::set_up(client, &address))? {
            return Err(io::Error::other(format!("{address}: {why}")));
        }
        let steps = session.run(&address, staging::prepare)?;
        let (shown, session) = (address.to_string().into(), session.into());
        Ok(Self { address, shown, session, steps, newest: HashMap::new() })
    }

    /// Runs statements in the session.
    fn run<T: Send>(
        &self,
        work: impl FnOnce(&mut postgres::Client) -> Result<T, postgres::Error> + Send,
    ) -> io::Result<T> {
        self.session.borrow_mut().run(&self.address, work)
    }

    /// Reads in the session. A lost connection is opened again.
    fn read<T: Send>(
        &mut self,
        work: impl Fn(&mut postgres::Client) -> Result<T, postgres::Error> + Send + Copy,
    ) -> io::Result<T> {
        match self.session.get_mut().try_run(&self.address, work)? {
            Err(why) if is_lost(&why) => {
                self.reopen()?;
                self.run(work)
            }
            read => read.map_err(|why| failed(&self.address, &why)),
        }
    }

    /// Opens the lost connection again.
    fn reopen(&mut self) -> io::Result<()> {
        self.steps = self.session.get_mut().reopen(&self.address, staging::prepare)?;
        Ok(())
    }

    /// Stores a page. Returns `None` if another program has stored a page since the checkpoint.
    fn store_bodies(
        &mut self,
        source: &str,
        page: &Page<'_>,
        bodies: &[Body<'_>],
        report: &Report,
        checkpoint: &Checkpoint,
    ) -> io::Result<Option<Commit>> {
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let (mut commit, address, steps) = (None, &self.address, &self.steps);
            let stored = self.session.get_mut().try_run(address, |client| {
                store_page(client, (&address.schema, steps), source, page, bodies, report, checkpoint, &mut commit)
            })?;
            match stored {
                Ok(()) => return Ok(commit),
                Err(why) if left > 0 && is_lost(&why) => {
                    self.reopen()?;
                    // The answer to the last statement may be lost, although the server has executed it.
                    if let Some(commit) = commit
                        && self.run(|client| store_page::is_committed(client, &commit))?
                    {
                        return Ok(Some(commit));
                    }
                }
                Err(why) => return Err(failed(&self.address, &why)),
            }
        }
    }
}

impl Archive for PostgresDatabase {
    fn path(&self) -> &Path {
        &self.shown
    }

    fn checkpoint(&self, source: &str) -> io::Result<Checkpoint> {
        self.run(|client| store_page::checkpoint(client, source))
    }

    fn sources(&self, prefix: &str) -> io::Result<Vec<String>> {
        let found = "SELECT name FROM sources WHERE starts_with(name, $1) ORDER BY name";
        let rows = self.run(|client| client.query(found, &[&prefix]))?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    fn has_result(&mut self, source: &str, item: u64) -> io::Result<bool> {
        let item = item.cast_signed();
        let newest = match self.newest.get(source) {
            Some(newest) => *newest,
            None => {
                let newest = self.read(|client| store_page::newest_item(client, source))?;
                *self.newest.entry(source.to_owned()).or_insert(newest)
            }
        };
        // Most items of a stream are newer than all before them.
        if newest.is_none_or(|newest| item > newest) {
            return Ok(false);
        }
        self.read(|client| store_page::has_result(client, source, item))
    }

    fn store(
        &mut self,
        source: &str,
        page: &Page<'_>,
        report: &Report,
        checkpoint: &mut Checkpoint,
    ) -> io::Result<Stored> {
        let bodies: io::Result<Vec<Body<'_>>> = page.bodies.iter().map(|body| Body::read(body)).collect();
        let bodies = bodies.map_err(|why| with_path(&self.shown, &why))?;
        let Some(commit) = self.store_bodies(source, page, &bodies, report, checkpoint)? else {
            return Err(with_path(&self.shown, &collected_elsewhere()));
        };
        self.newest.remove(source);
        *checkpoint = commit.next;
        Ok(commit.stored)
    }

    fn merge(&mut self, other: &dyn ArchiveReader) -> io::Result<()> {
        self.add_archive(other)
    }

    fn comply(&mut self, file: &Path, now: Timestamp) -> io::Result<Removed> {
        self.remove_demanded(file, now)
    }

    fn compact(&mut self) -> io::Result<()> {
        let why = "the server reuses free space itself; the statement `VACUUM FULL` returns it to the disk";
        Err(io::Error::new(io::ErrorKind::Unsupported, format!("{}: {why}", self.address)))
    }
}
