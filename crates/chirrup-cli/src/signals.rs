//! Signals that stop the program.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::exit::ExitStatus;
use crate::settings;

/// Time that the program has to stop after the first signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(15);

/// Returns a channel that receives the first signal to stop. The second signal ends the process immediately, even while a
/// write to stdout blocks.
pub(crate) fn shutdown() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
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
            // A dropped receiver means that the program is already about to end.
            let _ = sender.send(());
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, chirrup::shutdown_signal()).await;
            std::process::exit(ExitStatus::Interrupted as i32);
        });
    });
    // The first poll registers the handlers: no signal is missed after it.
    let _ = ready.recv();
    receiver
}
