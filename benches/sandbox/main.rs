//! Speed and memory of the sandbox: CPU time per request, start of a world, reset, and streams.
//!
//! `cargo bench -p chirrup-benches --bench sandbox` prints a table; with `-- --write` it also replaces the table in
//! `docs/performance.md`. The server is a process of its own, and its CPU time is measured, not the wall time.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints its results, and a failed one panics")]

mod server;

use std::time::{Duration, Instant};

use chirrup_benches::table::{Goal, Row, Table};
use server::Server;

/// Duration of the measurement of one kind of request.
const TIME: Duration = Duration::from_secs(1);

const SEARCH: &str = "/2/tweets/search/recent?query=rust";
const SEARCH_100: &str = "/2/tweets/search/recent?query=rust&max_results=100&expansions=author_id\
                          &tweet.fields=created_at,public_metrics,entities,lang&user.fields=name,username,public_metrics";
const COUNTS: &str = "/2/tweets/counts/recent?query=rust";
const TIMELINE: &str = "/2/users/12/tweets?max_results=100";

/// CPU time of the server per request, and the number of requests per second of CPU time that follows.
fn request(table: &mut Table, server: &mut Server, name: &str, path: &str, least: f64, aim: f64) {
    let micros = server.cpu_micros_per_request(8, TIME, |_| server::get(path));
    table.add(Row::rate(name, 1e6 / micros, Goal { must: least, aim }).note(format!("{micros:.1} µs of CPU each")));
}

fn requests(table: &mut Table) {
    let mut server = Server::start(10_000);
    request(table, &mut server, "look-up of a post", "/2/tweets/20", 30_000.0, 50_000.0);
    request(table, &mut server, "look-up of a user by name", "/2/users/by/username/ada", 30_000.0, 50_000.0);
    request(table, &mut server, "search, 10 posts", SEARCH, 12_000.0, 20_000.0);
    request(table, &mut server, "search, 100 posts with fields and authors", SEARCH_100, 2_500.0, 4_000.0);
    request(table, &mut server, "timeline, 100 posts", TIMELINE, 2_500.0, 4_000.0);
    let micros = server.cpu_micros_per_request(8, TIME, server::create_post);
    let goal = Goal { must: 10_000.0, aim: 20_000.0 };
    table.add(Row::rate("create a post", 1e6 / micros, goal).note(format!("{micros:.1} µs of CPU each")));
    table.add(Row::plain("memory after these requests", server.memory_mib(), "MiB"));
}

/// Throughput on two cores against one. The clients need the same cores, so that a comparison of rates would measure them
/// too; the rates that the server reaches alone follow from its CPU time per request on one core and on two.
fn cores(table: &mut Table) {
    for (name, path) in [("search, 100 posts", SEARCH_100), ("look-up of a post", "/2/tweets/20")] {
        let mut ratios = Vec::new();
        for _ in 0..5 {
            let Some(one) = Server::start_on("0", 10_000) else { return };
            let (on_one, _) = one.cpu_micros_and_cores(8, TIME, path);
            drop(one);
            let Some(two) = Server::start_on("0,1", 10_000) else { return };
            let (on_two, used) = two.cpu_micros_and_cores(8, TIME, path);
            ratios.push((2.0 * on_one / on_two, on_one, on_two, used));
        }
        ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (ratio, on_one, on_two, used) = ratios[ratios.len() / 2];
        let note = format!("{on_one:.0} µs of CPU on one, {on_two:.0} µs on two, of which the server used {used:.1}");
        table.add(
            Row::more(&format!("two cores against one: {name}"), ratio, "×", Goal { must: 1.6, aim: 1.8 }).note(note),
        );
    }
}

fn large_world(table: &mut Table) {
    let mut server = Server::start(1_000_000);
    let cpu = server.cpu_seconds();
    server.cpu_micros_per_request(1, Duration::from_millis(1), |_| server::get(SEARCH));
    let cpu_with_search = server.cpu_seconds();
    server.cpu_micros_per_request(1, Duration::from_millis(1), |_| server::get(COUNTS));
    let cpu_with_counts = server.cpu_seconds();
    table.add(
        Row::time(
            "10⁶ posts: start and first search, CPU",
            cpu_with_search * 1e3,
            Goal { must: 5_000.0, aim: 1_000.0 },
        )
        .note(format!("{:.0} ms without the search", cpu * 1e3)),
    );
    table.add(
        Row::plain("10⁶ posts: first counts of a word, CPU", (cpu_with_counts - cpu_with_search) * 1e3, "ms")
            .note("indexes the posts of seven days".to_owned()),
    );
    table.add(Row::less("10⁶ posts: memory", server.memory_mib(), "MiB", Goal { must: 1_000.0, aim: 500.0 }));
    let micros = server.cpu_micros_per_request(1, TIME, |_| server::get(COUNTS));
    table.add(Row::time("10⁶ posts: counts of a word", micros / 1e3, Goal { must: 5.0, aim: 1.0 }));
    let waits = server.longest_wait_beside(COUNTS, "/2/tweets/20", TIME);
    table.add(Row::time("10⁶ posts: look-up beside counts, 99th percentile", waits, Goal { must: 5.0, aim: 1.0 }));
    request(table, &mut server, "10⁶ posts: look-up of a post", "/2/tweets/20", 30_000.0, 50_000.0);
    request(table, &mut server, "10⁶ posts: search, 10 posts", SEARCH, 12_000.0, 20_000.0);
}

fn starts(table: &mut Table) {
    let mut new = Vec::new();
    for _ in 0..5 {
        new.push(Server::start(10_000).started_in);
    }
    let goal = Goal { must: 30.0, aim: 10.0 };
    table.add(Row::time("start in a new process, 10⁴ posts", median(new), goal));
    let builder = || chirrup_sandbox::Sandbox::builder().start().expect("a sandbox");
    drop(builder());
    let again = (0..50).map(|_| {
        let start = Instant::now();
        let sandbox = builder();
        let time = start.elapsed();
        drop(sandbox);
        time
    });
    table.add(Row::time(
        "start of another sandbox in the process",
        median(again.collect()),
        Goal { must: 10.0, aim: 1.0 },
    ));
}

fn streams(table: &mut Table) {
    let mut server = Server::start(1_000);
    let micros = server.cpu_micros_per_streamed_post(8, Duration::from_secs(3));
    table.add(Row::time("create a post and deliver it to 8 streams", micros / 1e3, Goal { must: 1.0, aim: 0.5 }));
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

fn main() {
    if server::is_server() {
        server::serve();
        return;
    }
    let mut table = Table::new("sandbox");
    requests(&mut table);
    cores(&mut table);
    streams(&mut table);
    starts(&mut table);
    large_world(&mut table);
    table.finish();
}
