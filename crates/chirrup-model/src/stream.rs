//! Rules of the filtered stream, and connections to streams.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::activity::ActivityFilter;
use crate::id::{PostId, RuleId, UserId};
use crate::includes::Includes;
use crate::into_param::id_of;
use crate::optional_list::OptionalList;
use crate::problem::Problem;
use crate::time::Timestamp;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// A field of a connection, for `connection_fields`.
    ConnectionField {
        ClientIp = "client_ip",
        ConnectedAt = "connected_at",
        DisconnectReason = "disconnect_reason",
        DisconnectedAt = "disconnected_at",
        EndpointName = "endpoint_name",
        Id = "id",
    }

    /// Which connections a call lists.
    ConnectionState {
        Active = "active",
        Inactive = "inactive",
        All = "all",
    }

    /// A stream to which connections are open.
    StreamEndpoint {
        Filtered = "filtered_stream",
        Sample = "sample_stream",
        Sample10 = "sample10_stream",
        Firehose = "firehose_stream",
        PostsCompliance = "tweets_compliance_stream",
        UsersCompliance = "users_compliance_stream",
        PostLabels = "tweet_label_stream",
        FirehoseEn = "firehose_stream_lang_en",
        FirehoseJa = "firehose_stream_lang_ja",
        FirehoseKo = "firehose_stream_lang_ko",
        FirehosePt = "firehose_stream_lang_pt",
        LikesFirehose = "likes_firehose_stream",
        LikesSample10 = "likes_sample10_stream",
        LikesCompliance = "likes_compliance_stream",
    }

    /// A field of a like, for `like_fields`.
    LikeField {
        AttachmentsMediaKeys = "attachments_media_keys",
        CreatedAt = "created_at",
        Id = "id",
        LikedPostAuthorId = "liked_tweet_author_id",
        LikedPostId = "liked_tweet_id",
        TimestampMs = "timestamp_ms",
    }

    /// What a stream of likes can bring along in its `includes`.
    LikeExpansion {
        AttachmentsMediaKeys = "attachments.media_keys",
        LikedPostAuthorId = "liked_tweet_author_id",
        LikedPostId = "liked_tweet_id",
    }
}

wire_struct! {
    /// A rule of the filtered stream.
    Rule {
        ;
        /// Its id.
        id: RuleId,
        /// The query.
        value: String,
        /// What its maker calls it.
        tag: String,
    }

    /// How many rules there are, and may be.
    RuleCounts {
        ;
        /// How many rules each app of the project has.
        all_project_client_apps: Vec<AppRules>,
        /// How many an app may have, as a decimal number.
        cap_per_client_app: String,
        /// How many the project may have, as a decimal number.
        cap_per_project: String,
        /// How many this app has.
        client_app_rules_count: AppRules,
        /// How many the project has, as a decimal number.
        project_rules_count: String,
    }

    /// How many rules an app has.
    AppRules {
        ;
        /// The app.
        client_app_id: String,
        /// How many.
        rule_count: u64,
    }

    /// A connection to a stream, open or closed.
    Connection {
        ;
        /// Its id.
        id: String,
        /// The stream.
        endpoint_name: StreamEndpoint,
        /// When it was opened.
        connected_at: Timestamp,
        /// When it was closed.
        disconnected_at: Timestamp,
        /// Why.
        disconnect_reason: String,
        /// Where it came from.
        client_ip: String,
    }

    /// Connections were closed.
    ClosedConnections {
        ;
        /// How many.
        successful_kills: u64,
        /// How many could not be.
        failed_kills: u64,
        /// Each one.
        results: Vec<ClosedConnection>,
    }

    /// Whether a connection was closed.
    ClosedConnection {
        ;
        /// Its id.
        uuid: String,
        /// Whether it was.
        success: bool,
        /// Why not.
        error_message: String,
    }

    /// A rule that a post matched.
    MatchingRule {
        /// Its id.
        id: RuleId,
        ;
        /// What its maker calls it.
        tag: String,
    }

    /// A like, with the author of the liked post.
    Like {
        ;
        /// Its id.
        id: String,
        /// When it was given.
        created_at: Timestamp,
        /// The post.
        liked_post_id = "liked_tweet_id": PostId,
        /// Who wrote the post.
        post_author_id = "tweet_author_id": UserId,
        /// When it was given, in milliseconds since 1970.
        timestamp_ms: i64,
    }

    /// What became of a post: one of these.
    PostCompliance {
        ;
        /// It was deleted.
        delete: PostComplianceEvent,
        /// It is withheld in some countries.
        withheld: PostComplianceEvent,
        /// It cannot be seen for now.
        drop: PostComplianceEvent,
        /// It can be seen again.
        undrop: PostComplianceEvent,
        /// It was edited.
        edit = "tweet_edit": PostComplianceEvent,
    }

    /// What happened to a post, and when.
    PostComplianceEvent {
        /// When.
        event_at: Timestamp,
        ;
        /// The post.
        post = "tweet": CompliancePost,
        /// The post that it quotes.
        quoted = "quote_tweet_id": PostId,
        /// Where it is withheld, as ISO 3166-1 codes.
        withheld_in_countries: Vec<String>,
        /// All versions of it.
        versions = "edit_tweet_ids": Vec<PostId>,
        /// The first version.
        first = "initial_tweet_id": PostId,
    }

    /// A post, and who wrote it.
    CompliancePost {
        /// Its id.
        id: PostId,
        ;
        /// Who wrote it.
        author_id: UserId,
    }

    /// What became of a user: one of these.
    UserCompliance {
        ;
        /// Their posts are for their followers alone.
        protect = "user_protect": UserComplianceEvent,
        /// Their posts are for all again.
        unprotect = "user_unprotect": UserComplianceEvent,
        /// They are gone.
        delete = "user_delete": UserComplianceEvent,
        /// They are back.
        undelete = "user_undelete": UserComplianceEvent,
        /// They were suspended.
        suspend = "user_suspend": UserComplianceEvent,
        /// They are no longer suspended.
        unsuspend = "user_unsuspend": UserComplianceEvent,
        /// They are withheld in some countries.
        withheld = "user_withheld": UserComplianceEvent,
        /// Places were taken off their posts.
        scrub_geo: UserComplianceEvent,
        /// Their profile has changed.
        profile = "user_profile_modification": UserComplianceEvent,
    }

    /// What happened to a user, and when.
    UserComplianceEvent {
        /// When.
        event_at: Timestamp,
        ;
        /// The user.
        user: ComplianceUser,
        /// Where they are withheld, as ISO 3166-1 codes.
        withheld_in_countries: Vec<String>,
        /// The last post that lost its place.
        up_to = "up_to_tweet_id": PostId,
        /// The part of the profile.
        profile_field: String,
        /// What it says now.
        new_value: String,
    }

    /// A user.
    ComplianceUser {
        /// Their id.
        id: UserId,
    }

    /// Likes that were taken back.
    LikeCompliance {
        /// The like.
        delete: LikeComplianceEvent,
    }

    /// A like that was taken back, and when.
    LikeComplianceEvent {
        /// When.
        event_at: Timestamp,
        /// The like.
        favorite: ComplianceLike,
    }

    /// A like: of a post, by a user.
    ComplianceLike {
        /// The post.
        id: PostId,
        /// The user.
        user_id: UserId,
    }

    /// A label on a post, or off it: one of these.
    PostLabel {
        ;
        /// The post carries a notice.
        notice = "public_tweet_notice": PostLabelEvent,
        /// The post cannot be seen.
        unviewable = "public_tweet_unviewable": PostLabelEvent,
    }

    /// What a label says.
    PostLabelEvent {
        /// When.
        event_at: Timestamp,
        /// What was done with it, such as `apply`.
        application: String,
        ;
        /// The post.
        post = "tweet": CompliancePost,
        /// The kind of notice.
        event_type: String,
        /// What it is called.
        label_title: String,
        /// What it says.
        details: String,
        /// Where more is said.
        extended_details_url: String,
    }

    /// Something that a user did.
    ActivityEvent {
        ;
        /// What, such as `post.create`.
        event_type: String,
        /// Its id.
        event_uuid: String,
        /// The subscription that let it through.
        filter: ActivityFilter,
        /// What its maker calls that.
        tag: String,
        /// The thing itself: its shape follows from `event_type`.
        payload: Json,
        /// What it brings along.
        includes: Includes,
    }
}

/// One line of a stream: what was delivered, and what came along with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery<T> {
    /// The thing itself; none on a line that only tells of errors.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
    /// The expanded objects.
    #[serde(default)]
    pub includes: Includes,
    /// The rules that it matched; of the filtered stream only.
    #[serde(default, skip_serializing_if = "OptionalList::is_absent")]
    pub matching_rules: OptionalList<MatchingRule>,
    /// What could not be delivered, and why the stream ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Problem>,
    /// The line as it came from a live stream, with what the types do not know; empty in what a call has gathered.
    #[serde(skip)]
    pub line: Bytes,
}

impl<T> Delivery<T> {
    /// The line as JSON, with what the types do not know; null where there is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.line).unwrap_or_default()
    }
}

id_of! { MatchingRule: RuleId }
