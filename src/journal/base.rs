//! Where a journal begins whose oldest events were dropped: the state after the last of these, and the end of their
//! chain. Never looks inside the state.

use crate::routing::ids::EventNo;
use crate::routing::time::Timestamp;

use super::row::End;
use super::{OpenError, ReadError, snapshot};

/// The state after the last event that was dropped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    /// The last event that was dropped.
    pub event_no: EventNo,
    /// When it became so.
    pub at: Timestamp,
    /// What [`super::Journal::begin_after`] was given.
    pub bytes: Vec<u8>,
}

/// Its row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BaseRow {
    pub end: End,
    pub at: Timestamp,
    pub parts: i64,
}

/// CRC (4 bytes) and time (8), little-endian, then the state.
const PREFIX: usize = 12;

impl BaseRow {
    /// What its parts hold together: whole or not, and none but of this row.
    pub(super) fn frame(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bound = Vec::with_capacity(PREFIX + bytes.len());
        bound.extend(self.prefix());
        bound.extend(bytes);
        snapshot::frame(self.end.last, &bound)
    }

    /// # Errors
    /// What is wrong with it.
    pub(super) fn unframe(&self, framed: Vec<u8>) -> Result<Base, BrokenBase> {
        let broken = |why| BrokenBase { event: self.end.last, why };
        let mut bytes = snapshot::unframe(self.end.last, framed).map_err(broken)?;
        if !bytes.starts_with(&self.prefix()) {
            return Err(broken("its row does not fit"));
        }
        bytes.drain(..PREFIX);
        Ok(Base { event_no: self.end.last, at: self.at, bytes })
    }

    fn prefix(&self) -> [u8; PREFIX] {
        let mut prefix = [0; PREFIX];
        prefix[..4].copy_from_slice(&self.end.crc.to_le_bytes());
        prefix[4..].copy_from_slice(&self.at.0.to_le_bytes());
        prefix
    }
}

/// Nothing stands in for it: the events that made it are gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BrokenBase {
    pub event: EventNo,
    pub why: &'static str,
}

impl From<BrokenBase> for OpenError {
    fn from(BrokenBase { event, why }: BrokenBase) -> OpenError {
        OpenError::Base { event, why }
    }
}

impl From<BrokenBase> for ReadError {
    fn from(BrokenBase { event, why }: BrokenBase) -> ReadError {
        ReadError::Base { event, why: why.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_opens_only_whole_and_under_its_own_row() {
        let row = BaseRow { end: End { last: EventNo(9), crc: 0xdead_beef }, at: Timestamp(77), parts: 1 };
        let framed = row.frame(b"state");
        let base = Base { event_no: EventNo(9), at: Timestamp(77), bytes: b"state".to_vec() };
        assert_eq!(row.unframe(framed.clone()), Ok(base));
        for other in [
            BaseRow { end: End { last: EventNo(8), ..row.end }, ..row },
            BaseRow { end: End { crc: 0xdead_beee, ..row.end }, ..row },
            BaseRow { at: Timestamp(78), ..row },
        ] {
            assert!(other.unframe(framed.clone()).is_err(), "{other:?}");
        }
        for byte in 0..framed.len() {
            let mut flipped = framed.clone();
            flipped[byte] ^= 0x10;
            assert!(row.unframe(flipped).is_err(), "byte {byte}");
        }
    }
}
