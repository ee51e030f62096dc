//! Examples of the table as functions.

use super::ApiClient;
use super::bound_call::BoundCall;
use crate::endpoint::Endpoint;

/// Example of an endpoint as a function, with which a test sends it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Example {
    /// Endpoint that the example calls.
    pub endpoint: &'static Endpoint,
    /// Creates the call of the example.
    pub bind: fn(&ApiClient) -> BoundCall,
}
