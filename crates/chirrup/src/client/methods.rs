//! Methods of the client besides the endpoints: any route, handles, rules, identity and history. `chirrup_api` implements them.

use chirrup_api::model::{DmEventId, IntoParam, Post, PostId, Rule, RuleId, User, UserId};
use chirrup_api::v1::V1;
use chirrup_api::{
    Call, Confirmed, Error, MessageHandle, NewRule, PostHandle, RawCall, RawResponse, RulePlan, RulesChanged,
    SentMessage, UserHandle, WelcomeHandle, WelcomeRuleHandle,
};

use super::core::Client;

/// # Calls to any route
impl Client {
    /// Creates a call to any route: `client.call("GET", "/2/users/:id/tweets").arg("id", 12)`.
    ///
    /// `path` is a whole URL, a path of v2, or a short name of v1.1 such as `statuses/show`, which becomes
    /// `/1.1/statuses/show.json`. The credentials follow the endpoint table if it has the route; parameters are not
    /// checked.
    pub fn call(&self, method: &str, path: &str) -> RawCall {
        self.api.call(method, path)
    }
    /// Creates a call to any route with the method that follows from it: POST for a call with a JSON body or a file, the
    /// method of the route if a v2 route has only one, POST if the route ends like a write of v1.1 (the list is that of
    /// Python Twitter Tools), and GET in all other cases.
    pub fn route(&self, path: &str) -> RawCall {
        self.api.route(path)
    }
    /// Sends a call and returns it with the raw response, whatever its status.
    ///
    /// # Errors
    /// If an argument is invalid, no credential fits, or no response arrives.
    pub async fn send(&self, call: Call) -> Result<(Call, RawResponse), Error> {
        self.api.send(call).await
    }
    /// Returns the methods of API v1.1.
    pub fn v1(&self) -> V1 {
        self.api.v1()
    }
}

/// # Handles of users, posts and messages
///
/// A malformed ID is an error of the first call that the handle makes.
impl Client {
    /// Returns a handle for a user, by ID or from a fetched [`User`].
    pub fn user(&self, id: impl IntoParam<UserId>) -> UserHandle {
        self.api.user(id)
    }
    /// Returns a handle for a post, by ID or from a fetched [`Post`].
    pub fn post(&self, id: impl IntoParam<PostId>) -> PostHandle {
        self.api.post(id)
    }
    /// Returns a handle for a direct message.
    pub fn message(&self, id: impl IntoParam<DmEventId>) -> MessageHandle {
        self.api.message(id)
    }
    /// Returns a handle for a welcome message.
    pub fn welcome(&self, id: impl Into<String>) -> WelcomeHandle {
        self.api.welcome(id)
    }
    /// Returns a handle for the rule of a welcome message.
    pub fn welcome_rule(&self, id: impl Into<String>) -> WelcomeRuleHandle {
        self.api.welcome_rule(id)
    }
}

/// # Rules of the filtered stream
impl Client {
    /// Returns all rules of the filtered stream.
    ///
    /// # Errors
    /// Those of `GET /2/tweets/search/stream/rules`.
    pub async fn all_rules(&self) -> Result<Vec<Rule>, Error> {
        self.api.all_rules().await
    }
    /// Checks rules locally and adds them. Rules that the server refuses are listed in the result.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`](crate::ErrorKind::Argument) if a rule is invalid, before anything is sent; those of
    /// `POST /2/tweets/search/stream/rules`.
    pub async fn add_rules(&self, rules: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulesChanged, Error> {
        self.api.add_rules(rules).await
    }
    /// Asks the server what it would do with rules, without changing them.
    ///
    /// # Errors
    /// Those of `POST /2/tweets/search/stream/rules`.
    pub async fn try_rules(&self, rules: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulesChanged, Error> {
        self.api.try_rules(rules).await
    }
    /// Deletes rules by ID. Unknown IDs are listed in the result.
    ///
    /// # Errors
    /// Those of `POST /2/tweets/search/stream/rules`.
    pub async fn delete_rules(&self, ids: impl IntoIterator<Item = RuleId>) -> Result<RulesChanged, Error> {
        self.api.delete_rules(ids).await
    }
    /// Deletes rules by their queries.
    ///
    /// # Errors
    /// Those of `POST /2/tweets/search/stream/rules`.
    pub async fn delete_rules_by_value(
        &self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<RulesChanged, Error> {
        self.api.delete_rules_by_value(values).await
    }
    /// Deletes all rules and returns how many there were.
    ///
    /// # Errors
    /// Those of `POST /2/tweets/search/stream/rules`.
    pub async fn clear_rules(&self) -> Result<usize, Error> {
        self.api.clear_rules().await
    }
    /// Returns the fewest changes that make the rules of the server equal to these.
    ///
    /// # Errors
    /// If a rule is invalid, or the rules of the server cannot be read.
    pub async fn plan_rules(&self, wanted: impl IntoIterator<Item = impl Into<NewRule>>) -> Result<RulePlan, Error> {
        self.api.plan_rules(wanted).await
    }
    /// Applies a plan: adds rules before it deletes others, so that no wanted rule is missing in between.
    ///
    /// # Errors
    /// Those of `POST /2/tweets/search/stream/rules`. Changes made before an error stay in effect.
    pub async fn change_rules(&self, plan: &RulePlan) -> Result<RulesChanged, Error> {
        self.api.change_rules(plan).await
    }
    /// Makes the rules of the server equal to these with the fewest changes.
    ///
    /// # Errors
    /// If a rule is invalid, before anything is sent; those of the calls.
    pub async fn sync_rules(
        &self,
        wanted: impl IntoIterator<Item = impl Into<NewRule>>,
    ) -> Result<RulesChanged, Error> {
        self.api.sync_rules(wanted).await
    }
}

/// # Identity and history
impl Client {
    /// Returns the ID of the authenticated user: from an OAuth 1.0a token, or by one call per OAuth 2.0 credential.
    ///
    /// # Errors
    /// If the client has no user credential, or X does not accept it.
    pub async fn me(&self) -> Result<UserId, Error> {
        self.api.me().await
    }
    /// Returns the authenticated user with the default fields, and keeps it: it is requested at most once per credential.
    /// [`get_me`](Self::get_me) requests it each time.
    ///
    /// # Errors
    /// If the client has no user's credential, or X does not accept it.
    pub async fn account(&self) -> Result<User, Error> {
        self.api.account().await
    }
    /// Looks up whether a write with an unknown outcome took effect.
    ///
    /// # Errors
    /// Those of the calls that look for it.
    pub async fn confirm(&self, error: &Error) -> Result<Confirmed, Error> {
        self.api.confirm(error).await
    }
    /// Returns a header of the last response to this client or a clone of it, such as `x-rate-limit-remaining`.
    pub fn last_header(&self, name: &str) -> Option<String> {
        self.api.last_header(name)
    }
    /// Returns a post that this client or a clone of it created, among the latest 1,000. Sends nothing.
    pub fn own_post(&self, id: impl Into<PostId>) -> Option<Post> {
        self.api.own_post(id)
    }
    /// Returns a message that this client or a clone of it sent, among the latest 1,000. Sends nothing.
    pub fn own_message(&self, id: &str) -> Option<SentMessage> {
        self.api.own_message(id)
    }
}
