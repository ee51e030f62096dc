//! Calls between users, and their schedule.

use chirrup_model::{
    AnsweredInvitation, CallExpansion, CallField, CallId, CallMedia, CanceledScheduledCall, ChatId, InvitationResponse,
    JoinPolicy, JoinedCall, LeftCall, OccurrenceScope, ScheduledCall, ScheduledCallId, Timestamp, UpdatedScheduledCall,
    UserField, UserId, VideoCall,
};

crate::endpoints! {
    /// # Calls
    ///
    /// Create, join and schedule calls between users.
    CALLS in v2::calls;

    /// Creates a call that the authenticated user hosts. It is empty until a user joins.
    create_call -> CreateCall = POST "/2/calls" => VideoCall;
    auth User, OAuth2["calls.write"];
    example().title("Standup").audio_only(true);
    body {
        /// Whether the call has audio but no video.
        audio_only: bool;
        /// ID of the encrypted chat conversation to call. Without it, everyone with the URL of the call can join.
        conversation_id: ChatId;
        /// Users who may join without approval of the host.
        join_policy: JoinPolicy;
        /// Title of the call.
        title: String, in 0..=100;
    }

    /// Returns a call by ID.
    get_call -> GetCall = GET "/2/calls/{id}" => VideoCall;
    auth User, OAuth2["calls.read"];
    example("1OwxWYzDXjWGQ").call_fields(["title", "participant_count"]);
    path { call = "id": CallId }
    query {
        /// Fields of the call to return, in addition to `id`.
        call_fields = "call.fields": Vec<CallField>;
        /// Objects to include in `includes`.
        expansions: Vec<CallExpansion>;
        /// Fields of users to return, in addition to `id`, `name` and `username`.
        user_fields = "user.fields": Vec<UserField>;
    }

    /// Starts a media session in a call. The authenticated user enters the call when the session connects.
    join_call -> JoinCall = POST "/2/calls/{id}/join" => JoinedCall;
    auth OAuth2["calls.join"];
    example("1OwxWYzDXjWGQ");
    path { call = "id": CallId }
    body {
        /// Transport and audio format of the session.
        media: CallMedia;
    }

    /// Ends the media sessions of the authenticated user in a call.
    leave_call -> LeaveCall = POST "/2/calls/{id}/leave" => LeftCall;
    auth OAuth2["calls.join"];
    example("1OwxWYzDXjWGQ");
    idempotent;
    path { call = "id": CallId }

    /// Returns the scheduled calls that the authenticated user organizes or is invited to, earliest first.
    scheduled_calls -> ScheduledCalls = GET "/2/calls/scheduled" => Vec<ScheduledCall>;
    auth User, OAuth2["calls.read"];
    alias "list_scheduled_calls";
    example().max_results(50);
    query {
        /// Start of the time window. The default is the present.
        start_time: Timestamp;
        /// End of the time window, at most 7 days after its start. The default is 24 hours after its start.
        end_time: Timestamp;
        /// Maximum number of scheduled calls.
        max_results: u32, in 1..=100;
    }
    with SCHEDULED_CALL_FIELDS;

    /// Returns a scheduled call by ID.
    get_scheduled_call -> GetScheduledCall = GET "/2/calls/scheduled/{id}" => ScheduledCall;
    auth User, OAuth2["calls.read"];
    example(1585823814058971140);
    path { scheduled_call = "id": ScheduledCallId }
    with SCHEDULED_CALL_FIELDS;

    /// Schedules a call that the authenticated user organizes, and invites users to it.
    schedule_call -> ScheduleCall = POST "/2/calls/scheduled" => ScheduledCall;
    auth User, OAuth2["calls.write"];
    example("2030-01-01T12:00:00Z").title("Review").duration_minutes(30).invitee_ids([12]);
    required body {
        /// Start of the call.
        start_time: Timestamp;
    }
    body {
        /// Description of the call.
        description: String, in 0..=1000;
        /// Length of the call in minutes.
        duration_minutes: u32, in 1..=44640;
        /// IDs of the users to invite.
        invitee_ids: Vec<UserId>, in 0..=25;
        /// Whether X sends an email to the invited users. The default is to send one.
        notify_invitees: bool;
        /// Repetition of the call, as an `RRULE` of RFC 5545.
        recurrence: String, in 0..=500;
        /// Time zone of the call, such as `Europe/Berlin`.
        time_zone: String, in 0..=64;
        /// Title of the call.
        title: String, in 0..=100;
    }

    /// Updates a scheduled call that the authenticated user organizes. At least one member is required.
    update_scheduled_call -> UpdateScheduledCall = PUT "/2/calls/scheduled/{id}" => UpdatedScheduledCall;
    auth User, OAuth2["calls.write"];
    example(1585823814058971140).title("Review of the year");
    path { scheduled_call = "id": ScheduledCallId }
    body {
        /// Start of the call.
        start_time: Timestamp;
        /// Description of the call.
        description: String, in 0..=1000;
        /// Length of the call in minutes.
        duration_minutes: u32, in 1..=44640;
        /// IDs of the users to invite, in place of those invited before.
        invitee_ids: Vec<UserId>, in 1..=100;
        /// Whether X sends an email to the invited users. The default is to send one.
        notify_invitees: bool;
        /// Scheduled start of the occurrence to update, if `scope` does not name all.
        occurrence_start_time: Timestamp;
        /// Repetition of the call, as an `RRULE` of RFC 5545.
        recurrence: String, in 1..=500;
        /// Occurrences to update. The default is all.
        scope: OccurrenceScope;
        /// Time zone of the call, such as `Europe/Berlin`.
        time_zone: String, in 0..=64;
        /// Title of the call.
        title: String, in 0..=100;
    }

    /// Cancels a scheduled call that the authenticated user organizes.
    cancel_scheduled_call -> CancelScheduledCall = DELETE "/2/calls/scheduled/{id}" => CanceledScheduledCall;
    auth User, OAuth2["calls.write"];
    example(1585823814058971140).notify_invitees(true);
    path { scheduled_call = "id": ScheduledCallId }
    query {
        /// Occurrences to cancel. The default is all.
        scope: OccurrenceScope;
        /// Scheduled start of the occurrence to cancel, if `scope` does not name all.
        occurrence_start_time: Timestamp;
        /// Whether X sends an email to the invited users.
        notify_invitees: bool;
    }

    /// Answers the invitation of the authenticated user to a scheduled call.
    respond_to_scheduled_call -> RespondToScheduledCall = POST "/2/calls/scheduled/{id}/rsvp" => AnsweredInvitation;
    auth User, OAuth2["calls.write"];
    idempotent;
    path { scheduled_call = "id": ScheduledCallId }
    required body {
        /// Answer to the invitation.
        response: InvitationResponse;
    }
    body {
        /// Scheduled start of the occurrence that the answer applies to, if `scope` does not name all.
        occurrence_start_time: Timestamp;
        /// Occurrences that the answer applies to. The default is all.
        scope: OccurrenceScope;
    }
}
