use chirrup_api::model::{Post, PostId};

chirrup_api::endpoints! {
    MINE on nothing;

    /// Reads a thing.
    read_thing -> ReadThing = GET "/2/things/{thing_id}" => Post;
    auth App;
    path { id: PostId }
}

fn main() {}
