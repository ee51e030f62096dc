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
    assert_eq!(
        (folders.len(), folders[0].name.as_str(), folders[0].id),
        (2, "to read", folder.id),
        "a new world has one"
    );
    assert!(ada.bookmarks_in(folder.id).await.unwrap().data.is_empty());
    let robin = crate::common::client(&sandbox, sandbox.oauth1("robin").unwrap());
    let misfit = robin.create_bookmark_folder("mine").await.unwrap_err();
    assert_eq!(misfit.kind(), ErrorKind::Credentials, "X accepts only an OAuth 2.0 user token");
    assert_eq!(ada.bookmarks_in(7).await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn one_call_bookmarks_several_posts_in_a_folder() {
    let (_sandbox, ada) = sandbox_and_client();
    let first = ada.create_post().text("The first post to keep").await.unwrap().data.id;
    let second = ada.create_post().text("The second post to keep").await.unwrap().data.id;
    let folder = ada.create_bookmark_folder("to read").await.unwrap().data;
    let kept = ada.bookmark(first).further_posts([second, first]).folder_id(&folder).await.unwrap().data;
    let states: Vec<_> = kept.posts.iter().map(|post| (post.post_id, post.bookmarked)).collect();
    assert_eq!((kept.bookmarked, states), (true, vec![(first, true), (second, true)]));
    let inside = ada.bookmarks_in(&folder).await.unwrap().data;
    assert_eq!(inside.iter().map(|post| post.id).collect::<Vec<_>>(), [second, first]);
    ada.remove_bookmark(second).await.unwrap();
    let inside = ada.bookmarks_in(&folder).await.unwrap().data;
    assert_eq!(inside.iter().map(|post| post.id).collect::<Vec<_>>(), [first]);
    let bookmarks = ada.bookmarks().await.unwrap().data;
    assert!(bookmarks.iter().any(|post| post.id == first) && bookmarks.iter().all(|post| post.id != second));
    assert!(ada.bookmark(first).further_posts([7]).await.is_err(), "the other post does not exist");
    assert!(ada.bookmark(first).folder_id(7).await.is_err(), "the folder does not exist");
}
