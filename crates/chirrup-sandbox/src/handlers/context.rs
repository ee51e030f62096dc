//! Context of a request, which every handler gets.

use std::str::FromStr;

use bytes::Bytes;
use chirrup_api::{Call, Cost, Endpoint};
use chirrup_model::{Dialect, Timestamp};
use serde_json::Value as Json;

use crate::access::identity::Identity;
use crate::access::rate_limits::RateLimiter;
use crate::response::api_error::ApiError;
use crate::response::content::Content;
use crate::response::select::ResponseBuilder;
use crate::response::viewer::Viewer;
use crate::streams::hub::Hub;
use crate::world::World;

/// A request that has passed authentication and validation, and the state that a handler works on.
#[derive(Debug)]
pub(crate) struct RequestContext<'r> {
    pub(crate) world: &'r mut World,
    pub(crate) call: &'r Call,
    pub(crate) identity: &'r Identity,
    pub(crate) now: Timestamp,
    /// Dialect of the response.
    pub(crate) dialect: Dialect,
    /// What only a request that runs alone can use.
    pub(crate) exclusive: Option<Exclusive<'r>>,
    /// Credit balance before the call.
    pub(crate) balance: Cost,
    /// Address of the sandbox that the client used, such as `http://127.0.0.1:8086`.
    pub(crate) origin: &'r str,
    /// Query and form of a request of v1.1, with the parameters that the table of endpoints does not have.
    pub(crate) sent: &'r str,
    /// Headers that the handler adds to the response.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Content of the response, if it is a file and not JSON.
    pub(crate) file: Option<Bytes>,
}

/// State that one request at a time uses.
#[derive(Debug)]
pub(crate) struct Exclusive<'r> {
    pub(crate) hub: &'r mut Hub,
    pub(crate) rate_limiter: &'r mut RateLimiter,
}

/// Status and content of a response.
pub(crate) type HandlerResult = Result<(u16, Content), ApiError>;

pub(crate) type Handler = fn(&mut RequestContext<'_>) -> HandlerResult;

/// An endpoint with its handler.
pub(crate) type HandlerEntry = (&'static Endpoint, Handler);

impl<'r> RequestContext<'r> {
    /// Hub and rate limiter.
    ///
    /// # Errors
    /// If the request [runs beside others](super::is_concurrent), which none does that needs them.
    pub(super) fn exclusive(&mut self) -> Result<&mut Exclusive<'r>, ApiError> {
        self.exclusive.as_mut().ok_or_else(ApiError::internal)
    }

    /// Responds with a file.
    pub(super) fn file_response(&mut self, media_type: &str, content: Bytes) -> HandlerResult {
        self.headers.push(("content-type", media_type.to_owned()));
        self.file = Some(content);
        Ok((200, Json::Null.into()))
    }

    pub(super) fn viewer(&self) -> Viewer {
        Viewer { user: self.identity.user, now: self.now, dialect: self.dialect }
    }

    pub(super) fn response(&self) -> ResponseBuilder<'_> {
        ResponseBuilder::new(self.world, self.call, self.viewer())
    }

    /// A required parameter, such as `param::<PostId>("id")`.
    ///
    /// [`Call::from_http`] has checked it against the table of endpoints, so it is present and valid here. Any other
    /// parameter gives the ID 0, which no object has.
    pub(super) fn param<T: FromStr + From<u64>>(&self, name: &str) -> T {
        self.call.text(name).and_then(|text| text.parse().ok()).unwrap_or_else(|| T::from(0))
    }

    /// A required text parameter, which the table has checked like an ID. An optional one is empty if it is absent.
    pub(super) fn text(&self, name: &str) -> &'r str {
        self.call.text(name).unwrap_or_default()
    }

    /// A required Boolean parameter; `false` for an optional one that is absent.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.call.get(name).and_then(Json::as_bool).unwrap_or_default()
    }

    /// A size parameter such as `max_results`.
    pub(super) fn size(&self, name: &str, default: usize) -> usize {
        self.call.number(name).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    }

    /// ID of the app, as the owner of documents.
    pub(super) fn app_id(&self) -> u64 {
        u64::try_from(self.identity.app).unwrap_or_default()
    }

    /// ID of the authenticated user.
    pub(super) fn me(&self) -> Result<u64, ApiError> {
        self.identity.user.ok_or_else(ApiError::unauthorized)
    }

    /// ID of the authenticated user, which a path parameter must repeat.
    pub(super) fn me_in(&self, parameter: &str) -> Result<u64, ApiError> {
        let me = self.me()?;
        let value = self.text(parameter);
        if value == me.to_string() {
            return Ok(me);
        }
        let message = format!(
            "The `{parameter}` query parameter value [{value}] must be the same as the authenticating user [{me}]"
        );
        Err(ApiError::invalid_param(parameter, value, message))
    }

    /// Refuses a request that names an unknown user.
    pub(super) fn require_user(&self, parameter: &str, user: u64) -> Result<(), ApiError> {
        match self.world.username(user)? {
            Some(_) => Ok(()),
            None => Err(ApiError::no_such_resource("user", parameter, user)),
        }
    }
}
