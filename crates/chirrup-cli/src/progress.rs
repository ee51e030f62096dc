//! Progress bars and notices on stderr.

use std::io::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::print::clean;

/// Interval between two frames of a spinner.
const TICK: Duration = Duration::from_millis(120);

/// All bars of the program. They are drawn only if stderr is a terminal.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Hides all bars while `write` writes to the terminal.
pub(crate) fn suspend<T>(write: impl FnOnce() -> T) -> T {
    BARS.suspend(write)
}

/// Writes text to stderr, without the characters that control a terminal. A closed stderr is ignored: the exit code still
/// reports the outcome.
pub(crate) fn notice(text: &str) {
    write(&clean(text));
}

/// Writes text after a styled label such as `error:` to stderr, without the characters that control a terminal.
pub(crate) fn labeled(label: &str, text: &str) {
    write(&format!("{label} {}", clean(text)));
}

/// What takes the text of notices while a screen is open.
type Redirect = Box<dyn Fn(String) + Send>;

static REDIRECT: Mutex<Option<Redirect>> = Mutex::new(None);

/// Sends the notices somewhere else instead of to stderr.
#[cfg(feature = "watch")]
pub(crate) fn redirect(to: Option<Redirect>) {
    *REDIRECT.lock().unwrap_or_else(PoisonError::into_inner) = to;
}

fn write(line: &str) {
    if let Some(redirect) = &*REDIRECT.lock().unwrap_or_else(PoisonError::into_inner) {
        return redirect(line.to_owned());
    }
    suspend(|| {
        let _ = writeln!(std::io::stderr(), "{line}");
    });
}

fn add(length: Option<u64>, template: &str) -> ProgressBar {
    let bar = BARS.add(length.map_or_else(ProgressBar::no_length, ProgressBar::new));
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Returns a counter of fetched items, such as `⠙ 200/500 posts 3s`.
pub(crate) fn counter(items: &'static str, total: usize, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    // Without a limit, the number of items is unknown.
    let bar = match total {
        usize::MAX => add(None, "{spinner} {pos} {msg} {elapsed}"),
        _ => add(u64::try_from(total).ok(), "{spinner} {pos}/{len} {msg} {elapsed}"),
    };
    bar.set_message(items);
    bar.enable_steady_tick(TICK);
    bar
}

/// Number of parts of the way that a bar can show.
const PARTS: u64 = 1_000;

/// Returns a bar for the position of a command on its way to a goal, or a spinner if there is none.
pub(crate) fn position(has_goal: bool) -> ProgressBar {
    let bar = match has_goal {
        true => add(Some(PARTS), "{spinner} {bar:30} {percent:>3} % {msg} {elapsed}"),
        false => add(None, "{spinner} {msg} {elapsed}"),
    };
    bar.enable_steady_tick(TICK);
    bar
}

/// Moves the bar of a position to a part of the way, and sets the text next to it.
pub(crate) fn set_position(bar: &ProgressBar, reached: Option<f64>, text: String) {
    if let Some(reached) = reached {
        bar.set_position((reached * PARTS as f64) as u64);
    }
    bar.set_message(text);
}

/// Returns a bar for the upload of a file.
pub(crate) fn upload(name: String, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let bar = add(None, "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    bar.set_message(name);
    bar
}

/// Starts the spinner of a bar, for work whose length is unknown.
pub(crate) fn spin(bar: &ProgressBar, message: String) {
    bar.enable_steady_tick(TICK);
    bar.set_message(message);
}

/// Returns a spinner with a message.
pub(crate) fn spinner() -> ProgressBar {
    let bar = add(None, "{spinner} {msg}");
    bar.enable_steady_tick(TICK);
    bar
}
