use chirrup_api::model::Post;

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges" => Vec<Post>;
    auth App;
    query {
        /// Token of the page to fetch.
        token = "pagination_token": String;
    }
    with PAGE;
}

fn main() {}
