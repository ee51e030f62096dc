//! S3 server of a test: that of moto, which checks the signatures of requests.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::python::python_with;
use crate::text;

/// Commands for the bucket: the names of objects, and copies of one.
const KEYS: &str = "import boto3, sys
s3 = boto3.client('s3')
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='birds', Prefix=sys.argv[1])
for page in pages:
    for found in page.get('Contents', []): print(found['Key'])";
const COPY: &str = "import boto3, sys
s3 = boto3.client('s3')
key = s3.list_objects_v2(Bucket='birds', Prefix=sys.argv[1])['Contents'][0]['Key']
s3.copy_object(Bucket='birds', Key=sys.argv[2], CopySource={'Bucket': 'birds', 'Key': key})";

/// Server with a bucket `birds`. It ends with this value.
pub(super) struct Server {
    python: &'static Path,
    port: u16,
    key: String,
    secret: String,
    process: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<std::path::PathBuf>> = OnceLock::new();
    let import = "import boto3, moto.moto_server.werkzeug_app, moto.s3.models";
    PYTHON.get_or_init(|| python_with("s3-python", import, &["moto[server,s3]==5.*"])).as_deref()
}

impl Server {
    /// Starts a server, if it can be installed.
    pub(super) fn start() -> Option<Self> {
        let python = python()?;
        let mut server = Command::new(python);
        server.args(["-c", include_str!("server.py")]).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = server.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let [port, key, secret]: [&str; 3] = line.split_whitespace().collect::<Vec<_>>().try_into().unwrap();
        Some(Self { python, port: port.parse().unwrap(), key: key.to_owned(), secret: secret.to_owned(), process })
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Variables with the keys and the address of the server.
    pub(super) fn env(&self) -> Vec<(&'static str, String)> {
        self.env_at(self.port)
    }

    /// The same for another port.
    pub(super) fn env_at(&self, port: u16) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}")),
            ("AWS_ACCESS_KEY_ID", self.key.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret.clone()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ]
    }

    fn run(&self, code: &str, args: &[&str]) -> String {
        let output = Command::new(self.python).args(["-c", code]).args(args).envs(self.env()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Returns the names of the objects with a prefix.
    pub(super) fn keys(&self, prefix: &str) -> Vec<String> {
        self.run(KEYS, &[prefix]).lines().map(str::to_owned).collect()
    }

    /// Copies the first object with a prefix.
    pub(super) fn copy(&self, prefix: &str, key: &str) {
        self.run(COPY, &[prefix, key]);
    }
}
