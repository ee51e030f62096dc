//! The transport-independent core of the X API client: endpoints, calls, responses, errors, pages and streams.
//!
//! All endpoints are declared in one table with [`endpoints!`], from which the methods of [`ApiClient`] (API v2) and
//! [`V1`](v1::V1) (API v1.1) are generated. An [`ApiClient`] sends through a [`Transport`]. Applications depend on the
//! crate `chirrup`, which brings the transport for the network.
#![warn(missing_docs)]

mod call;
mod client;
pub mod endpoint;
pub mod facts;
mod handles;
mod live;
mod paging;
pub mod prices;
#[doc(hidden)]
pub mod response;
mod routes;
mod table;
pub mod v1;
pub mod v2;

pub use call::read::InvalidParam;
pub use call::{AuthMode, Call, HttpParts};
pub use client::bound_call::{BoundCall, IntoCall};
#[doc(hidden)]
#[cfg(feature = "samples")]
pub use client::example::Example;
pub use client::future::BoxFuture;
pub use client::history::SentMessage;
#[doc(hidden)]
pub use client::origins::{may_receive_credentials, printable_url};
pub use client::reconnect_reason::Reason;
pub use client::request::Request;
pub use client::stream_metrics::{Disconnects, StopHandle, StreamMetrics, StreamStats};
pub use client::stream_settings::{
    Alert, EvictConnection, Gap, LiveSettings, Overflow, RawEvent, RawLine, RawLiveStream,
};
pub use client::transport::Transport;
pub use client::{ApiClient, ApiClientBuilder};
pub use endpoint::idempotency::Idempotency;
pub use endpoint::limits::{DocumentedLimit, LimitScope};
pub use endpoint::{Auth, Endpoint, Param, ParamLocation};
pub use handles::raw_call::{RawCall, construct_api_url};
pub use handles::rules::{NewRule, RulePlan, RulesChanged};
pub use handles::{MessageHandle, PostHandle, UserHandle, WelcomeHandle, WelcomeRuleHandle};
pub use live::builder::LiveBuilder;
pub use live::decode::{Decode, Decoded, Item, Lazy, Messages, RawPost, Typed, Undecoded};
pub use live::event::{GapFill, LiveEvent};
pub use live::stream::Live;
pub use live::wait::{WaitLive, WaitLiveItems};
pub use paging::batched::Batched;
pub use paging::pages::{Items, ListData, Pages, WaitItems, WaitPages};
pub use prices::{Charge, Cost, CostInputs, InvalidCost, InvalidPriceList, PriceList};
pub use response::error::Error;
pub use response::error_kind::ErrorKind;
pub use response::known_problems::{KNOWN_PROBLEMS, KnownProblem};
pub use response::raw_response::{RateLimit, RawResponse};
pub use response::send_info::SendInfo;
pub use response::transport_error::{TransportError, TransportErrorKind};
pub use response::unknown_outcome::{Confirmed, UnknownOutcome};
pub use response::{PageMeta, Response, StreamBatch};
pub use routes::by_route;
#[doc(hidden)]
#[cfg(feature = "samples")]
pub use table::examples;
pub use table::{all, by_id, scopes_for};

pub use chirrup_auth as auth;
pub use chirrup_model as model;
pub use chirrup_model::{IntoParam, ResponseData};

/// Functions that the crates of the project share. Not part of the public API: they may change at any time.
#[doc(hidden)]
pub mod internal {
    pub use crate::call::headers::{RESERVED_HEADERS, add_header};
    pub use crate::call::multipart::{Part as MultipartPart, is_multipart, read as read_multipart};
    pub use crate::live::decode::{line_key, post_id};
    pub use crate::live::dedup::{DuplicateWindow, Member as DuplicateMember};
    pub use crate::live::line_framer::{Frame, LineFramer};
    pub use crate::response::members::{first_items, is_too_deep, members, visit_items, visit_members};
    pub use crate::response::undecoded_data::UndecodedData;
    pub use chirrup_model::internal::JsonScanner;
}
