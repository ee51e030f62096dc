//! The developer account of a user.

use chirrup_model::{DeveloperAccount, EnsuredAccount};

crate::endpoints! {
    /// # Developer account
    ///
    /// Create and read the developer account of the authenticated user.
    ACCOUNT in v2::account;

    /// Returns the developer account of the authenticated user.
    ///
    /// The response has an error instead of data if the user has no developer account.
    get_developer_account -> GetDeveloperAccount = GET "/2/account" => DeveloperAccount;
    auth OAuth2["developer.read"];
    example();

    /// Creates a developer account for the authenticated user, or returns the one that exists.
    ensure_developer_account -> EnsureDeveloperAccount = POST "/2/account" => EnsuredAccount;
    auth OAuth2["developer.write"];
    alias "create_developer_account";
    example();
    idempotent;
    body {
        /// Claim to the credits that X grants to new accounts.
        metadata: String, in 0..=64;
    }
}
