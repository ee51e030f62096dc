//! Errors of the X API.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::wire_enum;

/// One error of the X API: the reason why X refused a request, or left out a part of the response.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Problem {
    /// URI whose last segment names the kind of the problem; see [`Problem::kind`].
    #[serde(rename = "type")]
    pub type_url: String,
    /// Short name of the problem.
    pub title: String,
    /// Sentence about the cause of the problem.
    pub detail: String,
    /// Sentence about an invalid parameter, in errors that name several, or the message of an API v1.1 error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// HTTP status code of the problem, if it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u64>,
    /// Error code of API v1.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Name of the parameter that refers to the object in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Value of that parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Json>,
    /// ID of the object in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Type of the object: `tweet` (or `post`), `user`, `media`, `list` or `space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Name of the field that the caller may not see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Part of the response with the object: `data` or `includes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// All other members of the problem, by their names on the wire.
    #[serde(flatten)]
    pub more: Map<String, Json>,
}

wire_enum! {
    /// Kind of a [`Problem`], which is the last segment of its type URI.
    ProblemKind {
        /// No type: only the HTTP status describes the problem.
        Plain = "about:blank",
        /// A parameter of the request is invalid.
        InvalidRequest = "invalid-request",
        /// The object does not exist.
        ResourceNotFound = "resource-not-found",
        /// The caller may not see the object.
        NotAuthorizedForResource = "not-authorized-for-resource",
        /// The caller may not see a field of the object. X also calls it `field-unauthorized`.
        NotAuthorizedForField = "not-authorized-for-field",
        /// The endpoint does not accept this authentication method.
        UnsupportedAuthentication = "unsupported-authentication",
        /// The permissions of the app do not allow this request with OAuth 1.0a.
        OAuth1Permissions = "oauth1-permissions",
        /// The access level of the app does not include the endpoint.
        ClientForbidden = "client-forbidden",
        /// The monthly or daily usage cap is reached.
        UsageCapped = "usage-capped",
        /// The account of the developer has no credits.
        Credits = "credits",
        /// The stream cannot be opened, often because of too many connections.
        StreamingConnection = "streaming-connection",
        /// X closes the stream for an operational reason.
        OperationalDisconnect = "operational-disconnect",
        /// The object exists and is not available now.
        ResourceUnavailable = "resource-unavailable",
        /// The caller may not use the object in this way.
        DisallowedResource = "disallowed-resource",
        /// X could not fill a field of the response.
        FieldHydrationFailure = "field-hydration-failure",
        /// X failed to process the request.
        InternalError = "internal-error",
        /// A rule of the filtered stream is invalid.
        InvalidRules = "invalid-rules",
        /// A rule of the filtered stream exists already.
        DuplicateRules = "duplicate-rules",
        /// The recipient cannot be sent a direct message.
        RecipientNotMessageable = "recipient-not-messageable",
        /// The attachment of a direct message is invalid.
        DmBadAttachment = "dm-bad-attachment",
        /// A button of a direct message is invalid.
        DmBadCta = "dm-bad-cta",
        /// The custom profile of a direct message is invalid.
        DmBadCustomProfile = "dm-bad-custom-profile",
        /// The media file cannot be sent in a direct message.
        DmBadMedia = "dm-bad-media",
        /// The quick replies of a direct message are invalid.
        DmBadQuickReply = "dm-bad-quick-reply",
        /// A URL in a direct message is not allowed.
        DmBadUrl = "dm-bad-url",
        /// The name of a conversation is too long.
        DmConversationNameTooLong = "dm-conversation-name-too-long",
        /// The conversation does not exist.
        DmConversationNotFound = "dm-conversation-not-found",
        /// The sender sent the same direct message before.
        DmDuplicate = "dm-duplicate",
        /// The device of the sender is not active.
        DmInactiveDevice = "dm-inactive-device",
        /// X did not deliver the direct message.
        DmNotDelivered = "dm-not-delivered",
        /// The direct message does not exist.
        DmNotFound = "dm-not-found",
        /// The direct message belongs to another user.
        DmNotOwner = "dm-not-owner",
        /// A participant was not added to the conversation.
        DmParticipantNotAdded = "dm-participant-not-added",
        /// A participant does not exist.
        DmParticipantNotFound = "dm-participant-not-found",
        /// X restricts a participant.
        DmParticipantRestricted = "dm-participant-restricted",
        /// A participant is not available.
        DmParticipantUnavailable = "dm-participant-unavailable",
        /// The sender reached the limit of direct messages.
        DmRateLimited = "dm-rate-limited",
        /// The recipient blocks the sender.
        DmRecipientBlocksSender = "dm-recipient-blocks-sender",
        /// The recipient cannot receive direct messages.
        DmRecipientCannotReceive = "dm-recipient-cannot-receive",
        /// The recipient has no encrypted messages.
        DmRecipientEncryptedUnavailable = "dm-recipient-encrypted-unavailable",
        /// The recipient does not accept direct messages of the sender.
        DmRecipientNotAccepting = "dm-recipient-not-accepting",
        /// The recipient does not exist.
        DmRecipientNotFound = "dm-recipient-not-found",
        /// The recipient restricts who adds them to groups.
        DmRecipientRestrictsGroups = "dm-recipient-restricts-groups",
        /// The recipient is not available.
        DmRecipientUnavailable = "dm-recipient-unavailable",
        /// Another request of the same kind is in progress.
        DmRequestInProgress = "dm-request-in-progress",
        /// X limits the direct messages of the sender for safety.
        DmSafetyLimited = "dm-safety-limited",
        /// X rejected the direct message for safety.
        DmSafetyRejected = "dm-safety-rejected",
        /// The sender blocks the recipient.
        DmSenderBlocksRecipient = "dm-sender-blocks-recipient",
        /// The sender declined the messages of the recipient.
        DmSenderDeclinedDms = "dm-sender-declined-dms",
        /// The sender does not accept direct messages.
        DmSenderDmsClosed = "dm-sender-dms-closed",
        /// The sender has no encrypted messages.
        DmSenderEncryptedUnavailable = "dm-sender-encrypted-unavailable",
        /// The sender does not participate in the conversation.
        DmSenderNotInConversation = "dm-sender-not-in-conversation",
        /// The sender may not send the direct message.
        DmSenderNotPermitted = "dm-sender-not-permitted",
        /// The sender is not verified.
        DmSenderNotVerified = "dm-sender-not-verified",
        /// The sender has no confirmed phone number.
        DmSenderPhoneRequired = "dm-sender-phone-required",
        /// The account of the sender is read-only.
        DmSenderReadOnly = "dm-sender-read-only",
        /// The account of the sender is not available.
        DmSenderUnavailable = "dm-sender-unavailable",
        /// The direct message has no text.
        DmTextEmpty = "dm-text-empty",
        /// The text of a direct message is too long.
        DmTextTooLong = "dm-text-too-long",
        /// The conversation has too few participants.
        DmTooFewParticipants = "dm-too-few-participants",
        /// The conversation has too many participants.
        DmTooManyParticipants = "dm-too-many-participants",
        /// X does not support this kind of direct message here.
        DmUnsupportedMessage = "dm-unsupported-message",
    }
}

impl Problem {
    /// Creates a problem with nothing but a sentence about its cause.
    pub fn from_detail(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::default() }
    }

    /// Creates a problem from an error of API v1.1: a message and its number.
    pub fn from_message(message: impl Into<String>, code: Option<i64>) -> Self {
        Self { message: Some(message.into()), code, ..Self::default() }
    }

    /// Returns the kind of the problem. The host of the type URI is ignored, because X uses two.
    pub fn kind(&self) -> ProblemKind {
        match self.type_url.rsplit('/').next().unwrap_or_default() {
            "" => ProblemKind::Plain,
            "field-unauthorized" => ProblemKind::NotAuthorizedForField,
            word => ProblemKind::from(word),
        }
    }

    /// Returns the most specific sentence of the problem: `message`, `detail`, the first of `details`, or `title`.
    pub fn text(&self) -> &str {
        let first = self.more.get("details").and_then(|details| details.get(0)).and_then(Json::as_str);
        let texts = [self.message.as_deref().unwrap_or_default(), &self.detail, first.unwrap_or_default(), &self.title];
        texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_the_type_is_ignored() {
        for host in ["https://api.twitter.com/2/problems/credits", "https://api.x.com/2/problems/credits"] {
            let p = Problem { type_url: host.to_owned(), ..Problem::default() };
            assert_eq!(p.kind(), ProblemKind::Credits);
        }
    }

    #[test]
    fn unknown_members_are_kept() {
        let p: Problem = serde_json::from_str(r#"{"title":"T","account_id":7}"#).expect("problem");
        assert_eq!(p.more["account_id"], 7);
        assert_eq!(p.text(), "T");
    }
}
