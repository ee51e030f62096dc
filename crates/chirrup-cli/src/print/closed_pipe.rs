//! Detection of a pipe whose reader has ended, before more is requested for it.

use std::time::Duration;

/// Returns whether the reader of a pipe has closed it, after waiting for that at most as long as `patience`.
#[cfg(unix)]
pub(super) fn is_closed(output: &impl std::os::fd::AsFd, patience: Duration) -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    // Without requested events, only errors and the end of the other side are reported.
    let mut pipe = [PollFd::new(output.as_fd(), PollFlags::empty())];
    let has_event =
        poll(&mut pipe, PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX)).is_ok_and(|count| count > 0);
    has_event && pipe[0].revents().is_some_and(|events| events.intersects(PollFlags::POLLERR | PollFlags::POLLHUP))
}

/// Other systems report a closed pipe when it is written to.
#[cfg(not(unix))]
pub(super) fn is_closed<T>(_: &T, _: Duration) -> bool {
    false
}
