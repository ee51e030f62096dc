use chirrup_api::model::{Post, PostId};

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges/{id}" => Post;
    path { id: PostId }
    auth App;
}

fn main() {}
