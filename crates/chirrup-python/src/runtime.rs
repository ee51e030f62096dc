//! The runtime of the extension: threads that send the calls while Python threads wait for them.

use std::future::Future;
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};

use crate::logging;

/// Number of threads that send calls and decode responses.
const WORKERS: usize = 2;
/// Time between two looks at the signals that Python has received, such as Ctrl-C.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(100);

static RUNTIME: OnceLock<(u32, Runtime)> = OnceLock::new();

/// Returns the runtime of this process.
///
/// A fork has none of the threads of its parent, so that a call in it would wait without end. It is refused.
pub(crate) fn runtime() -> PyResult<&'static Runtime> {
    let process = std::process::id();
    let (owner, runtime) = match RUNTIME.get() {
        Some(started) => started,
        None => {
            let runtime =
                Builder::new_multi_thread().worker_threads(WORKERS).thread_name("chirrup").enable_all().build()?;
            RUNTIME.get_or_init(|| (process, runtime))
        }
    };
    if *owner == process {
        return Ok(runtime);
    }
    Err(PyRuntimeError::new_err(format!(
        "chirrup was used in process {owner} before that process forked, and cannot be used in its fork {process}: start \
         processes with multiprocessing.get_context(\"spawn\"), or fork before the first call"
    )))
}

/// Runs a future on the runtime and waits for it, without the GIL. Ctrl-C and other signals of Python interrupt the wait and
/// cancel the future.
pub(crate) fn wait<T: Send + 'static>(py: Python<'_>, future: impl Future<Output = T> + Send + 'static) -> PyResult<T> {
    logging::learn_level(py)?;
    let (sender, mut receiver) = sync_channel(1);
    let task = runtime()?.spawn(async move {
        let _ = sender.send(future.await);
    });
    loop {
        let received;
        (receiver, received) = py.detach(move || {
            let received = receiver.recv_timeout(SIGNAL_INTERVAL);
            (receiver, received)
        });
        let interrupted = logging::flush(py);
        match received {
            Ok(value) => return interrupted.map(|()| value),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(interrupted) = interrupted.and_then(|()| py.check_signals()) {
                    task.abort();
                    return Err(interrupted);
                }
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the call was canceled: the runtime of chirrup has stopped"));
            }
        }
    }
}
