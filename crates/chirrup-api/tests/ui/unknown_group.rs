use chirrup_api::model::Post;

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges" => Post;
    auth App;
    with PAGES;
}

fn main() {}
