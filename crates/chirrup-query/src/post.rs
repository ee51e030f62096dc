//! Posts in the form in which queries are matched against them.

/// Properties of a post and its author that a query can ask for. Names and texts are compared without regard to case.
///
/// Every property has an empty default, so that only those that occur in the queries need a value.
///
/// ```
/// use chirrup_query::{SearchablePost, matches, parse};
///
/// let mut post = SearchablePost::new("A cat in the sun");
/// post.lang = "en".to_owned();
/// assert!(matches(&parse("cat lang:en")?, &post));
/// # Ok::<(), chirrup_query::QueryError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "each is an independent property that the language can ask for")]
pub struct SearchablePost {
    /// ID of the post.
    pub id: u64,
    /// Full text of the post.
    pub text: String,
    /// User ID of the author.
    pub author_id: u64,
    /// Username of the author, without the `@`.
    pub author_username: String,
    /// Display name of the author.
    pub author_name: String,
    /// Profile description of the author.
    pub author_description: String,
    /// Profile location of the author.
    pub author_location: String,
    /// Whether the author is verified.
    pub author_verified: bool,
    /// Public metrics of the author.
    pub author_counts: AuthorCounts,
    /// Usernames or user IDs of the organizations that the author is affiliated with.
    pub affiliations: Vec<String>,
    /// IDs of the lists that the author is a member of.
    pub lists: Vec<u64>,
    /// Language code of the post, such as `en`.
    pub lang: String,
    /// Name of the app that created the post.
    pub source: String,
    /// Hashtags of the post, without the `#`.
    pub hashtags: Vec<String>,
    /// Cashtags of the post, without the `$`.
    pub cashtags: Vec<String>,
    /// Usernames of the mentioned users, without the `@`.
    pub mentions: Vec<String>,
    /// URLs of the post, both shortened and expanded.
    pub urls: Vec<String>,
    /// Titles and descriptions of the linked pages.
    pub pages: Vec<(String, String)>,
    /// Context annotations of the post, as IDs of domain and entity.
    pub contexts: Vec<(u64, u64)>,
    /// Names of the annotated entities of the post.
    pub entities: Vec<String>,
    /// ID of the first post of the conversation.
    pub conversation_id: u64,
    /// ID of the post that this one replies to.
    pub reply_to: Option<u64>,
    /// Username and user ID of the user that the post replies to.
    pub reply_to_user: Option<(String, u64)>,
    /// ID of the quoted post.
    pub quote_of: Option<u64>,
    /// Content of the quoted post, which stream rules also match.
    pub quoted: Option<Box<Self>>,
    /// ID of the reposted post.
    pub repost_of: Option<u64>,
    /// Username and user ID of the author of the reposted post.
    pub repost_of_user: Option<(String, u64)>,
    /// Whether the post has images.
    pub images: bool,
    /// Whether the post has videos or animated GIFs.
    pub videos: bool,
    /// Place of the post: ID, full name and country code.
    pub place: Option<(String, String, String)>,
    /// Coordinates of the post: longitude and latitude in degrees.
    pub point: Option<(f64, f64)>,
    /// Whether the post is delivered only as an advertisement.
    pub nullcast: bool,
    /// Number of likes of the post.
    pub likes: u64,
    /// Number of replies to the post.
    pub replies: u64,
    /// Number of reposts of the post.
    pub reposts: u64,
}

impl SearchablePost {
    /// Creates a post with this text and no other properties.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Public metrics of the author of a post. The default has zeros.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorCounts {
    /// Number of followers of the author.
    pub followers: u64,
    /// Number of users that the author follows.
    pub following: u64,
    /// Number of posts by the author.
    pub posts: u64,
    /// Number of lists that the author is a member of.
    pub listed: u64,
}
