//! Tests with a sandbox and a client of their own.

/// Declares tests that get a sandbox and a client: each has its own world, with 60 users and 1,500 posts, on a free port.
///
/// The client has the credentials of the app and of the user `ada`. The body is async, and `?` returns any error. Further
/// tests can follow in the same macro.
///
/// ```
/// chirrup::sandbox_test! {
///     async fn a_post_is_created(sandbox, client) {
///         client.create_post().text("hello").await?;
///         assert_eq!(sandbox.journal().len(), 1);
///     }
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! sandbox_test {
    ($($(#[$attribute:meta])* async fn $name:ident($sandbox:ident, $client:ident $(,)?) $body:block)+) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() -> ::std::result::Result<(), ::std::boxed::Box<dyn ::std::error::Error>> {
            let $sandbox = $crate::sandbox::Sandbox::builder().users(60).posts(1_500).start()?;
            let builder = $crate::Client::builder().base_url($sandbox.url()).credentials($sandbox.credentials()?);
            let $client = builder.build()?;
            // A test may use only one of them.
            let _ = (&$sandbox, &$client);
            let test = async {
                let result: ::std::result::Result<(), ::std::boxed::Box<dyn ::std::error::Error>> = async {
                    $body
                    ::std::result::Result::Ok(())
                }
                .await;
                ::std::result::Result::Ok(result)
            };
            $client.wait(test)?
        }
    )+};
}
