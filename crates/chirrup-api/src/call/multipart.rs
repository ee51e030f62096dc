//! Bodies of the type `multipart/form-data`, which contain files.

use std::borrow::Cow;

use bytes::{BufMut as _, Bytes, BytesMut};
use memchr::memmem::find;

const KIND: &str = "multipart/form-data; boundary=";

/// Writes a body with fields and files. The boundary does not occur in them.
pub(crate) fn write(fields: &[(&str, &str)], files: &[(Cow<'_, str>, Bytes)]) -> (String, Bytes) {
    let boundary = boundary_for(fields, files);
    let capacity = fields.iter().map(|(name, value)| name.len() + value.len() + 128).sum::<usize>()
        + files.iter().map(|(name, file)| 2 * name.len() + file.len() + 512).sum::<usize>();
    let mut body = BytesMut::with_capacity(capacity);
    for (name, value) in fields {
        let name = quoted(name);
        body.put_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    for (name, file) in files {
        let name = quoted(name);
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n");
        body.put_slice(head.as_bytes());
        body.put_slice(b"Content-Type: application/octet-stream\r\n\r\n");
        body.put_slice(file);
        body.put_slice(b"\r\n");
    }
    body.put_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("{KIND}{boundary}"), body.freeze())
}

/// Returns a name that cannot end its quotes or its line.
fn quoted(name: &str) -> Cow<'_, str> {
    if name.contains(['"', '\r', '\n']) {
        Cow::Owned(name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Returns a boundary that depends only on the content, so that the same request has the same bytes.
fn boundary_for(fields: &[(&str, &str)], files: &[(Cow<'_, str>, Bytes)]) -> String {
    let mut number = 0_u32;
    loop {
        let boundary = format!("chirrup-part-of-a-form-{number:08x}");
        let is_in = |content: &[u8]| find(content, boundary.as_bytes()).is_some();
        if !fields.iter().any(|(_, value)| is_in(value.as_bytes())) && !files.iter().any(|(_, file)| is_in(file)) {
            return boundary;
        }
        number += 1;
    }
}

/// A part of a multipart body: a field or a file.
#[derive(Debug)]
pub struct Part<'b> {
    /// Name of the part.
    pub name: String,
    /// Whether the part is a file.
    pub is_file: bool,
    /// Content of the part.
    pub value: &'b [u8],
}

/// Returns whether a content type is `multipart/form-data`.
pub fn is_multipart(content_type: &str) -> bool {
    content_type.get(..19).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data"))
}

/// Reads the parts of a multipart body; `None` if it is malformed.
pub fn read<'b>(content_type: &str, mut body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let boundary = content_type.split(';').find_map(|part| part.trim().strip_prefix("boundary="))?;
    let line = format!("--{}", boundary.trim_matches('"'));
    let end = format!("\r\n{line}");
    body = body.strip_prefix(line.as_bytes())?;
    let mut parts = Vec::new();
    while !body.starts_with(b"--") {
        body = body.strip_prefix(b"\r\n")?;
        let split = find(body, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&body[..split]).ok()?;
        body = &body[split + 4..];
        let stop = find(body, end.as_bytes())?;
        let named = |what: &str| Some(head.split_once(what)?.1.split('"').next()?.to_owned());
        // Some clients send a content type in place of a file name.
        let lower = head.to_ascii_lowercase();
        let bare = lower.contains("application/octet-stream") && !lower.contains("base64");
        let is_file = bare || head.contains("filename=\"");
        parts.push(Part { name: named(" name=\"")?, is_file, value: &body[..stop] });
        body = &body[stop + end.len()..];
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_body_is_read_back() {
        let awkward = b"\r\n--chirrup-part-of-a-form-00000000--\r\n\r\n\x00\xff--".to_vec();
        for file in [Bytes::new(), Bytes::from_static(b"\r\n"), Bytes::from(awkward), Bytes::from(vec![b'-'; 10_000])] {
            let (kind, body) = write(&[("segment_index", "7"), ("empty", "")], &[("media".into(), file.clone())]);
            assert!(is_multipart(&kind));
            let parts = read(&kind, &body).expect("parts");
            let read: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.is_file, part.value)).collect();
            assert_eq!(read, [("segment_index", false, &b"7"[..]), ("empty", false, b""), ("media", true, &file[..])]);
            for cut in 0..body.len().min(400) {
                let _ = super::read(&kind, &body[..cut]);
                let _ = super::read(&kind, &body[cut..]);
            }
        }
        assert!(read("multipart/form-data", b"").is_none() && !is_multipart("text/plain"));
        let files = [("a\"\r\n".into(), Bytes::from_static(b"1")), ("b".into(), Bytes::from_static(b"2"))];
        let (kind, body) = write(&[("text", "chirrup-part-of-a-form-00000000")], &files);
        let parts = read(&kind, &body).expect("parts");
        let read: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.value)).collect();
        let text = &b"chirrup-part-of-a-form-00000000"[..];
        assert_eq!(read, [("text", text), ("a%22%0D%0A", b"1"), ("b", b"2")]);
    }
}
