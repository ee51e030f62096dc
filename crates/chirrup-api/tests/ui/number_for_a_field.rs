// Fields are words.
fn get(client: &chirrup_api::Client) {
    let _ = client.get_post(20).post_fields([1, 2]);
}

fn main() {}
