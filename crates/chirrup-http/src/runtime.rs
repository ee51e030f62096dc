//! A thread of our own for calls that are made outside of every async runtime (`.wait()`).

use std::future::Future;
use std::sync::OnceLock;

use chirrup_api::{BoxFuture, Error, TransportError, TransportErrorKind};
use tokio::runtime::{Builder, Handle, Runtime};

static OWN: OnceLock<Runtime> = OnceLock::new();

/// Whether the calling thread runs a runtime already.
pub(crate) fn is_inside() -> bool {
    Handle::try_current().is_ok()
}

/// Whether the runtime that the calling thread runs is our own.
pub(crate) fn is_ours() -> bool {
    OWN.get().is_some_and(|own| Handle::try_current().is_ok_and(|here| here.id() == own.handle().id()))
}

fn own() -> std::io::Result<&'static Runtime> {
    if let Some(runtime) = OWN.get() {
        return Ok(runtime);
    }
    let made = Builder::new_multi_thread().worker_threads(1).thread_name("chirrup").enable_all().build()?;
    // Another thread may have been first; then this one is dropped, from a plain thread, which is allowed.
    Ok(OWN.get_or_init(|| made))
}

/// Runs a future on our own thread; the future that comes back can be polled anywhere.
pub(crate) fn run<T: Send + 'static>(
    future: impl Future<Output = Result<T, TransportError>> + Send + 'static,
) -> BoxFuture<Result<T, TransportError>> {
    let handle = match own() {
        Ok(runtime) => runtime.spawn(future),
        Err(source) => {
            let failure =
                TransportError::new(TransportErrorKind::Configuration, "no thread could be started for blocking calls");
            return Box::pin(async move { Err(failure.because(source)) });
        }
    };
    Box::pin(async move {
        let stopped = || {
            TransportError::new(TransportErrorKind::ConnectionLost, "the call was stopped before it ended").in_doubt()
        };
        handle.await.unwrap_or_else(|source| Err(stopped().because(source)))
    })
}

/// Waits for a future outside of a runtime.
///
/// # Errors
/// Those of the future; and inside an async runtime, where blocking would stop other tasks.
pub fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if is_inside() {
        return Err(Error::blocking());
    }
    let own = own().map_err(|_| Error::configuration("no thread could be started for blocking calls"))?;
    own.block_on(future)
}

/// Waits for so long.
pub async fn sleep(time: std::time::Duration) {
    tokio::time::sleep(time).await;
}

/// Waits until the system asks the program to end: SIGINT or SIGTERM, or Ctrl-C. Once this has been waited for, such a
/// signal no longer ends the program by itself.
pub async fn shutdown_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
