//! The leads of one list and one calendar: who is next, and how many are due. Knows no calendar.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ids::LeadId;
use super::lead_feed::{MayGo, Place};
use crate::routing::time::Timestamp;

/// When a lead is due, or its rank; then its number.
type Entry = Reverse<(i64, i64)>;

#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    first: Waits,
    again: Waits,
    fresh: BinaryHeap<Entry>,
}

/// The first of a lane, in the order in which leads of a list go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Head {
    First((i64, i64)),
    Again((i64, i64)),
    Fresh((i64, i64)),
}

/// Leads by when they are due. Those that are due lie apart: they are counted, and nobody goes through them.
#[derive(Clone, Debug, Default)]
struct Waits {
    due: BinaryHeap<Entry>,
    later: BinaryHeap<Entry>,
}

impl Head {
    pub fn lead(self) -> LeadId {
        let (Head::First((_, lead)) | Head::Again((_, lead)) | Head::Fresh((_, lead))) = self;
        LeadId(lead)
    }
}

impl Lane {
    /// `at`: as of when those that are due lie apart.
    pub fn file(&mut self, lead: LeadId, place: Place, at: Timestamp) {
        match place {
            Place::First { due } => self.first.file(Reverse((due.0, lead.0)), at),
            Place::Again { due } => self.again.file(Reverse((due.0, lead.0)), at),
            Place::Fresh { rank } => self.fresh.push(Reverse((rank, lead.0))),
        }
    }

    pub fn file_fresh(&mut self, leads: Vec<(i64, LeadId)>) {
        let entries: Vec<Entry> = leads.into_iter().map(|(rank, lead)| Reverse((rank, lead.0))).collect();
        if self.fresh.is_empty() {
            self.fresh = BinaryHeap::from(entries);
        } else {
            self.fresh.extend(entries);
        }
    }

    /// Each lead is moved once, when it is due.
    pub fn advance_to(&mut self, now: Timestamp) {
        self.first.advance_to(now);
        self.again.advance_to(now);
    }

    /// The clock stepped back.
    pub fn forget_due(&mut self) {
        for waits in [&mut self.first, &mut self.again] {
            waits.later.append(&mut waits.due);
        }
    }

    pub fn head(&self, now: Timestamp, may_go: MayGo) -> Option<Head> {
        let due = |waits: &Waits| waits.head().filter(|(due, _)| *due <= now.0);
        let first = due(&self.first).map(Head::First);
        let again = || due(&self.again).map(Head::Again);
        let fresh = || self.fresh.peek().filter(|_| may_go == MayGo::All).map(|entry| Head::Fresh(entry.0));
        first.or_else(again).or_else(fresh)
    }

    pub fn pop(&mut self, head: Head) {
        match head {
            Head::First(_) => self.first.pop(),
            Head::Again(_) => self.again.pop(),
            Head::Fresh(_) => {
                self.fresh.pop();
            }
        }
    }

    /// When its first lead is due.
    pub fn due_at(&self, now: Timestamp, may_go: MayGo) -> Option<Timestamp> {
        let fresh = self.fresh.peek().filter(|_| may_go == MayGo::All).map(|_| now);
        let of = |waits: &Waits| waits.head().map(|(due, _)| Timestamp(due).max(now));
        [fresh, of(&self.first), of(&self.again)].into_iter().flatten().min()
    }

    pub fn count(&self) -> u64 {
        self.due() + self.later() + self.fresh()
    }

    /// Tried before, and due.
    pub fn due(&self) -> u64 {
        (self.first.due.len() + self.again.due.len()) as u64
    }

    pub fn later(&self) -> u64 {
        (self.first.later.len() + self.again.later.len()) as u64
    }

    /// When the first of those is due that are not.
    pub fn later_from(&self) -> Option<Timestamp> {
        let firsts = [&self.first, &self.again].map(|waits| waits.later.peek());
        firsts.into_iter().flatten().map(|Reverse((due, _))| Timestamp(*due)).min()
    }

    pub fn fresh(&self) -> u64 {
        self.fresh.len() as u64
    }

    /// Gives back memory that was taken in reserve.
    pub fn shrink(&mut self) {
        self.fresh.shrink_to_fit();
        self.again.later.shrink_to_fit();
        self.again.due.shrink_to_fit();
    }
}

impl Waits {
    fn file(&mut self, entry: Entry, at: Timestamp) {
        let Reverse((due, _)) = entry;
        if due <= at.0 { self.due.push(entry) } else { self.later.push(entry) }
    }

    fn advance_to(&mut self, now: Timestamp) {
        while let Some(Reverse((due, _))) = self.later.peek()
            && *due <= now.0
        {
            self.due.extend(self.later.pop());
        }
    }

    /// As they are reversed, the largest is the first.
    fn head(&self) -> Option<(i64, i64)> {
        self.due.peek().max(self.later.peek()).map(|entry| entry.0)
    }

    fn pop(&mut self) {
        if self.due.peek() >= self.later.peek() {
            self.due.pop();
        } else {
            self.later.pop();
        }
    }
}
