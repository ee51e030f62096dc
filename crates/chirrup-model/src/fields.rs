//! Fields, expansions and other words of the parameters that many endpoints share.

use crate::wire_enum;

wire_enum! {
    /// Field of a post, for `post_fields`.
    PostField {
        Article = "article",
        ArticleTitle = "article_title",
        Attachments = "attachments",
        AuthorId = "author_id",
        CardUri = "card_uri",
        CommunityId = "community_id",
        ContextAnnotations = "context_annotations",
        ConversationId = "conversation_id",
        CreatedAt = "created_at",
        DisplayTextRange = "display_text_range",
        EditControls = "edit_controls",
        EditHistoryPostIds = "edit_history_tweet_ids",
        Entities = "entities",
        Geo = "geo",
        Id = "id",
        InReplyToUserId = "in_reply_to_user_id",
        Lang = "lang",
        MatchedMediaNotes = "matched_media_notes",
        MediaMetadata = "media_metadata",
        NonPublicMetrics = "non_public_metrics",
        NoteRequestSuggestions = "note_request_suggestions",
        NotePost = "note_tweet",
        OrganicMetrics = "organic_metrics",
        PaidPartnership = "paid_partnership",
        PossiblySensitive = "possibly_sensitive",
        PromotedMetrics = "promoted_metrics",
        PublicMetrics = "public_metrics",
        ReferencedPosts = "referenced_tweets",
        ReplySettings = "reply_settings",
        Scopes = "scopes",
        Source = "source",
        SuggestedSourceLinks = "suggested_source_links",
        SuggestedSourceLinksWithCounts = "suggested_source_links_with_counts",
        Text = "text",
        Withheld = "withheld",
    }

    /// Field of a user, for `user_fields`.
    UserField {
        ActiveFollowerCount = "active_follower_count",
        Affiliation = "affiliation",
        ConfirmedEmail = "confirmed_email",
        ConnectionStatus = "connection_status",
        CreatedAt = "created_at",
        Description = "description",
        Entities = "entities",
        Id = "id",
        IsIdentityVerified = "is_identity_verified",
        Location = "location",
        MostRecentPostId = "most_recent_tweet_id",
        Name = "name",
        Parody = "parody",
        PinnedPostId = "pinned_tweet_id",
        ProfileBannerUrl = "profile_banner_url",
        ProfileImageUrl = "profile_image_url",
        Protected = "protected",
        PublicMetrics = "public_metrics",
        ReceivesYourDm = "receives_your_dm",
        SubscriberCount = "subscriber_count",
        SubscribesToYou = "subscribes_to_you",
        Subscription = "subscription",
        SubscriptionType = "subscription_type",
        Url = "url",
        Username = "username",
        Verified = "verified",
        VerifiedFollowersCount = "verified_followers_count",
        VerifiedType = "verified_type",
        Withheld = "withheld",
    }

    /// Field of a media file, for `media_fields`.
    MediaField {
        AltText = "alt_text",
        DurationMs = "duration_ms",
        Height = "height",
        MediaKey = "media_key",
        NonPublicMetrics = "non_public_metrics",
        OrganicMetrics = "organic_metrics",
        PreviewImageUrl = "preview_image_url",
        PromotedMetrics = "promoted_metrics",
        PublicMetrics = "public_metrics",
        Type = "type",
        Url = "url",
        Variants = "variants",
        Width = "width",
    }

    /// Field of a poll, for `poll_fields`.
    PollField {
        DurationMinutes = "duration_minutes",
        EndDatetime = "end_datetime",
        Id = "id",
        Options = "options",
        VotingStatus = "voting_status",
    }

    /// Field of a place, for `place_fields`.
    PlaceField {
        ContainedWithin = "contained_within",
        Country = "country",
        CountryCode = "country_code",
        FullName = "full_name",
        Geo = "geo",
        Id = "id",
        Name = "name",
        PlaceType = "place_type",
    }

    /// Expansion of a response with posts: objects that X adds to its `includes`.
    Expansion {
        ArticleCoverMedia = "article.cover_media",
        ArticleMediaEntities = "article.media_entities",
        MediaKeys = "attachments.media_keys",
        MediaSourcePost = "attachments.media_source_tweet",
        PollIds = "attachments.poll_ids",
        AuthorId = "author_id",
        EditHistoryPostIds = "edit_history_tweet_ids",
        Mentions = "entities.mentions.username",
        NoteMentions = "entities.note.mentions.username",
        PlaceId = "geo.place_id",
        InReplyToUserId = "in_reply_to_user_id",
        ReferencedPosts = "referenced_tweets.id",
        ReferencedPostsMedia = "referenced_tweets.id.attachments.media_keys",
        ReferencedPostsAuthors = "referenced_tweets.id.author_id",
        /// Author of the post, in the [`Post`](crate::Dialect::Post) dialect only.
        Username = "username",
    }

    /// Expansion of a response with users: objects that X adds to its `includes`.
    UserExpansion {
        Affiliation = "affiliation.user_id",
        MostRecentPostId = "most_recent_tweet_id",
        PinnedPostId = "pinned_tweet_id",
    }

    /// Field of a list, for `list_fields`.
    ListField {
        CreatedAt = "created_at",
        Description = "description",
        FollowerCount = "follower_count",
        Id = "id",
        MemberCount = "member_count",
        Name = "name",
        OwnerId = "owner_id",
        Private = "private",
    }

    /// Expansion of a response with lists: objects that X adds to its `includes`.
    ListExpansion {
        OwnerId = "owner_id",
    }

    /// Kind of posts that a timeline leaves out, for `exclude`.
    Exclude {
        Replies = "replies",
        Reposts = "retweets",
    }

    /// Order of search results, for `sort_order`.
    SortOrder {
        Recency = "recency",
        Relevancy = "relevancy",
    }

    /// Length of the time spans of post counts, for `granularity`.
    Granularity {
        Minute = "minute",
        Hour = "hour",
        Day = "day",
    }

    /// Users who may reply to a new post, for `reply_settings`. Without it, everyone may.
    ReplySettings {
        Following = "following",
        MentionedUsers = "mentionedUsers",
        Subscribers = "subscribers",
        Verified = "verified",
    }
}
