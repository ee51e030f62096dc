//! Python interpreters with packages, installed in the build directory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seconds that an installation may take: a registry that does not respond must not stop the tests.
const INSTALL_SECONDS: &str = "180";

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Returns an interpreter with these packages, of which `import` imports the modules. Without them, prints `SKIPPED`.
pub(crate) fn python_with(folder: &str, import: &str, packages: &[&str]) -> Option<PathBuf> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let (mut create, mut add) = (Command::new("python3"), Command::new("timeout"));
    create.args(["-m", "venv"]).arg(&venv);
    add.arg(INSTALL_SECONDS).arg(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    add.args(packages);
    let has_packages = || succeeds(Command::new(&python).args(["-c", import]));
    if has_packages() || [create, add].iter_mut().all(succeeds) {
        return Some(python);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {} cannot be installed for Python", packages.join(" "));
    None
}
