//! Developer accounts of the X Developer Platform.

use crate::wire_struct;

wire_struct! {
    /// A developer account of X.
    DeveloperAccount {
        /// ID of the account.
        account_id: String,
        /// Name of the account.
        name: String,
        /// Creation time, as X sends it.
        created_at: String,
    }

    /// Response to the creation of a developer account.
    EnsuredAccount {
        /// ID of the account.
        account_id: String,
        /// Whether this call created the account.
        created: bool,
    }
}
