//! Detection of media types, and the size limits of each.

use chirrup_api::Error;
use chirrup_model::{MediaCategory, MediaFormat};

/// Where an uploaded file will be used, which decides its category and size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaPurpose {
    /// An image, GIF or video of a post.
    Post,
    /// An image, GIF or video of a direct message.
    DirectMessage,
    /// Subtitles of an uploaded video.
    Subtitles,
}

/// Size of a video in bytes that X accepts from every account.
pub(super) const USUAL_VIDEO_SIZE: u64 = 512 << 20;
/// Maximum size of a video in bytes.
const MAX_VIDEO_SIZE: u64 = 16 << 30;

const MB: u64 = 1_000_000;

/// Detects the media type of a file from its first 200 bytes or more. `None` if X does not accept its type.
pub fn sniff(start: &[u8]) -> Option<MediaFormat> {
    let is = |at: usize, magic: &[u8]| start.get(at..at + magic.len()) == Some(magic);
    Some(match start {
        _ if is(0, b"\x89PNG\r\n\x1a\n") => MediaFormat::ImagePng,
        _ if is(0, b"\xff\xd8\xff") => MediaFormat::ImageJpeg,
        _ if is(0, b"GIF87a") || is(0, b"GIF89a") => MediaFormat::ImageGif,
        _ if is(0, b"RIFF") && is(8, b"WEBP") => MediaFormat::ImageWebp,
        _ if is(0, b"BM") => MediaFormat::ImageBmp,
        _ if is(0, b"II*\0") || is(0, b"MM\0*") => MediaFormat::ImageTiff,
        _ if is(4, b"ftypqt  ") => MediaFormat::VideoQuicktime,
        _ if is(4, b"ftyp") => MediaFormat::VideoMp4,
        _ if is(0, b"\x1a\x45\xdf\xa3") => MediaFormat::VideoWebm,
        _ if is(0, b"G") && is(188, b"G") => MediaFormat::VideoMp2t,
        _ if is(0, b"glTF") => MediaFormat::ModelGltfBinary,
        _ if is(0, b"WEBVTT") || is(0, b"\xef\xbb\xbfWEBVTT") => MediaFormat::TextVtt,
        _ if is_srt(start) => MediaFormat::TextSrt,
        _ => return None,
    })
}

/// Whether the text begins like SRT: a line with a number, then one with two times and an arrow between.
fn is_srt(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).skip_while(|line| line.is_empty());
    let number = lines.next().is_some_and(|line| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
    number && lines.next().is_some_and(|line| line.contains("-->"))
}

impl MediaPurpose {
    /// Returns the category by which X knows such a file.
    ///
    /// # Errors
    /// [`ErrorKind::Media`](chirrup_api::ErrorKind::Media) if the file is empty or too large.
    pub(super) fn category(self, format: &MediaFormat, size: u64) -> Result<MediaCategory, Error> {
        let media_type = format.as_str();
        let (what, limit) = match media_type {
            _ if self == Self::Subtitles => ("subtitles", MB / 2),
            "image/gif" => ("GIF", 15 * MB),
            _ if media_type.starts_with("image/") => ("image", 5 * MB),
            _ if media_type.starts_with("text/") => ("subtitles", MB / 2),
            _ => ("video", MAX_VIDEO_SIZE),
        };
        if size == 0 {
            return Err(Error::media(format!("upload: the {what} file is empty")).with_hint("nothing was sent"));
        }
        if size > limit {
            let message = format!("upload: the {what} file has {size} bytes; the limit is {limit} bytes");
            return Err(Error::media(message).with_hint("compress the file; nothing was sent"));
        }
        Ok(match (self, what) {
            (_, "subtitles") => MediaCategory::Subtitles,
            (Self::DirectMessage, "GIF") => MediaCategory::DmGif,
            (Self::DirectMessage, "image") => MediaCategory::DmImage,
            (Self::DirectMessage, _) => MediaCategory::DmVideo,
            (_, "GIF") => MediaCategory::TweetGif,
            (_, "image") => MediaCategory::TweetImage,
            _ => MediaCategory::TweetVideo,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_reveal_the_media_type() {
        let mut mpeg = vec![0; 200];
        (mpeg[0], mpeg[188]) = (b'G', b'G');
        for (start, format) in [
            (&b"\x89PNG\r\n\x1a\n..."[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x18ftypisom", "video/mp4"),
            (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
            (b"\x1a\x45\xdf\xa3", "video/webm"),
            (b"1\r\n00:00:01,000 --> 00:00:02,000\r\nhello", "text/srt"),
            (b"WEBVTT\n", "text/vtt"),
            (&mpeg, "video/mp2t"),
        ] {
            assert_eq!(sniff(start).map(|format| format.as_str().to_owned()).as_deref(), Some(format));
        }
        for nothing in [&b""[..], b"hello", b"RIFF....WAVE", b"\x89PN", b"GIF", b"G"] {
            assert_eq!(sniff(nothing), None);
        }
    }

    #[test]
    fn files_that_are_too_large_are_refused() {
        let check = |format, size| MediaPurpose::Post.category(&format, size);
        assert_eq!(check(MediaFormat::ImagePng, 5_000_000).expect("fits"), MediaCategory::TweetImage);
        assert!(check(MediaFormat::ImagePng, 5_000_001).unwrap_err().message().contains("5000001"));
        assert_eq!(check(MediaFormat::ImageGif, 15_000_000).expect("fits"), MediaCategory::TweetGif);
        assert!(check(MediaFormat::VideoMp4, 0).is_err() && check(MediaFormat::VideoMp4, (16 << 30) + 1).is_err());
        assert_eq!(check(MediaFormat::VideoMp4, 16 << 30).expect("fits"), MediaCategory::TweetVideo);
        assert_eq!(
            MediaPurpose::DirectMessage.category(&MediaFormat::VideoMp4, 9).expect("fits"),
            MediaCategory::DmVideo
        );
    }
}
