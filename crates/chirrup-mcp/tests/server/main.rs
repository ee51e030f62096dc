//! The server as a client of the protocol sees it, over the API of a sandbox.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a panic is how a test fails")]

mod adversary;
mod approval;
mod http;
mod reads;
mod writes;

use std::time::Duration;

use chirrup::{Access, Budget, Client, ClientBuilder, HttpBuilder};
use chirrup_mcp::{Options, Server};
use rmcp::model::{CallToolRequestParams, ClientConfig, ProtocolVersion};
use rmcp::service::RunningService;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt as _, RoleClient, ServiceExt as _};
use serde_json::{Value as Json, json};
use tokio::io::DuplexStream;

/// A client of the protocol without elicitation, with the client of the API that the server uses.
struct Agent<H: ClientHandler = ClientConfig> {
    session: RunningService<RoleClient, H>,
    api: Client,
}

/// The client of the API of a started server, and the other end of its connection.
type Started = (Client, DuplexStream);

/// Starts a server with a new sandbox.
fn start(builder: ClientBuilder, options: Options) -> Started {
    let http = HttpBuilder::default().cache(1 << 20, Duration::from_secs(300));
    let api = builder.http(http).sandbox().unwrap();
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = Server::new(api.clone(), options);
    tokio::spawn(async move { server.serve(theirs).await.unwrap().waiting().await.unwrap() });
    (api, ours)
}

/// Connects an agent to a server with these permissions and a new sandbox.
async fn agent(access: Access) -> Agent {
    with_options(access, Options::default()).await
}

async fn with_options(access: Access, options: Options) -> Agent {
    connect(start(Client::builder().access(access), options), ClientConfig::default()).await
}

async fn with_budget(access: Access, budget: Budget) -> Agent {
    let builder = Client::builder().access(access).budget(budget);
    connect(start(builder, Options::default()), ClientConfig::default()).await
}

async fn connect<H: ClientHandler>((api, connection): Started, handler: H) -> Agent<H> {
    Agent { session: handler.serve(connection).await.unwrap(), api }
}

/// Connects with the protocol of 2026-07-28, in which the server asks no questions between calls.
async fn connect_stateless<H: ClientHandler>((api, connection): Started, handler: H) -> Agent<H> {
    let lifecycle = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    Agent { session: handler.serve_with_lifecycle(connection, lifecycle).await.unwrap(), api }
}

impl<H: ClientHandler> Agent<H> {
    /// Calls a tool and returns its answer, and whether it is an error.
    async fn try_call(&self, tool: &'static str, arguments: Json) -> Result<Json, Json> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = match self.session.call_tool(request).await {
            Ok(result) => result,
            Err(error) => return Err(json!({"protocol": error.to_string()})),
        };
        let text = result.content[0].as_text().unwrap().text.clone();
        let answer = serde_json::from_str(&text).unwrap_or(Json::String(text));
        if result.is_error == Some(true) { Err(answer) } else { Ok(answer) }
    }

    async fn call(&self, tool: &'static str, arguments: Json) -> Json {
        self.try_call(tool, arguments).await.unwrap()
    }

    async fn refused(&self, tool: &'static str, arguments: Json) -> Json {
        self.try_call(tool, arguments).await.unwrap_err()
    }

    /// Names of the tools that the server offers.
    async fn tools(&self) -> Vec<String> {
        self.session.list_all_tools().await.unwrap().iter().map(|tool| tool.name.to_string()).collect()
    }

    /// Number of writes that the sandbox has accepted.
    fn writes(&self) -> usize {
        let journal = self.api.own_sandbox().unwrap().journal();
        journal.iter().filter(|entry| entry.method != "GET" && entry.status.is_some_and(|status| status < 300)).count()
    }
}
