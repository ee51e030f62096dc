//! The report of the ledger: amounts by day and endpoint.

use chirrup::{Clock as _, SystemClock};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;

use crate::client::NativeClient;
use crate::event_loop::respond;
use crate::money::dollars;

/// Amount that the calls of one endpoint have cost on one day.
#[pyclass(frozen, get_all, module = "chirrup")]
pub(crate) struct EndpointSpending {
    /// UTC day, such as `2026-11-21`.
    day: String,
    /// Name of the endpoint, such as `search_recent`.
    endpoint: String,
    /// Number of calls that cost something.
    calls: u64,
    /// Number of resources, such as posts and users, that were billed.
    resources: u64,
    /// Total cost of the calls in dollars.
    cost: Py<PyAny>,
    /// Number of these calls whose cost is not known yet. They count with their maximum cost.
    unsettled: u64,
}

#[pymethods]
impl EndpointSpending {
    fn __repr__(&self) -> String {
        let Self { day, endpoint, calls, resources, cost, .. } = self;
        format!(
            "EndpointSpending(day='{day}', endpoint='{endpoint}', calls={calls}, resources={resources}, cost={cost})"
        )
    }
}

/// The rows of a report, which are converted when the report is there.
struct Report(Vec<chirrup::EndpointSpending>);

impl<'py> IntoPyObject<'py> for Report {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let row = |row: chirrup::EndpointSpending| {
            let chirrup::EndpointSpending { day, endpoint, calls, resources, cost, unsettled, .. } = row;
            let cost = dollars(py, cost)?;
            Py::new(py, EndpointSpending { day, endpoint, calls, resources, cost, unsettled })
        };
        self.0.into_iter().map(row).collect::<PyResult<Vec<_>>>()?.into_bound_py_any(py)
    }
}

/// Returns the spending of the current month by day and endpoint.
#[pyfunction]
pub(crate) fn spending_report<'py>(client: &Bound<'py, NativeClient>) -> PyResult<Bound<'py, PyAny>> {
    let (py, native) = (client.py(), client.get());
    let ledger = native.client(py)?.ledger().clone();
    let report = async move { ledger.report(SystemClock.now()).await.map(Report) };
    respond(py, native.is_async, report)
}
