//! Bookmarks and their folders.

use crate::id::{FolderId, PostId};
use crate::into_param::id_of;
use crate::wire_struct;

wire_struct! {
    /// A folder of bookmarks.
    BookmarkFolder {
        /// ID of the folder.
        id: FolderId,
        /// Name of the folder.
        name: String,
    }

    /// A bookmarked post, of which X sends only the ID.
    BookmarkedPost {
        /// ID of the post.
        id: PostId,
    }
}

id_of! { BookmarkFolder: FolderId, BookmarkedPost: PostId }
