//! Fields and expansions that a request asks for.

use chirrup_api::Call;
use chirrup_model::Dialect;

const POST_DEFAULTS: [&str; 3] = ["id", "text", "edit_history_tweet_ids"];
const USER_DEFAULTS: [&str; 3] = ["id", "name", "username"];

/// Field of a post or user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'c> {
    /// Name in the `Tweet` dialect.
    pub(super) name: &'c str,
    /// Name in the dialect of the response.
    pub(super) wire_name: &'c str,
}

/// Fields and expansions that a request asks for.
#[derive(Debug)]
pub(super) struct Selection<'c> {
    /// Fields of posts, with those that expansions expand, in the order in which they are written.
    pub(super) post: Vec<Field<'c>>,
    /// Fields of users in `includes`, in the order in which they are written.
    pub(super) included_user: Vec<Field<'c>>,
    /// The same with those that expansions expand.
    pub(super) user: Vec<Field<'c>>,
    pub(super) media: Vec<&'c str>,
    pub(super) poll: Vec<&'c str>,
    pub(super) place: Vec<&'c str>,
    pub(super) list: Vec<&'c str>,
    pub(super) expansions: Vec<&'c str>,
}

impl<'c> Selection<'c> {
    pub(super) fn of(call: &'c Call, dialect: Dialect) -> Self {
        let with = |defaults: &[&'c str], name: &str| -> Vec<&'c str> {
            defaults.iter().copied().chain(call.list(name)).collect()
        };
        let expansions: Vec<&str> = call.list("expansions").collect();
        let mut post = with(&POST_DEFAULTS, "tweet.fields");
        post.extend(expansions.iter().map(|expansion| expanded_field(expansion)));
        let included_user = with(&USER_DEFAULTS, "user.fields");
        let user = included_user.iter().chain(&expansions).copied();
        Self {
            post: fields(post.into_iter(), dialect),
            user: fields(user, dialect),
            included_user: fields(included_user.iter().copied(), dialect),
            media: with(&["media_key", "type"], "media.fields"),
            poll: with(&["id", "options"], "poll.fields"),
            place: with(&["id", "full_name"], "place.fields"),
            list: with(&["id", "name"], "list.fields"),
            expansions,
        }
    }

    pub(super) fn expands(&self, name: &str) -> bool {
        self.expansions.contains(&name)
    }

    /// Whether a field of posts is requested.
    pub(super) fn has_post_field(&self, name: &str) -> bool {
        self.post.iter().any(|field| field.name == name)
    }
}

/// Returns the fields with these names in the order of their names on the wire, each once.
fn fields<'c>(names: impl Iterator<Item = &'c str>, dialect: Dialect) -> Vec<Field<'c>> {
    let mut fields: Vec<Field<'_>> = names.map(|name| Field { name, wire_name: dialect.name(name) }).collect();
    fields.sort_unstable_by_key(|field| field.wire_name);
    fields.dedup_by_key(|field| field.name);
    fields
}

/// Field of a post that an expansion expands.
fn expanded_field(expansion: &str) -> &str {
    match expansion {
        "author_id" | "username" => "author_id",
        "in_reply_to_user_id" => "in_reply_to_user_id",
        "attachments.media_keys" | "attachments.poll_ids" => "attachments",
        "geo.place_id" => "geo",
        "entities.mentions.username" => "entities",
        other if other.starts_with("referenced_tweets.id") => "referenced_tweets",
        other => other,
    }
}
