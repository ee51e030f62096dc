//! The world of a new sandbox: what its visitors find in it.

use chirrup::Client;
use serde_json::Value as Json;

use crate::common::sandbox_and_client;

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
