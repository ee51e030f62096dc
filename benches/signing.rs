//! An OAuth 1.0a header, compared with only the HMAC-SHA1 of its signature base string.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed benchmark panics")]

use base64::Engine as _;
use chirrup::auth::OAuth1Keys;
use chirrup::auth::oauth1::{Signer, base_string, form_pairs};
use chirrup_benches::compare;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

fn main() {
    let signer = Signer::new(OAuth1Keys::new(
        "consumer-key-of-usual-len",
        "consumer-secret-that-is-about-fifty-letters-long-",
        "2244994900-access-token-of-the-usual-length-in-all",
        "token-secret-that-is-about-fortyfive-letters",
    ));
    let url = "https://api.x.com/2/tweets/search/recent?query=rust%20lang%3Aen&max_results=100&tweet.fields=created_at";
    let base = base_string("GET", url, "", form_pairs("oauth_nonce=0123456789abcdef&oauth_timestamp=1700000000&oauth_token=2244994900-access-token&oauth_version=1.0")).unwrap();
    let key = Hmac::<Sha1>::new_from_slice(b"consumer-secret&token-secret").unwrap();
    compare(
        "OAuth 1.0a header",
        41,
        5_000,
        ("HMAC only", "complete header"),
        || {
            let mut mac = key.clone();
            mac.update(base.as_bytes());
            let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
            std::hint::black_box(signature);
        },
        || drop(std::hint::black_box(signer.header("GET", url, "", "0123456789abcdef", 1_700_000_000))),
    );
}
