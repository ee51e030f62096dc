//! The page of the sandbox as the server sends it. `tests/browser` shows it in Chromium.

use std::io::Read as _;
use std::net::TcpStream;
use std::path::Path;

use chirrup_sandbox::{Fault, FaultRule, Sandbox};

use crate::common::sandbox;

/// Size in bytes that all files of the page may have together.
const MAX_SIZE: usize = 60 << 10;

/// Sends a GET request, and returns head and body of the response.
fn get(sandbox: &Sandbox, path: &str) -> (String, String) {
    use std::io::Write as _;

    let mut socket = TcpStream::connect(sandbox.url().replace("http://", "")).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut response = Vec::new();
    socket.read_to_end(&mut response).unwrap();
    let response = String::from_utf8_lossy(&response);
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.to_ascii_lowercase(), body.to_owned())
}

#[test]
fn the_address_of_a_world_without_its_last_slash_leads_to_the_page() {
    let sandbox = sandbox();
    let (head, _) = get(&sandbox, "/_worlds/w?user=robin");
    assert!(head.starts_with("http/1.1 308") && head.contains("location: /_worlds/w/?user=robin"), "{head}");
    assert!(get(&sandbox, "/_worlds/w/").0.starts_with("http/1.1 200"));
    assert!(get(&sandbox, "/_worlds/").0.starts_with("http/1.1 400"));
}

#[test]
fn the_page_has_the_token_and_cannot_be_framed_or_run_foreign_scripts() {
    let sandbox = sandbox();
    let (head, body) = get(&sandbox, "/");
    let token = sandbox.control_token().unwrap().expose().to_owned();
    assert!(head.starts_with("http/1.1 200") && body.contains(&format!("content=\"{token}\"")), "{head}");
    for header in [
        "default-src 'none'; script-src 'self'; style-src 'self'",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
    ] {
        assert!(head.contains(header), "{header} is missing in {head}");
    }
    let inline = ["<script>", "style=", "onclick=", "<style", "http://", "https://"];
    assert!(inline.iter().all(|text| !body.contains(text)), "the page has nothing inline and nothing from elsewhere");
}

#[test]
fn the_page_is_small_and_all_of_its_files_are_served() {
    let sandbox = sandbox();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chirrup-sandbox/page");
    let mut size = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let (name, content) = (path.file_name().unwrap().to_str().unwrap(), std::fs::read_to_string(&path).unwrap());
        size += content.len();
        if name != "index.html" {
            let (head, body) = get(&sandbox, &format!("/_page/{name}"));
            assert!(head.starts_with("http/1.1 200") && body == content, "{name}: {head}");
        }
    }
    assert!(size <= MAX_SIZE, "{size} bytes");
    for path in ["/_page/none.js", "/_page/../Cargo.toml", "/_page//etc/passwd", "/_page/"] {
        assert!(get(&sandbox, path).0.starts_with("http/1.1 404"), "{path}");
    }
}

#[test]
fn requests_for_the_page_are_not_in_the_journal_and_get_no_fault() {
    let sandbox = sandbox();
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing));
    for path in ["/", "/_page/main.js", "/_page/media/1.jpg", "/_page/profile_images/12/picture_normal.jpg"] {
        assert!(get(&sandbox, path).0.starts_with("http/1.1 200"), "{path}");
    }
    assert!(sandbox.journal().is_empty());
}

#[test]
fn without_the_control_api_the_page_has_no_token() {
    let sandbox = Sandbox::builder().users(10).posts(50).without_control_api().start().unwrap();
    let (head, body) = get(&sandbox, "/");
    assert!(head.starts_with("http/1.1 200") && body.contains("name=\"control-token\" content=\"\""), "{head}");
}
