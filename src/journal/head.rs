//! `journal.head`: 16 bytes that know how far the journal was committed. Holds no event.
//!
//! It is written after each commit, before the append answers, and survives the end of the process
//! at once. It is not synced each time: after a power loss it may lag by what the kernel had not yet
//! written back (seconds), never run ahead, because the rows were synced first. What it catches is a
//! committed WAL tail that SQLite drops in silence; a sync of its own would halve the commit rate
//! only to catch that in those seconds. It is synced with every snapshot.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::routing::ids::EventNo;

use super::OpenError;
use super::row::End;

const LENGTH: usize = 16;

pub(super) struct HeadFile(File);

/// What the file said.
pub(super) enum Head {
    Missing,
    /// Not 16 bytes, or its own checksum does not fit.
    Damaged,
    At(End),
}

impl Head {
    pub(super) fn known(&self) -> Option<End> {
        match self {
            Head::At(known) => Some(*known),
            Head::Missing | Head::Damaged => None,
        }
    }

    /// Beside a journal that holds events there must be one that can be read.
    ///
    /// # Errors
    /// When there is not.
    pub(super) fn expect_beside(&self, end: End) -> Result<(), OpenError> {
        let state = match self {
            Head::At(_) => return Ok(()),
            Head::Missing => "missing",
            Head::Damaged => "damaged",
        };
        if end.last > EventNo::ZERO { Err(OpenError::Head { last: end.last, state }) } else { Ok(()) }
    }
}

impl HeadFile {
    pub(super) fn read(path: &Path) -> std::io::Result<Head> {
        let mut bytes = Vec::with_capacity(LENGTH);
        match File::open(path) {
            Ok(file) => file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Head::Missing),
            Err(error) => return Err(error),
        };
        Ok(decode(&bytes).map_or(Head::Damaged, Head::At))
    }

    /// Opens the file for the appends to come and writes `end`, synced.
    pub(super) fn open(path: &Path, end: End) -> std::io::Result<HeadFile> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        file.set_len(LENGTH as u64)?;
        let mut head = HeadFile(file);
        head.write(end)?;
        head.sync()?;
        Ok(head)
    }

    pub(super) fn write(&mut self, end: End) -> std::io::Result<()> {
        self.0.rewind()?;
        self.0.write_all(&encode(end))
    }

    pub(super) fn sync(&self) -> std::io::Result<()> {
        self.0.sync_data()
    }
}

/// Event number (8 bytes), CRC of the row that it ends (4), CRC-32 of these twelve (4), little-endian.
fn encode(end: End) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes[..8].copy_from_slice(&end.last.0.to_le_bytes());
    bytes[8..12].copy_from_slice(&end.crc.to_le_bytes());
    let own = crc32fast::hash(&bytes[..12]);
    bytes[12..].copy_from_slice(&own.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<End> {
    let bytes: &[u8; LENGTH] = bytes.try_into().ok()?;
    let (last, rest) = bytes.split_first_chunk::<8>()?;
    let (crc, own) = rest.split_first_chunk::<4>()?;
    let fits = crc32fast::hash(&bytes[..12]).to_le_bytes() == own;
    fits.then(|| End { last: EventNo(u64::from_le_bytes(*last)), crc: u32::from_le_bytes(*crc) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_every_flipped_bit_shows() {
        let end = End { last: EventNo(4_711), crc: 0xdead_beef };
        let bytes = encode(end);
        assert_eq!(decode(&bytes), Some(end));
        for bit in 0..LENGTH * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(&flipped), None, "bit {bit}");
        }
        assert_eq!(decode(&bytes[..15]), None);
    }
}
