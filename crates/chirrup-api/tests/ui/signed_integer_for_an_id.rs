// A signed integer may be negative, so it needs a conversion that can fail.
fn get(client: &chirrup_api::ApiClient, id: i64, ids: Vec<usize>) {
    let _ = client.get_post(id);
    let _ = client.get_posts(ids);
}

fn main() {}
