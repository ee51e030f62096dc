//! The module `chirrup.query`: the language of searches and stream rules.

use chirrup::model::{Includes, Post, dialect};
use chirrup::query::{self, MatchMode, PreparedPost, SearchablePost, Severity, Target};
use chirrup::{Error, searchable_post};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde_json::Value as Json;

use crate::argument::json;
use crate::error::exception;
use crate::text::character;

/// Parsed query of a search or stream rule. `str()` returns its text.
#[pyclass(frozen, eq, module = "chirrup.query")]
#[derive(PartialEq)]
pub(crate) struct Query(query::Query);

fn parsed(py: Python<'_>, text: &str) -> PyResult<query::Query> {
    query::parse(text).map_err(|why| {
        let error = Error::invalid_argument(format!("query: {why}"));
        exception(py, &why.suggestion.iter().fold(error, |error, hint| error.with_hint(hint.clone())))
    })
}

/// Reads the rules by which posts match: those of `search` or of `stream`.
fn read_mode(mode: &str) -> PyResult<MatchMode> {
    match mode {
        "search" => Ok(MatchMode::Search),
        "stream" => Ok(MatchMode::Stream),
        other => Err(PyValueError::new_err(format!("mode: `{other}` is not search or stream"))),
    }
}

/// Reads a post and the included objects of its response. A response with one post, such as an item of a stream, has both.
fn read_post(post: &Bound<'_, PyAny>, includes: Option<&Bound<'_, PyAny>>) -> PyResult<SearchablePost> {
    let decoded = |error: serde_json::Error| PyValueError::new_err(format!("this is not a post: {error}"));
    let (post, includes) = match post.cast::<crate::response::Response>() {
        Ok(response) => (response.getattr("data")?, json(&response.getattr("includes")?)?),
        Err(_) => (post.clone(), includes.map_or(Ok(Json::Null), json)?),
    };
    let post: Post = dialect::decode_value(&json(&post)?).map_err(decoded)?;
    let includes: Includes = match includes {
        Json::Null => Includes::default(),
        includes => dialect::decode_value(&includes).map_err(decoded)?,
    };
    Ok(searchable_post(&post, &includes))
}

#[pymethods]
impl Query {
    /// Parses a query. Raises `ArgumentError` with the position of a mistake.
    #[new]
    fn new(py: Python<'_>, text: &str) -> PyResult<Self> {
        parsed(py, text).map(Self)
    }

    /// Describes the matching posts in English.
    fn explain(&self) -> String {
        self.0.explain()
    }

    /// Returns an equivalent query without redundant groups, repeated terms and double negations.
    fn normalize(&self) -> Self {
        Self(self.0.normalize())
    }

    /// Returns whether a post matches by the rules of searches, or of a stream with `mode="stream"`.
    ///
    /// post: a post of a response, a dictionary, or an item of a stream.
    /// includes: included objects of its response, for conditions on the author, media and places.
    #[pyo3(signature = (post, includes=None, *, mode="search"))]
    fn matches(&self, post: &Bound<'_, PyAny>, includes: Option<&Bound<'_, PyAny>>, mode: &str) -> PyResult<bool> {
        let post = read_post(post, includes)?;
        Ok(PreparedPost::new(&post, read_mode(mode)?).matches(&self.0))
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Query({:?})", self.0.to_string())
    }
}

/// Parses a query. Raises `ArgumentError` with the position of a mistake.
#[pyfunction]
pub(crate) fn parse(py: Python<'_>, text: &str) -> PyResult<Query> {
    Query::new(py, text)
}

/// Describes the posts that a query matches in English.
#[pyfunction]
pub(crate) fn explain(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(parsed(py, text)?.explain())
}

/// Error or warning about a query.
#[pyclass(frozen, get_all, module = "chirrup.query")]
#[derive(Clone)]
pub(crate) struct Diagnostic {
    /// Severity: `error` if X rejects the query, or `warning`.
    severity: &'static str,
    /// Index of the first character of the problem.
    start: usize,
    /// Index after the last character of the problem.
    end: usize,
    /// Description of the problem.
    message: String,
    /// Suggested correction, or None.
    suggestion: Option<String>,
}

#[pymethods]
impl Diagnostic {
    fn __repr__(&self) -> String {
        format!("Diagnostic({}: {:?} at {}..{})", self.severity, self.message, self.start, self.end)
    }
}

/// Result of the check of a query: its errors and warnings. `str()` shows them below the query.
#[pyclass(frozen, module = "chirrup.query")]
pub(crate) struct Report {
    report: query::Report,
    diagnostics: Vec<Diagnostic>,
}

#[pymethods]
impl Report {
    /// Whether the query has no errors. Warnings are allowed.
    #[getter]
    fn ok(&self) -> bool {
        self.report.is_ok()
    }

    /// Errors, followed by warnings.
    #[getter]
    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.diagnostics.clone()
    }

    /// Parsed query; None if its grammar is invalid.
    #[getter]
    fn query(&self) -> Option<Query> {
        self.report.query.clone().map(Query)
    }

    fn __str__(&self) -> String {
        self.report.render()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let diagnostics = self.diagnostics().into_py_any(py)?;
        Ok(format!("Report({})", diagnostics.bind(py).repr()?))
    }
}

/// Checks a query before X does.
///
/// product: `recent` for searches of the last seven days, `all` for searches of all posts, `stream` for stream rules.
/// enterprise: whether the app has Enterprise access, with longer queries and more operators.
#[pyfunction]
#[pyo3(signature = (text, product="recent", *, enterprise=false))]
pub(crate) fn check(text: &str, product: &str, enterprise: bool) -> PyResult<Report> {
    let target = match product {
        "recent" => Target::RECENT_SEARCH,
        "all" => Target::FULL_ARCHIVE_SEARCH,
        "stream" => Target::FILTERED_STREAM,
        other => return Err(PyValueError::new_err(format!("product: `{other}` is not recent, all or stream"))),
    };
    let report = query::check(text, if enterprise { target.enterprise() } else { target });
    let diagnostic = |found: &query::Diagnostic| Diagnostic {
        severity: if found.severity == Severity::Error { "error" } else { "warning" },
        start: character(text, found.span.start),
        end: character(text, found.span.end),
        message: found.message.clone(),
        suggestion: found.suggestion.clone(),
    };
    let diagnostics = report.diagnostics.iter().map(diagnostic).collect();
    Ok(Report { report, diagnostics })
}

/// Index of many rules, which tests a post against all of them at once.
#[pyclass(frozen, module = "chirrup.query")]
pub(crate) struct RuleIndex(query::RuleIndex);

#[pymethods]
impl RuleIndex {
    /// Parses and indexes rules. A rule is identified by its position.
    #[new]
    fn new(py: Python<'_>, rules: Vec<String>) -> PyResult<Self> {
        let rules = rules.iter().map(|rule| parsed(py, rule)).collect::<PyResult<Vec<_>>>()?;
        Ok(Self(query::RuleIndex::new(rules)))
    }

    /// Returns the positions of all rules that a post matches, in ascending order. The arguments are those of
    /// `Query.matches`; here, the rules of streams are the default.
    #[pyo3(signature = (post, includes=None, *, mode="stream"))]
    fn matches(
        &self,
        post: &Bound<'_, PyAny>,
        includes: Option<&Bound<'_, PyAny>>,
        mode: &str,
    ) -> PyResult<Vec<usize>> {
        Ok(self.0.matches(&read_post(post, includes)?, read_mode(mode)?))
    }
}
