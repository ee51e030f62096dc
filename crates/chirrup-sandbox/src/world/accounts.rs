//! Accounts: creating, renaming and deleting users, and their OAuth 2.0 access tokens.

use chirrup_model::Timestamp;
use rusqlite::params;

use super::rows::UserRow;
use super::store::{World, to_sql};
use super::users::IdList;

impl World {
    /// Creates a user and returns its ID.
    pub(crate) fn create_user(&mut self, username: &str, name: &str, now: Timestamp) -> rusqlite::Result<u64> {
        let id = self.next_id(now);
        self.add_user(UserRow::new(id, username.to_owned(), name.to_owned(), now.as_millis()))?;
        Ok(id)
    }

    /// Changes the username of a user. It must be free.
    pub(crate) fn rename_user(&self, user: u64, username: &str) -> rusqlite::Result<()> {
        self.index_names();
        self.graph_mut().rename_user(user, username);
        self.update_user(user, |_| ())
    }

    /// Deletes a user with its follows, relations and tokens.
    pub(crate) fn delete_user(&self, user: u64) -> rusqlite::Result<()> {
        for (follower, _) in self.list_ids(IdList::Followers, user, i64::MAX, usize::MAX)? {
            self.unfollow(follower, user)?;
        }
        for (followed, _) in self.list_ids(IdList::Following, user, i64::MAX, usize::MAX)? {
            self.unfollow(user, followed)?;
        }
        let id = to_sql(user);
        self.db.execute("DELETE FROM relation WHERE user = ?1 OR other = ?1", [id])?;
        self.db.execute("DELETE FROM token WHERE user_id = ?", [id])?;
        self.graph_mut().remove_user(user);
        self.save("DELETE FROM user WHERE id = ?", [id])
    }

    /// Adds an access token of a user for an app. It expires at this time.
    pub(crate) fn add_access_token(
        &self,
        token: &str,
        app: i64,
        user: u64,
        scopes: &str,
        expires: Timestamp,
    ) -> rusqlite::Result<()> {
        let text = "INSERT INTO token (token, kind, app_id, user_id, scopes) VALUES (?, 'oauth2', ?, ?, ?)";
        self.db.execute(text, params![token, app, to_sql(user), scopes])?;
        let text = "INSERT OR REPLACE INTO expiry (token, at) VALUES (?, ?)";
        self.db.execute(text, params![token, expires.as_secs()]).map(drop)
    }

    /// Revokes all access tokens of a user for an app. Returns whether there was one.
    pub(crate) fn revoke_access_tokens(&self, app: i64, user: u64) -> rusqlite::Result<bool> {
        let text = "DELETE FROM token WHERE kind = 'oauth2' AND app_id = ? AND user_id = ?";
        Ok(self.db.execute(text, params![app, to_sql(user)])? > 0)
    }
}
