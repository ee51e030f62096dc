//! Calls between users, and scheduled calls with their invitations.

use std::time::Duration;

use chirrup::model::{
    CallAdmission, CallAudio, CallExpansion, CallField, CallMedia, CallMediaType, InvitationResponse, JoinPolicy,
    OccurrenceScope, ScheduledCallExpansion, ScheduledCallField, Timestamp, VideoCall,
};
use chirrup::{Client, ErrorKind};
use chirrup_sandbox::Sandbox;
use serde_json::json;

use crate::common::{client, sandbox_and_client};

/// A client with an OAuth 2.0 token of a user, which joining a call needs.
fn caller(sandbox: &Sandbox, name: &str) -> Client {
    client(sandbox, sandbox.oauth2(name, &["calls.read", "calls.write", "calls.join"]).unwrap())
}

async fn shown(client: &Client, call: &VideoCall) -> VideoCall {
    client.get_call(call).call_fields(CallField::ALL.iter().cloned()).await.unwrap().data
}

#[tokio::test]
async fn a_call_is_created_joined_and_left() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = caller(&sandbox, "robin");
    let made = ada.create_call().title("Standup").audio_only(true).await.unwrap();
    assert_eq!((made.raw.status.as_u16(), made.data.participant_count), (201, Some(0)));
    let call = made.data;
    assert_eq!(call.join_policy, Some(JoinPolicy::Open));

    let media = CallMedia::websocket(CallAudio::pcm16(24_000));
    let joined = robin.join_call(&call).media(media).await.unwrap().data;
    assert_eq!((joined.media_type, joined.admission), (Some(CallMediaType::Websocket), None));
    assert!(joined.expires_at.unwrap() > sandbox.clock().now() && joined.media_token.is_some());
    let again = robin.join_call(&call).await.unwrap().data;
    assert_ne!(again.session_id, joined.session_id, "each call is a session of its own");
    assert_eq!(shown(&ada, &call).await.participant_count, Some(1));
    ada.join_call(&call).await.unwrap();
    assert_eq!(shown(&robin, &call).await.participant_count, Some(2));
    let found = robin.get_call(&call).expansions([CallExpansion::HostId]).await.unwrap();
    assert_eq!(found.includes.user(found.data.host_id.unwrap()).unwrap().username, "ada");
    assert_eq!(found.data.title, None, "it was not requested");

    assert_eq!(robin.leave_call(&call).await.unwrap().data.left, Some(true));
    assert_eq!(robin.leave_call(&call).await.unwrap().data.left, Some(false), "it is no longer in the call");
    assert_eq!(shown(&ada, &call).await.participant_count, Some(1));
    assert_eq!(robin.get_call("nothing").await.unwrap_err().kind(), ErrorKind::NotFound);
    let narrow = client(&sandbox, sandbox.oauth2("robin", &["calls.read"]).unwrap());
    assert_eq!(narrow.join_call(&call).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn a_call_admits_those_whom_its_policy_names() {
    let (sandbox, ada) = sandbox_and_client();
    let (robin, mika) = (caller(&sandbox, "robin"), caller(&sandbox, "mika"));
    let closed = ada.create_call().join_policy(JoinPolicy::Closed).await.unwrap().data;
    let asked = robin.join_call(&closed).await.unwrap().data;
    assert_eq!(asked.admission, Some(CallAdmission::RequiresApproval));
    assert_eq!(asked.call.unwrap().viewer_may_join, Some(false));
    assert_eq!(shown(&ada, &closed).await.participant_count, Some(0));
    assert!(ada.join_call(&closed).await.unwrap().data.admission.is_none(), "the host needs no approval");

    let group = ada.begin_chat_group().await.unwrap().data.conversation_id;
    let keys = json!([{"user_id": "12", "encrypted_conversation_key": "c2VjcmV0"}]);
    ada.create_chat_group(&group, "1", keys, [12]).await.unwrap();
    let chat = ada.create_call().conversation_id(&group).await.unwrap().data;
    assert_eq!(chat.conversation_id, Some(group.clone()));
    assert_eq!(shown(&robin, &chat).await.viewer_may_join, Some(true));
    assert_eq!(shown(&mika, &chat).await.viewer_may_join, Some(false), "not a member of the conversation");
    assert_eq!(mika.create_call().conversation_id(&group).await.unwrap_err().kind(), ErrorKind::Forbidden);
}

/// Start and length of a call in these tests.
fn tomorrow(sandbox: &Sandbox) -> Timestamp {
    Timestamp::from_secs(sandbox.clock().now().as_secs()).plus_millis(20 * 3_600_000)
}

#[tokio::test]
async fn a_scheduled_call_is_updated_answered_and_canceled() {
    let (sandbox, ada) = sandbox_and_client();
    let (robin, mika) = (caller(&sandbox, "robin"), caller(&sandbox, "mika"));
    let start = tomorrow(&sandbox);
    let made = ada.schedule_call(start).title("Review").duration_minutes(45).invitee_ids([12]).await.unwrap();
    assert_eq!(made.raw.status.as_u16(), 201);
    let call = made.data;
    assert_eq!((call.start_time, call.end_time), (Some(start), Some(start.plus_millis(45 * 60_000))));
    assert_eq!(call.organizer_id, Some(ada.me().await.unwrap()));
    assert!(robin.get_call(call.call_id.as_ref().unwrap()).await.is_ok(), "the call exists right away");

    assert_eq!(mika.get_scheduled_call(&call).await.unwrap_err().kind(), ErrorKind::Invalid, "not invited");
    assert_eq!(
        mika.respond_to_scheduled_call(&call, InvitationResponse::Accepted).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    assert!(mika.scheduled_calls().await.unwrap().data.is_empty());
    let listed = robin.scheduled_calls().scheduled_call_fields([ScheduledCallField::Title]).await.unwrap();
    assert_eq!((listed.data.len(), listed.data[0].title.as_deref()), (1, Some("Review")));
    let answer = robin.respond_to_scheduled_call(&call, InvitationResponse::Tentative).await.unwrap().data;
    assert_eq!(answer.response, Some(InvitationResponse::Tentative));
    let expansions = ScheduledCallExpansion::ALL.iter().cloned();
    let found = ada.get_scheduled_call(&call).expansions(expansions).call_fields([CallField::JoinUrl]).await.unwrap();
    let invitees = found.data.invitees.unwrap();
    assert_eq!((invitees[0].id, invitees[0].response.clone()), (Some(12.into()), Some(InvitationResponse::Tentative)));
    assert!(found.includes.call(&found.data.call_id.unwrap()).unwrap().join_url.is_some());
    assert_eq!(found.includes.users.len(), 2, "the organizer and the invited user");
    let organizer = ada.respond_to_scheduled_call(&call, InvitationResponse::Accepted).await.unwrap_err();
    assert_eq!(organizer.kind(), ErrorKind::Forbidden);

    assert_eq!(robin.update_scheduled_call(&call).title("Mine").await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(ada.update_scheduled_call(&call).await.unwrap_err().kind(), ErrorKind::Invalid, "nothing to update");
    let later = start.plus_millis(3_600_000);
    let mika_id = ada.get_user_by_name("mika").await.unwrap().data.id;
    let update = ada.update_scheduled_call(&call).title("Retro").start_time(later).invitee_ids([12.into(), mika_id]);
    assert_eq!(update.notify_invitees(false).await.unwrap().data.updated, Some(true));
    let fields = [ScheduledCallField::Title, ScheduledCallField::StartTime];
    let call_of = |client: &Client| client.get_scheduled_call(&call).scheduled_call_fields(fields.clone());
    let moved = call_of(&mika).expansions([ScheduledCallExpansion::Invitees]).await.unwrap().data;
    assert_eq!((moved.title.as_deref(), moved.start_time), (Some("Retro"), Some(later)));
    let invitees = moved.invitees.unwrap();
    assert_eq!(invitees[0].response, Some(InvitationResponse::Tentative), "an answer survives an update");
    assert_eq!(invitees[1].id, Some(mika_id));

    assert_eq!(robin.cancel_scheduled_call(&call).await.unwrap_err().kind(), ErrorKind::Forbidden);
    assert_eq!(ada.cancel_scheduled_call(&call).notify_invitees(true).await.unwrap().data.canceled, Some(true));
    assert_eq!(ada.cancel_scheduled_call(&call).await.unwrap().data.canceled, Some(true), "two calls have one effect");
    assert!(robin.scheduled_calls().await.unwrap().data.is_empty());
}

#[tokio::test]
async fn one_occurrence_of_a_recurring_call_is_changed_alone() {
    let (sandbox, ada) = sandbox_and_client();
    let robin = caller(&sandbox, "robin");
    let start = tomorrow(&sandbox);
    let day = |n: i64| start.plus_millis(n * 86_400_000);
    let call = ada.schedule_call(start).title("Daily").recurrence("RRULE:FREQ=DAILY;COUNT=5").invitee_ids([12]);
    let call = call.time_zone("Europe/Berlin").description("Every day").await.unwrap().data;
    let list = |client: &Client| {
        let fields =
            [ScheduledCallField::Title, ScheduledCallField::StartTime, ScheduledCallField::OccurrenceStartTime];
        client.scheduled_calls().end_time(day(6)).scheduled_call_fields(fields).expansions(["invitees"])
    };
    let starts =
        |calls: &[chirrup::model::ScheduledCall]| calls.iter().map(|c| c.start_time.unwrap()).collect::<Vec<_>>();
    assert_eq!(starts(&list(&robin).await.unwrap().data), [day(0), day(1), day(2), day(3), day(4)]);
    assert_eq!(list(&robin).max_results(2).await.unwrap().data.len(), 2);

    let unscoped = ada.update_scheduled_call(&call).title("x").scope(OccurrenceScope::This).await.unwrap_err();
    assert!(unscoped.to_string().contains("occurrence_start_time"), "{unscoped}");
    let moved = day(1).plus_millis(3_600_000);
    let update = ada.update_scheduled_call(&call).title("Late").start_time(moved).scope(OccurrenceScope::This);
    update.occurrence_start_time(day(1)).await.unwrap();
    let cancel = ada.cancel_scheduled_call(&call).scope(OccurrenceScope::ThisAndFollowing);
    cancel.occurrence_start_time(day(3)).await.unwrap();
    let decline = robin.respond_to_scheduled_call(&call, InvitationResponse::Declined).scope(OccurrenceScope::This);
    decline.occurrence_start_time(day(2)).await.unwrap();

    let found = list(&ada).await.unwrap().data;
    assert_eq!(starts(&found), [day(0), moved, day(2)]);
    let titles: Vec<_> = found.iter().map(|c| c.title.as_deref().unwrap()).collect();
    assert_eq!(titles, ["Daily", "Late", "Daily"]);
    assert_eq!(found[1].occurrence_start_time, Some(day(1)), "an occurrence keeps its name");
    let declined = |c: &chirrup::model::ScheduledCall| {
        c.invitees.as_ref().unwrap()[0].response == Some(InvitationResponse::Declined)
    };
    assert_eq!(found.iter().map(declined).collect::<Vec<_>>(), [false, false, true]);

    sandbox.clock().advance(Duration::from_secs(2 * 86_400));
    let next = ada.get_scheduled_call(&call).scheduled_call_fields(["start_time"]).await.unwrap().data;
    assert_eq!(next.start_time, Some(day(2)), "the next occurrence");
    let monthly = ada.schedule_call(start).recurrence("FREQ=MONTHLY").await.unwrap_err();
    assert_eq!(monthly.status_code(), Some(501), "the sandbox reports what it does not support");
    let long = ada.scheduled_calls().start_time(start).end_time(day(8)).await.unwrap_err();
    assert!(long.to_string().contains("7 days"), "{long}");
}
