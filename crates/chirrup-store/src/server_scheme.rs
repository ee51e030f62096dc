//! Schemes of the addresses of servers.

/// Schemes of NATS servers, and whether TLS is required.
pub const NATS_SCHEMES: [(&str, bool); 2] = [("nats://", false), ("tls://", true)];
