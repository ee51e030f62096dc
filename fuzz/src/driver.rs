//! Short runs: inputs of the corpus, mutated at random, with the same numbers in each run.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Duration of a run, unless `CHIRRUP_FUZZ_SECONDS` sets another one.
const SECONDS: u64 = 10;
/// Time that one input may take.
const LONGEST: Duration = Duration::from_secs(5);
/// Length of the longest input.
const MAX_LEN: usize = 1 << 16;
/// Pieces that mutations insert: what parsers find difficult.
const PIECES: [&[u8]; 24] = [
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\0",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"null",
    b"-1",
    b"1e999",
    b"\\ud83d",
    b"18446744073709551616",
    b"\xff",
    b"\xc2\x9b",
    b"\xf0\x9f\x98\x80",
    b"%00",
    b"%2e%2e/",
    b"?",
    b"&",
    b"=",
    b",",
];

/// Pseudorandom number generator (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or_default() % limit.max(1)
    }
}

fn report(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind)
}

/// Runs a target with the files that are named on the command line, or with mutated inputs of its corpus for 10 seconds.
pub fn short_run(name: &str, target: fn(&[u8])) -> ExitCode {
    let named: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if !named.is_empty() {
        for path in named {
            match std::fs::read(&path) {
                Ok(input) => target(&input),
                Err(why) => report(&format!("cannot read {}: {why}", path.display())),
            }
        }
        return ExitCode::SUCCESS;
    }
    let corpus = corpus(name);
    if corpus.is_empty() {
        report(&format!("the corpus of `{name}` is empty"));
        return ExitCode::FAILURE;
    }
    let seconds = number("CHIRRUP_FUZZ_SECONDS").unwrap_or(SECONDS);
    let mut random = Random(number("CHIRRUP_FUZZ_SEED").unwrap_or(1).max(1));
    let (begun, mut count) = (Instant::now(), 0_u64);
    while begun.elapsed() < Duration::from_secs(seconds) {
        let index = usize::try_from(count).unwrap_or(usize::MAX);
        let input = match corpus.get(index) {
            Some(input) => input.clone(),
            None => mutated(&corpus, &mut random),
        };
        let at = Instant::now();
        let outcome = std::panic::catch_unwind(|| target(&input));
        if outcome.is_err() || at.elapsed() > LONGEST {
            let what = if outcome.is_err() { "failed" } else { "took too long" };
            let path = folder("artifacts").join(format!("{name}-{count}"));
            let stored = std::fs::create_dir_all(folder("artifacts")).and_then(|()| std::fs::write(&path, &input));
            report(&format!("{name}: input {count} {what}; stored in {}: {stored:?}", path.display()));
            return ExitCode::FAILURE;
        }
        count += 1;
    }
    report(&format!("{name}: {count} inputs in {seconds} s"));
    ExitCode::SUCCESS
}

/// Reads the corpus of a target, sorted by file name.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(folder("corpus").join(name)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.sort();
    files.iter().filter_map(|file| std::fs::read(file).ok()).collect()
}

/// Returns an input of the corpus after a few random changes.
fn mutated(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut input = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        match random.below(7) {
            0 if at < input.len() => input[at] ^= 1 << random.below(8),
            1 if at < input.len() => input[at] = u8::try_from(random.below(256)).unwrap_or_default(),
            2 => input.truncate(at),
            3 => {
                let end = (at + random.below(16)).min(input.len());
                input.drain(at..end);
            }
            4 => {
                let piece = PIECES[random.below(PIECES.len())];
                input.splice(at..at, piece.iter().copied());
            }
            5 => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len() + 1);
                let part = other[from..(from + random.below(64)).min(other.len())].to_vec();
                input.splice(at..at, part);
            }
            _ => {
                let part = input[at..(at + random.below(32)).min(input.len())].to_vec();
                for _ in 0..random.below(8) {
                    input.splice(at..at, part.iter().copied());
                }
            }
        }
    }
    input.truncate(MAX_LEN);
    input
}
