//! Community notes on posts.

use crate::id::{NoteId, PostId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Field of a community note, for `note_fields`.
    NoteField {
        Id = "id",
        Info = "info",
        ScoringStatus = "scoring_status",
        Status = "status",
        TestResult = "test_result",
    }
}

wire_struct! {
    /// A community note, as its author sees it.
    Note {
        /// ID of the note.
        id: NoteId,
        ;
        /// Content of the note.
        info: NoteInfo,
        /// Status of the note: whether X displays it.
        status: String,
        /// Ratings of the note.
        scoring_status: NoteScoringStatus,
        /// Result of a test note.
        test_result: NoteTestResult,
    }

    /// Content of a community note.
    NoteInfo {
        ;
        /// Text of the note, which includes a link.
        text: String,
        /// ID of the post that the note is about.
        post_id: PostId,
        /// Classification of the post, such as misleading.
        classification: String,
        /// Reasons why the post is misleading.
        misleading_tags: Vec<String>,
        /// Whether most people would consider the sources trustworthy.
        trustworthy_sources: bool,
        /// Status of the rating.
        rating_status: String,
    }

    /// Ratings of a community note.
    NoteScoringStatus {
        ;
        /// Whether the authenticated user may see the ratings.
        has_access: bool,
        /// Ratings of each scoring model.
        rating_counts_per_model: Vec<NoteModelRatings>,
    }

    /// Ratings of one scoring model.
    NoteModelRatings {
        ;
        /// Name of the model.
        model_name: String,
        /// Counts of the model.
        value: NoteRatingBuckets,
    }

    /// Counts of ratings, grouped by the viewpoint factor of the raters.
    NoteRatingBuckets {
        ;
        /// Counts of raters with a negative factor.
        negative_factor_bucket_counts: NoteRatingCounts,
        /// Counts of raters with a neutral factor.
        neutral_factor_bucket_counts: NoteRatingCounts,
        /// Counts of raters with a positive factor.
        positive_factor_bucket_counts: NoteRatingCounts,
    }

    /// Numbers of raters who found a note helpful or not, and their reasons.
    NoteRatingCounts {
        ;
        /// Number of raters who found it helpful.
        helpful_count: u64,
        /// Number of raters who found it somewhat helpful.
        somewhat_helpful_count: u64,
        /// Number of raters who found it not helpful.
        not_helpful_count: u64,
        /// Reasons why the note is helpful.
        helpful_tag_counts: Vec<NoteTagCount>,
        /// Reasons why the note is not helpful.
        not_helpful_tag_counts: Vec<NoteTagCount>,
    }

    /// Reason of a rating, with the number of raters who chose it.
    NoteTagCount {
        ;
        /// Name of the reason.
        tag_name: String,
        /// Number of raters who chose the reason.
        tag_count: u64,
    }

    /// Result of a test note.
    NoteTestResult {
        ;
        /// Outcome of each evaluator.
        evaluation_outcome: Vec<NoteEvaluationOutcome>,
    }

    /// Outcome of one evaluation of a test note.
    NoteEvaluationOutcome {
        /// Type of the evaluator.
        evaluator_type: String,
        /// Score of the note, as a range.
        evaluator_score_bucket: String,
    }

    /// Response to the creation of a community note.
    CreatedNote {
        /// ID of the new note.
        id: NoteId,
    }

    /// Response to the evaluation of a note.
    NoteOpinion {
        ;
        /// Score of claims and opinions: the higher, the more opinion.
        claim_opinion_score: f64,
    }
}

id_of! { Note: NoteId, CreatedNote: NoteId }
