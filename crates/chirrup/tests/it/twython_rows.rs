//! The methods of Twython: the request that each of them makes here, and its response.
//!
//! `parity/twython.tsv` has the call in Python and the request. `peers.rs` runs the calls with Twython itself.

use chirrup::model::Dialect;
use chirrup_sandbox::Fault;
use serde_json::{Value as Json, json};

use crate::wire::Ground;

const PLACE: &str = "01a9a39529b27f36";

/// The request of a row in `parity/twython.tsv`.
fn request(row: &str) -> &'static str {
    let lines = include_str!("../parity/twython.tsv").lines().map(|line| line.split('\t').collect::<Vec<_>>());
    lines.into_iter().find(|cells| cells[0] == row).unwrap_or_else(|| panic!("{row} is not in the table"))[2]
}

async fn sends<const N: usize>(g: &Ground, cases: [(&str, chirrup::Call, &str, &str); N]) {
    for (row, call, pointer, value) in cases {
        g.sends(row, call, request(row), (pointer, value)).await;
    }
}

fn text(json: &Json, pointer: &str) -> String {
    // What a failed row leaves does not end the rows after it.
    let value = json.pointer(pointer).unwrap_or(&Json::Null);
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn twython_methods_of_lists_send_these_requests() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    let row = "twython.create_list";
    let made = g.shows(row, v1.new_list("Gulls").mode("public"), request(row), ("/name", "Gulls")).await;
    let list = text(&made, "/id");
    g.replace(&list, "LIST");
    let l = list.as_str();
    #[rustfmt::skip]
    sends(&g, [
        ("twython.get_specific_list", v1.list().slug("gulls").owner_screen_name("ada").call().clone(), "/id", "LIST"),
        ("twython.add_list_member", v1.create_member().list_id(l).screen_name("robin").call().clone(), "/member_count", "1"),
        ("twython.create_list_members", v1.create_members().list_id(l).screen_names(["lena", "tomas"]).call().clone(), "/member_count", "3"),
        ("twython.get_list_members", v1.members().list_id(l).call().clone(), "/users/2/id", "12"),
        ("twython.is_list_member", v1.member().list_id(l).screen_name("robin").call().clone(), "/id", "12"),
        ("twython.get_list_memberships", v1.memberships().screen_name("robin").call().clone(), "/lists/0/id", "LIST"),
        ("twython.get_list_statuses", v1.list_statuses().list_id(l).call().clone(), "/0/id", "*"),
        ("twython.subscribe_to_list", v1.create_subscriber().list_id(l).call().clone(), "/following", "true"),
        ("twython.get_list_subscribers", v1.subscribers().list_id(l).call().clone(), "/users/0/id", "ME"),
        ("twython.is_list_subscriber", v1.subscriber().list_id(l).screen_name("ada").call().clone(), "/id", "ME"),
        ("twython.get_list_subscriptions", v1.subscriptions().screen_name("ada").call().clone(), "/lists/0/id", "LIST"),
        ("twython.show_lists", v1.lists().screen_name("ada").call().clone(), "/0/id", "LIST"),
        ("twython.show_owned_lists", v1.ownerships().screen_name("ada").call().clone(), "/lists/0/id", "LIST"),
        ("twython.unsubscribe_from_list", v1.destroy_subscriber().list_id(l).call().clone(), "/following", "false"),
        ("twython.delete_list_members", v1.destroy_members().list_id(l).screen_names(["lena", "tomas"]).call().clone(), "/member_count", "1"),
        ("twython.delete_list_member", v1.destroy_member().list_id(l).screen_name("robin").call().clone(), "/member_count", "0"),
        ("twython.update_list", v1.change_list().list_id(l).name("Terns").call().clone(), "/name", "Terns"),
        ("twython.delete_list", v1.destroy_list().list_id(l).call().clone(), "/id", "LIST"),
    ])
    .await;
}

#[tokio::test]
async fn twython_methods_of_statuses_send_these_requests() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    let row = "twython.update_status";
    let call = v1.update("pictures").media_ids([1_u64, 2]);
    let made = g.shows(row, call, request(row), ("/text", "*")).await;
    shows!(row, assert_eq!(made["extended_entities"]["media"].as_array().map(Vec::len), Some(2), "{made}"));
    let status = text(&made, "/id");
    g.replace(&status, "STATUS");
    #[rustfmt::skip]
    sends(&g, [
        ("twython.show_status", v1.show(20).call().clone(), "/id", "20"),
        ("twython.create_favorite", v1.create_favorite(20).call().clone(), "/favorited", "true"),
        ("twython.destroy_favorite", v1.destroy_favorite(20).call().clone(), "/favorited", "false"),
        ("twython.get_favorites", v1.favorites().screen_name("robin").call().clone(), "/0/id", "*"),
        ("twython.retweet", v1.retweet(20).call().clone(), "/retweeted_status/id", "20"),
        ("twython.get_retweets", v1.retweets(20).call().clone(), "/0/user/id", "ME"),
        ("twython.get_retweeters_ids", v1.retweeter_ids(20).call().clone(), "/ids/0", "ME"),
        ("twython.get_oembed_tweet", v1.oembed().id(20).omit_script(true).call().clone(), "/html", "*"),
        ("twython.get_home_timeline", v1.home_timeline().count(5).call().clone(), "/4/id", "*"),
        ("twython.get_user_timeline", v1.user_timeline().screen_name("robin").count(5).call().clone(), "/4/user/id", "12"),
        ("twython.get_mentions_timeline", v1.mentions_timeline().count(5).call().clone(), "", ""),
        ("twython.retweeted_of_me", v1.retweets_of_me().count(5).call().clone(), "", ""),
        ("twython.search", v1.search("rust").count(10).call().clone(), "/statuses/9/id", "*"),
        ("twython.destroy_status", v1.destroy(status.as_str()).call().clone(), "/id", "STATUS"),
    ])
    .await;
    let robin = g.client.with_credentials(g.sandbox.oauth1("robin").unwrap());
    let own = v1.update("mine").await.unwrap().data.id;
    robin.v1().retweet(own).await.unwrap();
    robin.v1().update("@ada look").await.unwrap();
    g.wire.take();
    g.replace(&own.to_string(), "OWN");
    #[rustfmt::skip]
    sends(&g, [
        ("twython.get_mentions_timeline", v1.mentions_timeline().count(5).call().clone(), "/0/text", "@ada look"),
        ("twython.retweeted_of_me", v1.retweets_of_me().count(5).call().clone(), "/0/id", "OWN"),
    ])
    .await;
}

#[tokio::test]
async fn twython_methods_of_users_send_these_requests() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    let slug = v1.suggestions().await.unwrap().data[0].slug.clone().unwrap();
    g.wire.take();
    g.replace(&slug, "SLUG");
    let robin = "robin";
    #[rustfmt::skip]
    sends(&g, [
        ("twython.show_user", v1.user_by_id().screen_name(robin).call().clone(), "/id", "12"),
        ("twython.lookup_user", v1.lookup_users().screen_names(["ada", robin]).call().clone(), "/1/id", "12"),
        ("twython.search_users", v1.find_users("Birds").call().clone(), "/0/id", "*"),
        ("twython.get_followers_ids", v1.follower_ids().screen_name(robin).call().clone(), "/ids/0", "*"),
        ("twython.get_followers_list", v1.follower_list().screen_name(robin).call().clone(), "/users/0/id", "*"),
        ("twython.get_friends_ids", v1.friend_ids().screen_name(robin).call().clone(), "/ids/0", "*"),
        ("twython.get_friends_list", v1.friend_list().screen_name(robin).call().clone(), "/users/0/id", "*"),
        ("twython.get_incoming_friendship_ids", v1.incoming_friendships().call().clone(), "/next_cursor", "0"),
        ("twython.get_outgoing_friendship_ids", v1.outgoing_friendships().call().clone(), "/next_cursor", "0"),
        ("twython.destroy_friendship", v1.destroy_friendship().screen_name(robin).call().clone(), "/following", "false"),
        ("twython.create_friendship", v1.create_friendship().screen_name(robin).call().clone(), "/following", "true"),
        ("twython.show_friendship", v1.friendship().source_screen_name("ada").target_screen_name(robin).call().clone(), "/relationship/source/following", "true"),
        ("twython.lookup_friendships", v1.relations().screen_names([robin]).call().clone(), "/0/connections/0", "following"),
        ("twython.update_friendship", v1.update_friendship().screen_name(robin).retweets(false).call().clone(), "/relationship/source/want_retweets", "false"),
        ("twython.get_user_ids_of_blocked_retweets", v1.no_retweet_ids().call().clone(), "/0", "12"),
        ("twython.create_mute", v1.create_mute().screen_name(robin).call().clone(), "/muting", "true"),
        ("twython.list_mute_ids", v1.mute_ids().call().clone(), "/ids/0", "12"),
        ("twython.list_mutes", v1.mutes().call().clone(), "/users/0/id", "12"),
        ("twython.destroy_mute", v1.destroy_mute().screen_name(robin).call().clone(), "/muting", "false"),
        ("twython.create_block", v1.create_block().screen_name(robin).call().clone(), "/blocking", "true"),
        ("twython.list_block_ids", v1.block_ids().call().clone(), "/ids/0", "12"),
        ("twython.list_blocks", v1.blocks().call().clone(), "/users/0/id", "12"),
        ("twython.destroy_block", v1.destroy_block().screen_name(robin).call().clone(), "/blocking", "false"),
        ("twython.report_spam", v1.report_spam().screen_name("mika").call().clone(), "/screen_name", "mika"),
        ("twython.get_contributees", v1.contributees().screen_name("ada").call().clone(), "", ""),
        ("twython.get_contributors", v1.contributors().screen_name("ada").call().clone(), "", ""),
        ("twython.get_user_suggestions", v1.suggestions().call().clone(), "/0/slug", "SLUG"),
        ("twython.get_user_suggestions_by_slug", v1.suggestions_of(slug.as_str()).call().clone(), "/users/0/id", "*"),
        ("twython.get_user_suggestions_statuses_by_slug", v1.suggested_members(slug.as_str()).call().clone(), "/0/id", "*"),
    ])
    .await;
}

#[tokio::test]
async fn twython_methods_of_the_account_send_these_requests() {
    part!({
        let g = Ground::new().await;
        let v1 = g.client.v1();
        let row = "twython.create_saved_search";
        let made = g.shows(row, v1.create_saved_search("heron"), request(row), ("/query", "heron")).await;
        let saved = text(&made, "/id");
        v1.update_profile_banner("").file((&b"\x89PNG a banner"[..]).into()).await.unwrap();
        g.wire.take();
        g.replace(&saved, "SAVED");
        let s = saved.as_str();
        #[rustfmt::skip]
    sends(&g, [
        ("twython.get_saved_searches", v1.saved_searches().call().clone(), "/0/id", "SAVED"),
        ("twython.show_saved_search", v1.saved_search(s).call().clone(), "/query", "heron"),
        ("twython.destroy_saved_search", v1.destroy_saved_search(s).call().clone(), "/id", "SAVED"),
        ("twython.verify_credentials", v1.verify_credentials().skip_status(true).call().clone(), "/id", "ME"),
        ("twython.get_account_settings", v1.settings().call().clone(), "/screen_name", "ada"),
        ("twython.update_account_settings", v1.update_settings().lang("ja").call().clone(), "/language", "ja"),
        ("twython.update_delivery_service", v1.update_delivery_device("none").call().clone(), "/device", "none"),
        ("twython.update_profile", v1.update_profile().name("Ada F.").location("Lisbon").call().clone(), "/name", "Ada F."),
        ("twython.update_profile_colors", v1.update_profile_colors().profile_link_color("FF0000").call().clone(), "/profile_link_color", "FF0000"),
        ("twython.get_profile_banner_sizes", v1.profile_banner().screen_name("ada").call().clone(), "/sizes/web/w", "520"),
        ("twython.remove_profile_banner", v1.remove_profile_banner().call().clone(), "", ""),
        ("twython.get_application_rate_limit_status", v1.rate_limit_status().resources(["search", "statuses"]).call().clone(), "/resources/search", "*"),
        ("twython.get_twitter_configuration", v1.configuration().call().clone(), "/short_url_length", "23"),
        ("twython.get_supported_languages", v1.languages().call().clone(), "/0/code", "*"),
        ("twython.get_privacy_policy", v1.privacy().call().clone(), "/privacy", "*"),
        ("twython.get_tos", v1.tos().call().clone(), "/tos", "*"),
    ])
    .await;
        let gone = v1.profile_banner().screen_name("ada").raw().await;
        shows!("twython.remove_profile_banner", assert!(gone.is_err()));
    });
}

#[tokio::test]
async fn twython_methods_of_places_and_messages_send_these_requests() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    g.replace(PLACE, "PLACE");
    let row = "twython.get_similar_places";
    let call = v1.similar_places("38.7", "-9.1", "Lisbon");
    let alike = g.shows(row, call, request(row), ("/result/places/0/name", "Lisbon")).await;
    let token = text(&alike, "/result/token");
    g.replace(&token, "TOKEN");
    let row = "twython.send_direct_message";
    let call = v1.send_old_message("a letter").screen_name("robin");
    let letter = text(&g.shows(row, call, request(row), ("/text", "a letter")).await, "/id");
    g.replace(&letter, "LETTER");
    let place: chirrup::model::PlaceId = PLACE.parse().unwrap();
    #[rustfmt::skip]
    sends(&g, [
        ("twython.get_geo_info", v1.place(PLACE).call().clone(), "/name", "Lisbon"),
        ("twython.reverse_geocode", v1.reverse_geocode("59.9", "10.7").call().clone(), "/result/places/0/name", "Oslo"),
        ("twython.search_geo", v1.search_geo().query("Osaka").call().clone(), "/result/places/0/name", "Osaka"),
        ("twython.create_place", v1.create_place("x", place, token.as_str(), "38.7", "-9.1").call().clone(), "/place_type", "poi"),
        ("twython.get_place_trends", v1.trends(1_u64).call().clone(), "/0/trends/0/name", "*"),
        ("twython.get_available_trends", v1.available_trends().call().clone(), "/0/woeid", "*"),
        ("twython.get_closest_trends", v1.closest_trends("60", "11").call().clone(), "/0/name", "Oslo"),
        ("twython.get_direct_message", v1.old_message(letter.as_str()).call().clone(), "/text", "a letter"),
        ("twython.get_sent_messages", v1.sent_messages().count(5).call().clone(), "/0/id", "LETTER"),
        ("twython.get_direct_messages", v1.received_messages().count(5).call().clone(), "/0/id", "*"),
        ("twython.destroy_direct_message", v1.destroy_old_message(letter.as_str()).call().clone(), "/id", "LETTER"),
    ])
    .await;
}

#[tokio::test]
async fn twython_methods_with_files_send_multipart_bodies() {
    part!({
        let g = Ground::new().await;
        let v1 = g.client.v1();
        let png = || (&b"\x89PNG\r\n\x1a\n and so on"[..]).into();
        #[rustfmt::skip]
    let cases = [
        (["twython.upload_media", "twython.params.file"], v1.upload_file(&b"\x89PNG\r\n\x1a\n and so on"[..]).call().clone(), "/1.1/media/upload.json", "media", "/media_id_string"),
        (["twython.update_profile_image", "twython.params.file"], v1.update_profile_image("").file(png()).call().clone(), "/1.1/account/update_profile_image.json", "image", "/profile_image_url_https"),
        (["twython.update_profile_background_image", "twython.params.file"], v1.update_profile_background_image().file(png()).call().clone(), "/1.1/account/update_profile_background_image.json", "image", "/screen_name"),
        (["twython.update_profile_banner_image", "twython.params.file"], v1.update_profile_banner("").file(png()).call().clone(), "/1.1/account/update_profile_banner.json", "banner", ""),
        (["twython.update_status_with_media", "twython.params.file"], v1.update_with_media("look", "").file(png()).call().clone(), "/1.1/statuses/update_with_media.json", "media[]", "/extended_entities/media/0/id"),
    ];
        for (rows, call, path, part, pointer) in cases {
            part!({
                let response = g.client.send(call).await.unwrap().1;
                let sent = g.wire.only();
                let json: Json = serde_json::from_slice(&response.body).unwrap_or_default();
                shows!(rows, {
                    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", path));
                    assert!(response.status.is_success() && json.pointer(pointer).is_some(), "{path}: {json}");
                    assert!(sent.header("content-type").starts_with("multipart/form-data; boundary="));
                    let body = String::from_utf8_lossy(&sent.body);
                    assert!(
                        body.contains(&format!("name=\"{part}\"")) && body.contains("PNG\r\n\u{1a}\n and so on"),
                        "{body}"
                    );
                });
            });
        }
    });
}

/// The first page of a method, which says that there is a second.
fn page(kind: &str) -> Json {
    let mut page = match kind {
        "ids" => json!({"ids": [901, 900]}),
        "users" => json!({"users": [{"id": 901, "screen_name": "a"}, {"id": 900, "screen_name": "b"}]}),
        "lists" => json!({"lists": [{"id": 901, "name": "a"}, {"id": 900, "name": "b"}]}),
        "statuses" => return json!([{"id": 901, "text": "a"}, {"id": 900, "text": "b"}]),
        "search" => {
            let statuses = json!([{"id": 901, "text": "a"}, {"id": 900, "text": "b"}]);
            return json!({"statuses": statuses, "search_metadata": {"next_results": "?max_id=899&q=the&count=2"}});
        }
        other => panic!("{other}"),
    };
    for (name, value) in [("next_cursor", 77), ("previous_cursor", 0)] {
        page[name] = value.into();
        page[format!("{name}_str")] = value.to_string().into();
    }
    page
}

#[tokio::test]
async fn twython_cursors_send_all_arguments_with_each_page() {
    let g = Ground::new().await;
    let v1 = g.client.v1();
    macro_rules! walks {
        ($($row:literal, $kind:literal, $call:expr;)+) => {$(part!({
            let body = page($kind).to_string().into_bytes();
            g.sandbox.inject_fault(Fault::Response { status: 200, content_type: "application/json", body });
            let mut pages = $call.pages();
            pages.next_page().await.unwrap().unwrap();
            let first = g.wire.only();
            let _ = pages.next_page().await;
            let second = g.wire.only();
            let mut expected = first.params();
            let next = if ["statuses", "search"].contains(&$kind) { ("max_id", "899") } else { ("cursor", "77") };
            expected.insert(next.0.to_owned(), next.1.to_owned());
            shows!(crate::v1_pagination::rows_of($row), {
                assert_eq!((&second.method, &second.path), (&first.method, &first.path));
                assert_eq!(second.params(), expected, "{}", $row);
            });
        });)+};
    }
    walks! {
        "twython.cursor.over.get_followers_ids", "ids", v1.follower_ids().screen_name("robin").count(2);
        "twython.cursor.over.get_followers_list", "users", v1.follower_list().screen_name("robin").skip_status(true);
        "twython.cursor.over.get_friends_ids", "ids", v1.friend_ids().screen_name("robin").count(2);
        "twython.cursor.over.get_friends_list", "users", v1.friend_list().screen_name("robin").count(2);
        "twython.cursor.over.get_incoming_friendship_ids", "ids", v1.incoming_friendships();
        "twython.cursor.over.get_outgoing_friendship_ids", "ids", v1.outgoing_friendships();
        "twython.cursor.over.get_list_members", "users", v1.members().list_id(7).count(2);
        "twython.cursor.over.get_list_subscribers", "users", v1.subscribers().list_id(7).count(2);
        "twython.cursor.over.get_list_memberships", "lists", v1.memberships().screen_name("robin").count(2);
        "twython.cursor.over.show_owned_lists", "lists", v1.ownerships().screen_name("ada").count(2);
        "twython.cursor.over.get_list_subscriptions", "lists", v1.subscriptions().screen_name("robin").count(2);
        "twython.cursor.over.get_retweeters_ids", "ids", v1.retweeter_ids(20).count(2);
        "twython.cursor.over.list_block_ids", "ids", v1.block_ids();
        "twython.cursor.over.list_blocks", "users", v1.blocks().skip_status(true);
        "twython.cursor.over.list_mute_ids", "ids", v1.mute_ids();
        "twython.cursor.over.list_mutes", "users", v1.mutes();
        "twython.cursor.over.get_home_timeline", "statuses", v1.home_timeline().count(2).exclude_replies(true);
        "twython.cursor.over.get_user_timeline", "statuses", v1.user_timeline().screen_name("robin").count(2);
        "twython.cursor.over.get_mentions_timeline", "statuses", v1.mentions_timeline().count(2);
        "twython.cursor.over.retweeted_of_me", "statuses", v1.retweets_of_me().count(2);
        "twython.cursor.over.get_list_statuses", "statuses", v1.list_statuses().list_id(7).count(2);
        "twython.cursor.over.get_favorites", "statuses", v1.favorites().screen_name("robin").count(2);
        "twython.cursor.over.search", "search", v1.search("the").count(2).lang("en");
        "twython.cursor.over.get_sent_messages", "statuses", v1.sent_messages().count(2);
        "twython.cursor.over.get_direct_messages", "statuses", v1.received_messages().count(2);
    }
}

/// Names of all arguments of each method, as X documents them.
const ARGUMENTS: &str = include_str!("../parity/twython_arguments.tsv");

#[test]
fn twython_methods_take_every_argument_of_their_endpoint() {
    for (row, names) in ARGUMENTS.lines().skip(1).filter_map(|line| line.split_once('\t')) {
        let mut words = request(row).split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let endpoint = chirrup::by_route(method, path).unwrap();
        let mut call = chirrup::Call::of(endpoint);
        for param in endpoint.params() {
            call.set(param.name, param.location, Ok("value".into()));
        }
        let sent = call.to_http(Dialect::Tweet).unwrap();
        let (_, query) = sent.target.split_once('?').unwrap_or_default();
        let body = String::from_utf8_lossy(&sent.body).into_owned();
        let members: Option<serde_json::Map<String, Json>> = serde_json::from_str(&body).ok();
        let form = if members.is_some() { "" } else { body.as_str() };
        let pairs = [query, form].into_iter().flat_map(|text| text.split('&')).filter_map(|pair| pair.split_once('='));
        let mut sent: Vec<_> =
            pairs.map(|(name, _)| name).chain(members.iter().flat_map(|all| all.keys().map(String::as_str))).collect();
        sent.sort_unstable();
        shows!(row, assert_eq!(sent.join(" "), names, "{row}"));
    }
}
