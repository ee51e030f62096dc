//! From flags and environment to a client.

use chirrup::{Client, Credentials};

use crate::args::Global;
use crate::exit::Failed;

/// The runtime of the program.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|why| Failed::usage(format!("no runtime: {why}")))
}

/// Makes the client that flags and environment describe.
pub(crate) fn client(global: &Global) -> Result<Client, Failed> {
    if global.sandbox {
        return Ok(Client::sandbox()?);
    }
    let credentials = Credentials::from_lookup(|name| std::env::var(name).ok());
    let mut builder = Client::builder().credentials(credentials);
    if let Some(url) = global.base_url.as_ref().filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(builder.build()?)
}
