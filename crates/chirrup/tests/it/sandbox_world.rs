//! The world of a new sandbox: what its visitors find in it.

use std::collections::BTreeSet;
use std::time::Duration;

use chirrup::Client;
use serde_json::{Value as Json, json};

use crate::common::sandbox_and_client;
use crate::live_streams::{next_text, until_live};

/// Returns the body of a read by `ada`.
async fn get(client: &Client, path: &str, args: &[(&str, &str)]) -> Json {
    let call = client.call("GET", path).as_user();
    args.iter().fold(call, |call, (name, value)| call.query(name, *value)).await.unwrap().data
}

/// Texts of this key in a list of objects.
fn texts<'j>(list: &'j Json, key: &str) -> Vec<&'j str> {
    list.as_array().unwrap().iter().map(|object| object[key].as_str().unwrap()).collect()
}

#[tokio::test]
async fn places_are_neighborhoods_cities_states_and_countries() {
    let (_sandbox, client) = sandbox_and_client();
    let dogpatch = get(&client, "/1.1/geo/id/1ffd3558f2e98349.json", &[]).await;
    assert_eq!(dogpatch["full_name"], "Dogpatch, San Francisco");
    let ring = dogpatch["bounding_box"]["coordinates"][0].as_array().unwrap();
    assert!(ring.len() == 5 && ring[0] == ring[4] && dogpatch["geometry"].is_null(), "{dogpatch}");
    assert_eq!(texts(&dogpatch["contained_within"], "full_name"), ["San Francisco, CA"]);

    let austin = [("lat", "30.2673701685"), ("long", "-97.7426147461")];
    let found = get(&client, "/1.1/geo/reverse_geocode.json", &austin).await;
    let names = ["Austin, TX", "Downtown, Austin", "Texas, USA", "United States"];
    assert_eq!(texts(&found["result"]["places"], "full_name"), names);
    assert!(found["query"]["url"].as_str().unwrap().ends_with("?lat=30.2673701685&long=-97.7426147461"), "{found}");
    let coarse = [austin[0], austin[1], ("granularity", "admin")];
    let found = get(&client, "/1.1/geo/reverse_geocode.json", &coarse).await;
    assert_eq!(texts(&found["result"]["places"], "full_name"), names[2..]);

    let market = [("lat", "37.78"), ("long", "-122.4"), ("name", "South of Market Child Care")];
    let found = get(&client, "/1.1/geo/similar_places.json", &market).await;
    assert_eq!(texts(&found["result"]["places"], "name"), ["South of Market", "South Beach"]);
    let inside = [("query", "South"), ("contained_within", "96683cc9126741d1")];
    let found = get(&client, "/1.1/geo/search.json", &inside).await;
    assert_eq!(found["result"]["places"].as_array().unwrap().len(), 2, "{found}");
}

#[tokio::test]
async fn the_rate_limit_status_has_all_families_of_x() {
    let (_sandbox, client) = sandbox_and_client();
    get(&client, "/1.1/users/show.json", &[("screen_name", "robin")]).await;
    let status = get(&client, "/1.1/application/rate_limit_status.json", &[]).await;
    let families = status["resources"].as_object().unwrap();
    assert!(families.len() >= 42, "{:?}", families.keys());
    assert_eq!(families["users"]["/users/show/:id"]["remaining"], 899);
    assert_eq!(families["users"]["/users/suggestions/:slug"]["limit"], 15);
    assert_eq!(families["geo"]["/geo/id/:place_id"]["limit"], 75);
    for (family, paths) in families {
        let of_family = |path: &String| path.split('/').nth(1) == Some(family);
        assert!(paths.as_object().unwrap().keys().all(of_family), "{family}: {paths}");
    }
    let some = get(&client, "/1.1/application/rate_limit_status.json", &[("resources", "media,guide")]).await;
    assert_eq!(some["resources"].as_object().unwrap().keys().collect::<Vec<_>>(), ["guide", "media"]);
}

#[tokio::test]
async fn a_new_link_color_turns_the_other_colors_black() {
    let (_sandbox, client) = sandbox_and_client();
    let call = client.call("POST", "/1.1/account/update_profile.json").as_user();
    let user = call.form("profile_link_color", "D0F900").await.unwrap().data;
    assert_eq!((&user["profile_link_color"], &user["profile_text_color"]), (&"D0F900".into(), &"000000".into()));
    assert_eq!(user["profile_background_color"], "000000");
}

#[tokio::test]
async fn the_world_has_posts_of_rare_kinds() {
    let (_sandbox, client) = sandbox_and_client();
    let fields = "note_tweet,withheld,possibly_sensitive,reply_settings,community_id,context_annotations,attachments";
    let (mut posts, mut errors) = (Vec::new(), Vec::new());
    let args = [("max_results", "100"), ("tweet.fields", fields), ("expansions", "referenced_tweets.id")];
    for user in std::iter::once(12).chain((0..60).map(|place| 2_244_994_900_u64 + place * 7_919)) {
        let mut token = None::<String>;
        for _ in 0..5 {
            let call = client.call("GET", &format!("/2/users/{user}/tweets")).as_app();
            let call = args.iter().fold(call, |call, (name, value)| call.query(name, *value));
            let call = token.iter().fold(call, |call, token| call.query("pagination_token", token.as_str()));
            let Ok(page) = call.await else { break };
            posts.extend(page.data["data"].as_array().cloned().unwrap_or_default());
            errors.extend(page.data["errors"].as_array().cloned().unwrap_or_default());
            token = page.data["meta"]["next_token"].as_str().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
    }
    let with = |is: &dyn Fn(&Json) -> bool| posts.iter().filter(|post| is(post)).count();
    let annotated = |post: &Json| post["context_annotations"][0]["domain"]["description"].is_string();
    assert!(with(&annotated) > posts.len() / 5, "{} of {}", with(&annotated), posts.len());
    let found = [
        ("long", with(&|post| post["note_tweet"]["text"].as_str().is_some_and(|text| text.len() > 400))),
        ("edited", with(&|post| post["edit_history_tweet_ids"].as_array().unwrap().len() == 2)),
        ("withheld", with(&|post| post["withheld"]["country_codes"].is_array())),
        ("sensitive", with(&|post| post["possibly_sensitive"] == true)),
        ("limited", with(&|post| post["reply_settings"] != "everyone")),
        ("in a community", with(&|post| post["community_id"].is_string())),
        ("reply to a deleted post", errors.iter().filter(|error| error["parameter"] == "referenced_tweets.id").count()),
    ];
    assert!(found.iter().all(|(_, count)| *count > 0), "{found:?}");
}

#[tokio::test]
async fn the_world_has_lists_bookmarks_and_buyers_of_tickets() {
    let (_sandbox, client) = sandbox_and_client();
    let me = client.me().await.unwrap();
    let of = |path: &str| format!("/2/users/{me}/{path}");
    let count = |body: &Json| body["data"].as_array().map_or(0, Vec::len);
    for path in ["followed_lists", "list_memberships", "bookmarks", "bookmarks/folders"] {
        let body = get(&client, &of(path), &[]).await;
        assert!(count(&body) > 0, "{path}: {body}");
    }
    let folder = get(&client, &of("bookmarks/folders"), &[]).await["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(count(&get(&client, &of(&format!("bookmarks/folders/{folder}")), &[]).await), 2);
    let lists = get(&client, "/2/users/12/owned_lists", &[("list.fields", "member_count,description")]).await;
    assert_eq!((&lists["data"][0]["name"], &lists["data"][0]["member_count"]), (&"Bird watchers".into(), &12.into()));
    assert_eq!(count(&lists), 1, "the other list is private: {lists}");
    let spaces = get(&client, "/2/spaces/by/creator_ids", &[("user_ids", &me.to_string())]).await;
    let space = spaces["data"][0]["id"].as_str().unwrap();
    assert_eq!(count(&get(&client, &format!("/2/spaces/{space}/buyers"), &[]).await), 3);
}

#[tokio::test]
async fn accounts_are_suspended_withheld_and_verified_in_several_ways() {
    let (_sandbox, client) = sandbox_and_client();
    let gone = get(&client, "/2/users/by/username/Seagull_Deals", &[]).await;
    assert_eq!(gone["errors"][0]["detail"], "User has been suspended: [Seagull_Deals].");
    assert_eq!(gone["errors"][0]["title"], "Forbidden");
    for path in ["tweets", "liked_tweets", "followers"] {
        let page = client.call("GET", &format!("/2/users/2244994901/{path}")).as_user().await.unwrap().data;
        assert_eq!(page["errors"][0]["title"], "Forbidden", "{path}: {page}");
    }
    let old = client.call("GET", "/1.1/users/show.json").query("user_id", "2244994901").as_user().await.unwrap_err();
    assert_eq!((old.status_code(), old.problems()[0].code), (Some(403), Some(63)));
    let args = [("max_results", "1000"), ("user.fields", "verified_type,withheld,profile_banner_url,protected")];
    let users = get(&client, "/2/users/12/followers", &args).await;
    let users = users["data"].as_array().unwrap();
    let protected = users.iter().find(|user| user["protected"] == true).unwrap()["id"].as_str().unwrap();
    for path in ["tweets", "followers", "following"] {
        let page = client.call("GET", &format!("/2/users/{protected}/{path}")).as_app().await.unwrap().data;
        assert_eq!(page["errors"][0]["title"], "Authorization Error", "{path}: {page}");
    }
    let kinds: BTreeSet<&str> = users.iter().filter_map(|user| user["verified_type"].as_str()).collect();
    assert!(kinds.len() >= 3, "{kinds:?}");
    let banners = users.iter().filter(|user| user["profile_banner_url"].is_string()).count();
    assert!(banners > users.len() / 2 && banners < users.len(), "{banners} of {}", users.len());
}

#[tokio::test]
async fn searches_counts_and_streams_leave_out_protected_posts() {
    let (sandbox, client) = sandbox_and_client();
    let args = [("max_results", "1000"), ("user.fields", "protected")];
    let users = get(&client, "/2/users/12/followers", &args).await;
    let protected = users["data"].as_array().unwrap().iter().find(|user| user["protected"] == true).unwrap();
    let app = crate::common::client(&sandbox, sandbox.app_only());
    app.update_rules().add_rules(json!([{"value": "quokka"}])).await.unwrap();
    let mut stream = app.filtered_stream().open();
    until_live(&mut stream).await;
    sandbox.write_post(protected["username"].as_str().unwrap(), "a quokka in hiding").unwrap();
    sandbox.write_post("robin", "a quokka in the open").unwrap();
    assert_eq!(next_text(&mut stream).await, "a quokka in the open");
    sandbox.clock().advance(Duration::from_secs(60));
    // The index decides the first query alone; the second one reads the posts.
    for query in ["quokka", "\"a quokka\""] {
        let found = get(&client, "/2/tweets/search/recent", &[("query", query)]).await;
        let texts: Vec<&Json> = found["data"].as_array().unwrap().iter().map(|post| &post["text"]).collect();
        assert_eq!(texts, ["a quokka in the open"], "{query}");
        let counts = app.call("GET", "/2/tweets/counts/recent").query("query", query).as_app().await.unwrap().data;
        assert_eq!(counts["meta"]["total_tweet_count"], 1, "{query}: {counts}");
    }
}

#[tokio::test]
async fn refusals_of_v1_have_the_codes_of_x() {
    let (_sandbox, client) = sandbox_and_client();
    for (method, path, name, value, status, code) in [
        ("GET", "/1.1/statuses/user_timeline.json", "screen_name", "not_there", 404, 34),
        ("GET", "/1.1/favorites/list.json", "screen_name", "not_there", 404, 34),
        ("GET", "/1.1/users/show.json", "screen_name", "not_there", 404, 50),
        ("GET", "/1.1/statuses/lookup.json", "map", "true", 403, 38),
        ("POST", "/1.1/friendships/create.json", "screen_name", "not_there", 403, 108),
    ] {
        let call = client.call(method, path).as_user();
        let call = if method == "GET" { call.query(name, value) } else { call.form(name, value) };
        let refusal = call.await.unwrap_err();
        assert_eq!((refusal.status_code(), refusal.problems()[0].code), (Some(status), Some(code)), "{path}");
    }
    let friends = get(&client, "/1.1/friends/list.json", &[]).await;
    assert_eq!(
        (&friends["users"][0]["live_following"], &friends["users"][0]["blocked_by"]),
        (&false.into(), &false.into())
    );
    let me = get(&client, "/1.1/users/show.json", &[("screen_name", "ada")]).await;
    assert!(me["profile_location"].is_null() && me["suspended"] == false, "{me}");
    let lists = get(&client, "/1.1/lists/memberships.json", &[]).await;
    assert!(lists.get("total_count").is_none() && lists["lists"][0]["id"].is_u64(), "{lists}");
}
