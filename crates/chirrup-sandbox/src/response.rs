//! Parts of responses: objects with the requested fields, and problems.

pub(crate) mod api_error;
pub(crate) mod http;
pub(crate) mod json;
pub(crate) mod select;
pub(crate) mod v1_errors;
pub(crate) mod v1_objects;
pub(crate) mod v1_params;
