//! Tests a program against the sandbox: a rate limit, a fault, the clock and the journal.
//!
//! Run it with `cargo run -p chirrup --example sandbox_test --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use std::time::Duration;

use chirrup::sandbox::{Fault, Sandbox};
use chirrup::{Client, ErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().users(20).posts(200).seed(7).start()?;
    let client = Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials()?).build()?;

    // A read is retried after a failure of the server.
    sandbox.inject_fault(Fault::ErrorAfterProcessing(503));
    let me = client.get_me().await?.data;
    println!("@{} after {} requests", me.username, sandbox.journal().len());

    // The rate limit of this endpoint is used up, until the clock moves on.
    let refused = loop {
        match client.get_me().await {
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(refused.kind(), ErrorKind::RateLimited);
    sandbox.clock().advance(Duration::from_secs(900));
    println!("refused: {refused}");
    Ok(())
}
