//! Comparing two ways of doing the same: in turns, so that a noisy machine disturbs both alike.
//!
//! Run all with `cargo bench -p chirrup-benches`. StreamStats differ between machines; the ratios are what counts.
#![allow(clippy::print_stdout, reason = "a benchmark is there to be read")]

use std::time::{Duration, Instant};

/// Says how two ways compare: the median time of one round each, and how the second stands to the first.
pub fn report(name: &str, per_round: u32, rounds: Vec<(Duration, Duration)>, (first, second): (&str, &str)) {
    let mut ratios: Vec<f64> = rounds.iter().map(|(a, b)| b.as_secs_f64() / a.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let (mut firsts, mut seconds): (Vec<Duration>, Vec<Duration>) = rounds.into_iter().unzip();
    firsts.sort();
    seconds.sort();
    let middle = ratios.len() / 2;
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(per_round);
    println!(
        "{name}: {first} {:.2} µs, {second} {:.2} µs; {second} takes {:.2} times as long (median of {} rounds)",
        each(firsts[middle]),
        each(seconds[middle]),
        ratios[middle],
        ratios.len(),
    );
}

/// Measures two ways in turns.
pub fn compare(
    name: &str,
    rounds: u32,
    per_round: u32,
    names: (&str, &str),
    mut first: impl FnMut(),
    mut second: impl FnMut(),
) {
    let timed = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..per_round).for_each(|_| work());
        start.elapsed()
    };
    timed(&mut first);
    timed(&mut second);
    let measured = (0..rounds).map(|_| (timed(&mut first), timed(&mut second))).collect();
    report(name, per_round, measured, names);
}

/// How much memory the process takes.
pub mod memory {
    fn status(name: &str) -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() >> 10
    }

    /// Now, in MiB.
    pub fn now() -> u64 {
        status("VmRSS")
    }

    /// At the most so far, in MiB.
    pub fn peak() -> u64 {
        status("VmHWM")
    }
}
