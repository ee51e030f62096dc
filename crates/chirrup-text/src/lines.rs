//! Tables in text files, split into lines at compile time.

/// Returns the lines of a file. Every line, also the last, ends with a line feed.
///
/// # Panics
/// At compile time, if the number of lines is not `N` or the file is not UTF-8.
#[allow(clippy::panic, reason = "it runs at compile time only")]
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
            Err(_) => panic!("the table is not UTF-8"),
        };
        rest = after.split_at(1).1;
        n += 1;
    }
    assert!(n == N, "the table has fewer lines than declared");
    lines
}
