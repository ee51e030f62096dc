use chirrup_api::model::{User, UserId};

// The ID of a user is not the ID of a post.
fn get(client: &chirrup_api::ApiClient, id: UserId, user: &User) {
    let _ = client.get_post(id);
    let _ = client.get_post(user);
}

fn main() {}
