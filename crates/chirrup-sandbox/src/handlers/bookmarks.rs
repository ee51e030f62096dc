//! Bookmarks and their folders.

use chirrup_api::v2::users::{Bookmark, BookmarkFolders, Bookmarks, BookmarksIn, CreateBookmarkFolder, RemoveBookmark};
use chirrup_model::{FolderId, PostId};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::world::{IdList, Relation};

pub(super) const HANDLERS: &[HandlerEntry] = &[
    (Bookmark::ENDPOINT, bookmark),
    (RemoveBookmark::ENDPOINT, remove_bookmark),
    (Bookmarks::ENDPOINT, bookmarks),
    (BookmarkFolders::ENDPOINT, bookmark_folders),
    (CreateBookmarkFolder::ENDPOINT, create_bookmark_folder),
    (BookmarksIn::ENDPOINT, bookmarks_in),
];

const FOLDER: DocumentKind = DocumentKind { resource: "bookmark folder", ..DocumentKind::whole("folder") };
const FOLDER_POST: DocumentKind = DocumentKind::whole("folder_post");

fn bookmark(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.add_relation(Relation::Bookmark, me, ctx.target_post()?)?;
    Ok((200, json!({"data": {"bookmarked": true}})))
}

fn remove_bookmark(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.world.remove_relation(Relation::Bookmark, me, ctx.param::<PostId>("tweet_id").get())?;
    Ok((200, json!({"data": {"bookmarked": false}})))
}

fn bookmarks(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.posts_list_page(IdList::Bookmarks, me)
}

fn bookmark_folders(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.documents_page(FOLDER, me, 100, |_| true)
}

fn create_bookmark_folder(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let id = ctx.new_id();
    let folder = json!({"id": id, "name": ctx.call.text("name")});
    ctx.world.put_document(FOLDER.name, &id, me, &folder)?;
    data_response(201, folder)
}

/// Posts in a folder. A new folder stays empty, since no endpoint of API v2 moves a bookmark into a folder.
fn bookmarks_in(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.find_own_document(FOLDER, me, "folder_id", ctx.text("folder_id"))?;
    ctx.documents_page(FOLDER_POST, ctx.param::<FolderId>("folder_id").get(), 100, |_| true)
}
