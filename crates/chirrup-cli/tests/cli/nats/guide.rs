//! The guide for teams: its commands, as they are written there.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

use super::server::nats_server;
use super::team::Team;
use crate::{ok, program, unlimited};

/// Returns an address of this machine that is free.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// Reads the metrics at an address, as soon as they are served.
fn metrics(address: &str) -> String {
    for _ in 0..1_000 {
        if let Ok(mut socket) = TcpStream::connect(address) {
            write!(socket, "GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
            let mut response = String::new();
            socket.read_to_string(&mut response).unwrap();
            return response;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no metrics at {address}");
}

fn wait_until(what: &str, is_reached: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_reached() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what}: not within a minute");
}

/// Value of a metric.
fn value(response: &str, name: &str) -> u64 {
    let value = response.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

#[test]
fn the_commands_of_the_guide_work() {
    let Some(nats) = nats_server() else { return };
    let (sandbox, env) = unlimited();
    sandbox.set_max_stream_connections(2);
    let (folder, addresses) = (tempfile::tempdir().unwrap(), [free_address(), free_address()]);
    let guide = include_str!("../../../../../docs/teams.md");
    let guide = guide.replace("nats://localhost:4222/birds", &nats.stream("birds"));
    let guide = guide.replace("127.0.0.1:9477", &addresses[0]).replace("127.0.0.1:9478", &addresses[1]);
    let commands: Vec<Vec<&str>> =
        guide.lines().filter_map(|line| Some(line.strip_prefix("chirrup ")?.split(' ').collect())).collect();
    let [read, move_posts, status] = &commands[..] else { panic!("{commands:?}") };
    let start = |words: &[&str]| {
        let mut command = program(words, &env);
        command.current_dir(folder.path()).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
    };
    let mut processes = Team(vec![start(read)]);
    // Partitions are read, and what is written from now on arrives.
    wait_until("all partitions are read", || {
        value(&metrics(&addresses[0]), "chirrup_bus_leases") == 40 && sandbox.open_stream_count() == 40
    });
    processes.0.push(start(move_posts));
    for n in 0..50 {
        sandbox.write_post("robin", &format!("heron {n}")).unwrap();
    }
    wait_until("all posts are moved", || value(&metrics(&addresses[1]), "chirrup_drain_new_items_total") == 50);
    assert_eq!(value(&metrics(&addresses[0]), "chirrup_bus_items_total"), 50);
    let shown = ok(&program(&[status, &["--json"][..]].concat(), &[]).output().unwrap());
    for expected in
        ["\"stream\": \"firehose\"", "\"name\": \"stream firehose 20\"", "\"reader\": 2", "Drain into birds/"]
    {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert!(ok(&program(status, &[]).output().unwrap()).contains("stream firehose 20 reader 2"));
}
