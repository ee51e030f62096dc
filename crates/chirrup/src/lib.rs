//! The X (Twitter) API for Rust: every endpoint of API v2 and v1.1 as a typed method, async or blocking, with live streams,
//! retries, rate limits, budgets, uploads, logins, webhooks, and a sandbox that runs the API on your own machine.
//!
//! # Quick start
//!
//! ```
//! # #[cfg(feature = "sandbox")]
//! # fn main() -> Result<(), chirrup::Error> {
//! use chirrup::Client;
//!
//! let client = Client::sandbox()?; // for X itself: Client::from_env()?
//! let page = client.search_recent("rust lang:en").expansions(["author_id"]).wait()?; // `.await` in async code
//! for post in &page.data {
//!     println!("@{}: {}", page.author(post).map_or("?", |user| &user.username), post.text);
//! }
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "sandbox"))]
//! # fn main() {}
//! ```
//!
//! [`Client`] has a method for each endpoint. Required parameters are arguments, optional ones are setters of the builder
//! that the method returns, and `.await` or `.wait()` sends the call. The values that a parameter accepts are those of
//! [`IntoParam`]: for an ID an integer, text, a `PostId` or a fetched `&Post`; for fields text or variants.
//!
//! # Responses and pages
//!
//! A [`Response`] has `data`, `includes`, `meta` and partial `errors`, and from the raw response the rate limit, the cost and all
//! headers. Endpoints with pages have `.pages()` ([`Pages`]) and `.items()` ([`Items`]): streams in async code, iterators
//! after `.wait()`.
//!
//! ```
//! # fn example(client: chirrup::Client) -> Result<(), chirrup::Error> {
//! for post in client.search_recent("birds").items().limit(500).wait()? {
//!     println!("{}", post?.text);
//! }
//! # Ok(()) }
//! ```
//!
//! [`Client::call`] reaches any route, whether the endpoint table has it or not; [`endpoints!`] declares typed endpoints of
//! your own.
//!
//! # Errors
//!
//! An [`Error`] says what failed and why; [`hint`](Error::hint) is the next step, [`kind`](Error::kind) is for programs, and
//! [`diagnosis`](Error::diagnosis) explains a refusal that X leaves unexplained. A write whose response was lost is
//! [`ErrorKind::UnknownOutcome`], and [`Client::confirm`] finds out. [`Outbox`] performs a write once per key.
//!
//! # Streams, bots, webhooks
//!
//! `.open()` on a streaming endpoint returns a [`Live`] stream: it reconnects, fills gaps, drops duplicates and reports what it
//! does as [`LiveEvent`]s. [`PollingStream`] reads with a timeout. [`Bot`] turns streams into handlers,
//! [`webhook::Receiver`] is a `tower` service, and [`archive::ArchiveStream`] keeps a stream in a file.
//!
//! # Rate limits and money
//!
//! [`ClientBuilder::access`] limits a client that others control, such as an agent.
//! [`ClientBuilder::on_rate_limit`] waits for a window or fails, [`ClientBuilder::budget`] stops a call that could exceed the
//! budget, and [`Client::estimate`] is the maximum cost of a call. [`Ledger`] records what was spent.
//!
//! # API v1.1
//!
//! [`Client::v1`] returns the methods of API v1.1; its types are in [`model::v1`].
//!
//! # Testing
//!
//! The feature `sandbox` adds [`Client::sandbox()`](ClientBuilder) and the module `sandbox`: the X API in your own process, with
//! faults, a clock and a journal. The feature `cassettes` records exchanges and replays them.
//!
//! # Features
//!
//! | feature | adds |
//! | --- | --- |
//! | `sandbox` | `Client::sandbox()` and the module `sandbox` |
//! | `cassettes` | the module `cassette`: record exchanges and replay them in tests |
//! | `keyring` | tokens in the operating system's keyring |
//! | `sqlite` | `archive::Database`: posts, users and what belongs to them in SQLite |
//! | `parquet` | `archive::ParquetFolder`: the same in a folder of Parquet files |
//! | `s3` | `archive::ParquetFolder::open_in_bucket`: such folders in object stores, such as S3 |
//! | `nats` | `archive::NatsArchive` and `archive::Drain`: streams of a NATS server with JetStream; `store::NatsStore` |
//! | `redis` | rate limits, ledger and locks shared through Redis |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]

mod access;
mod bot;
mod client;
mod searchable_post;

pub use access::{Access, InvalidName, Level, Verb};
pub use bot::{Bot, Command, GapReport, Report, message_of};
pub use chirrup_api::{
    Alert, ApiClient, Auth, AuthMode, Batched, BoundCall, BoxFuture, Call, Confirmed, Cost, CostInputs, Decode,
    Decoded, Disconnects, DocumentedLimit, Endpoint, Error, ErrorKind, GapFill, Idempotency, IntoCall, IntoParam, Item,
    Items, KNOWN_PROBLEMS, KnownProblem, Lazy, LimitScope, ListData, Live, LiveBuilder, LiveEvent, MessageHandle,
    Messages, NewRule, Overflow, PageMeta, Pages, Param, ParamLocation, PostHandle, PriceList, RateLimit, RawCall,
    RawPost, RawResponse, Reason, Request, Response, ResponseData, RulePlan, RulesChanged, SendInfo, SentMessage,
    StopHandle, StreamBatch, StreamMetrics, StreamStats, Transport, TransportError, TransportErrorKind, Typed,
    Undecoded, UnknownOutcome, UserHandle, WaitItems, WaitLive, WaitLiveItems, WaitPages, WelcomeHandle,
    WelcomeRuleHandle, all, by_id, by_route, construct_api_url, endpoints, facts, scopes_for, v1, v2,
};
#[doc(hidden)]
pub use chirrup_api::{internal, may_receive_credentials, printable_url};
pub use chirrup_auth::{AuthKind, Credential, Credentials, Scope, Secret};
#[cfg(feature = "cassettes")]
pub use chirrup_http::cassette;
pub use chirrup_http::{
    Budget, Clock, CredentialProvider, EndpointSpending, HttpBuilder, HttpTransport, Ledger, MergedStreams,
    MovableClock, OnRateLimit, Outbox, PollEvent, PollingStream, RateLimitStatus, RateLimitWait, Retry, Spending,
    SystemClock, WaitPollingStream, merge_streams,
};
#[doc(hidden)]
pub use chirrup_http::{config_dir, shutdown_signal};
pub use chirrup_http::{login, store, tokens, upload, webhook};
pub use client::{Client, ClientBuilder};
pub use searchable_post::searchable_post;

pub use chirrup_archive as archive;
pub use chirrup_auth as auth;
pub use chirrup_model as model;
pub use chirrup_query as query;
#[cfg(feature = "sandbox")]
pub use chirrup_sandbox as sandbox;
pub use chirrup_text as text;

#[cfg(feature = "sandbox")]
mod sandbox_test;

/// The examples of the guide in `docs`, compiled and run.
#[cfg(all(doctest, feature = "sandbox"))]
mod guide {
    macro_rules! pages {
        ($($name:ident: $path:literal;)+) => { $( #[doc = include_str!($path)] struct $name; )+ };
    }
    pages! {
        Readme: "../../../README.md";
        CrateReadme: "../README.md";
        QuickStart: "../../../docs/quick-start.md";
        Calls: "../../../docs/calls.md";
        Streams: "../../../docs/streams.md";
        Bots: "../../../docs/bots.md";
        V1: "../../../docs/v1.md";
        Media: "../../../docs/media.md";
        Money: "../../../docs/money.md";
        Text: "../../../docs/text.md";
        Sandbox: "../../../docs/sandbox.md";
    }
}
