//! Recognition of hosts that are this machine.

/// Returns whether a host is `localhost` or a loopback IP address, judged by its text: no name is resolved.
pub fn is_loopback_host(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
