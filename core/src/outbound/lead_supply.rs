//! The lists of one campaign: which of their leads is next, and why a list gives none. Calls nobody, and judges no call: whether
//! it may be placed is asked again when it is.
//!
//! A lead that was given is away until it is filed again or over, and is not given meanwhile. A list gives nothing before all
//! of it is filed: its order would be that of reading.

use std::collections::{BTreeMap, BTreeSet};

use super::calling_calendars::{CalendarNo, CallingCalendars};
use super::ids::{CallListId, LeadId};
use super::lead_feed::{FeedCounts, LeadFeed, MayGo, Place};
use super::lead_standing::LeadReached;
use super::list_mix::ListMix;
use super::supplied_list::{GivesNone, ListedLead, SuppliedList, SupplyCounts, SupplyWaits};
use crate::customers::customer::CustomFields;
use crate::routing::time::Timestamp;

#[derive(Clone, Debug, Default)]
pub struct LeadSupply {
    lists: BTreeMap<CallListId, Held>,
    mix: ListMix,
    feed: LeadFeed,
    /// Enough of theirs is ahead of need.
    full: BTreeSet<CallListId>,
}

#[derive(Clone, Debug)]
struct Held {
    list: SuppliedList,
    is_loaded: bool,
    away: BTreeSet<LeadId>,
    /// Over, though the feed has them still.
    withdrawn: BTreeSet<LeadId>,
    nowhere: u64,
    in_full_segments: u64,
}

impl LeadSupply {
    /// A list that is new, or is another now; its leads stay.
    pub fn set_list(&mut self, id: CallListId, list: SuppliedList) {
        match self.lists.get_mut(&id) {
            Some(held) => held.list = list,
            None => {
                let held = Held {
                    list,
                    is_loaded: false,
                    away: BTreeSet::new(),
                    withdrawn: BTreeSet::new(),
                    nowhere: 0,
                    in_full_segments: 0,
                };
                self.lists.insert(id, held);
            }
        }
        self.mix = ListMix::new(self.lists.iter().map(|(id, held)| (*id, held.list.share)));
    }

    pub fn set_full(&mut self, full: BTreeSet<CallListId>) {
        self.full = full;
    }

    /// With all of its leads.
    pub fn remove_list(&mut self, id: CallListId) {
        self.lists.remove(&id);
        self.feed.remove_list(id);
        self.mix = ListMix::new(self.lists.iter().map(|(id, held)| (*id, held.list.share)));
    }

    #[must_use]
    pub fn list(&self, id: CallListId) -> Option<&SuppliedList> {
        self.lists.get(&id).map(|held| &held.list)
    }

    /// To count what was reached, or what was let go.
    pub fn list_mut(&mut self, id: CallListId) -> Option<&mut SuppliedList> {
        self.lists.get_mut(&id).map(|held| &mut held.list)
    }

    pub fn lists(&self) -> impl Iterator<Item = CallListId> {
        self.lists.keys().copied()
    }

    /// Of a list that is here. Who is away is filed when it comes back.
    pub fn file(&mut self, list: CallListId, calendar: CalendarNo, lead: LeadId, place: Place) {
        if !self.is_away(list, lead) {
            self.feed.file(list, calendar, lead, place);
        }
    }

    /// Many that were never tried; else as [`LeadSupply::file`].
    pub fn file_fresh(&mut self, list: CallListId, calendar: CalendarNo, mut leads: Vec<(i64, LeadId)>) {
        leads.retain(|(_, lead)| !self.is_away(list, *lead));
        self.feed.file_fresh(list, calendar, leads);
    }

    #[must_use]
    pub fn is_away(&self, list: CallListId, lead: LeadId) -> bool {
        self.lists.get(&list).is_some_and(|held| held.away.contains(&lead))
    }

    /// It was given before, by somebody who has ended since.
    pub fn note_away(&mut self, list: CallListId, lead: LeadId) {
        if let Some(held) = self.lists.get_mut(&list) {
            held.away.insert(lead);
        }
    }

    /// Leads that are open and have no calendar.
    pub fn note_nowhere(&mut self, list: CallListId, leads: u64) {
        if let Some(held) = self.lists.get_mut(&list) {
            held.nowhere += leads;
        }
    }

    /// A lead that is open, whose segment has enough.
    pub fn note_in_full_segment(&mut self, list: CallListId) {
        if let Some(held) = self.lists.get_mut(&list) {
            held.in_full_segments += 1;
        }
    }

    /// None of its leads is filed any more; those that are away stay so.
    pub fn read_again(&mut self, list: CallListId) {
        self.feed.remove_list(list);
        if let Some(held) = self.lists.get_mut(&list) {
            (held.is_loaded, held.nowhere, held.in_full_segments) = (false, 0, 0);
            held.withdrawn.clear();
        }
    }

    #[must_use]
    pub fn is_loaded(&self, list: CallListId) -> bool {
        self.lists.get(&list).is_some_and(|held| held.is_loaded)
    }

    /// All of its leads are filed.
    pub fn loaded(&mut self, list: CallListId) {
        self.feed.shrink(list);
        if let Some(held) = self.lists.get_mut(&list) {
            held.is_loaded = true;
        }
    }

    /// Who was away is here again. Whether it was away; else nothing was changed.
    pub fn file_again(
        &mut self,
        list: CallListId,
        calendar: CalendarNo,
        lead: LeadId,
        place: Place,
        now: Timestamp,
    ) -> bool {
        let Some(held) = self.lists.get_mut(&list).filter(|held| held.away.contains(&lead)) else { return false };
        held.away.remove(&lead);
        if let Place::Fresh { .. } = place {
            held.list.release.give_back(now);
        }
        self.feed.file(list, calendar, lead, place);
        true
    }

    /// Who was away has no calendar any more, or nobody knows which.
    pub fn lose(&mut self, list: CallListId, lead: LeadId) {
        if let Some(held) = self.lists.get_mut(&list)
            && held.away.remove(&lead)
        {
            held.nowhere += 1;
        }
    }

    /// Who was away has a segment that has enough: it stays open, and is not given.
    pub fn keep_in_full_segment(&mut self, list: CallListId, lead: LeadId) {
        if let Some(held) = self.lists.get_mut(&list)
            && held.away.remove(&lead)
        {
            held.in_full_segments += 1;
        }
    }

    /// It is over, whether it was away or waited here.
    pub fn withdraw(&mut self, list: CallListId, lead: LeadId) {
        if let Some(held) = self.lists.get_mut(&list)
            && !held.away.remove(&lead)
        {
            held.withdrawn.insert(lead);
        }
    }

    /// Something was reached with a lead of the list, for the first time.
    pub fn count(&mut self, list: CallListId, reached: LeadReached, fields: &CustomFields) {
        if let Some(held) = self.lists.get_mut(&list) {
            held.list.goals.count(reached, fields);
        }
    }

    /// The next lead, of the list whose turn it is. It is away then.
    pub fn next(&mut self, now: Timestamp, calendars: &CallingCalendars) -> Option<ListedLead> {
        self.advance_to(now, calendars);
        let gives: BTreeMap<CallListId, MayGo> =
            self.lists().filter_map(|list| Some((list, self.may_go(list, now).ok()?))).collect();
        let feed = &self.feed;
        let list = self.mix.pick(|list| gives.get(&list).is_some_and(|may_go| feed.has_lead(list, now, *may_go)))?;
        let next = self.feed.take(list, now, gives[&list])?;
        let held = self.lists.get_mut(&list)?;
        held.away.insert(next.lead);
        if next.is_fresh {
            held.list.release.take(now);
        }
        Some(ListedLead { list, next })
    }

    /// When a lead can be given: `now`, or a moment not later than that. None: only after something else happens.
    pub fn when_next(&mut self, now: Timestamp, calendars: &CallingCalendars) -> Option<Timestamp> {
        self.advance_to(now, calendars);
        self.lists().filter_map(|list| self.list_next(list, now)).min()
    }

    fn list_next(&self, list: CallListId, now: Timestamp) -> Option<Timestamp> {
        let may_go = self.may_go(list, now).ok()?;
        let released = self.feed.next_at(list, now, may_go);
        if may_go == MayGo::All {
            return released;
        }
        let tranche = self.lists[&list].list.release.next(now);
        let fresh = tranche.and_then(|begins| Some(begins.max(self.feed.next_at(list, now, MayGo::All)?)));
        released.into_iter().chain(fresh).min()
    }

    /// None: it gives one, as soon as it is its turn.
    pub fn gives_none(&mut self, list: CallListId, now: Timestamp, calendars: &CallingCalendars) -> Option<GivesNone> {
        self.advance_to(now, calendars);
        let may_go = match self.may_go(list, now) {
            Ok(may_go) => may_go,
            Err(why) => return Some(why),
        };
        if self.feed.has_lead(list, now, may_go) {
            return None;
        }
        let counts = self.feed.counts(list);
        let next = self.list_next(list, now);
        Some(if counts == FeedCounts::default() {
            GivesNone::Empty
        } else if may_go == MayGo::OnlyTried && self.feed.has_lead(list, now, MayGo::All) {
            GivesNone::NotReleased { next }
        } else if counts.in_open_calendars == 0 {
            GivesNone::Closed { next }
        } else {
            GivesNone::NotDue { next }
        })
    }

    #[must_use]
    pub fn counts(&self, list: CallListId) -> SupplyCounts {
        let Some(held) = self.lists.get(&list) else { return SupplyCounts::default() };
        SupplyCounts {
            filed: self.feed.counts(list),
            withdrawn: held.withdrawn.len() as u64,
            away: held.away.len() as u64,
            nowhere: held.nowhere,
            in_full_segments: held.in_full_segments,
        }
    }

    /// Why the leads of a list are not called now. None: it is not here.
    pub fn waits(&mut self, list: CallListId, now: Timestamp, calendars: &CallingCalendars) -> Option<SupplyWaits> {
        self.advance_to(now, calendars);
        let held = self.lists.get(&list)?;
        Some(SupplyWaits {
            counts: self.counts(list),
            feed: self.feed.waits(list),
            released: held.list.release.left(now),
            released_from: held.list.release.next(now),
            rests: self.rests(list, now).err(),
        })
    }

    /// The wall clock stepped.
    pub fn forget_openings(&mut self) {
        self.feed.forget_openings();
    }

    /// Looks at calendars, and passes over those at the head of a list who are over.
    fn advance_to(&mut self, now: Timestamp, calendars: &CallingCalendars) {
        self.feed.advance_to(now, calendars);
        for (list, held) in self.lists.iter_mut().filter(|(_, held)| !held.withdrawn.is_empty()) {
            while let Some(lead) = self.feed.head(*list, now, MayGo::All).filter(|lead| held.withdrawn.contains(lead)) {
                self.feed.take(*list, now, MayGo::All);
                held.withdrawn.remove(&lead);
            }
        }
    }

    /// Which of its leads may go, as far as the list itself goes.
    fn may_go(&self, list: CallListId, now: Timestamp) -> Result<MayGo, GivesNone> {
        let held = self.rests(list, now)?;
        if self.full.contains(&list) {
            return Err(GivesNone::Ahead);
        }
        Ok(if held.list.release.lets_go(now) { MayGo::All } else { MayGo::OnlyTried })
    }

    /// Why none of its leads is given, whoever they are.
    fn rests(&self, list: CallListId, now: Timestamp) -> Result<&Held, GivesNone> {
        let held = self.lists.get(&list).ok_or(GivesNone::Empty)?;
        if !held.list.is_active {
            return Err(GivesNone::Inactive);
        }
        over(&held.list, now)?;
        if !held.is_loaded {
            return Err(GivesNone::Loading);
        }
        if let Some(before) = self.lists().find(|before| self.waits_for(list, *before, now)) {
            return Err(GivesNone::Follows(before));
        }
        Ok(held)
    }

    /// A list that follows another waits until that one has nobody left who was never tried, or is over. Lists that follow each
    /// other in a circle wait for none of it.
    fn waits_for(&self, list: CallListId, before: CallListId, now: Timestamp) -> bool {
        let held = &self.lists[&before];
        held.list.next == Some(list)
            && (!held.is_loaded || self.feed.has_fresh(before))
            && over(&held.list, now).is_ok()
            && !self.leads_to(list, before)
    }

    fn leads_to(&self, from: CallListId, to: CallListId) -> bool {
        let next = |list: &CallListId| self.lists.get(list).and_then(|held| held.list.next);
        std::iter::successors(Some(from), next).take(self.lists.len() + 1).any(|list| list == to)
    }
}

fn over(list: &SuppliedList, now: Timestamp) -> Result<(), GivesNone> {
    if list.expires_at.is_some_and(|expires_at| expires_at <= now) {
        return Err(GivesNone::Expired);
    }
    list.goals.reached().map_or(Ok(()), |goal| Err(GivesNone::Reached(goal)))
}
