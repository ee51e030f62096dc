//! Bookmarks and their folders.

use chirrup_api::v2::users::{Bookmark, BookmarkFolders, Bookmarks, BookmarksIn, CreateBookmarkFolder, RemoveBookmark};
use chirrup_model::{FolderId, PostId};
use serde_json::json;

use super::context::{HandlerEntry, HandlerResult, RequestContext};
use super::documents::{DocumentKind, data_response};
use crate::response::api_error::ApiError;
use crate::response::json::str_of;
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
    let mut posts = vec![ctx.target_post()?];
    for id in ctx.call.list("tweet_ids") {
        match ctx.world.post(id.parse().unwrap_or_default())? {
            Some(post) if posts.contains(&post.id) => {}
            Some(post) => posts.push(post.id),
            None => return Err(ApiError::no_such_resource("tweet", "tweet_ids", id)),
        }
    }
    if let Some(folder) = ctx.call.text("folder_id") {
        ctx.find_own_document(FOLDER, me, "folder_id", folder)?;
        let owner = ctx.param::<FolderId>("folder_id").get();
        for post in &posts {
            let json = json!({"id": post.to_string()});
            ctx.world.put_document(FOLDER_POST.name, &folder_post_id(folder, *post), owner, &json)?;
        }
    }
    for post in &posts {
        ctx.world.add_relation(Relation::Bookmark, me, *post)?;
    }
    if ctx.call.get("tweet_ids").is_none() {
        return data_response(200, json!({"bookmarked": true}));
    }
    data_response(200, posts.iter().map(|post| json!({"tweet_id": post.to_string(), "bookmarked": true})).collect())
}

fn remove_bookmark(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    let post = ctx.param::<PostId>("tweet_id").get();
    ctx.world.remove_relation(Relation::Bookmark, me, post)?;
    for folder in ctx.world.documents_of(FOLDER.name, me, i64::MAX, usize::MAX)? {
        ctx.world.remove_document(FOLDER_POST.name, &folder_post_id(str_of(&folder.json, "id"), post))?;
    }
    Ok((200, json!({"data": {"bookmarked": false}}).into()))
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

/// Returns the ID of the document for a post in a folder.
fn folder_post_id(folder: &str, post: u64) -> String {
    format!("{folder}:{post}")
}

fn bookmarks_in(ctx: &mut RequestContext<'_>) -> HandlerResult {
    let me = ctx.me_in("id")?;
    ctx.find_own_document(FOLDER, me, "folder_id", ctx.text("folder_id"))?;
    ctx.documents_page(FOLDER_POST, ctx.param::<FolderId>("folder_id").get(), 100, |_| true)
}
