//! Tests that are declared with `sandbox_test!`.

use std::time::Duration;

chirrup::sandbox_test! {
    async fn a_test_has_a_sandbox_and_a_client(sandbox, client) {
        let post = client.create_post().text("hello").await?.data.id;
        assert_eq!(sandbox.journal()[0].created_id, Some(post.to_string()));
    }

    /// Both tests run in worlds of their own.
    async fn a_test_can_use_the_sandbox_alone(sandbox, _client) {
        sandbox.clock().advance(Duration::from_secs(60));
        assert!(sandbox.journal().is_empty());
    }
}
