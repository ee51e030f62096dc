//! Explanations of refusals: what a response of X means, and what to do about it.
//!
//! X often answers with nothing more than "Forbidden". The table derives the probable cause from the endpoint, the kind
//! of credentials, the status and the body.

use chirrup_auth::AuthKind;
use chirrup_model::{Problem, ProblemKind};

use crate::call::Call;
use crate::endpoint::Endpoint;
use crate::v2::posts::CreatePost;
use crate::v2::streams::FilteredStream;
use crate::v2::users::{Follow, Like};

/// Explanation of one kind of refusal.
#[derive(Debug)]
#[non_exhaustive]
pub struct KnownProblem {
    /// Identifier for programs, such as `missing-scope`.
    pub id: &'static str,
    /// Cause of the refusal, such as "the access token lacks a required scope".
    pub meaning: &'static str,
    /// Next step, in the imperative. The placeholders `{scopes}`, `{kinds}` and `{instead}` are filled in from the
    /// endpoint.
    pub remedy: &'static str,
    /// HTTP statuses of the responses that the explanation applies to.
    pub statuses: &'static [u16],
    endpoints: Endpoints,
    credential: Option<AuthKind>,
    patterns: &'static [Pattern],
}

/// Endpoints that an explanation applies to.
#[derive(Debug)]
enum Endpoints {
    All,
    Retired,
    /// Endpoints that require OAuth 2.0 scopes.
    Scoped,
    /// Only the endpoints of this list.
    Only(&'static [&'static Endpoint]),
    /// `create_post` with this parameter.
    CreatePostWith(&'static str),
}

/// Pattern that a response body must match.
#[derive(Debug)]
enum Pattern {
    Any,
    /// A problem of this kind.
    Kind(ProblemKind),
    /// A problem with this `reason`.
    Reason(&'static str),
    /// A problem with this `connection_issue`.
    ConnectionIssue(&'static str),
    /// An error with one of these codes of v1.1.
    Code(&'static [i64]),
    /// A problem with one of these among its `parameters`.
    Parameter(&'static [&'static str]),
    /// A problem whose text contains this.
    Text(&'static str),
    /// A problem without a type whose whole text is "Forbidden".
    BareForbidden,
    /// A problem without a type and a code.
    Untyped,
}

macro_rules! known_problems {
    ($(
        $id:literal: $statuses:expr, $patterns:expr $(, on $endpoints:expr)? $(, by $credential:ident)?;
        $meaning:literal => $remedy:literal;
    )+) => {
        &[$(KnownProblem {
            id: $id,
            meaning: $meaning,
            remedy: $remedy,
            statuses: &$statuses,
            endpoints: known_problems!(@endpoints $($endpoints)?),
            credential: known_problems!(@credential $($credential)?),
            patterns: &$patterns,
        },)+]
    };
    (@endpoints) => { All };
    (@endpoints $endpoints:expr) => { $endpoints };
    (@credential) => { None };
    (@credential $credential:ident) => { Some(AuthKind::$credential) };
}

use Endpoints::{All, CreatePostWith, Only, Retired, Scoped};
use Pattern::{Any, BareForbidden, Code, ConnectionIssue, Kind, Parameter, Reason, Text, Untyped};

/// Statuses of problems that their type explains, whatever the status. A response with status 200 has them as partial errors.
const TYPED: [u16; 11] = [200, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503];

/// All known explanations of refusals. The first one that fits a response applies.
pub const KNOWN_PROBLEMS: &[KnownProblem] = known_problems! {
    "retired-endpoint": [403, 404, 410], [Any], on Retired;
        "X has retired this endpoint" => "{instead}";
    "unsupported-authentication": [403], [Kind(ProblemKind::UnsupportedAuthentication)];
        "the endpoint does not accept this kind of credentials" => "use {kinds}";
    "user-context-required": [403], [Code(&[220])];
        "the endpoint acts for a user, and the request was authenticated as the app"
        => "use credentials of a user; `chirrup login` creates them";
    "read-only-app": [403], [Kind(ProblemKind::OAuth1Permissions), Code(&[93, 261])];
        "the app lacks the permission to write or to use direct messages"
        => "change the app permissions in the developer console, then generate new access tokens: existing ones keep their old permissions";
    "client-not-enrolled": [403], [Reason("client-not-enrolled")];
        "the app does not belong to a project"
        => "add the app to a project in the developer console, and use the keys that it shows there";
    "user-not-enrolled": [403], [Reason("user-not-enrolled")];
        "the user of this token has no developer account"
        => "sign up as this user in the developer console, or use the token of another user";
    "official-client": [403], [Reason("official-client-forbidden")];
        "X does not accept the keys of its official apps here"
        => "create your own app in the developer console and use its keys";
    "access-level": [403], [Code(&[453])];
        "the plan does not include this endpoint"
        => "check the plan in the developer console; API v2 often has an equivalent endpoint";
    "invalid-signature": [401], [Code(&[32])];
        "the OAuth 1.0a signature is not valid"
        => "check that all four keys are complete and belong to the same app, and that the system clock is correct";
    "invalid-token": [401, 403], [Code(&[89])];
        "the access token has expired or was revoked" => "log in again";
    "clock-skew": [401], [Code(&[135])];
        "the system clock is wrong" => "synchronize the clock with NTP";
    "bad-authentication-data": [400], [Code(&[215])];
        "the request has no usable credentials"
        => "check for an empty or truncated key, and for a bearer token in place of OAuth 1.0a keys";
    "invalid-app-keys": [403], [Code(&[99])];
        "X does not accept the API key and secret of the app"
        => "check both, or regenerate them in the developer console";
    "callback-not-approved": [403], [Code(&[415])];
        "the callback URL is not registered for the app"
        => "add exactly the same URL to the app in the developer console, or log in with a PIN";
    "account-locked": [403], [Code(&[64, 326])];
        "the account is locked or suspended" => "log in at x.com with a browser and follow the instructions";
    "authorization-code-expired": [400], [Text("authorization code")];
        "the authorization code was already used, or is older than 30 seconds" => "start a new login";
    "invalid-refresh-token": [400, 401], [Text("Value passed for the token"), Text("invalid_grant")];
        "the refresh token has expired, or another process used it"
        => "log in again, and let all processes that share the login share one token file";
    "client-secret-required": [401], [Text("Missing valid authorization header")];
        "the app is a confidential client and must authenticate" => "provide the client secret of the app";
    "no-credits": [402], [Any];
        "the account has no credits left, or has reached its spending limit"
        => "buy credits or raise the spending limit in the developer console";
    "usage-cap": [429], [Kind(ProblemKind::UsageCapped)];
        "the plan's cap on posts is used up, which is not a rate limit"
        => "wait for the next billing period or upgrade the plan; retries do not help";
    "duplicate-post": [403], [Text("duplicate content"), Code(&[187])];
        "the account posted the same text recently" => "change the text";
    "self-serve-reply": [403], [Untyped], on CreatePostWith("reply");
        "self-serve plans allow replies only to authors who mentioned or quoted the user"
        => "reply to such a post; otherwise check who may reply to it, and that the token has the scopes {scopes}";
    "self-serve-quote": [403], [Untyped], on CreatePostWith("quote_tweet_id");
        "self-serve plans do not allow quotes since April 2026"
        => "upgrade to an enterprise plan; if the app has one, check that the token has the scopes {scopes}";
    "self-serve-action": [403], [Untyped], on Only(&[Follow::ENDPOINT, Like::ENDPOINT]);
        "self-serve plans do not allow follows and likes since April 2026"
        => "upgrade to an enterprise plan; if the app has one, check that the token has the scopes {scopes}";
    "no-rules": [409], [Any], on Only(&[FilteredStream::ENDPOINT]);
        "the filtered stream has no rules"
        => "add a rule first, with `update_rules` or `chirrup rules add`";
    "too-many-connections": [429], [ConnectionIssue("TooManyConnections")];
        "the stream has the maximum number of connections that the plan allows"
        => "stop the other client, or close its connection with `close_connections`; `connections` lists all of them";
    "feature-not-permitted": [403], [Text("not permitted to access this feature")];
        "the account or its plan does not include this feature"
        => "check the plan in the developer console and the X Premium subscription of the account";
    "missing-scope": [403], [BareForbidden], on Scoped, by OAuth2;
        "the access token lacks a required scope" => "log in again and grant {scopes}";
    "invalid-page-token": [400], [Parameter(&["next_token", "pagination_token"])];
        "the page token has expired, or belongs to another request"
        => "start the list again without the token, or continue a list of posts with `until_id`";
    "invalid-request": TYPED, [Kind(ProblemKind::InvalidRequest)];
        "a parameter of the request is missing or invalid" => "correct the parameter that the message names";
    "resource-not-found": TYPED, [Kind(ProblemKind::ResourceNotFound)];
        "the object does not exist" => "check the ID or the name";
    "not-authorized-for-resource": TYPED, [Kind(ProblemKind::NotAuthorizedForResource)];
        "the object is visible to other users only" => "use the token of a user who may see it";
    "not-authorized-for-field": TYPED, [Kind(ProblemKind::NotAuthorizedForField)];
        "a field is visible to other users only"
        => "leave out the field, or use the token of the user whom the object belongs to";
    "resource-unavailable": TYPED, [Kind(ProblemKind::ResourceUnavailable)];
        "the object is not available at the moment" => "try again later";
    "disallowed-resource": TYPED, [Kind(ProblemKind::DisallowedResource)];
        "the object may not be used in this request" => "use another object";
    "field-hydration-failure": TYPED, [Kind(ProblemKind::FieldHydrationFailure)];
        "X could not fill in a field that the request asks for" => "repeat the request, or leave out the field";
    "internal-error": TYPED, [Kind(ProblemKind::InternalError)];
        "X failed to process the request" => "repeat a read; before you repeat a write, check whether it took effect";
    "invalid-rules": TYPED, [Kind(ProblemKind::InvalidRules)];
        "a rule is invalid" => "correct the rule; `chirrup query check` explains what is wrong";
    "duplicate-rules": TYPED, [Kind(ProblemKind::DuplicateRules)];
        "the stream has the same rule already" => "leave out the rule";
    "recipient-not-messageable": TYPED, [Kind(ProblemKind::RecipientNotMessageable)];
        "the recipient accepts no direct messages of this user"
        => "send to another user, or wait until the recipient allows messages";
    "dm-bad-attachment": TYPED, [Kind(ProblemKind::DmBadAttachment)];
        "the attachment of the message is invalid"
        => "attach one uploaded media file, or one post that the recipient can see";
    "dm-bad-cta": TYPED, [Kind(ProblemKind::DmBadCta)];
        "a button of the message is invalid" => "check the label and the URL of each button";
    "dm-bad-custom-profile": TYPED, [Kind(ProblemKind::DmBadCustomProfile)];
        "the custom profile of the message is invalid" => "use a custom profile of the sender";
    "dm-bad-media": TYPED, [Kind(ProblemKind::DmBadMedia)];
        "the media file cannot be sent in a direct message"
        => "upload it again for direct messages, and wait until X has processed it";
    "dm-bad-quick-reply": TYPED, [Kind(ProblemKind::DmBadQuickReply)];
        "the quick replies of the message are invalid" => "check the number of options and the length of each";
    "dm-bad-url": TYPED, [Kind(ProblemKind::DmBadUrl)];
        "X does not allow a URL in the message" => "remove or replace the URL";
    "dm-conversation-name-too-long": TYPED, [Kind(ProblemKind::DmConversationNameTooLong)];
        "the name of the conversation is too long" => "shorten the name";
    "dm-conversation-not-found": TYPED, [Kind(ProblemKind::DmConversationNotFound)];
        "the conversation does not exist, or the user is not part of it" => "check the ID of the conversation";
    "dm-duplicate": TYPED, [Kind(ProblemKind::DmDuplicate)];
        "the user sent the same message a moment ago"
        => "check whether the earlier message arrived, or change the text";
    "dm-inactive-device": TYPED, [Kind(ProblemKind::DmInactiveDevice)];
        "the device of the sender is not active for encrypted messages" => "register the device again";
    "dm-not-delivered": TYPED, [Kind(ProblemKind::DmNotDelivered)];
        "X did not deliver the message" => "check whether it is in the conversation, then send it again";
    "dm-not-found": TYPED, [Kind(ProblemKind::DmNotFound)];
        "the message does not exist, or the user cannot see it" => "check the ID of the message";
    "dm-not-owner": TYPED, [Kind(ProblemKind::DmNotOwner)];
        "the message belongs to another user" => "use the token of the user who sent it";
    "dm-participant-not-added": TYPED, [Kind(ProblemKind::DmParticipantNotAdded)];
        "X did not add a participant to the conversation" => "check that the user exists and can be added to groups";
    "dm-participant-not-found": TYPED, [Kind(ProblemKind::DmParticipantNotFound)];
        "a participant does not exist" => "check the IDs of the participants";
    "dm-participant-restricted": TYPED, [Kind(ProblemKind::DmParticipantRestricted)];
        "X restricts a participant" => "leave out this participant";
    "dm-participant-unavailable": TYPED, [Kind(ProblemKind::DmParticipantUnavailable)];
        "a participant is suspended, deactivated or not available for another reason" => "leave out this participant";
    "dm-rate-limited": TYPED, [Kind(ProblemKind::DmRateLimited)];
        "the user has reached the limit of direct messages" => "wait, and send fewer messages";
    "dm-recipient-blocks-sender": TYPED, [Kind(ProblemKind::DmRecipientBlocksSender)];
        "the recipient blocks the user" => "do not retry; only the recipient can change this";
    "dm-recipient-cannot-receive": TYPED, [Kind(ProblemKind::DmRecipientCannotReceive)];
        "the recipient cannot receive direct messages" => "do not retry; send to another user";
    "dm-recipient-encrypted-unavailable": TYPED, [Kind(ProblemKind::DmRecipientEncryptedUnavailable)];
        "the recipient has not set up encrypted messages"
        => "send an unencrypted message, or wait until the recipient has set them up";
    "dm-recipient-not-accepting": TYPED, [Kind(ProblemKind::DmRecipientNotAccepting)];
        "the recipient does not accept messages of this user"
        => "wait until the recipient follows the user or allows messages";
    "dm-recipient-not-found": TYPED, [Kind(ProblemKind::DmRecipientNotFound)];
        "the recipient does not exist" => "check the ID of the recipient";
    "dm-recipient-restricts-groups": TYPED, [Kind(ProblemKind::DmRecipientRestrictsGroups)];
        "the recipient does not accept groups of this user"
        => "leave out this recipient, or send a direct message instead";
    "dm-recipient-unavailable": TYPED, [Kind(ProblemKind::DmRecipientUnavailable)];
        "the recipient is suspended, deactivated or not available for another reason" => "send to another user";
    "dm-request-in-progress": TYPED, [Kind(ProblemKind::DmRequestInProgress)];
        "X is still processing another request of this user for the same conversation"
        => "wait for its response, then repeat the request";
    "dm-safety-limited": TYPED, [Kind(ProblemKind::DmSafetyLimited)];
        "X limits the messages of this user for safety"
        => "wait, and send fewer messages to users who do not know the sender";
    "dm-safety-rejected": TYPED, [Kind(ProblemKind::DmSafetyRejected)];
        "X rejected the content of the message for safety" => "change the text or the media";
    "dm-sender-blocks-recipient": TYPED, [Kind(ProblemKind::DmSenderBlocksRecipient)];
        "the user blocks the recipient" => "unblock the recipient first";
    "dm-sender-declined-dms": TYPED, [Kind(ProblemKind::DmSenderDeclinedDms)];
        "the user declined the messages of the recipient" => "accept the message request of the recipient first";
    "dm-sender-dms-closed": TYPED, [Kind(ProblemKind::DmSenderDmsClosed)];
        "the user does not accept direct messages, and so cannot send any"
        => "allow direct messages in the settings of the account";
    "dm-sender-encrypted-unavailable": TYPED, [Kind(ProblemKind::DmSenderEncryptedUnavailable)];
        "the user has not set up encrypted messages" => "set them up in an app of X, or publish a public key first";
    "dm-sender-not-in-conversation": TYPED, [Kind(ProblemKind::DmSenderNotInConversation)];
        "the user is not part of the conversation"
        => "check the ID of the conversation, or ask a participant to add the user";
    "dm-sender-not-permitted": TYPED, [Kind(ProblemKind::DmSenderNotPermitted)];
        "the user may not send this message" => "check the permissions of the app and who may write to the recipient";
    "dm-sender-not-verified": TYPED, [Kind(ProblemKind::DmSenderNotVerified)];
        "the recipient accepts messages of verified accounts only" => "verify the account of the user";
    "dm-sender-phone-required": TYPED, [Kind(ProblemKind::DmSenderPhoneRequired)];
        "the account of the user has no confirmed phone number" => "add a phone number in the settings of the account";
    "dm-sender-read-only": TYPED, [Kind(ProblemKind::DmSenderReadOnly)];
        "X has made the account of the user read-only" => "log in at x.com with a browser and follow the instructions";
    "dm-sender-unavailable": TYPED, [Kind(ProblemKind::DmSenderUnavailable)];
        "the account of the user is suspended, locked or deactivated"
        => "log in at x.com with a browser and follow the instructions";
    "dm-text-empty": TYPED, [Kind(ProblemKind::DmTextEmpty)];
        "the message has neither text nor attachment" => "add a text or an attachment";
    "dm-text-too-long": TYPED, [Kind(ProblemKind::DmTextTooLong)];
        "the text of the message is too long" => "shorten the text";
    "dm-too-few-participants": TYPED, [Kind(ProblemKind::DmTooFewParticipants)];
        "a group needs more participants" => "add participants, or send a direct message to one user";
    "dm-too-many-participants": TYPED, [Kind(ProblemKind::DmTooManyParticipants)];
        "the group has more participants than X allows" => "leave out some participants";
    "dm-unsupported-message": TYPED, [Kind(ProblemKind::DmUnsupportedMessage)];
        "X does not support this kind of message in this conversation"
        => "send a text, or an attachment of another kind";
};

impl KnownProblem {
    /// Returns the codes of API v1.1 that mean this problem.
    pub fn codes(&self) -> impl Iterator<Item = i64> + '_ {
        let of_pattern = |pattern: &Pattern| match pattern {
            Code(codes) => *codes,
            _ => &[],
        };
        self.patterns.iter().flat_map(move |pattern| of_pattern(pattern).iter().copied())
    }

    /// Returns the explanation of a refusal, if the table has one.
    pub(crate) fn of(call: &Call, status: u16, problems: &[Problem]) -> Option<&'static Self> {
        KNOWN_PROBLEMS.iter().find(|known| {
            known.statuses.contains(&status)
                && known.credential.is_none_or(|kind| call.sent_with == Some(kind))
                && known.endpoints.include(call)
                && known.patterns.iter().any(|pattern| pattern.matches(problems))
        })
    }

    /// Returns the cause and the next step for this call.
    pub(crate) fn hint(&self, call: &Call) -> String {
        let (scopes, kinds, instead) = match call.endpoint {
            Some(endpoint) => {
                let kinds: Vec<&str> = endpoint.auth.iter().map(|auth| auth.kind().name()).collect();
                (endpoint.scopes().join(" "), kinds.join(" or "), endpoint.retired.unwrap_or_default())
            }
            None => (
                "that the endpoint requires".to_owned(),
                "a kind that the endpoint accepts".to_owned(),
                "use another endpoint",
            ),
        };
        let remedy = self.remedy.replace("{scopes}", &scopes).replace("{kinds}", &kinds).replace("{instead}", instead);
        format!("{}; {remedy}", self.meaning)
    }
}

impl Endpoints {
    fn include(&self, call: &Call) -> bool {
        match (self, call.endpoint) {
            (All, _) => true,
            (_, None) => false,
            (Retired, Some(endpoint)) => endpoint.retired.is_some(),
            (Scoped, Some(endpoint)) => !endpoint.scopes().is_empty(),
            (Only(endpoints), Some(endpoint)) => endpoints.contains(&endpoint),
            (CreatePostWith(name), Some(endpoint)) => endpoint == CreatePost::ENDPOINT && call.has(name),
        }
    }
}

impl Pattern {
    fn matches(&self, problems: &[Problem]) -> bool {
        let any = |test: &dyn Fn(&Problem) -> bool| problems.iter().any(test);
        match self {
            Any => true,
            Kind(kind) => any(&|p| p.kind() == *kind),
            Reason(reason) => any(&|p| p.more.get("reason").is_some_and(|found| found == reason)),
            ConnectionIssue(issue) => any(&|p| p.more.get("connection_issue").is_some_and(|found| found == issue)),
            Parameter(names) => {
                any(&|p| names.iter().any(|name| p.more.get("parameters").is_some_and(|all| all.get(name).is_some())))
            }
            Code(codes) => any(&|p| p.code.is_some_and(|code| codes.contains(&code))),
            Text(text) => any(&|p| p.text().contains(text)),
            BareForbidden => any(&|p| p.kind() == ProblemKind::Plain && p.text() == "Forbidden"),
            Untyped => any(&|p| p.kind() == ProblemKind::Plain && p.code.is_none()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_problem_is_complete_and_has_its_own_id() {
        let mut ids = Vec::new();
        for known in KNOWN_PROBLEMS {
            assert!(
                !known.meaning.is_empty() && !known.remedy.is_empty() && !known.statuses.is_empty(),
                "{}",
                known.id
            );
            assert!(known.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", known.id);
            assert!(!ids.contains(&known.id), "{} appears twice", known.id);
            ids.push(known.id);
        }
    }
}
