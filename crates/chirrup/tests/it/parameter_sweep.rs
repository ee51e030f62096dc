//! Each parameter of each `GET` endpoint with values of the wrong form, as other clients can send them.

use chirrup::model::ParamKind;
use chirrup::{Endpoint, HttpBuilder, OnRateLimit, ParamLocation, Retry};
use chirrup_sandbox::Sandbox;

use crate::common::client_in_sandbox_time;
use crate::malformed_requests::is_stream;

/// Values that a parameter of this kind does not accept; none if it accepts any short text.
fn wrong_values(kind: &ParamKind) -> Vec<String> {
    let words: &[&str] = match kind {
        ParamKind::Id => &["abc", "-1", "1.5", "99999999999999999999"],
        ParamKind::Username => &["not a name", "a-b"],
        ParamKind::Int { .. } => &["abc", "1.5", "-99999999999999999999"],
        ParamKind::Time => &["yesterday", "2026-13-40T00:00:00Z", "0"],
        ParamKind::Bool => &["maybe", "2"],
        ParamKind::OneOf(_) => &["no_such_word", "\u{0}"],
        ParamKind::List { of, .. } => return wrong_values(of),
        ParamKind::Text { max, .. } if *max < 5_000 => return vec!["a".repeat(max + 1)],
        _ => &[],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Returns the path of an endpoint with an ID in each place of a parameter.
fn path(endpoint: &Endpoint) -> String {
    let parts = endpoint.path.split('/').map(|part| if part.contains('{') { "12" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    if endpoint.path.ends_with(".json") && path.ends_with("12") { format!("{path}.json") } else { path }
}

#[tokio::test]
async fn a_parameter_of_the_wrong_form_is_refused() {
    let sandbox = Sandbox::builder().users(20).posts(50).without_rate_limits().start().unwrap();
    let http = HttpBuilder::default().retry(Retry::never()).on_rate_limit(OnRateLimit::Ignore);
    let client = client_in_sandbox_time(&sandbox, http, sandbox.credentials().unwrap());
    let (mut sent, mut faults) = (0, Vec::new());
    for endpoint in chirrup::all().filter(|endpoint| endpoint.method == "GET" && !is_stream(endpoint)) {
        for param in endpoint.params().filter(|param| param.location == ParamLocation::Query) {
            for value in wrong_values(&param.kind) {
                let call = client.call("GET", &path(endpoint)).query(param.name, value.as_str());
                let (status, named) = match call.await {
                    Ok(_) => (200, false),
                    Err(error) => (error.status_code().unwrap_or(0), format!("{error:?}").contains(param.name)),
                };
                sent += 1;
                let is_documented = match status {
                    400 => named || !endpoint.path.starts_with("/2/"),
                    // v1.1 ignores or clamps values, or does not find what they name.
                    200 | 403 | 404 => !endpoint.path.starts_with("/2/"),
                    _ => false,
                };
                if !is_documented {
                    faults.push(format!("{} {}={value:.30}: {status}", endpoint.id, param.name));
                }
            }
        }
    }
    assert!(sent > 1_000, "{sent}");
    assert!(faults.is_empty(), "{} of {sent}:\n{}", faults.len(), faults.join("\n"));
}
