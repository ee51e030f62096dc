//! TLS on the port of the server, and a proxy that leads to the server itself.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

use crate::stream::WatchedStream;

/// First byte of a TLS handshake.
const HANDSHAKE: u8 = 0x16;
/// Size in bytes of the longest head of a `CONNECT` request.
const MAX_CONNECT_HEAD: usize = 8 << 10;
/// Length of the longest host name that a refusal repeats.
const MAX_QUOTED_HOST: usize = 60;

/// Certificate of a server, and the domains that it serves besides its own address.
#[derive(Debug, Clone)]
pub struct Tls {
    acceptor: TlsHandle,
    domains: Arc<[String]>,
}

/// Acceptor of handshakes, which shows nothing of its key.
#[derive(Clone)]
struct TlsHandle(TlsAcceptor);

impl std::fmt::Debug for TlsHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsAcceptor")
    }
}

/// A connection after its first bytes.
pub(crate) enum Opened {
    Plain(WatchedStream),
    Encrypted(Box<TlsStream<WatchedStream>>),
}

impl Tls {
    /// Creates the TLS settings from a certificate chain and its private key, both in PEM format. The server answers for
    /// these domains and their subdomains.
    ///
    /// # Errors
    /// If a certificate or the key is malformed, or they do not belong together.
    pub fn new(chain: &[u8], key: &[u8], domains: impl IntoIterator<Item = String>) -> io::Result<Self> {
        let invalid = |why: &dyn std::fmt::Display| io::Error::new(io::ErrorKind::InvalidData, why.to_string());
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
        let chain = chain.map_err(|why| invalid(&why))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|why| invalid(&why))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
        let mut config = config.map_err(|why| invalid(&why))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsHandle(TlsAcceptor::from(Arc::new(config)));
        Ok(Self { acceptor, domains: domains.into_iter().collect() })
    }

    /// Whether a `Host` header names one of the domains, with the port of HTTPS or any other.
    pub(crate) fn accepts(&self, host: &str) -> bool {
        let name =
            host.rsplit_once(':').map_or(host, |(name, port)| if port.parse::<u16>().is_ok() { name } else { host });
        serves(&self.domains, name)
    }

    /// Reads the first bytes of a connection: a TLS handshake, a request for a tunnel to one of the domains, with a
    /// handshake in it, or plain HTTP.
    ///
    /// # Errors
    /// If the handshake fails, or the tunnel is refused.
    pub(crate) async fn open(&self, mut stream: WatchedStream) -> io::Result<Opened> {
        let mut first = [0];
        stream.socket.peek(&mut first).await?;
        match first {
            [HANDSHAKE] => {}
            // No other method of HTTP begins with this letter.
            [b'C'] => self.open_tunnel(&mut stream).await?,
            _ => return Ok(Opened::Plain(stream)),
        }
        Ok(Opened::Encrypted(Box::new(self.acceptor.0.accept(stream).await?)))
    }

    /// Answers a `CONNECT` request. The tunnel leads to this server, whatever the address of the host is.
    async fn open_tunnel(&self, stream: &mut WatchedStream) -> io::Result<()> {
        let head = read_connect_head(stream).await?;
        let target = head.split_whitespace().nth(1).unwrap_or_default();
        let (host, port) = target.rsplit_once(':').unwrap_or((target, ""));
        let refusal = if !head.starts_with("CONNECT ") {
            "405 Method Not Allowed".to_owned()
        } else if !serves(&self.domains, host) {
            let quoted: String = host.chars().take(MAX_QUOTED_HOST).filter(|c| c.is_ascii_graphic()).collect();
            format!("403 {quoted} is not served here, only {} and their subdomains", self.domains.join(", "))
        } else if port != "443" {
            "403 only port 443 is served".to_owned()
        } else {
            return stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
        };
        // Most clients show the reason of the status line.
        let response = format!("HTTP/1.1 {refusal}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(response.as_bytes()).await?;
        stream.shutdown().await?;
        Err(io::ErrorKind::PermissionDenied.into())
    }
}

/// Whether a host is one of the domains or a subdomain.
fn serves(domains: &[String], host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let is_below = |domain: &String| {
        host.strip_suffix(domain.as_str()).is_some_and(|labels| labels.is_empty() || labels.ends_with('.'))
    };
    domains.iter().any(is_below)
}

/// Reads a request head that nothing follows until it is answered.
async fn read_connect_head(stream: &mut WatchedStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MAX_CONNECT_HEAD || stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_domains_and_their_subdomains_are_served() {
        let domains = ["x.com".to_owned(), "t.co".to_owned()];
        for host in ["x.com", "API.x.com", "a.b.x.com", "t.co"] {
            assert!(serves(&domains, host), "{host}");
        }
        for host in ["", "com", "dropbox.com", "x.com.evil.example", "at.co", "x.com.", "127.0.0.1"] {
            assert!(!serves(&domains, host), "{host}");
        }
    }

    #[test]
    fn a_malformed_certificate_is_refused() {
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert!(Tls::new(b"", key.as_bytes(), []).is_err());
    }
}
