//! Users: lookup, search, suggestions, contributors, blocks, mutes and spam reports.

use chirrup_model::v1::{Banner, IdPage, SuggestionCategory, User, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    /// # Users
    ///
    /// Look up and search users, and block, mute and report them.
    USERS in v1::users;

    /// Returns a user by ID or username.
    user_by_id -> ShowUser = GET "/1.1/users/show.json" => User;
    auth App, User;
    alias "show_user";
    example().screen_name("robin");
    with USER, USER_OPTIONS;

    /// Returns up to 100 users by ID or username. A long list is sent as a form.
    lookup_users -> LookupUsers = GET "/1.1/users/lookup.json" => Vec<User>;
    auth App, User;
    alias "lookup_user";
    example().screen_names(["ada", "robin"]);
    query {
        /// IDs of the users.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Usernames of the users.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with USER_OPTIONS;

    /// Returns up to 100 users by ID or username, sent as a form: the same as `lookup_users`, with room for long lists.
    lookup_users_by_form -> LookupUsersByForm = POST "/1.1/users/lookup.json" => Vec<User>;
    auth App, User;
    idempotent;
    window LookupUsers;
    form {
        /// IDs of the users.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Usernames of the users.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with USER_OPTIONS;

    /// Returns the users that match a query, such as a name or an interest.
    find_users -> FindUsers = GET "/1.1/users/search.json" => Vec<User>;
    auth User;
    example("robin").count(20);
    required query {
        /// Text to search for, such as a name or an interest.
        query = "q": String;
    }
    query {
        /// Number of the page to return, starting at 1.
        page: u32, in 1..=1000;
        /// Number of users per page.
        count: u32, in 1..=20;
    }
    with USER_OPTIONS;

    /// Returns the categories of suggested users.
    suggestions -> Suggestions = GET "/1.1/users/suggestions.json" => Vec<SuggestionCategory>;
    auth App, User;
    alias "get_user_suggestions";
    query {
        /// Language of the categories, as a code such as `en`.
        lang: String;
    }

    /// Returns a category of suggested users.
    suggestions_of -> SuggestionsOf = GET "/1.1/users/suggestions/{slug}.json" => SuggestionCategory;
    auth App, User;
    alias "get_user_suggestions_by_slug";
    path {
        /// Short name of the category in URLs.
        slug: String,
    }
    query {
        /// Language of the category, as a code such as `en`.
        lang: String;
    }

    /// Returns the users of a suggestion category with their latest statuses.
    suggested_members -> SuggestedMembers = GET "/1.1/users/suggestions/{slug}/members.json" => Vec<User>;
    auth App, User;
    alias "get_user_suggestions_statuses_by_slug";
    path {
        /// Short name of the category in URLs.
        slug: String,
    }

    /// Returns the accounts that a user may post for.
    contributees -> Contributees = GET "/1.1/users/contributees.json" => Vec<User>;
    auth User;
    alias "get_contributees";
    with USER, USER_OPTIONS;

    /// Returns the users who may post for an account.
    contributors -> Contributors = GET "/1.1/users/contributors.json" => Vec<User>;
    auth User;
    alias "get_contributors";
    with USER, USER_OPTIONS;

    /// Returns the URLs of a user's profile banner, one per size.
    profile_banner -> ProfileBanner = GET "/1.1/users/profile_banner.json" => Banner;
    auth App, User;
    alias "get_profile_banner_sizes";
    with USER;

    /// Reports a user for spam and, by default, blocks them.
    report_spam -> ReportSpam = POST "/1.1/users/report_spam.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    form {
        /// Whether to block the user; `true` by default.
        perform_block: bool;
    }
    with USER_FORM;

    /// Returns the users that the authenticated user blocks.
    blocks -> Blocks = GET "/1.1/blocks/list.json" => UserPage;
    auth User;
    alias "list_blocks";
    example();
    with USER_OPTIONS, CURSOR;

    /// Returns the IDs of the users that the authenticated user blocks.
    block_ids -> BlockIds = GET "/1.1/blocks/ids.json" => IdPage;
    auth User;
    alias "list_block_ids";
    query {
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Blocks a user for the authenticated user.
    create_block -> CreateBlock = POST "/1.1/blocks/create.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    with USER_FORM;

    /// Unblocks a user for the authenticated user.
    destroy_block -> DestroyBlock = POST "/1.1/blocks/destroy.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    with USER_FORM;

    /// Returns the users that the authenticated user mutes.
    mutes -> Mutes = GET "/1.1/mutes/users/list.json" => UserPage;
    auth User;
    alias "list_mutes";
    example();
    with USER_OPTIONS, CURSOR;

    /// Returns the IDs of the users that the authenticated user mutes.
    mute_ids -> MuteIds = GET "/1.1/mutes/users/ids.json" => IdPage;
    auth User;
    alias "list_mute_ids";
    query {
        /// Whether to return IDs as strings instead of numbers.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Mutes a user for the authenticated user.
    create_mute -> CreateMute = POST "/1.1/mutes/users/create.json" => User;
    auth User;
    example().screen_name("robin");
    idempotent;
    with USER_FORM;

    /// Unmutes a user for the authenticated user.
    destroy_mute -> DestroyMute = POST "/1.1/mutes/users/destroy.json" => User;
    auth User;
    example().screen_name("robin");
    with USER_FORM;
}
