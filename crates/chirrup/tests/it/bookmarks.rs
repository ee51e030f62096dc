//! Folders of bookmarks.

use chirrup::ErrorKind;

use crate::common::sandbox_and_client;

#[tokio::test]
async fn bookmarks_have_folders() {
    let (sandbox, _) = sandbox_and_client();
    let scopes = ["bookmark.read", "bookmark.write", "tweet.read", "users.read"];
    let ada = crate::common::client(&sandbox, sandbox.oauth2("ada", &scopes).unwrap());
    let folder = ada.create_bookmark_folder("to read").await.unwrap().data;
    let folders = ada.bookmark_folders().max_results(10).await.unwrap().data;
    assert_eq!((folders.len(), folders[0].name.as_str(), folders[0].id), (1, "to read", folder.id));
    assert!(ada.bookmarks_in(folder.id).await.unwrap().data.is_empty());
    let robin = crate::common::client(&sandbox, sandbox.oauth1("robin").unwrap());
    let misfit = robin.create_bookmark_folder("mine").await.unwrap_err();
    assert_eq!(misfit.kind(), ErrorKind::Credentials, "X takes a user's OAuth 2.0 token alone");
    assert_eq!(ada.bookmarks_in(7).await.unwrap_err().kind(), ErrorKind::Invalid);
}
