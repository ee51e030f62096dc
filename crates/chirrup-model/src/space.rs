//! Spaces: live conversations.

use crate::id::{SpaceId, TopicId, UserId};
use crate::time::Timestamp;
use crate::wire_struct::{nouns, open_words};

open_words! {
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

nouns! {
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
