//! Mistakes in a table fail the build, and a table outside of the crate works.
#![allow(clippy::expect_used, clippy::panic, reason = "a failed test panics")]

use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;

use chirrup_api::auth::Credentials;
use chirrup_api::model::{Dialect, PostId};
use chirrup_api::{ApiClient, BoxFuture, RawResponse, Request, Transport, TransportError, TransportErrorKind};

/// The compiler whose messages the `.stderr` files contain.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_fail_the_build() {
    let version = Command::new("rustc").arg("--version").output().map(|o| o.stdout).unwrap_or_default();
    if !String::from_utf8_lossy(&version).starts_with(COMPILER) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: the expected messages are those of {COMPILER}x");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

chirrup_api::endpoints! {
    MINE;

    /// Returns an object that the library does not know yet.
    read_thing -> ReadThing = GET "/2/things/{id}" => Vec<chirrup_api::model::Post>;
    auth App;
    path { id: PostId }
    query {
        /// Number of objects per page.
        max_results: u32, in 1..=10;
    }
    with PAGE;
}

#[test]
fn every_default_is_an_accepted_value() {
    let params = chirrup_api::all().flat_map(|endpoint| endpoint.params().map(move |param| (endpoint.id, param)));
    let mut checked = 0;
    for (id, param) in params {
        let Some(default) = param.default else { continue };
        let value = serde_json::from_str(default).unwrap_or_else(|_| default.into());
        assert_eq!(param.kind.check(&value), Ok(()), "{id}: {}", param.name);
        checked += 1;
    }
    assert!(checked > 10, "{checked}");
}

#[derive(Debug)]
struct NoConnection;

impl Transport for NoConnection {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        Box::pin(async move { Err(TransportError::new(TransportErrorKind::Connect, request.url())) })
    }
}

#[test]
fn a_table_outside_of_the_crate_gives_typed_calls() {
    let client =
        ApiClient::builder(Arc::new(NoConnection)).credentials(Credentials::app_only("t")).build().expect("a client");
    let call = ReadThing::new(&client, 7).max_results(3).page_token("abc");
    let parts = call.call().to_http(Dialect::Tweet).expect("a complete path");
    assert_eq!(parts.target, "/2/things/7?max_results=3&pagination_token=abc");
    assert_eq!(MINE[0].id, "read_thing");
    let error = call.wait().expect_err("a connection error");
    assert_eq!(error.message(), "https://api.x.com/2/things/7?max_results=3&pagination_token=abc");
    assert!(ReadThing::new(&client, 7).max_results(11).wait().is_err());
}

#[test]
fn media_and_streams_of_v1_go_to_hosts_of_their_own_at_x_alone() {
    let client = |url: &str| {
        let credentials = Credentials::oauth1("a", "b", "12-c", "d");
        ApiClient::builder(Arc::new(NoConnection)).credentials(credentials).base_url(url).build().expect("a client")
    };
    let asked = |error: chirrup_api::Error| error.message().to_owned();
    let x = client("https://api.x.com").v1();
    let upload = asked(x.upload().command("INIT").wait().expect_err("a connection error"));
    assert_eq!(upload, "https://upload.x.com/1.1/media/upload.json");
    assert_eq!(
        asked(x.sample().wait().expect_err("a connection error")),
        "https://stream.x.com/1.1/statuses/sample.json"
    );
    assert_eq!(
        asked(x.user_stream().wait().expect_err("a connection error")),
        "https://userstream.x.com/1.1/user.json"
    );
    assert_eq!(
        asked(x.settings().wait().expect_err("a connection error")),
        "https://api.x.com/1.1/account/settings.json"
    );
    let other = client("https://example.com").v1();
    assert_eq!(
        asked(other.sample().wait().expect_err("a connection error")),
        "https://example.com/1.1/statuses/sample.json"
    );
}
