//! Community notes.

use crate::id::{NoteId, PostId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a note, for `note_fields`.
    NoteField {
        Id = "id",
        Info = "info",
        ScoringStatus = "scoring_status",
        Status = "status",
        TestResult = "test_result",
    }
}

wire_struct! {
    /// A note under a post, as its writer sees it.
    Note {
        /// Its id.
        id: NoteId,
        ;
        /// What it says.
        info: NoteInfo,
        /// Whether it is shown.
        status: String,
        /// How it was rated.
        scoring_status: NoteScoringStatus,
        /// How a note that was written for a test fared.
        test_result: NoteTestResult,
    }

    /// What a note says, and of which post.
    NoteInfo {
        ;
        /// The text, with a link.
        text: String,
        /// The post.
        post_id: PostId,
        /// Whether it calls the post misleading.
        classification: String,
        /// In which way the post misleads.
        misleading_tags: Vec<String>,
        /// Whether most people would trust its sources.
        trustworthy_sources: bool,
        /// How it stands.
        rating_status: String,
    }

    /// How a note was rated.
    NoteScoringStatus {
        ;
        /// Whether you may see it.
        has_access: bool,
        /// The ratings, by model.
        rating_counts_per_model: Vec<NoteModelRatings>,
    }

    /// The ratings that one model counts.
    NoteModelRatings {
        ;
        /// The model.
        model_name: String,
        /// Its counts.
        value: NoteRatingBuckets,
    }

    /// Ratings by the leaning of those who gave them.
    NoteRatingBuckets {
        ;
        /// On one side.
        negative_factor_bucket_counts: NoteRatingCounts,
        /// In the middle.
        neutral_factor_bucket_counts: NoteRatingCounts,
        /// On the other side.
        positive_factor_bucket_counts: NoteRatingCounts,
    }

    /// How many found a note helpful, and why.
    NoteRatingCounts {
        ;
        /// Helpful.
        helpful_count: u64,
        /// Somewhat helpful.
        somewhat_helpful_count: u64,
        /// Not helpful.
        not_helpful_count: u64,
        /// Why it is helpful.
        helpful_tag_counts: Vec<NoteTagCount>,
        /// Why it is not.
        not_helpful_tag_counts: Vec<NoteTagCount>,
    }

    /// A reason, and how many gave it.
    NoteTagCount {
        ;
        /// The reason.
        tag_name: String,
        /// How many.
        tag_count: u64,
    }

    /// How a test note fared.
    NoteTestResult {
        ;
        /// What each judge said.
        evaluation_outcome: Vec<NoteEvaluationOutcome>,
    }

    /// What a judge said of a test note.
    NoteEvaluationOutcome {
        /// Which judge.
        evaluator_type: String,
        /// How good the note is.
        evaluator_score_bucket: String,
    }

    /// A note was written.
    CreatedNote {
        /// Its id.
        id: NoteId,
    }

    /// How much opinion a note holds.
    NoteOpinion {
        ;
        /// From no opinion upwards.
        claim_opinion_score: f64,
    }
}

id_of! { Note: NoteId, CreatedNote: NoteId }
