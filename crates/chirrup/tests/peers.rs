//! Other people's clients, unmodified, against the sandbox. They are written in Python: without it, or without a way to
//! install them, the tests skip and say so.
#![allow(clippy::unwrap_used, reason = "a test that fails says so by a panic")]

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::{Signer, encode, parse_header};
use chirrup_sandbox::{Disconnect, Sandbox};
use serde_json::json;

const PACKAGES: [&str; 5] =
    ["requests==2.32.*", "requests-oauthlib==2.*", "tweepy==4.*", "twython==3.9.*", "twitter==1.19.*"];

/// A Python that has these packages, installed into the build folder.
fn python() -> Option<PathBuf> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    INSTALLED.get_or_init(install).clone()
}

fn install() -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let works = |command: &mut Command| command.output().is_ok_and(|output| output.status.success());
    if !python.exists() && !works(Command::new("python3").arg("-m").arg("venv").arg(&home)) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no Python 3 with venv");
        return None;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
    if !works(&mut install) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {PACKAGES:?} cannot be installed");
        return None;
    }
    Some(python)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers").join(name)
}

#[test]
fn other_clients_log_in_by_every_flow() {
    let Some(python) = python() else { return };
    let sandbox = Sandbox::builder().users(20).posts(100).start().unwrap();
    let (key, secret) = sandbox.app_keys();
    let output = Command::new(python)
        .arg(script("login.py"))
        .args([&sandbox.url(), &key, secret.expose()])
        // The sandbox speaks plain HTTP, to this machine alone.
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(out.lines().filter(|line| line.starts_with("ok ")).count(), 5, "{out}");
}

/// Runs the script of a peer with the keys of `ada`, and gives what it printed.
fn calls_of(name: &str) -> Option<String> {
    let python = python()?;
    let sandbox = Sandbox::builder().users(60).posts(1_500).start().unwrap();
    let environment = sandbox.environment().unwrap();
    let of = |wanted: &str| {
        environment.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.expose().to_owned()).unwrap()
    };
    sandbox.set_max_stream_connections(5);
    let output = Command::new(python)
        .arg(script(name))
        .arg(sandbox.url())
        .args(["X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET"].map(of))
        .arg(of("X_BEARER_TOKEN"))
        .env("OAUTHLIB_INSECURE_TRANSPORT", "1")
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    Some(out.into_owned())
}

/// The number in `ok 123 calls`.
fn counted(out: &str) -> u32 {
    out.lines().find_map(|line| line.strip_prefix("ok ")?.split(' ').next()?.parse().ok()).unwrap()
}

#[test]
fn twython_works_unmodified() {
    let Some(out) = calls_of("twython_calls.py") else { return };
    let _ = writeln!(std::io::stderr(), "{}", out.trim());
    assert!(counted(&out) >= 100, "{out}");
}

#[test]
fn python_twitter_tools_work_unmodified() {
    let Some(out) = calls_of("ptt_calls.py") else { return };
    let _ = writeln!(std::io::stderr(), "{}", out.trim());
    assert!(counted(&out) >= 100, "{out}");
}

/// Speaks TLS, and passes on what is said to an address that does not.
fn tls_before(address: String) -> u16 {
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
                    let mut near = acceptor.accept(stream).await?;
                    let mut far = tokio::net::TcpStream::connect(address).await?;
                    tokio::io::copy_bidirectional(&mut near, &mut far).await
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
    let port = tls_before(sandbox.url().replace("http://", ""));
    let mut child = Command::new(python)
        .arg(script("ptt_streams.py"))
        .args([format!("localhost:{port}"), bearer])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let talking = AtomicBool::new(true);
    let over = AtomicBool::new(false);
    let ok = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !over.load(Ordering::Relaxed) {
                if talking.load(Ordering::Relaxed) {
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
                "hush" => {
                    talking.store(false, Ordering::Relaxed);
                    sandbox.silence_streams(true);
                }
                "talk" => {
                    sandbox.silence_streams(false);
                    talking.store(true, Ordering::Relaxed);
                }
                _ => ok.push(line),
            }
        }
        over.store(true, Ordering::Relaxed);
        ok
    });
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{ok:?}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(ok.len(), 4, "{ok:?}");
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }

    fn text(&mut self, longest: usize) -> String {
        const SIGNS: [&str; 24] = [
            "a",
            "b",
            "Z",
            "0",
            "9",
            "-",
            ".",
            "_",
            "~",
            " ",
            "+",
            "&",
            "=",
            "%",
            "/",
            "?",
            "#",
            "!",
            "*",
            "'",
            "\u{e9}",
            "\u{e000}",
            "\u{1f426}",
            "\u{4e2d}",
        ];
        (0..self.roll(longest + 1)).map(|_| SIGNS[self.roll(SIGNS.len())]).collect()
    }

    /// Pairs as a query or a form writes them.
    fn pairs(&mut self) -> String {
        let pairs = (0..self.roll(5)).map(|_| {
            let (name, value) =
                (format!("{}{}", ["a", "b", "a%", "\u{e9}"][self.roll(4)], self.text(2)), self.text(12));
            let blank = if self.roll(2) == 0 { "+" } else { "%20" };
            format!("{}={}", encode(&name), encode(&value)).replace("%20", blank)
        });
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// `CHIRRUP_SIGNINGS` sets how many.
#[test]
fn signatures_agree_with_those_of_oauthlib() {
    let Some(python) = python() else { return };
    let count: u64 = std::env::var("CHIRRUP_SIGNINGS").ok().and_then(|count| count.parse().ok()).unwrap_or(5_000);
    let mut child =
        Command::new(python).arg(script("sign.py")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut asks = BufWriter::new(child.stdin.take().unwrap());
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    let (told, ours) = std::sync::mpsc::channel();
    let asking = std::thread::spawn(move || {
        for seed in 0..count {
            let mut dice = Dice(seed);
            let method = ["GET", "POST", "PUT", "DELETE"][dice.roll(4)];
            let host = ["https://api.x.com", "http://127.0.0.1:8080", "https://API.X.com:443", "http://a.example:80"];
            let path = ["/1.1/statuses/update.json", "/2/tweets", "/", "/a%20b/%E4%B8%AD"][dice.roll(4)];
            let query = dice.pairs();
            let mark = if query.is_empty() { "" } else { "?" };
            let url = format!("{}{path}{mark}{query}", host[dice.roll(4)]);
            let form = if method == "POST" { dice.pairs() } else { String::new() };
            let keys = [(); 4].map(|()| format!("k{}", dice.text(20)));
            let (nonce, timestamp) = (format!("{seed:032x}"), 1_700_000_000 + i64::try_from(seed).unwrap());
            let [consumer_key, consumer_secret, token, token_secret] = keys;
            let ask = json!({
                "method": method, "url": url, "form": form, "nonce": nonce, "timestamp": timestamp.to_string(),
                "consumer_key": consumer_key, "consumer_secret": consumer_secret, "token": token,
                "token_secret": token_secret,
            });
            let signer = Signer::new(OAuth1Keys::new(consumer_key, consumer_secret, token, token_secret));
            let header = signer.header(method, &url, &form, &nonce, timestamp).unwrap();
            let signed =
                parse_header(&header).unwrap().into_iter().find(|(name, _)| name == "oauth_signature").unwrap().1;
            told.send((signed, ask.to_string())).unwrap();
            writeln!(asks, "{ask}").unwrap();
        }
    });
    let mut compared = 0;
    for (signature, ask) in ours {
        assert_eq!(signature, answers.next().unwrap().unwrap(), "{ask}");
        compared += 1;
    }
    asking.join().unwrap();
    assert!(compared == count && child.wait().unwrap().success());
}
