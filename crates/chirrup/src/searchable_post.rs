//! Posts of the API in the form in which queries are matched against them.

use chirrup_model::{Includes, Media, MediaType, Post, PostId, UserId};
use chirrup_query::SearchablePost;
use chirrup_text::{EntityKind, extract};

/// Returns the properties of a post of the API that queries can match, for [`query::matches`](crate::query::matches()).
///
/// `includes` provides the author, the media, the place and the quoted post. Request their expansions and fields: a query
/// matches only properties that the response has.
///
/// ```
/// use chirrup::model::{Includes, Post};
/// use chirrup::query::{matches, parse};
///
/// let post: Post = serde_json::from_str(r#"{"id": "1", "text": "Herons at dawn #birds", "lang": "en"}"#)?;
/// let searchable = chirrup::searchable_post(&post, &Includes::default());
/// assert!(matches(&parse("heron OR #birds lang:en")?, &searchable));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn searchable_post(post: &Post, includes: &Includes) -> SearchablePost {
    let author = includes.author_of(post);
    let entities = post.entities.clone().unwrap_or_default();
    let found = extract(post.full_text());
    let texts = |kind| found.iter().filter(move |e| e.kind == kind).map(|e| e.text.to_owned()).collect::<Vec<_>>();
    let media: Vec<&Media> = includes.media_of(post).collect();
    let metrics = post.public_metrics.unwrap_or_default();
    let counts = author.and_then(|user| user.public_metrics).unwrap_or_default();
    let name_and_id = |id: Option<UserId>| {
        id.map(|id| (includes.user(id).map_or_else(String::new, |user| user.username.clone()), id.get()))
    };
    let place = includes.place_of(post);
    let mut searchable = SearchablePost::new(post.full_text());
    searchable.id = post.id.get();
    searchable.author_id = post.author_id.map_or(0, UserId::get);
    searchable.author_username = author.map_or_else(String::new, |user| user.username.clone());
    searchable.author_name = author.map_or_else(String::new, |user| user.name.clone());
    searchable.author_description = author.and_then(|user| user.description.clone()).unwrap_or_default();
    searchable.author_location = author.and_then(|user| user.location.clone()).unwrap_or_default();
    searchable.author_verified = author.and_then(|user| user.verified).unwrap_or(false);
    searchable.author_counts.followers = counts.followers_count;
    searchable.author_counts.following = counts.following_count;
    searchable.author_counts.posts = counts.post_count;
    searchable.author_counts.listed = counts.listed_count;
    searchable.lang = post.lang.clone().unwrap_or_default();
    searchable.source = post.source.clone().unwrap_or_default();
    searchable.hashtags = texts(EntityKind::Hashtag);
    searchable.cashtags = texts(EntityKind::Cashtag);
    searchable.mentions = found.iter().filter_map(|e| e.screen_name()).map(str::to_owned).collect();
    searchable.urls =
        entities.urls.iter().flat_map(|url| [Some(url.url.clone()), url.expanded_url.clone()]).flatten().collect();
    searchable.pages = entities
        .urls
        .iter()
        .map(|url| (url.title.clone().unwrap_or_default(), url.description.clone().unwrap_or_default()))
        .collect();
    searchable.contexts = post
        .context_annotations
        .iter()
        .filter_map(|c| Some((c.domain.id.as_ref()?.parse().ok()?, c.entity.id.as_ref()?.parse().ok()?)))
        .collect();
    searchable.entities =
        post.context_annotations.iter().filter_map(|c| c.entity.name.clone().map(String::from)).collect();
    searchable.conversation_id = post.conversation_id.map_or(0, PostId::get);
    searchable.reply_to = post.replied_to().map(PostId::get);
    searchable.reply_to_user = name_and_id(post.in_reply_to_user_id);
    searchable.quote_of = post.quoted().map(PostId::get);
    searchable.quoted = post.quoted().and_then(|id| includes.post(id)).map(|quoted| {
        // X matches one level of quotes.
        let mut without_references = quoted.clone();
        without_references.referenced_posts = Default::default();
        Box::new(searchable_post(&without_references, includes))
    });
    searchable.repost_of = post.reposted().map(PostId::get);
    searchable.repost_of_user = name_and_id(post.reposted().and_then(|id| includes.post(id)).and_then(|p| p.author_id));
    searchable.images = media.iter().any(|media| media.kind == MediaType::Photo);
    searchable.videos = media.iter().any(|media| media.kind != MediaType::Photo);
    searchable.place =
        place.map(|p| (p.id.to_string(), p.full_name.clone(), p.country_code.clone().unwrap_or_default()));
    searchable.point = post.geo.as_ref().and_then(|geo| geo.coordinates.as_ref()).map(|point| point.coordinates);
    searchable.likes = metrics.like_count;
    searchable.replies = metrics.reply_count;
    searchable.reposts = metrics.repost_count;
    searchable
}
