//! One request and its response: admission, body, handler, security headers.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::uri::Scheme;
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;

use crate::activity::{Activity, Phase};
use crate::admission::{Hosts, check};
use crate::body::{BodyLimits, BoxError, Closed, Text, TrackedBody, drain, read, refusal};

/// Rules for all requests of a server.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) hosts: Hosts,
    pub(crate) own_origin_only: bool,
    pub(crate) bodies: BodyLimits,
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<crate::tls::Tls>,
}

impl Rules {
    /// Whether a host is the server's. The domains of its certificate are, if the connection is encrypted.
    fn accepts_host(&self, host: &str, is_encrypted: bool) -> bool {
        #[cfg(feature = "tls")]
        if is_encrypted && self.tls.as_ref().is_some_and(|tls| tls.accepts(host)) {
            return true;
        }
        let _ = is_encrypted;
        self.hosts.accept(host)
    }
}

/// Handles a request. An error of the handler closes the connection without a response.
pub(crate) async fn exchange<F, R, B, E>(
    rules: &Rules,
    is_encrypted: bool,
    activity: Arc<Activity>,
    request: Request<Incoming>,
    handler: F,
) -> Result<Response<TrackedBody<B>>, Closed>
where
    F: FnOnce(Request<Bytes>) -> R,
    R: Future<Output = Result<Response<B>, E>>,
    B: Body<Data = Bytes>,
    E: Into<BoxError>,
{
    activity.enter(Phase::Body);
    let own = |response: Response<_>| response.map(|body| TrackedBody::own(body, Arc::clone(&activity)));
    let (mut head, mut body) = request.into_parts();
    if is_encrypted {
        head.extensions.insert(Scheme::HTTPS);
    }
    let own_scheme = rules.own_origin_only.then_some(if is_encrypted { "https" } else { "http" });
    let admitted = match check(|host| rules.accepts_host(host, is_encrypted), own_scheme, &head) {
        Ok(()) => read(&mut body, &rules.bodies).await,
        Err(refused) => Err(refused),
    };
    if admitted.is_err() {
        drain(&mut body).await;
    }
    drop(body);
    activity.enter(Phase::Response);
    let mut response = match admitted {
        Err(refused) => own(refusal(refused)),
        Ok((body, share)) => {
            let request = Request::from_parts(head, body);
            let answered = AssertUnwindSafe(async { handler(request).await }).catch_unwind().await;
            drop(share);
            match answered {
                Ok(response) => {
                    response.map_err(Closed::new)?.map(|body| TrackedBody::of_handler(body, Arc::clone(&activity)))
                }
                Err(_) => own(Text::response(500, "the server failed\n")),
            }
        }
    };
    secure(response.headers_mut());
    Ok(response)
}

/// Adds the headers that protect a browser, unless the handler has set them.
fn secure(headers: &mut HeaderMap) {
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let mut add = |name: HeaderName, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !is_page {
        return;
    }
    add(CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    add(X_FRAME_OPTIONS, "DENY");
    add(REFERRER_POLICY, "same-origin");
    add(CACHE_CONTROL, "no-store");
}
