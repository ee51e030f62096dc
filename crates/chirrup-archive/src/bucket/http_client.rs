//! HTTP of the object store's client: the connections of this project.

use std::fmt;
use std::time::Duration;

use chirrup_http::{ServiceClient, ServiceError};
use http_body_util::{BodyExt as _, Full};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};

/// Time within which the headers of a response arrive, after the request with its body was sent.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Creates clients with the connections of this project.
#[derive(Debug)]
pub(super) struct Connections;

impl HttpConnector for Connections {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Client(ServiceClient::new())))
    }
}

#[derive(Debug)]
struct Client(ServiceClient);

/// Reason why a request is not sent, or gets no response.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

#[async_trait::async_trait]
impl HttpService for Client {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        if request.uri().scheme_str() != Some("https") && !is_this_machine(&host) {
            let why = format!("plain HTTP is allowed to loopback addresses only, not to `{host}`; use https");
            return Err(HttpError::new(HttpErrorKind::Unknown, Failure(why)));
        }
        let (head, body) = request.into_parts();
        let request = http::Request::from_parts(head, Full::new(body.collect().await?.to_bytes()));
        match tokio::time::timeout(TIMEOUT, self.0.send(request)).await {
            Ok(Ok(response)) => Ok(response.map(|body| HttpResponseBody::new(body.map_err(interrupted)))),
            Ok(Err(why)) => Err(no_response(&host, &why)),
            Err(_) => {
                let why = format!("`{host}` did not respond within {} seconds", TIMEOUT.as_secs());
                Err(HttpError::new(HttpErrorKind::Timeout, Failure(why)))
            }
        }
    }
}

/// Whether a host is on this machine: a loopback address, or the address at which a cloud gives credentials to its machines.
fn is_this_machine(host: &str) -> bool {
    chirrup_store::is_loopback_host(host) || host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_link_local())
}

fn no_response(host: &str, why: &ServiceError) -> HttpError {
    let kind = if why.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Interrupted };
    let cause = std::iter::successors(std::error::Error::source(why), |why| why.source()).last();
    let cause = cause.map_or_else(|| why.to_string(), ToString::to_string);
    HttpError::new(kind, Failure(format!("no response from `{host}`: {cause}")))
}

fn interrupted(why: hyper::Error) -> HttpError {
    HttpError::new(HttpErrorKind::Interrupted, why)
}
