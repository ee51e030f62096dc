//! Runs the Python and shell scripts next to the repository, which attack the program or replay reported problems.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Returns a folder of `../shared`, or that of an environment variable. `None`, with a message, if scripts cannot run here.
fn folder(variable: &str, name: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    let folder = std::env::var_os(variable).map_or(default, PathBuf::from);
    let has_python = Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success());
    if folder.is_dir() && has_python && cfg!(target_os = "linux") {
        return Some(folder);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: no scripts in {}, or no Python", folder.display());
    None
}

/// Returns the command for a script of a folder. `None`, with a message, if the script is missing.
fn command(variable: &str, name: &str, script: &str) -> Option<Command> {
    let script = folder(variable, name)?.join(script);
    if !script.exists() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {} is missing", script.display());
        return None;
    }
    let is_python = script.extension().is_some_and(|extension| extension == "py");
    let mut command = Command::new(if is_python { "python3" } else { "bash" });
    command.arg(script).env("CHIRRUP", env!("CARGO_BIN_EXE_chirrup")).env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command)
}

/// Waits until no other test, of this or another process, uses the fixed ports of a script. They are free when the file is
/// closed.
fn reserve_ports(script: &str) -> File {
    // These two import a third one, with its port.
    let user =
        if script.starts_with("sandbox_slow") || script.starts_with("video") { "sandbox_attack.py" } else { script };
    let file = File::create(std::env::temp_dir().join(format!("chirrup-test-{user}.lock"))).unwrap();
    file.lock().unwrap();
    file
}

/// Runs an attack script of `../shared/repro` with the program and returns what it prints. `None` if it is missing.
pub(crate) fn attack(script: &str, args: &[&str]) -> Option<String> {
    let mut command = command("CHIRRUP_REPRO", "repro", script)?;
    let _ports = reserve_ports(script);
    let folder = tempfile::tempdir().unwrap();
    let output = command.args(args).current_dir(folder.path()).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&printed).into_owned())
}

/// Runs an attack script as [`attack`] does, and again, at most twice, while its output says that the script itself came
/// too early: it waits a fixed time for its server, which is not enough on a busy machine.
pub(crate) fn attack_in_time(script: &str, args: &[&str], too_early: impl Fn(&str) -> bool) -> Option<String> {
    let mut said = attack(script, args)?;
    for _ in 0..2 {
        if !too_early(&said) {
            break;
        }
        said = attack(script, args)?;
    }
    Some(said)
}

/// Starts an attack script that is a server. Its first argument is `port`.
pub(crate) fn attacker(script: &str, port: u16, folder: &Path) -> Option<(std::process::Child, File)> {
    let mut command = command("CHIRRUP_REPRO", "repro", script)?;
    let ports = reserve_ports(script);
    let child = command.arg(port.to_string()).current_dir(folder).stdout(std::process::Stdio::piped()).spawn().unwrap();
    Some((child, ports))
}

/// Runs all cases of `../shared/cases` with the program.
pub(crate) fn cases() -> Option<Output> {
    let mut command = command("CHIRRUP_CASES", "cases", "run.py")?;
    Some(command.args(["--verbose"]).output().unwrap())
}
