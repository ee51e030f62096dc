//! Errors of an object store as messages, each with the next step.

use std::io;

use object_store::Error;

/// Longest part of an error that a server or a connection is responsible for.
const MAX_LEN: usize = 200;

/// Codes of responses that refuse the credentials.
const REFUSALS: [&str; 5] =
    ["AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch"];

/// Returns an error of an object store as one of a bucket. A response may repeat the request with its session token, so of
/// its body only the code and the message are shown.
pub(super) fn failed(bucket: &str, action: &str, why: &Error) -> io::Error {
    let text = why.to_string();
    let code = element(&text, "Code").unwrap_or_default();
    let reason = match (code, element(&text, "Message")) {
        ("", _) => {
            let cause = text.rsplit_once("HTTP error: ").map_or(&*text, |(_, cause)| cause);
            cut(cause.split('<').next().unwrap_or_default()).to_owned()
        }
        (code, Some(message)) => format!("{} ({})", cut(message), cut(code)),
        (code, None) => cut(code).to_owned(),
    };
    let (kind, step) = match why {
        _ if code == "NoSuchBucket" => (io::ErrorKind::NotFound, "create the bucket, or name another one"),
        _ if REFUSALS.contains(&code)
            || matches!(why, Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) =>
        {
            (
                io::ErrorKind::PermissionDenied,
                "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and what they permit in this bucket",
            )
        }
        Error::NotFound { .. } => (io::ErrorKind::NotFound, "check the name"),
        _ => (io::ErrorKind::Other, "check AWS_REGION and AWS_ENDPOINT_URL, or repeat the command later"),
    };
    io::Error::new(kind, format!("cannot {action} in the bucket `{bucket}`: {reason}; {step}"))
}

/// Returns the text of an element of an XML document.
fn element<'x>(text: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split('<').next()
}

fn cut(text: &str) -> &str {
    let text = text.trim_end_matches([' ', ':', '"', '.']);
    text.char_indices().nth(MAX_LEN).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_the_code_of_a_response_and_not_the_request() {
        let body = "<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not \
                    match.</Message><CanonicalRequest>x-amz-security-token:canary</CanonicalRequest></Error>";
        let source = Box::from(format!("Error performing PUT - Server returned non-2xx status code: 403: {body}"));
        let why = failed("birds", "store an object", &Error::PermissionDenied { path: "a".to_owned(), source });
        let expected = "cannot store an object in the bucket `birds`: The signature does not match \
                        (SignatureDoesNotMatch); check AWS_ACCESS_KEY_ID,";
        assert!(why.to_string().starts_with(expected) && !why.to_string().contains("canary"), "{why}");
    }
}
