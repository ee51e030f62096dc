//! Encrypted connections: rustls with the root certificates that the system trusts, and those of `PGSSLROOTCERT`.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use tokio_postgres_rustls::MakeRustlsConnect;

/// Returns the connector. A server that offers TLS must have a certificate that is trusted.
pub(super) fn connector() -> io::Result<MakeRustlsConnect> {
    let mut roots = Vec::new();
    if let Some(path) = std::env::var_os("PGSSLROOTCERT") {
        let invalid = |why: &dyn std::fmt::Display| io::Error::other(format!("PGSSLROOTCERT: {why}"));
        for root in CertificateDer::pem_file_iter(path).map_err(|why| invalid(&why))? {
            roots.push(root.map_err(|why| invalid(&why))?);
        }
    }
    let provider = Arc::new(default_provider());
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(io::Error::other)?;
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(io::Error::other)?.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}
