//! Usage of the API by the project of the app.

use chirrup_model::{Usage, UsageField};

crate::endpoints! {
    /// # Usage
    ///
    /// Read how many posts the project has used.
    USAGE in v2::usage;

    /// Returns how many posts the project has read per day, and how many its plan allows.
    usage -> GetUsage = GET "/2/usage/tweets" => Usage;
    auth App;
    alias "get_usage";
    query {
        /// Number of days to return.
        days: u32, in 1..=90, default 7;
        /// Fields of the usage to return.
        usage_fields = "usage.fields": Vec<UsageField>;
    }
}
