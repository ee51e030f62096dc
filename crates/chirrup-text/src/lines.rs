//! Tables from text files, read while compiling.

/// The lines of a file, each ended by a line feed.
///
/// # Panics
/// While compiling, where the number of lines is not `N`.
pub(crate) const fn lines<const N: usize>(file: &'static str) -> [&'static str; N] {
    let mut lines = [""; N];
    let mut rest = file.as_bytes();
    let mut n = 0;
    while !rest.is_empty() {
        let mut len = 0;
        while rest[len] != b'\n' {
            len += 1;
        }
        let (line, after) = rest.split_at(len);
        lines[n] = match std::str::from_utf8(line) {
            Ok(line) => line,
            Err(_) => panic!("a table is not UTF-8"),
        };
        rest = after.split_at(1).1;
        n += 1;
    }
    assert!(n == N, "a table has fewer lines than it says");
    lines
}
