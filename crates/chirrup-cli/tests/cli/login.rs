//! Logins, logouts and profiles.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::Stdio;

use serde_json::Value as Json;

use crate::{ok, program, sandbox, text};

/// Authorizes a login as a browser does. Returns the callback URL, or the page with the PIN.
pub(crate) fn authorize(url: &str, base_url: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = chirrup::Client::builder().base_url(base_url).build().unwrap();
        let page = text(&client.call("GET", url).unauthenticated().raw().await.unwrap().body);
        let mut call = client.call("POST", url.split('?').next().unwrap()).unauthenticated();
        for field in page.split("<input type=hidden name=").skip(1) {
            let (name, rest) = field.split_once(" value=\"").unwrap();
            call = call.form(name, rest.split('"').next().unwrap().replace("&amp;", "&"));
        }
        let call = call.form("user", "robin").form("decision", "authorize");
        let (_, response) = client.send(call.call().clone()).await.unwrap();
        match response.headers.get("location") {
            Some(url) => url.to_str().unwrap().to_owned(),
            None => text(&response.body),
        }
    })
}

#[test]
fn users_and_apps_log_in_and_out() {
    let (sandbox, _) = sandbox();
    let folder = std::env::temp_dir().join(format!("chirrup-login-{}", std::process::id()));
    let (key, secret) = sandbox.app_keys();
    let env = [
        ("CHIRRUP_CONFIG_DIR", folder.to_str().unwrap().to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("X_CONSUMER_KEY", key),
        ("X_CONSUMER_SECRET", secret.expose().to_owned()),
    ];
    let login = |args: &[&str], input: &dyn Fn(&str) -> String| {
        let mut child =
            program(args, &env).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut prompts = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        std::io::BufRead::read_line(&mut prompts, &mut line).unwrap();
        let url = line.trim().strip_prefix("Open ").unwrap();
        let typed = input(&authorize(url, &sandbox.url()));
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), format!("{typed}\n").as_bytes()).unwrap();
        ok(&child.wait_with_output().unwrap())
    };
    let printed = login(&["login", "--json"], &|url| url.to_owned());
    assert_eq!(serde_json::from_str::<Json>(&printed).unwrap()["as"], "@robin");
    login(&["login", "--pin", "--profile", "old"], &|page| {
        page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned()
    });
    ok(&program(&["login", "--app-only", "--profile", "app"], &env).output().unwrap());

    // The keys of the app alone do not authenticate a user.
    let bare = &env[..2];
    assert!(ok(&program(&["whoami"], bare).output().unwrap()).starts_with("@robin, by OAuth 2.0 User Context"));
    assert!(ok(&program(&["whoami", "--profile", "old"], bare).output().unwrap()).contains("OAuth 1.0a"));
    assert!(ok(&program(&["whoami", "--profile", "app"], bare).output().unwrap()).starts_with("the app, by"));
    ok(&program(&["post", "from my profile"], bare).output().unwrap());
    let list = ok(&program(&["profiles", "--json"], bare).output().unwrap());
    assert_eq!(serde_json::from_str::<Json>(&list).unwrap().as_array().unwrap().len(), 3);
    assert!(!list.contains("AAAA") && !list.contains("secret"), "tokens are not printed");

    // The token works in another program.
    let token = ok(&program(&["auth", "token"], bare).output().unwrap());
    let elsewhere = [bare[1].clone(), ("X_OAUTH2_ACCESS_TOKEN", token.trim().to_owned())];
    assert!(ok(&program(&["whoami"], &elsewhere).output().unwrap()).starts_with("@robin"));
    let app_token = ok(&program(&["auth", "token", "--profile", "old"], bare).output().unwrap());
    assert!(app_token.starts_with("AAAA") || app_token.contains("bearer"), "the app gets a token for its secret");

    for profile in ["default", "old"] {
        ok(&program(&["logout", "--profile", profile], bare).output().unwrap());
        let deleted = program(&["whoami", "--profile", profile], bare).output().unwrap();
        assert_eq!(deleted.status.code(), Some(4));
        assert!(text(&deleted.stderr).contains("chirrup login"), "{}", text(&deleted.stderr));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_browser_on_the_same_machine_completes_the_login() {
    let (sandbox, _) = sandbox();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let callback = format!("http://127.0.0.1:{port}/callback");
    sandbox.set_login_settings(false, &[&callback]).unwrap();
    let folder = std::env::temp_dir().join(format!("chirrup-browser-{}", std::process::id()));
    let env = [
        ("CHIRRUP_CONFIG_DIR", folder.to_str().unwrap().to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("X_CLIENT_ID", sandbox.app_keys().0),
    ];
    let args = ["login", "--redirect-uri", &callback, "--scope", "tweet.read,users.read"];
    let mut child = program(&args, &env).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut prompts = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    prompts.read_line(&mut line).unwrap();
    let url = authorize(line.trim().strip_prefix("Open ").unwrap(), &sandbox.url());
    let mut browser = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let query = url.split_once("/callback").unwrap().1;
    write!(browser, "GET /callback{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n").unwrap();
    let mut page = String::new();
    browser.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(child.wait().unwrap().success());
    assert!(ok(&program(&["whoami"], &env[..2]).output().unwrap()).starts_with("@robin"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn token_files_of_python_twitter_tools_are_imported() {
    let (sandbox, variables) = sandbox();
    let folder = std::env::temp_dir().join(format!("chirrup-lines-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (key, secret) = sandbox.app_keys();
    let env = [
        ("CHIRRUP_CONFIG_DIR", folder.join("config").to_str().unwrap().to_owned()),
        ("CHIRRUP_BASE_URL", sandbox.url()),
        ("X_CONSUMER_KEY", key),
        ("X_CONSUMER_SECRET", secret.expose().to_owned()),
    ];
    let value = |wanted: &str| variables.iter().find(|(name, _)| *name == wanted).unwrap().1.clone();
    let lines = format!("{}\n{}\n", value("X_ACCESS_TOKEN"), value("X_ACCESS_TOKEN_SECRET"));
    let file = folder.join("tokens");
    let import = |text: &str| {
        std::fs::write(&file, text).unwrap();
        program(&["login", "--token-file", file.to_str().unwrap()], &env).output().unwrap()
    };
    assert!(!import("one\ntwo\nthree\n").status.success());
    assert_eq!(
        import(&lines.replace(|c: char| c.is_ascii_lowercase(), "x")).status.code(),
        Some(4),
        "keys of another app"
    );
    assert!(!folder.join("config/credentials.json").exists(), "invalid keys are not stored");
    assert!(ok(&import(&lines)).contains("@ada"));
    assert!(ok(&program(&["whoami"], &env[..2]).output().unwrap()).starts_with("@ada, by"));
    std::fs::remove_dir_all(folder).unwrap();
}
