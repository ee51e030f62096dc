//! Limits of a stream: the watchdog, and the error after the last attempt.

use std::time::Duration;

use chirrup::{Client, ErrorKind, HttpBuilder, LiveEvent};
use chirrup_sandbox::{Fault, FaultRule, Sandbox};

use crate::common::{client_in_sandbox_time, sandbox};

fn unavailable(status: u16, body: &str) -> FaultRule {
    FaultRule::new(Fault::Response { status, content_type: "application/json", body: body.into() })
}

async fn client_with_rule(sandbox: &Sandbox) -> Client {
    let client = client_in_sandbox_time(sandbox, HttpBuilder::default(), sandbox.credentials().unwrap());
    client.sync_rules(["heron"]).await.unwrap();
    client
}

#[tokio::test]
async fn a_watchdog_below_the_interval_of_keep_alives_is_an_error() {
    let sandbox = sandbox();
    let client = client_with_rule(&sandbox).await;
    let before = sandbox.journal().len();
    for seconds in [0, 1, 19] {
        let mut live = client.filtered_stream().live().watchdog(Duration::from_secs(seconds)).open();
        let Some(LiveEvent::Ended(error)) = live.next_event().await else { panic!("an error") };
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.message().contains("20s"), "{error}");
        assert!(live.next_event().await.is_none());
    }
    let mut old = client.v1().filter().track(["x"]).live().watchdog(Duration::from_secs(1)).open();
    assert_eq!(old.next_item().await.unwrap_err().kind(), ErrorKind::Argument);
    assert_eq!(sandbox.journal().len(), before, "nothing was sent");
    let mut longer = client.filtered_stream().live().watchdog(Duration::from_secs(20)).open();
    crate::live_streams::until_live(&mut longer).await;
}

#[tokio::test]
async fn the_end_of_a_stream_has_the_status_of_the_last_refusal() {
    let sandbox = sandbox();
    let client = client_with_rule(&sandbox).await;
    let cases = [
        (503, "{\"title\":\"Service Unavailable\",\"detail\":\"Over capacity\"}", ErrorKind::Server),
        (429, "{\"title\":\"Too Many Requests\"}", ErrorKind::RateLimited),
    ];
    for (status, body, kind) in cases {
        sandbox.add_fault_rule(unavailable(status, body).times(3));
        let mut live = client.filtered_stream().live().attempts(3).open();
        let error = loop {
            match live.next_event().await.unwrap() {
                LiveEvent::Ended(error) => break error,
                LiveEvent::Live => panic!("the server is not available"),
                _ => {}
            }
        };
        assert_eq!((error.kind(), error.status_code()), (kind, Some(status)), "{error}");
        assert!(error.message().contains("3 connection attempts in a row failed"), "{error}");
        assert_eq!(&error.response().unwrap().body[..], body.as_bytes());
        assert!(live.next_event().await.is_none());
    }
    // Without a response there is no status.
    sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).times(3));
    let mut live = client.filtered_stream().live().attempts(3).open();
    let error = live.next_item().await.unwrap_err();
    assert_eq!((error.kind(), error.status_code()), (ErrorKind::Network, None), "{error}");
}
