use chirrup_api::model::{Post, PostId};

chirrup_api::endpoints! {
    MINE on nothing;

    /// Reads a thing.
    read_thing -> ReadThing = GET "/2/things/{id}" => Post;
    path { id: PostId }
    auth App;
}

fn main() {}
