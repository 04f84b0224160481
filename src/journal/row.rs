//! One row of the journal and the chain of checksums through all rows. Reads no database.

use crate::routing::event::Event;
use crate::routing::ids::EventNo;
use crate::routing::time::Timestamp;

use super::{Batch, Damage, DamageKind, Epoch};

/// A batch as it lies.
#[derive(Debug)]
pub(super) struct Row {
    pub first: EventNo,
    pub count: u64,
    pub epoch: Epoch,
    pub at: Timestamp,
    /// A JSON array.
    pub events: String,
    pub crc: u32,
}

/// The columns of a row in the order of the statements.
pub(super) type Columns = (i64, i64, i64, i64, String, i64);

impl Row {
    /// # Errors
    /// When an event cannot be written as JSON.
    pub(super) fn encode(end: &End, epoch: Epoch, batch: &[Event]) -> Result<Row, serde_json::Error> {
        let events = serde_json::to_string(batch)?;
        let at = batch.last().expect("a batch holds an event").at;
        let mut row = Row { first: end.last.plus(1), count: batch.len() as u64, epoch, at, events, crc: 0 };
        row.crc = row.checksum(end.crc);
        Ok(row)
    }

    pub(super) fn from_columns((first, count, epoch, at, events, crc): Columns) -> Row {
        Row {
            first: EventNo(first.cast_unsigned()),
            count: count.cast_unsigned(),
            epoch: Epoch(epoch.cast_unsigned()),
            at: Timestamp(at),
            events,
            // A value out of range was never written; u32::MAX as well as any other fails the check.
            crc: u32::try_from(crc).unwrap_or(u32::MAX),
        }
    }

    /// CRC-32 (IEEE) of, little-endian and without padding: the previous row's CRC (4 bytes, 0 before
    /// the first row), first number, count, epoch, time (8 bytes each), the bytes of the JSON text.
    fn checksum(&self, previous: u32) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&previous.to_le_bytes());
        hasher.update(&self.first.0.to_le_bytes());
        hasher.update(&self.count.to_le_bytes());
        hasher.update(&self.epoch.0.to_le_bytes());
        hasher.update(&self.at.0.to_le_bytes());
        hasher.update(self.events.as_bytes());
        hasher.finalize()
    }

    /// The batch without what is at or before `after`.
    pub(super) fn decode(self, after: EventNo) -> Result<Batch, Damage> {
        let damage = |kind| Damage { event: self.first, kind };
        let mut events: Vec<Event> =
            serde_json::from_str(&self.events).map_err(|error| damage(DamageKind::Json(place_of(&error))))?;
        let found = events.len() as u64;
        if found != self.count {
            return Err(damage(DamageKind::Count { expected: self.count, found }));
        }
        let known = (after.0 + 1).saturating_sub(self.first.0).min(found);
        events.drain(..usize::try_from(known).expect("no more than the events of a batch"));
        Ok(Batch { first: self.first.plus(known), epoch: self.epoch, at: self.at, events })
    }
}

/// Where and of what kind: the message of the parser itself may quote the row.
pub(super) fn place_of(error: &serde_json::Error) -> String {
    format!("{:?} error in column {}", error.classify(), error.column())
}

/// The end of the chain so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct End {
    pub last: EventNo,
    pub crc: u32,
}

impl End {
    /// Before the first row.
    pub(super) const START: End = End { last: EventNo::ZERO, crc: 0 };

    /// The end once `row` follows.
    pub(super) fn follow(self, row: &Row) -> Result<End, Damage> {
        let event = self.last.plus(1);
        if row.first != event {
            return Err(Damage { event, kind: DamageKind::Gap { found: row.first } });
        }
        if row.count == 0 || row.checksum(self.crc) != row.crc {
            return Err(Damage { event, kind: DamageKind::Checksum });
        }
        Ok(End { last: self.last.plus(row.count), crc: row.crc })
    }
}
