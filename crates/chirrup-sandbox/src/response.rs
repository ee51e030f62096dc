//! Parts of responses: objects with the requested fields, and problems.

pub(crate) mod api_error;
pub(crate) mod content;
pub(crate) mod dm_event;
pub(crate) mod gzip;
pub(crate) mod headers;
pub(crate) mod http;
mod includes;
pub(crate) mod jpeg;
pub(crate) mod json;
mod object_writer;
pub(crate) mod post_object;
pub(crate) mod rendered_text;
pub(crate) mod select;
mod selection;
mod user_object;
pub(crate) mod v1_errors;
mod v1_media;
pub(crate) mod v1_objects;
pub(crate) mod v1_params;
mod v1_profile;
pub(crate) mod v1_values;
pub(crate) mod viewer;
pub(crate) mod wire;
