//! Amounts that the clients have spent.

use chirrup::{Client, Error};
use pyo3::prelude::*;

use crate::error::exception;
use crate::money::dollars;

/// Amounts spent in dollars.
#[pyclass(frozen, get_all, module = "chirrup")]
pub(crate) struct Spending {
    /// Amount spent in this run of the program.
    run: Py<PyAny>,
    /// Amount spent on the current UTC day, by all programs that share the ledger.
    day: Py<PyAny>,
    /// Amount spent in the current UTC month, by all programs that share the ledger.
    month: Py<PyAny>,
}

impl Spending {
    pub(crate) fn of(py: Python<'_>, client: &Client) -> PyResult<Self> {
        let spent = client.spent();
        Ok(Self { run: dollars(py, spent.run)?, day: dollars(py, spent.day)?, month: dollars(py, spent.month)? })
    }
}

#[pymethods]
impl Spending {
    fn __repr__(&self) -> String {
        format!("Spending(run={}, day={}, month={})", self.run, self.day, self.month)
    }
}

/// Reads the setting `ledger`: the path of a folder, or `True` for the ledger of the user.
pub(crate) fn read_ledger(value: &Bound<'_, PyAny>) -> PyResult<Option<chirrup::Ledger>> {
    let fail = |error: Error| exception(value.py(), &error);
    match value.extract::<bool>() {
        Ok(true) => chirrup::Ledger::in_config_dir().map(Some).map_err(fail),
        Ok(false) => Ok(None),
        Err(_) => Ok(Some(chirrup::Ledger::in_folder(value.extract::<std::path::PathBuf>()?))),
    }
}
