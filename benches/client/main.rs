//! Speed of the client on one core: CPU time of its thread, compared in the same run with floors, which do the least that
//! leads to the same result.
//!
//! `cargo bench -p chirrup-benches --bench client` prints a table; with `-- --write` it also replaces the table in
//! `docs/performance.md`. The server sends prepared responses from threads of its own, whose time does not count. The client,
//! its connections and its ledger run in the measured thread. IDs never repeat. On systems other than Linux there is no CPU
//! time of a thread.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints its results, and a failed one panics"
)]

mod floor;
mod server;

use std::hint::black_box;
use std::net::SocketAddr;

use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::Signer;
use chirrup::model::{Delivery, Includes, Post};
use chirrup::text::{Config, parse_and_extract};
use chirrup::{Client, Credentials, Decode, Live, LiveEvent};
use chirrup_benches::table::{Goal, Row, Table};
use chirrup_benches::texts::corpus;
use chirrup_benches::{memory, thread_cpu_time};
use futures_util::future::join_all;
use server::Posts;
use tokio::runtime::Runtime;

/// Number of rounds of each comparison, whose median counts.
const ROUNDS: usize = 5;
/// Number of full posts per round.
const FULL: u64 = 20_000;
/// Number of lean posts per round.
const LEAN: u64 = 100_000;
/// Number of posts over which memory is measured.
const MEMORY: u64 = 1_000_000;

/// Returns the number of units of work per second of CPU time of this thread.
fn rate(units: u64, work: impl FnOnce()) -> f64 {
    let before = thread_cpu_time();
    work();
    units as f64 / (thread_cpu_time() - before).as_secs_f64().max(1e-9)
}

/// Measures several kinds of work in turn and returns the median rate of each.
fn rates<const N: usize>(mut work: [&mut dyn FnMut() -> f64; N]) -> [f64; N] {
    let mut all = [[0.0; ROUNDS]; N];
    // The first round is a warm-up.
    for round in 0..=ROUNDS {
        for (rates, work) in all.iter_mut().zip(&mut work) {
            let rate = work();
            if let Some(round) = round.checked_sub(1) {
                rates[round] = rate;
            }
        }
    }
    all.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[ROUNDS / 2]
    })
}

fn client(address: SocketAddr) -> Client {
    let client = Client::builder().base_url(format!("http://{address}")).credentials(Credentials::app_only("t"));
    client.build().expect("a client")
}

/// Reads this many items of a stream.
fn read<D: Decode>(runtime: &Runtime, open: impl Fn() -> Live<D>, count: u64) -> f64 {
    read_and_use(runtime, open, count, |item| drop(black_box(item)))
}

/// Reads this many items of a stream, and passes each to a function.
fn read_and_use<D: Decode>(
    runtime: &Runtime,
    open: impl Fn() -> Live<D>,
    count: u64,
    mut each: impl FnMut(D::Item),
) -> f64 {
    rate(count, || {
        runtime.block_on(async {
            let (mut live, mut items) = (open(), 0);
            while items < count {
                match live.next_event().await {
                    Some(LiveEvent::Item(item)) => {
                        each(item);
                        items += 1;
                    }
                    Some(LiveEvent::Ended(why)) => panic!("{why}"),
                    Some(_) => {}
                    None => panic!("the stream ended"),
                }
            }
        });
    })
}

fn streams(table: &mut Table, runtime: &Runtime) {
    let full = server::start(Posts::Full, u64::MAX);
    let from = client(full);
    let serde = |line: &mut [u8]| drop(black_box(serde_json::from_slice::<Delivery<Post>>(line).expect("a post")));
    let borrowed =
        |line: &mut [u8]| drop(black_box(simd_json::serde::from_slice::<floor::Line<'_>>(line).expect("a post")));
    let expanded = |item: Delivery<Post>| drop(black_box(item.includes.into_inner()));
    let [typed_serde, best, filtered, filtered_expanded, firehose, lazy, undecoded] = rates([
        &mut || rate(FULL, || floor::read_lines(full, FULL, serde)),
        &mut || rate(FULL, || floor::read_lines(full, FULL, borrowed)),
        &mut || read(runtime, || from.filtered_stream().live().open(), FULL),
        &mut || read_and_use(runtime, || from.filtered_stream().live().open(), FULL, expanded),
        &mut || read(runtime, || from.firehose(1).live().open(), FULL),
        &mut || read(runtime, || from.filtered_stream().live().lazy().open(), FULL),
        &mut || read(runtime, || from.filtered_stream().live().undecoded().open(), FULL),
    ]);
    let share = Goal { must: 80.0, aim: 90.0 };
    let of = |rate: f64| {
        format!("{rate:.0} posts/s; simd-json, borrowed: {best:.0}; serde_json, the same types: {typed_serde:.0}")
    };
    table.add(
        Row::share("full stream, typed and counted, of the floor", filtered / best * 100.0, share).note(of(filtered)),
    );
    let name = "the same with expanded objects, of the floor";
    table.add(Row::plain(name, filtered_expanded / best * 100.0, "%").note(of(filtered_expanded)));
    let share = Goal { must: 80.0, aim: 90.0 };
    table.add(Row::share("firehose, typed, of the floor", firehose / best * 100.0, share).note(of(firehose)));
    table.add(Row::rate("full stream, lazy and counted", lazy, Goal { must: 350_000.0, aim: 400_000.0 }));
    table.add(Row::rate("full stream, undecoded and counted", undecoded, Goal { must: 350_000.0, aim: 900_000.0 }));
    let lean = client(server::start(Posts::Lean, u64::MAX));
    let [typed] = rates([&mut || read(runtime, || lean.filtered_stream().live().open(), LEAN)]);
    table.add(Row::rate("lean stream, typed and counted", typed, Goal { must: 450_000.0, aim: 600_000.0 }));
    let before = memory::current();
    read(runtime, || lean.filtered_stream().live().open(), MEMORY);
    let growth = memory::current().saturating_sub(before) as f64;
    table.add(Row::less("memory after 10⁶ more counted posts", growth, "MiB", Goal { must: 16.0, aim: 8.0 }));
}

fn pages(table: &mut Table, runtime: &Runtime) {
    #[derive(serde::Deserialize)]
    #[allow(dead_code, reason = "it is decoded, not read")]
    struct Page {
        data: Vec<Post>,
        includes: Includes,
    }
    const PAGES: u64 = 200;
    let address = server::start(Posts::Full, 0);
    let (from, plain) = (client(address), floor::http_client());
    let url = format!("http://{address}/2/tweets/search/recent?query=rust&max_results=100");
    let get = |decode: &dyn Fn(&[u8])| {
        rate(PAGES, || {
            runtime.block_on(async {
                for _ in 0..PAGES {
                    decode(&floor::get(&plain, &url).await);
                }
            });
        })
    };
    let [typed_serde, best, ours] = rates([
        &mut || get(&|body| drop(black_box(serde_json::from_slice::<Page>(body).expect("a page")))),
        &mut || {
            get(&|body| {
                drop(black_box(simd_json::serde::from_slice::<floor::Page<'_>>(&mut body.to_vec()).expect("a page")))
            })
        },
        &mut || {
            rate(PAGES, || {
                runtime.block_on(async {
                    for _ in 0..PAGES {
                        black_box(from.search_recent("rust").max_results(100).await.expect("a page"));
                    }
                });
            })
        },
    ]);
    let note = format!("simd-json, borrowed: {best:.0}; serde_json, the same types: {typed_serde:.0}");
    table.add(Row::rate("page of 100 full posts, typed", ours, Goal { must: 1_200.0, aim: 1_500.0 }).note(note));
}

fn small_calls(table: &mut Table, runtime: &Runtime) {
    const CALLS: u64 = 6_400;
    const AT_ONCE: u64 = 64;
    let address = server::start(Posts::Lean, 0);
    let (ours, plain) = (client(address), floor::http_client());
    let url = format!("http://{address}/2/tweets/20");
    let [floor_one, one, floor_many, many] = rates([
        &mut || {
            rate(CALLS, || {
                runtime.block_on(async {
                    for _ in 0..CALLS {
                        black_box(floor::get(&plain, &url).await);
                    }
                });
            })
        },
        &mut || {
            rate(CALLS, || {
                runtime.block_on(async {
                    for id in 0..CALLS {
                        black_box(ours.get_post(20 + id).await.expect("a post"));
                    }
                });
            })
        },
        &mut || {
            rate(CALLS, || {
                runtime.block_on(async {
                    for _ in 0..CALLS / AT_ONCE {
                        black_box(join_all((0..AT_ONCE).map(|_| floor::get(&plain, &url))).await);
                    }
                });
            })
        },
        &mut || {
            rate(CALLS, || {
                runtime.block_on(async {
                    for _ in 0..CALLS / AT_ONCE {
                        let ours = &ours;
                        let calls = (0..AT_ONCE).map(|id| async move { ours.get_post(20 + id).await.expect("a post") });
                        black_box(join_all(calls).await);
                    }
                });
            })
        },
    ]);
    let note = |ours: f64, floor: f64| format!("{:.1} µs of CPU; hyper-util: {:.1} µs", 1e6 / ours, 1e6 / floor);
    let goal = Goal { must: 85.0, aim: 90.0 };
    table.add(Row::share("small GET, of hyper-util", one / floor_one * 100.0, goal).note(note(one, floor_one)));
    let goal = Goal { must: 80.0, aim: 90.0 };
    let name = "small GET, 64 at once, of hyper-util";
    table.add(Row::share(name, many / floor_many * 100.0, goal).note(note(many, floor_many)));
}

fn signatures(table: &mut Table) {
    const SIGNATURES: u64 = 20_000;
    let signer = Signer::new(OAuth1Keys::new(
        "consumer-key-of-usual-len",
        "consumer-secret-that-is-about-fifty-letters-long-",
        "2244994900-access-token-of-the-usual-length-in-all",
        "token-secret-that-is-about-fortyfive-letters",
    ));
    let url = "https://api.x.com/2/tweets/search/recent?query=rust%20lang%3Aen&max_results=100&tweet.fields=created_at";
    let [rate] = rates([&mut || {
        rate(SIGNATURES, || {
            for n in 0..SIGNATURES {
                let time = 1_700_000_000 + i64::try_from(n).expect("a small number");
                drop(black_box(signer.header("GET", url, "", "0123456789abcdef", time)));
            }
        })
    }]);
    table.add(Row::less("signature of OAuth 1.0a", 1e6 / rate, "µs", Goal { must: 2.0, aim: 1.7 }));
}

fn text(table: &mut Table) {
    // The CPU time of a thread is not updated more often than each few milliseconds.
    const PASSES: usize = 50;
    let corpus = corpus();
    let bytes: usize = corpus.iter().map(String::len).sum();
    let [rate] = rates([&mut || {
        rate((bytes * PASSES) as u64, || {
            for text in std::iter::repeat_n(&corpus, PASSES).flatten() {
                black_box(parse_and_extract(text, &Config::V3));
            }
        })
    }]);
    let name = "weighted length and entities of mixed texts";
    table.add(Row::more(name, rate / 1e6, "MB/s", Goal { must: 250.0, aim: 300.0 }));
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut table = Table::new("client");
    streams(&mut table, &runtime);
    pages(&mut table, &runtime);
    small_calls(&mut table, &runtime);
    signatures(&mut table);
    text(&mut table);
    table.finish();
}
