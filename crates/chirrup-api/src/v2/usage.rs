//! Usage of the API by the project of the app.

use chirrup_model::{Usage, UsageCredits, UsageField};

crate::endpoints! {
    /// # Usage
    ///
    /// Read how many posts the project has used, and the credits that are left.
    USAGE in v2::usage;

    /// Returns how many posts the project has read per day, and how many its plan allows.
    usage -> GetUsage = GET "/2/usage/tweets" => Usage;
    auth App;
    alias "get_usage";
    example().days(30);
    query {
        /// Number of days to return.
        days: u32, in 1..=90, default 7;
        /// Fields of the usage to return.
        usage_fields = "usage.fields": Vec<UsageField>;
    }

    /// Returns the credit balance of the developer account that pays for the app.
    get_credits -> GetCredits = GET "/2/usage/credits" => UsageCredits;
    auth App, OAuth2[];
    alias "get_usage_credits";
    example();
}
