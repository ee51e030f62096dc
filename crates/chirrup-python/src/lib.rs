//! The native module of the Python package `chirrup`: the client, its methods from the endpoint table, responses whose
//! parts are read when they are touched, and the sandbox.

mod argument;
mod cassette;
mod client;
mod documentation;
mod error;
mod event_loop;
mod feed;
mod headers;
mod line_stream;
mod method;
mod money;
mod pages;
mod parameters;
mod program;
mod raw_call;
mod raw_response;
mod response;
mod runtime;
mod sandbox;
mod seconds;
mod stream;
mod tree;
mod value;

use pyo3::prelude::*;

/// Native part of the package `chirrup`.
#[pymodule(name = "_native")]
mod native {
    #[pymodule_export]
    use crate::cassette::{CassetteUse, start_cassette};
    #[pymodule_export]
    use crate::client::{NativeClient, PyCredentials};
    #[pymodule_export]
    use crate::documentation::describe_endpoints;
    #[pymodule_export]
    use crate::error::error_kinds;
    #[pymodule_export]
    use crate::headers::Headers;
    #[pymodule_export]
    use crate::line_stream::LineStream;
    #[pymodule_export]
    use crate::method::{BoundMethod, EndpointMethod, endpoint_methods};
    #[pymodule_export]
    use crate::pages::{Items, Pages};
    #[pymodule_export]
    use crate::program::run_program;
    #[pymodule_export]
    use crate::raw_call::{call, lines};
    #[pymodule_export]
    use crate::raw_response::RawResponse;
    #[pymodule_export]
    use crate::response::Response;
    #[pymodule_export]
    use crate::sandbox::PySandbox;
    #[pymodule_export]
    use crate::stream::{Stream, StreamEvent, StreamEvents};
    #[pymodule_export]
    use crate::tree::{List, Object};
}
