//! Signals that stop the program.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::exit::ExitStatus;
use crate::settings;

/// Time that the program has to stop after the first signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(15);

/// What waits for the first signal.
struct Waiting {
    /// Whether a thread listens to signals.
    has_listener: bool,
    /// Whether the first signal has arrived.
    is_stopped: bool,
    senders: Vec<oneshot::Sender<()>>,
}

static WAITING: Mutex<Waiting> = Mutex::new(Waiting { has_listener: false, is_stopped: false, senders: Vec::new() });

fn waiting() -> MutexGuard<'static, Waiting> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a channel that receives the first signal to stop. The second signal ends the process immediately, even while a
/// write to stdout blocks.
pub(crate) fn shutdown() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    let mut waiting = waiting();
    if !std::mem::replace(&mut waiting.has_listener, true) {
        listen();
    }
    // A long run waits many times.
    waiting.senders.retain(|sender| !sender.is_closed());
    match waiting.is_stopped {
        true => {
            let _ = sender.send(());
        }
        false => waiting.senders.push(sender),
    }
    receiver
}

/// Starts the thread that listens to signals.
fn listen() {
    let (registered, ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let Ok(runtime) = settings::runtime() else { return };
        runtime.block_on(async {
            let mut interrupted = std::pin::pin!(chirrup::shutdown_signal());
            std::future::poll_fn(|context| {
                let poll = interrupted.as_mut().poll(context);
                let _ = registered.send(());
                poll
            })
            .await;
            let senders = {
                let mut waiting = waiting();
                waiting.is_stopped = true;
                std::mem::take(&mut waiting.senders)
            };
            // A dropped receiver means that its part of the program has ended.
            for sender in senders {
                let _ = sender.send(());
            }
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, chirrup::shutdown_signal()).await;
            std::process::exit(ExitStatus::Interrupted as i32);
        });
    });
    // The first poll registers the handlers: no signal is missed after it.
    let _ = ready.recv();
}
