//! Certificates for the host names of X, signed by a certificate authority of the sandbox's own.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chirrup_model::Timestamp;
use chirrup_serve::Tls;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};

use super::data_file::owner_only;
use crate::error::SandboxError;
use crate::random::random_token;

/// Domains of X. The certificate covers their subdomains, too.
const DOMAINS: [&str; 4] = ["x.com", "twitter.com", "twimg.com", "t.co"];
/// Names of this machine in the certificate.
const OWN_NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// File of the certificate authority's certificate, which clients must trust.
const CA_FILE: &str = "ca.pem";
/// File of the certificate authority's private key.
const CA_KEY_FILE: &str = "ca-key.pem";

/// Validity of the certificate authority and of the certificate of a server, in years from the start of this year. Apple's
/// systems accept certificates of at most 825 days.
const CA_YEARS: i32 = 10;
const SERVER_YEARS: i32 = 2;

/// Folder that keeps the certificate authority of a sandbox.
#[derive(Debug, Clone)]
pub(super) enum CertificateFolder {
    /// A new folder in the system's folder for temporary files, removed when the sandbox stops.
    Temporary,
    /// This folder, whose certificate authority is reused.
    Named(PathBuf),
}

/// Certificate authority of a running sandbox, as a file.
#[derive(Debug)]
pub(super) struct CaFile {
    pub(super) path: PathBuf,
    /// Folder to remove when the sandbox stops.
    temporary: Option<PathBuf>,
}

impl Drop for CaFile {
    fn drop(&mut self) {
        if let Some(folder) = &self.temporary {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Opens the certificate authority of a folder, or creates it, and issues a certificate for a server.
pub(super) fn open(folder: &CertificateFolder, now: Timestamp) -> Result<(Tls, CaFile), SandboxError> {
    let (folder, temporary) = match folder {
        CertificateFolder::Named(folder) => (folder.clone(), None),
        CertificateFolder::Temporary => {
            let folder = std::env::temp_dir().join(format!("chirrup-sandbox-{}", random_token(12)));
            (folder.clone(), Some(folder))
        }
    };
    let is_temporary = temporary.is_some();
    let file = CaFile { path: folder.join(CA_FILE), temporary };
    let failed = |why: &dyn std::fmt::Display| {
        SandboxError(format!("cannot use the certificate authority in {}: {why}", folder.display()))
    };
    create_folder(&folder).map_err(|why| failed(&why))?;
    let year = year(now);
    let ca_key = if is_temporary {
        // No other sandbox needs the key, so that it never leaves the memory.
        KeyPair::generate().map_err(|why| failed(&why))?
    } else {
        stored_key(&folder.join(CA_KEY_FILE), &file.path, &failed)?
    };
    let ca = ca_params(year).map_err(|why| failed(&why))?;
    if !file.path.exists() {
        let certificate = ca.self_signed(&ca_key).map_err(|why| failed(&why))?;
        fs::write(&file.path, certificate.pem()).map_err(|why| failed(&why))?;
    }
    let key = KeyPair::generate().map_err(|why| failed(&why))?;
    let certificate = server_params(year)
        .and_then(|params| params.signed_by(&key, &Issuer::new(ca, ca_key)))
        .map_err(|why| failed(&why))?;
    let domains = DOMAINS.map(str::to_owned);
    let tls = Tls::new(certificate.pem().as_bytes(), key.serialize_pem().as_bytes(), domains);
    Ok((tls.map_err(|why| failed(&why))?, file))
}

/// Reads the key of the certificate authority, or creates it where neither key nor certificate exist.
fn stored_key(
    key_file: &Path,
    certificate: &Path,
    failed: &dyn Fn(&dyn std::fmt::Display) -> SandboxError,
) -> Result<KeyPair, SandboxError> {
    if key_file.exists() {
        let pem = fs::read_to_string(key_file).map_err(|why| failed(&why))?;
        // The source error is dropped, since it may show a part of the key.
        return KeyPair::from_pem(&pem).map_err(|_| failed(&format!("{CA_KEY_FILE} has no private key; delete it")));
    }
    if certificate.exists() {
        return Err(failed(&format!("{CA_FILE} is there without {CA_KEY_FILE}; delete it or name another folder")));
    }
    let key = KeyPair::generate().map_err(|why| failed(&why))?;
    write_private(key_file, &key.serialize_pem()).map_err(|why| failed(&why))?;
    Ok(key)
}

/// Creates a folder that only its owner can use, unless it exists.
fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Writes a new file that only its owner can read.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(file)?.write_all(text.as_bytes())
}

fn year(now: Timestamp) -> i32 {
    now.to_string().split('-').next().and_then(|year| year.parse().ok()).unwrap_or(2026)
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// Certificate authority for the domains of X and this machine alone: a program that trusts it trusts it for no other host.
fn ca_params(year: i32) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = named("Chirrup sandbox");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let mut permitted_subtrees: Vec<_> =
        DOMAINS.iter().map(|domain| GeneralSubtree::DnsName((*domain).to_owned())).collect();
    permitted_subtrees.push(GeneralSubtree::DnsName("localhost".to_owned()));
    permitted_subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 1], [255; 4])));
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + CA_YEARS, 1, 1);
    Ok(params)
}

fn server_params(year: i32) -> Result<CertificateParams, rcgen::Error> {
    let domains = DOMAINS.iter().flat_map(|domain| [(*domain).to_owned(), format!("*.{domain}")]);
    let names: Vec<String> = domains.chain(OWN_NAMES.map(str::to_owned)).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = named("Server of the Chirrup sandbox");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = date_time_ymd(year, 1, 1);
    params.not_after = date_time_ymd(year + SERVER_YEARS, 1, 1);
    Ok(params)
}
