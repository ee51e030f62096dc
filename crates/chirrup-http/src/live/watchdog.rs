//! Detection of dead connections: a connection without data is dead, even if TCP has not noticed.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use chirrup_model::Timestamp;
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::clock::Clock;

/// Result of waiting for data.
pub(super) enum ReadOutcome {
    Data(Bytes),
    /// No data arrived within the limit.
    Silent,
    End,
    Broken,
}

/// Measures the time since the last data. For speed, the timer is not reset with each read; when it fires, the watchdog
/// compares the actual time of silence.
pub(super) struct Watchdog {
    limit: Duration,
    last_read: Instant,
    /// Time of the last read by the wall clock, which advances while the machine sleeps.
    last_read_wall: Option<Timestamp>,
    timer: Pin<Box<Sleep>>,
}

impl Watchdog {
    pub(super) fn new(limit: Duration) -> Self {
        let now = Instant::now();
        Self { limit, last_read: now, last_read_wall: None, timer: Box::pin(sleep_until(now + limit)) }
    }

    /// Reads the next data of a body, unless it is silent for too long.
    pub(super) async fn read<B>(&mut self, body: &mut B, clock: &dyn Clock) -> ReadOutcome
    where
        B: Body<Data = Bytes> + Unpin,
    {
        // The time that the reader of the queue took is not silence of the server.
        self.last_read = Instant::now();
        self.last_read_wall = Some(clock.now());
        loop {
            let frame = tokio::select! {
                biased;
                frame = body.frame() => frame,
                () = &mut self.timer => {
                    if self.silence(clock) >= self.limit {
                        return ReadOutcome::Silent;
                    }
                    self.timer.as_mut().reset(self.last_read + self.limit);
                    continue;
                }
            };
            return match frame {
                None => ReadOutcome::End,
                Some(Err(_)) => ReadOutcome::Broken,
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => ReadOutcome::Data(data),
                    _ => continue,
                },
            };
        }
    }

    fn silence(&self, clock: &dyn Clock) -> Duration {
        let wall_ms = self.last_read_wall.map_or(0, |last| clock.now().as_millis() - last.as_millis());
        self.last_read.elapsed().max(Duration::from_millis(u64::try_from(wall_ms).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::Future as _;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::task::{Context, Poll, ready};

    use http_body::Frame;

    use super::*;
    use crate::clock::MovableClock;

    /// A body with a keep-alive after each of these waits, which is silent after the last.
    struct KeepAlives {
        waits: std::vec::IntoIter<Duration>,
        timer: Option<Pin<Box<Sleep>>>,
    }

    impl Body for KeepAlives {
        type Data = Bytes;
        type Error = Infallible;
        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.timer.is_none() {
                let Some(wait) = self.waits.next() else { return Poll::Pending };
                self.timer = Some(Box::pin(tokio::time::sleep(wait)));
            }
            let this = &mut *self;
            ready!(this.timer.as_mut().unwrap().as_mut().poll(context));
            this.timer = None;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"\r\n")))))
        }
    }

    fn tokio_clock() -> MovableClock {
        let start = Instant::now();
        MovableClock::new(
            move || Timestamp::from_millis(1_790_000_000_000 + i64::try_from(start.elapsed().as_millis()).unwrap()),
            |_| (),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_day_of_keep_alives_is_not_silence_and_silence_is_detected_in_time() {
        let clock = tokio_clock();
        let waits: Vec<_> = (0..4_200).map(|n| Duration::from_millis(19_000 + n * 701 % 3_000)).collect();
        let day = waits.iter().sum::<Duration>();
        assert!(day > Duration::from_secs(86_000));
        let mut body = KeepAlives { waits: waits.into_iter(), timer: None };
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        for n in 0..4_200 {
            assert!(matches!(watchdog.read(&mut body, &clock).await, ReadOutcome::Data(_)), "{n}");
        }
        let silent = Instant::now();
        assert!(matches!(watchdog.read(&mut body, &clock).await, ReadOutcome::Silent));
        assert!((30..=31).contains(&silent.elapsed().as_secs()), "{:?}", silent.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn time_that_the_machine_sleeps_counts_as_silence() {
        let start = Instant::now();
        let slept_ms = Arc::new(AtomicI64::new(0));
        let asleep = slept_ms.clone();
        let clock = MovableClock::new(
            move || {
                let awake = i64::try_from(start.elapsed().as_millis()).unwrap();
                Timestamp::from_millis(awake + asleep.load(Ordering::SeqCst))
            },
            |_| (),
        );
        let waits = vec![Duration::from_secs(15), Duration::from_secs(1_000)];
        let mut body = KeepAlives { waits: waits.into_iter(), timer: None };
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        assert!(matches!(watchdog.read(&mut body, &clock).await, ReadOutcome::Data(_)));
        slept_ms.store(600_000, Ordering::SeqCst);
        // The timer, set at the start, fires 15 s after the last data in waking time; the wall clock shows ten minutes.
        let silent = Instant::now();
        assert!(matches!(watchdog.read(&mut body, &clock).await, ReadOutcome::Silent));
        assert!(silent.elapsed() <= Duration::from_secs(30), "{:?}", silent.elapsed());
    }
}
