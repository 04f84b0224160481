//! Why the leads of a list are not called now, as counts that add up to all of them. Counts none itself.
//!
//! How many leads there are, and how many are over, is what the rows say; why the open ones wait, what the supply says, which
//! may have been asked a moment before or after. Whoever is over, and the supply does not know it yet, is taken off those that
//! could be called; whoever has come, and it does not know yet, is still being read. So the parts are always all of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lead_standing::LeadCounts;
use super::list_goals::Goal;
use super::moments;
use super::supplied_list::{GivesNone, SupplyWaits};
use crate::routing::time::Timestamp;

/// All leads of a list, each in one part.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Waterfall {
    pub all: u64,
    pub with_router: u64,
    /// Due or never tried, let go, and their hours are open.
    pub dialable: u64,
    /// Due or never tried, and it is too early or too late where they are; until the first of them may be called.
    pub closed: u64,
    #[serde(with = "moments")]
    pub opens_at: Option<Timestamp>,
    /// Tried before, and not due; until the first of them is.
    pub due_later: u64,
    #[serde(with = "moments")]
    pub due_from: Option<Timestamp>,
    /// Never tried, and not let go yet; until more are let go without a person.
    pub not_released: u64,
    #[serde(with = "moments")]
    pub released_from: Option<Timestamp>,
    /// Their segments have enough.
    pub segment_full: u64,
    /// Nobody knows what time it is for them, or no hours hold.
    pub nowhere: u64,
    pub being_read: u64,
    /// Their list gives none at all, by why.
    pub resting: BTreeMap<String, u64>,
    /// Not called any more, by why.
    pub ended: BTreeMap<String, u64>,
}

/// Why a list gives none at all, as it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rests {
    CampaignStopped,
    /// The campaign is not stopped, and nobody says what it does.
    NoServer,
    Inactive,
    Expired,
    ContactsReached,
    SalesReached,
    QuotaReached,
    FollowsAnother,
}

impl Rests {
    pub const ALL: [Rests; 8] = [
        Rests::CampaignStopped,
        Rests::NoServer,
        Rests::Inactive,
        Rests::Expired,
        Rests::ContactsReached,
        Rests::SalesReached,
        Rests::QuotaReached,
        Rests::FollowsAnother,
    ];

    #[must_use]
    pub fn from_word(word: &str) -> Option<Rests> {
        Rests::ALL.into_iter().find(|rests| rests.as_str() == word)
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Rests::CampaignStopped => "campaign_stopped",
            Rests::NoServer => "no_server",
            Rests::Inactive => "inactive",
            Rests::Expired => "expired",
            Rests::ContactsReached => "contacts_reached",
            Rests::SalesReached => "sales_reached",
            Rests::QuotaReached => "quota_reached",
            Rests::FollowsAnother => "follows_another",
        }
    }

    /// None: it gives some when their turn comes, or is being read.
    fn of(why: GivesNone) -> Option<Rests> {
        Some(match why {
            GivesNone::Inactive => Rests::Inactive,
            GivesNone::Expired => Rests::Expired,
            GivesNone::Reached(Goal::Contacts) => Rests::ContactsReached,
            GivesNone::Reached(Goal::Sales) => Rests::SalesReached,
            GivesNone::Reached(Goal::Quota) => Rests::QuotaReached,
            GivesNone::Follows(_) => Rests::FollowsAnother,
            GivesNone::Loading
            | GivesNone::Ahead
            | GivesNone::NotReleased { .. }
            | GivesNone::NotDue { .. }
            | GivesNone::Closed { .. }
            | GivesNone::Empty => return None,
        })
    }
}

/// Leads that no part has yet.
struct Left(u64);

impl Left {
    fn take(&mut self, count: u64) -> u64 {
        let taken = count.min(self.0);
        self.0 -= taken;
        taken
    }

    fn take_all(&mut self) -> u64 {
        std::mem::take(&mut self.0)
    }
}

impl Waterfall {
    /// Of a list that is worked through.
    #[must_use]
    pub fn of(waits: &SupplyWaits, rows: &LeadCounts) -> Waterfall {
        let mut left = Left(rows.open());
        let mut parts = Waterfall { with_router: left.take(waits.counts.away), ..Waterfall::over(rows) };
        if let Some(rests) = waits.rests.and_then(Rests::of) {
            parts.rest(rests, left.take_all());
            return parts;
        }
        if waits.rests == Some(GivesNone::Loading) {
            parts.being_read = left.take_all();
            return parts;
        }
        let feed = &waits.feed;
        let released = waits.released.map_or(feed.fresh, |released| released.min(feed.fresh));
        parts.nowhere = left.take(waits.counts.nowhere);
        parts.segment_full = left.take(waits.counts.in_full_segments);
        parts.due_later = left.take(feed.later);
        parts.not_released = left.take(feed.fresh - released);
        parts.closed = left.take(feed.closed);
        parts.dialable = left.take(feed.due + released);
        parts.being_read = left.take_all();
        parts.opens_at = feed.opens_at.filter(|_| parts.closed > 0);
        parts.due_from = feed.due_from.filter(|_| parts.due_later > 0);
        parts.released_from = waits.released_from.filter(|_| parts.not_released > 0);
        parts
    }

    /// Of a list of which only the rows are known.
    #[must_use]
    pub fn at_rest(rows: &LeadCounts, why: Rests) -> Waterfall {
        let mut parts = Waterfall { with_router: rows.with_router, due_later: rows.waiting, ..Waterfall::over(rows) };
        parts.rest(why, rows.fresh + rows.due);
        parts
    }

    fn over(rows: &LeadCounts) -> Waterfall {
        let ended = rows.ended.iter().filter(|(_, count)| **count > 0);
        Waterfall {
            all: rows.all(),
            ended: ended.map(|(word, count)| ((*word).to_owned(), *count)).collect(),
            ..Waterfall::default()
        }
    }

    fn rest(&mut self, why: Rests, count: u64) {
        if count > 0 {
            self.resting.insert(why.as_str().to_owned(), count);
        }
    }

    /// With those of another list.
    #[must_use]
    pub fn plus(mut self, other: &Waterfall) -> Waterfall {
        self.all += other.all;
        self.with_router += other.with_router;
        self.dialable += other.dialable;
        self.closed += other.closed;
        self.due_later += other.due_later;
        self.not_released += other.not_released;
        self.segment_full += other.segment_full;
        self.nowhere += other.nowhere;
        self.being_read += other.being_read;
        let first = |one: Option<Timestamp>, other: Option<Timestamp>| one.into_iter().chain(other).min();
        self.opens_at = first(self.opens_at, other.opens_at);
        self.due_from = first(self.due_from, other.due_from);
        self.released_from = first(self.released_from, other.released_from);
        for (parts, others) in [(&mut self.resting, &other.resting), (&mut self.ended, &other.ended)] {
            for (word, count) in others {
                *parts.entry(word.clone()).or_default() += count;
            }
        }
        self
    }

    /// All that are open and here are still being read.
    #[must_use]
    pub fn is_being_read(&self) -> bool {
        let known = self.dialable + self.closed + self.due_later + self.not_released + self.segment_full + self.nowhere;
        self.being_read > 0 && known == 0
    }

    /// They are all of it.
    #[must_use]
    pub fn sum(&self) -> u64 {
        let open = self.with_router
            + self.dialable
            + self.closed
            + self.due_later
            + self.not_released
            + self.segment_full
            + self.nowhere
            + self.being_read;
        open + self.resting.values().sum::<u64>() + self.ended.values().sum::<u64>()
    }
}
