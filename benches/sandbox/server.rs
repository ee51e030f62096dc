//! The measured server in a process of its own, and the clients that send requests to it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chirrup_sandbox::Sandbox;

/// Environment variable with the number of posts. It makes the benchmark a server.
const POSTS: &str = "CHIRRUP_BENCH_POSTS";
/// User token of `ada` in a sandbox with fixed keys.
const USER_TOKEN: &str = "sandbox-oauth2-2244994900-tweet.read.tweet.write.users.read";

pub(crate) fn is_server() -> bool {
    std::env::var_os(POSTS).is_some()
}

/// Runs the server. It prints its address and the time of its start, and ends with its standard input.
pub(crate) fn serve() {
    let posts = std::env::var(POSTS).expect("a variable").parse().expect("a number");
    let start = Instant::now();
    let builder = Sandbox::builder().posts(posts).without_rate_limits().fixed_keys().without_copy();
    let sandbox = builder.start().expect("a sandbox");
    let started_in = start.elapsed().as_micros();
    sandbox.set_max_stream_connections(1_000);
    sandbox.oauth2("ada", &["tweet.read", "tweet.write", "users.read"]).expect("a token");
    println!("{} {started_in}", sandbox.url().trim_start_matches("http://"));
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// A running server process.
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
    /// Time that the start of the sandbox took.
    pub(crate) started_in: Duration,
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("the path of this program")
}

pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer sandbox-app-bearer-token\r\n\r\n")
}

pub(crate) fn create_post(number: u64) -> String {
    let body = format!("{{\"text\":\"a measured post about rust, number {number}\"}}");
    format!(
        "POST /2/tweets HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {USER_TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

impl Server {
    pub(crate) fn start(posts: usize) -> Self {
        Self::spawn(posts, Command::new(this_program()))
    }

    /// Starts a server that runs on these cores only. `None` without the program `taskset`.
    pub(crate) fn start_on(cores: &str, posts: usize) -> Option<Self> {
        let mut command = Command::new("taskset");
        command.arg("-c").arg(cores);
        let works = command.arg("true").output().is_ok_and(|output| output.status.success());
        let mut command = Command::new("taskset");
        command.arg("-c").arg(cores).arg(this_program());
        works.then(|| Self::spawn(posts, command))
    }

    fn spawn(posts: usize, mut command: Command) -> Self {
        command.env(POSTS, posts.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("a process");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("an output")).read_line(&mut line).expect("a line");
        let parts: Vec<&str> = line.split_whitespace().collect();
        let micros = parts[1].parse().expect("a number");
        let address = parts[0].parse().expect("an address");
        Self { process, address, started_in: Duration::from_micros(micros) }
    }

    /// CPU time of all threads of the server so far.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id())).expect("a folder of threads");
        let times = tasks.flatten().filter_map(|task| {
            let stat = fs::read_to_string(task.path().join("schedstat")).ok()?;
            stat.split_whitespace().next()?.parse::<f64>().ok()
        });
        times.sum::<f64>() / 1e9
    }

    pub(crate) fn memory_mib(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("a status");
        let line = status.lines().find(|line| line.starts_with("VmRSS")).expect("a line");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).expect("a number") / 1024.0
    }

    /// Sends requests over several connections, and returns their number.
    fn send(&self, connections: usize, time: Duration, request: impl Fn(u64) -> String + Sync) -> u64 {
        let (next, sent) = (AtomicU64::new(0), AtomicU64::new(0));
        let until = Instant::now() + time;
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    let mut connection = Connection::open(self.address);
                    loop {
                        let text = request(next.fetch_add(1, Ordering::Relaxed));
                        connection.exchange(&text);
                        sent.fetch_add(1, Ordering::Relaxed);
                        if Instant::now() >= until {
                            break;
                        }
                    }
                });
            }
        });
        sent.into_inner()
    }

    pub(crate) fn cpu_micros_per_request(
        &mut self,
        connections: usize,
        time: Duration,
        request: impl Fn(u64) -> String + Sync,
    ) -> f64 {
        self.send(connections, time / 5, |_| get("/2/tweets/20"));
        let before = self.cpu_seconds();
        let sent = self.send(connections, time, request);
        (self.cpu_seconds() - before) * 1e6 / sent as f64
    }

    /// CPU time per request, and the number of cores that the server used on average.
    pub(crate) fn cpu_micros_and_cores(&self, connections: usize, time: Duration, path: &str) -> (f64, f64) {
        self.send(connections, time / 5, |_| get(path));
        let (start, before) = (Instant::now(), self.cpu_seconds());
        let sent = self.send(connections, time, |_| get(path));
        let cpu = self.cpu_seconds() - before;
        (cpu * 1e6 / sent as f64, cpu / start.elapsed().as_secs_f64())
    }

    /// The 99th percentile of the times of one request, in milliseconds, while another is sent all the time.
    pub(crate) fn longest_wait_beside(&self, other: &str, path: &str, time: Duration) -> f64 {
        std::thread::scope(|scope| {
            let load = scope.spawn(|| self.send(1, time, |_| get(other)));
            let mut connection = Connection::open(self.address);
            let mut times = Vec::new();
            while !load.is_finished() {
                let start = Instant::now();
                connection.exchange(&get(path));
                times.push(start.elapsed());
                std::thread::sleep(Duration::from_millis(1));
            }
            times.sort();
            times[times.len() * 99 / 100].as_secs_f64() * 1e3
        })
    }

    /// CPU time per post that is created while several clients read the sampled stream.
    pub(crate) fn cpu_micros_per_streamed_post(&mut self, readers: usize, time: Duration) -> f64 {
        let mut streams: Vec<TcpStream> = (0..readers)
            .map(|_| {
                let mut stream = TcpStream::connect(self.address).expect("a connection");
                stream.write_all(get("/2/tweets/firehose/stream?partition=1").as_bytes()).expect("sent");
                stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
                stream
            })
            .collect();
        std::thread::sleep(Duration::from_millis(100));
        let until = Instant::now() + time;
        std::thread::scope(|scope| {
            for stream in &mut streams {
                scope.spawn(move || {
                    let mut buffer = vec![0; 1 << 16];
                    while Instant::now() < until {
                        let _ = stream.read(&mut buffer);
                    }
                });
            }
            self.cpu_micros_per_request(1, time - Duration::from_millis(500), create_post)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A connection that sends one request after another.
struct Connection {
    stream: BufReader<TcpStream>,
    head: Vec<u8>,
    body: Vec<u8>,
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        Self { stream: BufReader::new(stream), head: Vec::new(), body: Vec::new() }
    }

    /// Sends a request and reads its response.
    fn exchange(&mut self, request: &str) {
        self.stream.get_mut().write_all(request.as_bytes()).expect("sent");
        self.head.clear();
        while !self.head.ends_with(b"\r\n\r\n") {
            assert!(self.stream.read_until(b'\n', &mut self.head).expect("a line") > 0, "the server closed");
        }
        let head = String::from_utf8_lossy(&self.head).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 20"), "{request}\n{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        self.body.resize(length.trim().parse().expect("a number"), 0);
        self.stream.read_exact(&mut self.body).expect("a body");
    }
}
