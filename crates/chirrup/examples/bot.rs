//! A bot that answers mentions, in a sandbox: `@ada dice 20`, `@ada echo some words`, and likes what is said of herons.
//!
//! Run it with `cargo run -p chirrup --example bot --features sandbox`. With credentials of your own, all that changes is
//! the client: `Client::from_env()`.
#![allow(clippy::print_stdout, reason = "an example is there to be read")]

use std::time::Duration;

use chirrup::sandbox::Sandbox;
use chirrup::{Bot, Client, NewRule, message_of};

/// The bot: what it does when what happens.
pub(crate) fn bot(client: Client) -> Bot {
    Bot::new(client)
        .rule(NewRule::new("heron -is:retweet").tag("herons"))
        .on_post("herons", |client, delivery| async move {
            if let Some(post) = delivery.data {
                client.post(post.id).like().await?;
            }
            Ok(())
        })
        .command("echo", |_, command| async move {
            let whom = command.author().map_or("you", |author| &author.username).to_owned();
            command.reply(format!("@{whom} {}", command.words)).await.map(drop)
        })
        .command("dice", |_, command| async move {
            let sides: u64 = command.words.parse().unwrap_or(6).max(1);
            // Chance enough for a game: the id of the post.
            let roll = command.post().map_or(0, |post| post.id.get() >> 3) % sides + 1;
            command.reply(format!("{roll} of {sides}")).await.map(drop)
        })
        .on_other_command(|_, command| async move { command.reply("I know `echo` and `dice`.").await.map(drop) })
        .on_message(|client, event| async move {
            if let Some((text, sender)) = message_of(&event) {
                client.send_dm(sender).text(format!("You said: {text}")).await?;
            }
            Ok(())
        })
        .on_gap(|_, gap| async move {
            println!("nothing came from {} to {}: {:?}", gap.from, gap.to, gap.fill);
            Ok(())
        })
        .on_error(|_, error| async move {
            println!("something went wrong: {error}");
            Ok(())
        })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start()?;
    let ada = Client::builder().base_url(sandbox.url()).credentials(sandbox.credentials()?).build()?;
    let bot = bot(ada.clone());
    let stop_handle = bot.stop_handle();
    let running = tokio::spawn(bot.run());
    while sandbox.open_stream_count() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for text in ["@ada dice 20", "@ada echo a heron, look!", "@ada sing"] {
        sandbox.write_post("robin", text)?;
    }
    let mut answers = Vec::new();
    while answers.len() < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        answers = ada.user_posts(ada.get_me().await?.data.id).max_results(5).await?.data;
        answers.retain(|post| ["of 20", "look!", "I know"].iter().any(|said| post.text.contains(said)));
    }
    for answer in answers.iter().rev() {
        println!("ada: {}", answer.text);
    }
    stop_handle.stop();
    let report = running.await??;
    println!("{} handled, {} failed", report.handled, report.failed);
    Ok(())
}
