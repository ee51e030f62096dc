//! A call together with the client that sends it.

use chirrup_model::{ResponseData, Timestamp};

use super::ApiClient;
use super::future::{BoxFuture, block_on};
use crate::call::Call;
use crate::endpoint::ParamLocation;
use crate::response::error::Error;
use crate::response::raw_response::RawResponse;
use crate::response::send_info::SendInfo;
use crate::response::transport_error::{TransportError, TransportErrorKind};
use crate::response::{Response, decode};

/// Conversion of an endpoint's builder into a [`BoundCall`].
pub trait IntoCall {
    /// Type of the response's data.
    type Out: ResponseData;

    /// Returns the call with the client that will send it.
    fn into_call(self) -> BoundCall;
}

/// A [`Call`] together with the client that will send it: the content of every endpoint's builder.
#[derive(Debug, Clone)]
pub struct BoundCall {
    pub(crate) client: ApiClient,
    /// Call to send, as data.
    #[doc(hidden)]
    pub call: Call,
}

impl ApiClient {
    /// Binds a call to this client.
    #[doc(hidden)]
    pub fn bind(&self, call: Call) -> BoundCall {
        BoundCall { client: self.clone(), call }
    }
}

impl BoundCall {
    /// Returns the call as data.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Returns the client that will send the call.
    pub fn client(&self) -> &ApiClient {
        &self.client
    }

    /// Sends the call and decodes the response.
    ///
    /// # Errors
    /// If the call is invalid, cannot be sent, is refused, or its response cannot be decoded.
    pub fn send<T: ResponseData>(self) -> BoxFuture<Result<Response<T>, Error>> {
        Box::pin(async move {
            let (call, raw) = self.client.send(self.call).await?;
            decode(&call, raw)
        })
    }

    /// Sends the call and returns the raw response of a success.
    ///
    /// # Errors
    /// If the call is invalid, cannot be sent or is refused.
    pub fn send_raw(self) -> BoxFuture<Result<RawResponse, Error>> {
        Box::pin(async move {
            let (call, raw) = self.client.send(self.call).await?;
            if raw.status.is_success() { Ok(raw) } else { Err(Error::status(&call, raw)) }
        })
    }

    /// Decodes a stored response to this call.
    ///
    /// # Errors
    /// If the response is a refusal or cannot be decoded.
    pub fn decode<T: ResponseData>(&self, raw: RawResponse) -> Result<Response<T>, Error> {
        decode(&self.call, raw)
    }

    /// Sends the call and blocks the thread until the response has arrived.
    ///
    /// # Errors
    /// Those of [`send`](Self::send), and [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait<T: ResponseData>(self) -> Result<Response<T>, Error> {
        self.refuse_inside_runtime()?;
        block_on(self.send())
    }

    /// Error for a call that an earlier process sent, or was about to send, at `started`, with an unknown outcome.
    #[doc(hidden)]
    pub fn outcome_unknown(&self, started: Timestamp) -> Error {
        let send_info = SendInfo { started: Some(started), attempts: 1, ..SendInfo::default() };
        let message = "an earlier process sent this call, or was about to, and recorded no response";
        let error = TransportError::new(TransportErrorKind::ConnectionLost, message).in_doubt();
        Error::transport(&self.call, TransportError { send_info, ..error })
    }

    pub(crate) fn refuse_inside_runtime(&self) -> Result<(), Error> {
        if self.client.is_inside_runtime() { Err(Error::blocking()) } else { Ok(()) }
    }

    /// Sets the token of the first page to fetch.
    #[doc(hidden)]
    pub fn set_page(&mut self, token: Result<serde_json::Value, String>) {
        let param = self.call.endpoint.and_then(|endpoint| endpoint.page_param());
        self.call.set(param.map_or("pagination_token", |p| p.name), ParamLocation::Query, token);
    }
}
