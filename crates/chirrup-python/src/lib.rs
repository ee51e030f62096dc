//! The native module of the Python package `chirrup`: the client, its methods from the endpoint table, responses whose
//! parts are read when they are touched, and the sandbox.

mod access;
mod argument;
mod arrow;
mod attach;
mod bot;
mod cassette;
mod client;
mod count;
mod documentation;
mod error;
mod event_loop;
mod feed;
mod headers;
mod html;
mod line_stream;
mod logging;
mod method;
mod money;
mod outbox;
mod pages;
mod parameters;
mod program;
mod query;
mod raw_call;
mod raw_response;
mod response;
mod runtime;
mod sandbox;
mod seconds;
mod settings;
mod spending;
mod spending_report;
mod stream;
mod table;
mod text;
mod tree;
mod upload;
mod value;
mod webhook;

use pyo3::prelude::*;

/// Native part of the package `chirrup`.
#[pymodule(name = "_native")]
mod native {
    use chirrup::internal::RESERVED_HEADERS;
    use pyo3::prelude::*;
    use pyo3::pymodule;
    use pyo3::types::PyFrozenSet;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let detach_threads = module.getattr("detach_threads")?;
        module.py().import("atexit")?.call_method1("register", (detach_threads,))?;
        let reserved = RESERVED_HEADERS.iter().map(|name| name.as_str());
        module.add("RESERVED_HEADERS", PyFrozenSet::new(module.py(), reserved)?)
    }

    #[pymodule_export]
    use crate::attach::detach_threads;
    #[pymodule_export]
    use crate::bot::{NativeBot, PyCommand, PyReport};
    #[pymodule_export]
    use crate::cassette::{CassetteUse, start_cassette};
    #[pymodule_export]
    use crate::client::{NativeClient, PyCredentials};
    #[pymodule_export]
    use crate::documentation::{describe_endpoints, read_data};
    #[pymodule_export]
    use crate::error::error_kinds;
    #[pymodule_export]
    use crate::headers::Headers;
    #[pymodule_export]
    use crate::line_stream::LineStream;
    #[pymodule_export]
    use crate::method::{BoundMethod, EndpointMethod, endpoint_methods};
    #[pymodule_export]
    use crate::outbox::PyOutbox;
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
    use crate::spending::Spending;
    #[pymodule_export]
    use crate::spending_report::{EndpointSpending, spending_report};
    #[pymodule_export]
    use crate::stream::{Stream, StreamEvent, StreamEvents};
    #[pymodule_export]
    use crate::table::Table;
    #[pymodule_export]
    use crate::tree::{List, Object};
    #[pymodule_export]
    use crate::upload::{UploadProgress, Uploaded, upload};
    #[pymodule_export]
    use crate::webhook::{PyAccountEvents, WebhookReceiver};

    /// The text rules of a post: weighted length, entities, HTML, threads.
    #[pymodule]
    mod text {
        #[pymodule_export]
        use crate::text::{
            Entity, ParsedText, auto_link, escape_html, extract, highlight, html_for_post, html_for_tweet,
            is_valid_hashtag, is_valid_list, is_valid_text, is_valid_url, is_valid_username, parse, reply_screen_name,
            split, strip_terminal_controls, truncate, weighted_length,
        };
    }

    /// The language of searches and stream rules: parse, explain, check and match.
    #[pymodule]
    mod query {
        #[pymodule_export]
        use crate::query::{Diagnostic, Query, Report, RuleIndex, check, explain, parse};
    }
}
