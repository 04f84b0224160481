//! The journal: every event, in order, on disk before anything it caused leaves. It decides nothing
//! and interprets no fact; recovery folds it, and whatever else exists reads it.
//!
//! - Events are numbered 1, 2, 3 … without a gap. One row holds one batch, as JSON; a CRC-32 over
//!   the row before and this one chains them ([`row`]).
//! - An append answers after the database has synced. On SQLite the last event number then goes
//!   into `journal.head` ([`head`]), because SQLite drops a broken WAL tail in silence.
//! - Opening checks every row and the head. What does not fit refuses to start and names the first
//!   bad event; [`SqlJournal::accept_loss`] goes on without it.
//! - Only the holder of the lease's newest epoch can append: the epoch is checked in the statement
//!   or transaction that inserts.
//! - Personal data lies sealed, one random key a contact, written with the row ([`seal`]). Erasing a
//!   contact destroys its key for ever: what comes later of it is stored as erased.
//! - Snapshots lie in parts, so that saving one delays no append; the last two are kept. They are
//!   a short cut: a damaged one is passed over.
//! - The oldest events may be dropped ([`prune`]); the state after them, the journal's [`Base`], stands for them, and
//!   nothing stands for it: a damaged one refuses to start.
//! - On SQLite the owner keeps some room on the disk ([`reserve`]), so that a full one still lets contacts in hand finish.
//! - SQLite and PostgreSQL behave alike; the same tests run on both.

mod base;
mod batch;
mod chain;
mod copy;
mod error;
mod files;
mod head;
mod keyring;
mod live_state;
mod postgres;
mod prune;
mod recovery;
mod reserve;
mod row;
mod salvage;
mod seal;
mod sealing;
mod snapshot;
mod sql_journal;
mod sqlite;
mod statements;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::future::Future;

use futures_util::Stream;
use serde::{Deserialize, Serialize};

use crate::routing::event::Event;
use crate::routing::ids::{ContactId, EventNo};
use crate::routing::personal::PersonalDetails;

pub use base::Base;
pub use batch::Batch;
pub use error::{AppendError, Damage, DamageKind, EraseError, Failure, OpenError, PruneError, ReadError};
pub use files::{DATABASE_FILE, HEAD_FILE};
pub use live_state::{LiveSnapshot, LiveState};
pub use prune::prune;
pub use recovery::{Fold, Recovered, RecoveryError, advance, open_details, recover, recover_at, save};
pub use sql_journal::{Loss, Place, SqlJournal};

/// The term of one leader: who took the lease later has the larger one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u64);

pub trait Journal: Send + Sync {
    /// Takes the lease. Every earlier epoch can append no more.
    /// Answers the new epoch and the number of the last event.
    fn acquire(&self) -> impl Future<Output = Result<(Epoch, EventNo), AppendError>> + Send;

    /// Writes the batch after the event `after` and answers the number of its last event, once it
    /// is on disk. The caller's events stay plain; what is written is sealed.
    ///
    /// # Errors
    /// `Full`: nothing was written, may be tried again. `Failed`: unknown, the process ends.
    /// `NotOwner`: another node leads. `NotLast`: `after` is not the last event; nothing was written.
    fn append(
        &self,
        epoch: Epoch,
        after: EventNo,
        batch: &[Event],
    ) -> impl Future<Output = Result<EventNo, AppendError>> + Send;

    /// Every event after `event`, up to the last when the stream gets there; each row is checked
    /// against the row before it. A cursor beyond the last event is an error, and so is one before the base.
    fn read_after(&self, event: EventNo) -> impl Stream<Item = Result<Batch, ReadError>> + Send;

    /// Keeps `bytes` as the state after the event `at`, and the snapshot before it.
    fn save_snapshot(&self, at: EventNo, bytes: &[u8]) -> impl Future<Output = Result<(), AppendError>> + Send;

    /// The newest snapshot that is whole and not after the event.
    fn snapshot_up_to(
        &self,
        event: EventNo,
    ) -> impl Future<Output = Result<Option<(EventNo, Vec<u8>)>, ReadError>> + Send;

    /// The newest snapshot that is whole.
    fn latest_snapshot(&self) -> impl Future<Output = Result<Option<(EventNo, Vec<u8>)>, ReadError>> + Send;

    /// Where it begins; None: with event 1.
    fn base(&self) -> impl Future<Output = Result<Option<Base>, ReadError>> + Send;

    /// Keeps `bytes` as the state after the event `at`, which must be the last of its batch and come before the
    /// snapshots, and drops every event up to it, in steps that hold up no append. What was broken off is done by the next.
    fn begin_after(&self, at: EventNo, bytes: &[u8]) -> impl Future<Output = Result<(), PruneError>> + Send;

    /// Forgets the keys made by the event at the latest, but those of contacts who are known after it.
    fn drop_keys(
        &self,
        upto: EventNo,
        known: &BTreeSet<ContactId>,
    ) -> impl Future<Output = Result<(), PruneError>> + Send;

    /// Makes sealed personal data plain, or erased where the key is. Plain data stays.
    fn unseal(&self, details: &mut [&mut PersonalDetails]) -> impl Future<Output = Result<(), ReadError>> + Send;

    /// Seals plain personal data under the keys the contacts have; erased where those are erased.
    fn seal(
        &self,
        details: &mut [(ContactId, &mut PersonalDetails)],
    ) -> impl Future<Output = Result<(), ReadError>> + Send;

    /// After `Full`: gives back the room that was kept for this moment, if there is such. Whether there was.
    fn give_back_reserve(&self) -> impl Future<Output = bool> + Send;

    /// Keeps such room again. Whether there is enough for it.
    fn take_reserve(&self) -> impl Future<Output = bool> + Send;

    /// Destroys the keys of these contacts, for ever and on disk; one that has none yet is passed over.
    /// May be repeated.
    fn erase(&self, contacts: &[ContactId]) -> impl Future<Output = Result<(), EraseError>> + Send;
}
