//! Calls with more IDs than the endpoint accepts, in several requests.

use std::future::IntoFuture;
use std::marker::PhantomData;

use chirrup_model::ParamKind;
use serde_json::Value as Json;

use super::pages::ListData;
use crate::call::Call;
use crate::client::bound_call::BoundCall;
use crate::client::future::{BoxFuture, block_on};
use crate::endpoint::ParamLocation;
use crate::response::Response;
use crate::response::error::Error;

/// A call whose list may exceed the maximum of the endpoint: it is split into several calls, which are sent one after
/// another, and their responses are joined. The data is in the order of the list; includes have no duplicates.
///
/// Raw response, rate limit and headers are those of the last call. If a call fails, its error is the result.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is awaited or waited for"]
pub struct Batched<T> {
    pending: BoundCall,
    output: PhantomData<fn() -> T>,
}

impl<T> Batched<T> {
    #[doc(hidden)]
    pub fn new(pending: BoundCall) -> Self {
        Self { pending, output: PhantomData }
    }
}

impl<T: ListData + Extend<T::Item>> Batched<T> {
    /// Sends all calls and blocks the thread until the responses have arrived.
    ///
    /// # Errors
    /// Those of `.await`, and [`ErrorKind::Blocking`](crate::ErrorKind::Blocking) inside an async runtime.
    pub fn wait(self) -> Result<Response<T>, Error> {
        self.pending.refuse_inside_runtime()?;
        block_on(self.into_future())
    }

    async fn all(self) -> Result<Response<T>, Error> {
        let mut whole: Option<Response<T>> = None;
        for call in parts(&self.pending.call) {
            let response = BoundCall { call, client: self.pending.client.clone() }.send::<T>().await?;
            match &mut whole {
                None => whole = Some(response),
                Some(whole) => whole.join(response),
            }
        }
        // There is at least one part, the call itself.
        match whole {
            Some(whole) => Ok(whole),
            None => self.pending.send().await,
        }
    }
}

impl<T: ListData + Extend<T::Item>> IntoFuture for Batched<T> {
    type Output = Result<Response<T>, Error>;
    type IntoFuture = BoxFuture<Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.all())
    }
}

/// Splits a call by its required list.
fn parts(call: &Call) -> Vec<Call> {
    let params = call.endpoint.into_iter().flat_map(|endpoint| endpoint.params());
    let lists = params.filter(|param| param.required && param.location == ParamLocation::Query);
    for param in lists {
        let (ParamKind::List { max, .. }, Some(Json::Array(values))) = (param.kind, call.get(param.name)) else {
            continue;
        };
        if values.len() > max {
            let part = |values: &[Json]| {
                let mut call = call.clone();
                call.set(param.name, param.location, Ok(Json::Array(values.to_vec())));
                call
            };
            return values.chunks(max.max(1)).map(part).collect();
        }
    }
    vec![call.clone()]
}

impl<T: ListData + Extend<T::Item>> Response<T> {
    /// Appends the content of another response.
    fn join(&mut self, other: Self) {
        self.data.extend(other.data.into_items());
        self.includes.merge(other.includes);
        self.errors.extend(other.errors);
        self.undecoded.extend(other.undecoded);
        if let (Some(count), Some(more)) = (&mut self.meta.result_count, other.meta.result_count) {
            *count += more;
        }
        self.raw = other.raw;
    }
}
