//! Comparison of the sandbox with recorded responses of X, as shapes: status, headers, keys, types and forms.
//!
//! The fixture has a few shapes. `CHIRRUP_RECORDED_SHAPES` names a file with more of them.

use chirrup::{Client, HttpBuilder, RawCall};
use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};
use std::io::Write as _;

use crate::common::client_in_sandbox_time;
use crate::shape::{Comparison, Differences, Nouns};

const FIXTURE: &str = include_str!("recorded_shapes.json");
const SHAPES: &str = "CHIRRUP_RECORDED_SHAPES";
/// A file outside of the repository, where it exists.
const SHAPES_NEARBY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/recorded/shapes.json");

const HEADERS: [&str; 9] = [
    "x-access-level",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "cache-control",
    "x-frame-options",
    "strict-transport-security",
    "x-content-type-options",
    "location",
];

/// Differences that X itself has made since the recordings: kind, end of the place, and reason.
const EXPLAINED: &[(&str, &str, &str)] = &[
    ("header missing", "/1.1/media/upload.json x-rate-limit-limit", "the recorded limits of one endpoint vary"),
    ("header missing", "/1.1/media/upload.json x-rate-limit-remaining", "the same"),
    ("header missing", "/1.1/media/upload.json x-rate-limit-reset", "the same"),
    ("key never recorded", "v1 status.quoted_status", "no recorded status quotes another"),
    ("key never recorded", "v1 status.quoted_status_id", "the same"),
    ("key never recorded", "v1 status.quoted_status_id_str", "the same"),
    ("key never recorded", "v1 status.quoted_status_permalink", "the same"),
    ("key never recorded", "v1 media.video_info", "no recorded status has a video"),
    ("key never recorded", "v1 media.additional_media_info", "the same"),
];

/// IDs in the world that fit the recorded requests.
struct World {
    client: Client,
    me: String,
    /// A post of robin, one with likes and reposts, one with quotes, and one with reposts.
    post: String,
    liked: String,
    quoted: String,
    reposted: String,
    list: Json,
    space: String,
    creator: String,
    place: String,
    job: String,
    search: String,
    number: u64,
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAABOQAAAJy";

impl World {
    async fn data(client: &Client, path: &str, args: &[(&str, &str)]) -> Json {
        let call = args.iter().fold(client.call("GET", path), |call, (name, value)| call.query(name, *value));
        call.await.unwrap().data
    }

    async fn new(client: Client) -> Self {
        let me = client.me().await.unwrap().get().to_string();
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let args = [("max_results", "100"), ("exclude", "retweets"), ("tweet.fields", "public_metrics")];
        let posts = Self::data(&client, "/2/users/12/tweets", &args).await["data"].take();
        let posts = posts.as_array().unwrap();
        let most = |metrics: &[&str]| {
            let sum =
                |post: &Json| metrics.iter().map(|name| post["public_metrics"][*name].as_u64().unwrap()).sum::<u64>();
            text(&posts.iter().max_by_key(|post| sum(post)).unwrap()["id"])
        };
        let list = client.call("POST", "/1.1/lists/create.json").form("name", "recorded").await.unwrap().data;
        let id = text(&list["id_str"]);
        for (path, name, value) in [
            ("/1.1/lists/members/create_all.json", "screen_name", "robin,ada"),
            ("/1.1/lists/subscribers/create.json", "owner_screen_name", "ada"),
        ] {
            client.call("POST", path).form("list_id", id.as_str()).form(name, value).await.unwrap();
        }
        let body = json!({"list_id": id});
        client.call("POST", &format!("/2/users/{me}/pinned_lists")).json(body).await.unwrap();
        for (path, body) in [
            ("muting", json!({"target_user_id": "12"})),
            ("bookmarks", json!({"tweet_id": posts[0]["id"]})),
            ("likes", json!({"tweet_id": most(&["like_count"])})),
        ] {
            client.call("POST", &format!("/2/users/{me}/{path}")).json(body).await.unwrap();
        }
        let search = client.call("POST", "/1.1/saved_searches/create.json").form("query", "birds").await.unwrap().data;
        let job =
            client.call("POST", "/2/compliance/jobs").json(json!({"type": "tweets"})).as_app().await.unwrap().data;
        let args = [("query", "birds"), ("space.fields", "creator_id")];
        let spaces = Self::data(&client, "/2/spaces/search", &args).await;
        let places = Self::data(&client, "/1.1/geo/search.json", &[("query", "a")]).await;
        Self {
            post: text(&posts[0]["id"]),
            liked: most(&["like_count", "retweet_count", "quote_count"]),
            quoted: most(&["quote_count"]),
            reposted: most(&["retweet_count"]),
            space: text(&spaces["data"][0]["id"]),
            creator: text(&spaces["data"][0]["creator_id"]),
            place: text(&places["result"]["places"][0]["id"]),
            job: text(&job["data"]["id"]),
            search: text(&search["id_str"]),
            number: 0,
            client,
            me,
            list,
        }
    }

    fn list_id(&self) -> &str {
        self.list["id_str"].as_str().unwrap()
    }

    /// Path of a recorded request with IDs of this world.
    fn path(&self, recorded: &str) -> String {
        let mut path = recorded.replace("{username}", "robin");
        for (before, id) in [
            ("/geo/id/", &self.place),
            ("/jobs/", &self.job),
            ("/saved_searches/show/", &self.search),
            ("/dm_conversations/with/", &"12".to_owned()),
            ("/lists/", &self.list_id().to_owned()),
        ] {
            if let Some((start, rest)) = path.split_once(before)
                && path.starts_with(if before == "/lists/" { "/2/" } else { "/" })
                && rest.starts_with(['{', '1'])
            {
                let end = rest.find(['/', '.']).unwrap_or(rest.len());
                path = format!("{start}{before}{id}{}", &rest[end..]);
            }
        }
        if path.starts_with("/2/spaces/1") {
            path = format!("/2/spaces/{}", self.space);
        }
        if let Some(rest) = path.strip_prefix("/2/dm_conversations/7") {
            let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
            path = format!("/2/dm_conversations/12-{}/{rest}", self.me);
        }
        let own = [
            "bookmarks",
            "muting",
            "pinned_lists",
            "reverse_chronological",
            "followed_lists",
            "likes",
            "following",
            "retweets",
        ];
        let is_write_or_own = own.iter().any(|name| path.ends_with(name)) && !path.ends_with("liked_tweets");
        let user = if is_write_or_own { self.me.as_str() } else { "12" };
        path = path.replacen("/users/{id}", &format!("/users/{user}"), 1);
        let post = match () {
            () if path.ends_with("quote_tweets") => &self.quoted,
            () if path.ends_with("retweeted_by") => &self.reposted,
            () if path.ends_with("liking_users") || path.contains("/retweets/") => &self.liked,
            () => &self.post,
        };
        path.replace("{id}", post)
    }

    fn value(&self, name: &str) -> String {
        let number = self.number;
        match name {
            "screen_name" | "target_screen_name" => "robin".to_owned(),
            "owner_screen_name" | "source_screen_name" => "ada".to_owned(),
            "slug" => self.list["slug"].as_str().unwrap().to_owned(),
            "user_id" | "recipient_id" => "12".to_owned(),
            "id" => self.liked.clone(),
            "ids" => format!("{},{}", self.post, self.liked),
            "usernames" => "robin,ada".to_owned(),
            "user_ids" => format!("{},12", self.creator),
            "cursor" => "-1".to_owned(),
            "query" => "the".to_owned(),
            "q" => "robin".to_owned(),
            "count" => "10".to_owned(),
            "max_id" => self.post.clone(),
            "type" => "tweets".to_owned(),
            "lat" => "38.72".to_owned(),
            "long" => "-9.14".to_owned(),
            "url" => format!("https://twitter.com/robin/status/{}", self.post),
            "profile_link_color" => "1DA1F2".to_owned(),
            "name" => "San".to_owned(),
            _ => format!("recorded {number}"),
        }
    }

    async fn posted(&mut self) -> String {
        self.number += 1;
        let text = format!("recorded {}", self.number);
        let body = json!({"text": text});
        let data = self.client.call("POST", "/2/tweets").json(body).await.unwrap().data;
        data["data"]["id"].as_str().unwrap().to_owned()
    }

    /// The request of a recorded read.
    fn read(&self, exchange: &Json) -> RawCall {
        let path = exchange["path"].as_str().unwrap();
        let needs_app = ["compliance", "search/all", "counts", "/spaces"].iter().any(|part| path.contains(part));
        let mut call = self.client.call("GET", &self.path(path));
        for name in exchange["query"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            let value = match (path, name) {
                (_, name) if exchange["asked"].get(name).is_some() => {
                    exchange["asked"][name].as_str().unwrap().to_owned()
                }
                ("/2/spaces", "ids") => self.space.clone(),
                ("/2/spaces/search", _) => "birds".to_owned(),
                ("/1.1/lists/subscribers/show.json", "screen_name") => "ada".to_owned(),
                _ => self.value(name),
            };
            call = call.query(name, value);
        }
        for (name, value) in exchange["asked"].as_object().into_iter().flatten() {
            call = call.query(name, value.as_str().unwrap());
        }
        if needs_app && path.starts_with("/2/") { call.as_app() } else { call.as_user() }
    }

    /// The request of a recorded write.
    async fn write(&mut self, exchange: &Json) -> RawCall {
        self.number += 1;
        let (method, path) = (exchange["method"].as_str().unwrap(), exchange["path"].as_str().unwrap());
        if path.starts_with("/1.1/") {
            self.write_v1(exchange, method, path).await
        } else {
            self.write_v2(exchange, method, path).await
        }
    }

    async fn write_v2(&mut self, exchange: &Json, method: &str, path: &str) -> RawCall {
        let last = path.rsplit('/').find(|part| !part.starts_with('{')).unwrap_or_default();
        let me = self.me.clone();
        let whose = match last {
            "muting" | "following" => "12".to_owned(),
            "followed_lists" | "pinned_lists" => self.list_id().to_owned(),
            _ => self.liked.clone(),
        };
        let mut target = self.path(path);
        if method == "DELETE" {
            target = match (path.matches("{id}").count(), last) {
                (2, "members") => format!("/2/lists/{}/members/12", self.list_id()),
                (2, _) => format!("/2/users/{me}/{last}/{whose}"),
                (_, "tweets") => format!("/2/tweets/{}", self.posted().await),
                _ => target,
            };
            if path == "/2/lists/{id}" {
                let body = json!({"name": "short"});
                let made = self.client.call("POST", "/2/lists").json(body).await.unwrap().data;
                target = format!("/2/lists/{}", made["data"]["id"].as_str().unwrap());
            }
            return self.client.call(method, &target).as_user();
        }
        let body = match last {
            "tweets" if !exchange["answer"]["keys"]["data"]["keys"]["community_id"].is_null() => {
                let communities = Self::data(&self.client, "/2/communities/search", &[("query", "a")]).await;
                json!({"text": format!("recorded {}", self.number), "community_id": communities["data"][0]["id"]})
            }
            "tweets" | "messages" => json!({"text": format!("recorded {}", self.number)}),
            "lists" => json!({"name": "recorded"}),
            "members" => json!({"user_id": "12"}),
            "likes" | "retweets" | "bookmarks" => json!({"tweet_id": whose}),
            "muting" | "following" => json!({"target_user_id": whose}),
            "followed_lists" | "pinned_lists" => json!({"list_id": whose}),
            "jobs" => return self.client.call(method, path).json(json!({"type": "tweets"})).as_app(),
            "dm_conversations" => json!({
                "conversation_type": "Group", "participant_ids": ["12", me], "message": {"text": "recorded"},
            }),
            "hidden" => {
                let parent = self.posted().await;
                let reply =
                    json!({"text": format!("reply {}", self.number), "reply": {"in_reply_to_tweet_id": parent}});
                let reply = self.client.call("POST", "/2/tweets").json(reply).await.unwrap().data;
                target = format!("/2/tweets/{}/hidden", reply["data"]["id"].as_str().unwrap());
                json!({"hidden": true})
            }
            _ => json!({}),
        };
        self.client.call(method, &target).json(body).as_user()
    }

    async fn write_v1(&mut self, exchange: &Json, method: &str, path: &str) -> RawCall {
        let mut args: Vec<(String, String)> = Vec::new();
        let mut target = path.to_owned();
        match path {
            "/1.1/media/upload.json" => {
                args = self.upload(exchange["status"].as_u64().unwrap()).await;
            }
            "/1.1/account/update_profile_banner.json" => args.push(("banner".to_owned(), PNG.to_owned())),
            "/1.1/statuses/update_with_media.json" => {
                args.push(("status".to_owned(), format!("recorded {}", self.number)));
                args.push(("media[]".to_owned(), PNG.to_owned()));
            }
            "/1.1/direct_messages/events/new.json" => {
                let event = json!({"event": {"type": "message_create", "message_create": {
                    "target": {"recipient_id": self.me}, "message_data": {"text": "recorded"},
                }}});
                return self.client.call(method, path).json(event).as_user();
            }
            "/1.1/direct_messages/events/destroy.json" => {
                let sent = json!({"text": "recorded"});
                let sent =
                    self.client.call("POST", "/2/dm_conversations/with/12/messages").json(sent).await.unwrap().data;
                let id = sent["data"]["dm_event_id"].as_str().unwrap().to_owned();
                return self.client.call(method, path).query("id", id).as_user();
            }
            "/1.1/statuses/destroy/{id}.json" => target = path.replace("{id}", &self.posted().await),
            "/1.1/saved_searches/destroy/{id}.json" => {
                let query = format!("recorded {}", self.number);
                let made = self.client.call("POST", "/1.1/saved_searches/create.json").form("query", query).await;
                target = path.replace("{id}", made.unwrap().data["id_str"].as_str().unwrap());
            }
            "/1.1/statuses/retweet/{id}.json" | "/1.1/statuses/unretweet/{id}.json" => {
                let other = path.contains("/retweet/");
                target = path.replace("{id}", if other { &self.post } else { &self.liked });
            }
            "/1.1/favorites/create.json" => args.push(("id".to_owned(), self.post.clone())),
            "/1.1/favorites/destroy.json" => args.push(("id".to_owned(), self.post.clone())),
            _ => {}
        }
        let named = exchange["query"].as_array().into_iter().flatten().filter_map(Json::as_str);
        for name in named.map(str::to_owned).collect::<Vec<_>>() {
            let value = match name.as_str() {
                "name" => "Ada Finch".to_owned(),
                "url" => "https://example.com/ada".to_owned(),
                "query" => format!("recorded {}", self.number),
                other => self.value(other),
            };
            if !args.iter().any(|(known, _)| *known == name) {
                args.push((name, value));
            }
        }
        let call = self.client.call(method, &target);
        args.into_iter().fold(call, |call, (name, value)| call.form(&name, value)).as_user()
    }

    /// Arguments of the step of an upload that has this status.
    async fn upload(&mut self, status: u64) -> Vec<(String, String)> {
        let own = |args: &[(&str, &str)]| {
            args.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        // The head of a video: the box `ftyp` alone.
        let (video, size) = ("AAAADGZ0eXBpc29t", "12");
        let begin = [("command", "INIT"), ("total_bytes", size), ("media_type", "video/mp4")];
        if status == 200 {
            return own(&[("media_data", PNG)]);
        }
        if status == 202 {
            return own(&begin);
        }
        let step = |args: &[(&str, &str)]| {
            let call = self.client.call("POST", "/1.1/media/upload.json");
            args.iter().fold(call, |call, (name, value)| call.form(name, *value)).raw()
        };
        let begun: Json = serde_json::from_slice(&step(&begin).await.unwrap().body).unwrap();
        let id = begun["media_id_string"].as_str().unwrap();
        let append = [("command", "APPEND"), ("media_id", id), ("segment_index", "0"), ("media_data", video)];
        if status == 204 {
            return own(&append);
        }
        step(&append).await.unwrap();
        own(&[("command", "FINALIZE"), ("media_id", id)])
    }
}

/// Content type without blanks and case.
fn plain(content_type: &str) -> String {
    content_type.replace(' ', "").to_lowercase()
}

async fn compare(shapes: &[Json], known: &[Json]) -> Vec<String> {
    let sandbox = Sandbox::builder().posts(4_000).fixed_keys().start().unwrap();
    let client = client_in_sandbox_time(&sandbox, HttpBuilder::default(), sandbox.credentials().unwrap());
    let mut world = World::new(client).await;
    let mut nouns = Nouns::default();
    let v1 = known.iter().filter(|exchange| exchange["path"].as_str().is_some_and(|path| path.starts_with("/1.1/")));
    v1.for_each(|exchange| nouns.collect(&exchange["answer"]));
    let mut differences = Differences::default();
    // Writes change what reads find.
    let is_write = |exchange: &&Json| exchange["method"] != "GET";
    let mut ordered: Vec<&Json> = shapes.iter().collect();
    ordered.sort_by_key(is_write);
    for exchange in ordered {
        let (method, path) = (exchange["method"].as_str().unwrap(), exchange["path"].as_str().unwrap());
        let call = if method == "GET" { world.read(exchange) } else { world.write(exchange).await };
        let name = format!("{method} {path} ({})", exchange["case"].as_str().unwrap_or_default());
        let is_v1 = path.starts_with("/1.1/");
        let mut comparison = Comparison { nouns: &nouns, is_v1, exchange: &name, differences: &mut differences };
        // Some endpoints allow one call per second.
        sandbox.clock().advance(std::time::Duration::from_secs(2));
        let response = match call.raw().await {
            Ok(response) => response,
            Err(error) => {
                comparison.differ(format!("no response: {error}"), path);
                continue;
            }
        };
        if u64::from(response.status.as_u16()) != exchange["status"].as_u64().unwrap() {
            comparison.differ(format!("status {}, recorded {}", response.status, exchange["status"]), path);
            continue;
        }
        let header = |name: &str| response.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let recorded = |name: &str| exchange["headers"][name].as_str();
        if let Some(recorded) = recorded("content-type")
            && plain(recorded) != plain(header("content-type"))
        {
            comparison.differ(format!("content type {}, recorded {recorded}", header("content-type")), path);
        }
        for name in HEADERS.iter().filter(|name| recorded(name).is_some() && header(name).is_empty()) {
            comparison.differ("header missing", &format!("{path} {name}"));
        }
        if let Ok(body) = serde_json::from_slice::<Json>(&response.body)
            && exchange["answer"].is_object()
        {
            let area = if is_v1 { path.trim_end_matches(".json").replace("/{id}", "") } else { "v2".to_owned() };
            comparison.compare(&exchange["answer"], &[&body], &area);
        }
    }
    let is_explained = |(kind, place): &(String, String)| {
        EXPLAINED.iter().any(|(known, end, _)| kind.starts_with(known) && place.ends_with(end))
    };
    let unexplained = differences.iter().filter(|(difference, _)| !is_explained(difference));
    unexplained.map(|((kind, place), exchange)| format!("{kind}: {place}, first in {exchange}")).collect()
}

fn exchanges(text: &str) -> Vec<Json> {
    let mut file: Json = serde_json::from_str(text).unwrap();
    file["exchanges"].as_array_mut().map(std::mem::take).unwrap()
}

#[tokio::test]
async fn responses_have_the_recorded_shapes() {
    let mut shapes = exchanges(FIXTURE);
    let file = std::env::var(SHAPES).unwrap_or_else(|_| SHAPES_NEARBY.to_owned());
    match std::fs::read_to_string(&file) {
        Ok(text) => shapes.extend(exchanges(&text)),
        Err(error) => {
            let text = format!("SKIPPED: only the fixture is compared, since {SHAPES} names no file: {error}");
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }
    let unexplained = compare(&shapes, &shapes).await;
    let count = shapes.len();
    assert!(
        unexplained.is_empty(),
        "{} differences in {count} exchanges:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
}

#[tokio::test]
async fn a_wrong_shape_is_noticed() {
    let mut shapes = exchanges(FIXTURE);
    shapes[0]["answer"]["keys"]["data"]["keys"]["imaginary"] = json!({"n": 1, "types": {"string": 1}});
    let unexplained = compare(&shapes[..1], &shapes).await;
    assert_eq!(unexplained.len(), 1, "{unexplained:?}");
    assert!(unexplained[0].contains("key missing: v2.data.imaginary"), "{unexplained:?}");
}
