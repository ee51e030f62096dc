//! Addresses of archives in object stores: `s3://bucket/prefix`.

use std::fmt;
use std::io;

use object_store::path::Path;

use crate::server_url::S3_SCHEME;

/// Bucket of an object store, and the prefix of the names of an archive's objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BucketAddress {
    pub(super) bucket: String,
    pub(super) prefix: Path,
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{S3_SCHEME}{}/{}", self.bucket, self.prefix)
    }
}

impl BucketAddress {
    /// Parses the address of an archive in a bucket.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] if it has another form.
    pub(crate) fn parse(address: &str) -> io::Result<Self> {
        let invalid = |why: &str| {
            let why = format!("the address of an archive in an object store {why}; expected {S3_SCHEME}BUCKET/PREFIX");
            io::Error::new(io::ErrorKind::InvalidInput, why)
        };
        let rest = address.strip_prefix(S3_SCHEME).ok_or_else(|| invalid("has another scheme"))?;
        if rest.contains('@') {
            return Err(invalid("has no credentials: these are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
        }
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_bucket = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(is_bucket) {
            return Err(invalid("needs the name of a bucket: 3 to 63 letters, digits, `-`, `.` and `_`"));
        }
        let is_prefix = |c: char| is_bucket(c) || matches!(c, '/' | '=' | ' ');
        if !prefix.chars().all(is_prefix) {
            return Err(invalid("may have letters, digits, `-`, `.`, `_`, `=` and spaces after the bucket"));
        }
        let is_file = |ending: &&str| prefix.ends_with(ending);
        if [".jsonl", ".zst", ".db", ".sqlite", ".sqlite3", ".parquet", ".csv"].iter().any(is_file) {
            return Err(invalid(
                "names a file, but an archive there is a folder of Parquet files; leave out the ending",
            ));
        }
        let prefix = Path::parse(prefix).map_err(|_| invalid("has an empty part or `..` after the bucket"))?;
        Ok(Self { bucket: bucket.to_owned(), prefix })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_have_a_bucket_and_a_prefix() {
        for (address, shown) in [
            ("s3://birds/herons/2026", "s3://birds/herons/2026"),
            ("s3://birds/herons/", "s3://birds/herons"),
            ("s3://birds", "s3://birds/"),
        ] {
            assert_eq!(BucketAddress::parse(address).unwrap().to_string(), shown);
        }
        for address in [
            "s3://",
            "s3://a",
            "s3://birds/a//b",
            "s3://birds/../x",
            "s3://birds/a?b",
            "s3://birds/a.jsonl",
            "s3://bi rds/a",
        ] {
            let why = BucketAddress::parse(address).unwrap_err();
            assert_eq!(why.kind(), io::ErrorKind::InvalidInput, "{address}");
        }
        let why = BucketAddress::parse("s3://key:canary@birds/herons").unwrap_err().to_string();
        assert!(why.contains("AWS_SECRET_ACCESS_KEY") && !why.contains("canary"), "{why}");
    }
}
