//! Floors: the least that a program could do for the same result. They check nothing and keep nothing.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Deserialize;

/// Reads a stream from its socket and calls a function with each line of a post.
pub(crate) fn read_lines(address: SocketAddr, count: u64, mut each: impl FnMut(&mut [u8])) {
    let mut socket = TcpStream::connect(address).expect("a connection");
    socket.write_all(b"GET /2/tweets/search/stream HTTP/1.1\r\nhost: x\r\n\r\n").expect("sent");
    let mut buffer = vec![0; 1 << 20];
    let (mut filled, mut lines) = (0, 0);
    while lines < count {
        filled += socket.read(&mut buffer[filled..]).expect("received");
        let mut begin = 0;
        while let Some(end) = memchr::memchr(b'\n', &buffer[begin..filled]) {
            let line = &mut buffer[begin..begin + end];
            begin += end + 1;
            // Headers and sizes of chunks are lines too.
            if let Some((b'\r', line)) = line.split_last_mut()
                && line.first() == Some(&b'{')
            {
                each(line);
                lines += 1;
            }
        }
        buffer.copy_within(begin..filled, 0);
        filled -= begin;
    }
}

pub(crate) type HttpClient = Client<HttpConnector, Full<Bytes>>;

pub(crate) fn http_client() -> HttpClient {
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(http)
}

/// Sends a GET request and returns the body.
pub(crate) async fn get(client: &HttpClient, url: &str) -> Bytes {
    let request = http::Request::get(url)
        .header("user-agent", "chirrup/0.1.0")
        .header("accept-encoding", "gzip")
        .header("authorization", "Bearer t")
        .body(Full::default());
    let response = client.request(request.expect("a request")).await.expect("a response");
    response.into_body().collect().await.expect("a body").to_bytes()
}

/// A line whose texts are parts of it.
#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded, not read")]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    data: Post<'a>,
    #[serde(borrow)]
    includes: Option<Includes<'a>>,
    #[serde(borrow, default)]
    matching_rules: Vec<Rule<'a>>,
}

/// A page whose texts are parts of it.
#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded, not read")]
pub(crate) struct Page<'a> {
    #[serde(borrow)]
    data: Vec<Post<'a>>,
    #[serde(borrow)]
    includes: Option<Includes<'a>>,
}

/// Defines structs: first the members with texts, which are borrowed, then those with numbers.
macro_rules! borrowed {
    ($($name:ident { $($text:ident: $type:ty),*; $($number:ident: $plain:ty),* })*) => {$(
        #[derive(Deserialize)]
        #[allow(dead_code, reason = "it is decoded, not read")]
        struct $name<'a> {
            $(#[serde(borrow, default)] $text: $type,)*
            $(#[serde(default)] $number: Option<$plain>,)*
        }
    )*};
}

type Text<'a> = Option<&'a str>;

borrowed! {
    Post {
        id: Text<'a>, text: Text<'a>, edit_history_tweet_ids: Vec<&'a str>, author_id: Text<'a>, created_at: Text<'a>,
        conversation_id: Text<'a>, lang: Text<'a>, reply_settings: Text<'a>, source: Text<'a>,
        in_reply_to_user_id: Text<'a>, edit_controls: Option<EditControls<'a>>, referenced_tweets: Vec<Reference<'a>>,
        context_annotations: Vec<Annotation<'a>>, entities: Option<Entities<'a>>, geo: Option<Geo<'a>>,
        attachments: Option<Attachments<'a>>;
        possibly_sensitive: bool, display_text_range: (u64, u64), public_metrics: PostMetrics
    }
    EditControls { editable_until: Text<'a>; edits_remaining: u64, is_edit_eligible: bool }
    Reference { r#type: Text<'a>, id: Text<'a>; }
    Annotation { domain: Option<Topic<'a>>, entity: Option<Topic<'a>>; }
    Topic { id: Text<'a>, name: Text<'a>, description: Text<'a>; }
    Entities {
        hashtags: Vec<Tag<'a>>, mentions: Vec<Mention<'a>>, annotations: Vec<Found<'a>>, urls: Vec<Link<'a>>;
    }
    Tag { tag: Text<'a>; start: u64, end: u64 }
    Mention { username: Text<'a>, id: Text<'a>; start: u64, end: u64 }
    Found { r#type: Text<'a>, normalized_text: Text<'a>; start: u64, end: u64, probability: f64 }
    Link {
        url: Text<'a>, display_url: Text<'a>, expanded_url: Text<'a>, unwound_url: Text<'a>, title: Text<'a>,
        description: Text<'a>, images: Vec<Image<'a>>; start: u64, end: u64, status: u64
    }
    Image { url: Text<'a>; width: u64, height: u64 }
    Geo { place_id: Text<'a>; }
    Attachments { media_keys: Vec<&'a str>; }
    Includes { users: Vec<User<'a>>, media: Vec<Media<'a>>; }
    User {
        id: Text<'a>, name: Text<'a>, username: Text<'a>, created_at: Text<'a>, description: Text<'a>,
        location: Text<'a>, verified_type: Text<'a>, pinned_tweet_id: Text<'a>, url: Text<'a>,
        profile_image_url: Text<'a>; protected: bool, verified: bool, public_metrics: UserMetrics
    }
    Media { media_key: Text<'a>, r#type: Text<'a>, url: Text<'a>, alt_text: Text<'a>; width: u64, height: u64 }
    Rule { id: Text<'a>, tag: Text<'a>; }
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded, not read")]
struct PostMetrics {
    bookmark_count: u64,
    impression_count: u64,
    like_count: u64,
    quote_count: u64,
    reply_count: u64,
    retweet_count: u64,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "it is decoded, not read")]
struct UserMetrics {
    followers_count: u64,
    following_count: u64,
    tweet_count: u64,
    listed_count: u64,
    like_count: u64,
    media_count: u64,
}
