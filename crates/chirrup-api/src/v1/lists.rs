//! Lists of users.

use chirrup_model::v1::{List, ListPage, Status, User, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    LISTS on V1;

    /// Lists up to 100 lists that a user has or follows.
    lists -> Lists = GET "/1.1/lists/list.json" => Vec<List>;
    auth App, User;
    alias "show_lists";
    query {
        /// Whether own ones come first.
        reverse: bool;
    }
    with USER;

    /// Shows a list.
    list -> ShowList = GET "/1.1/lists/show.json" => List;
    auth App, User;
    alias "get_specific_list";
    with LIST;

    /// Lists the newest statuses of those on a list.
    list_statuses -> ListStatuses = GET "/1.1/lists/statuses.json" => Vec<Status>;
    auth App, User;
    alias "get_list_statuses";
    query {
        /// Whether to show what they repeated.
        include_rts: bool;
    }
    with LIST, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Lists the lists that a user is on.
    memberships -> Memberships = GET "/1.1/lists/memberships.json" => ListPage;
    auth App, User;
    alias "get_list_memberships";
    query {
        /// How many a page holds, up to 1,000.
        count: u32, in 1..=1000;
        /// Only your own.
        filter_to_owned_lists: bool;
    }
    with USER, CURSOR;

    /// Lists the lists that a user has made.
    ownerships -> Ownerships = GET "/1.1/lists/ownerships.json" => ListPage;
    auth App, User;
    alias "show_owned_lists";
    query {
        /// How many a page holds, up to 1,000.
        count: u32, in 1..=1000;
    }
    with USER, CURSOR;

    /// Lists the lists that a user follows.
    subscriptions -> Subscriptions = GET "/1.1/lists/subscriptions.json" => ListPage;
    auth App, User;
    alias "get_list_subscriptions";
    query {
        /// How many a page holds, up to 1,000.
        count: u32, in 1..=1000;
    }
    with USER, CURSOR;

    /// Lists who is on a list.
    members -> Members = GET "/1.1/lists/members.json" => UserPage;
    auth App, User;
    alias "get_list_members";
    query {
        /// How many a page holds, up to 5,000.
        count: u32, in 1..=5000;
    }
    with LIST, USER_OPTIONS, CURSOR;

    /// Shows a user, if they are on a list.
    member -> IsMember = GET "/1.1/lists/members/show.json" => User;
    auth App, User;
    alias "is_list_member";
    with LIST, USER, USER_OPTIONS;

    /// Lists who follows a list.
    subscribers -> Subscribers = GET "/1.1/lists/subscribers.json" => UserPage;
    auth App, User;
    alias "get_list_subscribers";
    query {
        /// How many a page holds, up to 5,000.
        count: u32, in 1..=5000;
    }
    with LIST, USER_OPTIONS, CURSOR;

    /// Shows a user, if they follow a list.
    subscriber -> IsSubscriber = GET "/1.1/lists/subscribers/show.json" => User;
    auth App, User;
    alias "is_list_subscriber";
    with LIST, USER, USER_OPTIONS;

    /// Makes a list.
    new_list -> NewList = POST "/1.1/lists/create.json" => List;
    auth User;
    alias "create_list";
    fills { name: String, in 1..=25; }
    form {
        /// `public` or `private`.
        mode: String;
        /// What it is for.
        description: String, in 0..=100;
    }

    /// Changes a list.
    change_list -> ChangeList = POST "/1.1/lists/update.json" => List;
    auth User;
    alias "update_list";
    form {
        /// Its new name.
        name: String, in 1..=25;
        /// `public` or `private`.
        mode: String;
        /// What it is for.
        description: String, in 0..=100;
    }
    with LIST_FORM;

    /// Deletes a list.
    destroy_list -> DestroyList = POST "/1.1/lists/destroy.json" => List;
    auth User;
    alias "delete_list";
    with LIST_FORM;

    /// Puts a user on a list.
    create_member -> CreateMember = POST "/1.1/lists/members/create.json" => List;
    auth User;
    alias "add_list_member";
    with LIST_FORM, USER_FORM;

    /// Puts up to 100 users on a list.
    create_members -> CreateMembers = POST "/1.1/lists/members/create_all.json" => List;
    auth User;
    alias "create_list_members";
    form {
        /// Their ids.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Their names.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with LIST_FORM;

    /// Takes a user off a list.
    destroy_member -> DestroyMember = POST "/1.1/lists/members/destroy.json" => List;
    auth User;
    alias "delete_list_member";
    with LIST_FORM, USER_FORM;

    /// Takes up to 100 users off a list.
    destroy_members -> DestroyMembers = POST "/1.1/lists/members/destroy_all.json" => List;
    auth User;
    alias "delete_list_members";
    form {
        /// Their ids.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Their names.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with LIST_FORM;

    /// Follows a list.
    create_subscriber -> CreateSubscriber = POST "/1.1/lists/subscribers/create.json" => List;
    auth User;
    alias "subscribe_to_list";
    with LIST_FORM;

    /// Follows a list no longer.
    destroy_subscriber -> DestroySubscriber = POST "/1.1/lists/subscribers/destroy.json" => List;
    auth User;
    alias "unsubscribe_from_list";
    with LIST_FORM;
}
