//! The runtime of the extension: a thread for connections, and the waits of Python threads for the outcome of calls.

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};

use crate::logging;

/// Number of threads for connections and the calls of asyncio. Python uses one processor, and threads that pass the lines
/// of a stream to each other would cost more than they do.
const WORKERS: usize = 1;
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

/// Waker that unparks the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, without the GIL, with the runtime for its connections and timers. Ctrl-C and other signals
/// of Python interrupt it and drop the future.
pub(crate) fn wait<T: Send>(py: Python<'_>, future: impl Future<Output = T> + Send) -> PyResult<T> {
    logging::learn_level(py)?;
    let _inside = runtime()?.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = Box::pin(future);
    loop {
        let polled = py.detach(|| {
            let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
            if polled.is_pending() {
                thread::park_timeout(SIGNAL_INTERVAL);
            }
            polled
        });
        logging::flush(py)?;
        match polled {
            Poll::Ready(value) => return Ok(value),
            Poll::Pending => py.check_signals()?,
        }
    }
}
