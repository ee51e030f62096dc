//! Settings of encrypted chat: who may write to and call the authenticated user.

use serde_json::Value as Json;

use crate::new_post::object_params;
use crate::param_kind::{Member, ParamKind};
use crate::param_type::{ParamType, SingleParam};
use crate::{wire_enum, wire_struct};

wire_enum! {
    /// Users who may send messages, besides those whom the authenticated user follows.
    AllowDmsFrom {
        /// All users may send messages.
        All = "all",
        /// Verified users may send messages.
        Verified = "verified",
        /// Only users whom the authenticated user follows may write.
        Following = "following",
    }

    /// Filter for messages that are probably unwanted.
    DmQualityFilter {
        /// The filter is on.
        Enabled = "enabled",
        /// The filter is off.
        Disabled = "disabled",
    }

    /// Read receipts that others get.
    DmReceiptSettings {
        /// All participants see what the authenticated user has read.
        AllEnabled = "all_enabled",
        /// No participant sees it.
        AllDisabled = "all_disabled",
    }

    /// Field of the chat settings, for `settings_fields`.
    ChatSettingsField {
        AllowDmsFrom = "allow_dms_from",
        AlwaysAllowDmsFromSubscribers = "always_allow_dms_from_subscribers",
        AvSettings = "av_settings",
        DmQualityFilter = "dm_quality_filter",
        DmReceiptSettings = "dm_receipt_settings",
    }
}

wire_struct! {
    /// Settings of encrypted chat.
    ChatSettings {
        ;
        /// Users who may send messages, besides those whom the authenticated user follows.
        allow_dms_from: AllowDmsFrom,
        /// Whether subscribers of the authenticated user may always send messages.
        always_allow_dms_from_subscribers: bool,
        /// Settings of audio and video calls.
        av_settings: AvSettings,
        /// Filter for messages that are probably unwanted.
        dm_quality_filter: DmQualityFilter,
        /// Read receipts that others get.
        dm_receipt_settings: DmReceiptSettings,
    }

    /// Settings of audio and video calls.
    #[derive(Default, Eq)]
    AvSettings {
        ;
        /// Users who may call.
        av_call_permissions: AvCallPermissions,
        /// Whether calls are enabled.
        has_av_calls_enabled: bool,
        /// Whether calls go through servers of X, which hides IP addresses.
        has_enhanced_call_privacy_enabled: bool,
    }

    /// Users who may call the authenticated user.
    #[derive(Default, Eq)]
    AvCallPermissions {
        ;
        /// Whether users in the address book may call.
        accept_calls_from_addressbook: bool,
        /// Whether every user may call.
        accept_calls_from_everyone: bool,
        /// Whether users whom the authenticated user follows may call.
        accept_calls_from_following: bool,
        /// Whether verified users may call.
        accept_calls_from_verified: bool,
    }
}

object_params! {
    AvSettings [
        Member::optional("av_call_permissions", AvCallPermissions::KIND),
        Member::optional("has_av_calls_enabled", ParamKind::Bool),
        Member::optional("has_enhanced_call_privacy_enabled", ParamKind::Bool),
    ];
    AvCallPermissions [
        Member::optional("accept_calls_from_addressbook", ParamKind::Bool),
        Member::optional("accept_calls_from_everyone", ParamKind::Bool),
        Member::optional("accept_calls_from_following", ParamKind::Bool),
        Member::optional("accept_calls_from_verified", ParamKind::Bool),
    ];
}

impl AvSettings {
    /// Sets whether calls are enabled.
    #[must_use]
    pub fn calls_enabled(mut self, enabled: bool) -> Self {
        self.has_av_calls_enabled = Some(enabled);
        self
    }

    /// Sets whether calls go through servers of X, which hides IP addresses.
    #[must_use]
    pub fn enhanced_call_privacy(mut self, enabled: bool) -> Self {
        self.has_enhanced_call_privacy_enabled = Some(enabled);
        self
    }

    /// Sets which users may call.
    #[must_use]
    pub fn permissions(mut self, permissions: AvCallPermissions) -> Self {
        self.av_call_permissions = Some(permissions);
        self
    }
}

impl AvCallPermissions {
    /// Sets whether users in the address book may call.
    #[must_use]
    pub fn addressbook(mut self, accept: bool) -> Self {
        self.accept_calls_from_addressbook = Some(accept);
        self
    }

    /// Sets whether every user may call.
    #[must_use]
    pub fn everyone(mut self, accept: bool) -> Self {
        self.accept_calls_from_everyone = Some(accept);
        self
    }

    /// Sets whether users whom the authenticated user follows may call.
    #[must_use]
    pub fn following(mut self, accept: bool) -> Self {
        self.accept_calls_from_following = Some(accept);
        self
    }

    /// Sets whether verified users may call.
    #[must_use]
    pub fn verified(mut self, accept: bool) -> Self {
        self.accept_calls_from_verified = Some(accept);
        self
    }
}
