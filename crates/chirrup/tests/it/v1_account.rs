//! Account, places, trends, media and service information of v1.1.

use std::time::Duration;

use chirrup::model::v1::UploadedMedia;
use serde_json::json;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn v1_profile_can_be_updated() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let me = v1.verify_credentials().include_email(true).skip_status(true).await.unwrap();
    assert_eq!((me.data.screen_name.as_deref(), me.json()["email"].as_str()), (Some("ada"), Some("ada@example.com")));
    let changed =
        v1.update_profile().name("Ada F.").location("Lisbon").description("new").url("https://example.com/ada");
    let changed = changed.profile_link_color("FF0000").await.unwrap().data;
    assert_eq!((changed.name.as_deref(), changed.profile_link_color.as_deref()), (Some("Ada F."), Some("FF0000")));
    assert_eq!(client.get_me().await.unwrap().data.name, "Ada F.", "both APIs show the same world");
    let colors = v1.update_profile_colors().profile_background_color("00ff00").await.unwrap().data;
    assert_eq!(colors.profile_background_color.as_deref(), Some("00ff00"));
    assert_eq!(v1.update_profile_colors().profile_link_color("red").await.unwrap_err().problems()[0].code, Some(120));
    let before = colors.profile_image_url_https;
    let image = v1.update_profile_image("iVBORw0K").await.unwrap().data.profile_image_url_https;
    assert!(image.is_some() && image != before);
    let file =
        v1.update_profile_image("").file((&b"\x89PNG a file"[..]).into()).await.unwrap().data.profile_image_url_https;
    assert!(file.is_some() && file != image);
    v1.update_profile_background_image().image("iVBORw0K").tile(true).use_image(true).await.unwrap();
    assert!(v1.profile_banner().await.is_ok(), "a new world has one");
    v1.remove_profile_banner().await.unwrap();
    assert!(v1.profile_banner().await.is_err());
    v1.update_profile_banner("").file((&b"\x89PNG a banner"[..]).into()).width(1500).height(500).await.unwrap();
    let sizes = v1.profile_banner().screen_name("ada").await.unwrap().data.sizes;
    assert_eq!((sizes["web"].w, sizes["web_retina"].h), (520, 520));
    v1.remove_profile_banner().await.unwrap();
    assert!(v1.profile_banner().await.is_err());
}

#[tokio::test]
async fn v1_settings_saved_searches_and_help_endpoints_work() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    assert_eq!(v1.settings().await.unwrap().data.language.as_deref(), Some("en"));
    let settings = v1.update_settings();
    let changed = settings.lang("ja").sleep_time_enabled(true).start_sleep_time("23").trend_location_woeid(742_676_u64);
    let changed = changed.await.unwrap().data;
    assert_eq!((changed.language.as_deref(), changed.sleep_time.unwrap().enabled), (Some("ja"), Some(true)));
    assert_eq!(changed.trend_location.unwrap()[0].name, "Lisbon");
    assert_eq!(v1.settings().await.unwrap().data.language.as_deref(), Some("ja"));
    assert_eq!(v1.update_delivery_device("none").await.unwrap().data["device"], "none");
    let saved = v1.create_saved_search("heron has:images").await.unwrap().data;
    assert_eq!(saved.query.as_deref(), Some("heron has:images"));
    assert_eq!(v1.saved_searches().await.unwrap().data.len(), 1);
    assert_eq!(v1.saved_search(saved.id.to_string()).await.unwrap().data.id, saved.id);
    v1.destroy_saved_search(saved.id.to_string()).await.unwrap();
    assert!(v1.saved_searches().await.unwrap().data.is_empty());
    v1.search("rust").await.unwrap();
    let limits = v1.rate_limit_status().resources(["search", "statuses"]).await.unwrap().data.resources;
    let search = &limits["search"]["/search/tweets"];
    assert_eq!((search.limit, search.remaining, limits.len()), (180, 179, 2));
    assert_eq!(limits["statuses"]["/statuses/show/:id"].limit, 900);
    assert_eq!(v1.configuration().await.unwrap().data.dm_text_character_limit, Some(10_000));
    assert!(v1.languages().await.unwrap().data.iter().any(|language| language.code == "ja"));
    assert!(v1.privacy().await.unwrap().data.privacy.is_some() && v1.tos().await.unwrap().data.tos.is_some());
}

#[tokio::test]
async fn v1_places_and_trends_are_found() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let lisbon = v1.place("01a9a39529b27f36").await.unwrap().data;
    shows!(
        "pytweet.geo",
        assert_eq!((lisbon.name.as_deref(), lisbon.full_name.as_deref()), (Some("Lisbon"), Some("Lisbon, Portugal")))
    );
    shows!("pytweet.geo", assert!(lisbon.centroid.is_some()));
    part!({
        let near =
            v1.reverse_geocode(59.9, 10.7).granularity("city").max_results(2).await.unwrap().data.result.unwrap();
        assert_eq!((near.places[0].name.as_deref(), near.places[1].name.as_deref()), (Some("Oslo"), Some("Norway")));
        let named = v1.search_geo().query("osak").await.unwrap().data.result.unwrap().places;
        shows!(
            ["pytweet.geo.country_code", "pytweet.client.search_geo"],
            assert_eq!(named[0].country_code.as_deref(), Some("JP"))
        );
    });
    assert!(!v1.search_geo().ip("203.0.113.7").await.unwrap().data.result.unwrap().places.is_empty());
    assert!(
        !v1.search_geo()
            .lat(59.9)
            .long(10.7)
            .granularity("neighborhood")
            .await
            .unwrap()
            .data
            .result
            .unwrap()
            .places
            .is_empty()
    );
    assert_eq!(v1.search_geo().await.unwrap_err().problems()[0].code, Some(12));
    assert_eq!(v1.search_geo().lat(100.0).long(2.0).await.unwrap_err().problems()[0].code, Some(3));
    let alike = v1.similar_places(38.7, -9.1, "Lisbon").await.unwrap().data.result.unwrap();
    let token = alike.token.unwrap();
    let made = v1.create_place("Tiny café", lisbon.id.unwrap(), token, 38.7, -9.1).await.unwrap().data;
    assert_eq!((made.place_type.as_deref(), made.full_name.as_deref()), (Some("poi"), Some("Tiny café, Lisbon")));
    assert_eq!(v1.place(made.id.unwrap()).await.unwrap().data.name.as_deref(), Some("Tiny café"));
    let trends = v1.trends(1_u64).await.unwrap().data.remove(0);
    assert!(!trends.trends.is_empty() && trends.trends[0].name.starts_with('#') && trends.as_of.is_some());
    assert!(v1.trends(1_u64).exclude("hashtags").await.unwrap().data[0].trends.is_empty());
    assert!(v1.available_trends().await.unwrap().data.len() >= 5);
    assert_eq!(v1.closest_trends(60.0, 11.0).await.unwrap().data[0].name, "Oslo");
}

#[tokio::test]
async fn v1_media_are_uploaded_with_alt_text() {
    let (sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let at_once: UploadedMedia = v1.upload_file(&b"\x89PNG"[..]).await.unwrap().data;
    part!({
        assert_eq!(at_once.media_id_string.as_deref(), Some(at_once.media_id.to_string().as_str()));
        let encoded = v1.upload().media_data("iVBORw0K").media_category("tweet_image").await.unwrap().data;
        shows!("ptt.call._base64", assert!(encoded.image.is_some() && encoded.size == Some(6)));
    });
    part!({
        v1.set_alt_text(at_once.media_id, "a heron").await.unwrap();
        let written = v1.update("described").media_ids([at_once.media_id]).await.unwrap().data;
        let shown = v1.show(written.id).include_ext_alt_text(true).await.unwrap().data;
        shows!(
            ["ptt.ex.metadata_short", "ptt.ex.media_upload"],
            assert_eq!(shown.extended_entities.unwrap().media.unwrap()[0].ext_alt_text.as_deref(), Some("a heron"))
        );
    });
    let long = v1.set_alt_text(at_once.media_id, &"a".repeat(1_001)).await.unwrap_err();
    assert_eq!(long.status_code(), None, "a call that exceeds a limit is not sent");

    part!({
        let large = v1.upload().command("INIT").media_type("video/mp4").total_bytes(16_u64 << 20).await.unwrap_err();
        shows!("twython.upload_video.init", assert!(large.to_string().contains("15728640"), "{large}"));
    });
    part!({
        let video = vec![7_u8; 2_500_000];
        let begun = v1
            .upload()
            .command("INIT")
            .media_type("video/mp4")
            .total_bytes(video.len() as u64)
            .media_category("tweet_video");
        let id = begun.await.unwrap().data.media_id;
        part!({
            let early = v1.upload().command("FINALIZE").media_id(id).await.unwrap_err();
            assert_eq!(early.problems()[0].code, Some(324));
            for (index, part) in video.chunks(1 << 20).enumerate() {
                part!({
                    let append =
                        v1.upload().command("APPEND").media_id(id).segment_index(u32::try_from(index).unwrap());
                    let empty = append.file(part.to_vec().into()).raw().await.unwrap();
                    shows!(
                        ["twython.http_204", "twython.upload_video.append"],
                        assert_eq!(
                            (empty.status.as_u16(), empty.body.len()),
                            (204, 0),
                            "an empty response is not an error"
                        )
                    );
                });
            }
        });
        let ended = v1.upload().command("FINALIZE").media_id(id).await.unwrap().data;
        shows!(["twython.upload_video.finalize", "twython.upload_video.size"], assert_eq!(ended.size, Some(2_500_000)));
        part!({
            assert!(ended.processing_info.is_some());
            sandbox.clock().advance(Duration::from_secs(3));
            let status = v1.media_status("STATUS", id).await.unwrap().data.processing_info.unwrap();
            assert_eq!(status.state, Some(chirrup::model::ProcessingState::Succeeded));
            let words = v1.upload_file(&b"1\n00:00:00,000 --> 00:00:01,000\nhello\n"[..]).await.unwrap().data.media_id;
            v1.set_subtitles(id, words, "EN", "English").await.unwrap();
            let info = json!({"subtitles": [{"language_code": "EN"}]});
            v1.delete_subtitles(id.to_string(), "TweetVideo", info).await.unwrap();
            v1.create_subtitles(id.to_string(), "TweetVideo", json!({"subtitles": []})).await.unwrap();
            v1.create_media_metadata(id.to_string()).alt_text(json!({"text": "x"})).await.unwrap();
        });
    });
    assert_eq!(v1.media_status("STATUS", 99).await.unwrap_err().problems()[0].code, Some(325));
}
