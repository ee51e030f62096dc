// A direct message goes to a user or into a conversation; each has its own endpoint.
fn both(client: &chirrup_api::ApiClient) {
    client.send_dm(12).dm_conversation_id("12-13");
    client.dm_events_with(12).dm_conversation_id("12-13");
}

fn main() {}
