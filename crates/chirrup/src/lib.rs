#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod bot;
mod client;

pub use bot::{Bot, Command, Gap, Report, message_of};
pub use chirrup_api::{
    Alert, Answer, Arg, Auth, Batched, BoxFuture, Call, Confirmed, Context, Cost, Decode, Decoded, Deliveries, Error,
    ErrorKind, Failure, FailureKind, Falls, Figures, Filled, Item, Items, LESSONS, Lazy, Lesson, Limit, LimitScope,
    Live, LiveBuilder, LiveEvent, MessageHandle, Messages, Meta, Meter, NewRule, Off, Outgoing, Output, Overflow,
    OwnMessage, PageMeta, Pages, Param, Place as ParamPlace, PostHandle, PriceList, RateLimit, RawCall, RawPost,
    Reason, Repeat, Reply, RulePlan, RulesChanged, Stopper, Trail, Transport, Typed, Unknown, Unsent, UserHandle,
    WaitItems, WaitPages, WelcomeHandle, WelcomeRuleHandle, all, by_id, by_route, construct_api_url, limits_for,
    scopes_for, v1, v2,
};
pub use chirrup_auth::{AuthKind, Credential, Credentials, Scope, Secret};
#[cfg(feature = "cassettes")]
pub use chirrup_http::cassette;
pub use chirrup_http::{
    BucketState, Budget, Clock, HttpBuilder, HttpTransport, Keeper, Ledger, Limits, Merged, MovableClock, Outbox, Pull,
    Pulled, Retry, Spent, SpentOn, SystemClock, Waiting, interrupted, merge, settings_folder,
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
