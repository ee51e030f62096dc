//! The part of a stream's queue that is on the disk.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use bytes::Bytes;
use chirrup_api::RawEvent;

/// Size in bytes from which the file is truncated after all of it was read.
const KEEP_SIZE: u64 = 16 << 20;

#[derive(Debug)]
enum Segment {
    /// This many lines of the file.
    Lines(usize),
    Event(RawEvent),
}

/// Lines in an unnamed temporary file, which the system deletes with the process, and the events between them in memory.
#[derive(Debug, Default)]
pub(super) struct Spill {
    file: Option<File>,
    order: VecDeque<Segment>,
    lines: usize,
    read: u64,
    written: u64,
}

impl Spill {
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns the number of lines in the file that have not been read.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// Returns the number of bytes that the lines take on the disk.
    pub(super) fn bytes(&self) -> u64 {
        self.written
    }

    pub(super) fn push(&mut self, event: RawEvent) -> io::Result<()> {
        let RawEvent::Line(line) = event else {
            self.order.push_back(Segment::Event(event));
            return Ok(());
        };
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let length = u32::try_from(line.bytes.len()).map_err(io::Error::other)?;
        file.seek(SeekFrom::Start(self.written))?;
        file.write_all(&[&length.to_le_bytes()[..], &line.bytes].concat())?;
        self.written += 4 + u64::from(length);
        self.lines += 1;
        match self.order.back_mut() {
            Some(Segment::Lines(count)) => *count += 1,
            _ => self.order.push_back(Segment::Lines(1)),
        }
        Ok(())
    }

    pub(super) fn pop(&mut self) -> io::Result<Option<RawEvent>> {
        match self.order.front_mut() {
            None => return Ok(None),
            Some(Segment::Lines(count)) if *count > 1 => *count -= 1,
            Some(_) => {
                if let Some(Segment::Event(event)) = self.order.pop_front() {
                    return Ok(Some(event));
                }
            }
        }
        let line = self.read_line()?;
        self.lines -= 1;
        if self.lines == 0 {
            self.rewind()?;
        }
        Ok(Some(RawEvent::Line(line.into())))
    }

    fn read_line(&mut self) -> io::Result<Bytes> {
        let file = self.file.as_mut().ok_or_else(|| io::Error::other("the temporary file is missing"))?;
        file.seek(SeekFrom::Start(self.read))?;
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        let mut line = vec![0; length as usize];
        file.read_exact(&mut line)?;
        self.read += 4 + u64::from(length);
        Ok(line.into())
    }

    /// Starts to overwrite the file from its beginning, after all of it was read.
    fn rewind(&mut self) -> io::Result<()> {
        if self.written > KEEP_SIZE {
            self.file.as_mut().map_or(Ok(()), |file| file.set_len(0))?;
        }
        (self.read, self.written) = (0, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_and_events_keep_their_order() {
        let mut spill = Spill::default();
        for round in 0..3 {
            for n in 0..1_000_u32 {
                spill.push(RawEvent::Line(Bytes::from(n.to_string().repeat(n as usize % 90)).into())).unwrap();
                if n % 7 == 0 {
                    spill.push(RawEvent::Dropped(n.into())).unwrap();
                }
            }
            assert_eq!(spill.lines(), 1_000, "{round}");
            for n in 0..1_000_u32 {
                let Some(RawEvent::Line(line)) = spill.pop().unwrap() else { panic!("{n}") };
                assert_eq!(line.bytes, n.to_string().repeat(n as usize % 90));
                if n % 7 == 0 {
                    assert!(matches!(spill.pop().unwrap(), Some(RawEvent::Dropped(m)) if m == u64::from(n)));
                }
            }
            assert!(spill.pop().unwrap().is_none() && spill.is_empty());
            assert_eq!(spill.bytes(), 0, "the file is reused");
        }
    }
}
