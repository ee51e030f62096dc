//! Async runtime of a client that is used from synchronous code, which may itself run inside another runtime.

use std::fmt;
use std::io;
use std::sync::mpsc;

use tokio::runtime::{Builder, Runtime};

/// Runtime on a thread of its own.
pub struct ClientRuntime(Option<Runtime>);

impl fmt::Debug for ClientRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientRuntime")
    }
}

impl ClientRuntime {
    /// Starts a runtime whose thread has a name.
    ///
    /// # Errors
    /// If the operating system starts no thread.
    pub fn start(thread: &str) -> io::Result<Self> {
        Builder::new_multi_thread().worker_threads(1).thread_name(thread).enable_all().build().map(|it| Self(Some(it)))
    }

    /// Blocks this thread until the future is ready.
    ///
    /// # Errors
    /// The error of the future.
    pub fn run<T: Send + 'static>(
        &self,
        future: impl Future<Output = io::Result<T>> + Send + 'static,
    ) -> io::Result<T> {
        let (sender, receiver) = mpsc::channel();
        let ended = || io::Error::other("the runtime of the client has ended");
        self.0.as_ref().ok_or_else(ended)?.spawn(async move { sender.send(future.await) });
        receiver.recv().map_err(|_| ended())?
    }
}

impl Drop for ClientRuntime {
    fn drop(&mut self) {
        // A runtime must not wait for its threads inside another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
