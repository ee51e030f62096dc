//! From flags and environment to a client.

use chirrup::{Client, Credentials};
use chirrup_sandbox::Sandbox;

use crate::args::Global;
use crate::exit::Failed;

/// The runtime of the program.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failed> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|why| Failed::usage(format!("no runtime: {why}")))
}

/// A client, and the sandbox that it talks to if it was asked for.
pub(crate) struct Session {
    pub(crate) client: Client,
    _sandbox: Option<Sandbox>,
}

/// Makes the client that flags and environment describe.
pub(crate) fn session(global: &Global) -> Result<Session, Failed> {
    if global.sandbox {
        let failed = |why: chirrup_sandbox::SandboxError| Failed::usage(why.to_string());
        let sandbox = Sandbox::start().map_err(failed)?;
        let credentials = sandbox.credentials().map_err(failed)?;
        let client = Client::builder().base_url(sandbox.url()).credentials(credentials).build()?;
        return Ok(Session { client, _sandbox: Some(sandbox) });
    }
    let credentials = Credentials::from_lookup(|name| std::env::var(name).ok());
    let mut builder = Client::builder().credentials(credentials);
    if let Some(url) = global.base_url.as_ref().filter(|url| !url.is_empty()) {
        builder = builder.base_url(url);
    }
    Ok(Session { client: builder.build()?, _sandbox: None })
}
