//! The sandbox as a server.

use chirrup_sandbox::SandboxBuilder;
use serde_json::json;

use crate::exit::Failed;
use crate::print::Printer;

/// Serves until it is interrupted. Prints what a shell needs to use it.
pub(super) async fn serve(builder: SandboxBuilder, printer: &mut Printer) -> Result<(), Failed> {
    let failed = |why: chirrup_sandbox::SandboxError| Failed::usage(why.to_string());
    let sandbox = builder.start().map_err(failed)?;
    let environment = sandbox.environment().map_err(failed)?;
    // These keys open nothing but this sandbox, on this machine; they are what one starts it for.
    let all = environment.iter().map(|(name, value)| ((*name).to_owned(), value.expose().into())).collect();
    printer.reply(&json!({"url": sandbox.url(), "environment": serde_json::Value::Object(all)}), |printer| {
        printer.line(&format!("# the sandbox listens on {}; use it from another shell with:", sandbox.url()))?;
        environment.iter().try_for_each(|(name, value)| printer.line(&format!("export {name}='{}'", value.expose())))
    })?;
    printer.finish()?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
