//! Spaces, which are live audio conversations.

use crate::id::{SpaceId, TopicId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a Space, for `space_fields`.
    SpaceField {
        CreatedAt = "created_at",
        EndedAt = "ended_at",
        Id = "id",
        IsTicketed = "is_ticketed",
        Lang = "lang",
        ParticipantCount = "participant_count",
        ScheduledStart = "scheduled_start",
        StartedAt = "started_at",
        State = "state",
        SubscriberCount = "subscriber_count",
        Title = "title",
        UpdatedAt = "updated_at",
        CreatorId = "creator_id",
        HostIds = "host_ids",
        InvitedUserIds = "invited_user_ids",
        SpeakerIds = "speaker_ids",
        TopicIds = "topic_ids",
    }

    /// Expansion of a response with Spaces: objects that X adds to its `includes`.
    SpaceExpansion {
        CreatorId = "creator_id",
        HostIds = "host_ids",
        InvitedUserIds = "invited_user_ids",
        SpeakerIds = "speaker_ids",
        TopicIds = "topic_ids",
    }

    /// Field of a topic, for `topic_fields`.
    TopicField {
        Description = "description",
        Id = "id",
        Name = "name",
    }

    /// State of the Spaces to search, for `state`.
    SpaceStateFilter {
        Live = "live",
        Scheduled = "scheduled",
        All = "all",
    }
}

wire_enum! {
    /// State of a Space.
    SpaceState {
        /// The Space is scheduled.
        Scheduled = "scheduled",
        /// The Space is live.
        Live = "live",
        /// The Space has ended.
        Ended = "ended",
    }
}

wire_struct! {
    /// A Space of API v2.
    ///
    /// `id` is always present. Every other field is present only if it was requested with `space_fields` and has a value.
    Space {
        /// ID of the Space.
        id: SpaceId,
        ;
        /// Creation time of the Space.
        created_at: Timestamp,
        /// ID of the creator.
        creator_id: UserId,
        /// End time of the Space.
        ended_at: Timestamp,
        /// IDs of the hosts.
        host_ids: Vec<UserId>,
        /// IDs of the users who are invited to speak.
        invited_user_ids: Vec<UserId>,
        /// Whether the Space requires a ticket.
        is_ticketed: bool,
        /// Language of the Space, as a BCP 47 tag.
        lang: String,
        /// Number of participants of the Space.
        participant_count: u64,
        /// Scheduled start time of the Space.
        scheduled_start: Timestamp,
        /// IDs of the speakers.
        speaker_ids: Vec<UserId>,
        /// Start time of the Space.
        started_at: Timestamp,
        /// State of the Space.
        state: SpaceState,
        /// Number of users who asked for a reminder.
        subscriber_count: u64,
        /// Title of the Space.
        title: String,
        /// IDs of the topics.
        topic_ids: Vec<TopicId>,
        /// Time of the last update.
        updated_at: Timestamp,
    }
}

id_of! { Space: SpaceId }
