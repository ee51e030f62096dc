//! Names of subjects, buckets and keys.

/// First part of the subjects of all streams.
const PREFIX: &str = "chirrup";
/// Length of the longest name of a source that is a name on the server as it is.
const MAX_TOKEN_LEN: usize = 64;

/// Subjects of a stream.
pub(super) fn subjects_of(stream: &str) -> String {
    format!("{PREFIX}.{stream}.>")
}

/// Subject of the items of this kind, or of all (`*`), that a source has.
pub(super) fn subject_of(stream: &str, kind: &str, source: &str) -> String {
    format!("{PREFIX}.{stream}.{kind}.{}", token_of(source))
}

/// Name of a bucket that belongs to a stream.
pub(super) fn bucket(stream: &str, purpose: &str) -> String {
    format!("{PREFIX}_{stream}_{purpose}")
}

/// Returns the name of a source in subjects and keys: a blank as `_`, and with a checksum if it has other characters or is
/// long.
pub(super) fn token_of(source: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let plain = |c: char| match c {
        ' ' => '_',
        c if is_plain(c) => c,
        _ => '-',
    };
    let token: String = source.chars().take(MAX_TOKEN_LEN).map(plain).collect();
    match source.len() <= MAX_TOKEN_LEN && source.chars().all(|c| is_plain(c) || c == ' ') {
        true => token,
        false => format!("{token}_{:08x}", crc32fast::hash(source.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_have_names_that_the_server_accepts() {
        assert_eq!(subject_of("birds", "posts", "stream firehose 3"), "chirrup.birds.posts.stream_firehose_3");
        let [search, other] = ["search query=heron -is:reply", "search query=heron *is:reply"].map(token_of);
        assert!(search.starts_with("search_query-heron_-is-reply_") && search != other, "{search} {other}");
        assert_eq!(token_of(&"ä".repeat(500)).len(), MAX_TOKEN_LEN + 9);
    }
}
