//! Spaces: live conversations.

use crate::id::{SpaceId, TopicId, UserId};
use crate::into_param::id_of;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a Space, for `space_fields`.
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

    /// What a call that returns Spaces can bring along in its `includes`.
    SpaceExpansion {
        CreatorId = "creator_id",
        HostIds = "host_ids",
        InvitedUserIds = "invited_user_ids",
        SpeakerIds = "speaker_ids",
        TopicIds = "topic_ids",
    }

    /// A field of a topic, for `topic_fields`.
    TopicField {
        Description = "description",
        Id = "id",
        Name = "name",
    }

    /// Which Spaces a search looks at.
    SpaceStateFilter {
        Live = "live",
        Scheduled = "scheduled",
        All = "all",
    }
}

wire_enum! {
    /// Where a Space stands.
    SpaceState {
        /// It is announced.
        Scheduled = "scheduled",
        /// It is on.
        Live = "live",
        /// It is over.
        Ended = "ended",
    }
}

wire_struct! {
    /// A Space. Its id is always there; every other field only if it was asked for.
    Space {
        /// Its id.
        id: SpaceId,
        ;
        /// When it was made.
        created_at: Timestamp,
        /// Who made it.
        creator_id: UserId,
        /// When it ended.
        ended_at: Timestamp,
        /// Who leads it.
        host_ids: Vec<UserId>,
        /// Who was asked to speak.
        invited_user_ids: Vec<UserId>,
        /// Whether it costs a ticket.
        is_ticketed: bool,
        /// Its language, as a BCP 47 tag.
        lang: String,
        /// How many take part, or took part.
        participant_count: u64,
        /// When it shall begin.
        scheduled_start: Timestamp,
        /// Who spoke.
        speaker_ids: Vec<UserId>,
        /// When it began.
        started_at: Timestamp,
        /// Where it stands.
        state: SpaceState,
        /// How many want to be told when it begins.
        subscriber_count: u64,
        /// What it is called.
        title: String,
        /// What it is about.
        topic_ids: Vec<TopicId>,
        /// When it was last changed.
        updated_at: Timestamp,
    }
}

id_of! { Space: SpaceId }
