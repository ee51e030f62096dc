// A search takes no list of IDs, so there is nothing to split into batches.
fn all(client: &chirrup_api::ApiClient) {
    client.search_recent("rust").batched();
}

fn main() {}
