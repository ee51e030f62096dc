// The endpoint returns one post, so its call has no pages.
fn all(client: &chirrup_api::ApiClient) {
    client.v1().show(20).items();
}

fn main() {}
