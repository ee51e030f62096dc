//! Estimates the cost of a call, sets a budget, and shows the call that the budget stops.
//!
//! Run it with `cargo run -p chirrup --example budget --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::{Budget, Client, ErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::builder().budget(Budget::default().per_run("0.60".parse()?)).sandbox()?;

    let search = client.search_recent("rust").max_results(100);
    println!("at most {}", client.estimate(search.call())?);
    search.await?;
    println!("{} spent", client.spent().run);

    match client.search_recent("birds").max_results(100).await {
        Err(error) if error.kind() == ErrorKind::Budget => println!("not sent: {error}"),
        other => println!("unexpected: {other:?}"),
    }
    Ok(())
}
