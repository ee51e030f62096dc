//! Bot accounts of an app, which act through tokens of their own.

use chirrup::model::{BotDmPermission, UserField};
use chirrup::{Credentials, ErrorKind};
use chirrup_sandbox::NewApp;

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn the_token_of_a_new_bot_acts_as_the_bot() {
    let (sandbox, app) = sandbox_and_client();
    let created = app.create_bot("stork_bot").display_name("Stork").await.unwrap();
    assert_eq!(created.raw.status.as_u16(), 201);
    let bot = created.data;
    assert_eq!((bot.username.as_deref(), bot.name.as_deref()), (Some("stork_bot"), Some("Stork")));
    assert!(!format!("{bot:?}").contains(&bot.token), "a token is not printed");
    let acting = client(&sandbox, Credentials::oauth2(bot.token.as_str()));
    assert_eq!(acting.get_me().await.unwrap().data.id, bot.id);
    let sent = acting.send_dm(12).text("Hello from the nest").await.unwrap().data;
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert_eq!(robin.get_dm_event(sent.dm_event_id).await.unwrap().data.text.as_deref(), Some("Hello from the nest"));
    let post = acting.create_post().text("Bots have no scope for this").await.unwrap_err();
    assert_eq!(post.kind(), ErrorKind::Forbidden);
    let bots = app.get_bots().user_fields([UserField::CreatedAt]).await.unwrap();
    assert_eq!((bots.data[0].id, bots.data.len()), (bot.id, 1));
    assert!(bots.data[0].created_at.is_some());
}

#[tokio::test]
async fn a_new_token_replaces_the_old_one() {
    let (sandbox, app) = sandbox_and_client();
    let bot = app.create_bot("stork_bot").await.unwrap().data;
    let acts = async |token: &str| client(&sandbox, Credentials::oauth2(token)).get_me().await.map(|me| me.data.id);
    assert_eq!(acts(&bot.token).await.unwrap(), bot.id);
    let repeated = app.create_bot("stork_bot").display_name("Renamed").await.unwrap().data;
    assert_eq!((repeated.id, acts(&repeated.token).await.unwrap()), (bot.id, bot.id), "a repeated call finds the bot");
    assert_eq!(acts(&bot.token).await.unwrap_err().kind(), ErrorKind::Unauthorized);

    let rotated = app.rotate_bot_token(&bot).scopes(["dm.read"]).await.unwrap().data;
    assert_eq!(rotated.scopes.as_deref(), Some(&["dm.read".to_owned()][..]));
    assert_eq!(acts(&rotated.token).await.unwrap_err().kind(), ErrorKind::Forbidden, "it lacks tweet.read");
    assert_eq!(acts(&repeated.token).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    let wide = app.rotate_bot_token(&bot).scopes(["tweet.write"]).await.unwrap_err();
    assert_eq!(wide.kind(), ErrorKind::Invalid, "{wide}");

    assert!(app.revoke_bot_token(&bot).await.unwrap().data.revoked);
    assert_eq!(acts(&rotated.token).await.unwrap_err().kind(), ErrorKind::Unauthorized);
    let last = app.rotate_bot_token(&bot).await.unwrap().data;
    assert_eq!(acts(&last.token).await.unwrap(), bot.id, "a revoked bot gets a new token");
}

#[tokio::test]
async fn a_bot_is_updated_and_deleted() {
    let (sandbox, app) = sandbox_and_client();
    let bot = app.create_bot("stork_bot").await.unwrap().data;
    assert_eq!(app.create_bot("crane_bot").await.unwrap_err().kind(), ErrorKind::Forbidden, "a project has one bot");
    assert_eq!(app.update_bot(&bot).await.unwrap_err().kind(), ErrorKind::Invalid, "nothing to change");
    assert_eq!(
        app.update_bot(&bot).handle("robin").await.unwrap_err().kind(),
        ErrorKind::Invalid,
        "the ID belongs to a user"
    );
    let updated = app.update_bot(&bot).handle("heron_bot").dm_permission(BotDmPermission::NoOne).await.unwrap().data;
    assert!(updated.updated);
    let robin = client(&sandbox, sandbox.oauth1("robin").unwrap());
    assert_eq!(robin.get_user_by_name("heron_bot").await.unwrap().data.id, bot.id);
    assert_eq!(robin.send_dm(&bot).text("Hello?").await.unwrap_err().kind(), ErrorKind::Forbidden);
    app.update_bot(&bot).dm_permission(BotDmPermission::Everyone).await.unwrap();
    robin.send_dm(&bot).text("Hello!").await.unwrap();

    let other = sandbox.create_app(&NewApp::default()).unwrap();
    let other = client(&sandbox, Credentials::app_only(other.bearer_token));
    assert!(other.get_bots().await.unwrap().data.is_empty());
    assert!(other.delete_bot(&bot).await.is_err(), "it belongs to another app");

    assert!(app.delete_bot(&bot).await.unwrap().data.deleted);
    assert_eq!(robin.get_user_by_name("heron_bot").await.unwrap_err().kind(), ErrorKind::NotFound);
    let acting = client(&sandbox, Credentials::oauth2(bot.token.as_str()));
    assert_eq!(acting.get_me().await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert!(app.get_bots().await.unwrap().data.is_empty());
}
