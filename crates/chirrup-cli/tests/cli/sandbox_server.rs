//! The sandbox as a server of its own: imported data, faults, strict mode, log, and events on request.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use chirrup::webhook::Receiver;
use http_body_util::Full;
use serde_json::Value as Json;

use super::{ok, program, text};

/// A running server with fixed keys.
struct Server {
    process: Child,
    json: Json,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let args = [&["sandbox", "--json", "--port", "0", "--fixed-keys"], args].concat();
        let mut process = program(&args, &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut document = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let json = loop {
            assert!(output.read_line(&mut document).unwrap() > 0, "the server ended: {document}");
            if let Ok(json) = serde_json::from_str(&document) {
                break json;
            }
        };
        Self { process, json }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let value = |name: &str| self.json["environment"][name].as_str().unwrap().to_owned();
        [
            "CHIRRUP_BASE_URL",
            "X_BEARER_TOKEN",
            "X_CONSUMER_KEY",
            "X_CONSUMER_SECRET",
            "X_ACCESS_TOKEN",
            "X_ACCESS_TOKEN_SECRET",
        ]
        .map(|name| (name, value(name)))
        .to_vec()
    }

    fn run(&self, args: &[&str]) -> std::process::Output {
        program(args, &self.environment()).output().unwrap()
    }

    /// Interrupts the server. Returns its exit code and what it wrote to stderr.
    fn stop(mut self) -> (Option<i32>, String) {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
        let mut written = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut written).unwrap();
        (self.process.wait().unwrap().code(), written)
    }
}

/// A test that fails leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}

#[test]
fn imported_posts_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.csv");
    fs::write(&file, "id,text,author\n1700000000000000000,a heron,grace\n1700000000000000001,a crane,linus\n").unwrap();
    let server = Server::start(&["--from", file.to_str().unwrap()]);
    assert_eq!((&server.json["imported"]["posts"], &server.json["imported"]["users"]), (&2.into(), &2.into()));
    let found = ok(&server.run(&["search", "heron", "--all", "--since", "2023-01-01", "--jsonl"]));
    assert!(found.contains("\"1700000000000000000\"") && found.lines().count() == 1, "{found}");
    assert_eq!(server.stop().0, Some(0));

    fs::write(&file, "id,text\nx,a heron\n").unwrap();
    let refused = program(&["sandbox", "--from", file.to_str().unwrap()], &[]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let why = text(&refused.stderr);
    assert!(why.contains("posts.csv: line 2") && why.contains("not a number"), "{why}");
    let both = program(&["sandbox", "--from", "posts.csv", "--posts", "10"], &[]).output().unwrap();
    assert!(text(&both.stderr).contains("--posts"), "{}", text(&both.stderr));
}

#[test]
fn a_strict_sandbox_lists_unknown_routes_at_the_end_and_fails() {
    let server = Server::start(&["--strict", "--users", "5", "--posts", "20"]);
    ok(&server.run(&["user", "robin"]));
    let unknown = server.run(&["call", "GET", "/2/tweets/20/liking_user"]);
    let why = text(&unknown.stderr);
    assert!(!unknown.status.success() && why.contains("/2/tweets/{id}/liking_users"), "{why}");
    let (code, written) = server.stop();
    assert!(code.is_some_and(|code| code != 0), "{code:?}");
    assert!(written.contains("GET /2/tweets/20/liking_user") && written.contains("chirrup endpoints"), "{written}");
    // Without an unknown route, it ends like any other.
    let server = Server::start(&["--strict", "--users", "5", "--posts", "20"]);
    ok(&server.run(&["user", "robin"]));
    assert_eq!(server.stop().0, Some(0));
}

#[test]
fn the_log_has_a_line_per_request_and_no_secret() {
    let server = Server::start(&["--log", "--users", "5", "--posts", "20"]);
    ok(&server.run(&["user", "robin"]));
    ok(&server.run(&["post", "logged once"]));
    let environment = server.environment();
    let (_, written) = server.stop();
    let lines: Vec<&str> = written.lines().filter(|line| line.contains(" /2/")).collect();
    assert!(lines[0].contains("GET /2/users/by/username/robin 200"), "{written}");
    let posted = lines.iter().find(|line| line.contains("POST /2/tweets 201")).unwrap();
    assert!(posted.contains("user=") && posted.contains("created=") && posted.contains("cost=$"), "{posted}");
    for (name, value) in environment.iter().filter(|(name, _)| *name != "CHIRRUP_BASE_URL") {
        assert!(!written.contains(value), "{name} is in the log");
    }
}

#[test]
fn a_server_has_the_names_that_it_is_given() {
    let server = Server::start(&["--allow-host", "x-api", "--users", "5", "--posts", "20"]);
    let address = server.json["environment"]["CHIRRUP_BASE_URL"].as_str().unwrap().replace("http://", "");
    for (host, expected) in [("x-api:8086", "HTTP/1.1 200"), ("other:8086", "HTTP/1.1 421")] {
        let mut socket = TcpStream::connect(&address).unwrap();
        write!(socket, "GET /_chirrup/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        assert!(response.starts_with(expected), "{host}: {response}");
    }
}

#[test]
fn faults_of_profiles_and_files_meet_the_requests() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.toml");
    let rules = "[[outage]]\nfault = \"response\"\nstatus = 503\nendpoint = \"get_user_by_name\"\n\
                 [[other]]\nfault = \"response\"\nstatus = 500\n";
    fs::write(&file, rules).unwrap();
    let named = format!("{}:outage", file.display());
    let server = Server::start(&["--faults", &named, "--log", "--users", "5", "--posts", "20"]);
    let failed = server.run(&["user", "robin", "--no-wait"]);
    assert!(!failed.status.success() && text(&failed.stderr).contains("503"), "{}", text(&failed.stderr));
    ok(&server.run(&["call", "GET", "/2/tweets/20"]));
    assert!(server.stop().1.contains("fault=response"));
    for (wrong, why) in
        [("stormy", "no built-in profile"), (&*format!("{}:none", file.display()), "it has no profile none")]
    {
        let refused = program(&["sandbox", "--faults", wrong], &[]).output().unwrap();
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
    }
}

/// Reads a request from a connection as a server does.
fn read_request(connection: &mut impl std::io::Read) -> http::Request<Full<Bytes>> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ');
    let mut request = http::Request::builder().method(words.next().unwrap()).uri(words.next().unwrap());
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.parse().unwrap();
        }
        request = request.header(name, value);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    request.body(Full::new(body.into())).unwrap()
}

#[test]
fn a_triggered_event_arrives_signed() {
    let webhook = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhook", webhook.local_addr().unwrap());
    let receiving = std::thread::spawn(move || {
        let (receiver, mut events) = Receiver::new("sandbox-consumer-secret".into());
        let (mut connection, _) = webhook.accept().unwrap();
        let request = read_request(&mut connection);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let status = runtime.block_on(receiver.handle(request)).status();
        write!(connection, "HTTP/1.1 {} OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", status.as_u16())
            .unwrap();
        drop(receiver);
        (status, runtime.block_on(events.next()).map(|event| format!("{event:?}")))
    });
    let output = program(&["sandbox", "trigger", "post.mention.create", "--to", &url], &[]).output().unwrap();
    assert!(ok(&output).contains("status 200"), "{}", text(&output.stdout));
    let (status, event) = receiving.join().unwrap();
    assert_eq!(status, 200);
    assert!(event.unwrap().contains("@ada"));
    // The listener of the webhook has stopped.
    let failed = program(&["sandbox", "trigger", "post.mention.create", "--to", &url], &[]).output().unwrap();
    assert!(!failed.status.success());
    assert!(text(&failed.stderr).contains("did not accept"), "{}", text(&failed.stderr));
    let unknown = program(&["sandbox", "trigger", "post.mention", "--to", &url], &[]).output().unwrap();
    assert!(!unknown.status.success() && text(&unknown.stderr).contains("post.mention"), "{}", text(&unknown.stderr));
}
