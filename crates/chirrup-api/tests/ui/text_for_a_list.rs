// A list of fields is an array, a `Vec` or another iterator, even if it has one item.
fn get(client: &chirrup_api::ApiClient) {
    let _ = client.get_post(20).post_fields("created_at");
}

fn main() {}
