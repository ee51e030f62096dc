//! The verbs of the X API: one table of endpoints, the calls made from it, replies, errors and pages.
//!
//! This crate knows no network. A [`Client`] sends through a [`Transport`]; `chirrup-http` is the one that most people use.
#![warn(missing_docs)]

mod arg;
mod batches;
mod call;
mod client;
pub mod declare;
pub mod endpoint;
mod error;
#[doc(hidden)]
pub mod groups;
mod handles;
mod lessons;
mod limits;
mod lines;
mod live;
mod multipart;
mod own;
mod pages;
pub mod prices;
mod raw;
mod repeat;
#[doc(hidden)]
pub mod reply;
mod rules;
mod transport;
mod unknown;
pub mod v1;
pub mod v2;
mod wait;

pub use arg::Arg;
pub use batches::Batched;
pub use call::{BadParam, Call, Context, Parts};
pub use client::{Client, ClientBuilder, Pending, Unsent};
pub use endpoint::{Auth, Meta, Param, Place, all, by_id, by_route, scopes_for};
pub use error::{Error, ErrorKind};
pub use handles::{MessageHandle, PostHandle, UserHandle, WelcomeHandle, WelcomeRuleHandle};
pub use lessons::{LESSONS, Lesson};
pub use limits::{Limit, LimitScope, counted_as, limits_for};
pub use lines::{Framed, Lines};
pub use live::{
    Alert, Decode, Decoded, Falls, Figures, Filled, Item, Lazy, Live, LiveBuilder, LiveEvent, LiveSettings, MakeRoom,
    Messages, Meter, Off, Outage, Overflow, RawEvent, RawLive, RawPost, Reason, Stopper, Typed, line_key, post_id,
};
pub use own::OwnMessage;
pub use pages::{Items, Pages, WaitItems, WaitPages};
pub use prices::{BadCost, Charge, Cost, Facts, PriceList, charge_of};
pub use raw::{RawCall, construct_api_url};
pub use repeat::{Repeat, all_of};
pub use reply::{Answer, Deliveries, Output, PageMeta, RateLimit, Reply};
pub use rules::{NewRule, RulePlan, RulesChanged};
pub use transport::{BoxFuture, Failure, FailureKind, Outgoing, Trail, Transport};
pub use unknown::{Confirmed, Unknown};

pub use chirrup_auth as auth;
pub use chirrup_model as model;
