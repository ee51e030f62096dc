// The ID of the post is required.
fn get(client: &chirrup_api::ApiClient) {
    let _ = client.get_post();
}

fn main() {}
