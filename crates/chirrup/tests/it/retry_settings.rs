//! Settings of retries and redirects, and a refusal that is about the credential.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use chirrup::{Client, Credentials, ErrorKind, HttpBuilder, Retry};
use chirrup_sandbox::{Fault, FaultRule};

use crate::common::{client_in_sandbox_time, sandbox, sandbox_and_client};

fn answer(status: u16, body: &str) -> Fault {
    Fault::Response { status, content_type: "application/json", body: body.into() }
}

#[tokio::test]
async fn bad_authentication_data_with_status_400_is_unauthorized() {
    let (sandbox, client) = sandbox_and_client();
    let body = r#"{"errors":[{"code":215,"message":"Bad Authentication data."}]}"#;
    sandbox.add_fault_rule(FaultRule::new(answer(400, body)).times(1));
    let error = client.v1().home_timeline().await.unwrap_err();
    assert_eq!((error.kind(), error.status_code()), (ErrorKind::Unauthorized, Some(400)));
    let real = client.route("statuses/home_timeline").unauthenticated().await.unwrap_err();
    assert_eq!((real.kind(), real.problems()[0].code), (ErrorKind::Unauthorized, Some(215)));
    sandbox.add_fault_rule(
        FaultRule::new(answer(400, r#"{"errors":[{"code":25,"message":"Query parameters are missing."}]}"#)).times(1),
    );
    assert_eq!(client.v1().home_timeline().await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn statuses_and_waits_of_retries_can_be_chosen() {
    let sandbox = sandbox();
    let retry = Retry::forever().statuses([429, 502, 503, 504]).fixed_backoff(Duration::from_secs(30));
    let http = HttpBuilder::default().retry(retry);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    for status in [502, 503, 504] {
        sandbox.add_fault_rule(FaultRule::new(answer(status, "")).times(5));
        let begun = sandbox.clock().now();
        let found = client.get_post(20).await.unwrap();
        assert_eq!(found.raw.send_info.attempts, 6, "{status}");
        let waited = (sandbox.clock().now().as_millis() - begun.as_millis()) / 1_000;
        assert_eq!(waited, 150, "{status}");
    }
    sandbox.add_fault_rule(FaultRule::new(answer(500, "")).times(1));
    let error = client.get_post(20).await.unwrap_err();
    assert_eq!((error.status_code(), error.attempts()), (Some(500), 1));
    let few = HttpBuilder::default().retry(Retry::default().max_attempts(3).fixed_backoff(Duration::from_secs(30)));
    let few = client_in_sandbox_time(&sandbox, few, sandbox.credentials().unwrap());
    sandbox.add_fault_rule(FaultRule::new(answer(503, "")).times(3));
    assert_eq!(few.get_post(20).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn the_number_of_redirects_can_be_chosen() {
    part!({
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut request = [0; 4_096];
                let len = stream.read(&mut request).unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..len]).into_owned();
                let path = request.split(' ').nth(1).unwrap_or_default();
                let answer = if path.matches("/on").count() == 2 {
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".to_owned()
                } else {
                    format!(
                        "HTTP/1.1 302 Found\r\nLocation: {path}/on\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    )
                };
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        let client = |max| {
            let http = HttpBuilder::default().max_redirects(max);
            Client::builder().http(http).credentials(Credentials::app_only("t")).base_url(&url).build().unwrap()
        };
        let refused = client(0).call("GET", "/2/a").await;
        let (one, two) = (client(1).call("GET", "/2/a").await, client(2).call("GET", "/2/a").await);
        shows!(["twython.opt.client_args.max_redirects", "twython.opt.client_args.allow_redirects"], {
            let (refused, one) = (refused.unwrap_err(), one.unwrap_err());
            assert_eq!((refused.kind(), refused.status_code()), (ErrorKind::Refused, Some(302)));
            assert!(one.message().contains("more than 1 redirects"), "{one}");
            assert_eq!(two.unwrap().data, serde_json::json!({}));
        });
    });
}
