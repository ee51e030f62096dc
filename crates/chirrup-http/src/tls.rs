//! TLS: by rustls, against the roots that the system trusts.

use std::sync::{Arc, OnceLock};

use chirrup_api::Error;
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

/// Certificates beside those that the system trusts.
pub(crate) type Roots = Vec<CertificateDer<'static>>;

/// Reads certificates as PEM.
pub(crate) fn roots(pem: &[u8]) -> Result<Roots, Error> {
    let malformed = || Error::configuration("the certificates are no PEM");
    let roots = CertificateDer::pem_slice_iter(pem).collect::<Result<Roots, _>>().map_err(|_| malformed())?;
    if roots.is_empty() { Err(malformed()) } else { Ok(roots) }
}

/// TLS 1.2 and 1.3, and nothing older.
pub(crate) fn config(extra: &Roots) -> ClientConfig {
    static USUAL: OnceLock<ClientConfig> = OnceLock::new();
    if extra.is_empty() { USUAL.get_or_init(|| make(extra)).clone() } else { make(extra) }
}

fn make(extra: &Roots) -> ClientConfig {
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    // The provider was made for these versions, so that this cannot fail.
    let builder = builder.with_safe_default_protocol_versions().unwrap_or_else(|_| unreachable!("ring has both"));
    match Verifier::new_with_extra_roots(extra.iter().cloned(), provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth(),
        // A bare container has no roots of its own: then those that Mozilla trusts.
        Err(_) => {
            let mut store = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            store.add_parsable_certificates(extra.iter().cloned());
            builder.with_root_certificates(store).with_no_client_auth()
        }
    }
}
