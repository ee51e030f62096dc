use chirrup_api::model::Post;

chirrup_api::endpoints! {
    MINE on nothing;

    /// Reads a thing.
    read_thing -> ReadThing = GET "/2/things" => Vec<Post>;
    auth App;
    query {
        /// A token.
        token = "pagination_token": String;
    }
    with PAGE;
}

fn main() {}
