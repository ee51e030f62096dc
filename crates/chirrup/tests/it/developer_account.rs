//! The developer account of a user, and its credits.

use chirrup::{Cost, ErrorKind};

use crate::common::{client, sandbox_and_client};

#[tokio::test]
async fn a_developer_account_is_created_once() {
    let (sandbox, ada) = sandbox_and_client();
    let none = ada.get_developer_account().await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotFound, "{none}");
    let created = ada.ensure_developer_account().metadata("plan=free").await.unwrap().data;
    assert!(created.created);
    let again = ada.ensure_developer_account().await.unwrap().data;
    assert_eq!((again.created, &again.account_id), (false, &created.account_id));
    let account = ada.get_developer_account().await.unwrap().data;
    assert_eq!((account.account_id, account.name.is_empty()), (created.account_id, false));
    let robin = client(&sandbox, sandbox.oauth2("robin", &["developer.read"]).unwrap());
    assert_eq!(
        robin.get_developer_account().await.unwrap_err().kind(),
        ErrorKind::NotFound,
        "each user has an own one"
    );
    assert_eq!(robin.ensure_developer_account().await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn credits_fall_by_the_cost_of_each_call() {
    let (sandbox, ada) = sandbox_and_client();
    sandbox.set_credits(Some(Cost::from_micros(2_500_000)));
    let before = ada.get_credits().await.unwrap().data;
    assert_eq!((before.total_balance, before.prepaid_balance, before.free_balance), (2.5, 2.5, 0.0));
    assert!(before.free_grants.is_empty());
    ada.create_post().text("A post for one and a half cents").await.unwrap();
    assert_eq!(ada.get_credits().as_app().await.unwrap().data.total_balance, 2.485);
}
