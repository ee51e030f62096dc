#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod bot;
mod client;

pub use bot::{Bot, Command, GapReport, Report, message_of};
pub use chirrup_api::{
    Alert, Auth, AuthMode, Batched, BoxFuture, Call, Confirmed, Cost, Decode, Decoded, Disconnects, DocumentedLimit,
    Endpoint, Error, ErrorKind, GapFill, Idempotency, IntoCall, IntoParam, Item, Items, KNOWN_PROBLEMS, KnownProblem,
    Lazy, LimitScope, Live, LiveBuilder, LiveEvent, MessageHandle, Messages, NewRule, Overflow, PageMeta, Pages, Param,
    ParamLocation, PostHandle, PriceList, RateLimit, RawCall, RawPost, RawResponse, Reason, Request, Response,
    ResponseData, RulePlan, RulesChanged, SendInfo, SentMessage, StopHandle, StreamBatch, StreamMetrics, StreamStats,
    Transport, TransportError, TransportErrorKind, Typed, Undecoded, UnknownOutcome, UserHandle, WaitItems, WaitPages,
    WelcomeHandle, WelcomeRuleHandle, all, by_id, by_route, construct_api_url, limits_for, scopes_for, v1, v2,
};
pub use chirrup_auth::{AuthKind, Credential, Credentials, Scope, Secret};
#[cfg(feature = "cassettes")]
pub use chirrup_http::cassette;
pub use chirrup_http::{
    Budget, Clock, CredentialProvider, EndpointSpending, HttpBuilder, HttpTransport, Ledger, MergedStreams,
    MovableClock, OnRateLimit, Outbox, PollEvent, PollingStream, RateLimitStatus, RateLimitWait, Retry, Spending,
    SystemClock, config_dir, merge_streams, shutdown_signal,
};
pub use chirrup_http::{login, store, tokens, upload, webhook};
pub use client::{Client, ClientBuilder};

pub use chirrup_archive as archive;
pub use chirrup_auth as auth;
pub use chirrup_model as model;
pub use chirrup_query as query;
#[cfg(feature = "sandbox")]
pub use chirrup_sandbox as sandbox;
pub use chirrup_text as text;

/// The examples of the project's README, compiled and run.
#[cfg(all(doctest, feature = "sandbox"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
