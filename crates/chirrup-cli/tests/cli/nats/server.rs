//! NATS servers for tests, on a free port of this machine.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value as Json;

/// A server that ends when it is dropped.
pub(super) struct NatsServer {
    child: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl NatsServer {
    /// Address of a stream of the server.
    pub(super) fn stream(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server. Without the program `nats-server`, prints `SKIPPED`.
pub(super) fn nats_server() -> Option<NatsServer> {
    nats_server_with(&[])
}

/// Starts a server with further arguments.
#[allow(dead_code, reason = "not all tests need a login")]
pub(super) fn nats_server_with(more: &[&str]) -> Option<NatsServer> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("nats-server");
    command.args(["-js", "-a", "127.0.0.1", "-p", "-1", "-sd"]).arg(folder.path()).args(more);
    command.arg("--ports_file_dir").arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(child) = command.spawn() else {
        let _ = writeln!(std::io::stderr(), "SKIPPED: nats-server is not installed");
        return None;
    };
    let ports = folder.path().join(format!("nats-server_{}.ports", child.id()));
    let mut server = NatsServer { child, url: String::new(), _folder: folder };
    for _ in 0..1_000 {
        if let Some(url) = url_in(&ports) {
            server.url = url;
            return Some(server);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("nats-server does not listen");
}

/// Returns the URL in the file that the server writes when it listens.
fn url_in(ports: &Path) -> Option<String> {
    let ports: Json = serde_json::from_slice(&std::fs::read(ports).ok()?).ok()?;
    Some(ports["nats"][0].as_str()?.to_owned())
}
