//! What the sandbox delivers as X does: links, escaped texts, times, dialects, forms of v1.1, uploads and jobs.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use chirrup::Client;
use chirrup_sandbox::Sandbox;
use serde_json::{Value as Json, json};

use crate::common::sandbox_and_client;

/// Sends a request with the bearer token of the app, and returns the response as it is sent.
fn exchange(url: &str, method: &str, body: &str) -> Vec<u8> {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let bearer = "Authorization: Bearer sandbox-app-bearer-token";
    let length = format!("Content-Length: {}", body.len());
    write!(
        stream,
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\n{bearer}\r\n{length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    response
}

/// Returns status and body of a picture.
fn get_bytes(sandbox: &Sandbox, path: &str) -> (u16, Vec<u8>) {
    let response = exchange(&format!("{}{path}", sandbox.url()), "GET", "");
    let head = response.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    let status = std::str::from_utf8(&response[9..12]).unwrap().parse().unwrap();
    (status, response[head + 4..].to_vec())
}

/// Sends a request with the bearer token of the app, and returns status, headers and body.
fn send(url: &str, method: &str, body: &str) -> (u16, String, String) {
    let response = String::from_utf8(exchange(url, method, body)).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
}

fn get(sandbox: &Sandbox, target: &str) -> (u16, Json) {
    let (status, _, body) = send(&format!("{}{target}", sandbox.url()), "GET", "");
    (status, serde_json::from_str(&body).unwrap_or_default())
}

async fn v1(client: &Client, method: &str, path: &str, args: &[(&str, &str)]) -> Json {
    let call = client.call(method, path).as_user();
    let call = args.iter().fold(
        call,
        |call, (name, value)| {
            if method == "GET" { call.query(name, *value) } else { call.form(name, *value) }
        },
    );
    call.await.unwrap().data
}

/// The part of a text that an entity covers.
fn covered(text: &str, entity: &Json) -> String {
    let place = |name: &str, at: usize| {
        usize::try_from(entity[name].as_u64().or(entity["indices"][at].as_u64()).unwrap()).unwrap()
    };
    let (start, end) = (place("start", 0), place("end", 1));
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn booleans_have_any_case() {
    let (sandbox, _) = sandbox_and_client();
    for dry_run in ["True", "true", "FALSE"] {
        let url = format!("{}/2/tweets/search/stream/rules?dry_run={dry_run}", sandbox.url());
        let (status, _, body) = send(&url, "POST", r#"{"add":[{"value":"cats"}]}"#);
        assert_eq!(status, 201, "{body}");
    }
}

#[test]
fn an_absent_post_has_no_data() {
    let (sandbox, _) = sandbox_and_client();
    let (status, body) = get(&sandbox, "/2/tweets/999");
    assert_eq!((status, body.get("data"), body["errors"][0]["resource_id"].as_str()), (200, None, Some("999")));
}

#[test]
fn counts_begin_with_the_first_post_of_twitter() {
    let (sandbox, _) = sandbox_and_client();
    let (mut token, mut total, mut pages) = (String::new(), 0, 0);
    let first = loop {
        let start = "/2/tweets/counts/all?query=from:robin&granularity=day&start_time=2006-03-21T00:00:00Z";
        let (status, body) = get(&sandbox, &format!("{start}{token}"));
        if status == 429 {
            sandbox.clock().advance(std::time::Duration::from_secs(2));
            continue;
        }
        assert_eq!(status, 200, "{body}");
        total += body["meta"]["total_tweet_count"].as_u64().unwrap();
        pages += 1;
        match body["meta"]["next_token"].as_str() {
            Some(next) => token = format!("&next_token={next}"),
            None => break body["data"][0]["start"].clone(),
        }
    };
    let (_, robin) = get(&sandbox, "/2/users/12?user.fields=public_metrics");
    assert_eq!(total, robin["data"]["public_metrics"]["tweet_count"].as_u64().unwrap());
    assert_eq!(first, "2006-03-21T00:00:00.000Z");
    assert!(pages > 200, "{pages} pages of 31 days");
    let window = "/2/tweets/counts/all?query=robin&granularity=day&start_time=2010-10-30T00:00:00Z&end_time=2010-11-10T00:00:00Z";
    assert_eq!(get(&sandbox, window).1["data"].as_array().unwrap().len(), 11);
}

#[tokio::test]
async fn links_are_short_and_texts_are_escaped() {
    let (sandbox, client) = sandbox_and_client();
    let text = "a < b & c > d #tag https://example.com/a?x=1&y=2 @robin";
    let created = client.create_post().text(text).await.unwrap().data;
    let fields = format!("/2/tweets/{}?tweet.fields=entities,created_at", created.id);
    let post = get(&sandbox, &fields).1["data"].clone();
    let delivered = post["text"].as_str().unwrap();
    let url = &post["entities"]["urls"][0];
    let short = url["url"].as_str().unwrap();
    assert!(delivered.starts_with("a &lt; b &amp; c &gt; d #tag https://t.co/"), "{delivered}");
    assert_eq!((created.text.as_str(), short.len(), covered(delivered, url)), (delivered, 23, short.to_owned()));
    assert_eq!(url["expanded_url"], "https://example.com/a?x=1&y=2");
    assert_eq!((&url["display_url"], &url["unwound_url"]), (&json!("example.com/a?x=1&y=2"), &url["expanded_url"]));
    assert_eq!(covered(delivered, &post["entities"]["hashtags"][0]), "#tag");
    assert_eq!(covered(delivered, &post["entities"]["mentions"][0]), "@robin");
    assert!(post["created_at"].as_str().unwrap().ends_with(".000Z"));
    let (status, head, _) = send(&short.replace("https:/", &sandbox.url()), "GET", "");
    assert_eq!((status, head.contains("location: https://example.com/a?x=1&y=2")), (301, true), "{head}");
    let old = v1(&client, "GET", "/1.1/statuses/show.json", &[("id", &created.id.to_string())]).await;
    assert_eq!((&old["text"], &old["entities"]["urls"][0]["url"]), (&post["text"], &url["url"]));
    assert_eq!(covered(delivered, &old["entities"]["user_mentions"][0]), "@robin");
}

#[tokio::test]
async fn quotes_and_media_leave_a_link_in_the_text() {
    let (sandbox, client) = sandbox_and_client();
    let quote = client.create_post().text("look").quote(20).await.unwrap().data;
    let (_, body) = get(&sandbox, &format!("/2/tweets/{}?tweet.fields=entities", quote.id));
    let url = &body["data"]["entities"]["urls"][0];
    assert_eq!(url["expanded_url"], "https://x.com/robin/status/20");
    assert_eq!(body["data"]["text"], format!("look {}", url["url"].as_str().unwrap()));
    let old = v1(&client, "GET", "/1.1/statuses/show.json", &[("id", &quote.id.to_string())]).await;
    assert_eq!(old["quoted_status_permalink"]["url"], url["url"]);
    let media = v1(&client, "POST", "/1.1/statuses/update.json", &[("status", "picture"), ("media_ids", "1,2")]).await;
    let text = media["text"].as_str().unwrap();
    for item in media["extended_entities"]["media"].as_array().unwrap() {
        assert_eq!(covered(text, item), item["url"].as_str().unwrap());
        assert_eq!(item["sizes"].as_object().unwrap().len(), 4);
    }
    assert!(text.starts_with("picture https://t.co/"), "{text}");
    let (status, head, _) = send(&text[8..].replace("https:/", &sandbox.url()), "GET", "");
    assert_eq!((status, head.contains("/photo/1")), (301, true), "{head}");
}

#[tokio::test]
async fn long_statuses_are_cut_without_the_extended_mode() {
    let (_sandbox, client) = sandbox_and_client();
    let long = "birds ".repeat(40);
    let id = client.create_post().text(long.trim()).await.unwrap().data.id.to_string();
    let cut = v1(&client, "GET", "/1.1/statuses/show.json", &[("id", &id)]).await;
    let text = cut["text"].as_str().unwrap();
    assert_eq!(cut["truncated"], true);
    assert!(text.chars().count() <= 140 && text.contains("… https://t.co/"), "{text}");
    assert_eq!(cut["entities"]["urls"][0]["expanded_url"], format!("https://x.com/i/web/status/{id}"));
    let whole = v1(&client, "GET", "/1.1/statuses/show.json", &[("id", &id), ("tweet_mode", "extended")]).await;
    assert_eq!((whole["full_text"].as_str(), &whole["truncated"]), (Some(long.trim()), &json!(false)));
}

#[test]
fn the_dialect_follows_the_request() {
    let (sandbox, _) = sandbox_and_client();
    for (query, name, host) in [
        ("user.fields=most_recent_tweet_id", "most_recent_tweet_id", "api.twitter.com"),
        ("user.fields=most_recent_post_id", "most_recent_post_id", "api.x.com"),
    ] {
        let (_, body) = get(&sandbox, &format!("/2/users?ids=12,999&{query}"));
        assert!(body["data"][0][name].is_string(), "{body}");
        assert_eq!(body["errors"][0]["type"], format!("https://{host}/2/problems/resource-not-found"));
    }
}

#[test]
fn the_default_dialect_is_a_setting() {
    let builder = Sandbox::builder().users(10).posts(20).fixed_keys();
    let sandbox = builder.dialect(chirrup::model::Dialect::Post).start().unwrap();
    let (_, body) = get(&sandbox, "/2/tweets/counts/recent?query=birds");
    assert!(body["meta"]["total_post_count"].is_u64() && body["data"][0]["post_count"].is_u64(), "{body}");
    let (_, missing) = get(&sandbox, "/2/tweets/999");
    assert!(missing["errors"][0]["type"].as_str().unwrap().starts_with("https://api.x.com/"), "{missing}");
}

#[tokio::test]
async fn v1_ignores_empty_parameters_and_clamps_counts() {
    let (sandbox, client) = sandbox_and_client();
    let empty = [("status", "nothing else"), ("media_ids", ""), ("place_id", ""), ("in_reply_to_status_id", "")];
    assert_eq!(v1(&client, "POST", "/1.1/statuses/update.json", &empty).await["text"], "nothing else");
    let (_, map) = get(&sandbox, "/1.1/statuses/lookup.json?id=20,999&map=True");
    assert_eq!((&map["id"]["20"]["id"], &map["id"]["999"]), (&json!(20), &Json::Null));
    let alt = json!({"media_id": 1, "alt_text": {"text": "a bird"}});
    assert_eq!(client.call("POST", "/1.1/media/metadata/create.json").json(alt).raw().await.unwrap().status, 200);
}

#[tokio::test]
async fn v1_objects_are_complete() {
    let (_sandbox, client) = sandbox_and_client();
    let user = v1(&client, "GET", "/1.1/users/show.json", &[("screen_name", "robin")]).await;
    for name in
        ["utc_offset", "lang", "notifications", "profile_background_color", "profile_image_url", "translator_type"]
    {
        assert!(user.get(name).is_some(), "{name}: {user}");
    }
    let itself = json!({"event": {"type": "message_create", "message_create": {
        "target": {"recipient_id": user["id"]}, "message_data": {"text": "a & b"},
    }}});
    let sent = client.call("POST", "/1.1/direct_messages/events/new.json").json(itself).await.unwrap().data;
    assert_eq!(sent["event"]["message_create"]["message_data"]["text"], "a &amp; b");
}

#[tokio::test]
async fn both_sides_of_a_friendship_show_what_they_know() {
    let (_sandbox, client) = sandbox_and_client();
    let friendship =
        v1(&client, "GET", "/1.1/friendships/show.json", &[("target_screen_name", "robin")]).await["relationship"]
            .take();
    let names = |side: &str| friendship[side].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let common =
        ["followed_by", "following", "following_received", "following_requested", "id", "id_str", "screen_name"];
    assert_eq!(names("target"), common);
    assert_eq!(names("source").len(), common.len() + 8);
    assert_eq!(friendship["source"]["all_replies"], false);
}

#[tokio::test]
async fn two_lists_of_one_name_have_different_slugs() {
    let (_sandbox, client) = sandbox_and_client();
    let mut slugs = Vec::new();
    for _ in 0..3 {
        let list = v1(&client, "POST", "/1.1/lists/create.json", &[("name", "The Same")]).await;
        let slug = list["slug"].as_str().unwrap().to_owned();
        assert!(list["uri"].as_str().unwrap().ends_with(&slug), "{list}");
        let args = [("slug", slug.as_str()), ("owner_screen_name", "ada")];
        assert_eq!(v1(&client, "GET", "/1.1/lists/show.json", &args).await["id"], list["id"], "{slug}");
        slugs.push(slug);
    }
    assert_eq!(slugs[0], "the-same");
    assert!(slugs[1].starts_with("the-same-") && slugs[1] != slugs[2], "{slugs:?}");
}

#[tokio::test]
async fn uploads_are_looked_at() {
    let (_sandbox, client) = sandbox_and_client();
    // The first 24 bytes of a PNG image.
    let args = [("media_data", "iVBORw0KGgoAAAANSUhEUgAABOQAAAJy")];
    let uploaded = v1(&client, "POST", "/1.1/media/upload.json", &args).await;
    assert_eq!(uploaded["image"], json!({"image_type": "image/png", "w": 1_252, "h": 626}));
}

#[test]
fn a_compliance_job_runs_to_its_end_on_the_sandbox() {
    let (sandbox, _) = sandbox_and_client();
    let url = format!("{}/2/compliance/jobs", sandbox.url());
    let job: Json = serde_json::from_str(&send(&url, "POST", r#"{"type":"tweets"}"#).2).unwrap();
    let address = |name: &str| job["data"][name].as_str().unwrap().to_owned();
    assert!(address("upload_url").starts_with(&sandbox.url()), "{job}");
    assert_eq!(send(&address("upload_url"), "PUT", "20\n999\n").0, 200);
    sandbox.clock().advance(std::time::Duration::from_secs(2));
    let (status, _, results) = send(&address("download_url"), "GET", "");
    assert_eq!((status, results.lines().count()), (200, 1), "{results}");
    assert_eq!(serde_json::from_str::<Json>(&results).unwrap()["id"], "999");
    assert_eq!(send(&format!("{}x", address("download_url")), "GET", "").0, 403);
}

#[tokio::test]
async fn headers_are_those_of_x() {
    let (sandbox, client) = sandbox_and_client();
    let (_, head, _) = send(&format!("{}/2/users/12", sandbox.url()), "GET", "");
    for line in [
        "strict-transport-security: max-age=631138519",
        "x-content-type-options: nosniff",
        "x-frame-options: sameorigin",
        "x-connection-hash: ",
        "set-cookie: guest_id=",
        "content-type: application/json; charset=utf-8",
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let old = client.call("GET", "/1.1/users/show.json").query("screen_name", "robin").raw().await.unwrap();
    let header = |name: &str| old.headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("application/json;charset=utf-8"));
    assert_eq!((header("status"), header("api-version")), (Some("200 OK"), None));
    let created = client.call("POST", "/2/tweets").json(json!({"text": "where"})).raw().await.unwrap();
    assert!(created.headers["location"].to_str().unwrap().starts_with("https://api.twitter.com/2/tweets/"));
}

#[test]
fn the_printed_access_token_has_one_dash() {
    let (sandbox, _) = sandbox_and_client();
    let environment = sandbox.environment().unwrap();
    let (_, token) = environment.iter().find(|(name, _)| *name == "X_ACCESS_TOKEN").unwrap();
    let (user, rest) = token.expose().split_once('-').unwrap();
    assert!(user.parse::<u64>().is_ok() && !rest.contains('-'));
}

#[test]
fn pictures_can_be_opened_under_the_paths_of_their_urls() {
    let sandbox = Sandbox::builder().users(60).posts(1_500).fixed_keys().start().unwrap();
    let query =
        "query=the%20has:media&expansions=attachments.media_keys&media.fields=url,preview_image_url,width,height";
    let (_, found) = get(&sandbox, &format!("/2/tweets/search/all?{query}"));
    let media = &found["includes"]["media"][0];
    assert!(media.is_object(), "{found}");
    let (_, robin) = get(&sandbox, "/2/users/12?user.fields=profile_image_url");
    let profile = robin["data"]["profile_image_url"].as_str().unwrap();
    let urls = [media["url"].as_str().or(media["preview_image_url"].as_str()).unwrap(), profile];
    for (url, side) in urls.iter().zip([media["width"].as_u64().unwrap(), 48]) {
        let path = url.strip_prefix("https://pbs.twimg.com").unwrap();
        let (status, file) = get_bytes(&sandbox, path);
        assert_eq!((status, &file[..2], &file[file.len() - 2..]), (200, &b"\xFF\xD8"[..], &b"\xFF\xD9"[..]), "{url}");
        let frame = file.windows(2).position(|marker| marker == b"\xFF\xC0").unwrap();
        let width = u64::from(u16::from_be_bytes([file[frame + 7], file[frame + 8]]));
        assert_eq!(width, side, "{url}");
    }
    assert_eq!(get_bytes(&sandbox, "/media/999999.jpg").0, 404, "no media file has this ID");
}
