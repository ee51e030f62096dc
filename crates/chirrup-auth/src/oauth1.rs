//! OAuth 1.0a with HMAC-SHA1 (RFC 5849): base string, signature, and writing and reading of the `Authorization` header.

use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac};
use sha1::Sha1;

use crate::secret::Secret;

/// The four keys of an OAuth 1.0a user.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OAuth1Keys {
    /// Consumer key of the app, also called API key.
    pub consumer_key: String,
    /// Consumer secret of the app, also called API secret.
    pub consumer_secret: Secret,
    /// Access token of the user, which starts with the user's ID and `-`.
    pub token: String,
    /// Access token secret of the user.
    pub token_secret: Secret,
}

impl OAuth1Keys {
    /// Creates keys from the consumer key and secret of an app and the access token and secret of a user.
    pub fn new(
        consumer_key: impl Into<String>,
        consumer_secret: impl Into<Secret>,
        token: impl Into<String>,
        token_secret: impl Into<Secret>,
    ) -> Self {
        Self {
            consumer_key: consumer_key.into(),
            consumer_secret: consumer_secret.into(),
            token: token.into(),
            token_secret: token_secret.into(),
        }
    }
}

/// Decoded name and value of a parameter.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Error for a URL that cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidUrl(&'static str);

impl fmt::Display for InvalidUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "URL cannot be signed: {}", self.0)
    }
}

impl std::error::Error for InvalidUrl {}

/// Whether a byte is one of `A-Z a-z 0-9 - . _ ~`.
const UNRESERVED: [bool; 256] = {
    let (mut table, mut byte) = ([false; 256], 0_u8);
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

/// Returns the number of bytes at the beginning of a text that need no encoding.
fn unreserved_length(text: &str) -> usize {
    text.bytes().position(|byte| !UNRESERVED[usize::from(byte)]).unwrap_or(text.len())
}

/// Percent-encodes all characters but `A-Z a-z 0-9 - . _ ~`. A space becomes `%20`.
pub fn encode(text: &str) -> Cow<'_, str> {
    if unreserved_length(text) == text.len() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    encode_into(&mut out, text);
    Cow::Owned(out)
}

/// Encodes text that is not in memory otherwise.
fn encode_cow(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => encode(text),
        Cow::Owned(text) => Cow::Owned(encode(&text).into_owned()),
    }
}

/// Appends the percent-encoded text to `out`.
pub fn encode_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = text;
    loop {
        let (unreserved, others) = rest.split_at(unreserved_length(rest));
        out.push_str(unreserved);
        let Some(first) = others.chars().next() else { return };
        let (first, after) = others.split_at(first.len_utf8());
        for byte in first.bytes() {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
        rest = after;
    }
}

/// Decodes percent-encoded text. With `plus`, a `+` is a space, as in queries and forms.
///
/// A `%` without two hexadecimal digits after it remains unchanged.
pub fn decode(text: &str, plus: bool) -> Cow<'_, str> {
    if !text.bytes().any(|b| b == b'%' || (plus && b == b'+')) {
        return Cow::Borrowed(text);
    }
    let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], digit(bytes.get(i + 1)), digit(bytes.get(i + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 2;
            }
            (b'+', ..) if plus => out.push(b' '),
            (byte, ..) => out.push(byte),
        }
        i += 1;
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// Returns the decoded parameters of a query or a form body.
pub fn form_pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    text.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(name, true), decode(value, true))
    })
}

/// Returns whether the content type is that of a form, the only kind of body that is signed.
pub fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Returns the base string URI: scheme and host in lower case, without default port, query and fragment.
///
/// # Errors
/// If the scheme or host is missing, or the scheme or port is malformed.
pub fn base_uri(url: &str) -> Result<String, InvalidUrl> {
    let (scheme, rest) = url.split_once("://").ok_or(InvalidUrl("it has no scheme"))?;
    let valid = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    if scheme.is_empty() || !scheme.bytes().all(valid) {
        return Err(InvalidUrl("its scheme is malformed"));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if host.is_empty() {
        return Err(InvalidUrl("it has no host"));
    }
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(port.parse::<u16>().map_err(|_| InvalidUrl("its port is not a number up to 65535"))?),
    };
    let mut out = String::with_capacity(url.len());
    out.push_str(scheme);
    out.push_str("://");
    out.push_str(host);
    out.make_ascii_lowercase();
    let is_default = |port| matches!((&out[..scheme.len()], port), ("http", 80) | ("https", 443));
    if let Some(port) = port.filter(|port| !is_default(*port)) {
        let _ = write!(out, ":{port}");
    }
    out.push_str(path);
    Ok(out)
}

/// Returns the normalized parameters: encoded, sorted by name and then value, and joined.
pub fn normalize<'a>(pairs: impl Iterator<Item = Pair<'a>>) -> String {
    let mut encoded: Vec<Pair<'a>> = pairs.map(|(name, value)| (encode_cow(name), encode_cow(value))).collect();
    encoded.sort_unstable();
    let mut out = String::with_capacity(encoded.iter().map(|(name, value)| name.len() + value.len() + 2).sum());
    for (name, value) in &encoded {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
    out
}

/// Returns the signature base string of a request.
///
/// `form` is the body if [`is_form`] returns `true` for its content type, and empty otherwise. `oauth` are the parameters
/// of the header, of which `realm` and `oauth_signature` are skipped.
///
/// # Errors
/// If the URL is malformed.
pub fn base_string<'a>(
    method: &str,
    url: &'a str,
    form: &'a str,
    oauth: impl Iterator<Item = Pair<'a>>,
) -> Result<String, InvalidUrl> {
    let without_fragment = url.split('#').next().unwrap_or_default();
    let query = without_fragment.split_once('?').map_or("", |(_, query)| query);
    let oauth = oauth.filter(|(name, _)| name != "realm");
    let all = form_pairs(query).chain(form_pairs(form)).chain(oauth);
    let normalized = normalize(all.filter(|(name, _)| name != "oauth_signature"));
    let base_uri = base_uri(url)?;
    let mut out = String::with_capacity(method.len() + 2 * (base_uri.len() + normalized.len()));
    encode_into(&mut out, method);
    out.make_ascii_uppercase();
    out.push('&');
    encode_into(&mut out, &base_uri);
    out.push('&');
    encode_into(&mut out, &normalized);
    Ok(out)
}

/// SigningKey for signatures, prepared once for any number of requests.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha1>);

impl SigningKey {
    /// Creates the key from both secrets. The token secret is empty as long as there is no token.
    pub fn new(consumer_secret: &Secret, token_secret: &Secret) -> Self {
        let key = format!("{}&{}", encode(consumer_secret.expose()), encode(token_secret.expose()));
        match Hmac::<Sha1>::new_from_slice(key.as_bytes()) {
            Ok(mac) => Self(mac),
            Err(_) => unreachable!("HMAC takes keys of any length"),
        }
    }
    /// Returns the signature of a base string, in Base64.
    pub fn sign(&self, base_string: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(base_string.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
    /// Returns whether the signature is that of the base string. The comparison takes constant time.
    pub fn verify(&self, base_string: &str, signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature) else {
            return false;
        };
        let mut mac = self.0.clone();
        mac.update(base_string.as_bytes());
        mac.verify_slice(&signature).is_ok()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// Signer of requests for one user of one app.
#[derive(Clone)]
pub struct Signer {
    consumer_key: String,
    token: String,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// Creates a signer with these keys.
    pub fn new(keys: OAuth1Keys) -> Self {
        let key = SigningKey::new(&keys.consumer_secret, &keys.token_secret);
        Self { consumer_key: keys.consumer_key, token: keys.token, key }
    }
    /// Returns the access token of the user.
    pub fn token(&self) -> &str {
        &self.token
    }
    /// Returns the `Authorization` header for a request.
    ///
    /// `nonce` must be a new random text for each request; `timestamp` is in seconds since 1970.
    ///
    /// # Errors
    /// If the URL is malformed.
    pub fn header(
        &self,
        method: &str,
        url: &str,
        form: &str,
        nonce: &str,
        timestamp: i64,
    ) -> Result<String, InvalidUrl> {
        let timestamp = timestamp.to_string();
        let mut oauth: Vec<(&str, &str)> = vec![
            ("oauth_consumer_key", &self.consumer_key),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", &timestamp),
            ("oauth_token", &self.token),
            ("oauth_version", "1.0"),
        ];
        if self.token.is_empty() {
            oauth.retain(|(name, _)| *name != "oauth_token");
        }
        let pairs = oauth.iter().map(|(n, v)| (Cow::Borrowed(*n), Cow::Borrowed(*v)));
        let signature = self.key.sign(&base_string(method, url, form, pairs)?);
        oauth.insert(oauth.len().min(2), ("oauth_signature", &signature));
        let length: usize = oauth.iter().map(|(name, value)| name.len() + value.len() + 5).sum();
        // The signature contains up to 6 characters that are encoded.
        let mut header = String::with_capacity("OAuth ".len() + length + 12);
        for (name, value) in oauth {
            header.push_str(if header.is_empty() { "OAuth " } else { ", " });
            header.push_str(name);
            header.push_str("=\"");
            encode_into(&mut header, value);
            header.push('"');
        }
        Ok(header)
    }
}

/// Returns the decoded parameters of an `Authorization: OAuth` header, or `None` if it is another header or malformed.
pub fn parse_header(header: &str) -> Option<Vec<(String, String)>> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("oauth") {
        return None;
    }
    rest.split(',')
        .map(|part| {
            let (name, value) = part.trim().split_once('=')?;
            let value = value.strip_prefix('"')?.strip_suffix('"')?;
            Some((decode(name, false).into_owned(), decode(value, false).into_owned()))
        })
        .collect()
}
