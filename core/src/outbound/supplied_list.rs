//! A list as it takes part in the supply of its campaign: what holds it back, what it gives, where its leads are. Decides nothing.

use super::ids::CallListId;
use super::lead_feed::{FeedCounts, FeedWaits, NextLead};
use super::lead_release::LeadRelease;
use super::list_goals::{Goal, ListGoals};
use crate::routing::time::Timestamp;

/// What is to be known of a list beside its leads.
#[derive(Clone, Debug)]
pub struct SuppliedList {
    pub is_active: bool,
    pub expires_at: Option<Timestamp>,
    /// 0: when no other list has a lead.
    pub share: u32,
    /// Which list follows it.
    pub next: Option<CallListId>,
    pub release: LeadRelease,
    pub goals: ListGoals,
}

/// A lead, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListedLead {
    pub list: CallListId,
    pub next: NextLead,
}

/// Why a list gives no lead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GivesNone {
    /// Its leads are still being read.
    Loading,
    /// The router holds as many as it should.
    Ahead,
    Inactive,
    Expired,
    Reached(Goal),
    /// It follows that list, which has not run low.
    Follows(CallListId),
    /// All that were let go are gone; the next ones go then, or when a person lets them.
    NotReleased {
        next: Option<Timestamp>,
    },
    NotDue {
        next: Option<Timestamp>,
    },
    /// Whoever is due may not be called now.
    Closed {
        next: Option<Timestamp>,
    },
    /// Nobody is left who is not away.
    Empty,
}

/// Where the open leads of a list are. They add up to all that were read and are not over.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SupplyCounts {
    pub filed: FeedCounts,
    /// Of those that are filed: over meanwhile.
    pub withdrawn: u64,
    /// Given, and not back.
    pub away: u64,
    /// Nobody knows what time it is for them, or where they are.
    pub nowhere: u64,
    /// Their segments have enough.
    pub in_full_segments: u64,
}

/// What keeps the leads of a list from being called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SupplyWaits {
    pub counts: SupplyCounts,
    pub feed: FeedWaits,
    /// So many that nobody tried may go; None: all.
    pub released: Option<u64>,
    /// When more may go without a person who lets them.
    pub released_from: Option<Timestamp>,
    /// Why the list gives none at all: over, paused, or not read yet.
    pub rests: Option<GivesNone>,
}

impl SupplyCounts {
    #[must_use]
    pub fn all(&self) -> u64 {
        let FeedCounts { in_open_calendars, in_closed_calendars } = self.filed;
        in_open_calendars + in_closed_calendars - self.withdrawn + self.away + self.nowhere + self.in_full_segments
    }
}
