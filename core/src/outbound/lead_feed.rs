//! Leads by when they are due and by the calendar they are called by: who is next now, and when somebody is again.
//! Decides neither; keeps 16 bytes a lead, so that ten million fit, and nothing else of it.
//!
//! Leads wait in lanes, one for each list and calendar. A lead whose calendar is closed stays where it is: only the
//! calendar is looked at again, when it opens. So what is not due costs nothing.
//!
//! A lead may stand here twice, or after it is over: whoever takes it asks its row, which knows better.

use std::collections::{BTreeMap, BTreeSet};

use super::calling_calendars::{CalendarNo, CallingCalendars};
use super::ids::{CallListId, LeadId};
use super::lead_lane::{Head, Lane};
use crate::routing::time::Timestamp;

/// Where a lead stands among the leads of its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Before all others from `due` on: who was promised a call, who was dropped.
    First { due: Timestamp },
    /// Tried before: from `due` on, those due earliest first.
    Again { due: Timestamp },
    /// Never tried: when nobody else is due, the smallest `rank` first.
    Fresh { rank: i64 },
}

/// Which leads of a list may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MayGo {
    All,
    /// Nobody who was never tried.
    OnlyTried,
}

/// A lead to be called now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NextLead {
    pub lead: LeadId,
    /// Never tried before.
    pub is_fresh: bool,
    pub calendar: CalendarNo,
    /// When its calendar closes; None: it does not, as far as anybody knows.
    pub closes_at: Option<Timestamp>,
}

/// How many leads of a list are here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FeedCounts {
    /// Of calendars that are open; due or not.
    pub in_open_calendars: u64,
    pub in_closed_calendars: u64,
}

/// How many leads of a list are here, by whether they could be called now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FeedWaits {
    /// Tried before and due, and their calendars are open.
    pub due: u64,
    /// Never tried, and their calendars are open.
    pub fresh: u64,
    /// Due or never tried, and their calendars are closed; `opens_at`: the first of these.
    pub closed: u64,
    pub opens_at: Option<Timestamp>,
    /// Not due, whatever their calendars; `due_from`: the first of these.
    pub later: u64,
    pub due_from: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct LeadFeed {
    /// As of when leads lie apart that are due.
    at: Timestamp,
    lists: BTreeMap<CallListId, BTreeMap<CalendarNo, Lane>>,
    openings: BTreeMap<CalendarNo, Opening>,
    /// When which calendar is to be looked at again.
    changes: BTreeSet<(Timestamp, CalendarNo)>,
}

/// What a calendar was when it was last looked at.
#[derive(Clone, Copy, Debug, Default)]
struct Opening {
    is_open: bool,
    changes_at: Option<Timestamp>,
}

impl Default for LeadFeed {
    fn default() -> LeadFeed {
        LeadFeed {
            at: Timestamp(i64::MIN),
            lists: BTreeMap::new(),
            openings: BTreeMap::new(),
            changes: BTreeSet::new(),
        }
    }
}

impl LeadFeed {
    /// Its calendar is looked at by the next [`LeadFeed::advance_to`].
    pub fn file(&mut self, list: CallListId, calendar: CalendarNo, lead: LeadId, place: Place) {
        self.lists.entry(list).or_default().entry(calendar).or_default().file(lead, place, self.at);
        self.know(calendar);
    }

    /// Many that were never tried, for one lane: no memory is taken twice.
    pub fn file_fresh(&mut self, list: CallListId, calendar: CalendarNo, leads: Vec<(i64, LeadId)>) {
        self.lists.entry(list).or_default().entry(calendar).or_default().file_fresh(leads);
        self.know(calendar);
    }

    fn know(&mut self, calendar: CalendarNo) {
        self.openings.entry(calendar).or_insert_with(|| {
            self.changes.insert((Timestamp(i64::MIN), calendar));
            Opening::default()
        });
    }

    /// Looks at the calendars that may have opened or closed until `now`, and at who is due.
    pub fn advance_to(&mut self, now: Timestamp, calendars: &CallingCalendars) {
        if now != self.at {
            let is_back = now < self.at;
            for lane in self.lists.values_mut().flat_map(BTreeMap::values_mut) {
                if is_back {
                    lane.forget_due();
                }
                lane.advance_to(now);
            }
            self.at = now;
        }
        while let Some((_, number)) = self.changes.first().copied().filter(|(at, _)| *at <= now) {
            self.changes.pop_first();
            let opening = calendars.get(number).map_or(Opening::default(), |calendar| {
                let is_open = calendar.is_open(now);
                let change = if is_open { calendar.next_closing(now) } else { calendar.next_opening(now) };
                Opening { is_open, changes_at: change.map(|change| change.at) }
            });
            self.openings.insert(number, opening);
            self.changes.extend(opening.changes_at.map(|at| (at, number)));
        }
    }

    /// The wall clock stepped: every calendar is looked at anew.
    pub fn forget_openings(&mut self) {
        self.changes = self.openings.keys().map(|number| (Timestamp(i64::MIN), *number)).collect();
    }

    #[must_use]
    pub fn has_lead(&self, list: CallListId, now: Timestamp, may_go: MayGo) -> bool {
        self.open_lanes(list).any(|(_, lane)| lane.head(now, may_go).is_some())
    }

    /// Somebody who was never tried, whether he can be called now or not.
    #[must_use]
    pub fn has_fresh(&self, list: CallListId) -> bool {
        self.lists.get(&list).into_iter().flatten().any(|(_, lane)| lane.fresh() > 0)
    }

    /// Whom [`LeadFeed::take`] would give.
    #[must_use]
    pub fn head(&self, list: CallListId, now: Timestamp, may_go: MayGo) -> Option<LeadId> {
        let heads = self.open_lanes(list).filter_map(|(_, lane)| lane.head(now, may_go));
        heads.min().map(|head| head.lead())
    }

    /// The next lead of a list, which is not here any more then.
    pub fn take(&mut self, list: CallListId, now: Timestamp, may_go: MayGo) -> Option<NextLead> {
        let heads = self.open_lanes(list).filter_map(|(number, lane)| Some((lane.head(now, may_go)?, number)));
        let (head, calendar) = heads.min()?;
        let lane = self.lists.get_mut(&list)?.get_mut(&calendar)?;
        lane.pop(head);
        let is_fresh = matches!(head, Head::Fresh(_));
        Some(NextLead { lead: head.lead(), is_fresh, calendar, closes_at: self.openings[&calendar].changes_at })
    }

    /// When a lead of the list can be called: `now`, or later when one is due and its calendar is open. Not later than
    /// the truth: a calendar that is closed when a lead is due is looked at then.
    #[must_use]
    pub fn next_at(&self, list: CallListId, now: Timestamp, may_go: MayGo) -> Option<Timestamp> {
        let lanes = self.lists.get(&list)?.iter();
        let next = lanes.filter_map(|(number, lane)| {
            let opening = self.openings[number];
            let opens = if opening.is_open { now } else { opening.changes_at? };
            Some(lane.due_at(now, may_go)?.max(opens))
        });
        next.min()
    }

    #[must_use]
    pub fn counts(&self, list: CallListId) -> FeedCounts {
        let mut counts = FeedCounts::default();
        for (number, lane) in self.lists.get(&list).into_iter().flatten() {
            if self.openings[number].is_open {
                counts.in_open_calendars += lane.count();
            } else {
                counts.in_closed_calendars += lane.count();
            }
        }
        counts
    }

    /// As of the last [`LeadFeed::advance_to`]. Costs a look at each lane, not at its leads.
    #[must_use]
    pub fn waits(&self, list: CallListId) -> FeedWaits {
        let mut waits = FeedWaits::default();
        for (number, lane) in self.lists.get(&list).into_iter().flatten() {
            let opening = self.openings[number];
            waits.later += lane.later();
            waits.due_from = [waits.due_from, lane.later_from()].into_iter().flatten().min();
            if opening.is_open {
                waits.due += lane.due();
                waits.fresh += lane.fresh();
            } else if lane.due() + lane.fresh() > 0 {
                waits.closed += lane.due() + lane.fresh();
                waits.opens_at = [waits.opens_at, opening.changes_at].into_iter().flatten().min();
            }
        }
        waits
    }

    /// Gives back memory that was taken in reserve while many were filed.
    pub fn shrink(&mut self, list: CallListId) {
        for lane in self.lists.get_mut(&list).into_iter().flat_map(BTreeMap::values_mut) {
            lane.shrink();
        }
    }

    /// A list that is over, or stopped: its leads are filed anew if it ever goes on.
    pub fn remove_list(&mut self, list: CallListId) {
        self.lists.remove(&list);
    }

    fn open_lanes(&self, list: CallListId) -> impl Iterator<Item = (CalendarNo, &Lane)> {
        let lanes = self.lists.get(&list).into_iter().flatten();
        lanes.filter(|(number, _)| self.openings[number].is_open).map(|(number, lane)| (*number, lane))
    }
}
