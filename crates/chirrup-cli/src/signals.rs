//! Being told to stop.

use std::time::Duration;

use tokio::sync::oneshot;

use crate::settings;

/// How long the program may take to stop by itself.
const LONGEST: Duration = Duration::from_secs(15);
/// The code of a program that was interrupted and did not end by itself.
const INTERRUPTED: i32 = 130;

/// Tells of the first signal to stop. The second ends the program at once, also while it waits for somebody to read what
/// it prints.
pub(crate) fn first() -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    let (listens, ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let Ok(runtime) = settings::runtime() else { return };
        runtime.block_on(async {
            let mut interrupted = std::pin::pin!(chirrup::shutdown_signal());
            std::future::poll_fn(|context| {
                let told = interrupted.as_mut().poll(context);
                let _ = listens.send(());
                told
            })
            .await;
            // If nobody waits for it any more, the program is about to end.
            let _ = sender.send(());
            let _ = tokio::time::timeout(LONGEST, chirrup::shutdown_signal()).await;
            std::process::exit(INTERRUPTED);
        });
    });
    // From here on no signal is missed.
    let _ = ready.recv();
    receiver
}
