//! The routes of Python Twitter Tools: the request that `client.route` and `client.call` make of each.

use serde_json::json;

use crate::wire::Ground;

/// The request of a row in `parity/ptt.tsv`, which `peers.rs` compares with that of the library itself.
fn request(row: &str) -> &'static str {
    let lines = include_str!("../parity/ptt.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
    lines.into_iter().find(|cells| cells[0] == row).unwrap_or_else(|| panic!("{row} is not in the table"))[2]
}

#[tokio::test]
async fn routes_send_the_requests_of_python_twitter_tools() {
    let g = Ground::new().await;
    let c = &g.client;
    let list = c.v1().new_list("Gulls").await.unwrap().data.id.to_string();
    g.wire.take();
    g.replace(&list, "LIST");
    g.replace(&format!("custom-{list}"), "custom-LIST");
    let me = g.me.as_str();
    let get = |path: &str| c.call("GET", path);
    let event = json!({"event": {"type": "message_create", "message_create": {"target": {"recipient_id": "12"}, "message_data": {"text": "psst"}}}});
    for (row, call, line, found) in [
        (
            "ptt.ex.v2_search_recent",
            get("/2/tweets/search/recent").arg("query", "rust"),
            request("ptt.ex.v2_search_recent"),
            ("/data/0/id", "*"),
        ),
        (
            "ptt.ex.v2_by_username",
            get("/2/users/by/username/_username").arg("_username", "robin"),
            request("ptt.ex.v2_by_username"),
            ("/data/id", "12"),
        ),
        (
            "ptt.ex.v2_user_tweets",
            get("/2/users/_id/tweets").arg("_id", 12),
            request("ptt.ex.v2_user_tweets"),
            ("/data/0/id", "*"),
        ),
        (
            "ptt.ex.v2_users_id",
            get("/2/users").arg("id", 12),
            request("ptt.ex.v2_users_id"),
            ("/data/username", "robin"),
        ),
        (
            "ptt.ex.v2_muting_post",
            c.call("POST", "/2/users/_id/muting").arg("_id", me).json(json!({"target_user_id": "12"})),
            request("ptt.ex.v2_muting_post"),
            ("/data/muting", "true"),
        ),
        (
            "ptt.ex.v2_muting_get",
            get("/2/users/_id/muting").arg("_id", me),
            request("ptt.ex.v2_muting_get"),
            ("/data/0/id", "12"),
        ),
        ("ptt.ex.v2_users_me", get("/2/users/me").as_user(), request("ptt.ex.v2_users_me"), ("/data/id", "ME")),
        (
            "ptt.ex.v2_tweet",
            get("/2/tweets").arg("id", 20).arg("tweet.fields", "created_at,author_id").arg("expansions", "author_id"),
            request("ptt.ex.v2_tweet"),
            ("/includes/users/0/id", "12"),
        ),
        (
            "ptt.call.params",
            get("/2/tweets").arg("id", 20).arg("tweet.fields", "created_at,author_id"),
            request("ptt.call.params"),
            ("/data/author_id", "12"),
        ),
        (
            "ptt.ex.v2_rules_get",
            get("/2/tweets/search/stream/rules").as_app(),
            request("ptt.ex.v2_rules_get"),
            ("/meta/result_count", "0"),
        ),
        ("ptt.ex.search", c.route("search/tweets").arg("q", "rust"), request("ptt.ex.search"), ("/statuses/0/id", "*")),
        (
            "ptt.ex.search_extended",
            c.route("search/tweets").arg("q", "rust").arg("tweet_mode", "extended"),
            request("ptt.ex.search_extended"),
            ("/statuses/0/full_text", "*"),
        ),
        (
            "ptt.ex.collections_show",
            c.route("collections/show").arg("_id", format!("custom-{list}")),
            request("ptt.ex.collections_show"),
            ("/response", "*"),
        ),
        (
            "ptt.ex.dm_new",
            c.route("direct_messages/events/new").json(event.clone()),
            request("ptt.ex.dm_new"),
            ("/event/id", "*"),
        ),
        (
            "ptt.ex.home_timeline",
            c.route("statuses/home_timeline").arg("count", 5),
            request("ptt.ex.home_timeline"),
            ("/4/id", "*"),
        ),
        (
            "ptt.ex.user_timeline",
            c.route("statuses/user_timeline").arg("screen_name", "robin"),
            request("ptt.ex.user_timeline"),
            ("/0/user/id", "12"),
        ),
        ("ptt.ex.show", c.route("statuses/show").arg("id", 20), request("ptt.ex.show"), ("/id", "20")),
        (
            "ptt.ex.update",
            c.route("statuses/update").arg("status", "by route"),
            request("ptt.ex.update"),
            ("/text", "by route"),
        ),
        (
            "ptt.ex.lists_members",
            c.route("lists/members").arg("list_id", list.as_str()),
            request("ptt.ex.lists_members"),
            ("/users", "*"),
        ),
        (
            "ptt.ex.favorites_create",
            c.route("favorites/create").arg("_id", 20),
            request("ptt.ex.favorites_create"),
            ("/favorited", "true"),
        ),
        (
            "ptt.ex.users_show",
            c.route("users/show").arg("screen_name", "robin"),
            request("ptt.ex.users_show"),
            ("/id", "12"),
        ),
        (
            "ptt.ex.users_lookup",
            c.route("users/lookup").arg("screen_name", "ada,robin"),
            request("ptt.ex.users_lookup"),
            ("/1/id", "12"),
        ),
        (
            "twython.lookup_status",
            c.route("statuses/lookup").arg("_id", "20"),
            request("twython.lookup_status"),
            ("/0/id", "20"),
        ),
        (
            "ptt.ex.oembed",
            c.route("statuses/oembed").method("GET").arg("_id", 20),
            request("ptt.ex.oembed"),
            ("/html", "*"),
        ),
        ("ptt.twitter.opt.api_version", c.route("/2/users/12"), "GET /2/users/12", ("/data/id", "12")),
        (
            "ptt.twitter.opt.api_version",
            c.route("users/show").arg("user_id", 12),
            "GET /1.1/users/show.json user_id=12",
            ("/id", "12"),
        ),
        (
            "twython.opt.api_version",
            get("/1.1/users/show.json").arg("user_id", 12),
            "GET /1.1/users/show.json user_id=12",
            ("/id", "12"),
        ),
        ("twython.opt.api_version", get("/2/users/12"), "GET /2/users/12", ("/data/id", "12")),
        (
            "twython.request.version",
            c.route("users/show").arg("user_id", 12),
            "GET /1.1/users/show.json user_id=12",
            ("/id", "12"),
        ),
        ("twython.request.version", get("/2/users/12"), "GET /2/users/12", ("/data/id", "12")),
        (
            "twython.get",
            get("/1.1/users/show.json").arg("screen_name", "robin"),
            "GET /1.1/users/show.json screen_name=robin",
            ("/id", "12"),
        ),
        (
            "twython.post",
            c.call("POST", "/1.1/favorites/destroy.json").form("id", 20),
            "POST /1.1/favorites/destroy.json id=20",
            ("/favorited", "false"),
        ),
        (
            "twython.request",
            c.route("users/show").arg("screen_name", "robin"),
            "GET /1.1/users/show.json screen_name=robin",
            ("/id", "12"),
        ),
        (
            "twython.request.method",
            c.call("POST", "/1.1/users/lookup.json").arg("screen_name", "robin"),
            "POST /1.1/users/lookup.json screen_name=robin",
            ("/0/id", "12"),
        ),
        (
            "twython.request.params",
            c.route("search/tweets").arg("q", "rust").arg("count", 3),
            "GET /1.1/search/tweets.json count=3 q=rust",
            ("/statuses/2/id", "*"),
        ),
        (
            "twython.call.kwargs",
            c.route("users/show").arg("screen_name", "robin").arg("any_word", "kept"),
            "GET /1.1/users/show.json any_word=kept screen_name=robin",
            ("/id", "12"),
        ),
        (
            "ptt.call.kwargs",
            c.route("users/show").arg("screen_name", "robin").arg("any_word", "kept"),
            "GET /1.1/users/show.json any_word=kept screen_name=robin",
            ("/id", "12"),
        ),
        (
            "ptt.call.method_guess",
            c.route("lists/list").arg("screen_name", "ada"),
            request("ptt.call.method_guess"),
            ("/1/id", "LIST"),
        ),
    ] {
        g.sends(row, call.call().clone(), line, found).await;
    }
    let whole = c.call("GET", &format!("{}/1.1/users/show.json", g.wire.url())).arg("screen_name", "robin").await;
    let line = g.wire.only().line();
    shows!("twython.request.endpoint", {
        assert_eq!(
            (line.as_str(), whole.unwrap().data["id"].as_u64()),
            ("GET /1.1/users/show.json screen_name=robin", Some(12))
        );
    });
    let unknown = c.route("no/such/route").arg("x", 1).await.unwrap_err();
    let line = g.wire.only().line();
    shows!(
        "ptt.call.dynamic_route",
        assert_eq!((line.as_str(), unknown.status_code()), ("GET /1.1/no/such/route.json x=1", Some(404)))
    );
    part!({
        let timeline = c.route("statuses/user_timeline").arg("screen_name", "robin").await.unwrap();
        shows!(["ptt.response", "ptt.response.headers", "ptt.call.nested_result"], {
            assert_eq!(timeline.headers()["content-type"], "application/json;charset=utf-8");
            assert!(timeline.data.as_array().is_some_and(|all| all[0]["user"]["id"] == 12));
        });
    });
    g.wire.take();
    let picture = c.v1().upload_file(&b"\x89PNG"[..]).await.unwrap().data.media_id;
    g.wire.take();
    let expected =
        format!(r#"POST /1.1/media/metadata/create.json {{"alt_text":{{"text":"a heron"}},"media_id":"{picture}"}}"#);
    part!({
        c.v1().set_alt_text(picture, "a heron").await.unwrap();
        shows!("ptt.ex.metadata_short", assert_eq!(g.wire.only().line(), expected));
    });
    let body = json!({"media_id": picture.to_string(), "alt_text": {"text": "a heron"}});
    part!({
        c.route("media/metadata/create").json(body).await.unwrap();
        shows!("ptt.ex.metadata_json", assert_eq!(g.wire.only().line(), expected));
    });
    let shown = c.v1().update_with_file("look", &b"\x89PNG\r\n\x1a\n"[..]).await;
    let sent = g.wire.only();
    shows!("ptt.ex.update_with_media", {
        assert_eq!(sent.path, "/1.1/statuses/update_with_media.json");
        assert!(String::from_utf8_lossy(&sent.body).contains("name=\"media[]\""));
        assert!(shown.unwrap().data.extended_entities.is_some());
    });
    shows!(["ptt.twitter.opt.secure", "ptt.stream.opt.domain", "ptt.twitter.opt.domain"], {
        assert!(g.wire.url().starts_with("http://127.0.0.1:") && sent.header("host").starts_with("127.0.0.1:"));
    });
}
