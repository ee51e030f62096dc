//! The client: its settings, and the sending of calls.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chirrup::internal::UndecodedData;
use chirrup::{Budget, Call, Client, ClientBuilder, Credentials, Error, HttpBuilder, OnRateLimit, Retry};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyType};

use crate::access::read_access;
use crate::cassette;
use crate::count::Count;
use crate::error::exception;
use crate::logging;
use crate::money::{cost, dollars};
use crate::response::Response;
use crate::runtime::runtime;
use crate::seconds::seconds;
use crate::settings::{read, take};
use crate::spending::{Spending, read_ledger};

/// Native part of `chirrup.Client` and `chirrup.AsyncClient`.
#[pyclass(frozen, subclass, module = "chirrup._native")]
pub(crate) struct NativeClient {
    client: Client,
    settings: ClientBuilder,
    network: HttpBuilder,
    /// Client for the cassette with this number.
    with_cassette: Mutex<Option<(u64, Client)>>,
    /// Whether methods return futures of asyncio.
    pub(crate) is_async: bool,
}

/// Credentials that authenticate a client. Their keys cannot be read.
#[pyclass(frozen, module = "chirrup", name = "Credentials")]
pub(crate) struct PyCredentials(pub(crate) Credentials);

fn read_credentials(settings: &Bound<'_, PyDict>) -> PyResult<Credentials> {
    let py = settings.py();
    let mut credentials = match take(settings, "credentials")? {
        Some(credentials) => credentials.cast::<PyCredentials>()?.get().0.clone(),
        None => Credentials::none(),
    };
    if let Some(token) = read::<String>(settings, "bearer_token")? {
        credentials = credentials.and(Credentials::app_only(token));
    }
    if let Some(token) = read::<String>(settings, "oauth2_token")? {
        credentials = credentials.and(Credentials::oauth2(token));
    }
    let names = ["consumer_key", "consumer_secret", "access_token", "access_token_secret"];
    let mut keys = Vec::new();
    for name in names {
        keys.push(read::<String>(settings, name)?);
    }
    match <[Option<String>; 4]>::try_from(keys) {
        Ok([Some(key), Some(secret), Some(token), Some(token_secret)]) => {
            Ok(credentials.and(Credentials::oauth1(key, secret, token, token_secret)))
        }
        Ok([None, None, None, None]) => Ok(credentials),
        _ => {
            let message = "the OAuth 1.0a credentials are not complete";
            let hint = format!("give {} together", names.join(", "));
            Err(exception(py, &Error::configuration(message).with_hint(hint)))
        }
    }
}

fn read_budget(value: &Bound<'_, PyAny>) -> PyResult<Budget> {
    let Ok(limits) = value.cast::<PyDict>() else { return Ok(Budget::default().per_run(cost(value)?)) };
    let mut budget = Budget::default();
    for (period, limit) in limits {
        let limit = cost(&limit)?;
        budget = match period.extract::<&str>()? {
            "run" => budget.per_run(limit),
            "day" => budget.per_day(limit),
            "month" => budget.per_month(limit),
            other => {
                let message = format!("budget: `{other}` is not a period: expected run, day or month");
                return Err(exception(value.py(), &Error::invalid_argument(message)));
            }
        };
    }
    Ok(budget)
}

/// Reads `wait_on_rate_limit`: whether to wait, or the longest wait in seconds.
fn read_rate_limit(value: &Bound<'_, PyAny>) -> PyResult<OnRateLimit> {
    match value.cast::<PyBool>() {
        Ok(waits) if waits.is_true() => Ok(OnRateLimit::Wait { max_wait: Duration::from_secs(960) }),
        Ok(_) => Ok(OnRateLimit::Fail),
        Err(_) => Ok(OnRateLimit::Wait { max_wait: seconds(value)? }),
    }
}

/// Reads the settings of the network.
fn read_network(settings: &Bound<'_, PyDict>) -> PyResult<HttpBuilder> {
    let mut http = HttpBuilder::default();
    if let Some(proxy) = read::<String>(settings, "proxy")? {
        http = http.proxy(proxy);
    }
    if let Some(name) = read::<String>(settings, "user_agent")? {
        http = http.user_agent(name);
    }
    if let Some(headers) = take(settings, "headers")? {
        for (name, value) in headers.cast::<PyDict>()? {
            http = http.header(name.extract::<String>()?, value.extract::<String>()?);
        }
    }
    if let Some(limit) = take(settings, "connect_timeout")? {
        http = http.connect_timeout(seconds(&limit)?);
    }
    if let Some(limit) = take(settings, "read_timeout")? {
        http = http.read_timeout(seconds(&limit)?);
    }
    if let Some(Count(bytes)) = read::<Count<usize>>(settings, "max_body")? {
        http = http.max_body(bytes);
    }
    if let Some(ledger) = take(settings, "ledger")?.map_or(Ok(None), |ledger| read_ledger(&ledger))? {
        http = http.ledger(ledger);
    }
    if let Some(certificates) = read::<Vec<u8>>(settings, "extra_root_certificates")? {
        http = http.extra_root_certificates(certificates);
    }
    Ok(http)
}

/// Reads all settings of a client, and those of its network. An unknown one is an error.
fn builder(settings: &Bound<'_, PyDict>) -> PyResult<(ClientBuilder, HttpBuilder)> {
    let settings = &settings.copy()?;
    let mut builder = Client::builder().credentials(read_credentials(settings)?);
    if let Some(url) = read::<String>(settings, "base_url")? {
        builder = builder.base_url(url);
    }
    if let Some(timeout) = take(settings, "timeout")? {
        builder = builder.timeout(seconds(&timeout)?);
    }
    if let Some(Count(retries)) = read::<Count<u32>>(settings, "retries")? {
        let retry =
            if retries == 0 { Retry::never() } else { Retry::default().max_attempts(retries.saturating_add(1)) };
        builder = builder.retry(retry);
    }
    if let Some(budget) = take(settings, "budget")? {
        builder = builder.budget(read_budget(&budget)?);
    }
    if let Some(policy) = take(settings, "wait_on_rate_limit")? {
        builder = builder.on_rate_limit(read_rate_limit(&policy)?);
    }
    if let Some(access) = read_access(settings)? {
        builder = builder.access(access);
    }
    let network = read_network(settings)?;
    if let Some(name) = settings.keys().iter().next() {
        return Err(PyTypeError::new_err(format!("Client() got an unexpected keyword argument '{name}'")));
    }
    Ok((builder, network))
}

impl NativeClient {
    /// Returns the client for the next call: one that uses the current cassette, if there is one.
    pub(crate) fn client(&self, py: Python<'_>) -> PyResult<Client> {
        let Some(number) = cassette::current() else { return Ok(self.client.clone()) };
        let mut cached = self.with_cassette.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = cached.as_ref().filter(|(own, _)| *own == number) {
            return Ok(client.clone());
        }
        let builder = cassette::apply(self.settings.clone(), self.network.clone());
        let client = build(py, builder)?;
        Ok(cached.insert((number, client)).1.clone())
    }
}

fn build(py: Python<'_>, builder: ClientBuilder) -> PyResult<Client> {
    logging::start();
    let _inside = runtime()?.enter();
    builder.build().map_err(|error| exception(py, &error))
}

#[pymethods]
impl NativeClient {
    /// Creates a client whose class says whether its methods return futures.
    #[new]
    #[classmethod]
    #[pyo3(signature = (**settings))]
    fn new(class: &Bound<'_, PyType>, settings: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = class.py();
        let is_async = class.getattr("_is_async")?.extract()?;
        let (settings, network) = match settings {
            Some(settings) => builder(settings)?,
            None => Default::default(),
        };
        let client = build(py, settings.clone().http(network.clone()))?;
        Ok(Self { client, settings, network, with_cassette: Mutex::default(), is_async })
    }

    /// Base URL of the API.
    #[getter]
    fn base_url(&self) -> &str {
        self.client.base_url()
    }

    /// Creates a client with the credentials in the environment.
    ///
    /// The variables are `X_BEARER_TOKEN`, `X_OAUTH2_ACCESS_TOKEN`, and the four of OAuth 1.0a: `X_CONSUMER_KEY`,
    /// `X_CONSUMER_SECRET`, `X_ACCESS_TOKEN` and `X_ACCESS_TOKEN_SECRET`, or with `TWITTER_` in place of `X_`;
    /// `CHIRRUP_BASE_URL` is another server. Keyword arguments are those of the class and win.
    #[classmethod]
    #[pyo3(signature = (**settings))]
    fn from_env<'py>(class: &Bound<'py, PyType>, settings: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let py = class.py();
        let found = {
            let _inside = runtime()?.enter();
            Client::from_env().map_err(|error| exception(py, &error))?
        };
        let all = PyDict::new(py);
        all.set_item("credentials", Py::new(py, PyCredentials(found.credentials().clone()))?)?;
        all.set_item("base_url", found.base_url())?;
        if let Some(settings) = settings {
            all.update(settings.as_mapping())?;
        }
        class.call((), Some(&all))
    }

    /// Amounts that this client, and all that share its ledger, have spent, in dollars.
    #[getter]
    fn spent(&self, py: Python<'_>) -> PyResult<Spending> {
        Spending::of(py, &self.client)
    }

    /// Amount that the budget leaves for further calls, in dollars.
    #[getter]
    fn budget_left(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.client.budget_left().map(|left| dollars(py, left)).transpose()
    }

    /// Number of writes that `per_hour` allows now.
    #[getter]
    fn writes_left(&self) -> Option<usize> {
        self.client.writes_left()
    }
}

/// Sends a call and reads its response, on the runtime.
pub(crate) async fn send(client: Client, call: Call) -> Result<Response, Error> {
    let endpoint = call.endpoint;
    let (call, raw) = client.send(call).await?;
    let is_plain = endpoint.is_none_or(|endpoint| endpoint.returns == "Bytes") || raw.body.is_empty();
    if raw.status.is_success() && is_plain {
        return Ok(Response::undecoded(endpoint, raw));
    }
    let bound = client.api().bind(call);
    match endpoint.is_some_and(|endpoint| endpoint.returns_list) {
        true => bound.decode::<UndecodedData<true>>(raw).map(|response| Response::new(endpoint, response)),
        false => bound.decode::<UndecodedData<false>>(raw).map(|response| Response::new(endpoint, response)),
    }
}
