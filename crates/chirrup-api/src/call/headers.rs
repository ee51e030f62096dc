//! Headers that callers add to requests.

use chirrup_auth::Secret;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Headers that the client sets itself.
pub const RESERVED_HEADERS: [HeaderName; 7] = [
    header::AUTHORIZATION,
    header::HOST,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
    header::ACCEPT_ENCODING,
];

/// Adds a header, whose value never appears in a log, and replaces an earlier one of its name.
///
/// # Errors
/// The reason if the header cannot be sent.
pub fn add_header(headers: &mut HeaderMap, name: &str, value: &Secret) -> Result<(), &'static str> {
    let name: HeaderName = name.parse().map_err(|_| "is not the name of a header")?;
    if RESERVED_HEADERS.contains(&name) {
        return Err("is a header that the client sets itself");
    }
    let value = HeaderValue::from_str(value.expose());
    let mut value = value.map_err(|_| "has a value with a character that is not allowed in a header")?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_replaces_one_of_its_name() {
        let mut headers = HeaderMap::new();
        for value in ["one", "two"] {
            add_header(&mut headers, "X-Report", &Secret::new(value)).unwrap();
        }
        assert_eq!(headers.get_all("x-report").iter().collect::<Vec<_>>(), ["two"]);
        assert!(!format!("{headers:?}").contains("two"), "the value is not shown");
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_refused() {
        for (name, value) in [("Authorization", "x"), ("two words", "x"), ("X-Report", "two\nlines")] {
            add_header(&mut HeaderMap::new(), name, &Secret::new(value)).unwrap_err();
        }
    }
}
