//! The verbs of the X API: one table of endpoints, the calls made from it, replies, errors and pages.
//!
//! This crate knows no network. A [`Client`] sends through a [`Transport`]; `chirrup-http` is the one that most people use.
#![warn(missing_docs)]

mod batched;
mod call;
mod client;
pub mod declare;
pub mod endpoint;
mod error;
#[doc(hidden)]
pub mod groups;
mod handles;
mod history;
mod idempotency;
mod known_problems;
mod limits;
mod line_framer;
mod live;
mod multipart;
mod pages;
pub mod prices;
mod raw;
#[doc(hidden)]
pub mod response;
mod rules;
mod transport;
mod unknown_outcome;
pub mod v1;
pub mod v2;
mod wait;

pub use batched::Batched;
pub use call::{AuthMode, Call, HttpParts, InvalidParam};
pub use client::{BoundCall, Client, ClientBuilder, IntoCall};
pub use endpoint::{Auth, Endpoint, Param, ParamLocation, all, by_id, by_route, scopes_for};
pub use error::{Error, ErrorKind};
pub use handles::{MessageHandle, PostHandle, UserHandle, WelcomeHandle, WelcomeRuleHandle};
pub use history::SentMessage;
pub use idempotency::Idempotency;
pub use known_problems::{KNOWN_PROBLEMS, KnownProblem};
pub use limits::{DocumentedLimit, LimitScope, limits_for, window_of};
pub use line_framer::{Frame, LineFramer};
pub use live::{
    Alert, Decode, Decoded, Disconnects, EvictConnection, Gap, GapFill, Item, Lazy, Live, LiveBuilder, LiveEvent,
    LiveSettings, Messages, Overflow, RawEvent, RawLiveStream, RawPost, Reason, StopHandle, StreamMetrics, StreamStats,
    Typed, Undecoded, line_key, post_id,
};
pub use pages::{Items, Pages, WaitItems, WaitPages};
pub use prices::{Charge, Cost, CostInputs, InvalidCost, InvalidPriceList, PriceList, charge_for};
pub use raw::{RawCall, construct_api_url};
pub use response::{PageMeta, RateLimit, RawResponse, Response, StreamBatch};
pub use rules::{NewRule, RulePlan, RulesChanged};
pub use transport::{BoxFuture, Request, SendInfo, Transport, TransportError, TransportErrorKind};
pub use unknown_outcome::{Confirmed, UnknownOutcome};

pub use chirrup_auth as auth;
pub use chirrup_model as model;
pub use chirrup_model::{IntoParam, ResponseData};
