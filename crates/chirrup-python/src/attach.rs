//! Threads of the package that run Python: none of them does while the interpreter ends, which would crash the process.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;

/// Longest wait of an ending interpreter for threads of the package.
const PATIENCE: Duration = Duration::from_secs(1);

/// The threads that run Python, or wait for the GIL.
struct Gate {
    inside: usize,
    is_closed: bool,
}

static GATE: Mutex<Gate> = Mutex::new(Gate { inside: 0, is_closed: false });
static LEFT: Condvar = Condvar::new();

fn gate() -> MutexGuard<'static, Gate> {
    GATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Presence of a thread, until it is dropped.
struct Inside;

impl Inside {
    fn enter() -> Option<Self> {
        let mut gate = gate();
        (!gate.is_closed).then(|| {
            gate.inside += 1;
            Self
        })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        gate().inside -= 1;
        LEFT.notify_all();
    }
}

/// Runs work with the GIL on a thread of the package; `None` if the interpreter is about to end.
pub(crate) fn attach<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _inside = Inside::enter()?;
    Some(Python::attach(work))
}

/// Lets no thread of the package run Python any longer. Called before the interpreter ends.
#[pyfunction]
pub(crate) fn detach_threads(py: Python<'_>) {
    py.detach(|| {
        let mut gate = gate();
        gate.is_closed = true;
        drop(LEFT.wait_timeout_while(gate, PATIENCE, |gate| gate.inside > 0));
    });
}
