//! More ids than a call takes: several calls, one reply.

use std::future::IntoFuture;
use std::marker::PhantomData;

use chirrup_model::Kind;
use serde_json::Value as Json;

use crate::call::Call;
use crate::client::Pending;
use crate::endpoint::Place;
use crate::error::Error;
use crate::pages::Listed;
use crate::reply::Reply;
use crate::transport::BoxFuture;
use crate::wait::block_on;

/// A call whose list of ids may be longer than the endpoint takes: it is sent as often as needed, one call after another,
/// and what comes back is joined: data in the order of the ids, includes and errors each once.
///
/// The answer, the rate limit and the headers are those of the last call. If a call fails, its error is the result.
#[derive(Debug, Clone)]
#[must_use = "a call does nothing until it is awaited or waited for"]
pub struct Batched<T> {
    pending: Pending,
    output: PhantomData<fn() -> T>,
}

impl<T> Batched<T> {
    #[doc(hidden)]
    pub fn new(pending: Pending) -> Self {
        Self { pending, output: PhantomData }
    }
}

impl<T: Listed + Extend<T::Item>> Batched<T> {
    /// Sends all and blocks until the replies are there.
    ///
    /// # Errors
    /// As with `.await`; and inside an async runtime, where blocking would stop other tasks.
    pub fn wait(self) -> Result<Reply<T>, Error> {
        self.pending.refuse_inside_runtime()?;
        block_on(self.into_future())
    }

    async fn all(self) -> Result<Reply<T>, Error> {
        let mut whole: Option<Reply<T>> = None;
        for call in parts(&self.pending.call) {
            let reply = Pending { call, client: self.pending.client.clone() }.reply::<T>().await?;
            match &mut whole {
                None => whole = Some(reply),
                Some(whole) => whole.join(reply),
            }
        }
        // There is a part at least: the call itself.
        match whole {
            Some(whole) => Ok(whole),
            None => self.pending.reply().await,
        }
    }
}

impl<T: Listed + Extend<T::Item>> IntoFuture for Batched<T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = BoxFuture<Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.all())
    }
}

/// The call, once for each part of its longest list of required values.
fn parts(call: &Call) -> Vec<Call> {
    let params = call.meta.into_iter().flat_map(|meta| meta.params());
    let lists = params.filter(|param| param.required && param.place == Place::Query);
    for param in lists {
        let (Kind::List { max, .. }, Some(Json::Array(values))) = (param.kind, call.get(param.name)) else {
            continue;
        };
        if values.len() > max {
            let part = |values: &[Json]| {
                let mut call = call.clone();
                call.set(param.name, param.place, Ok(Json::Array(values.to_vec())));
                call
            };
            return values.chunks(max.max(1)).map(part).collect();
        }
    }
    vec![call.clone()]
}

impl<T: Listed + Extend<T::Item>> Reply<T> {
    /// Adds what another reply brought.
    fn join(&mut self, other: Self) {
        self.data.extend(other.data.into_items());
        self.includes.merge(other.includes);
        self.errors.extend(other.errors);
        if let (Some(count), Some(more)) = (&mut self.meta.result_count, other.meta.result_count) {
            *count += more;
        }
        self.answer = other.answer;
    }
}
