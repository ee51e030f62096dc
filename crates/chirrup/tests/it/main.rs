//! The client against the sandbox, over real sockets. One binary, so that it links once.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

mod around;
mod auth;
mod bots;
mod cassettes;
mod catalog;
mod dms;
mod endure;
mod failures;
mod guard;
mod hooks;
mod lessons;
mod limits;
mod listen;
mod lists;
mod live;
mod login;
mod media;
mod money;
mod pages;
mod posts;
mod raw;
mod rooms;
mod rules;
mod samples;
mod shared;
mod spaces;
mod specification;
mod streams;
mod survive;
mod together;
mod tokens;
mod uploads;
mod users;
mod webhooks;
mod world;
