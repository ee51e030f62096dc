//! What an uploaded file is: type, size in pixels and duration, read from its first bytes.

use serde_json::{Value as Json, json};

/// Size in bytes of the end of a segment in which the header boxes of a video are searched.
const SEARCHED_TAIL: usize = 256 << 10;

/// Type and measures of an image or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MediaType {
    pub(super) mime: &'static str,
    pub(super) width: u64,
    pub(super) height: u64,
    /// Duration of a video in milliseconds.
    pub(super) duration_ms: Option<u64>,
}

impl MediaType {
    /// Returns the description that an upload keeps.
    pub(super) fn to_json(self) -> Json {
        json!({"mime": self.mime, "width": self.width, "height": self.height, "duration_ms": self.duration_ms})
    }
}

/// Returns what a file is, or `None` if it is neither an image nor a video that X accepts.
pub(super) fn media_type(file: &[u8]) -> Option<MediaType> {
    let image = |mime, size: Option<(u64, u64)>| {
        size.map(|(width, height)| MediaType { mime, width, height, duration_ms: None })
    };
    match file {
        [0x89, b'P', b'N', b'G', ..] => image("image/png", Some((be32(file, 16)?, be32(file, 20)?))),
        [b'G', b'I', b'F', b'8', ..] => image("image/gif", Some((le16(file, 6)?, le16(file, 8)?))),
        [0xFF, 0xD8, 0xFF, ..] => image("image/jpeg", jpeg_size(file)),
        [b'B', b'M', ..] => image("image/bmp", Some((le32(file, 18)?, le32(file, 22)?))),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => image("image/webp", webp_size(file)),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(mp4(file)),
        _ => None,
    }
}

fn bytes<const N: usize>(file: &[u8], at: usize) -> Option<[u8; N]> {
    file.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be16(file: &[u8], at: usize) -> Option<u64> {
    bytes(file, at).map(u16::from_be_bytes).map(u64::from)
}

fn be32(file: &[u8], at: usize) -> Option<u64> {
    bytes(file, at).map(u32::from_be_bytes).map(u64::from)
}

fn le16(file: &[u8], at: usize) -> Option<u64> {
    bytes(file, at).map(u16::from_le_bytes).map(u64::from)
}

fn le32(file: &[u8], at: usize) -> Option<u64> {
    bytes(file, at).map(u32::from_le_bytes).map(u64::from)
}

/// Reads the size from the start of the first frame.
fn jpeg_size(file: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = bytes(file, at)? else { return None };
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return Some((be16(file, at + 7)?, be16(file, at + 5)?));
            }
            // Padding between segments.
            0xFF => at += 1,
            _ => at += 2 + usize::try_from(be16(file, at + 2)?).ok()?,
        }
    }
}

fn webp_size(file: &[u8]) -> Option<(u64, u64)> {
    let le24 = |at: usize| Some(le16(file, at)? | u64::from(*file.get(at + 2)?) << 16);
    match file.get(12..16)? {
        b"VP8X" => Some((le24(24)? + 1, le24(27)? + 1)),
        b"VP8L" => {
            let bits = le32(file, 21)?;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " => Some((le16(file, 26)? & 0x3FFF, le16(file, 28)? & 0x3FFF)),
        _ => None,
    }
}

/// Reads the header boxes of a video. A video without them has the size and duration of a video of the demo world.
fn mp4(file: &[u8]) -> MediaType {
    let mime = if file.get(8..12) == Some(b"qt  ") { "video/quicktime" } else { "video/mp4" };
    let movie = find_box(file, b"moov").unwrap_or_default();
    let found = movie_measures(movie);
    let (width, height) = found.size.unwrap_or((1_280, 720));
    MediaType { mime, width, height, duration_ms: Some(found.duration_ms.unwrap_or(10_000)) }
}

/// Returns the measures in a later segment of a video, if it ends with the header boxes.
pub(super) fn measures_at_end(segment: &[u8]) -> Option<MediaType> {
    let tail = segment.len().saturating_sub(SEARCHED_TAIL);
    let at = segment.get(tail..)?.windows(4).position(|kind| kind == b"moov")?;
    let movie = find_box(segment.get((tail + at).checked_sub(4)?..)?, b"moov")?;
    let found = movie_measures(movie);
    let (width, height) = found.size?;
    Some(MediaType { mime: "video/mp4", width, height, duration_ms: found.duration_ms })
}

/// What the header boxes of a video say.
struct MovieMeasures {
    size: Option<(u64, u64)>,
    duration_ms: Option<u64>,
}

fn movie_measures(movie: &[u8]) -> MovieMeasures {
    let duration_ms = find_box(movie, b"mvhd").and_then(|header| {
        // Version 1 has times of 64 bits.
        let (scale, duration) = match header.first()? {
            1 => (be32(header, 20)?, be32(header, 24)? << 32 | be32(header, 28)?),
            _ => (be32(header, 12)?, be32(header, 16)?),
        };
        duration.checked_mul(1_000)?.checked_div(scale)
    });
    let size = boxes(movie).filter(|(kind, _)| *kind == b"trak").find_map(|(_, track)| {
        let header = find_box(track, b"tkhd")?;
        // The last two fields, with 16 bits after the point. Tracks of sound have no size.
        let end = header.len();
        let size = (be32(header, end.checked_sub(8)?)? >> 16, be32(header, end.checked_sub(4)?)? >> 16);
        (size.0 > 0 && size.1 > 0).then_some(size)
    });
    MovieMeasures { size, duration_ms }
}

/// Kinds and contents of the boxes in a part of a file.
fn boxes(part: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    let mut rest = part;
    std::iter::from_fn(move || {
        let size = usize::try_from(be32(rest, 0)?).ok()?;
        let kind = rest.get(4..8)?.try_into().ok()?;
        let (header, size) = match size {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(be32(rest, 8)? << 32 | be32(rest, 12)?).ok()?),
            size => (8, size),
        };
        let content = rest.get(header..size.min(rest.len()))?;
        rest = &rest[size.min(rest.len())..];
        Some((kind, content))
    })
}

fn find_box<'f>(part: &'f [u8], kind: &[u8; 4]) -> Option<&'f [u8]> {
    boxes(part).find(|(found, _)| *found == kind).map(|(_, content)| content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).expect("small").to_be_bytes();
        [&size[..], kind, content].concat()
    }

    #[test]
    fn the_size_of_an_image_is_read() {
        let gif = media_type(b"GIF89a\x40\x01\xF0\x00\x00").expect("a GIF");
        assert_eq!((gif.mime, gif.width, gif.height), ("image/gif", 320, 240));
        let png =
            [b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".as_slice(), &1_252_u32.to_be_bytes(), &626_u32.to_be_bytes()].concat();
        let png = media_type(&png).expect("a PNG");
        assert_eq!((png.mime, png.width, png.height), ("image/png", 1_252, 626));
        let jpeg = b"\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xC0\x00\x11\x08\x00\x0A\x00\x14\x03";
        let jpeg = media_type(jpeg).expect("a JPEG");
        assert_eq!((jpeg.mime, jpeg.width, jpeg.height), ("image/jpeg", 20, 10));
        assert_eq!(media_type(b"hello"), None);
        assert_eq!(media_type(b"\x89PNG"), None, "cut off");
    }

    #[test]
    fn size_and_duration_of_a_video_are_read() {
        let header = [&[0; 12][..], &1_000_u32.to_be_bytes(), &2_500_u32.to_be_bytes()].concat();
        let track = [&[0; 76][..], &(640_u32 << 16).to_be_bytes(), &(360_u32 << 16).to_be_bytes()].concat();
        let movie = [boxed(b"mvhd", &header), boxed(b"trak", &boxed(b"tkhd", &track))].concat();
        let file = [boxed(b"ftyp", b"isom"), boxed(b"moov", &movie)].concat();
        let video = media_type(&file).expect("a video");
        assert_eq!((video.mime, video.width, video.height), ("video/mp4", 640, 360));
        assert_eq!(video.duration_ms, Some(2_500));
    }
}
