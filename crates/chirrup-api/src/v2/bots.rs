//! Bot accounts of an app, and their tokens.

use chirrup_model::{BotDmPermission, BotHandle, BotToken, Deleted, Revoked, Updated, User, UserId};

crate::endpoints! {
    /// # Bots
    ///
    /// Create, update and delete bot accounts, which act through a token of their own.
    BOTS in v2::bots;

    /// Returns the bots of the app's project; `meta` has the number of bots that its plan allows, as `max_bots`.
    get_bots -> GetBots = GET "/2/bots" => Vec<User>;
    auth App;
    example().user_fields(["created_at"]);
    with USER_FIELDS;

    /// Creates a bot, and returns it with its access token, which X shows only once.
    ///
    /// If the project has a bot of this handle, the call returns that bot with a new token and revokes the old one.
    create_bot -> CreateBot = POST "/2/bots" => BotToken;
    auth App, OAuth2[];
    example("stork_bot").display_name("Stork");
    idempotent;
    required body {
        /// Username of the bot without the `@`: 5 to 15 letters, digits and underscores.
        handle: BotHandle;
    }
    body {
        /// Display name of the bot. Without it, the name is the handle.
        display_name: String, in 1..=50;
        /// Scopes of the token, by default all that X allows: `dm.read`, `dm.write`, `tweet.read`, `users.read` and
        /// `media.write`.
        scopes: Vec<String>;
    }

    /// Changes the handle, the display name or the direct message permission of a bot.
    update_bot -> UpdateBot = PUT "/2/bots/{id}" => Updated;
    auth App;
    example(1585823814058971140).display_name("Stork 2");
    path {
        /// ID of the bot.
        bot = "id": UserId,
    }
    body {
        /// New username of the bot without the `@`: 5 to 15 letters, digits and underscores.
        handle: BotHandle;
        /// New display name of the bot.
        display_name: String, in 1..=50;
        /// Users who may send direct messages to the bot.
        dm_permission: BotDmPermission;
    }

    /// Deletes a bot: X revokes its tokens and destroys its account.
    delete_bot -> DeleteBot = DELETE "/2/bots/{id}" => Deleted;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the bot.
        bot = "id": UserId,
    }

    /// Returns a new access token of a bot and revokes the old one.
    rotate_bot_token -> RotateBotToken = POST "/2/bots/{id}/token" => BotToken;
    auth App, OAuth2[];
    example(1585823814058971140).scopes(["dm.read"]);
    idempotent;
    path {
        /// ID of the bot.
        bot = "id": UserId,
    }
    body {
        /// Scopes of the token, by default all that X allows.
        scopes: Vec<String>;
    }

    /// Revokes the access token of a bot. `rotate_bot_token` creates a new one.
    revoke_bot_token -> RevokeBotToken = DELETE "/2/bots/{id}/token" => Revoked;
    auth App;
    example(1585823814058971140);
    path {
        /// ID of the bot.
        bot = "id": UserId,
    }
}
