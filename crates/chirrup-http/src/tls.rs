//! TLS settings: rustls with the root certificates that the system trusts.

use std::sync::{Arc, OnceLock};

use chirrup_api::Error;
use chirrup_auth::Secret;
use rustls::client::WantsClientCert;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder};
use rustls_platform_verifier::Verifier;

/// Trusted roots and client certificate.
#[derive(Debug, Clone)]
pub(crate) enum TlsConfig {
    /// The system's roots and no client certificate. The roots are loaded when the first connection is made.
    System,
    /// Extra roots, a client certificate, or both.
    Custom(Box<ClientConfig>),
}

impl TlsConfig {
    /// Reads root certificates to trust in addition to those of the system, and a client certificate with its private
    /// key; both in PEM format.
    pub(crate) fn new(extra_roots: Option<&[u8]>, identity: Option<&Secret>) -> Result<Self, Error> {
        if extra_roots.is_none() && identity.is_none() {
            return Ok(Self::System);
        }
        let roots = extra_roots.map(|pem| certificates(pem, "root certificates")).transpose()?.unwrap_or_default();
        let Some(pem) = identity.map(|pem| pem.expose().as_bytes()) else {
            return Ok(Self::Custom(Box::new(config_builder(&roots).with_no_client_auth())));
        };
        let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
            Error::configuration("client certificate: no private key found")
                .with_hint("append the private key in PEM format")
        })?;
        // The source error is dropped, since it may show a part of the key.
        let config = config_builder(&roots)
            .with_client_auth_cert(certificates(pem, "client certificate")?, key)
            .map_err(|_| Error::configuration("client certificate: the private key does not match the certificate"))?;
        Ok(Self::Custom(Box::new(config)))
    }

    pub(crate) fn client_config(&self) -> ClientConfig {
        static SYSTEM: OnceLock<ClientConfig> = OnceLock::new();
        match self {
            Self::System => SYSTEM.get_or_init(|| config_builder(&[]).with_no_client_auth()).clone(),
            Self::Custom(config) => ClientConfig::clone(config),
        }
    }
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let malformed = || {
        Error::configuration(format!("{what}: no valid certificate in PEM format"))
            .with_hint("pass the contents of the PEM file, not its path")
    };
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|_| malformed())?;
    if found.is_empty() { Err(malformed()) } else { Ok(found) }
}

/// Starts a configuration with TLS 1.2 and 1.3.
fn config_builder(extra_roots: &[CertificateDer<'static>]) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder =
        builder.with_safe_default_protocol_versions().unwrap_or_else(|_| unreachable!("ring supports TLS 1.2 and 1.3"));
    match Verifier::new_with_extra_roots(extra_roots.iter().cloned(), provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        // A minimal container has no root certificates: then those that Mozilla trusts apply.
        Err(_) => {
            let mut store = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            store.add_parsable_certificates(extra_roots.iter().cloned());
            builder.with_root_certificates(store)
        }
    }
}
