//! Unmodified third-party clients against the sandbox.
//!
//! They are written in Python. Without Python, or if their packages cannot be installed, the tests print `SKIPPED` and pass.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

#[allow(dead_code, reason = "shared with the other suite")]
#[expect(unused_macros, reason = "the other suite uses them")]
#[macro_use]
#[path = "it/shows.rs"]
mod shows;
#[allow(dead_code, reason = "shared with the other suite")]
#[path = "it/wire.rs"]
mod wire;

use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::{Signer, encode, parse_header};
use chirrup_sandbox::{Disconnect, Sandbox};
use serde_json::json;

const PACKAGES: [&str; 5] =
    ["requests==2.32.*", "requests-oauthlib==2.*", "tweepy==4.*", "twython==3.9.*", "twitter==1.19.*"];

/// Returns a Python interpreter with these packages, installed into the build directory.
fn python() -> Option<PathBuf> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    INSTALLED.get_or_init(install).clone()
}

fn install() -> Option<PathBuf> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let succeeds = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !python.exists() && !succeeds(Command::new("python3").arg("-m").arg("venv").arg(&venv)) {
        shows::skip("Python 3 with venv is not installed");
        return None;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
    if !succeeds(&mut install) {
        shows::skip(&format!("{PACKAGES:?} cannot be installed"));
        return None;
    }
    Some(python)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(name)
}

#[test]
fn third_party_clients_log_in_by_every_flow() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::builder().users(20).posts(100).start().unwrap();
    let (key, secret) = sandbox.app_keys();
    let output = Command::new(python)
        .arg(script("login.py"))
        .args([&sandbox.url(), &key, secret.expose()])
        // oauthlib rejects plain HTTP by default; the sandbox listens on the loopback interface only.
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(out.lines().filter(|line| line.starts_with("ok ")).count(), 5, "{out}");
}

/// Runs a script with the keys of `ada`. Returns its output, or `None` without Python.
fn run_script(name: &str) -> Option<String> {
    let python = python()?;
    let sandbox = Sandbox::builder().users(60).posts(1_500).start().unwrap();
    let environment = sandbox.environment().unwrap();
    let variable = |wanted: &str| {
        environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.expose().to_owned()).unwrap()
    };
    sandbox.set_max_stream_connections(5);
    let output = Command::new(python)
        .arg(script(name))
        .arg(sandbox.url())
        .args(["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"].map(variable))
        .arg(variable("X_BEARER_TOKEN"))
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    Some(out.into_owned())
}

#[test]
fn clients_with_fixed_hosts_are_led_to_the_sandbox_by_environment_alone() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::builder().users(60).posts(1_500).tls().start().unwrap();
    let environment = sandbox.environment().unwrap();
    let variable = |wanted: &str| {
        environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.expose().to_owned()).unwrap()
    };
    let names = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN"];
    let output = Command::new(python)
        .arg(script("fixed_hosts.py"))
        .args(names.map(variable))
        .envs(sandbox.proxy_environment())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(out.lines().filter(|line| line.starts_with("ok ")).count(), 6, "{out}");
}

/// Returns the number in the line `ok 123 calls`.
fn call_count(out: &str) -> u32 {
    out.lines().find_map(|line| line.strip_prefix("ok ")?.split(' ').next()?.parse().ok()).unwrap()
}

#[test]
fn twython_works_unmodified() {
    let Some(out) = run_script("twython_calls.py") else { return };
    let _ = writeln!(std::io::stderr(), "{}", out.trim());
    assert!(call_count(&out) >= 100, "{out}");
}

#[test]
fn python_twitter_tools_work_unmodified() {
    let Some(out) = run_script("ptt_calls.py") else { return };
    let _ = writeln!(std::io::stderr(), "{}", out.trim());
    assert!(call_count(&out) >= 100, "{out}");
}

/// The tables of requests: rows, the call in Python, and the request that the library and this project both send.
const REQUESTS: [&str; 2] = [include_str!("parity/twython.tsv"), include_str!("parity/ptt.tsv")];

#[test]
fn third_party_clients_send_the_same_requests() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::builder().users(60).posts(1_500).without_rate_limits().start().unwrap();
    let wire = wire::Wire::before(&sandbox);
    let environment = sandbox.environment().unwrap();
    let variable = |wanted: &str| {
        environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.expose().to_owned()).unwrap()
    };
    let names = ["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET", "X_BEARER_TOKEN"];
    let mut child = Command::new(python)
        .arg(script("single_calls.py"))
        .arg(wire.url())
        .args(names.map(variable))
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut calls, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()).lines());
    let me = sandbox.user_id("ada").unwrap().to_string();
    let words = [("ME", me.as_str()), ("LIST", "701"), ("SAVED", "702"), ("STATUS", "703"), ("LETTER", "704")];
    let mut compared = 0;
    for line in REQUESTS.iter().flat_map(|table| table.lines().skip(1)) {
        let [row, call, request] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if call.is_empty() {
            continue;
        }
        let named = |text: &str| words.iter().fold(text.to_owned(), |text, (word, id)| text.replace(word, id));
        writeln!(calls, "{}", named(call)).unwrap();
        assert_eq!(answers.next().and_then(Result::ok).as_deref(), Some("sent"), "{call}");
        let sent: Vec<_> = wire.take().iter().map(wire::Sent::line).collect();
        let peer = if row.starts_with("twython.") { "Twython 3.9" } else { "Python Twitter Tools 1.19" };
        shows!(peer peer, row, assert_eq!(sent, [named(request)], "{call}"));
        compared += 1;
    }
    drop(calls);
    assert!(compared > 100 && child.wait().unwrap().success(), "{compared}");
}

/// Starts a TLS proxy for a server without TLS. Returns its port.
fn start_tls_proxy(address: String) -> u16 {
    use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
    use tokio_rustls::rustls::{ServerConfig, crypto::ring::default_provider};

    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let config = config.unwrap().with_no_client_auth().with_single_cert(vec![certificate.into()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, address) = (acceptor.clone(), address.clone());
                tokio::spawn(async move {
                    let mut client = acceptor.accept(stream).await?;
                    let mut server = tokio::net::TcpStream::connect(address).await?;
                    tokio::io::copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
    });
    port
}

#[test]
fn streams_of_python_twitter_tools_work_unmodified() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::builder().users(20).posts(100).start().unwrap();
    let environment = sandbox.environment().unwrap();
    let bearer = environment.iter().find(|(name, _)| *name == "X_BEARER_TOKEN").unwrap().1.expose().to_owned();
    sandbox.set_max_stream_connections(9);
    let port = start_tls_proxy(sandbox.url().replace("http://", ""));
    let mut child = Command::new(python)
        .arg(script("ptt_streams.py"))
        .args([format!("localhost:{port}"), bearer])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let posting = AtomicBool::new(true);
    let finished = AtomicBool::new(false);
    let ok = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !finished.load(Ordering::Relaxed) {
                if posting.load(Ordering::Relaxed) {
                    n += 1;
                    sandbox.write_post("robin", &format!("heron {n}")).unwrap();
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        let mut ok = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            match line.as_str() {
                "end" => drop(sandbox.disconnect_streams(Disconnect::End)),
                "pause" => {
                    posting.store(false, Ordering::Relaxed);
                    sandbox.silence_streams(true);
                }
                "resume" => {
                    sandbox.silence_streams(false);
                    posting.store(true, Ordering::Relaxed);
                }
                _ => ok.push(line),
            }
        }
        finished.store(true, Ordering::Relaxed);
        ok
    });
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{ok:?}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(ok.len(), 4, "{ok:?}");
}

/// Pseudorandom number generator (SplitMix64) with a fixed seed.
struct Rng(u64);

impl Rng {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    fn text(&mut self, max_len: usize) -> String {
        #[rustfmt::skip]
        const CHARS: [&str; 24] = [
            "a", "b", "Z", "0", "9", "-", ".", "_", "~", " ", "+", "&", "=", "%", "/", "?",
            "#", "!", "*", "'", "\u{e9}", "\u{e000}", "\u{1f426}", "\u{4e2d}",
        ];
        (0..self.below(max_len + 1)).map(|_| CHARS[self.below(CHARS.len())]).collect()
    }

    /// Returns up to four encoded pairs of a query or form.
    fn pairs(&mut self) -> String {
        let pairs = (0..self.below(5)).map(|_| {
            let (name, value) =
                (format!("{}{}", ["a", "b", "a%", "\u{e9}"][self.below(4)], self.text(2)), self.text(12));
            let space = if self.below(2) == 0 { "+" } else { "%20" };
            format!("{}={}", encode(&name), encode(&value)).replace("%20", space)
        });
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// `CHIRRUP_SIGNINGS` sets the number of signatures, 5,000 by default.
#[test]
fn signatures_agree_with_those_of_oauthlib() {
    let Some(python) = python() else { return };
    let count: u64 = std::env::var("CHIRRUP_SIGNINGS").ok().and_then(|count| count.parse().ok()).unwrap_or(5_000);
    let mut child =
        Command::new(python).arg(script("sign.py")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut requests = BufWriter::new(child.stdin.take().unwrap());
    let mut signatures = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, signed_requests) = std::sync::mpsc::channel();
    let writer = std::thread::spawn(move || {
        for seed in 0..count {
            let mut rng = Rng(seed);
            let method = ["GET", "POST", "PUT", "DELETE"][rng.below(4)];
            let host = ["https://api.x.com", "http://127.0.0.1:8080", "https://API.X.com:443", "http://a.example:80"];
            let path = ["/1.1/statuses/update.json", "/2/tweets", "/", "/a%20b/%E4%B8%AD"][rng.below(4)];
            let query = rng.pairs();
            let question_mark = if query.is_empty() { "" } else { "?" };
            let url = format!("{}{path}{question_mark}{query}", host[rng.below(4)]);
            let form = if method == "POST" { rng.pairs() } else { String::new() };
            let keys = [(); 4].map(|()| format!("k{}", rng.text(20)));
            let (nonce, timestamp) = (format!("{seed:032x}"), 1_700_000_000 + i64::try_from(seed).unwrap());
            let [consumer_key, consumer_secret, token, token_secret] = keys;
            let request = json!({
                "method": method, "url": url, "form": form, "nonce": nonce, "timestamp": timestamp.to_string(),
                "consumer_key": consumer_key, "consumer_secret": consumer_secret, "token": token,
                "token_secret": token_secret,
            });
            let signer = Signer::new(OAuth1Keys::new(consumer_key, consumer_secret, token, token_secret));
            let header = signer.header(method, &url, &form, &nonce, timestamp).unwrap();
            let signature =
                parse_header(&header).unwrap().into_iter().find(|(name, _)| name == "oauth_signature").unwrap().1;
            sender.send((signature, request.to_string())).unwrap();
            writeln!(requests, "{request}").unwrap();
        }
    });
    let mut compared = 0;
    for (signature, request) in signed_requests {
        assert_eq!(signature, signatures.next().unwrap().unwrap(), "{request}");
        compared += 1;
    }
    writer.join().unwrap();
    assert!(compared == count && child.wait().unwrap().success());
}
