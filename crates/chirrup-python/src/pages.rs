//! Pages of a result and their items, which are requested when they are read.

use std::sync::{Arc, Mutex, PoisonError};

use chirrup::internal::UndecodedData;
use chirrup::{BoundCall, Endpoint, Error};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::{PyStopAsyncIteration, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::error::exception;
use crate::event_loop::{finished, future_of};
use crate::response::Response;
use crate::runtime::wait;

/// A walk through the pages of a result, of a list or of an object with a list.
enum Walk {
    Lists(chirrup::Pages<UndecodedData<true>>),
    Objects(chirrup::Pages<UndecodedData<false>>),
}

impl Walk {
    async fn next(&mut self, endpoint: &'static Endpoint) -> Option<Result<Response, Error>> {
        match self {
            Self::Lists(pages) => {
                let page = pages.next_page().await?;
                Some(page.map(|page| Response::new(Some(endpoint), page)))
            }
            Self::Objects(pages) => {
                let page = pages.next_page().await?;
                Some(page.map(|page| Response::new(Some(endpoint), page)))
            }
        }
    }

    fn token(&self) -> Option<String> {
        match self {
            Self::Lists(pages) => pages.token().map(str::to_owned),
            Self::Objects(pages) => pages.token().map(str::to_owned),
        }
    }
}

/// Pages of a result: an iterator of responses. Each page is requested when it is read.
///
/// After an error the next page to read is the same one.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct Pages {
    endpoint: &'static Endpoint,
    is_async: bool,
    walk: Arc<tokio::sync::Mutex<Walk>>,
    token: Arc<Mutex<Option<String>>>,
}

impl Pages {
    pub(crate) fn new(call: BoundCall, endpoint: &'static Endpoint, is_async: bool) -> Self {
        let walk = match endpoint.returns_list {
            true => Walk::Lists(chirrup::Pages::new(call)),
            false => Walk::Objects(chirrup::Pages::new(call)),
        };
        Self { endpoint, is_async, walk: Arc::new(tokio::sync::Mutex::new(walk)), token: Arc::default() }
    }

    fn next(&self) -> impl Future<Output = Option<Result<Response, Error>>> + Send + 'static {
        let (walk, token, endpoint) = (Arc::clone(&self.walk), Arc::clone(&self.token), self.endpoint);
        async move {
            let mut walk = walk.lock().await;
            let page = walk.next(endpoint).await;
            *token.lock().unwrap_or_else(PoisonError::into_inner) = walk.token();
            page
        }
    }

    fn refuse_other_client(&self, wants_async: bool) -> PyResult<()> {
        match self.is_async == wants_async {
            true => Ok(()),
            false if self.is_async => Err(PyTypeError::new_err("pages of an AsyncClient are read with `async for`")),
            false => Err(PyTypeError::new_err("pages of a Client are read with `for`")),
        }
    }
}

#[pymethods]
impl Pages {
    /// Returns the class itself: the types of its parts are for type checkers.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _types: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    /// Token of the next page, with which `page_token` continues; None before the first page and after the last.
    #[getter]
    fn token(&self) -> Option<String> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        slf.refuse_other_client(false)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Response>> {
        wait(py, self.next())?.transpose().map_err(|error| exception(py, &error))
    }

    fn __aiter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        slf.refuse_other_client(true)?;
        Ok(slf)
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        future_of(py, self.next(), |py, page| match page {
            Some(Ok(page)) => page.into_py_any(py),
            Some(Err(error)) => Err(exception(py, &error)),
            None => Err(PyStopAsyncIteration::new_err(())),
        })
    }
}

/// Items of all pages of a result. Pages are requested as needed.
#[pyclass(frozen, module = "chirrup")]
pub(crate) struct Items {
    pages: Pages,
    ready: Arc<Mutex<Ready>>,
}

/// Items of the page that is read, and how many may follow.
#[derive(Default)]
struct Ready {
    page: Option<Py<PyAny>>,
    next: usize,
    left: Option<usize>,
}

impl Ready {
    /// Returns the next item of the page.
    fn take(&mut self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let Some(page) = self.page.as_ref().filter(|_| self.left != Some(0)) else { return Ok(None) };
        let page = page.bind(py);
        if self.next >= page.len()? {
            self.page = None;
            return Ok(None);
        }
        let item = page.get_item(self.next)?.unbind();
        self.next += 1;
        self.left = self.left.map(|left| left - 1);
        Ok(Some(item))
    }

    fn is_over(&self) -> bool {
        self.left == Some(0)
    }

    fn start(&mut self, py: Python<'_>, page: &Response) -> PyResult<()> {
        self.page = Some(page.items(py)?);
        self.next = 0;
        Ok(())
    }
}

impl Items {
    pub(crate) fn new(pages: Pages, limit: Option<usize>) -> Self {
        Self { pages, ready: Arc::new(Mutex::new(Ready { left: limit, ..Ready::default() })) }
    }
}

#[pymethods]
impl Items {
    /// Returns the class itself: the types of its parts are for type checkers.
    #[classmethod]
    fn __class_getitem__<'py>(class: &Bound<'py, PyType>, _types: &Bound<'py, PyAny>) -> Bound<'py, PyType> {
        class.clone()
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        slf.pages.refuse_other_client(false)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        loop {
            let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
            let item = ready.take(py)?;
            if item.is_some() || ready.is_over() {
                return Ok(item);
            }
            drop(ready);
            let Some(page) = wait(py, self.pages.next())? else { return Ok(None) };
            let page = page.map_err(|error| exception(py, &error))?;
            self.ready.lock().unwrap_or_else(PoisonError::into_inner).start(py, &page)?;
        }
    }

    fn __aiter__(slf: PyRef<'_, Self>) -> PyResult<PyRef<'_, Self>> {
        slf.pages.refuse_other_client(true)?;
        Ok(slf)
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(item) = ready.take(py)? {
            return finished(py, Ok(item));
        }
        if ready.is_over() {
            return finished(py, Err(PyStopAsyncIteration::new_err(())));
        }
        drop(ready);
        let shared = Arc::clone(&self.ready);
        let pages = (Arc::clone(&self.pages.walk), self.pages.endpoint);
        // A page may be empty, although others follow.
        let work = async move {
            let (walk, endpoint) = pages;
            loop {
                match walk.lock().await.next(endpoint).await {
                    Some(Ok(page)) if page.is_empty() => {}
                    page => return page,
                }
            }
        };
        future_of(py, work, move |py, page| match page {
            Some(Ok(page)) => {
                let mut ready = shared.lock().unwrap_or_else(PoisonError::into_inner);
                ready.start(py, &page)?;
                ready.take(py)?.ok_or_else(|| PyStopAsyncIteration::new_err(()))
            }
            Some(Err(error)) => Err(exception(py, &error)),
            None => Err(PyStopAsyncIteration::new_err(())),
        })
    }
}
