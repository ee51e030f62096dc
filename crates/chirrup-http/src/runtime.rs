//! The background runtime for calls made outside every async runtime (`.wait()`).

use std::future::Future;
use std::sync::OnceLock;

use chirrup_api::{BoxFuture, Error, TransportError, TransportErrorKind};
use tokio::runtime::{Builder, Handle, Runtime};

static BACKGROUND: OnceLock<Runtime> = OnceLock::new();

/// Whether the calling thread is inside an async runtime.
pub(crate) fn is_inside_runtime() -> bool {
    Handle::try_current().is_ok()
}

/// Whether the calling thread is inside the background runtime.
pub(crate) fn is_background() -> bool {
    BACKGROUND
        .get()
        .is_some_and(|runtime| Handle::try_current().is_ok_and(|current| current.id() == runtime.handle().id()))
}

fn background() -> std::io::Result<&'static Runtime> {
    if let Some(runtime) = BACKGROUND.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("chirrup").enable_all().build()?;
    // If another thread won the race, this runtime is dropped. That is allowed here, outside of async code.
    Ok(BACKGROUND.get_or_init(|| runtime))
}

const NO_THREAD: &str = "blocking call: could not start the background thread";

/// Creates something that belongs to a runtime: the current one, or else the background runtime.
pub(crate) fn in_runtime<T>(create: impl FnOnce() -> T) -> Result<T, TransportError> {
    if is_inside_runtime() {
        return Ok(create());
    }
    let runtime = background()
        .map_err(|source| TransportError::new(TransportErrorKind::Configuration, NO_THREAD).because(source))?;
    let _entered = runtime.enter();
    Ok(create())
}

/// Runs a future on the background runtime. The returned future can be polled anywhere.
pub(crate) fn spawn_background<T: Send + 'static>(
    future: impl Future<Output = Result<T, TransportError>> + Send + 'static,
) -> BoxFuture<Result<T, TransportError>> {
    let handle = match background() {
        Ok(runtime) => runtime.spawn(future),
        Err(source) => {
            let error = TransportError::new(TransportErrorKind::Configuration, NO_THREAD).because(source);
            return Box::pin(async move { Err(error) });
        }
    };
    Box::pin(async move {
        handle.await.unwrap_or_else(|source| {
            let error = TransportError::new(TransportErrorKind::ConnectionLost, "request canceled before it completed");
            Err(error.in_doubt().because(source))
        })
    })
}

/// Blocks the calling thread, which must be outside every async runtime, until a future completes.
///
/// # Errors
/// Those of the future, and [`ErrorKind::Blocking`](chirrup_api::ErrorKind::Blocking) inside an async runtime.
pub fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if is_inside_runtime() {
        return Err(Error::blocking());
    }
    background().map_err(|_| Error::configuration(NO_THREAD))?.block_on(future)
}

/// Waits for a duration of real time.
pub async fn sleep(duration: std::time::Duration) {
    tokio::time::sleep(duration).await;
}

/// Waits until the system asks the program to stop: SIGINT or SIGTERM, or Ctrl-C on Windows.
///
/// After the first call these signals no longer end the process by themselves.
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
