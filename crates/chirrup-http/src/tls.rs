//! TLS: by rustls, against the roots that the system trusts.

use std::sync::{Arc, OnceLock};

use chirrup_api::Error;
use chirrup_auth::Secret;
use rustls::client::WantsClientCert;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder};
use rustls_platform_verifier::Verifier;

/// Whom to trust, and what to prove oneself with.
#[derive(Debug, Clone)]
pub(crate) enum Trust {
    /// Who the system trusts. That is read from the disk when it is needed first.
    Usual,
    /// Something else.
    History(Box<ClientConfig>),
}

impl Trust {
    /// Reads certificates to trust beside those of the system, and a certificate with its key to prove oneself with; both as
    /// PEM.
    pub(crate) fn of(roots: Option<&[u8]>, identity: Option<&Secret>) -> Result<Self, Error> {
        if roots.is_none() && identity.is_none() {
            return Ok(Self::Usual);
        }
        let roots = roots.map(certificates).transpose()?.unwrap_or_default();
        let Some(pem) = identity.map(|pem| pem.expose().as_bytes()) else {
            return Ok(Self::History(Box::new(trusting(&roots).with_no_client_auth())));
        };
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| Error::configuration("the client certificate has no private key beside it, as PEM"))?;
        // What rustls says of a key may show a part of it.
        let config = trusting(&roots)
            .with_client_auth_cert(certificates(pem)?, key)
            .map_err(|_| Error::configuration("the private key does not fit the client certificate"))?;
        Ok(Self::History(Box::new(config)))
    }

    pub(crate) fn config(&self) -> ClientConfig {
        static USUAL: OnceLock<ClientConfig> = OnceLock::new();
        match self {
            Self::Usual => USUAL.get_or_init(|| trusting(&[]).with_no_client_auth()).clone(),
            Self::History(config) => ClientConfig::clone(config),
        }
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let malformed = || Error::configuration("the certificates are no PEM");
    let found = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>().map_err(|_| malformed())?;
    if found.is_empty() { Err(malformed()) } else { Ok(found) }
}

/// TLS 1.2 and 1.3, and nothing older.
fn trusting(extra: &[CertificateDer<'static>]) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let provider = Arc::new(default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    // The provider was made for these versions, so that this cannot fail.
    let builder = builder.with_safe_default_protocol_versions().unwrap_or_else(|_| unreachable!("ring has both"));
    match Verifier::new_with_extra_roots(extra.iter().cloned(), provider) {
        Ok(verifier) => builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)),
        // A bare container has no roots of its own: then those that Mozilla trusts.
        Err(_) => {
            let mut store = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            store.add_parsable_certificates(extra.iter().cloned());
            builder.with_root_certificates(store)
        }
    }
}
