//! Users: look-up, search, suggestions, blocks, mutes, reports.

use chirrup_model::v1::{Banner, Category, IdPage, User, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    USERS on V1;

    /// Shows a user.
    user_by_id -> ShowUser = GET "/1.1/users/show.json" => User;
    auth App, User;
    alias "show_user";
    with USER, USER_OPTIONS;

    /// Shows up to 100 users.
    lookup_users -> LookupUsers = GET "/1.1/users/lookup.json" => Vec<User>;
    auth App, User;
    alias "lookup_user";
    query {
        /// Their ids.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Their names.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
        /// `extended` for the whole text of statuses.
        tweet_mode: String;
    }
    with USER_OPTIONS;

    /// Finds users.
    find_users -> FindUsers = GET "/1.1/users/search.json" => Vec<User>;
    auth User;
    needs { query = "q": String; }
    query {
        /// Which page, from 1 on.
        page: u32, in 1..=1000;
        /// How many a page holds, up to 20.
        count: u32, in 1..=20;
    }
    with USER_OPTIONS;

    /// Lists categories of users who are suggested.
    suggestions -> Suggestions = GET "/1.1/users/suggestions.json" => Vec<Category>;
    auth App, User;
    alias "get_user_suggestions";
    query {
        /// The language.
        lang: String;
    }

    /// Shows a category of users who are suggested.
    suggestions_of -> SuggestionsOf = GET "/1.1/users/suggestions/{slug}.json" => Category;
    auth App, User;
    alias "get_user_suggestions_by_slug";
    path { slug: String }
    query {
        /// The language.
        lang: String;
    }

    /// Lists the users of a category with their newest statuses.
    suggested_members -> SuggestedMembers = GET "/1.1/users/suggestions/{slug}/members.json" => Vec<User>;
    auth App, User;
    alias "get_user_suggestions_statuses_by_slug";
    path { slug: String }

    /// Lists for whom you may write.
    contributees -> Contributees = GET "/1.1/users/contributees.json" => Vec<User>;
    auth User;
    alias "get_contributees";
    with USER, USER_OPTIONS;

    /// Lists who may write for a user.
    contributors -> Contributors = GET "/1.1/users/contributors.json" => Vec<User>;
    auth User;
    alias "get_contributors";
    with USER, USER_OPTIONS;

    /// Says in which sizes there is the picture above a profile.
    profile_banner -> ProfileBanner = GET "/1.1/users/profile_banner.json" => Banner;
    auth App, User;
    alias "get_profile_banner_sizes";
    with USER;

    /// Reports a user for spam, and blocks them if not told otherwise.
    report_spam -> ReportSpam = POST "/1.1/users/report_spam.json" => User;
    auth User;
    form {
        /// Whether to block them, too.
        perform_block: bool;
    }
    with USER_FORM;

    /// Lists whom you block.
    blocks -> Blocks = GET "/1.1/blocks/list.json" => UserPage;
    auth User;
    alias "list_blocks";
    with USER_OPTIONS, CURSOR;

    /// Lists the ids of whom you block.
    block_ids -> BlockIds = GET "/1.1/blocks/ids.json" => IdPage;
    auth User;
    alias "list_block_ids";
    query {
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Blocks a user.
    create_block -> CreateBlock = POST "/1.1/blocks/create.json" => User;
    auth User;
    with USER_FORM;

    /// Blocks a user no longer.
    destroy_block -> DestroyBlock = POST "/1.1/blocks/destroy.json" => User;
    auth User;
    with USER_FORM;

    /// Lists whom you mute.
    mutes -> Mutes = GET "/1.1/mutes/users/list.json" => UserPage;
    auth User;
    alias "list_mutes";
    with USER_OPTIONS, CURSOR;

    /// Lists the ids of whom you mute.
    mute_ids -> MuteIds = GET "/1.1/mutes/users/ids.json" => IdPage;
    auth User;
    alias "list_mute_ids";
    query {
        /// Whether ids are texts.
        stringify_ids: bool;
    }
    with CURSOR;

    /// Mutes a user.
    create_mute -> CreateMute = POST "/1.1/mutes/users/create.json" => User;
    auth User;
    with USER_FORM;

    /// Mutes a user no longer.
    destroy_mute -> DestroyMute = POST "/1.1/mutes/users/destroy.json" => User;
    auth User;
    with USER_FORM;
}
