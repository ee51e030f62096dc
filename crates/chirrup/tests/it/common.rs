//! Shared setup of the tests.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::str::FromStr;
use std::sync::Arc;

use chirrup::{AuthKind, Client, Clock, Credential, Credentials, HttpBuilder, MovableClock, OnRateLimit, Retry, Scope};
use chirrup_sandbox::Sandbox;
use serde_json::Value as Json;

/// Query that matches many posts.
pub(crate) const BROAD_QUERY: &str =
    "(rust OR coffee OR birding OR morning OR data OR same OR honestly OR really OR again OR thread)";

/// Small world with the fixed keys, generated once per process and copied for each test.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::builder().users(60).posts(1_500).fixed_keys().start().unwrap()
}

/// Returns a client with these credentials that sends each request once, without retries and rate-limit waiting.
pub(crate) fn client(sandbox: &Sandbox, credentials: Credentials) -> Client {
    let builder = Client::builder().retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
    builder.credentials(credentials).base_url(sandbox.url()).build().unwrap()
}

/// Returns a sandbox, and a client with the token of the app and all tokens of `ada`.
pub(crate) fn sandbox_and_client() -> (Sandbox, Client) {
    let sandbox = sandbox();
    let credentials = sandbox.credentials().unwrap();
    let client = client(&sandbox, credentials);
    (sandbox, client)
}

/// [`post_as`] of `ada`.
pub(crate) fn post(sandbox: &Sandbox, path: &str, body: &Json) -> Json {
    post_as(sandbox, "ada", path, body)
}

/// Sends a POST request of a user to the sandbox without a client, so that what a test needs does not depend on what it
/// shows. Returns the body of the response.
pub(crate) fn post_as(sandbox: &Sandbox, user: &str, path: &str, body: &Json) -> Json {
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let credentials = sandbox.oauth2(user, &scopes).unwrap();
    let Credential::OAuth2 { token, .. } = &**credentials.get(AuthKind::OAuth2).unwrap() else { panic!("no token") };
    let (host, body) = (sandbox.url().strip_prefix("http://").unwrap().to_owned(), body.to_string());
    let mut socket = TcpStream::connect(&host).unwrap();
    let token = token.expose();
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n");
    let length = body.len();
    write!(socket, "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).unwrap();
    let start = response.find('{').unwrap_or_else(|| panic!("{response}"));
    let body = serde_json::Deserializer::from_str(&response[start..]).into_iter::<Json>().next();
    body.unwrap().unwrap()
}

/// Returns the value at a JSON pointer, which is an ID.
pub(crate) fn id<T: FromStr<Err: fmt::Debug>>(body: &Json, pointer: &str) -> T {
    body.pointer(pointer).and_then(Json::as_str).unwrap_or_else(|| panic!("{body}")).parse().unwrap()
}

/// Returns the clock of the sandbox, which clients advance instead of waiting.
pub(crate) fn clock(sandbox: &Sandbox) -> Arc<dyn Clock> {
    let (now, then) = (sandbox.clock(), sandbox.clock());
    Arc::new(MovableClock::new(move || now.now(), move |moment| then.advance_to(moment)))
}

/// Returns a client with these network settings and the clock of the sandbox.
pub(crate) fn client_in_sandbox_time(sandbox: &Sandbox, http: HttpBuilder, credentials: Credentials) -> Client {
    let builder = Client::builder().http(http.clock(clock(sandbox)));
    builder.credentials(credentials).base_url(sandbox.url()).build().unwrap()
}

/// Pseudorandom number generator (xorshift64*) with the same sequence in every run.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }
    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.below(n as u64)).unwrap()
    }
    pub(crate) fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.index(all.len())]
    }
    pub(crate) fn digits(&mut self) -> String {
        (self.next() >> (1 + self.below(40))).to_string()
    }
}
