//! Direct messages of v1.1, with welcome messages, quick replies and typing indicators.

use chirrup::ErrorKind;
use chirrup::model::v1::{NewMessage, QuickReply, WelcomeMessage};
use serde_json::json;

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn v1_messages_contain_quick_replies_buttons_and_media() {
    let (sandbox, client) = sandbox_and_client();
    let (v1, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let picture = v1.upload_file(&b"\x89PNG"[..]).await.unwrap().data.media_id;
    let choices =
        QuickReply::new().option_with("Yes", Some("I will"), Some("y")).option_with("No", Some("I will not"), None);
    let message = || NewMessage::text("Coming to #birds, @robin? https://example.com/x");
    let mut got = Vec::new();
    for message in [
        message(),
        message().quick_reply(choices),
        message().button("See the map", "https://example.com/map"),
        message().media(picture),
    ] {
        got.push(match v1.send(12, message).await {
            Ok(sent) => robin.message_event(sent.data.event.id.parse::<u64>().unwrap()).await.ok(),
            Err(_) => None,
        });
    }
    let got: Vec<_> = got.into_iter().map(|got| got.map(|got| got.data.event)).collect();
    let [plain, quick, buttons, pictured] = &got[..] else { panic!("four messages") };
    shows!(
        [
            "pytweet.quick_reply",
            "pytweet.quick_reply.options",
            "pytweet.user.send.quick_reply",
            "pytweet.dm.quick_reply",
            "pytweet.quick_reply.add_option",
            "pytweet.option"
        ],
        assert_eq!(
            quick.as_ref().and_then(|event| event.data()?.quick_reply.clone()).map(|reply| (
                reply.kind,
                reply.options.len(),
                reply.options[0].label.clone()
            )),
            Some(("options".to_owned(), 2, "Yes".to_owned()))
        )
    );
    shows!(["pytweet.user.send.cta", "pytweet.cta"], {
        let button = &buttons.as_ref().unwrap().data().unwrap().ctas.as_ref().unwrap()[0];
        assert_eq!((button.label.as_str(), button.url.is_empty()), ("See the map", false));
    });
    shows!("pytweet.user.send.file", {
        let data = pictured.as_ref().unwrap().data().unwrap();
        assert_eq!(data.attachment.as_ref().unwrap().media.as_ref().unwrap().id, picture);
    });
    let plain = plain.as_ref().unwrap();
    let entities = plain.data().unwrap().entities.as_ref().unwrap();
    shows!("pytweet.dm.hashtags", assert_eq!(entities.hashtags.as_ref().unwrap()[0].text, "birds"));
    shows!("pytweet.dm.mentions", assert_eq!(entities.user_mentions.as_ref().unwrap()[0].screen_name, "robin"));
    shows!(
        "pytweet.dm.urls",
        assert_eq!((entities.urls.as_ref().unwrap().len(), entities.symbols.as_ref().unwrap().len()), (1, 0))
    );
    shows_async!(
        "pytweet.dm.recipient",
        assert!((plain.recipient(), plain.sender()) == (Some(12.into()), Some(client.me().await.unwrap())))
    );
    part!({
        robin.mark_read(plain.id.parse::<u64>().unwrap(), client.me().await.unwrap()).await.unwrap();
    });
    part!({
        v1.indicate_typing(12).await.unwrap();
    });
    assert_eq!(v1.indicate_typing(7).await.unwrap_err().problems()[0].code, Some(108));
    assert_eq!(v1.send(7, "hello").await.unwrap_err().problems()[0].code, Some(108));
    let calls = sandbox.journal().len();
    let many = (0..21).fold(QuickReply::new(), |all, n| all.option(n.to_string()));
    let refused = v1.send(12, NewMessage::text("x").quick_reply(many)).await.unwrap_err();
    shows!(
        "pytweet.quick_reply.limit.count",
        assert_eq!(
            (refused.kind(), sandbox.journal().len()),
            (ErrorKind::Argument, calls),
            "nothing was sent: {refused}"
        )
    );
    assert!(refused.to_string().contains("21 quick reply options"));
}

#[tokio::test]
async fn v1_messages_are_paged_and_deleted_for_the_caller() {
    let (sandbox, client) = sandbox_and_client();
    let (v1, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let before = v1.message_events().count(50).items().collect().await.unwrap().len();
    for n in 0..7 {
        v1.send(12, format!("message {n}").as_str()).await.unwrap();
    }
    let all = v1.message_events().count(3).items().collect().await.unwrap();
    assert_eq!(all.len(), before + 7);
    assert_eq!(all[0].text(), "message 6", "the newest first");
    let id = all[0].id.parse::<u64>().unwrap();
    v1.destroy_message_event(id).await.unwrap();
    assert!(v1.message_event(id).await.is_err());
    assert_eq!(robin.message_event(id).await.unwrap().data.event.text(), "message 6");
    let raw = json!({"event": {"type": "message_create", "message_create": {
        "target": {"recipient_id": "12"}, "message_data": {"text": "by hand"},
    }}});
    let sent = client.call("POST", "/1.1/direct_messages/events/new.json").json(raw.clone()).await.unwrap().data;
    assert_eq!(sent["event"]["message_create"]["message_data"]["text"], "by hand");
    let typed = v1.new_message_event(raw["event"].clone()).await.unwrap().data.event;
    assert_eq!(typed.text(), "by hand");
    // Both APIs show the same messages.
    let new = client.dm_events_with(12).max_results(5).await.unwrap().data;
    assert!(new.iter().any(|event| event.text.as_deref() == Some("by hand")));
}

#[tokio::test]
async fn v1_messages_are_sent_with_a_custom_profile() {
    let g = crate::wire::Ground::new().await;
    let v1 = g.client.v1();
    let picture = v1.upload_file(&b"\x89PNG"[..]).await.unwrap().data.media_id;
    g.wire.take();
    let profile = v1.create_profile("Mail bot", picture).await;
    let sent = g.wire.only();
    shows!("pytweet.client.create_custom_profile", {
        let body = json!({"custom_profile": {"name": "Mail bot", "avatar": {"media": {"id": picture.to_string()}}}});
        assert_eq!((sent.path.as_str(), sent.json()), ("/1.1/custom_profiles/new.json", body));
    });
    let profile = profile.unwrap().data.custom_profile;
    shows!(["pytweet.custom_profile", "pytweet.custom_profile.created_at"], {
        assert_eq!((profile.name.as_deref(), profile.created_at().is_some()), (Some("Mail bot"), true));
    });
    part!({
        assert_eq!(v1.custom_profile(&profile.id).await.unwrap().data.custom_profile.id, profile.id);
        g.wire.take();
        let got = g.client.user(12).send(NewMessage::text("x").custom_profile(&profile.id)).await;
        let sent = g.wire.only().json();
        shows!("pytweet.user.send.custom_profile", {
            assert_eq!(sent["event"]["message_create"]["custom_profile_id"], profile.id.as_str());
            let event = got.unwrap().data.event;
            assert_eq!(event.message_create.unwrap().custom_profile_id.as_deref(), Some(profile.id.as_str()));
        });
    });
}

#[tokio::test]
async fn v1_welcome_messages_and_rules_are_created_and_deleted() {
    let (_sandbox, client) = sandbox_and_client();
    let v1 = client.v1();
    let choices = QuickReply::new().option("Help").option("Orders");
    let picture = v1.upload_file(&b"\x89PNG"[..]).await.unwrap().data.media_id;
    let message = || NewMessage::text("Hello! How can I help?");
    let first = json!({"welcome_message": {"name": "first", "message_data": {"text": "Hello! How can I help?"}}});
    let first = client.call("POST", "/1.1/direct_messages/welcome_messages/new.json").json(first).await.unwrap().data;
    let made: WelcomeMessage = serde_json::from_value(first["welcome_message"].clone()).unwrap();
    let quick = v1.create_welcome("quick", message().quick_reply(choices)).await;
    let pictured = v1.create_welcome("pictured", message().media(picture)).await;
    let buttons = v1.create_welcome("buttons", message().button("Site", "https://example.com")).await;
    part!({
        for extra in [&quick, &pictured, &buttons].into_iter().flatten() {
            client.welcome(&extra.data.welcome_message.id).delete().await.unwrap();
        }
        shows_async!(
            [
                "pytweet.client.create_welcome_message",
                "pytweet.client.create_welcome_message.name",
                "pytweet.welcome",
                "pytweet.welcome.created_at"
            ],
            {
                let made = v1.create_welcome("named", message()).await.unwrap().data.welcome_message;
                client.welcome(&made.id).delete().await.unwrap();
                assert!(made.name.as_deref() == Some("named") && made.created_at().is_some());
            }
        );
    });
    shows!(
        "pytweet.client.create_welcome_message.quick_reply",
        assert_eq!(quick.unwrap().data.welcome_message.message_data.unwrap().quick_reply.unwrap().options.len(), 2)
    );
    shows!("pytweet.client.create_welcome_message.file", {
        let said = pictured.unwrap().data.welcome_message.message_data.unwrap();
        assert_eq!(said.attachment.unwrap().media.unwrap().id, picture);
    });
    shows!("pytweet.client.create_welcome_message.cta", {
        let said = buttons.unwrap().data.welcome_message.message_data.unwrap();
        assert_eq!(said.ctas.unwrap()[0].label, "Site");
    });
    let handle = client.welcome(&made.id);
    let rule = handle.set_rule().await.unwrap().data.welcome_message_rule;
    shows!(["pytweet.welcome.set_rule", "pytweet.welcome_rule"], assert_eq!(rule.welcome_message_id, made.id));
    shows!("pytweet.welcome_rule.created_at", assert!(rule.created_at().is_some()));
    part!({
        assert!(v1.set_welcome(&made.id).await.is_err(), "only one rule exists at a time");
        let changed = handle.update("Good morning!").await.unwrap().data.welcome_message;
        shows!(
            "pytweet.welcome.update",
            assert_eq!(changed.message_data.unwrap().text.as_deref(), Some("Good morning!"))
        );
    });
    shows_async!(
        "pytweet.client.fetch_welcome_message",
        assert!(v1.welcome_message(&made.id).await.unwrap().data.welcome_message.id == made.id)
    );
    part!({
        assert_eq!(handle.get().await.unwrap().data.welcome_message.id, made.id);
        v1.create_welcome("second", "Another").await.unwrap();
        assert_eq!(v1.welcome_messages().count(1).items().collect().await.unwrap().len(), 2);
        shows_async!(
            "pytweet.client.fetch_welcome_message_rules",
            assert!(v1.welcome_rule(&rule.id).await.unwrap().data.welcome_message_rule.id == rule.id)
        );
    });
    part!({
        assert_eq!(client.welcome_rule(&rule.id).get().await.unwrap().data.welcome_message_rule.id, rule.id);
        assert_eq!(v1.welcome_rules().items().collect().await.unwrap().len(), 1);
        client.welcome_rule(&rule.id).delete().await.unwrap();
        shows_async!(
            "pytweet.welcome_rule.delete",
            assert!(v1.welcome_rules().await.unwrap().data.welcome_message_rules.is_none())
        );
    });
    part!({
        handle.delete().await.unwrap();
        shows_async!("pytweet.welcome.delete", assert!(handle.get().await.is_err()));
    });
    let typed = v1.new_welcome_message(json!({"name": "raw", "message_data": {"text": "x"}})).await.unwrap().data;
    let id = typed.welcome_message.id;
    v1.update_welcome_message(&id, json!({"text": "y"})).await.unwrap();
    let rule = v1.new_welcome_rule(json!({"welcome_message_id": id})).await.unwrap().data.welcome_message_rule.id;
    v1.destroy_welcome_rule(rule).await.unwrap();
    v1.destroy_welcome_message(id).await.unwrap();
    let bad = v1.new_custom_profile(json!({"name": "x", "avatar": {"media": {"id": "99"}}})).await.unwrap_err();
    assert_eq!(bad.problems()[0].code, Some(325));
}

#[tokio::test]
async fn v1_messages_have_the_form_before_events() {
    let (sandbox, client) = sandbox_and_client();
    let (v1, robin) = (client.v1(), client.with_credentials(sandbox.oauth1("robin").unwrap()).v1());
    let sent = v1.send_old_message("an old letter").screen_name("robin").await.unwrap().data;
    assert_eq!((sent.text.as_deref(), sent.recipient_screen_name.as_deref()), (Some("an old letter"), Some("robin")));
    assert!(sent.created_at.is_some() && sent.sender.is_some());
    assert_eq!(v1.sent_messages().count(5).await.unwrap().data[0].id, sent.id);
    assert_eq!(robin.received_messages().await.unwrap().data[0].id, sent.id);
    let again = robin.received_messages().count(1).items().collect().await.unwrap();
    assert!(!again.is_empty() && again.is_sorted_by(|a, b| a.id > b.id));
    assert_eq!(robin.old_message(sent.id).await.unwrap().data.text.as_deref(), Some("an old letter"));
    assert_eq!(v1.destroy_old_message(sent.id).await.unwrap().data.id, sent.id);
    assert!(v1.old_message(sent.id).await.is_err());
    let app = crate::v1_messages::client(&sandbox, sandbox.app_only()).v1();
    assert_eq!(app.sent_messages().await.unwrap_err().kind(), ErrorKind::Credentials);
}
