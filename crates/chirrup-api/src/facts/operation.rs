//! The facts of an OpenAPI document, as types.

use std::collections::BTreeMap;
use std::fmt;

use crate::endpoint::ParamLocation;

/// Operations of an OpenAPI document of X, with its version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// Version of the document, such as `2.173`.
    pub version: String,
    /// Operations by path and method.
    pub operations: Vec<OperationFacts>,
}

impl Facts {
    /// Creates the facts of a document from its operations.
    pub fn new(version: impl Into<String>, mut operations: Vec<OperationFacts>) -> Self {
        operations.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
        Self { version: version.into(), operations }
    }

    /// Returns the operation with this method and path.
    pub fn operation(&self, method: &str, path: &str) -> Option<&OperationFacts> {
        self.operations.iter().find(|operation| operation.method == method && operation.path == path)
    }
}

/// Facts about an operation: how it is called and who may call it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationFacts {
    /// HTTP method in upper case.
    pub method: String,
    /// Path with placeholders such as `{id}`.
    pub path: String,
    /// Name of the operation in the document: its `operationId`.
    pub id: String,
    /// Area of the API: the first tag of the operation.
    pub area: String,
    /// Whether the response is an endless stream.
    pub streaming: bool,
    /// Whether the document marks the operation as deprecated.
    pub deprecated: bool,
    /// Accepted credentials (`app_only`, `oauth1`, `oauth2`), each with its scopes.
    pub auth: BTreeMap<String, Vec<String>>,
    /// Parameters of the path, the query and the body.
    pub params: Vec<ParamFacts>,
}

impl OperationFacts {
    /// Creates the facts of an operation without credentials and parameters.
    pub fn new(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: method.into(), path: path.into(), ..Self::default() }
    }

    /// Returns the parameter of this name, in the path, the query or the body.
    pub fn param(&self, name: &str) -> Option<&ParamFacts> {
        self.params.iter().find(|param| param.name == name)
    }

    /// Returns the scopes that a user's OAuth 2.0 token needs; empty if the operation accepts no such token.
    pub fn scopes(&self) -> &[String] {
        self.auth.get("oauth2").map_or(&[], Vec::as_slice)
    }
}

/// Facts about a parameter: its place, its type and its bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamFacts {
    /// Name of the parameter in the document. A file that is the whole body has the name `body`.
    pub name: String,
    /// Part of the request that carries the parameter.
    pub location: ParamLocation,
    /// Whether a request without the parameter is invalid.
    pub required: bool,
    /// Values that the parameter takes.
    pub value: ValueFacts,
}

impl ParamFacts {
    /// Creates the facts of an optional parameter.
    pub fn new(name: impl Into<String>, location: ParamLocation, value: ValueFacts) -> Self {
        Self { name: name.into(), location, required: false, value }
    }
}

/// Values that a parameter takes: the type and its bounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValueFacts {
    /// JSON type such as `integer` or `string`, or the format of a text such as `date-time`. Empty if the document does
    /// not say.
    pub kind: String,
    /// Bounds on the number of values, if the parameter is a list.
    pub list: Option<Bounds>,
    /// Bounds on an integer, or on the length of a text in characters. For a list, those of its values.
    pub bounds: Bounds,
    /// Regular expression that a text matches; empty for any text.
    pub pattern: String,
    /// Allowed words; empty for any text.
    pub words: Vec<String>,
}

impl ValueFacts {
    /// Creates the facts of a value of a type without bounds.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }
}

impl fmt::Display for ValueFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bounds) = self.list {
            write!(f, "list{} of ", Spaced(bounds))?;
        }
        f.write_str(if self.kind.is_empty() { "any value" } else { &self.kind })?;
        write!(f, "{}", Spaced(self.bounds))?;
        if !self.pattern.is_empty() {
            write!(f, " {}", self.pattern)?;
        }
        if !self.words.is_empty() {
            write!(f, " [{}]", self.words.join(", "))?;
        }
        Ok(())
    }
}

/// Inclusive bounds, either of which may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Minimum, or `None` if the document gives none.
    pub min: Option<i64>,
    /// Maximum, or `None` if the document gives none.
    pub max: Option<i64>,
}

impl Bounds {
    /// Creates bounds from a minimum and a maximum.
    pub const fn new(min: Option<i64>, max: Option<i64>) -> Self {
        Self { min, max }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bound: Option<i64>| bound.map_or_else(String::new, |bound| bound.to_string());
        if self.min.is_none() && self.max.is_none() {
            return Ok(());
        }
        write!(f, "{}..{}", text(self.min), text(self.max))
    }
}

/// Bounds with a space before them, or nothing.
struct Spaced(Bounds);

impl fmt::Display for Spaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == Bounds::default() { Ok(()) } else { write!(f, " {}", self.0) }
    }
}
