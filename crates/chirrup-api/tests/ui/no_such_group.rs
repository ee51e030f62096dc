use chirrup_api::model::Post;

chirrup_api::endpoints! {
    MINE on nothing;

    /// Reads a thing.
    read_thing -> ReadThing = GET "/2/things" => Post;
    auth App;
    with PAGES;
}

fn main() {}
