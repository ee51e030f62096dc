//! The transport-independent core of the X API client: endpoints, calls, responses, errors, pages and streams.
//!
//! All endpoints are declared in one table with [`endpoints!`], from which the methods of [`ApiClient`] (API v2) and
//! [`V1`](v1::V1) (API v1.1) are generated. An [`ApiClient`] sends through a [`Transport`]. Applications depend on the
//! crate `chirrup`, which brings the transport for the network.
#![warn(missing_docs)]

mod batched;
mod bound_call;
mod call;
mod client;
pub mod endpoint;
mod endpoint_macro;
mod error;
pub mod facts;
mod groups;
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
mod request;
#[doc(hidden)]
pub mod response;
mod rules;
mod sync;
mod transport;
mod unknown_outcome;
pub mod v1;
pub mod v2;
mod wait;

pub use batched::Batched;
pub use bound_call::{BoundCall, IntoCall};
pub use call::{AuthMode, Call, HttpParts, InvalidParam};
pub use client::{ApiClient, ApiClientBuilder};
pub use endpoint::{Auth, Endpoint, Param, ParamLocation, all, by_id, by_route, scopes_for};
pub use error::{Error, ErrorKind};
pub use handles::{MessageHandle, PostHandle, UserHandle, WelcomeHandle, WelcomeRuleHandle};
pub use history::SentMessage;
pub use idempotency::Idempotency;
pub use known_problems::{KNOWN_PROBLEMS, KnownProblem};
pub use limits::{DocumentedLimit, LimitScope};
pub use live::{
    Alert, Decode, Decoded, Disconnects, EvictConnection, Gap, GapFill, Item, Lazy, Live, LiveBuilder, LiveEvent,
    LiveSettings, Messages, Overflow, RawEvent, RawLiveStream, RawPost, Reason, StopHandle, StreamMetrics, StreamStats,
    Typed, Undecoded,
};
pub use pages::{Items, ListData, Pages, WaitItems, WaitPages};
pub use prices::{Charge, Cost, CostInputs, InvalidCost, InvalidPriceList, PriceList};
pub use raw::{RawCall, construct_api_url};
pub use request::Request;
pub use response::{PageMeta, RateLimit, RawResponse, Response, StreamBatch};
pub use rules::{NewRule, RulePlan, RulesChanged};
pub use transport::{BoxFuture, SendInfo, Transport, TransportError, TransportErrorKind};
pub use unknown_outcome::{Confirmed, UnknownOutcome};

pub use chirrup_auth as auth;
pub use chirrup_model as model;
pub use chirrup_model::{IntoParam, ResponseData};

/// Functions that the crates of the project share. Not part of the public API: they may change at any time.
#[doc(hidden)]
pub mod internal {
    pub use crate::line_framer::{Frame, LineFramer};
    pub use crate::live::{line_key, post_id};
}
