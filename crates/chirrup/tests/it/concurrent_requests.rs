//! Requests that arrive at the same time, over connections of their own: journal, bill and rate limits stay exact.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;

use chirrup::Cost;
use chirrup_sandbox::{Sandbox, SandboxBuilder};

/// Number of connections that send at the same time.
const CONNECTIONS: usize = 8;

/// Sends requests of these paths over as many connections at the same time. Returns the statuses.
fn statuses(sandbox: &Sandbox, requests: usize, path: impl Fn(usize) -> String + Sync) -> Vec<u16> {
    let address = sandbox.url().replace("http://", "");
    let (start, path) = (Barrier::new(CONNECTIONS), &path);
    let send = &|connection: usize| {
        let mut stream = BufReader::new(TcpStream::connect(&address).unwrap());
        start.wait();
        let numbers = (0..requests).map(|number| connection * requests + number);
        numbers.map(|number| status(&mut stream, &path(number))).collect::<Vec<u16>>()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|connection| scope.spawn(move || send(connection))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Sends a request of the app, reads the response and returns its status.
fn status(stream: &mut BufReader<TcpStream>, path: &str) -> u16 {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sandbox-app-bearer-token\r\n\r\n");
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).unwrap() > 0, "the server closed the connection");
    }
    let head = head.to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    stream.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

/// Reads of the same posts and users, in several ways.
const READS: [&str; 4] =
    ["/2/tweets?ids=20", "/2/users?ids=12", "/2/tweets?ids=20&expansions=author_id", "/2/users/by?usernames=ada,robin"];

fn small_sandbox() -> SandboxBuilder {
    Sandbox::builder().users(30).posts(400).fixed_keys()
}

#[test]
fn concurrent_reads_leave_an_exact_journal_and_bill() {
    let [sandbox, sequential] = [(), ()].map(|()| small_sandbox().without_rate_limits().start().unwrap());
    let all = statuses(&sandbox, 40, |number| READS[number % READS.len()].to_owned());
    assert!(all.iter().all(|status| *status == 200), "{all:?}");
    let journal = sandbox.journal();
    assert_eq!(journal.len(), CONNECTIONS * 40);
    assert!(journal.iter().zip(1..).all(|(entry, number)| entry.number == number), "numbers have no gap");
    let costs: Cost = journal.iter().map(|entry| entry.cost).sum();
    assert_eq!(costs, sandbox.bill());
    let mut stream = BufReader::new(TcpStream::connect(sequential.url().replace("http://", "")).unwrap());
    for path in READS {
        assert_eq!(status(&mut stream, path), 200);
    }
    assert!(sequential.bill() > Cost::ZERO);
    assert_eq!(sandbox.bill(), sequential.bill(), "each resource is charged once per day, in any order");
}

#[test]
fn concurrent_reads_pass_a_rate_limit_exactly_as_often_as_it_allows() {
    let sandbox = small_sandbox().start().unwrap();
    // The documented limit of an app is 300 calls.
    let all = statuses(&sandbox, 50, |_| "/2/users?ids=12".to_owned());
    let count = |wanted: u16| all.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(200), count(429)), (300, CONNECTIONS * 50 - 300));
}
