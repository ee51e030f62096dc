//! The reason for a new connection of a stream.

use std::fmt;
use std::time::Duration;

/// Reason why a stream connects again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The connection broke or could not be established.
    Broken(String),
    /// The server sent nothing for longer than the watchdog allows.
    Silent(Duration),
    /// The server closed the connection.
    Closed,
    /// The server announced that it disconnects the stream.
    Disconnected,
    /// The server failed with this HTTP status.
    Server(u16),
    /// The rate limit for new connections is exhausted.
    RateLimited,
    /// The app has the maximum number of connections to this stream.
    TooManyConnections,
    /// The access level of the app does not include backfill; the client fills gaps in another way from now on.
    NoBackfill,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(why) => f.write_str(why),
            Self::Silent(time) => write!(f, "received nothing for {time:?}"),
            Self::Closed => f.write_str("the server closed the connection"),
            Self::Disconnected => f.write_str("the server disconnected the stream"),
            Self::Server(status) => write!(f, "the server answered {status}"),
            Self::RateLimited => f.write_str("the rate limit for new connections is exhausted"),
            Self::TooManyConnections => f.write_str("the app has the maximum number of connections to this stream"),
            Self::NoBackfill => f.write_str("the access level does not include backfill"),
        }
    }
}
