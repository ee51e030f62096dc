//! Rate limits, configuration, languages and policies of the service.

use chirrup_model::v1::{Configuration, Language, Policy, RateLimits};

crate::endpoints! {
    /// # Help
    ///
    /// Read configuration, languages, policies and rate limits.
    HELP in v1::help;

    /// Returns the remaining calls and reset times of all v1.1 rate limits.
    rate_limit_status -> RateLimitStatus = GET "/1.1/application/rate_limit_status.json" => RateLimits;
    auth App, User;
    alias "get_application_rate_limit_status";
    example().resources(["search", "users"]);
    query {
        /// Resource families to return, such as `statuses`; all by default.
        resources: Vec<String>;
    }

    /// Returns the configuration of the service, such as the length of a shortened URL.
    configuration -> GetConfiguration = GET "/1.1/help/configuration.json" => Configuration;
    auth App, User;
    alias "get_twitter_configuration";
    example();

    /// Returns the languages that the service supports.
    languages -> Languages = GET "/1.1/help/languages.json" => Vec<Language>;
    auth App, User;
    alias "get_supported_languages";

    /// Returns the privacy policy of the service.
    privacy -> Privacy = GET "/1.1/help/privacy.json" => Policy;
    auth App, User;
    alias "get_privacy_policy";

    /// Returns the terms of service.
    tos -> Tos = GET "/1.1/help/tos.json" => Policy;
    auth App, User;
    alias "get_tos";
}
