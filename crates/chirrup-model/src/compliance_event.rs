//! Events of the compliance and label streams: changes that an app has to apply to its stored posts, users and likes.

use crate::id::{PostId, UserId};
use crate::time::Timestamp;
use crate::wire_struct;

wire_struct! {
    /// Event of the compliance stream of posts. Exactly one field has a value.
    PostCompliance {
        ;
        /// Deletion of the post.
        delete: PostComplianceEvent,
        /// Withholding of the post in some countries.
        withheld: PostComplianceEvent,
        /// Temporary removal of the post.
        drop: PostComplianceEvent,
        /// End of a temporary removal of the post.
        undrop: PostComplianceEvent,
        /// Edit of the post.
        edit = "tweet_edit": PostComplianceEvent,
    }

    /// Change of a post.
    PostComplianceEvent {
        /// Time of the change.
        event_at: Timestamp,
        ;
        /// The post that changed.
        post = "tweet": CompliancePost,
        /// ID of the post that the changed post quotes.
        quoted = "quote_tweet_id": PostId,
        /// ISO 3166-1 alpha-2 codes of the countries in which the post is withheld.
        withheld_in_countries: Vec<String>,
        /// IDs of all versions of an edited post.
        versions = "edit_tweet_ids": Vec<PostId>,
        /// ID of the first version of an edited post.
        first = "initial_tweet_id": PostId,
    }

    /// IDs of a post and of its author.
    CompliancePost {
        /// ID of the post.
        id: PostId,
        ;
        /// ID of the author.
        author_id: UserId,
    }

    /// Event of the compliance stream of users. Exactly one field has a value.
    UserCompliance {
        ;
        /// Protection of the posts: only followers can see them.
        protect = "user_protect": UserComplianceEvent,
        /// End of the protection of the posts.
        unprotect = "user_unprotect": UserComplianceEvent,
        /// Deletion of the account.
        delete = "user_delete": UserComplianceEvent,
        /// Restoration of a deleted account.
        undelete = "user_undelete": UserComplianceEvent,
        /// Suspension of the account.
        suspend = "user_suspend": UserComplianceEvent,
        /// End of a suspension of the account.
        unsuspend = "user_unsuspend": UserComplianceEvent,
        /// Withholding of the user in some countries.
        withheld = "user_withheld": UserComplianceEvent,
        /// Removal of the locations from the posts.
        scrub_geo: UserComplianceEvent,
        /// Change of the profile.
        profile = "user_profile_modification": UserComplianceEvent,
    }

    /// Change of a user.
    UserComplianceEvent {
        /// Time of the change.
        event_at: Timestamp,
        ;
        /// The user who changed.
        user: ComplianceUser,
        /// ISO 3166-1 alpha-2 codes of the countries in which the user is withheld.
        withheld_in_countries: Vec<String>,
        /// ID of the last post whose location was removed.
        up_to = "up_to_tweet_id": PostId,
        /// Name of the field of the profile that changed.
        profile_field: String,
        /// New value of the field of the profile.
        new_value: String,
    }

    /// ID of a user, as an object.
    ComplianceUser {
        /// ID of the user.
        id: UserId,
    }

    /// Event of the compliance stream of likes.
    LikeCompliance {
        /// Removal of a like.
        delete: LikeComplianceEvent,
    }

    /// Removal of a like.
    LikeComplianceEvent {
        /// Time of the removal.
        event_at: Timestamp,
        /// The like that was removed.
        favorite: ComplianceLike,
    }

    /// Like of a post by a user.
    ComplianceLike {
        /// ID of the post.
        id: PostId,
        /// ID of the user.
        user_id: UserId,
    }

    /// Event of the label stream. Exactly one field has a value.
    PostLabel {
        ;
        /// Notice on the post.
        notice = "public_tweet_notice": PostLabelEvent,
        /// Label that makes the post unviewable.
        unviewable = "public_tweet_unviewable": PostLabelEvent,
    }

    /// Application or removal of a label.
    PostLabelEvent {
        /// Time of the change.
        event_at: Timestamp,
        /// Kind of the change, such as `apply`.
        application: String,
        ;
        /// The post with the label.
        post = "tweet": CompliancePost,
        /// Type of the notice.
        event_type: String,
        /// Title of the label.
        label_title: String,
        /// Text of the label.
        details: String,
        /// URL of more information.
        extended_details_url: String,
    }
}
