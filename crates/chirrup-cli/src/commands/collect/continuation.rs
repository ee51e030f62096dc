//! Continuation of a list whose page token X no longer accepts.

use chirrup::archive::Checkpoint;
use chirrup::model::PostId;
use chirrup::v2::posts::SearchRecent;
use chirrup::{Call, Clock as _, SystemClock};

use crate::error::CliError;
use crate::verbs::set;

/// Whether an error is the refusal of a page token.
pub(super) fn is_refused_token(error: &CliError) -> bool {
    matches!(error, CliError::Api(error) if error.diagnosis().is_some_and(|known| known.id == "invalid-page-token"))
}

/// Days that recent search goes back to, with a margin.
const RECENT_MILLIS: i64 = 7 * 86_400_000 - 3_600_000;

/// Returns the call for the posts above the ID that the checkpoint of an update has; the same call if it has none, or if the
/// endpoint has no parameter for it: its list is read as a whole.
pub(super) fn above(call: &Call, checkpoint: &Checkpoint) -> Call {
    let mut call = call.clone();
    let Some((id, endpoint)) = checkpoint.since_id.zip(call.endpoint) else { return call };
    if endpoint.param("since_id").is_none() {
        return call;
    }
    // X refuses a request with limits of both forms.
    call.unset("start_time");
    // Recent search refuses the ID of a post that it no longer finds. All that it finds is newer.
    let oldest = SystemClock.now().plus_millis(-RECENT_MILLIS);
    let id = PostId::new(id);
    if endpoint.id != SearchRecent::ENDPOINT.id || (id.has_timestamp() && id.timestamp() > oldest) {
        set(&mut call, endpoint, "since_id", id.to_string().into());
    }
    call
}

/// Returns the call for the posts below an ID. `None` if the endpoint has no parameter for it, or lists posts in another
/// order.
pub(super) fn below(call: &Call, id: u64) -> Option<Call> {
    let endpoint = call.endpoint?;
    endpoint.param("until_id")?;
    if call.text("sort_order") == Some("relevancy") {
        return None;
    }
    let mut call = call.clone();
    // X refuses a request with limits of both forms.
    if ["start_time", "end_time"].iter().any(|name| call.get(name).is_some()) {
        let id = PostId::new(id);
        if !id.has_timestamp() {
            return None;
        }
        // Posts of the same second are requested again.
        let end = id.timestamp().as_secs() + 1;
        set(&mut call, endpoint, "end_time", chirrup::model::Timestamp::from_secs(end).to_string().into());
    } else {
        set(&mut call, endpoint, "until_id", id.to_string().into());
    }
    Some(call)
}

#[cfg(test)]
mod tests {
    use chirrup::v2::posts::{LikingUsers, SearchAll};
    use serde_json::json;

    use super::*;

    #[test]
    fn posts_are_updated_above_the_newest_one() {
        let since = |endpoint: &'static chirrup::Endpoint, id: u64| {
            let mut call = Call::of(endpoint);
            set(&mut call, endpoint, "start_time", "2024-01-01T00:00:00Z".into());
            let updated = above(&call, &Checkpoint { newest_id: Some(id), ..Checkpoint::default() }.updated());
            assert_eq!(above(&call, &Checkpoint::default()).get("start_time"), call.get("start_time"));
            (updated.text("since_id").map(str::to_owned), updated.get("start_time").is_some())
        };
        let old = 1_750_000_000_000_000_000;
        let new = SystemClock.now().first_snowflake();
        assert_eq!(since(SearchAll::ENDPOINT, old), (Some(old.to_string()), false));
        assert_eq!(since(SearchRecent::ENDPOINT, old), (None, false), "recent search has no such post");
        assert_eq!(since(SearchRecent::ENDPOINT, new), (Some(new.to_string()), false));
        assert_eq!(since(LikingUsers::ENDPOINT, old).0, None, "the list is read as a whole");
    }

    #[test]
    fn posts_are_continued_by_id_or_time() {
        let endpoint = SearchAll::ENDPOINT;
        let mut call = Call::of(endpoint);
        set(&mut call, endpoint, "query", "heron".into());
        let by_id = below(&call, 1_750_000_000_000_000_000).unwrap();
        assert_eq!(by_id.get("until_id"), Some(&json!("1750000000000000000")));
        set(&mut call, endpoint, "start_time", "2024-01-01T00:00:00Z".into());
        let by_time = below(&call, 1_750_000_000_000_000_000).unwrap();
        assert!(by_time.get("until_id").is_none());
        assert_eq!(by_time.text("end_time"), Some("2024-01-24T03:38:09.000Z"));
        assert!(below(&call, 20).is_none(), "the ID has no time");
        set(&mut call, endpoint, "sort_order", "relevancy".into());
        assert!(below(&call, 1_750_000_000_000_000_000).is_none());
        assert!(below(&Call::of(LikingUsers::ENDPOINT), 20).is_none());
    }
}
