//! Logs a user in with OAuth 2.0 in the way of a web application: the login is stored between two requests.
//!
//! Run it with `cargo run -p chirrup --example web_login --features sandbox`.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

use chirrup::login::{App, Login, OAuth2Login};
use chirrup::sandbox::Sandbox;
use chirrup::{Client, scopes_for};

const CALLBACK: &str = "http://127.0.0.1:8080/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let client = Client::builder().base_url(sandbox.url()).build()?;
    let login = Login::new(&client);
    let app = App::public(sandbox.app_keys().0);

    // First request: redirect the browser to X, and store the login in the session.
    let begun = login.begin_oauth2(&app, CALLBACK, &scopes_for(["get_me", "create_post"])?)?;
    let session = begun.serialize();
    println!("redirect to {}", begun.url());

    // The user agrees in the browser; X redirects to the callback.
    let callback = agree(&client, begun.url(), "ada").await?;

    // Second request: exchange the code for tokens.
    let tokens = login.finish_oauth2(&app, OAuth2Login::deserialize(&session)?, &callback).await?;
    let user = client.with_credentials(tokens.credentials()).get_me().await?.data;
    println!("logged in as @{}", user.username);
    Ok(())
}

/// Plays the browser: opens the consent page of the sandbox and submits its form. Returns the redirect.
async fn agree(client: &Client, url: &str, user: &str) -> Result<String, Box<dyn std::error::Error>> {
    let page = client.call("GET", url).unauthenticated().raw().await?;
    let page = String::from_utf8(page.body.to_vec())?;
    let action = url.split('?').next().unwrap_or(url);
    let mut form = client.call("POST", action).unauthenticated().form("user", user).form("decision", "authorize");
    for field in page.split("<input type=hidden name=").skip(1) {
        if let Some((name, rest)) = field.split_once(" value=\"") {
            let value = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
            form = form.form(name, value);
        }
    }
    let (_, response) = client.send(form.call().clone()).await?;
    let location = response.headers.get("location").ok_or("no redirect")?;
    Ok(location.to_str()?.to_owned())
}
