// Fields are words.
fn get(client: &chirrup_api::ApiClient) {
    let _ = client.get_post(20).post_fields([1, 2]);
}

fn main() {}
