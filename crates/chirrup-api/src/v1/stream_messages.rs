//! The messages of a v1.1 stream that ended.

use bytes::Bytes;
use chirrup_model::ResponseData;
use chirrup_model::v1::StreamMessage;
use serde::{Deserialize, Serialize};

/// Messages that a v1.1 stream delivered until it ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamMessages(pub Vec<StreamMessage>);

impl ResponseData for StreamMessages {
    fn from_bytes(body: &Bytes) -> Option<Self> {
        let lines = body.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| line.starts_with(b"{"));
        lines.map(|line| StreamMessage::read(line).ok()).collect::<Option<_>>().map(Self)
    }
}
