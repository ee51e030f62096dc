//! Exports as the programs twarc and twarc-csv write and read them.

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::python::python_with;
use crate::{ok, program, unlimited};

#[test]
fn twarc_csv_reads_the_exported_lines_and_has_the_same_cells() {
    let (_sandbox, env) = unlimited();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (database, lines, csv) = (file("birds.db"), file("posts.jsonl"), file("posts.csv"));
    for query in ["the OR a OR rust", "(the OR a OR rust OR data) (is:quote OR is:retweet OR is:reply)"] {
        ok(&program(&["collect", "search", query, "--all", "-n", "80", "--into", &database], &env).output().unwrap());
    }
    let export =
        |words: &[&str]| ok(&program(&[&["archive", "export", &database], words].concat(), &[]).output().unwrap());
    std::fs::write(&lines, export(&[])).unwrap();
    std::fs::write(&csv, export(&["--twarc-csv"])).unwrap();
    let packages = ["twarc-csv==0.7.2", "pandas==2.*"];
    let Some(python) = python_with("twarc-python", "import dataframe_converter", &packages) else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/archive/twarc_csv.py");
    let compared = Command::new(python).arg(script).args([&lines, &csv]).output().unwrap();
    let compared: Json = serde_json::from_str(&ok(&compared)).unwrap();
    assert!(compared["rows"].as_u64().unwrap() >= 60 && compared["columns"].as_u64().unwrap() >= 30, "{compared}");
}
