//! Comparison of two implementations, measured in alternation so that system noise affects both.
//!
//! `cargo bench -p chirrup-benches` runs all benchmarks. Times differ between machines; compare the ratios.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints its results, and a failed one panics")]

use std::time::{Duration, Instant};

pub mod posts;
pub mod table;
pub mod texts;

/// Prints the median time per call of two implementations and the median ratio of the second to the first.
///
/// A round is one measurement of both, with `calls_per_round` calls each.
pub fn report(name: &str, calls_per_round: u32, rounds: Vec<(Duration, Duration)>, (first, second): (&str, &str)) {
    let mut ratios: Vec<f64> = rounds.iter().map(|(a, b)| b.as_secs_f64() / a.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    let (mut firsts, mut seconds): (Vec<Duration>, Vec<Duration>) = rounds.into_iter().unzip();
    firsts.sort();
    seconds.sort();
    let middle = ratios.len() / 2;
    let per_call = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(calls_per_round);
    println!(
        "{name}: {first} {:.2} µs, {second} {:.2} µs; {second}/{first} = {:.2} (median of {} rounds)",
        per_call(firsts[middle]),
        per_call(seconds[middle]),
        ratios[middle],
        ratios.len(),
    );
}

/// Measures two implementations in alternation, after one warm-up round, and prints the [`report`].
pub fn compare(
    name: &str,
    rounds: u32,
    calls_per_round: u32,
    names: (&str, &str),
    mut first: impl FnMut(),
    mut second: impl FnMut(),
) {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..calls_per_round).for_each(|_| work());
        start.elapsed()
    };
    time(&mut first);
    time(&mut second);
    let measured = (0..rounds).map(|_| (time(&mut first), time(&mut second))).collect();
    report(name, calls_per_round, measured, names);
}

/// Returns the CPU time that this thread has used, on Linux. Elsewhere it is 0.
pub fn thread_cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

/// Memory use of this process, on Linux. Elsewhere it is 0.
pub mod memory {
    /// Returns an entry of `/proc/self/status` in MiB.
    fn status(name: &str) -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() >> 10
    }

    /// Current resident memory in MiB.
    pub fn current() -> u64 {
        status("VmRSS")
    }

    /// Maximum resident memory so far in MiB.
    pub fn peak() -> u64 {
        status("VmHWM")
    }
}
