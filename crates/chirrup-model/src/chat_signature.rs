//! Signatures and keys that a client of encrypted chat sends with its actions.
//!
//! The client computes them; this library passes them on unchanged.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::id::UserId;
use crate::new_post::object_params;
use crate::param_kind::{Member, ParamKind};
use crate::param_type::{ParamType, SingleParam};

const TEXT: ParamKind = String::KIND;
/// Base64, which is never empty.
const BASE64: ParamKind = ParamKind::Text { min: 1, max: usize::MAX };

object_params! {
    ActionSignature [
        Member::required("message_id", ParamKind::Text { min: 1, max: usize::MAX }),
        Member::required("encoded_message_event_detail", BASE64),
        Member::required("message_event_signature", EventSignature::KIND),
        Member::optional("signature_payload", TEXT),
    ];
    EventSignature [
        Member::required("signature", BASE64),
        Member::required("signature_version", TEXT),
        Member::required("public_key_version", TEXT),
        Member::optional("signing_public_key", TEXT),
        Member::optional(
            "message_signing_key_info_list",
            ParamKind::List { of: &SigningKey::KIND, min: 0, max: usize::MAX },
        ),
    ];
    SigningKey [
        Member::optional("member_id", TEXT),
        Member::optional("public_key_version", TEXT),
        Member::optional("signing_public_key", TEXT),
    ];
    ParticipantKey [
        Member::optional("user_id", TEXT),
        Member::optional("encrypted_conversation_key", TEXT),
        Member::optional("public_key_version", TEXT),
    ];
    RotatedPmk [
        Member::required("base64_encoded_encrypted_pmk", TEXT),
        Member::required("message_sequence_id", TEXT),
        Member::optional("pme_sequence_id", TEXT),
    ];
    KeyRotation [
        Member::optional("base64_encoded_key_rotation", TEXT),
        Member::optional("conversation_key_version", TEXT),
        Member::optional(
            "conversation_participant_keys",
            ParamKind::List { of: &ParticipantKey::KIND, min: 0, max: usize::MAX },
        ),
        Member::optional("encrypted_avatar", TEXT),
        Member::optional("encrypted_description", TEXT),
        Member::optional("encrypted_title", TEXT),
        Member::optional("rotated_pmk_bundle", ParamKind::List { of: &RotatedPmk::KIND, min: 0, max: usize::MAX }),
    ];
}

/// An event of encrypted chat that an action creates, with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActionSignature {
    /// ID of the message, which the client chooses.
    pub message_id: String,
    /// Details of the event, encoded as Base64.
    pub encoded_message_event_detail: String,
    /// Signature of the event.
    pub message_event_signature: EventSignature,
    /// Text that was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_payload: Option<String>,
}

impl ActionSignature {
    /// Creates the signature of an event: the ID of its message, its details encoded as Base64, and the signature.
    pub fn new(message_id: impl Into<String>, encoded_detail: impl Into<String>, signature: EventSignature) -> Self {
        Self {
            message_id: message_id.into(),
            encoded_message_event_detail: encoded_detail.into(),
            message_event_signature: signature,
            signature_payload: None,
        }
    }

    /// Sets the text that was signed.
    #[must_use]
    pub fn payload(mut self, payload: impl Into<String>) -> Self {
        self.signature_payload = Some(payload.into());
        self
    }
}

/// Signature of an event of encrypted chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventSignature {
    /// The signature, encoded as Base64.
    pub signature: String,
    /// Version of the signature format, a decimal number.
    pub signature_version: String,
    /// Version of the public key, a decimal number.
    pub public_key_version: String,
    /// Public key that verifies the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_public_key: Option<String>,
    /// Public keys of the members.
    #[serde(default, rename = "message_signing_key_info_list", skip_serializing_if = "Vec::is_empty")]
    pub signing_keys: Vec<SigningKey>,
}

impl EventSignature {
    /// Creates a signature, encoded as Base64, of this version by the key of this version.
    pub fn new(
        signature: impl Into<String>,
        signature_version: impl Into<String>,
        public_key_version: impl Into<String>,
    ) -> Self {
        Self {
            signature: signature.into(),
            signature_version: signature_version.into(),
            public_key_version: public_key_version.into(),
            signing_public_key: None,
            signing_keys: Vec::new(),
        }
    }

    /// Sets the public key that verifies the signature.
    #[must_use]
    pub fn signing_public_key(mut self, key: impl Into<String>) -> Self {
        self.signing_public_key = Some(key.into());
        self
    }

    /// Adds the public key of a member.
    #[must_use]
    pub fn member_key(mut self, key: SigningKey) -> Self {
        self.signing_keys.push(key);
        self
    }
}

/// Public key of a member of a conversation, for signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SigningKey {
    /// ID of the member.
    pub member_id: UserId,
    /// Version of the key, a decimal number.
    pub public_key_version: String,
    /// Public key of the member.
    pub signing_public_key: String,
}

impl SigningKey {
    /// Creates the public key of a member, of this version.
    pub fn new(member: impl Into<UserId>, version: impl Into<String>, key: impl Into<String>) -> Self {
        Self { member_id: member.into(), public_key_version: version.into(), signing_public_key: key.into() }
    }
}

/// Conversation key, encrypted for a participant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ParticipantKey {
    /// ID of the participant.
    pub user_id: UserId,
    /// Conversation key, encrypted with the public key of the participant.
    pub encrypted_conversation_key: String,
    /// Version of the public key, a decimal number.
    pub public_key_version: String,
}

impl ParticipantKey {
    /// Creates the encrypted key for a participant whose public key has this version.
    pub fn new(user: impl Into<UserId>, encrypted_key: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            user_id: user.into(),
            encrypted_conversation_key: encrypted_key.into(),
            public_key_version: version.into(),
        }
    }
}

/// Encrypted key of a message, which X calls PMK, after a rotation of the conversation key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RotatedPmk {
    /// Encrypted key, encoded as Base64.
    pub base64_encoded_encrypted_pmk: String,
    /// Sequence ID of the message.
    pub message_sequence_id: String,
    /// Sequence ID of the event that X calls PME.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pme_sequence_id: Option<String>,
}

impl RotatedPmk {
    /// Creates the encrypted key, encoded as Base64, of the message with this sequence ID.
    pub fn new(encrypted_key: impl Into<String>, message_sequence_id: impl Into<String>) -> Self {
        Self {
            base64_encoded_encrypted_pmk: encrypted_key.into(),
            message_sequence_id: message_sequence_id.into(),
            pme_sequence_id: None,
        }
    }

    /// Sets the sequence ID of the event that X calls PME.
    #[must_use]
    pub fn pme_sequence_id(mut self, id: impl Into<String>) -> Self {
        self.pme_sequence_id = Some(id.into());
        self
    }
}

/// New conversation key of a group, and what it encrypts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct KeyRotation {
    /// Key rotation event, encoded as Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64_encoded_key_rotation: Option<String>,
    /// Version of the new conversation key, a decimal number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_key_version: Option<String>,
    /// New conversation key, encrypted for each participant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conversation_participant_keys: Vec<ParticipantKey>,
    /// Avatar of the group, encrypted with the new key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_avatar: Option<String>,
    /// Description of the group, encrypted with the new key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_description: Option<String>,
    /// Name of the group, encrypted with the new key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_title: Option<String>,
    /// Keys of messages, encrypted with the new key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rotated_pmk_bundle: Vec<RotatedPmk>,
}

impl KeyRotation {
    /// Creates a rotation to a key of this version, which is encrypted for each participant.
    pub fn new(version: impl Into<String>, keys: impl IntoIterator<Item = ParticipantKey>) -> Self {
        Self {
            conversation_key_version: Some(version.into()),
            conversation_participant_keys: keys.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Sets the key rotation event, encoded as Base64.
    #[must_use]
    pub fn event(mut self, encoded: impl Into<String>) -> Self {
        self.base64_encoded_key_rotation = Some(encoded.into());
        self
    }

    /// Sets the name of the group, encrypted with the new key.
    #[must_use]
    pub fn title(mut self, encrypted: impl Into<String>) -> Self {
        self.encrypted_title = Some(encrypted.into());
        self
    }

    /// Sets the avatar of the group, encrypted with the new key.
    #[must_use]
    pub fn avatar(mut self, encrypted: impl Into<String>) -> Self {
        self.encrypted_avatar = Some(encrypted.into());
        self
    }

    /// Sets the description of the group, encrypted with the new key.
    #[must_use]
    pub fn description(mut self, encrypted: impl Into<String>) -> Self {
        self.encrypted_description = Some(encrypted.into());
        self
    }

    /// Adds the key of a message, encrypted with the new key.
    #[must_use]
    pub fn message_key(mut self, key: RotatedPmk) -> Self {
        self.rotated_pmk_bundle.push(key);
        self
    }
}
