//! Cassettes: recorded HTTP exchanges without secrets, which tests replay.

mod recording;
mod redact;
mod vcr;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::{BoxFuture, Error, RawResponse, Request, Transport, TransportError, TransportErrorKind};

use recording::{Exchange, RecordedRequest, Recording};
use redact::Redactor;

/// Rule by which a request matches a recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Matching {
    /// Method, path, query and body are equal; multipart bodies are compared part by part, and a parameter of API v1.1 may
    /// be in the query or in a form. Each exchange is replayed once.
    #[default]
    Strict,
    /// Method, path and parameters are equal, whether a parameter is in the query or in a form. Other bodies are ignored,
    /// except to choose among several such exchanges. Each exchange is replayed once. This is
    /// `match_on=["method", "uri"]` of VCR.py.
    MethodAndUri,
    /// Method and path are equal. Of several such exchanges, the most similar one is replayed, any number of times.
    Lenient,
}

/// A transport that replays recorded exchanges instead of using the network.
///
/// ```no_run
/// # async fn example() -> Result<(), chirrup_api::Error> {
/// use std::sync::Arc;
/// use chirrup_api::ApiClient;
/// use chirrup_auth::Credentials;
/// use chirrup_http::HttpBuilder;
/// use chirrup_http::cassette::Cassette;
///
/// // Record once, with real credentials, which are not written to the cassette:
/// let http = HttpBuilder::default().record("tests/cassettes/search.yaml");
/// // Then replay:
/// let cassette = Cassette::load("tests/cassettes/search.yaml")?;
/// let transport = HttpBuilder::default().transport(Arc::new(cassette)).build()?;
/// let client = ApiClient::builder(Arc::new(transport)).credentials(Credentials::app_only("any")).build()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Cassette {
    exchanges: Vec<Exchange>,
    matching: Matching,
    replayed: Mutex<Vec<bool>>,
}

impl Cassette {
    /// Loads a cassette from a file: one that this crate recorded, as YAML or JSON, or one that VCR.py recorded.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the file cannot be read or has another format.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let unreadable = |why: String| {
            Error::storage(format!("could not read the cassette {}: {why}", path.display()))
                .with_hint("check the path, or record the cassette again")
        };
        let text = std::fs::read_to_string(path).map_err(|why| unreadable(why.to_string()))?;
        Self::read(&text).map_err(unreadable)
    }

    /// Parses the text of a cassette, in any format that [`load`](Self::load) accepts.
    ///
    /// # Errors
    /// A description of the first syntax error.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Ok(recording) = serde_json::from_str::<Recording>(text) {
            return Ok(Self::of(recording));
        }
        let yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).map_err(|why| why.to_string())?;
        let recording = match yaml.get("interactions") {
            Some(interactions) => vcr::read(interactions)?,
            None => serde_yaml_ng::from_value::<Recording>(yaml).map_err(|why| why.to_string())?,
        };
        Ok(Self::of(recording))
    }

    fn of(recording: Recording) -> Self {
        let replayed = Mutex::new(vec![false; recording.exchanges.len()]);
        Self { exchanges: recording.exchanges, matching: Matching::Strict, replayed }
    }

    /// Sets how requests match recorded ones. The default is [`Matching::Strict`].
    #[must_use]
    pub fn matching(mut self, matching: Matching) -> Self {
        self.matching = matching;
        self
    }

    /// Returns the number of recorded exchanges.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Returns whether the cassette has no exchanges.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// Returns method and path of the exchanges that were not replayed. At the end of a test, there should be none.
    pub fn unplayed(&self) -> Vec<String> {
        let replayed = self.replayed.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = self.exchanges.iter().zip(replayed.iter()).filter(|(_, replayed)| !**replayed);
        rest.map(|(exchange, _)| exchange.request.name()).collect()
    }

    fn find(&self, request: &RecordedRequest) -> Option<&Exchange> {
        let mut replayed = self.replayed.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates =
            self.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.request.has_same_path(request));
        let (index, found) = match self.matching {
            Matching::Strict => {
                let mut same = candidates.filter(|(i, exchange)| !replayed[*i] && exchange.request.is_same(request));
                same.next()?
            }
            // Of exchanges with the same parameters, the first one with the same body.
            Matching::MethodAndUri => {
                let parameters = request.parameters();
                let same =
                    candidates.filter(|(i, exchange)| !replayed[*i] && exchange.request.parameters() == parameters);
                same.max_by_key(|(i, exchange)| (exchange.request.body.is_same(&request.body), std::cmp::Reverse(*i)))?
            }
            // Of equally similar exchanges, the first one that was not replayed yet.
            Matching::Lenient => candidates.max_by_key(|(i, exchange)| {
                (exchange.request.similarity(request), !replayed[*i], std::cmp::Reverse(*i))
            })?,
        };
        replayed[index] = true;
        Some(found)
    }
}

impl Transport for Cassette {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let request = Redactor::of(&request).request(&request);
        let result = match self.find(&request) {
            Some(exchange) => exchange.response.to_response(),
            None => {
                let message = format!(
                    "the cassette contains no exchange for {}{}; record it again, or use `Matching::MethodAndUri`",
                    request.name(),
                    self.near_misses(&request)
                );
                Err(TransportError::new(TransportErrorKind::Configuration, message))
            }
        };
        Box::pin(async { result })
    }
}

impl Cassette {
    /// Describes the exchanges that almost match a request.
    fn near_misses(&self, request: &RecordedRequest) -> String {
        let count = self.exchanges.iter().filter(|exchange| exchange.request.has_same_path(request)).count();
        match count {
            0 => String::new(),
            _ => format!(" ({count} with this path have another query or body, or were replayed before)"),
        }
    }
}

/// A transport that records the exchanges of another transport. It removes secrets before it writes anything.
#[derive(Debug)]
pub(crate) struct Recorder {
    inner: Arc<dyn Transport>,
    path: PathBuf,
    recording: Arc<Mutex<Recording>>,
}

impl Recorder {
    pub(crate) fn new(inner: Arc<dyn Transport>, path: PathBuf) -> Self {
        Self { inner, path, recording: Arc::default() }
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let redactor = Redactor::of(&request);
        let recorded = redactor.request(&request);
        let sent = self.inner.send(request);
        let (recording, path) = (Arc::clone(&self.recording), self.path.clone());
        Box::pin(async move {
            let response = sent.await?;
            let exchange = Exchange { request: recorded, response: redactor.response(&response) };
            let mut recording = recording.lock().unwrap_or_else(PoisonError::into_inner);
            recording.exchanges.push(exchange);
            recording.write(&path).map_err(|why| {
                let message = format!("could not write the cassette {}", path.display());
                TransportError::new(TransportErrorKind::Storage, message).in_doubt().because(why)
            })?;
            Ok(response)
        })
    }
}
