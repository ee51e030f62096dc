//! The whole login by OAuth 1.0a with a PIN, as one call.

use std::fmt;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use chirrup_api::Error;
use chirrup_auth::Secret;

use super::{App, Callback, Login, OAuth1Options, OAuth1User};
use crate::store::{FileStore, Store as _};

/// What a user is to be shown who is to log in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AuthorizationPrompt {
    /// What the program calls itself.
    pub app_name: String,
    /// Where the user agrees, and gets a PIN.
    pub url: String,
}

impl fmt::Display for AuthorizationPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} would like to act for you. Open this page, agree, and type in the PIN that it shows:",
            self.app_name
        )?;
        write!(f, "\n    {}\n", self.url)
    }
}

/// Asks in the terminal: shows the invitation on stderr, and reads the PIN from stdin.
///
/// # Errors
/// If nobody can be asked.
pub fn prompt_in_terminal(invitation: &AuthorizationPrompt) -> std::io::Result<String> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{invitation}\nPIN: ")?;
    stderr.flush()?;
    let mut pin = String::new();
    std::io::stdin().lock().read_line(&mut pin)?;
    Ok(pin)
}

impl Login {
    /// Logs a user in by OAuth 1.0a with a PIN: gets a request token, has the user asked, exchanges what they type in, and
    /// keeps the tokens in a file of two lines, if one is named. [`prompt_in_terminal`] asks in a terminal.
    ///
    /// ```no_run
    /// # async fn example(login: chirrup_http::login::Login) -> Result<(), chirrup_api::Error> {
    /// use chirrup_http::login::{App, prompt_in_terminal};
    ///
    /// let app = App::new("key", "secret");
    /// let user = login.oauth_dance(&app, "My bot", Some("bot.tokens".as_ref()), prompt_in_terminal).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If X refuses, nobody can be asked, or the file cannot be written.
    pub async fn oauth_dance(
        &self,
        app: &App,
        app_name: &str,
        token_file: Option<&Path>,
        ask: impl FnOnce(&AuthorizationPrompt) -> std::io::Result<String>,
    ) -> Result<OAuth1User, Error> {
        let begun = self.begin_oauth1(app, &Callback::Pin, &OAuth1Options::default()).await?;
        let invitation = AuthorizationPrompt { app_name: app_name.to_owned(), url: begun.url().to_owned() };
        let pin = ask(&invitation).map_err(|why| Error::configuration(format!("nobody could be asked: {why}")))?;
        let user = self.finish_oauth1(app, begun, pin.trim()).await?;
        if let Some(file) = token_file {
            write_token_file(file, &user.token, &user.token_secret)?;
        }
        Ok(user)
    }
}

/// Keeps a token and its secret in a file of two lines, which only its owner can read.
///
/// # Errors
/// If it cannot be written.
pub fn write_token_file(file: &Path, token: &str, secret: &Secret) -> Result<(), Error> {
    let busy = || Error::configuration(format!("another program writes {}", file.display()));
    let mut opened = FileStore::at(file).try_lock()?.ok_or_else(busy)?;
    opened.replace(format!("{token}\n{}\n", secret.expose()).as_bytes())
}

/// Reads the token and its secret from a file of two lines.
///
/// # Errors
/// If it cannot be read, or holds something else.
pub fn read_token_file(file: &Path) -> Result<(String, Secret), Error> {
    let failed = |why: &str| Error::configuration(format!("{}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|why| failed(&why.to_string()))?;
    match crate::tokens::Profile::from_lines(&text)?.oauth1 {
        Some(both) => Ok(both),
        None => Err(failed("it holds no token of a user")),
    }
}
