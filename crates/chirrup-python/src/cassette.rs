//! The cassette that the clients of this process use in place of the network.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chirrup::cassette::{Cassette, Matching};
use chirrup::{ClientBuilder, Error, HttpBuilder};
use pyo3::prelude::*;

use crate::error::exception;

/// What the clients use in place of the network.
#[derive(Clone)]
enum Tape {
    /// Exchanges of a file, which are replayed.
    Replayed(Arc<Cassette>),
    /// A file to which the exchanges with the network are recorded.
    Recorded(PathBuf),
}

/// Tapes that are in use, the current one last, each with a number that no other has.
static TAPES: Mutex<(u64, Vec<(u64, Tape)>)> = Mutex::new((0, Vec::new()));

fn tapes() -> MutexGuard<'static, (u64, Vec<(u64, Tape)>)> {
    TAPES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the number of the current tape; `None` for the network.
pub(crate) fn current() -> Option<u64> {
    tapes().1.last().map(|(number, _)| *number)
}

/// Lets a client use the current tape.
pub(crate) fn apply(builder: ClientBuilder, network: HttpBuilder) -> ClientBuilder {
    match tapes().1.last() {
        Some((_, Tape::Replayed(cassette))) => builder.http(network.transport(Arc::clone(cassette) as _)),
        Some((_, Tape::Recorded(file))) => builder.http(network.record(file)),
        None => builder.http(network),
    }
}

/// Use of a cassette, from its start to its end.
#[pyclass(frozen, module = "chirrup._native")]
pub(crate) struct CassetteUse {
    number: u64,
    cassette: Option<Arc<Cassette>>,
}

/// Lets all clients replay a file, or record to it.
#[pyfunction]
pub(crate) fn start_cassette(py: Python<'_>, file: PathBuf, records: bool, matching: &str) -> PyResult<CassetteUse> {
    let fail = |error: Error| exception(py, &error);
    let matching = match matching {
        "strict" => Matching::Strict,
        "method_and_uri" => Matching::MethodAndUri,
        "lenient" => Matching::Lenient,
        other => {
            let message = format!("matching: `{other}` is not strict, method_and_uri or lenient");
            return Err(fail(Error::invalid_argument(message)));
        }
    };
    let cassette = match records {
        true => None,
        false => Some(Arc::new(Cassette::load(&file).map_err(fail)?.matching(matching))),
    };
    let mut tapes = tapes();
    tapes.0 += 1;
    let number = tapes.0;
    let tape = cassette.clone().map_or(Tape::Recorded(file), Tape::Replayed);
    tapes.1.push((number, tape));
    Ok(CassetteUse { number, cassette })
}

#[pymethods]
impl CassetteUse {
    /// Ends the use of the cassette.
    fn stop(&self) {
        tapes().1.retain(|(number, _)| *number != self.number);
    }

    /// Method and path of the exchanges that were not replayed.
    #[getter]
    fn unplayed(&self) -> Vec<String> {
        self.cassette.as_ref().map(|cassette| cassette.unplayed()).unwrap_or_default()
    }

    /// Number of recorded exchanges; 0 while recording.
    fn __len__(&self) -> usize {
        self.cassette.as_ref().map_or(0, |cassette| cassette.len())
    }
}
