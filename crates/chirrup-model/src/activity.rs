//! Webhooks, and subscriptions to what users do.

use crate::id::{JobId, SubscriptionId, UserId, WebhookId};
use crate::into_param::id_of;
use crate::{wire_enum, wire_struct};

wire_enum! {
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
}

wire_struct! {
    /// A webhook: an address to which X sends events.
    Webhook {
        /// Its id.
        id: WebhookId,
        ;
        /// The address.
        url: String,
        /// Whether its last challenge was answered well.
        valid: bool,
        /// When it was made, as X writes it.
        created_at: String,
    }

    /// Whether a webhook answers well.
    Validated {
        /// Whether it does.
        valid: bool,
    }

    /// A replay of the events of some time was begun.
    ReplayJob {
        /// Its id.
        job_id: JobId,
        /// When, as X writes it.
        created_at: String,
    }

    /// A link from the filtered stream to a webhook.
    StreamWebhookLink {
        ;
        /// The app.
        application_id: String,
        /// The user who pays.
        business_user_id: String,
        /// When it was made, as X writes it.
        created_at: String,
        /// The fields that are sent.
        fields: Vec<String>,
        /// The instance.
        instance_id: String,
        /// The webhook.
        webhook_id: String,
    }

    /// Whether the filtered stream goes to a webhook now.
    Provisioned {
        /// Whether it does.
        provisioned: bool,
    }

    /// A subscription to one kind of activity.
    ActivitySubscription {
        ;
        /// Its id.
        subscription_id: SubscriptionId,
        /// The kind, such as `post.create`.
        event_type: String,
        /// Whose activity, or about what.
        filter: ActivityFilter,
        /// What its maker calls it.
        tag: String,
        /// The webhook that it goes to; without one it goes to the stream.
        webhook_id: String,
        /// When it was made, as X writes it.
        created_at: String,
        /// When it was last changed, as X writes it.
        updated_at: String,
    }

    /// Whose activity, or about what.
    ActivityFilter {
        ;
        /// The user.
        user_id: String,
        /// A word that the activity must hold.
        keyword: String,
        /// `inbound` or `outbound`.
        direction: String,
    }

    /// A subscription that was made or changed.
    SubscriptionChange {
        ;
        /// The subscription.
        subscription: ActivitySubscription,
        /// How many there are now.
        total_subscriptions: u64,
    }

    /// A subscription that was deleted.
    DeletedSubscription {
        ;
        /// Which one.
        subscription_id: SubscriptionId,
        /// Whether it is gone.
        deleted: bool,
    }

    /// Whether the account activity of the user goes to the webhook.
    Subscribed {
        /// Whether it does.
        subscribed: bool,
    }

    /// Who is subscribed to at a webhook.
    AccountSubscriptions {
        ;
        /// The app.
        application_id: String,
        /// The webhook.
        webhook_id: String,
        /// Its address.
        webhook_url: String,
        /// The users.
        subscriptions: Vec<AccountSubscription>,
    }

    /// A user whose account activity is subscribed to.
    AccountSubscription {
        ;
        /// The user.
        user_id: UserId,
    }

    /// How many users are subscribed to.
    SubscriptionCount {
        ;
        /// The app's contract.
        account_name: String,
        /// How many it may subscribe to, as a decimal number.
        provisioned_count: String,
        /// How many it does for all activity, as a decimal number.
        subscriptions_count_all: String,
        /// How many it does for direct messages, as a decimal number.
        subscriptions_count_direct_messages: String,
    }
}

id_of! { Webhook: WebhookId }
