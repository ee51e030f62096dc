//! Calls between users, with audio or video, and their schedule.

use serde::Serialize;
use serde_json::Value as Json;

use crate::id::{CallId, ChatId, ScheduledCallId, UserId};
use crate::into_param::id_of;
use crate::new_post::object_params;
use crate::param_kind::{Member, ParamKind};
use crate::param_type::{ParamType, SingleParam};
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a call, for `call_fields`.
    CallField {
        ConversationId = "conversation_id",
        CreatedAt = "created_at",
        Id = "id",
        JoinPolicy = "join_policy",
        JoinUrl = "join_url",
        ParticipantCount = "participant_count",
        Title = "title",
        ViewerMayJoin = "viewer_may_join",
    }

    /// Expansion of a response with a call: objects that X adds to its `includes`.
    CallExpansion {
        HostId = "host_id",
    }

    /// Field of a scheduled call, for `scheduled_call_fields`.
    ScheduledCallField {
        Calendar = "calendar",
        CallId = "call_id",
        Description = "description",
        EndTime = "end_time",
        Id = "id",
        JoinUrl = "join_url",
        OccurrenceStartTime = "occurrence_start_time",
        Recurrence = "recurrence",
        StartTime = "start_time",
        Status = "status",
        TimeZone = "time_zone",
        Title = "title",
    }

    /// Expansion of a response with scheduled calls: objects that X adds to its `includes`.
    ScheduledCallExpansion {
        CallId = "call_id",
        Invitees = "invitees",
        OrganizerId = "organizer_id",
    }

    /// Users who may join a call without approval of its host.
    JoinPolicy {
        /// Everyone who has the URL joins.
        Open = "open",
        /// The host approves everyone.
        Closed = "closed",
        /// Trusted users join; the host approves everyone else.
        Trusted = "trusted",
    }

    /// Admission of a user to a call that the user joins.
    CallAdmission {
        /// The host has to approve the user first.
        RequiresApproval = "requires_approval",
    }

    /// Occurrences of a recurring call that a change or an answer applies to.
    OccurrenceScope {
        /// Every occurrence of the call.
        All = "all",
        /// One occurrence of the call.
        This = "this",
        /// One occurrence and every later one.
        ThisAndFollowing = "this_and_following",
    }

    /// Answer of a user to the invitation to a scheduled call.
    InvitationResponse {
        Accepted = "accepted",
        Declined = "declined",
        Tentative = "tentative",
    }

    /// Transport of the audio of a call.
    CallMediaType {
        Websocket = "websocket",
    }

    /// Encoding of the audio of a call.
    AudioEncoding {
        /// Uncompressed samples of 16 bits.
        Pcm16 = "pcm16",
    }
}

wire_struct! {
    /// A call between users, with audio or video.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `call_fields` and has a value.
    VideoCall {
        /// ID of the call.
        id: CallId,
        ;
        /// Title of the call.
        title: String,
        /// ID of the user who hosts the call.
        host_id: UserId,
        /// ID of the encrypted chat conversation that the call belongs to.
        conversation_id: ChatId,
        /// Creation time of the call.
        created_at: Timestamp,
        /// Users who may join without approval of the host.
        join_policy: JoinPolicy,
        /// URL that joins the call in a browser or an app.
        join_url: String,
        /// Number of users in the call.
        participant_count: u64,
        /// Whether the authenticated user may join.
        viewer_may_join: bool,
    }

    /// Response to joining a call: a media session.
    JoinedCall {
        /// ID of the media session.
        session_id: String,
        ;
        /// Admission of the user to the call.
        admission: CallAdmission,
        /// The call to join.
        call: VideoCall,
        /// Time at which `media_token` expires.
        expires_at: Timestamp,
        /// Token for the connection to `media_url`, sent as a bearer token. It is a credential.
        media_token: String,
        /// Transport of the audio.
        media_type: CallMediaType,
        /// URL of the media connection.
        media_url: String,
    }

    /// Response to leaving a call.
    LeftCall {
        ;
        /// Whether the authenticated user left the call.
        left: bool,
    }

    /// A scheduled call between users.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `scheduled_call_fields` and
    /// has a value.
    ScheduledCall {
        /// ID of the scheduled call.
        id: ScheduledCallId,
        ;
        /// Calendar that the scheduled call is in.
        calendar: String,
        /// ID of the call that takes place at the scheduled time.
        call_id: CallId,
        /// Title of the call.
        title: String,
        /// Description of the call.
        description: String,
        /// Start of the occurrence.
        start_time: Timestamp,
        /// End of the occurrence.
        end_time: Timestamp,
        /// Scheduled start of the occurrence, which names it in changes of a recurring call.
        occurrence_start_time: Timestamp,
        /// Repetition of the call, as an `RRULE` of RFC 5545.
        recurrence: String,
        /// Time zone of the call, such as `Europe/Berlin`.
        time_zone: String,
        /// Status of the scheduled call.
        status: String,
        /// URL that joins the call in a browser or an app.
        join_url: String,
        /// ID of the user who organizes the call.
        organizer_id: UserId,
        /// Invited users and their answers.
        invitees: Vec<CallInvitee>,
    }

    /// A user who is invited to a scheduled call.
    CallInvitee {
        ;
        /// ID of the user.
        id: UserId,
        /// Answer of the user.
        response: InvitationResponse,
    }

    /// Response to updating a scheduled call.
    UpdatedScheduledCall {
        ;
        /// Whether the scheduled call was updated.
        updated: bool,
    }

    /// Response to canceling a scheduled call.
    CanceledScheduledCall {
        ;
        /// Whether the scheduled call is canceled.
        canceled = "cancelled": bool,
    }

    /// Response to answering the invitation to a scheduled call.
    AnsweredInvitation {
        ;
        /// Answer that X stored.
        response: InvitationResponse,
    }
}

id_of! { VideoCall: CallId, ScheduledCall: ScheduledCallId }

object_params! {
    CallMedia [Member::optional("type", CallMediaType::KIND), Member::optional("audio", CallAudio::KIND)];
    CallAudio [
        Member::optional("encoding", AudioEncoding::KIND),
        Member::optional("sample_rate", ParamKind::Int { min: 1, max: u32::MAX as i64 }),
    ];
}

/// Media of a session in a call. Without it, X chooses transport and audio format.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallMedia {
    /// Transport of the audio.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<CallMediaType>,
    /// Format of the audio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<CallAudio>,
}

impl CallMedia {
    /// Creates media over a WebSocket with audio of this format.
    pub fn websocket(audio: CallAudio) -> Self {
        Self { media_type: Some(CallMediaType::Websocket), audio: Some(audio) }
    }
}

/// Format of the audio of a session in a call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CallAudio {
    /// Encoding of the samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<AudioEncoding>,
    /// Number of samples per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
}

impl CallAudio {
    /// Creates the format for uncompressed samples of 16 bits.
    pub fn pcm16(sample_rate: u32) -> Self {
        Self { encoding: Some(AudioEncoding::Pcm16), sample_rate: Some(sample_rate) }
    }
}
