//! The table of commands that call one endpoint.

use chirrup::v1::geo::SearchGeo;
use chirrup::v2::communities::{GetCommunity, SearchCommunities};
use chirrup::v2::compliance::{ComplianceJobs, CreateComplianceJob, GetComplianceJob};
use chirrup::v2::direct_messages::{DmEvents, DmEventsWith, SendDm};
use chirrup::v2::lists::{
    AddListMember, CreateList, DeleteList, FollowList, FollowedLists, GetList, ListFollowers, ListMembers,
    ListMemberships, ListPosts, OwnedLists, PinList, PinnedLists, RemoveListMember, UnfollowList, UnpinList,
};
use chirrup::v2::news::SearchNews;
use chirrup::v2::posts::{CountAll, CountRecent, HideReply, LikingUsers, Quotes, Reposters, SearchAll, SearchRecent};
use chirrup::v2::spaces::{GetSpaces, SearchSpaces, SpacesOf};
use chirrup::v2::trends::{PersonalizedTrends, Trends};
use chirrup::v2::usage::{GetCredits, GetUsage};
use chirrup::v2::users::{
    Block, Blocking, Bookmark, Bookmarks, Followers, Following, HomeTimeline, LikedPosts, Mentions, Mute, Muting,
    RemoveBookmark, SearchUsers, Unblock, UndoRepost, Unfollow, Unlike, Unmute, UserPosts,
};

use super::verb::Effect::{Chart, Endpoint, Push, Set, Value};
use super::verb::Output::{Counts, Created, Done, Object, Objects, Posts, Spaces, Users, UsersWithout};
use super::verb::{Argument, Choice, Effect, Kind, Verb};

/// Commands that have commands of the table.
pub(super) const GROUPS: [(&str, &str); 5] = [
    ("lists", "Read and change lists"),
    ("users", "Search users, and list those that you block or mute"),
    ("spaces", "Find Spaces"),
    ("communities", "Find communities"),
    ("compliance", "Manage compliance jobs"),
];

const fn argument(param: &'static str, kind: Kind, name: &'static str, help: &'static str) -> Argument {
    Argument { param, kind, in_file: false, name, help }
}
const fn user(param: &'static str) -> Argument {
    argument(param, Kind::User, "USER", "Username, ID or link of the user")
}
const fn user_or_me(param: &'static str) -> Argument {
    argument(param, Kind::UserOrMe, "USER", "Username, ID or link of the user [default: you]")
}
const fn me(param: &'static str) -> Argument {
    argument(param, Kind::Me, "", "")
}
const fn post(param: &'static str) -> Argument {
    argument(param, Kind::Post, "POST", "ID or link of the post")
}
const fn list(param: &'static str) -> Argument {
    argument(param, Kind::List, "LIST", "ID or link of the list")
}
const QUERY: Argument = argument("query", Kind::Query, "QUERY", "Query in the language of X; it needs no quotes");
const WORDS: Argument = argument("query", Kind::Words, "TEXT", "Text to search for");
const TEXT: Argument = argument("text", Kind::Text, "TEXT", "Text, or `-` to read it from stdin");
const fn value(param: &'static str, name: &'static str, help: &'static str) -> Argument {
    argument(param, Kind::Value, name, help)
}
const fn values(param: &'static str, name: &'static str, help: &'static str) -> Argument {
    argument(param, Kind::Values, name, help)
}
const fn file(param: &'static str, kind: Kind, help: &'static str) -> Argument {
    Argument { param, kind, in_file: true, name: "FILE", help }
}
const fn option(name: &'static str, help: &'static str, effect: Effect) -> Choice {
    Choice { name, help, effect }
}

/// Declares commands: `"path" about Endpoint [arguments] [options] Output; "example" "example"`.
macro_rules! verbs {
    ($($path:literal $about:literal $endpoint:ident [$($argument:expr),*] [$($option:expr),*] $output:expr; $one:literal $two:literal)*) => {
        /// All commands of the table.
        pub(crate) const VERBS: &[Verb] = &[$(Verb {
            path: $path,
            about: $about,
            endpoint: $endpoint::ENDPOINT,
            arguments: &[$($argument),*],
            options: &[$($option),*],
            output: $output,
            examples: [$one, $two],
        }),*];
    };
}

verbs! {
    "search" "Search posts of the last seven days, or all posts" SearchRecent [QUERY]
        [option("all", "Search all posts, not only those of seven days", Endpoint(SearchAll::ENDPOINT)),
         option("relevant", "Sort by relevance instead of time", Set("sort_order", "relevancy"))] Posts;
        "chirrup search rust lang:en -is:reply -n 100" "chirrup search from:robin --all --since 2026-01-01 --jsonl > posts.jsonl"
    "count" "Count posts of the last seven days, or all posts" CountRecent [QUERY]
        [option("all", "Count all posts, not only those of seven days", Endpoint(CountAll::ENDPOINT)),
         option("by", "Length of an interval: minute, hour or day", Value("granularity", "day")),
         option("chart", "Draw bars, also in a pipe", Chart)] Counts;
        "chirrup count from:robin --by hour" "chirrup count birding --since \"2d ago\" --json"
    "searches" "Search posts for each query of a file" SearchRecent
        [file("query", Kind::Query, "File with a query per line, or `-` for stdin")]
        [option("all", "Search all posts, not only those of seven days", Endpoint(SearchAll::ENDPOINT))] Posts;
        "chirrup searches queries.txt -n 100 -o posts.jsonl" "chirrup searches queries.txt --all -n all --csv"
    "timelines" "List the posts of each user of a file" UserPosts
        [file("id", Kind::User, "File with a username, ID or link per line, or `-` for stdin")]
        [option("no-replies", "Leave out replies to others", Push("exclude", "replies")),
         option("no-reposts", "Leave out reposts of others", Push("exclude", "retweets"))] Posts;
        "chirrup timelines users.txt -n all -o posts.jsonl" "chirrup timelines users.txt --no-reposts --jsonl"
    "conversations" "List the posts of each conversation of a file" SearchRecent
        [file("query", Kind::Conversation, "File with the ID or link of a first post per line, or `-` for stdin")]
        [option("all", "Search all posts, not only those of seven days", Endpoint(SearchAll::ENDPOINT))] Posts;
        "chirrup conversations ids.txt --all -n all -o posts.jsonl" "chirrup conversations ids.txt --flat"
    "places" "Search places by name" SearchGeo [WORDS]
        [option("type", "Smallest type of place: neighborhood, city, admin or country", Value("granularity", ""))] Object;
        "chirrup places Berlin" "chirrup places Oslo --type city --json"
    "timeline" "List the posts of a user" UserPosts [user_or_me("id")]
        [option("no-replies", "Leave out replies to others", Push("exclude", "replies")),
         option("no-reposts", "Leave out reposts of others", Push("exclude", "retweets"))] Posts;
        "chirrup timeline robin --no-replies -n 50" "chirrup timeline 12 --since \"1 week ago\" --jsonl"
    "home" "List the posts of your home timeline" HomeTimeline [] [] Posts;
        "chirrup home" "chirrup home -n 100 --json"
    "mentions" "List the posts that mention a user" Mentions [user_or_me("id")] [] Posts;
        "chirrup mentions" "chirrup mentions robin --since-id 20"
    "followers" "List the followers of a user" Followers [user("id")] [] Users;
        "chirrup followers robin -n 1000 --jsonl" "chirrup plan followers robin -n 5000"
    "following" "List the users that a user follows" Following [user("id")] [] Users;
        "chirrup following robin" "chirrup following 12 -n 500 --fields created_at,location"
    "leaders" "List the users that you follow and who do not follow you" Following [me("id")] []
        UsersWithout("followed_by");
        "chirrup leaders -n all" "chirrup leaders -n 100 --jsonl"
    "groupies" "List the users who follow you and whom you do not follow" Followers [me("id")] []
        UsersWithout("following");
        "chirrup groupies -n all" "chirrup groupies -n 100 --tsv"
    "conversation" "List the posts of a conversation" SearchRecent
        [argument("query", Kind::Conversation, "POST", "ID or link of the first post")]
        [option("all", "Search all posts, not only those of seven days", Endpoint(SearchAll::ENDPOINT))] Posts;
        "chirrup conversation 20" "chirrup conversation https://x.com/robin/status/20 --all -n all --jsonl"
    "quotes" "List the quotes of a post" Quotes [post("id")] [] Posts;
        "chirrup quotes 20" "chirrup quotes https://x.com/robin/status/20 -n all --jsonl"
    "reposts" "List the users who reposted a post" Reposters [post("id")] [] Users;
        "chirrup reposts 20" "chirrup reposts https://x.com/robin/status/20 -n all"
    "likers" "List the users who liked a post" LikingUsers [post("id")] [] Users;
        "chirrup likers 20" "chirrup likers https://x.com/robin/status/20 -n all"
    "likes" "List the posts that a user likes" LikedPosts [user_or_me("id")] [] Posts;
        "chirrup likes" "chirrup likes robin -n 100 --jsonl"
    "bookmarks" "List your bookmarks" Bookmarks [] [] Posts;
        "chirrup bookmarks" "chirrup bookmarks -n all --jsonl > bookmarks.jsonl"
    "trends" "List the trends for you" PersonalizedTrends [] [] Objects;
        "chirrup trends" "chirrup trends --json"
    "trends-at" "List the trends of a place" Trends [value("woeid", "WOEID", "Where On Earth ID of the place; 1 is the world")]
        [] Objects;
        "chirrup trends-at 1" "chirrup trends-at 23424829 --json"
    "news" "Search news" SearchNews [WORDS] [] Objects;
        "chirrup news birds" "chirrup news rust --json"

    "unlike" "Unlike a post" Unlike [post("tweet_id")] [] Done("liked", false, "unliked");
        "chirrup unlike 20" "chirrup unlike https://x.com/robin/status/20"
    "unrepost" "Undo a repost" UndoRepost [post("source_tweet_id")] [] Done("retweeted", false, "undid the repost of");
        "chirrup unrepost 20" "chirrup unrepost https://x.com/robin/status/20"
    "unfollow" "Unfollow a user" Unfollow [user("target_user_id")] [] Done("following", false, "unfollowed");
        "chirrup unfollow robin" "chirrup unfollow https://x.com/robin"
    "block" "Block a user" Block [user("target_user_id")] [] Done("blocking", true, "blocked");
        "chirrup block robin" "chirrup block https://x.com/robin"
    "unblock" "Unblock a user" Unblock [user("target_user_id")] [] Done("blocking", false, "unblocked");
        "chirrup unblock robin" "chirrup unblock 12"
    "mute" "Mute a user" Mute [user("target_user_id")] [] Done("muting", true, "muted");
        "chirrup mute robin" "chirrup mute https://x.com/robin"
    "unmute" "Unmute a user" Unmute [user("target_user_id")] [] Done("muting", false, "unmuted");
        "chirrup unmute robin" "chirrup unmute 12"
    "bookmark" "Bookmark a post" Bookmark [post("tweet_id")] [] Done("bookmarked", true, "bookmarked");
        "chirrup bookmark 20" "chirrup bookmark https://x.com/robin/status/20"
    "unbookmark" "Remove a bookmark" RemoveBookmark [post("tweet_id")] [] Done("bookmarked", false, "removed the bookmark of");
        "chirrup unbookmark 20" "chirrup unbookmark https://x.com/robin/status/20"
    "hide" "Hide a reply to one of your posts" HideReply [post("tweet_id")] [] Done("hidden", true, "hid");
        "chirrup hide 21" "chirrup hide https://x.com/robin/status/21"
    "unhide" "Show a hidden reply again" HideReply [post("tweet_id")] [] Done("hidden", false, "shows again");
        "chirrup unhide 21" "chirrup unhide https://x.com/robin/status/21"

    "dm" "Send a direct message to a user" SendDm [user("participant_id"), TEXT] [] Created("sent");
        "chirrup dm robin \"See you at the lake\"" "date | chirrup dm @robin -"
    "dms" "List your direct messages" DmEvents [] [] Objects;
        "chirrup dms" "chirrup dms -n all --jsonl > messages.jsonl"
    "dms-with" "List the direct messages with a user" DmEventsWith [user("participant_id")] [] Objects;
        "chirrup dms-with robin" "chirrup dms-with robin -n 100 --json"

    "users search" "Search users" SearchUsers [WORDS] [] Users;
        "chirrup users search robin" "chirrup users search ornithology -n 50 --jsonl"
    "users blocked" "List the users that you block" Blocking [] [] Users;
        "chirrup users blocked" "chirrup users blocked -n all --jsonl"
    "users muted" "List the users that you mute" Muting [] [] Users;
        "chirrup users muted" "chirrup users muted -n all --jsonl"

    "lists show" "Show a list" GetList [list("id")] [] Object;
        "chirrup lists show 84839422" "chirrup lists show https://x.com/i/lists/84839422"
    "lists posts" "List the posts of a list" ListPosts [list("id")] [] Posts;
        "chirrup lists posts 84839422" "chirrup lists posts https://x.com/i/lists/84839422 -n 50"
    "lists members" "List the members of a list" ListMembers [list("id")] [] Users;
        "chirrup lists members 84839422" "chirrup lists members 84839422 -n all --jsonl"
    "lists followers" "List the followers of a list" ListFollowers [list("id")] [] Users;
        "chirrup lists followers 84839422" "chirrup lists followers 84839422 -n all --jsonl"
    "lists owned" "List the lists that a user owns" OwnedLists [user_or_me("id")] [] Objects;
        "chirrup lists owned" "chirrup lists owned robin"
    "lists memberships" "List the lists that a user is a member of" ListMemberships [user_or_me("id")] [] Objects;
        "chirrup lists memberships" "chirrup lists memberships robin"
    "lists followed" "List the lists that a user follows" FollowedLists [user_or_me("id")] [] Objects;
        "chirrup lists followed" "chirrup lists followed robin"
    "lists pinned" "List your pinned lists" PinnedLists [] [] Objects;
        "chirrup lists pinned" "chirrup lists pinned --json"
    "lists create" "Create a list" CreateList [value("name", "NAME", "Name of the list")]
        [option("description", "Description of the list", Value("description", "")),
         option("private", "Whether only you can see the list", Value("private", "false"))] Created("created list");
        "chirrup lists create Birders" "chirrup lists create Birders --description Ornithologists --private true"
    "lists delete" "Delete a list" DeleteList [list("id")] [] Done("deleted", true, "deleted list");
        "chirrup lists delete 84839422" "chirrup plan lists delete 84839422"
    "lists add" "Add a user to a list" AddListMember [list("id"), user("user_id")] [] Done("is_member", true, "added to list");
        "chirrup lists add 84839422 robin" "chirrup lists add 84839422 https://x.com/robin"
    "lists remove" "Remove a user from a list" RemoveListMember [list("id"), user("user_id")] []
        Done("is_member", false, "removed from list");
        "chirrup lists remove 84839422 robin" "chirrup lists remove 84839422 12"
    "lists follow" "Follow a list" FollowList [list("list_id")] [] Done("following", true, "following list");
        "chirrup lists follow 84839422" "chirrup lists follow https://x.com/i/lists/84839422"
    "lists unfollow" "Unfollow a list" UnfollowList [list("list_id")] [] Done("following", false, "unfollowed list");
        "chirrup lists unfollow 84839422" "chirrup lists unfollow https://x.com/i/lists/84839422"
    "lists pin" "Pin a list" PinList [list("list_id")] [] Done("pinned", true, "pinned list");
        "chirrup lists pin 84839422" "chirrup lists pin https://x.com/i/lists/84839422"
    "lists unpin" "Unpin a list" UnpinList [list("list_id")] [] Done("pinned", false, "unpinned list");
        "chirrup lists unpin 84839422" "chirrup lists unpin https://x.com/i/lists/84839422"

    "spaces search" "Search Spaces by their titles" SearchSpaces [WORDS] [] Spaces;
        "chirrup spaces search birds" "chirrup spaces search rust --json"
    "spaces show" "Show Spaces" GetSpaces [values("ids", "ID", "IDs of Spaces")] [] Spaces;
        "chirrup spaces show 1DXxyRYNejbKM" "chirrup spaces show 1DXxyRYNejbKM 1nAJELYEEPvGL --json"
    "spaces of" "List the Spaces of users" SpacesOf [values("user_ids", "ID", "IDs of the creators")] [] Spaces;
        "chirrup spaces of 12" "chirrup spaces of 12 13 --json"
    "communities search" "Search communities" SearchCommunities [WORDS] [] Objects;
        "chirrup communities search birds" "chirrup communities search rust -n 50 --json"
    "communities show" "Show a community" GetCommunity [value("id", "ID", "ID of the community")] [] Object;
        "chirrup communities show 1146654567674912769" "chirrup communities show 1146654567674912769 --json"

    "usage" "Show the usage of the app by day" GetUsage [] [option("days", "Number of days: 1 to 90", Value("days", "7"))] Object;
        "chirrup usage" "chirrup usage --days 30 --json"
    "credits" "Show the credit balance of the developer account" GetCredits [] [] Object;
        "chirrup credits" "chirrup credits --json"
    "compliance list" "List compliance jobs" ComplianceJobs [value("type", "TYPE", "Type of the objects: tweets or users")]
        [option("status", "State: created, in_progress, failed or complete", Value("status", ""))] Objects;
        "chirrup compliance list tweets" "chirrup compliance list users --status complete"
    "compliance show" "Show a compliance job with its URLs" GetComplianceJob [value("id", "ID", "ID of the job")] [] Object;
        "chirrup compliance show 1382081613278814209" "chirrup compliance show 1382081613278814209 --json"
    "compliance create" "Create a compliance job" CreateComplianceJob [value("type", "TYPE", "Type of the objects: tweets or users")]
        [option("name", "Name of the job", Value("name", ""))] Created("created job");
        "chirrup compliance create tweets" "chirrup compliance create users --name birders"
}
