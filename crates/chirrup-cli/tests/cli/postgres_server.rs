//! PostgreSQL server of a test, in a temporary folder.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use postgres::{Client, NoTls};
use tempfile::TempDir;

/// Superuser of the databases, and the password where one is needed.
pub(crate) const USER: &str = "robin";
pub(crate) const PASSWORD: &str = "canary:p@ss/word";
/// User and group of a server that root starts: PostgreSQL refuses root.
const SERVER_ID: u32 = 65_534;

/// Server on a Unix socket. It ends with this value.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    port: u16,
    options: Vec<String>,
    process: Child,
}

impl Server {
    /// Starts a server that trusts all local users, if PostgreSQL is installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with("trust", 5_432, |_| Vec::new())
    }

    /// Starts a server with a method of authentication, a port, and options of `postgres` for its folder.
    pub(crate) fn start_with(method: &str, port: u16, options: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let Some(programs) = programs() else {
            let _ = writeln!(std::io::stderr(), "SKIPPED: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let password = folder.path().join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        let options = options(folder.path());
        for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
            give(&file);
        }
        give(folder.path());
        let mut create = as_user_of_server(&programs.join("initdb"));
        create.args(["-U", USER, "-A", method, "-E", "UTF8", "--no-locale", "--no-sync", "--pwfile"]).arg(&password);
        let created = create.arg("-D").arg(folder.path().join("data")).stdout(Stdio::null()).output().unwrap();
        assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
        let process = run(&programs, folder.path(), &options);
        let mut server = Self { folder, programs, port, options, process };
        server.wait();
        Some(server)
    }

    /// Folder with the socket.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// URL of a schema.
    pub(crate) fn url(&self, schema: &str) -> String {
        format!("postgres:///postgres?host={}&user={USER}&schema={schema}", self.folder().display())
    }

    /// Kills the server, and starts it again.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.process = run(&self.programs, self.folder.path(), &self.options);
        self.wait();
    }

    /// Returns the number that a query has.
    pub(crate) fn number(&self, schema: &str, query: &str) -> i64 {
        let mut client = self.connect().unwrap();
        client.batch_execute(&format!("SET search_path = {schema}")).unwrap();
        client.query_one(query, &[]).unwrap().get(0)
    }

    /// Runs statements.
    pub(crate) fn run(&self, statements: &str) {
        self.connect().unwrap().batch_execute(statements).unwrap();
    }

    fn connect(&self) -> Result<Client, postgres::Error> {
        let mut config = Client::configure();
        config.host_path(self.folder()).port(self.port).user(USER).password(PASSWORD).dbname("postgres").connect(NoTls)
    }

    /// Waits until the server accepts connections.
    fn wait(&mut self) {
        for _ in 0..1_200 {
            if self.connect().is_ok() {
                return;
            }
            // Processes of a killed server may still use its memory.
            if self.process.try_wait().unwrap().is_some() {
                self.process = run(&self.programs, self.folder.path(), &self.options);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.folder().join("log")).unwrap_or_default();
        panic!("the PostgreSQL server does not start: {log}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(programs: &Path, folder: &Path, options: &[String]) -> Child {
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut server = as_user_of_server(&programs.join("postgres"));
    server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder).args(["-c", "listen_addresses="]).args(options);
    server.stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// Folder with the programs of the newest installed version. `CHIRRUP_POSTGRES` overrides it.
fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("CHIRRUP_POSTGRES") {
        return Some(folder.into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions.map(|version| version.unwrap().path().join("bin")).collect();
    folders.retain(|folder| folder.join("postgres").exists());
    folders.sort();
    folders.pop()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn as_user_of_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args([&format!("--reuid={SERVER_ID}"), &format!("--regid={SERVER_ID}"), "--clear-groups"]).arg(program);
    command
}

/// Gives a file to the user of the server.
fn give(path: &Path) {
    if is_root() {
        std::os::unix::fs::chown(path, Some(SERVER_ID), Some(SERVER_ID)).unwrap();
    }
}
