//! An endpoint that the crate does not declare, with its own object, field enum and ID, made by the public macros alone.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails where something is missing")]

use std::sync::{Arc, Mutex};

use chirrup_api::auth::Credentials;
use chirrup_api::model::{IntoParam, ParamKind, ParamType, Timestamp};
use chirrup_api::{ApiClient, BoxFuture, RawResponse, Request, Transport, TransportError};
use http::{HeaderMap, StatusCode};

chirrup_api::model::numeric_id! {
    /// ID of a badge.
    BadgeId = "badge ID";
}

chirrup_api::model::text_id! {
    /// Key of the image of a badge, such as `b7`.
    BadgeKey = "badge key", ParamKind::Text { min: 2, max: 2 }, "`b` and a digit",
        |text| matches!(text.as_bytes(), [b'b', b'0'..=b'9']);
}

chirrup_api::model::wire_enum! {
    /// Field of a badge, for `badge_fields`.
    BadgeField {
        Color = "color",
        OwnerId = "owner_id",
    }
}

chirrup_api::model::wire_struct! {
    /// Badge next to the name of a user.
    Badge {
        /// ID of the badge.
        id: BadgeId,
        ;
        /// Color of the badge.
        color: String,
    }
}

chirrup_api::endpoints! {
    BADGES;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges/{id}" => Badge;
    auth App;
    example(7).badge_fields(["color", "owner_id"]).key("b7");
    path { id: BadgeId }
    query {
        /// Fields of the badge.
        badge_fields = "badge.fields": Vec<BadgeField>;
        /// Key of the image.
        key: BadgeKey;
        /// Number of owners: 1 to 10.
        max_results: u32, in 1..=10;
        /// Creation time of the oldest owner.
        start_time: Timestamp;
    }
}

/// Answers every request with a badge, and keeps the URL of the last one.
#[derive(Debug, Default)]
struct OneBadge {
    url: Mutex<String>,
}

impl Transport for OneBadge {
    fn send(&self, request: Request) -> BoxFuture<Result<RawResponse, TransportError>> {
        request.url().clone_into(&mut self.url.lock().unwrap());
        let body = r#"{"data":{"id":"7","color":"gold"}}"#;
        let response = RawResponse::new(StatusCode::OK, HeaderMap::new(), body);
        Box::pin(async { Ok(response) })
    }
}

fn client() -> (ApiClient, Arc<OneBadge>) {
    let transport = Arc::new(OneBadge::default());
    let client = ApiClient::builder(transport.clone()).credentials(Credentials::app_only("t")).build().unwrap();
    (client, transport)
}

#[test]
fn a_new_endpoint_needs_nothing_but_the_public_macros() {
    let (client, transport) = client();
    let call = GetBadge::new(&client, 1585823814058971140).badge_fields(["color", "owner_id"]).key("b7");
    let badge = call.max_results(2_usize).start_time("2026-01-31T12:00:00Z").wait().unwrap().data;
    assert_eq!((badge.id, badge.color.as_deref()), (BadgeId::new(7), Some("gold")));
    let query = "badge.fields=color%2Cowner_id&key=b7&max_results=2&start_time=2026-01-31T12%3A00%3A00Z";
    let url = transport.url.lock().unwrap().clone();
    assert_eq!(url, format!("https://api.x.com/2/badges/1585823814058971140?{query}"));
    assert_eq!(BADGES[0].id, "get_badge");
    let example =
        "GetBadge::new(&client, 7)\n    .badge_fields([\"color\", \"owner_id\"])\n    .key(\"b7\")\n    .await?";
    assert_eq!(BADGES[0].example, Some(example));
}

#[test]
fn values_of_new_types_are_given_in_every_form() {
    let (client, _) = client();
    let (id, key) = (BadgeId::new(7), "b7".parse::<BadgeKey>().unwrap());
    for call in [
        GetBadge::new(&client, id).badge_fields([BadgeField::Color]).key(&key),
        GetBadge::new(&client, id).badge_fields(vec!["color".to_owned()]).key("b7".to_owned()),
        GetBadge::new(&client, "7").badge_fields(&[BadgeField::Color]).key(key.clone()),
        GetBadge::new(&client, "7".to_owned()).badge_fields(["color"].iter()).key("b7".to_owned()),
    ] {
        assert!(call.wait().is_ok());
    }
}

#[test]
fn an_unknown_word_is_sent() {
    let (client, transport) = client();
    GetBadge::new(&client, 7).badge_fields(["shape"]).wait().unwrap();
    assert!(transport.url.lock().unwrap().ends_with("?badge.fields=shape"));
    assert_eq!(BadgeField::KIND, ParamKind::OneOf(&["color", "owner_id"]));
}

#[test]
fn an_invalid_value_fails_the_call_before_it_is_sent() {
    let (client, transport) = client();
    let error = GetBadge::new(&client, "seven").wait().unwrap_err();
    assert!(error.message().contains("`seven` is not a badge ID: expected 1 to 19 digits"), "{error}");
    let error = GetBadge::new(&client, 7).max_results(-1).wait().unwrap_err();
    assert!(error.message().contains("-1"), "{error}");
    assert!(GetBadge::new(&client, 7).key("x").wait().is_err());
    assert!(transport.url.lock().unwrap().is_empty());
    assert!(IntoParam::<u32>::into_param(u64::MAX).is_err());
}
