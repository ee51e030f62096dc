//! The browser and the sandbox that a test uses. Both stop when they are dropped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};

/// Time that the page has to show the effect of an action.
const PATIENCE: Duration = Duration::from_secs(20);

/// Process that is killed when it is dropped.
pub struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes a line that the test runner does not hide.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The program under test: that in `CHIRRUP`, or the debug build.
pub fn program() -> PathBuf {
    std::env::var_os("CHIRRUP").map_or_else(|| root().join("target/debug/chirrup"), PathBuf::from)
}

/// Sandbox in a process of its own.
pub struct Server {
    pub url: String,
    pub environment: Vec<(String, String)>,
    _process: Process,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(program());
        command.args(["--jsonl", "sandbox", "--port=0"]).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process(command.spawn().expect("the program starts; `cargo build` makes it"));
        let mut stdout = BufReader::new(process.0.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the line with the address");
        let started: Json = serde_json::from_str(&line).unwrap_or_else(|why| {
            let _ = stdout.read_to_string(&mut line);
            panic!("{why} in {line}")
        });
        let environment = started["environment"].as_object().expect("an environment").iter();
        let environment =
            environment.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
        let url = started["url"].as_str().expect("a URL").to_owned();
        Self { url, environment: environment.collect(), _process: process }
    }

    /// Returns a command of the program that is a client of this sandbox.
    pub fn client(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(program());
        command.args(arguments).envs(self.environment.iter().cloned()).stdout(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// Chromium, driven by ChromeDriver.
pub struct Browser {
    pub page: Client,
    _driver: Process,
}

impl Browser {
    /// Starts a browser. Returns `None`, with a loud line, where Chromium is missing.
    pub async fn start(width: u32, height: u32, dark: bool) -> Option<Self> {
        let Ok(driver) =
            Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
        else {
            say("SKIPPED: chromedriver is missing; Debian has it in the package chromium-driver");
            return None;
        };
        let mut driver = Process(driver);
        let lines = BufReader::new(driver.0.stdout.take().expect("a pipe")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ChromeDriver was started successfully on port ")?
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
        });
        let port = port.expect("ChromeDriver names its port");
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--window-size={width},{height}"),
        ];
        if dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({"args": arguments}));
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"}));
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(Duration::from_secs(10)));
        let page = ClientBuilder::new(connector)
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session of the browser");
        Some(Self { page, _driver: driver })
    }

    /// Evaluates an expression of JavaScript in the page.
    pub async fn evaluate(&self, expression: &str) -> Json {
        let script = format!("return ({expression})");
        self.page.execute(&script, Vec::new()).await.unwrap_or_else(|why| panic!("{expression}: {why}"))
    }

    /// Waits until an expression is true in the page. An element that is missing is waited for.
    pub async fn wait_until(&self, expression: &str) {
        let since = Instant::now();
        let is_true = format!("(() => {{ try {{ return Boolean({expression}) }} catch {{ return false }} }})()");
        while self.evaluate(&is_true).await != json!(true) {
            if since.elapsed() > PATIENCE {
                let text = self.evaluate("document.body.innerText").await;
                panic!("the page does not reach: {expression}\n{}", text.as_str().unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks the element that a selector finds.
    pub async fn click(&self, selector: &str) {
        let found = self.page.find(fantoccini::Locator::Css(selector)).await;
        found
            .unwrap_or_else(|why| panic!("{selector}: {why}"))
            .click()
            .await
            .unwrap_or_else(|why| panic!("{selector}: {why}"));
    }

    /// Types a text into the element that a selector finds.
    pub async fn type_into(&self, selector: &str, text: &str) {
        let found = self.page.find(fantoccini::Locator::Css(selector)).await;
        found.unwrap_or_else(|why| panic!("{selector}: {why}")).send_keys(text).await.expect("the text is typed");
    }

    /// Closes the browser.
    pub async fn close(self) {
        let _ = self.page.clone().close().await;
    }
}
