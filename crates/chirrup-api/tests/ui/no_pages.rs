// One status has no pages to go through.
fn all(client: &chirrup_api::Client) {
    client.v1().show(20).items();
}

fn main() {}
