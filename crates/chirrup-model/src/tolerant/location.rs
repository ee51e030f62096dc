//! The place of a decoding error in a body, as a path of keys and indices.

/// Step from a value to a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Index(usize),
    Key(String),
}

/// Returns the path of the innermost value that contains or ends at a byte of a JSON text without white space.
///
/// An error of serde_json names the byte at which its value begins or after which it ends. Decoders that record a path
/// know it too, but each type would then be compiled a second time, with that decoder.
pub(super) fn path_at(text: &[u8], byte: usize) -> Vec<Step> {
    let mut scan = Scan { text, next: 0, byte, path: Vec::new() };
    scan.value();
    scan.path
}

struct Scan<'t> {
    text: &'t [u8],
    next: usize,
    byte: usize,
    path: Vec<Step>,
}

impl Scan<'_> {
    /// Skips a value. Returns whether the byte was found in it; the path then leads to the innermost value.
    fn value(&mut self) -> bool {
        let start = self.next;
        match self.text.get(start) {
            Some(b'[') => {
                let mut index = 0;
                while self.enter(b']') {
                    if self.item(Step::Index(index), self.next) {
                        return true;
                    }
                    index += 1;
                }
            }
            Some(b'{') => {
                while self.enter(b'}') {
                    let start = self.next;
                    self.string();
                    let key = serde_json::from_slice(&self.text[start..self.next]).unwrap_or_default();
                    self.next += 1;
                    if self.item(Step::Key(key), start) {
                        return true;
                    }
                }
            }
            Some(b'"') => self.string(),
            _ => self.next += self.text.iter().skip(start).take_while(|byte| !b",]}".contains(byte)).count(),
        }
        (start..=self.next).contains(&self.byte)
    }

    /// Passes the bracket that opens a container, or the comma or bracket after an item. Returns whether an item follows.
    fn enter(&mut self, close: u8) -> bool {
        let ends_here = |at: usize| self.text.get(at).is_none_or(|byte| *byte == close);
        if ends_here(self.next) {
            self.next = (self.next + 1).min(self.text.len());
            return false;
        }
        self.next += 1;
        if !ends_here(self.next) {
            return true;
        }
        self.next = (self.next + 1).min(self.text.len());
        false
    }

    fn item(&mut self, step: Step, start: usize) -> bool {
        self.path.push(step);
        if self.value() || (start..=self.next).contains(&self.byte) {
            return true;
        }
        self.path.pop();
        false
    }

    fn string(&mut self) {
        self.next += 1;
        while let Some(byte) = self.text.get(self.next) {
            self.next += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                break;
            }
        }
        self.next = self.next.min(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_belongs_to_the_innermost_value() {
        let text = br#"{"a":[1,{"b\"":"x"},[]],"c":null}"#;
        let name = |byte| {
            let steps = path_at(text, byte).into_iter().map(|step| match step {
                Step::Index(index) => format!("[{index}]"),
                Step::Key(key) => format!(".{key}"),
            });
            steps.collect::<String>()
        };
        let at = |part: &str| std::str::from_utf8(text).expect("UTF-8").find(part).expect("a part of the text");
        assert_eq!(name(0), "", "the value itself");
        assert_eq!(name(at("[1")), ".a", "begins");
        assert_eq!(name(at("1") + 1), ".a[0]", "ends");
        assert_eq!(name(at("{\"b")), ".a[1]");
        assert_eq!(name(at("\"x\"") + 3), ".a[1].b\"");
        assert_eq!(name(at("},[]") + 1), ".a[1]", "ends after its bracket");
        assert_eq!(name(at("[]") + 2), ".a[2]");
        assert_eq!(name(at("null")), ".c");
        assert_eq!(name(text.len()), "");
        assert_eq!(name(text.len() + 9), "");
    }

    #[test]
    fn a_text_that_ends_too_early_is_scanned_to_its_end() {
        let text = br#"{"a":[1,{"b":"x\"#;
        for length in 0..text.len() {
            path_at(&text[..length], length);
        }
    }
}
