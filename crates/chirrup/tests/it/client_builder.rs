//! Settings of the client builder are independent of their order.

use std::time::{Duration, Instant};

use chirrup::{Budget, Client, ClientBuilder, Cost, ErrorKind, HttpBuilder, Ledger, OnRateLimit, Retry};
use chirrup_sandbox::{Fault, FaultRule, Sandbox};

use crate::common::{sandbox, sandbox_and_client};

/// Clients for a sandbox with one setting, given before and after the network settings.
fn both_orders(
    sandbox: &Sandbox,
    http: impl Fn() -> HttpBuilder,
    set: impl Fn(ClientBuilder) -> ClientBuilder,
) -> [Client; 2] {
    let start = || Client::builder().credentials(sandbox.credentials().unwrap()).base_url(sandbox.url());
    [set(start()).http(http()), set(start().http(http()))].map(|builder| builder.build().unwrap())
}

fn cents(cents: u64) -> Cost {
    format!("0.{cents:02}").parse().unwrap()
}

#[tokio::test]
async fn a_budget_holds_whether_set_before_or_after_the_network_settings() {
    let sandbox = sandbox();
    let http = || HttpBuilder::default().user_agent("budget-test");
    for client in both_orders(&sandbox, http, |builder| builder.budget(Budget::default().per_run(cents(1)))) {
        let refused = client.create_post().text("1.5 cents").await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Budget, "{refused}");
    }
    assert!(sandbox.journal().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_shared_ledger_is_kept_when_a_budget_is_set() {
    let sandbox = sandbox();
    let ledger = Ledger::in_memory();
    let http = || HttpBuilder::default().ledger(ledger.clone());
    let clients = both_orders(&sandbox, http, |builder| builder.budget(Budget::default().per_day(cents(5))));
    for (n, client) in clients.iter().enumerate() {
        client.create_post().text(format!("post {n}")).await.unwrap();
    }
    let lines = ledger.report(sandbox.clock().now()).await.unwrap();
    let spent: Cost = lines.iter().map(|line| line.cost).sum();
    assert_eq!((spent, sandbox.bill()), (cents(3), cents(3)), "both clients use the same ledger");
    for client in &clients {
        client.create_post().text("the third post").await.ok();
    }
    assert_eq!(sandbox.bill(), "0.045".parse().unwrap(), "three posts fit into the budget, a fourth does not");
}

#[tokio::test]
async fn a_rate_limit_policy_holds_in_either_order() {
    let sandbox = sandbox();
    let http = || HttpBuilder::default().retry(Retry::never());
    for client in both_orders(&sandbox, http, |builder| builder.on_rate_limit(OnRateLimit::Ignore)) {
        while client.get_me().await.is_ok() {
            assert!(sandbox.journal().len() < 100, "the sandbox limits the endpoint to 75 calls");
        }
        let sent = sandbox.journal().len();
        assert_eq!(client.get_me().await.unwrap_err().status_code(), Some(429));
        assert_eq!(sandbox.journal().len(), sent + 1, "the call is sent although the window is used up");
    }
}

#[tokio::test]
async fn a_retry_policy_holds_in_either_order() {
    let sandbox = sandbox();
    for client in both_orders(&sandbox, HttpBuilder::default, |builder| builder.retry(Retry::never())) {
        sandbox.add_fault_rule(FaultRule::new(Fault::CloseBeforeProcessing).times(1));
        let error = client.get_post(20).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 1));
        assert!(client.get_post(20).await.is_ok());
    }
}

#[tokio::test]
async fn a_timeout_holds_in_either_order() {
    let sandbox = sandbox();
    let http = || HttpBuilder::default().retry(Retry::never());
    for client in both_orders(&sandbox, http, |builder| builder.timeout(Duration::from_millis(200))) {
        sandbox.inject_fault(Fault::DelayResponse(Duration::from_secs(120)));
        let start = Instant::now();
        assert_eq!(client.get_post(20).await.unwrap_err().kind(), ErrorKind::Timeout);
        assert!(start.elapsed() < Duration::from_secs(60));
    }
}

#[tokio::test]
async fn a_timeout_of_zero_is_refused_before_a_request() {
    let (sandbox, client) = sandbox_and_client();
    let error = client.get_post(20).timeout(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    for http in [
        HttpBuilder::default().timeout(Duration::ZERO),
        HttpBuilder::default().connect_timeout(Duration::ZERO),
        HttpBuilder::default().read_timeout(Duration::ZERO),
    ] {
        assert_eq!(http.build().unwrap_err().kind(), ErrorKind::Configuration);
    }
    assert_eq!(sandbox.journal().len(), 0);
}
