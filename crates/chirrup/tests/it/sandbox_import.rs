//! Sandboxes with imported users and posts.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chirrup::{Client, HttpBuilder};
use chirrup_sandbox::Sandbox;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::common::{client, sandbox};
use crate::control_api::{control_in, send};

fn file(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn import(path: impl Into<PathBuf>) -> Sandbox {
    Sandbox::builder().without_rate_limits().fixed_keys().import(path).start().unwrap()
}

fn refusal(path: impl Into<PathBuf>) -> String {
    Sandbox::builder().import(path).start().unwrap_err().to_string()
}

async fn get(sandbox: &Sandbox, path: &str) -> Json {
    client(sandbox, sandbox.credentials().unwrap()).call("GET", path).await.unwrap().data
}

/// Every field of posts and users that does not depend on the caller, and the objects that posts refer to.
const FIELDS: &str = "tweet.fields=attachments,author_id,conversation_id,created_at,entities,geo,in_reply_to_user_id,lang,\
                      possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,text,note_tweet\
                      &expansions=author_id,attachments.media_keys,attachments.poll_ids,geo.place_id,\
                      in_reply_to_user_id,referenced_tweets.id,referenced_tweets.id.author_id\
                      &user.fields=created_at,description,entities,location,protected,public_metrics,url,verified\
                      &media.fields=alt_text,duration_ms,height,preview_image_url,type,url,variants,width\
                      &poll.fields=options,duration_minutes,end_datetime&place.fields=country,country_code,geo,name";

#[tokio::test]
async fn a_cassette_becomes_the_world_that_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let cassette = folder.path().join("session.yaml");
    let original = sandbox();
    let http = HttpBuilder::default().record(&cassette);
    let builder = Client::builder().http(http).credentials(original.app_only()).base_url(original.url());
    let recorder = builder.build().unwrap();
    let mut pages = Vec::new();
    for query in
        ["rust", "good has:media", "day has:geo", "good is:quote", "good is:reply", "is:retweet rust", "rust has:links"]
    {
        let path = format!("/2/tweets/search/recent?query={}&max_results=50&{FIELDS}", query.replace(' ', "%20"));
        pages.push(recorder.call("GET", &path).await.unwrap().data);
    }
    drop(recorder);
    let imported = import(&cassette);
    let counts = imported.imported().unwrap();
    assert!(counts.posts > 60 && counts.users > 10 && counts.media > 3 && counts.places > 0, "{counts:?}");
    pages.retain(|page| page["data"].is_array());
    assert!(pages.len() > 4);
    for page in &pages {
        let ids: Vec<&str> = page["data"].as_array().unwrap().iter().map(|post| post["id"].as_str().unwrap()).collect();
        let again = get(&imported, &format!("/2/tweets?ids={}&{FIELDS}", ids.join(","))).await;
        let sorted = |list: &Json| {
            let mut all: Vec<Json> = list.as_array().cloned().unwrap_or_default();
            for metrics in all.iter_mut().filter_map(|object| object["public_metrics"].as_object_mut()) {
                // It is derived from the number of followers.
                metrics.remove("listed_count");
            }
            all.sort_by_key(|object| object["id"].to_string() + &object["media_key"].to_string());
            all
        };
        // A look-up leaves out the posts of protected accounts.
        let protected: Vec<&Json> =
            again["errors"].as_array().into_iter().flatten().map(|e| &e["resource_id"]).collect();
        let visible: Vec<Json> =
            sorted(&page["data"]).into_iter().filter(|post| !protected.contains(&&post["id"])).collect();
        assert!(visible.len() * 2 > ids.len(), "{protected:?}");
        assert_eq!(sorted(&again["data"]), visible);
        for kind in ["users", "media", "places", "polls"] {
            let recorded = sorted(&page["includes"][kind]);
            for object in sorted(&again["includes"][kind]) {
                assert!(recorded.contains(&object), "{kind}: {object}");
            }
        }
    }
    // The posts are found by search and in timelines, too.
    let post = &pages[0]["data"][0];
    let author = post["author_id"].as_str().unwrap();
    let timeline = get(&imported, &format!("/2/users/{author}/tweets?max_results=100")).await;
    assert!(timeline["data"].as_array().unwrap().iter().any(|found| found["id"] == post["id"]), "{timeline}");
    let found = get(&imported, "/2/tweets/search/recent?query=rust&max_results=50").await;
    assert_eq!(found["data"][0]["id"], post["id"]);
}

#[tokio::test]
async fn a_cassette_of_vcr_py_is_read_compressed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let body = |id: u64| json!({"data": [{"id": id.to_string(), "text": "recorded"}], "meta": {"result_count": 1}});
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(body(31).to_string().as_bytes()).unwrap();
    let compressed = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, gzip.finish().unwrap());
    let yaml = format!(
        "interactions:\n- request:\n    body: null\n    headers: {{}}\n    method: GET\n    uri: https://api.twitter.com/2/x\n  \
         response:\n    body:\n      string: '{}'\n    status:\n      code: 200\n- request:\n    method: GET\n    \
         uri: https://api.twitter.com/2/y\n  response:\n    body:\n      string: !!binary |\n        {compressed}\n    \
         status:\n      code: 200\nversion: 1\n",
        body(30)
    );
    let sandbox = import(file(&folder, "vcr.yaml", yaml));
    let posts = get(&sandbox, "/2/tweets?ids=30,31&expansions=author_id").await;
    assert_eq!(posts["data"].as_array().unwrap().len(), 2, "{posts}");
    assert_eq!(posts["includes"]["users"][0]["username"], "unknown");
}

#[tokio::test]
async fn lines_of_twarc_and_of_streams_are_read_in_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let reply = json!({
        "id": "1600000000000000001", "author_id": "77", "lang": "en", "source": "Web",
        "text": "Fish &amp; <chips> https://t.co/aaa https://t.co/bbb",
        "entities": {"urls": [
            {"url": "https://t.co/aaa", "expanded_url": "https://example.com/menu"},
            {"url": "https://t.co/bbb", "expanded_url": "https://twitter.com/b/status/1600000000000000001/photo/1"},
        ]},
        "attachments": {"media_keys": ["3_99"]}, "public_metrics": {"like_count": 7, "retweet_count": 3},
        "referenced_tweets": [{"type": "replied_to", "id": "1500000000000000001"}],
    });
    let page = json!({
        "data": [reply], "includes": {"users": [{"id": "77", "username": "cook", "name": "The Cook"}]},
        "meta": {"result_count": 1}, "__twarc": {"version": "2.0"},
    });
    let streamed =
        json!({"data": {"id": "1600000000000000002", "text": "flat", "author_id": "78"}, "matching_rules": []});
    let item = json!({"id": "1600000000000000003", "text": "alone", "author_id": "77"});
    let status = json!({
        "id": 1600000000000000004_u64, "id_str": "1600000000000000004", "created_at": "Tue Dec 06 05:31:41 +0000 2022",
        "full_text": "@cook of v1 https://t.co/ccc", "source": "<a href=\"https://x.com\">Old client</a>", "lang": "en",
        "entities": {"urls": [{"url": "https://t.co/ccc", "expanded_url": "https://example.org/"}]},
        "user": {"id_str": "79", "screen_name": "old_timer", "name": "Old Timer", "followers_count": 5,
                 "friends_count": 6, "created_at": "Wed Mar 21 20:50:14 +0000 2007"},
        "in_reply_to_status_id_str": "1600000000000000001", "in_reply_to_user_id_str": "77",
        "favorite_count": 11, "retweet_count": 2,
        "extended_entities": {"media": [{"id_str": "500", "type": "video", "media_url_https": "https://pbs.twimg.com/v.jpg",
            "sizes": {"large": {"w": 10, "h": 20}}, "video_info": {"duration_millis": 900, "variants": [
                {"bitrate": 5, "content_type": "video/mp4", "url": "https://video.twimg.com/v.mp4"}]}}]},
    });
    // The writer of the file was stopped in its last line.
    let lines = format!("{page}\n{streamed}\n{item}\n{status}\n{{\"data\":{{\"id\":\"16000");
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(lines.as_bytes()).unwrap();
    for path in [file(&folder, "all.jsonl", &lines), file(&folder, "all.jsonl.gz", gzip.finish().unwrap())] {
        let sandbox = import(path);
        let ids = [1, 2, 3, 4].map(|n| format!("160000000000000000{n}")).join(",");
        let posts = get(&sandbox, &format!("/2/tweets?ids={ids}&{FIELDS}")).await;
        let post = |at: usize| &posts["data"][at];
        assert!(post(0)["text"].as_str().unwrap().starts_with("Fish &amp; &lt;chips&gt; https://t.co/"), "{posts}");
        assert_eq!(post(0)["entities"]["urls"][0]["expanded_url"], "https://example.com/menu");
        assert_eq!(post(0)["entities"]["urls"].as_array().unwrap().len(), 2);
        assert_eq!(post(0)["attachments"]["media_keys"], json!(["3_99"]));
        assert_eq!((&post(0)["public_metrics"]["like_count"], &post(0)["source"]), (&json!(7), &json!("Web")));
        assert_eq!(post(0)["public_metrics"]["reply_count"], 1);
        assert_eq!(posts["errors"][0]["resource_id"], "1500000000000000001");
        assert_eq!(
            (&post(3)["source"], &post(3)["created_at"]),
            (&json!("Old client"), &json!("2022-12-06T05:31:41.000Z"))
        );
        assert_eq!(post(3)["conversation_id"], "1500000000000000001");
        assert_eq!(posts["includes"]["media"][1]["variants"][0]["bit_rate"], 5);
        let names: Vec<&Json> = posts["includes"]["users"].as_array().unwrap().iter().map(|u| &u["username"]).collect();
        assert_eq!(names, ["cook", "u78", "old_timer"]);
        let old = get(&sandbox, "/2/users/by/username/old_timer?user.fields=public_metrics,created_at").await;
        assert_eq!(old["data"]["public_metrics"]["followers_count"], 5);
        let status = get(&sandbox, "/1.1/statuses/show.json?id=1600000000000000004&tweet_mode=extended").await;
        assert_eq!((&status["favorite_count"], &status["user"]["screen_name"]), (&json!(11), &json!("old_timer")));
    }
}

/// Files of an account archive, with the names that X gives them.
fn archive_files() -> Vec<(&'static str, Json)> {
    vec![
        (
            "account",
            json!([{"account": {"accountId": "4242", "username": "keeper", "accountDisplayName": "The Gardener",
                                         "createdAt": "2010-05-01T00:00:00.000Z"}}]),
        ),
        ("profile", json!([{"profile": {"description": {"bio": "Birds & bees", "location": "Kew", "website": ""}}}])),
        (
            "tweets",
            json!([{"tweet": {"id_str": "1400000000000000001", "full_text": "my first", "favorite_count": "3",
                                      "retweet_count": "1", "created_at": "Wed Jun 02 03:15:28 +0000 2021"}}]),
        ),
        ("tweets-part1", json!([{"tweet": {"id_str": "1400000000000000002", "full_text": "my second"}}])),
        ("like", json!([{"like": {"tweetId": "1300000000000000001", "fullText": "a liked one"}}])),
        ("follower", json!([{"follower": {"accountId": "51"}}, {"follower": {"accountId": "52"}}])),
        ("following", json!([{"following": {"accountId": "51"}}])),
        (
            "direct-messages",
            json!([{"dmConversation": {"conversationId": "51-4242", "messages": [
            {"messageCreate": {"id": "1450000000000000001", "senderId": "51", "recipientId": "4242", "text": "hello"}}]}}]),
        ),
        ("ad-engagements", json!([{"ad": {"text": "not read"}}])),
    ]
}

fn script((name, list): &(&str, Json)) -> String {
    format!("window.YTD.{}.part0 = {list}", name.replace('-', "_"))
}

async fn check_archive(sandbox: &Sandbox) {
    assert_eq!(sandbox.default_user().unwrap(), "keeper");
    let counts = sandbox.imported().unwrap();
    assert_eq!((counts.posts, counts.follows, counts.likes, counts.messages), (3, 3, 1, 1), "{counts:?}");
    let me = get(sandbox, "/2/users/me?user.fields=public_metrics,description,created_at,location").await;
    assert_eq!(me["data"]["username"], "keeper");
    assert_eq!((&me["data"]["description"], &me["data"]["location"]), (&json!("Birds & bees"), &json!("Kew")));
    assert_eq!(me["data"]["public_metrics"]["followers_count"], 2);
    let posts = get(sandbox, "/2/users/4242/tweets?tweet.fields=public_metrics").await;
    assert_eq!(posts["data"][1]["public_metrics"]["like_count"], 3, "{posts}");
    assert_eq!(get(sandbox, "/2/users/4242/following").await["data"][0]["id"], "51");
    let liked = get(sandbox, "/2/users/4242/liked_tweets?expansions=author_id").await;
    assert_eq!(
        (&liked["data"][0]["text"], &liked["includes"]["users"][0]["username"]),
        (&json!("a liked one"), &json!("unknown"))
    );
    let message = get(sandbox, "/2/dm_events/1450000000000000001?dm_event.fields=sender_id,dm_conversation_id").await;
    assert_eq!(
        (&message["data"]["text"], &message["data"]["dm_conversation_id"]),
        (&json!("hello"), &json!("51-4242"))
    );
}

#[tokio::test]
async fn an_account_archive_is_read_as_a_zip_file_or_as_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let unpacked = folder.path().join("twitter-2026");
    fs::create_dir_all(unpacked.join("data")).unwrap();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("archive.zip")).unwrap());
    for list in &archive_files() {
        let name = format!("data/{}.js", list.0);
        fs::write(unpacked.join(&name), script(list)).unwrap();
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(script(list).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    check_archive(&import(&unpacked)).await;
    check_archive(&import(folder.path().join("archive.zip"))).await;
}

#[tokio::test]
async fn tables_of_posts_and_users_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let posts = "id,text,author,created_at,like_count,in_reply_to_post_id\n\
                 1700000000000000000,\"A \"\"heron\"\" & a crane\nin two lines\",grace,,5,\n\
                 1700000000000000001,Reply,linus,,,1700000000000000000\n\
                 ,later,linus,2024-01-01T00:00:00Z,,\n";
    file(&folder, "posts.csv", posts);
    file(&folder, "users.csv", "id,username,name,followers_count,verified\n500,grace,Grace,12,true\n");
    // The columns of twarc-csv.
    let twarc = "id,conversation_id,referenced_tweets.quoted.id,author_id,text,public_metrics.like_count,author.id,\
                 author.username,author.name,author.public_metrics.followers_count,entities.urls\n\
                 1700000000000000009,1700000000000000009,1700000000000000000,900,See https://t.co/x,4,900,quoter,Q,8,\
                 \"[{\"\"url\"\":\"\"https://t.co/x\"\",\"\"expanded_url\"\":\"\"https://example.net/\"\"}]\"\n";
    file(&folder, "twarc.csv", twarc);
    let sandbox = import(folder.path());
    let ids = "1700000000000000000,1700000000000000001,1700000000000000009";
    let found = get(&sandbox, &format!("/2/tweets?ids={ids}&{FIELDS}")).await;
    assert_eq!(found["data"][0]["text"], "A \"heron\" &amp; a crane\nin two lines");
    assert_eq!(found["data"][1]["in_reply_to_user_id"], found["data"][0]["author_id"]);
    assert_eq!(found["data"][2]["entities"]["urls"][0]["expanded_url"], "https://example.net/");
    assert_eq!(found["data"][2]["referenced_tweets"], json!([{"type": "quoted", "id": "1700000000000000000"}]));
    let linus = get(&sandbox, "/2/users/by/username/linus").await;
    let later =
        get(&sandbox, &format!("/2/users/{}/tweets?tweet.fields=created_at", linus["data"]["id"].as_str().unwrap()))
            .await;
    assert_eq!(later["data"][0]["created_at"], "2024-01-01T00:00:00.000Z");
    let grace = get(&sandbox, "/2/users/by/username/grace?user.fields=public_metrics,verified").await;
    assert_eq!((&grace["data"]["name"], &grace["data"]["verified"]), (&json!("Grace"), &json!(true)));
    assert_eq!(grace["data"]["public_metrics"]["followers_count"], 12);
}

#[tokio::test]
async fn authors_in_a_table_are_found_by_the_names_that_they_have() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "1.csv", "id,username\n700,grace\n600,linus\n");
    // A later file gives a user another name, and the name to another user.
    file(&folder, "2.csv", "id,username\n600,torvalds\n500,Linus\n");
    file(&folder, "3.csv", "id,text,author\n21,one,@LINUS\n22,two,Torvalds\n23,three,new\n24,four,NEW\n");
    let sandbox = import(folder.path());
    let posts = get(&sandbox, "/2/tweets?ids=21,22,23,24&tweet.fields=author_id").await;
    let author = |at: usize| posts["data"][at]["author_id"].as_str().unwrap();
    assert_eq!((author(0), author(1)), ("500", "600"));
    assert_eq!(author(2), author(3));
    assert!(!["500", "600", "700"].contains(&author(2)));
}

#[tokio::test]
async fn every_world_of_the_sandbox_starts_with_the_imported_data() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "one.csv", "id,text,author\n1700000000000000000,only,grace\n");
    let sandbox = import(&path);
    let ada = client(&sandbox, sandbox.oauth1("ada").unwrap());
    let new = ada.create_post().text("new").await.unwrap().data.id;
    assert!(new.get() > 1_700_000_000_000_000_000);
    assert_eq!(control_in(&sandbox, "w", "GET", "state", &Json::Null).1["posts"], 1);
    send(&sandbox, "POST", "reset", &Json::Null);
    assert_eq!(control_in(&sandbox, "", "GET", "state", &Json::Null).1["posts"], 1);
    assert!(ada.get_post(new).await.is_err());
    assert_eq!(ada.get_post(1_700_000_000_000_000_000).await.unwrap().data.text, "only");
    drop((sandbox, ada));
    // A data file keeps them, and is not mixed with other data.
    let data = folder.path().join("world.db");
    let start = |import: Option<&Path>| {
        let builder = Sandbox::builder().fixed_keys().data_file(&data);
        import.into_iter().fold(builder, chirrup_sandbox::SandboxBuilder::import).start()
    };
    drop(start(Some(&path)).unwrap());
    let again = start(None).unwrap();
    assert_eq!(get(&again, "/2/tweets/1700000000000000000").await["data"]["text"], "only");
    drop(again);
    let refused = start(Some(&path)).unwrap_err().to_string();
    assert!(refused.contains("world.db") && refused.contains("already has a world"), "{refused}");
}

#[test]
fn unreadable_files_are_named_with_the_place_of_the_fault() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &[u8], &[&str]); 9] = [
        ("empty.jsonl", b"", &["empty.jsonl"]),
        ("none.json", b"{\"data\": []}", &["none.json", "no post or user found"]),
        ("broken.jsonl", b"{\"data\":[]}\n{\"data\":[}\n{}", &["broken.jsonl", "line 2"]),
        ("other.csv", b"a,b\n1,2\n", &["other.csv", "`text` or `username`"]),
        ("id.csv", b"id,text\n1,a\nx,b\n", &["id.csv", "line 3", "\"x\" is not a number"]),
        ("name.csv", b"username\nno blanks\n", &["name.csv", "line 2", "not a username"]),
        ("time.csv", b"text,created_at\nhi,tomorrow\n", &["time.csv", "line 2", "tomorrow"]),
        ("a.zip", b"PK\x03\x04 and no more", &["a.zip"]),
        ("x.db", b"SQLite format 3\0...", &["x.db", "chirrup archive export"]),
    ];
    for (name, content, expected) in cases {
        let refused = refusal(file(&folder, name, content));
        assert!(expected.iter().all(|part| refused.contains(part)), "{name}: {refused}");
    }
    assert!(refusal("/no/such/file").contains("/no/such/file"));
}
