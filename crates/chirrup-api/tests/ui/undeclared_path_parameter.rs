use chirrup_api::model::{Post, PostId};

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges/{badge_id}" => Post;
    auth App;
    path { id: PostId }
}

fn main() {}
