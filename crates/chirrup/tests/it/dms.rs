//! Direct messages.

use chirrup::model::{
    Dialect, DmConversationId, DmConversationType, DmEventField, DmEventId, DmEventType, DmExpansion, DmMedia, MediaId,
    NewDm, UploadCategory, UserField,
};
use chirrup::{Call, ErrorKind};
use serde_json::{Value as Json, json};

use crate::common::{client, id, post, post_as, sandbox_and_client};

/// A message that links to a post.
const TEXT: &str = "hello https://x.com/robin/status/20";

#[tokio::test]
async fn a_direct_message_is_readable_by_both_users() {
    let (sandbox, ada) = sandbox_and_client();
    let conversation: DmConversationId = format!("12-{}", sandbox.user_id("ada").unwrap()).parse().unwrap();
    part!({
        let sent = ada.send_dm(12).text(TEXT).raw().await.unwrap();
        let (headers, sent): (_, Json) = (sent.headers, serde_json::from_slice(&sent.body).unwrap());
        let event_id: DmEventId = id(&sent, "/data/dm_event_id");
        shows!("tweepy4.dm.location", {
            assert_eq!(headers["location"], format!("https://api.twitter.com/2/dm_events/\"{event_id}\""));
        });
        shows!(
            "tweepy4.dm.conversation_id_form",
            assert_eq!(sent["data"]["dm_conversation_id"], conversation.as_str(), "the smaller ID first")
        );
        let stranger = client(&sandbox, sandbox.oauth1("mika").unwrap());
        assert_eq!(stranger.get_dm_event(event_id).await.unwrap_err().kind(), ErrorKind::NotFound);
    });

    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let message = post(&sandbox, "/2/dm_conversations/with/12/messages", &json!({"text": TEXT}));
    let event = robin
        .get_dm_event(id::<DmEventId>(&message, "/data/dm_event_id"))
        .dm_event_fields([DmEventField::CreatedAt, DmEventField::DmConversationId, DmEventField::Entities])
        .expansions([DmExpansion::SenderId, DmExpansion::ReferencedPosts])
        .user_fields([UserField::Description])
        .await
        .unwrap();
    shows!(
        ["tweepy4.dm_event.event_type", "tweepy4.dm_event"],
        assert_eq!(event.data.event_type, Some(DmEventType::MessageCreate))
    );
    part!({
        assert_eq!(event.includes.user(event.data.sender_id.unwrap()).unwrap().username, "ada");
        assert_eq!(event.includes.posts[0].id.get(), 20, "the post that the text links to");
        assert_eq!(event.data.entities.unwrap().urls.len(), 1);
    });

    let me = sandbox.user_id("ada").unwrap();
    post_as(&sandbox, "robin", &format!("/2/dm_conversations/with/{me}/messages"), &json!({"text": "hi yourself"}));
    part!({
        let with = ada.dm_events_with(12).max_results(2).await.unwrap();
        let texts: Vec<_> = with.data.iter().map(|event| event.text.as_deref().unwrap()).collect();
        shows!("tweepy4.dm.events_order", assert_eq!(texts[0], "hi yourself", "the newest first"));
        assert!(texts[1].starts_with("hello https://t.co/"), "{texts:?}");
        assert!(with.data[0].created_at.is_none());
    });
    let all: Vec<_> = ada.dm_events_in(&conversation).max_results(2).items().collect().await.unwrap();
    assert_eq!(all.len(), 6, "with the three existing ones");
    let stranger = client(&sandbox, sandbox.oauth1("mika").unwrap());
    assert_eq!(stranger.dm_events_in(&conversation).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(stranger.dm_events().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn a_group_conversation_records_who_joined() {
    let (sandbox, _) = sandbox_and_client();
    let mika = sandbox.user_id("mika").unwrap().to_string();
    let message = json!({"text": "welcome", "attachments": [{"media_id": "1"}]});
    let body = json!({"conversation_type": "Group", "message": message, "participant_ids": ["12", mika]});
    let conversation: DmConversationId = id(&post(&sandbox, "/2/dm_conversations", &body), "/data/dm_conversation_id");
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    part!({
        let joins = robin.dm_events().event_types([DmEventType::ParticipantsJoin]).await.unwrap().data;
        assert_eq!(joins.len(), 1);
        shows!("tweepy4.dm_event.participant_ids", assert_eq!(joins[0].participant_ids.as_ref().unwrap().len(), 3));
    });
    let written = robin.dm_events_in(&conversation).event_types([DmEventType::MessageCreate]);
    let written = written
        .dm_event_fields([DmEventField::Attachments])
        .expansions([DmExpansion::AttachmentsMediaKeys])
        .await
        .unwrap();
    shows!(
        "tweepy4.dm_event.attachments",
        assert_eq!(written.data[0].attachments.as_ref().unwrap().media_keys.as_ref().unwrap().len(), 1)
    );
    assert_eq!(written.includes.media.len(), 1);
}

#[tokio::test]
async fn deleting_a_message_hides_it_for_the_caller_and_blocking_stops_messages() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    let sent = ada.send_dm(12).attachments(DmMedia::from(MediaId::new(2))).await.unwrap().data;
    assert!(ada.delete_dm_event(sent.dm_event_id).await.unwrap().data.deleted);
    assert_eq!(ada.get_dm_event(sent.dm_event_id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(robin.get_dm_event(sent.dm_event_id).await.is_ok(), "the other participant has a copy");
    assert_eq!(ada.send_dm(12).await.unwrap_err().kind(), ErrorKind::Invalid, "neither text nor media");
    assert_eq!(
        ada.send_dm(12).text("x".repeat(10_001)).await.unwrap_err().kind(),
        ErrorKind::Argument,
        "it is not sent"
    );
    assert_eq!(ada.send_dm(999_999).text("hello?").await.unwrap_err().kind(), ErrorKind::Invalid);

    let me = ada.me().await.unwrap();
    assert!(robin.block_dms(me).await.unwrap().data.blocked);
    assert_eq!(ada.send_dm(12).text("why?").await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert!(!robin.unblock_dms(me).await.unwrap().data.blocked);
    assert!(ada.send_dm(12).text("thanks").await.is_ok());
    let reader = client(&sandbox, sandbox.oauth2("ada", &["dm.read"]).unwrap());
    let refused = reader.download_dm_media("1", "2", "a.jpg").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid, "no message has this ID");
    let picture = ada.upload_media("iVBORw0KGgo=", UploadCategory::DmImage).await.unwrap().data.id;
    let sent = ada.send_dm(12).attachments(DmMedia::from(picture)).await.unwrap().data.dm_event_id;
    let file = reader.download_dm_media(sent.to_string(), picture.to_string(), "a.jpg").await.unwrap();
    assert!(file.data.starts_with(&[0xFF, 0xD8]) && file.data.ends_with(&[0xFF, 0xD9]), "it is a JPEG file");
    let other = reader.download_dm_media(sent.to_string(), "1", "a.jpg").await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::Invalid, "the message has no such media");
}

/// Recorded exchanges of another library: the client sends the same requests and reads the recorded responses; the
/// sandbox answers them with the same structure and the same headers.
#[tokio::test]
async fn recorded_dm_exchanges_match_client_and_sandbox() {
    part!({
        let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/parity/dm_cassettes.json");
        let Ok(text) = std::fs::read(&here) else {
            return crate::shows::skip(&format!("{} is not there", here.display()));
        };
        let recorded: Json = serde_json::from_slice(&text).unwrap();
        let (sandbox, ada) = sandbox_and_client();
        let mika = sandbox.user_id("mika").unwrap();
        let stranger = client(&sandbox, sandbox.oauth1("lena").unwrap());
        let mut members = [mika, sandbox.user_id("ada").unwrap()];
        members.sort();
        let own = format!("{}-{}", members[0], members[1]);
        let (mut checked, mut conversation) = (0, String::new());
        for exchange in recorded["interactions"].as_array().unwrap() {
            let said = exchange["call"].as_str().unwrap();
            let id = |name: &str| {
                let digits = said.split_once(&format!("{name}=")).map_or("", |(_, rest)| rest);
                digits.chars().take_while(char::is_ascii_digit).collect::<String>()
            };
            let (group, to_user) =
                (said.contains("create_direct_message_conversation"), said.contains("participant_id="));
            let text = if said.contains("Testing 1") { "Testing 1" } else { "Testing 2" };
            let users = [145336962, 750362064426721281_u64];
            // The same call with the recorded IDs and with those of the sandbox.
            let calls: [Call; 2] = if said.starts_with("create") && group {
                let kind = DmConversationType::Group;
                let ours = [12.into(), mika];
                [
                    ada.create_dm_conversation(&kind, NewDm::text("Testing"), users).call().clone(),
                    ada.create_dm_conversation(kind, NewDm::text("Testing"), ours).call().clone(),
                ]
            } else if said.starts_with("create") && to_user {
                let theirs = id("participant_id");
                [ada.send_dm(theirs.as_str()).text(text).call().clone(), ada.send_dm(mika).text(text).call().clone()]
            } else if said.starts_with("create") {
                [
                    ada.send_dm_to(&conversation).text(text).call().clone(),
                    ada.send_dm_to(&own).text(text).call().clone(),
                ]
            } else if to_user {
                [
                    ada.dm_events_with(id("participant_id").as_str()).call().clone(),
                    ada.dm_events_with(mika).call().clone(),
                ]
            } else if said.contains("dm_conversation_id") {
                [ada.dm_events_in(&conversation).call().clone(), ada.dm_events_in(&own).call().clone()]
            } else {
                [ada.dm_events().call().clone(), ada.dm_events().call().clone()]
            };
            let [theirs, ours] = calls;
            let parts = theirs.to_http(Dialect::Tweet).unwrap();
            let request = &exchange["request"];
            assert_eq!(theirs.method, request["method"].as_str().unwrap());
            assert_eq!(format!("https://api.twitter.com{}", parts.target), request["uri"].as_str().unwrap());
            let body: Json = serde_json::from_slice(&parts.body).unwrap_or_default();
            assert_eq!(body, request["body"], "{said}");

            let response = &exchange["response"];
            let rewrite = theirs.endpoint.unwrap().rewrite.unwrap();
            let read = rewrite(response["body_text"].as_str().unwrap().as_bytes()).unwrap();
            for (name, value) in response["body"].as_object().unwrap() {
                assert_eq!(read[name], *value, "{said}");
            }
            if let Some(id) = response["body"]["data"]["dm_conversation_id"].as_str().filter(|id| id.contains('-')) {
                conversation = id.to_owned();
            }

            // A user without messages sees none, as in the recording.
            let empty = response["body"]["data"].is_null();
            let caller = if empty { stranger.clone() } else { ada.clone() };
            let answer = caller.send(ours).await.map(|(_, answer)| answer);
            let told: Json = answer.as_ref().map_or(Json::Null, |answer| serde_json::from_slice(&answer.body).unwrap());
            assert_eq!(shape(&told), shape(&response["body"]), "{said}");
            let (row, part) = match (said.starts_with("create"), empty) {
                (true, _) => ("tweepy4.dm.create_answer", "data"),
                (false, true) => ("tweepy4.dm.events_empty", "data"),
                (false, false) => ("tweepy4.dm.events_meta", "meta"),
            };
            shows!(row, {
                let status = answer.as_ref().unwrap().status;
                assert_eq!(i64::from(status.as_u16()), response["status"].as_i64().unwrap(), "{said}");
                assert_eq!(shape(&told[part]), shape(&response["body"][part]), "{said}");
            });
            let sent = parts.content_type.as_deref();
            shows!("tweepy4.dm.content_type", assert_eq!(sent, request["headers"]["content-type"].as_str(), "{said}"));
            for name in response["headers"].as_object().unwrap().keys().filter(|name| !ABSENT.contains(&name.as_str()))
            {
                assert!(answer.as_ref().is_ok_and(|answer| answer.headers.contains_key(name)), "{said}: {name}");
            }
            checked += 1;
        }
        assert!(checked >= 12, "{checked}");
    });
}

/// Headers of the recording that depend on the host, not on the API.
const ABSENT: [&str; 7] = [
    "content-encoding",
    "x-connection-hash",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-xss-protection",
    "set-cookie",
];

/// Returns the names in a response with the types of their values. A list is described by its first item.
fn shape(json: &Json) -> Json {
    match json {
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Json::Array(items) => Json::Array(items.iter().take(1).map(shape).collect()),
        Json::String(_) => "text".into(),
        Json::Number(_) => "number".into(),
        other => other.clone(),
    }
}
