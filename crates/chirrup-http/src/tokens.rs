//! Token storage: profiles, one per app or user, in a [`Store`](chirrup_store::Store) such as a file.
//!
//! An expired token is refreshed while the store is locked: of several processes one refreshes it, and the others use
//! the new token. A failed refresh never deletes a token.

mod profile;
mod refresher;
mod token_store;
mod twarc;
mod twurl;
mod xurl;

use serde_json::Value as Json;

pub use profile::{Profile, UserTokens};
pub use refresher::TokenRefresher;
pub use token_store::{Profiles, TokenStore};

/// Returns the text of a value in the file of another program. An empty text is absent.
fn text(value: &Json) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
