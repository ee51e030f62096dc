//! Reading with an eye on the time: a connection on which nothing comes is dead, whatever TCP says.

use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use chirrup_model::Timestamp;
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::clock::Clock;

/// What came next.
pub(super) enum Next {
    Data(Bytes),
    /// Nothing, for too long.
    Silent,
    End,
    Broken,
}

/// Knows when the last byte came. The timer is not set anew with each byte, but looked after when it fires.
pub(super) struct Watchdog {
    limit: Duration,
    last: Instant,
    /// The same on the clock of the wall, which goes on while the machine sleeps.
    last_wall: Option<Timestamp>,
    timer: Pin<Box<Sleep>>,
}

impl Watchdog {
    pub(super) fn new(limit: Duration) -> Self {
        let last = Instant::now();
        Self { limit, last, last_wall: None, timer: Box::pin(sleep_until(last + limit)) }
    }

    /// The next piece of a body, if it comes in time.
    pub(super) async fn next<B>(&mut self, body: &mut B, clock: &dyn Clock) -> Next
    where
        B: Body<Data = Bytes> + Unpin,
    {
        // Time that the reader took to find room is no silence of the server.
        self.last = Instant::now();
        self.last_wall = Some(clock.now());
        loop {
            let frame = tokio::select! {
                biased;
                frame = body.frame() => frame,
                () = &mut self.timer => {
                    if self.silence(clock) >= self.limit {
                        return Next::Silent;
                    }
                    self.timer.as_mut().reset(self.last + self.limit);
                    continue;
                }
            };
            return match frame {
                None => Next::End,
                Some(Err(_)) => Next::Broken,
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => Next::Data(data),
                    _ => continue,
                },
            };
        }
    }

    fn silence(&self, clock: &dyn Clock) -> Duration {
        let wall = self.last_wall.map_or(0, |last| clock.now().as_millis() - last.as_millis());
        self.last.elapsed().max(Duration::from_millis(u64::try_from(wall).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::task::{Context, Poll, ready};

    use http_body::Frame;

    use super::*;
    use crate::clock::MovableClock;

    /// A body on which a sign of life comes after each of these waits, and then nothing.
    struct Heart {
        waits: std::vec::IntoIter<Duration>,
        timer: Option<Pin<Box<Sleep>>>,
    }

    impl Body for Heart {
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

    use std::future::Future as _;

    fn tokio_clock() -> MovableClock {
        let start = Instant::now();
        MovableClock::new(
            move || Timestamp::from_millis(1_790_000_000_000 + i64::try_from(start.elapsed().as_millis()).unwrap()),
            |_| (),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_day_of_signs_of_life_is_no_silence_and_silence_is_seen_in_time() {
        let clock = tokio_clock();
        let waits: Vec<_> = (0..4_200).map(|n| Duration::from_millis(19_000 + n * 701 % 3_000)).collect();
        let day = waits.iter().sum::<Duration>();
        assert!(day > Duration::from_secs(86_000));
        let mut heart = Heart { waits: waits.into_iter(), timer: None };
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        for beat in 0..4_200 {
            assert!(matches!(watchdog.next(&mut heart, &clock).await, Next::Data(_)), "{beat}");
        }
        let silent = Instant::now();
        assert!(matches!(watchdog.next(&mut heart, &clock).await, Next::Silent));
        assert!((30..=31).contains(&silent.elapsed().as_secs()), "{:?}", silent.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn while_the_machine_sleeps_the_clock_on_the_wall_goes_on() {
        let start = Instant::now();
        let slept = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(0));
        let asleep = slept.clone();
        let clock = MovableClock::new(
            move || {
                let awake = i64::try_from(start.elapsed().as_millis()).unwrap();
                Timestamp::from_millis(awake + asleep.load(std::sync::atomic::Ordering::SeqCst))
            },
            |_| (),
        );
        let waits = vec![Duration::from_secs(15), Duration::from_secs(1_000)];
        let mut heart = Heart { waits: waits.into_iter(), timer: None };
        let mut watchdog = Watchdog::new(Duration::from_secs(30));
        assert!(matches!(watchdog.next(&mut heart, &clock).await, Next::Data(_)));
        slept.store(600_000, std::sync::atomic::Ordering::SeqCst);
        // The timer, set at the start, fires 15 s after the last byte of waking time; ten minutes went by on the wall.
        let silent = Instant::now();
        assert!(matches!(watchdog.next(&mut heart, &clock).await, Next::Silent));
        assert!(silent.elapsed() <= Duration::from_secs(30), "{:?}", silent.elapsed());
    }
}
