//! What every test begins with.

use chirrup::{Client, Credentials};
use chirrup_sandbox::Sandbox;

/// A query that finds much.
pub(crate) const BROAD: &str =
    "(rust OR coffee OR birding OR morning OR data OR same OR honestly OR really OR again OR thread)";

/// A small world, grown once in the process and copied for each test.
pub(crate) fn sandbox() -> Sandbox {
    Sandbox::builder().users(60).posts(1_500).start().unwrap()
}

/// A client with these credentials.
pub(crate) fn client(sandbox: &Sandbox, credentials: Credentials) -> Client {
    Client::builder().credentials(credentials).base_url(sandbox.url()).build().unwrap()
}

/// A sandbox, and a client that holds the app's token and all of `ada`'s.
pub(crate) fn both() -> (Sandbox, Client) {
    let sandbox = sandbox();
    let credentials = sandbox.credentials().unwrap();
    let client = client(&sandbox, credentials);
    (sandbox, client)
}
