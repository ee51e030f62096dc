//! Methods for the endpoints of API v2, generated from the endpoint table.
#![allow(clippy::wildcard_imports, reason = "the generated signatures use the parameter types of all endpoints")]

use chirrup_api::model::*;
use serde_json::Value as Json;

use super::core::Client;

chirrup_api::client_methods! {}
