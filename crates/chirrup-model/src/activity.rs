//! Activity events, and subscriptions to them.

use serde_json::Value as Json;

use crate::id::SubscriptionId;
use crate::includes::Includes;
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Type of an activity event.
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
        SubscriptionsSubscribe = "subscriptions.subscribe",
        SubscriptionsUnsubscribe = "subscriptions.unsubscribe",
        SpacesStart = "spaces.start",
        SpacesEnd = "spaces.end",
        BroadcastStart = "broadcast.start",
        BroadcastEnd = "broadcast.end",
        BroadcastChat = "broadcast.chat",
        BroadcastChatRemove = "broadcast.chat.remove",
        ChatReceived = "chat.received",
        ChatSent = "chat.sent",
        ChatConversationJoin = "chat.conversation.join",
        ChatConversationJoinLegacy = "chat.conversation_join",
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
        OauthRevoke = "oauth.revoke",
    }
}

wire_struct! {
    /// A subscription to one type of activity events.
    ActivitySubscription {
        ;
        /// ID of the subscription.
        subscription_id: SubscriptionId,
        /// Type of the events, such as `post.create`.
        event_type: String,
        /// Filter of the events.
        filter: ActivityFilter,
        /// Tag that the creator of the subscription chose.
        tag: String,
        /// ID of the webhook that receives the events. Without it, the activity stream receives them.
        webhook_id: String,
        /// Creation time, as X sends it.
        created_at: String,
        /// Time of the last update, as X sends it.
        updated_at: String,
        /// Time at which the subscription ends, as X sends it; absent if it has no end.
        expires_at: String,
    }

    /// Filter of activity events.
    ActivityFilter {
        ;
        /// ID of the user whose events match.
        user_id: String,
        /// Keyword that the events have to contain.
        keyword: String,
        /// Direction of the events: `inbound` or `outbound`.
        direction: String,
        /// Further conditions on the events, whose shape depends on the event type.
        qualifiers: Json,
    }

    /// Response to the creation or update of a subscription.
    SubscriptionChange {
        ;
        /// The new or updated subscription.
        subscription: ActivitySubscription,
        /// Number of subscriptions after the change.
        total_subscriptions: u64,
    }

    /// Response to the deletion of a subscription.
    DeletedSubscription {
        ;
        /// ID of the subscription.
        subscription_id: SubscriptionId,
        /// Whether the subscription was deleted.
        deleted: bool,
    }

    /// An activity event: something that a user did.
    ActivityEvent {
        ;
        /// Type of the event, such as `post.create`.
        event_type: String,
        /// ID of the event.
        event_uuid: String,
        /// Time of the event, as X sends it.
        created_at: String,
        /// Filter of the subscription that the event matched.
        filter: ActivityFilter,
        /// Tag of the subscription that the event matched.
        tag: String,
        /// Content of the event, whose shape depends on `event_type`.
        payload: Json,
        /// The expanded objects of the event.
        includes: Includes,
    }
}
