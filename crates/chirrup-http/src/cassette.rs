//! Cassettes: exchanges recorded once, without their secrets, and played back in tests.

mod recording;
mod redact;
mod vcr;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chirrup_api::{BoxFuture, Error, RawResponse, Request, Transport, TransportError, TransportErrorKind};

use recording::{Asked, Exchange, Tape};
use redact::Redactor;

/// How a request is held against those on a cassette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Matching {
    /// Method, path, query and body must be the same, and each exchange is played once.
    #[default]
    Strict,
    /// Method and path must be the same; of several such exchanges the one that has most in common is played, as often as
    /// it is asked for.
    Lenient,
}

/// Exchanges that were recorded, to be played back in place of the network.
///
/// ```no_run
/// # async fn example() -> Result<(), chirrup_api::Error> {
/// use std::sync::Arc;
/// use chirrup_api::ApiClient;
/// use chirrup_auth::Credentials;
/// use chirrup_http::HttpBuilder;
/// use chirrup_http::cassette::Cassette;
///
/// // Once, with real credentials; they do not get onto the cassette:
/// let http = HttpBuilder::default().record("tests/cassettes/search.yaml");
/// // And ever after:
/// let cassette = Cassette::load("tests/cassettes/search.yaml")?;
/// let transport = HttpBuilder::default().transport(Arc::new(cassette)).build()?;
/// let client = ApiClient::builder(Arc::new(transport)).credentials(Credentials::app_only("any")).build()?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Cassette {
    exchanges: Vec<Exchange>,
    matching: Matching,
    played: Mutex<Vec<bool>>,
}

impl Cassette {
    /// Reads a cassette: one of ours, as YAML or JSON, or one that VCR.py recorded.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let failed = |why: String| Error::configuration(format!("cassette {}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|why| failed(why.to_string()))?;
        Self::read(&text).map_err(failed)
    }

    /// Reads a cassette from its text; see [`load`](Self::load).
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        if let Ok(tape) = serde_json::from_str::<Tape>(text) {
            return Ok(Self::of(tape));
        }
        let yaml: serde_yaml_ng::Value = serde_yaml_ng::from_str(text).map_err(|why| why.to_string())?;
        let tape = match yaml.get("interactions") {
            Some(interactions) => vcr::read(interactions)?,
            None => serde_yaml_ng::from_value::<Tape>(yaml).map_err(|why| why.to_string())?,
        };
        Ok(Self::of(tape))
    }

    fn of(tape: Tape) -> Self {
        let played = Mutex::new(vec![false; tape.exchanges.len()]);
        Self { exchanges: tape.exchanges, matching: Matching::Strict, played }
    }

    /// Says how requests are held against it; [`Matching::Strict`] if not given.
    #[must_use]
    pub fn matching(mut self, matching: Matching) -> Self {
        self.matching = matching;
        self
    }

    /// How many exchanges it holds.
    pub fn len(&self) -> usize {
        self.exchanges.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.exchanges.is_empty()
    }

    /// The requests that were not asked for, as method and path: at the end of a test there should be none.
    pub fn unplayed(&self) -> Vec<String> {
        let played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = self.exchanges.iter().zip(played.iter()).filter(|(_, played)| !**played);
        rest.map(|(exchange, _)| exchange.asked.shown()).collect()
    }

    fn find(&self, asked: &Asked) -> Option<&Exchange> {
        let mut played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates = self.exchanges.iter().enumerate().filter(|(_, exchange)| exchange.asked.is_at(asked));
        let (index, found) = match self.matching {
            Matching::Strict => {
                let mut same = candidates.filter(|(i, exchange)| !played[*i] && exchange.asked == *asked);
                same.next()?
            }
            // The first of those that fit best, and not one that was played while another was not.
            Matching::Lenient => candidates
                .max_by_key(|(i, exchange)| (exchange.asked.likeness(asked), !played[*i], std::cmp::Reverse(*i)))?,
        };
        played[index] = true;
        Some(found)
    }
}

impl Transport for Cassette {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let asked = Redactor::of(&request).asked(&request);
        let result = match self.find(&asked) {
            Some(exchange) => exchange.told.to_answer(),
            None => {
                let message = format!(
                    "the cassette holds no exchange for {}{}; record it anew, or match leniently",
                    asked.shown(),
                    self.hint(&asked)
                );
                Err(TransportError::new(TransportErrorKind::Configuration, message))
            }
        };
        Box::pin(async { result })
    }
}

impl Cassette {
    /// What comes nearest to a request that was not found.
    fn hint(&self, asked: &Asked) -> String {
        let at = self.exchanges.iter().filter(|exchange| exchange.asked.is_at(asked)).count();
        match at {
            0 => String::new(),
            _ => format!(" ({at} of that path, with another query or body, or played before)"),
        }
    }
}

/// Records what goes over another transport. Secrets are removed before anything is written.
#[derive(Debug)]
pub(crate) struct Recorder {
    inner: Arc<dyn Transport>,
    path: PathBuf,
    tape: Arc<Mutex<Tape>>,
}

impl Recorder {
    pub(crate) fn new(inner: Arc<dyn Transport>, path: PathBuf) -> Self {
        Self { inner, path, tape: Arc::default() }
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        let redactor = Redactor::of(&request);
        let asked = redactor.asked(&request);
        let sent = self.inner.send(request);
        let (tape, path) = (Arc::clone(&self.tape), self.path.clone());
        Box::pin(async move {
            let answer = sent.await?;
            let told = redactor.told(&answer);
            let mut tape = tape.lock().unwrap_or_else(PoisonError::into_inner);
            tape.exchanges.push(Exchange { asked, told });
            tape.write(&path).map_err(|why| {
                let message = format!("the cassette {} cannot be written", path.display());
                TransportError::new(TransportErrorKind::Configuration, message).in_doubt().because(why)
            })?;
            Ok(answer)
        })
    }
}
