use chirrup_api::model::Post;

struct Color;

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its color.
    get_badge -> GetBadge = GET "/2/badges" => Post;
    auth App;
    required query { color: Color; }
}

fn main() {}
