//! Bodies of the type `multipart/form-data`, which contain files.

use bytes::{BufMut as _, Bytes, BytesMut};
use memchr::memmem::find;

const KIND: &str = "multipart/form-data; boundary=";

/// Writes a body with fields and a file. The boundary does not occur in the file.
pub(crate) fn write(fields: &[(&str, &str)], name: &str, file: &Bytes) -> (String, Bytes) {
    let boundary = boundary_for(file);
    let mut body =
        BytesMut::with_capacity(file.len() + 512 + fields.iter().map(|(n, v)| n.len() + v.len() + 128).sum::<usize>());
    for (name, value) in fields {
        body.put_slice(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes(),
        );
    }
    let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n");
    body.put_slice(head.as_bytes());
    body.put_slice(b"Content-Type: application/octet-stream\r\n\r\n");
    body.put_slice(file);
    body.put_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    (format!("{KIND}{boundary}"), body.freeze())
}

/// Returns a boundary that depends only on the file, so that the same request has the same bytes.
fn boundary_for(file: &[u8]) -> String {
    let mut number = 0_u32;
    loop {
        let boundary = format!("chirrup-part-of-a-form-{number:08x}");
        if find(file, boundary.as_bytes()).is_none() {
            return boundary;
        }
        number += 1;
    }
}

/// A part of a body: a field or a file.
pub(crate) struct Part<'b> {
    pub(crate) name: String,
    pub(crate) is_file: bool,
    pub(crate) value: &'b [u8],
}

/// Returns whether a content type is `multipart/form-data`.
pub(crate) fn is_multipart(content_type: &str) -> bool {
    content_type.get(..19).is_some_and(|kind| kind.eq_ignore_ascii_case("multipart/form-data"))
}

/// Reads the parts of a body; `None` if it is malformed.
pub(crate) fn read<'b>(content_type: &str, mut body: &'b [u8]) -> Option<Vec<Part<'b>>> {
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
            let (kind, body) = write(&[("segment_index", "7"), ("empty", "")], "media", &file);
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
    }
}
