//! Bot accounts: users that an app creates and controls by a token.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::into_param::id_of;
use crate::param_kind::ParamKind;
use crate::response_data::ResponseData;
use crate::{text_id, wire_enum, wire_struct};

text_id! {
    /// Username of a bot without the `@`: 5 to 15 letters, digits and underscores.
    BotHandle = "bot handle", ParamKind::Text { min: 5, max: 15 }, "5 to 15 letters, digits and underscores",
        |t| (5..=15).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
}

wire_enum! {
    /// Users who may send direct messages to a bot.
    BotDmPermission {
        /// Every user may send messages.
        Everyone = "everyone",
        /// Subscribers of X Premium may send messages.
        Premium = "premium",
        /// No user may send messages.
        NoOne = "no_one",
    }
}

/// A bot with its new access token, which X shows only once.
///
/// `Debug` does not print the token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BotToken {
    /// ID of the bot, which is a user.
    pub id: UserId,
    /// OAuth 2.0 access token of the bot. It replaces all earlier ones.
    pub token: String,
    /// Username of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Display name of the bot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Scopes of the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// Expiration time of the token, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_expires_at_ms: Option<u64>,
}

impl ResponseData for BotToken {}

id_of! { BotToken: UserId }

impl fmt::Debug for BotToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BotToken")
            .field("id", &self.id)
            .field("username", &self.username)
            .field("name", &self.name)
            .field("scopes", &self.scopes)
            .field("token_expires_at_ms", &self.token_expires_at_ms)
            .finish_non_exhaustive()
    }
}

wire_struct! {
    /// Response to the revocation of a token.
    Revoked {
        /// Whether the token was revoked.
        revoked: bool,
    }
}
