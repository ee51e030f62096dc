struct Badge;

chirrup_api::endpoints! {
    MINE;

    /// Returns a badge by its ID.
    get_badge -> GetBadge = GET "/2/badges" => Badge;
    auth App;
}

fn main() {}
