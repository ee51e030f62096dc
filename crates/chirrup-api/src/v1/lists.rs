//! Lists: lookup, creation, statuses, members and subscribers.

use chirrup_model::v1::{List, ListPage, Status, User, UserPage};
use chirrup_model::{UserId, Username};

crate::endpoints! {
    /// # Lists
    ///
    /// Create and change lists, and read their members, subscribers and statuses.
    LISTS in v1::lists;

    /// Returns up to 100 lists that a user owns or subscribes to.
    lists -> Lists = GET "/1.1/lists/list.json" => Vec<List>;
    auth App, User;
    alias "show_lists";
    example().screen_name("robin");
    query {
        /// Whether the lists that the user owns come first.
        reverse: bool;
    }
    with USER;

    /// Returns a list by ID, or by slug and owner.
    list -> ShowList = GET "/1.1/lists/show.json" => List;
    auth App, User;
    alias "get_specific_list";
    with LIST;

    /// Returns the statuses of the members of a list, newest first.
    list_statuses -> ListStatuses = GET "/1.1/lists/statuses.json" => Vec<Status>;
    auth App, User;
    alias "get_list_statuses";
    query {
        /// Whether to include the retweets of the members.
        include_rts: bool;
    }
    with LIST, TIMELINE_PAGE, STATUS_OPTIONS;

    /// Returns the lists that have a user as a member.
    memberships -> Memberships = GET "/1.1/lists/memberships.json" => ListPage;
    auth App, User;
    alias "get_list_memberships";
    example().screen_name("robin");
    query {
        /// Number of lists per page.
        count: u32, in 1..=1000, default 20;
        /// Whether to return only lists that the authenticated user owns.
        filter_to_owned_lists: bool;
    }
    with USER, CURSOR;

    /// Returns the lists that a user owns.
    ownerships -> Ownerships = GET "/1.1/lists/ownerships.json" => ListPage;
    auth App, User;
    alias "show_owned_lists";
    example().screen_name("robin");
    query {
        /// Number of lists per page.
        count: u32, in 1..=1000, default 20;
    }
    with USER, CURSOR;

    /// Returns the lists that a user subscribes to.
    subscriptions -> Subscriptions = GET "/1.1/lists/subscriptions.json" => ListPage;
    auth App, User;
    alias "get_list_subscriptions";
    query {
        /// Number of lists per page.
        count: u32, in 1..=1000, default 20;
    }
    with USER, CURSOR;

    /// Returns the members of a list.
    members -> Members = GET "/1.1/lists/members.json" => UserPage;
    auth App, User;
    alias "get_list_members";
    query {
        /// Number of users per page.
        count: u32, in 1..=5000, default 20;
    }
    with LIST, USER_OPTIONS, CURSOR;

    /// Returns a user if they are a member of a list, and an error with code 109 otherwise.
    member -> IsMember = GET "/1.1/lists/members/show.json" => User;
    auth App, User;
    alias "is_list_member";
    with LIST, USER, USER_OPTIONS;

    /// Returns the subscribers of a list.
    subscribers -> Subscribers = GET "/1.1/lists/subscribers.json" => UserPage;
    auth App, User;
    alias "get_list_subscribers";
    query {
        /// Number of users per page.
        count: u32, in 1..=5000, default 20;
    }
    with LIST, USER_OPTIONS, CURSOR;

    /// Returns a user if they subscribe to a list, and an error with code 109 otherwise.
    subscriber -> IsSubscriber = GET "/1.1/lists/subscribers/show.json" => User;
    auth App, User;
    alias "is_list_subscriber";
    with LIST, USER, USER_OPTIONS;

    /// Creates a list owned by the authenticated user.
    new_list -> NewList = POST "/1.1/lists/create.json" => List;
    auth User;
    alias "create_list";
    example("Birds").mode("private");
    required form {
        /// Name of the list.
        name: String, in 1..=25;
    }
    form {
        /// Visibility of the list: `public` (the default) or `private`.
        mode: String;
        /// Description of the list.
        description: String, in 0..=100;
    }

    /// Updates the name, description or visibility of a list of the authenticated user.
    change_list -> ChangeList = POST "/1.1/lists/update.json" => List;
    auth User;
    alias "update_list";
    idempotent;
    form {
        /// Name of the list.
        name: String, in 1..=25;
        /// Visibility of the list: `public` or `private`.
        mode: String;
        /// Description of the list.
        description: String, in 0..=100;
    }
    with LIST_FORM;

    /// Deletes a list of the authenticated user.
    destroy_list -> DestroyList = POST "/1.1/lists/destroy.json" => List;
    auth User;
    alias "delete_list";
    with LIST_FORM;

    /// Adds a user to a list of the authenticated user.
    create_member -> CreateMember = POST "/1.1/lists/members/create.json" => List;
    auth User;
    alias "add_list_member";
    idempotent;
    with LIST_FORM, USER_FORM;

    /// Adds up to 100 users to a list of the authenticated user.
    create_members -> CreateMembers = POST "/1.1/lists/members/create_all.json" => List;
    auth User;
    alias "create_list_members";
    idempotent;
    form {
        /// IDs of the users.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Usernames of the users.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with LIST_FORM;

    /// Removes a user from a list of the authenticated user.
    destroy_member -> DestroyMember = POST "/1.1/lists/members/destroy.json" => List;
    auth User;
    alias "delete_list_member";
    idempotent;
    with LIST_FORM, USER_FORM;

    /// Removes up to 100 users from a list of the authenticated user.
    destroy_members -> DestroyMembers = POST "/1.1/lists/members/destroy_all.json" => List;
    auth User;
    alias "delete_list_members";
    idempotent;
    form {
        /// IDs of the users.
        user_ids = "user_id": Vec<UserId>, in 1..=100;
        /// Usernames of the users.
        screen_names = "screen_name": Vec<Username>, in 1..=100;
    }
    with LIST_FORM;

    /// Subscribes the authenticated user to a list.
    create_subscriber -> CreateSubscriber = POST "/1.1/lists/subscribers/create.json" => List;
    auth User;
    alias "subscribe_to_list";
    idempotent;
    with LIST_FORM;

    /// Unsubscribes the authenticated user from a list.
    destroy_subscriber -> DestroySubscriber = POST "/1.1/lists/subscribers/destroy.json" => List;
    auth User;
    alias "unsubscribe_from_list";
    idempotent;
    with LIST_FORM;
}
