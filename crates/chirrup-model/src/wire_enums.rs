//! Fields, expansions and other closed sets of words of the smaller areas.

use std::fmt;
use std::str::FromStr;

use serde_json::Value as Json;

use crate::fields::words;
use crate::value::{ParamKind, Value};

words! {
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
    SpaceQuery {
        Live = "live",
        Scheduled = "scheduled",
        All = "all",
    }

    /// A field of an event in a conversation, for `dm_event_fields`.
    DmEventField {
        ReferencedPosts = "referenced_tweets",
        Attachments = "attachments",
        CreatedAt = "created_at",
        DmConversationId = "dm_conversation_id",
        Entities = "entities",
        EventType = "event_type",
        Id = "id",
        Text = "text",
        ParticipantIds = "participant_ids",
        SenderId = "sender_id",
    }

    /// What a call that returns events of conversations can bring along in its `includes`.
    DmExpansion {
        AttachmentsMediaKeys = "attachments.media_keys",
        ParticipantIds = "participant_ids",
        ReferencedPosts = "referenced_tweets.id",
        SenderId = "sender_id",
        ReferencedTweetsId = "referenced_tweets.id",
    }

    /// Which events a call lists.
    DmEventKind {
        MessageCreate = "MessageCreate",
        ParticipantsJoin = "ParticipantsJoin",
        ParticipantsLeave = "ParticipantsLeave",
    }

    /// What a new conversation is.
    DmConversationKind {
        Group = "Group",
    }

    /// A field of a community, for `community_fields`.
    CommunityField {
        Access = "access",
        CreatedAt = "created_at",
        Description = "description",
        Id = "id",
        JoinPolicy = "join_policy",
        MemberCount = "member_count",
        Name = "name",
    }

    /// A field of a story, for `news_fields`.
    NewsField {
        Category = "category",
        ClusterPostsResults = "cluster_posts_results",
        Contexts = "contexts",
        Disclaimer = "disclaimer",
        Hook = "hook",
        Id = "id",
        Keywords = "keywords",
        Name = "name",
        Summary = "summary",
        UpdatedAt = "updated_at",
    }

    /// A field of a trend, for `trend_fields`.
    TrendField {
        TrendName = "trend_name",
        TweetCount = "tweet_count",
    }

    /// A field of a trend around you, for `personalized_trend_fields`.
    PersonalizedTrendField {
        Category = "category",
        PostCount = "post_count",
        TrendName = "trend_name",
        TrendingSince = "trending_since",
    }

    /// A field of the usage, for `usage_fields`.
    UsageField {
        CapResetDay = "cap_reset_day",
        DailyClientAppUsage = "daily_client_app_usage",
        DailyProjectUsage = "daily_project_usage",
        ProjectCap = "project_cap",
        ProjectId = "project_id",
        ProjectUsage = "project_usage",
    }

    /// A field of a note, for `note_fields`.
    NoteField {
        Id = "id",
        Info = "info",
        ScoringStatus = "scoring_status",
        Status = "status",
        TestResult = "test_result",
    }

    /// A field of a compliance job, for `job_fields`.
    JobField {
        CreatedAt = "created_at",
        DownloadExpiresAt = "download_expires_at",
        DownloadUrl = "download_url",
        Id = "id",
        Name = "name",
        Resumable = "resumable",
        Status = "status",
        Type = "type",
        UploadExpiresAt = "upload_expires_at",
        UploadUrl = "upload_url",
    }

    /// What compliance jobs look at.
    JobKind {
        Tweets = "tweets",
        Users = "users",
    }

    /// Where compliance jobs stand.
    JobState {
        Created = "created",
        InProgress = "in_progress",
        Failed = "failed",
        Complete = "complete",
    }

    /// A count of what was done with a post, for `analytics_fields`.
    AnalyticsField {
        AppInstallAttempts = "app_install_attempts",
        AppOpens = "app_opens",
        Bookmarks = "bookmarks",
        DetailExpands = "detail_expands",
        EmailTweet = "email_tweet",
        Engagements = "engagements",
        Follows = "follows",
        HashtagClicks = "hashtag_clicks",
        Id = "id",
        Impressions = "impressions",
        Likes = "likes",
        MediaViews = "media_views",
        PermalinkClicks = "permalink_clicks",
        QuoteTweets = "quote_tweets",
        Replies = "replies",
        Retweets = "retweets",
        Shares = "shares",
        Timestamp = "timestamp",
        TimestampedMetrics = "timestamped_metrics",
        Unfollows = "unfollows",
        Unlikes = "unlikes",
        UrlClicks = "url_clicks",
        UserProfileClicks = "user_profile_clicks",
    }

    /// How long the spans of analytics of posts are.
    AnalyticsGranularity {
        Hourly = "hourly",
        Weekly = "weekly",
        Daily = "daily",
        Total = "total",
    }

    /// A count of what was done with a medium, for `media_analytics_fields`.
    MediaAnalyticsField {
        CtaUrlClicks = "cta_url_clicks",
        CtaWatchClicks = "cta_watch_clicks",
        MediaKey = "media_key",
        PlayFromTap = "play_from_tap",
        Playback25 = "playback25",
        Playback50 = "playback50",
        Playback75 = "playback75",
        PlaybackComplete = "playback_complete",
        PlaybackStart = "playback_start",
        Timestamp = "timestamp",
        TimestampedMetrics = "timestamped_metrics",
        VideoViews = "video_views",
        WatchTimeMs = "watch_time_ms",
    }

    /// How long the spans of analytics of media are.
    MediaGranularity {
        Hourly = "hourly",
        Daily = "daily",
        Total = "total",
    }

    /// What is asked of an upload.
    UploadCommand {
        Status = "STATUS",
    }

    /// What an upload in one piece is for.
    UploadCategory {
        TweetImage = "tweet_image",
        TweetVideo = "tweet_video",
        TweetGif = "tweet_gif",
        DmImage = "dm_image",
        DmVideo = "dm_video",
        DmGif = "dm_gif",
        Subtitles = "subtitles",
    }

    /// What an upload is for.
    MediaCategory {
        AmplifyVideo = "amplify_video",
        TweetGif = "tweet_gif",
        TweetImage = "tweet_image",
        TweetVideo = "tweet_video",
        DmGif = "dm_gif",
        DmImage = "dm_image",
        DmVideo = "dm_video",
        Subtitles = "subtitles",
    }

    /// The media type of an upload.
    MediaFormat {
        VideoMp4 = "video/mp4",
        VideoWebm = "video/webm",
        VideoMp2t = "video/mp2t",
        VideoQuicktime = "video/quicktime",
        TextSrt = "text/srt",
        TextVtt = "text/vtt",
        ImageJpeg = "image/jpeg",
        ImageGif = "image/gif",
        ImageBmp = "image/bmp",
        ImagePng = "image/png",
        ImageWebp = "image/webp",
        ImagePjpeg = "image/pjpeg",
        ImageTiff = "image/tiff",
        ModelGltfBinary = "model/gltf-binary",
        ModelVndUsdzZip = "model/vnd.usdz+zip",
    }

    /// The kind of a video that gets subtitles.
    SubtitledCategory {
        AmplifyVideo = "AmplifyVideo",
        TweetVideo = "TweetVideo",
    }

    /// A field of a public key, for `public_key_fields`.
    PublicKeyField {
        IdentityPublicKeySignature = "identity_public_key_signature",
        JuiceboxConfig = "juicebox_config",
        PublicKey = "public_key",
        PublicKeyVersion = "public_key_version",
        SigningPublicKey = "signing_public_key",
    }

    /// A field of a conversation in the encrypted chat, for `chat_fields`.
    ChatField {
        CreatedAt = "created_at",
        GroupAvatarUrl = "group_avatar_url",
        GroupName = "group_name",
        Id = "id",
        IsMuted = "is_muted",
        MessageTtlMs = "message_ttl_ms",
        ScreenCaptureBlockingEnabled = "screen_capture_blocking_enabled",
        ScreenCaptureDetectionEnabled = "screen_capture_detection_enabled",
        Type = "type",
        UpdatedAt = "updated_at",
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        MessageTtlMsec = "message_ttl_msec",
        ParticipantIds = "participant_ids",
    }

    /// What a call that returns conversations of the encrypted chat can bring along in its `includes`.
    ChatExpansion {
        AdminIds = "admin_ids",
        MemberIds = "member_ids",
        ParticipantIds = "participant_ids",
    }

    /// A field of an event in the encrypted chat, for `chat_event_fields`.
    ChatEventField {
        ConversationId = "conversation_id",
        ConversationToken = "conversation_token",
        CreatedAt = "created_at",
        EncodedEvent = "encoded_event",
        Id = "id",
        IsTrusted = "is_trusted",
        MessageEventSignature = "message_event_signature",
        PreviousId = "previous_id",
        SenderId = "sender_id",
        CreatedAtMsec = "created_at_msec",
    }

    /// For whom messages are deleted.
    ChatDeletion {
        DeleteForAll = "delete_for_all",
        DeleteForSelf = "delete_for_self",
    }

    /// A field of a broadcast, for `broadcast_fields`.
    BroadcastField {
        AvailableForReplay = "available_for_replay",
        BroadcastId = "broadcast_id",
        ChatOption = "chat_option",
        CreatedAtMs = "created_at_ms",
        EndMs = "end_ms",
        Height = "height",
        Id = "id",
        ImageUrl = "image_url",
        ImageUrlMedium = "image_url_medium",
        ImageUrlSmall = "image_url_small",
        IsHighLatency = "is_high_latency",
        Language = "language",
        MediaKey = "media_key",
        ScheduledEndMs = "scheduled_end_ms",
        ScheduledStartMs = "scheduled_start_ms",
        ShareUrl = "share_url",
        SourceId = "source_id",
        StartMs = "start_ms",
        State = "state",
        Title = "title",
        TotalWatched = "total_watched",
        TotalWatching = "total_watching",
        TweetId = "tweet_id",
        TwitterUserId = "twitter_user_id",
        UpdatedAtMs = "updated_at_ms",
        Width = "width",
    }

    /// A field of a message in the chat of a broadcast, for `message_fields`.
    BroadcastMessageField {
        AuthorName = "author_name",
        AuthorUsername = "author_username",
        BroadcastId = "broadcast_id",
        CreatedAtMs = "created_at_ms",
        Id = "id",
        ReplyTo = "reply_to",
        Text = "text",
    }

    /// What a call that returns the chat of a broadcast can bring along in its `includes`.
    BroadcastMessageExpansion {
        AuthorId = "author_id",
    }

    /// A field of a webhook, for `webhook_fields`.
    WebhookField {
        CreatedAt = "created_at",
        Id = "id",
        Url = "url",
        Valid = "valid",
    }

    /// A kind of activity.
    ActivityType {
        ProfileUpdateBio = "profile.update.bio",
        ProfileUpdateProfilePicture = "profile.update.profile_picture",
        ProfileUpdateBannerPicture = "profile.update.banner_picture",
        ProfileUpdateScreenname = "profile.update.screenname",
        ProfileUpdateGeo = "profile.update.geo",
        ProfileUpdateUrl = "profile.update.url",
        ProfileUpdateVerifiedBadge = "profile.update.verified_badge",
        ProfileUpdateAffiliateBadge = "profile.update.affiliate_badge",
        ProfileUpdateHandle = "profile.update.handle",
        NewsNew = "news.new",
        FollowFollow = "follow.follow",
        FollowUnfollow = "follow.unfollow",
        SpacesStart = "spaces.start",
        SpacesEnd = "spaces.end",
        BroadcastStart = "broadcast.start",
        BroadcastEnd = "broadcast.end",
        BroadcastChat = "broadcast.chat",
        ChatReceived = "chat.received",
        ChatSent = "chat.sent",
        ChatConversationJoin = "chat.conversation.join",
        ChatConversationJoin2 = "chat.conversation_join",
        ChatConversationMemberAdded = "chat.conversation.member_added",
        ChatConversationMemberRemoved = "chat.conversation.member_removed",
        ChatConversationAdminAdded = "chat.conversation.admin_added",
        ChatConversationAdminRemoved = "chat.conversation.admin_removed",
        ChatUpdateGroupName = "chat.update.group_name",
        ChatUpdateRestrictions = "chat.update.restrictions",
        DmSent = "dm.sent",
        DmReceived = "dm.received",
        DmIndicateTyping = "dm.indicate_typing",
        DmRead = "dm.read",
        PostCreate = "post.create",
        PostDelete = "post.delete",
        PostMentionCreate = "post.mention.create",
        PostReplyCreate = "post.reply.create",
        PostQuoteCreate = "post.quote.create",
        PostRepostCreate = "post.repost.create",
        LikeCreate = "like.create",
        MuteMute = "mute.mute",
        MuteUnmute = "mute.unmute",
        BlockBlock = "block.block",
        BlockUnblock = "block.unblock",
    }

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
        FilteredStream = "filtered_stream",
        SampleStream = "sample_stream",
        Sample10Stream = "sample10_stream",
        FirehoseStream = "firehose_stream",
        TweetsComplianceStream = "tweets_compliance_stream",
        UsersComplianceStream = "users_compliance_stream",
        TweetLabelStream = "tweet_label_stream",
        FirehoseStreamLangEn = "firehose_stream_lang_en",
        FirehoseStreamLangJa = "firehose_stream_lang_ja",
        FirehoseStreamLangKo = "firehose_stream_lang_ko",
        FirehoseStreamLangPt = "firehose_stream_lang_pt",
        LikesFirehoseStream = "likes_firehose_stream",
        LikesSample10Stream = "likes_sample10_stream",
        LikesComplianceStream = "likes_compliance_stream",
    }

    /// A field of the answer to a call for insights, for `engagement_fields`.
    EngagementField {
        Errors = "errors",
        Measurement = "measurement",
    }

    /// How long the spans of insights are.
    InsightGranularity {
        Daily = "Daily",
        Hourly = "Hourly",
        Weekly = "Weekly",
        Total = "Total",
    }

    /// What insights count.
    InsightMetric {
        AppInstallAttempts = "AppInstallAttempts",
        AppOpens = "AppOpens",
        DetailExpands = "DetailExpands",
        EmailTweet = "EmailTweet",
        Engagements = "Engagements",
        Follows = "Follows",
        HashtagClicks = "HashtagClicks",
        Impressions = "Impressions",
        Likes = "Likes",
        LinkClicks = "LinkClicks",
        MediaEngagements = "MediaEngagements",
        MediaViews = "MediaViews",
        PermalinkClicks = "PermalinkClicks",
        ProfileVisits = "ProfileVisits",
        QuoteTweets = "QuoteTweets",
        Replies = "Replies",
        Retweets = "Retweets",
        UniqueVideoViews = "UniqueVideoViews",
        UrlClicks = "UrlClicks",
        UserProfileClicks = "UserProfileClicks",
        VideoCompletions = "VideoCompletions",
        VideoPlayed25Percent = "VideoPlayed25Percent",
        VideoPlayed50Percent = "VideoPlayed50Percent",
        VideoPlayed75Percent = "VideoPlayed75Percent",
        VideoStarts = "VideoStarts",
        VideoViews = "VideoViews",
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
