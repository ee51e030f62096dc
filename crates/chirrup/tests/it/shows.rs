//! The marker that ties a row of the parity list to an assertion.
//!
//! `shows!("tweepy.param.since_id", assert_eq!(…))` runs the assertion. With `CHIRRUP_PARITY` set to a folder, it also records
//! there whether the assertion passed, and a failed assertion does not end the test, so that the record lists each row.
//! `part!({ … })` does the same for steps between assertions: if one of them fails, the test continues after the part.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::FutureExt as _;

/// IDs of one row or of several rows.
pub(crate) trait RowIds {
    fn ids(&self) -> Vec<&str>;
}

impl RowIds for &str {
    fn ids(&self) -> Vec<&str> {
        vec![self]
    }
}

impl<const N: usize> RowIds for [&str; N] {
    fn ids(&self) -> Vec<&str> {
        self.to_vec()
    }
}

impl RowIds for &[&str] {
    fn ids(&self) -> Vec<&str> {
        self.to_vec()
    }
}

/// The rows of the list: `id`, name, state and reason.
const ROWS: &str = include_str!("../parity/rows.tsv");

/// Runs an assertion for rows, and records its outcome in the folder of `CHIRRUP_PARITY`.
pub(crate) fn check(rows: &impl RowIds, peer: &str, assertion: impl FnOnce()) {
    let ids = rows.ids();
    known(&ids);
    if std::env::var_os("CHIRRUP_PARITY").is_none() {
        return assertion();
    }
    record(&ids, if catch_unwind(AssertUnwindSafe(assertion)).is_ok() { "passed" } else { "failed" }, peer);
}

/// [`check`] of an assertion that awaits.
pub(crate) async fn check_async(rows: &impl RowIds, assertion: impl Future<Output = ()>) {
    let ids = rows.ids();
    known(&ids);
    let assertion = in_time(assertion);
    if std::env::var_os("CHIRRUP_PARITY").is_none() {
        return assertion.await;
    }
    let passed = AssertUnwindSafe(assertion).catch_unwind().await.is_ok();
    record(&ids, if passed { "passed" } else { "failed" }, "");
}

/// Stands for a row in the record of a part that failed between its assertions.
const PART: &str = "part";

/// Runs a part of a test on which the rest does not depend. With a record, a failure does not end the test: the record
/// lacks the rows that the part did not reach.
pub(crate) async fn part(steps: impl Future<Output = ()>) {
    let steps = in_time(steps);
    if std::env::var_os("CHIRRUP_PARITY").is_none() {
        return steps.await;
    }
    if AssertUnwindSafe(steps).catch_unwind().await.is_err() {
        record(&[PART], "failed", "");
    }
}

/// Longest time of the steps of a test, so that one that waits for nothing does not stop all tests.
const LIMIT: Duration = Duration::from_secs(60);

async fn in_time(steps: impl Future<Output = ()>) {
    tokio::time::timeout(LIMIT, steps).await.unwrap_or_else(|_| panic!("not done after {LIMIT:?}"));
}

fn known(ids: &[&str]) {
    for id in ids {
        assert!(ROWS.lines().any(|line| line.split('\t').next() == Some(id)), "{id} is not a row of rows.tsv");
    }
}

/// Writes lines into the folder of `CHIRRUP_PARITY`, if that is set.
fn record(ids: &[&str], outcome: &str, peer: &str) {
    let Some(folder) = std::env::var_os("CHIRRUP_PARITY") else { return };
    // The harness names the thread of a test after it.
    let test = std::thread::current().name().unwrap_or("main").to_owned();
    assert!(test != "main", "set RUST_TEST_THREADS to 2 or more, so that each test has a thread of its name");
    let lines: String = ids.iter().map(|id| format!("{outcome}\t{id}\t{test}\t{peer}\n")).collect();
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock();
    let path = Path::new(&folder).join(format!("{}.tsv", std::process::id()));
    OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(lines.as_bytes()).unwrap();
}

/// Records that the test shows nothing in this run, because something that it needs is not here.
pub(crate) fn skip(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
    record(&["-"], "skipped", "");
}

/// Runs an assertion that shows one row, or an array of rows. The assertion contains no `.await`.
///
/// `shows!(peer "Twython 3.9", row, assertion)` names the library of which the assertion compares the requests or values.
#[macro_export]
macro_rules! shows {
    (peer $peer:expr, $rows:expr, $assertion:expr $(,)?) => {
        $crate::shows::check(&$rows, $peer, || {
            $assertion;
        })
    };
    ($rows:expr, $assertion:expr $(,)?) => {
        $crate::shows!(peer "", $rows, $assertion)
    };
}

/// Runs an assertion that shows one row, or an array of rows, and that contains `.await`.
#[macro_export]
macro_rules! shows_async {
    ($rows:expr, $assertion:expr $(,)?) => {
        $crate::shows::check_async(&$rows, async {
            $assertion;
        })
        .await
    };
}

/// Runs a part of a test that contains `.await`. If a step of it fails, the rows of the other parts are still recorded.
#[macro_export]
macro_rules! part {
    ($steps:block) => {
        $crate::shows::part(async { $steps }).await
    };
}
