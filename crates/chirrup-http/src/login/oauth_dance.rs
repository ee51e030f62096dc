//! A complete login by OAuth 1.0a with a PIN.

use std::fmt;
use std::io::{BufRead as _, Write as _};
use std::path::Path;

use chirrup_api::Error;

use super::app::App;
use super::client::Login;
use super::oauth1::{Callback, OAuth1Options, OAuth1User};
use super::token_lines::write_token_file;

/// Prompt that asks the user to authorize an app and to type in the PIN. Its `Display` form is text for a terminal.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AuthorizationPrompt {
    /// Name of the app, as the program calls itself.
    pub app_name: String,
    /// URL where the user authorizes the app and gets a PIN.
    pub url: String,
}

impl fmt::Display for AuthorizationPrompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} requests access to your account. Open this page, authorize the app, and type in the PIN that it shows:",
            self.app_name
        )?;
        write!(f, "\n    {}\n", self.url)
    }
}

/// Shows a prompt on stderr and reads the PIN from stdin.
///
/// # Errors
/// If stderr cannot be written or stdin cannot be read.
pub fn prompt_in_terminal(prompt: &AuthorizationPrompt) -> std::io::Result<String> {
    let mut stderr = std::io::stderr().lock();
    write!(stderr, "{prompt}\nPIN: ")?;
    stderr.flush()?;
    let mut pin = String::new();
    std::io::stdin().lock().read_line(&mut pin)?;
    Ok(pin)
}

impl Login {
    /// Logs a user in by OAuth 1.0a with a PIN, and writes the token to `token_file` if given.
    ///
    /// `ask` shows the prompt and returns the PIN; [`prompt_in_terminal`] does so in a terminal. The file has the two lines
    /// that Python Twitter Tools writes.
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
    /// [`ErrorKind::Login`](chirrup_api::ErrorKind::Login) if the user cannot be asked,
    /// [`ErrorKind::Storage`](chirrup_api::ErrorKind::Storage) if the file cannot be written, and those of the calls.
    pub async fn oauth_dance(
        &self,
        app: &App,
        app_name: &str,
        token_file: Option<&Path>,
        ask: impl FnOnce(&AuthorizationPrompt) -> std::io::Result<String>,
    ) -> Result<OAuth1User, Error> {
        let pending = self.begin_oauth1(app, &Callback::Pin, &OAuth1Options::default()).await?;
        let prompt = AuthorizationPrompt { app_name: app_name.to_owned(), url: pending.url().to_owned() };
        let pin = ask(&prompt).map_err(|why| Error::login(&format!("could not ask for the PIN: {why}")))?;
        let user = self.finish_oauth1(app, pending, pin.trim()).await?;
        if let Some(file) = token_file {
            write_token_file(file, &user.token, &user.token_secret)?;
        }
        Ok(user)
    }
}
