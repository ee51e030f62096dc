//! The requests between a client and the sandbox, as they are sent.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use chirrup::model::{Dialect, Timestamp};
use chirrup::{Call, Client, Credentials, Endpoint, IntoCall, OnRateLimit, RawResponse, Retry};
use chirrup_sandbox::Sandbox;
use serde_json::Value as Json;

use crate::shows::RowIds;

/// A request that passed the wire.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

fn pairs(encoded: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| chirrup::auth::oauth1::decode(text, true).into_owned();
    let pairs = encoded.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(n, v)| (decode(n), decode(v))).collect()
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The JSON body; null if the body is none.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The pairs of a form.
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        let form = self.header("content-type").starts_with("application/x-www-form-urlencoded");
        if form { pairs(std::str::from_utf8(&self.body).unwrap()) } else { BTreeMap::new() }
    }

    /// Query and form together: what the caller gave as parameters.
    pub(crate) fn params(&self) -> BTreeMap<String, String> {
        self.query.clone().into_iter().chain(self.form()).collect()
    }

    /// The request in one line: `GET /2/tweets ids=1,2 lang=en`, and the JSON body if it has one.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} {}", self.method, self.path);
        // Python Twitter Tools signs in the query or the form.
        for (name, value) in self.params().into_iter().filter(|(name, _)| !name.starts_with("oauth_")) {
            line += &format!(" {name}={value}");
        }
        match self.json() {
            Json::Null => line,
            body => format!("{line} {body}"),
        }
    }
}

/// A sandbox without rate limits, a client of `ada`, and the wire between them.
pub(crate) struct Ground {
    pub(crate) sandbox: Sandbox,
    pub(crate) wire: Wire,
    pub(crate) client: Client,
    /// ID of `ada`.
    pub(crate) me: String,
    /// IDs and the words that stand for them in expected requests.
    names: Mutex<Vec<(String, String)>>,
}

impl Ground {
    pub(crate) async fn new() -> Self {
        let sandbox = Sandbox::builder().users(60).posts(1_500).without_rate_limits().start().unwrap();
        let wire = Wire::before(&sandbox);
        let client = wire.client(sandbox.credentials().unwrap());
        // From here on, the client does not ask for it.
        let _ = client.me().await;
        let me = sandbox.user_id("ada").unwrap().to_string();
        wire.take();
        let names = Mutex::new(vec![(me.clone(), "ME".to_owned())]);
        Self { sandbox, wire, client, me, names }
    }

    /// Lets a word stand for an ID.
    pub(crate) fn replace(&self, id: &str, word: &str) {
        self.names.lock().unwrap().push((id.to_owned(), word.to_owned()));
    }

    fn named(&self, text: &str) -> String {
        let names = self.names.lock().unwrap();
        names.iter().fold(text.to_owned(), |text, (id, word)| text.replace(id, word))
    }

    /// Sends a call. Checks for the rows that it is a single request, which reads so, and that the response is a success
    /// with this value at a JSON pointer; `*` is any value. The type of the response keeps every member of it.
    pub(crate) async fn shows(&self, rows: impl RowIds, call: impl IntoCall, line: &str, found: (&str, &str)) -> Json {
        let bound = call.into_call();
        let endpoint = bound.call.endpoint;
        let response = bound.send_raw().await;
        let sent = self.wire.take();
        self.compare(rows, endpoint, response, &sent, line, found)
    }

    /// [`shows`](Self::shows) of a call that is data already.
    pub(crate) async fn sends(&self, row: &str, call: Call, line: &str, found: (&str, &str)) {
        let endpoint = call.endpoint;
        let response = self.client.send(call).await.map(|(_, response)| response);
        let sent = self.wire.take();
        self.compare(row, endpoint, response, &sent, line, found);
    }

    fn compare(
        &self,
        rows: impl RowIds,
        endpoint: Option<&'static Endpoint>,
        response: Result<RawResponse, chirrup::Error>,
        sent: &[Sent],
        line: &str,
        (pointer, value): (&str, &str),
    ) -> Json {
        let lines: Vec<_> = sent.iter().map(|sent| self.named(&sent.line())).collect();
        let json: Json = response.as_ref().map_or(Json::Null, |r| serde_json::from_slice(&r.body).unwrap_or_default());
        shows!(rows, {
            assert_eq!(lines, [line]);
            let response = response.as_ref().unwrap_or_else(|error| panic!("{line}: {error}"));
            assert!(response.status.is_success(), "{line}: {}", response.status);
            if let Some(endpoint) = endpoint {
                assert_eq!(lost(endpoint, &response.body), Vec::<String>::new(), "{line}: the type loses these");
            }
            if !value.is_empty() {
                let there = json.pointer(pointer).unwrap_or_else(|| panic!("{line}: no {pointer} in {json}"));
                let text = there.as_str().map_or_else(|| there.to_string(), str::to_owned);
                assert!(value == "*" || self.named(&text) == value, "{line}: {pointer} is {text}");
            }
        });
        json
    }
}

/// The members of a response that its type loses.
fn lost(endpoint: &Endpoint, body: &[u8]) -> Vec<String> {
    let Some(rewrite) = endpoint.rewrite else { return vec!["the feature `samples` is off".to_owned()] };
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return Vec::new() };
    let mut out = Vec::new();
    let written = if endpoint.is_v1() {
        let body = serde_json::json!({ "data": json }).to_string();
        rewrite(body.as_bytes()).map(|mut whole| whole["data"].take())
    } else {
        rewrite(body)
    };
    match written {
        Ok(written) => lost_members(&json, &written, "", &mut out),
        // A response without content has no type.
        Err(error) if error.to_string().contains("expected unit") => {}
        Err(error) => out.push(error.to_string()),
    }
    out
}

fn lost_members(sample: &Json, written: &Json, at: &str, out: &mut Vec<String>) {
    let time = |json: &Json| json.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    match (sample, written) {
        (Json::Object(members), Json::Object(_)) => {
            for (name, value) in members {
                // A number of v1.1 also comes as text, as `id_str`; the type has one of them.
                let number = name.strip_suffix("_str").unwrap_or(name);
                let names =
                    [name, number, &format!("{number}_str"), Dialect::Post.name(name), Dialect::canonical(name)];
                let there = names.into_iter().map(|name| &written[name]).find(|there| !there.is_null());
                let there = there.unwrap_or(&Json::Null);
                lost_members(value, there, &format!("{at}/{name}"), out);
            }
        }
        (Json::Array(items), Json::Array(there)) if items.len() == there.len() => {
            for (n, (item, there)) in items.iter().zip(there).enumerate() {
                lost_members(item, there, &format!("{at}/{n}"), out);
            }
        }
        (Json::Array(items), Json::Null) if items.is_empty() => {}
        _ if sample == written || sample.as_f64().is_some_and(|n| written.as_f64() == Some(n)) => {}
        (Json::Number(id), Json::String(text)) | (Json::String(text), Json::Number(id)) if id.to_string() == *text => {}
        _ if time(sample).is_some_and(|moment| time(written) == Some(moment)) => {}
        _ => out.push(format!("{at} was {sample} and is {written}")),
    }
}

/// A relay before a sandbox, which keeps the requests that pass it.
pub(crate) struct Wire {
    url: String,
    sent: Arc<Mutex<Vec<Sent>>>,
    received: Arc<AtomicUsize>,
}

impl Wire {
    pub(crate) fn before(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let target = sandbox.url().replace("http://", "");
        let sent = Arc::<Mutex<Vec<Sent>>>::default();
        let (all, received) = (Arc::clone(&sent), Arc::<AtomicUsize>::default());
        let count = Arc::clone(&received);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (target, all, count) = (target.clone(), Arc::clone(&all), Arc::clone(&count));
                std::thread::spawn(move || relay(client, &target, &all, count));
            }
        });
        Self { url, sent, received }
    }

    /// A client behind the wire that sends once, whatever the limits.
    pub(crate) fn client(&self, credentials: Credentials) -> Client {
        let builder = Client::builder().retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
        builder.credentials(credentials).base_url(self.url()).build().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// Number of bytes that the sandbox has sent back.
    pub(crate) fn received(&self) -> usize {
        self.received.load(Ordering::Relaxed)
    }

    /// The requests since the last call of this.
    pub(crate) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }

    /// The only request since the last call of this.
    pub(crate) fn only(&self) -> Sent {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{:?}", all.iter().map(Sent::line).collect::<Vec<_>>());
        all.remove(0)
    }
}

fn relay(client: TcpStream, target: &str, all: &Mutex<Vec<Sent>>, count: Arc<AtomicUsize>) -> Option<()> {
    let server = TcpStream::connect(target).ok()?;
    let (mut from, mut to) = (server.try_clone().ok()?, client.try_clone().ok()?);
    std::thread::spawn(move || {
        let mut buffer = [0; 16_384];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            count.fetch_add(n, Ordering::Relaxed);
            if to.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let (mut reader, mut server) = (BufReader::new(client), server);
    while let Some((bytes, request)) = read_request(&mut reader) {
        all.lock().unwrap().push(request);
        server.write_all(&bytes).ok()?;
    }
    server.shutdown(Shutdown::Both).ok()
}

/// The next request as bytes, and read.
fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(Vec<u8>, Sent)> {
    let (mut bytes, mut first, mut headers) = (Vec::new(), String::new(), BTreeMap::new());
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    bytes.extend_from_slice(first.as_bytes());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(line.as_bytes());
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|how| how == "chunked") {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size).ok()?;
            let length = usize::from_str_radix(size.trim(), 16).ok()?;
            let mut chunk = vec![0; length + 2];
            reader.read_exact(&mut chunk).ok()?;
            bytes.extend_from_slice(size.as_bytes());
            bytes.extend_from_slice(&chunk);
            body.extend_from_slice(&chunk[..length]);
            if length == 0 {
                break;
            }
        }
    } else {
        body.resize(headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0), 0);
        reader.read_exact(&mut body).ok()?;
        bytes.extend_from_slice(&body);
    }
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Some((bytes, Sent { method, path: path.to_owned(), query: pairs(query), headers, body }))
}
