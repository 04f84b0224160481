//! The open leads of one campaign: read in the background, kept by when they are due, given one by one as their rows stand.
//! Writes nothing, and tells no router: whoever takes a lead marks it, and says what became of it.
//!
//! Nothing is lost when a call of it is dropped half-way: what was under way is gone on with by the next.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::outbound::call_list::CallList;
use crate::outbound::calling_calendars::{CalendarNo, CallingCalendars};
use crate::outbound::campaign::{Campaign, CampaignSettings, UnknownPack};
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::jurisdiction::Jurisdiction;
use crate::outbound::lead::Lead;
use crate::outbound::lead_calendars::LeadCalendars;
use crate::outbound::lead_feed::Place;
use crate::outbound::lead_rank::rank;
use crate::outbound::lead_standing::{LeadReached, LeadStanding, OpenLead, ReleaseStanding};
use crate::outbound::lead_supply::LeadSupply;
use crate::outbound::stay_end::LeadWindows;
use crate::outbound::supplied_list::{GivesNone, ListedLead, SupplyCounts};
use crate::records::{Records, RecordsError};
use crate::routing::ids::{CallListName, CampaignId};
use crate::routing::time::Timestamp;

use super::changes::zone_of;
use super::reading::Reading;

/// Leads that one question looks at: some are over since they were read.
const LOOKED_AT_MAX: usize = 50;

/// Why there is no feed of a campaign.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error("there is no campaign {0:?}")]
    UnknownCampaign(CampaignId),
    #[error(transparent)]
    UnknownPack(#[from] UnknownPack),
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// A lead to be called, as it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct GivenLead {
    pub lead: Lead,
    pub standing: LeadStanding,
    /// When its calendar closes.
    pub closes_at: Option<Timestamp>,
    /// What has been let go of its list with it, to be kept when it is marked.
    pub release: ReleaseStanding,
}

/// A list of the campaign, and why it gives no lead.
#[derive(Clone, PartialEq, Debug)]
pub struct ListStatus {
    pub list: CallListId,
    pub name: CallListName,
    pub gives_none: Option<GivesNone>,
    pub counts: SupplyCounts,
    /// People reached, sales among them.
    pub contacts: u64,
    pub sales: u64,
    /// That nobody tried and that may go; None: all.
    pub released: Option<u64>,
}

/// See the module.
pub struct CampaignFeed {
    pub(super) records: Records,
    pub(super) packs: Vec<Arc<Jurisdiction>>,
    pub(super) campaign: Campaign,
    pub(super) zone: TimeZone,
    pub(super) calendars: LeadCalendars,
    pub(super) supply: LeadSupply,
    pub(super) lists: BTreeMap<CallListId, CallList>,
    pub(super) reading: Reading,
    /// Taken, and its row not read yet.
    pub(super) in_hand: Option<ListedLead>,
    /// Leads that were away and are over, by why.
    pub(super) ended: BTreeMap<CallListId, BTreeMap<&'static str, u64>>,
}

impl CampaignFeed {
    /// With the campaign's lists, and none of their leads: [`CampaignFeed::read_page`] reads them.
    ///
    /// # Errors
    /// When there is no such campaign, it names a pack that is not there, or the database does not answer.
    pub async fn open(
        records: Records,
        name: &CampaignId,
        packs: Vec<Arc<Jurisdiction>>,
        now: Timestamp,
    ) -> Result<CampaignFeed, FeedError> {
        let found = records.campaign_named(name).await?;
        let campaign = found.ok_or_else(|| FeedError::UnknownCampaign(name.clone()))?;
        campaign.settings.check_against(&packs)?;
        let mut feed = CampaignFeed {
            records,
            zone: zone_of(&campaign),
            calendars: LeadCalendars::new(campaign.settings.clone(), packs.clone()),
            packs,
            campaign,
            supply: LeadSupply::default(),
            lists: BTreeMap::new(),
            reading: Reading::default(),
            in_hand: None,
            ended: BTreeMap::new(),
        };
        feed.refresh(now).await?;
        Ok(feed)
    }

    #[must_use]
    pub fn campaign(&self) -> &Campaign {
        &self.campaign
    }

    #[must_use]
    pub fn settings(&self) -> Arc<CampaignSettings> {
        Arc::new(self.campaign.settings.clone())
    }

    /// By which calendar each number of a lead is called.
    pub fn windows_of(&mut self, lead: &Lead, standing: &LeadStanding) -> LeadWindows {
        self.calendars.windows_of(lead, standing)
    }

    #[must_use]
    pub fn list(&self, list: CallListId) -> Option<&CallList> {
        self.lists.get(&list)
    }

    #[must_use]
    pub fn list_named(&self, name: &CallListName) -> Option<CallListId> {
        self.lists.values().find(|list| list.name == *name).map(|list| list.id)
    }

    #[must_use]
    pub fn has_list(&self, list: CallListId) -> bool {
        self.lists.contains_key(&list)
    }

    /// Lists of which the router holds enough: they give none until that is taken back.
    pub fn set_full(&mut self, full: BTreeSet<CallListId>) {
        self.supply.set_full(full);
    }

    #[must_use]
    pub fn calendars(&self) -> &CallingCalendars {
        self.calendars.calendars()
    }

    /// Files some leads of lists that are being read. Whether there are more.
    ///
    /// # Errors
    /// When the database does not answer; the same page is read again then.
    pub async fn read_page(&mut self) -> Result<bool, RecordsError> {
        let Some(read) = self.reading.page(&self.records).await? else { return Ok(false) };
        self.file(read.leads);
        for list in read.finished {
            self.supply.loaded(list);
        }
        Ok(self.reading.is_in_pass())
    }

    /// The next lead, of the list whose turn it is. It is away until it is filed again or withdrawn. None: there is none now, or
    /// those that were looked at are over, and [`CampaignFeed::when_next`] says `now`.
    ///
    /// # Errors
    /// When the database does not answer; the same lead is next again then.
    pub async fn next(&mut self, now: Timestamp) -> Result<Option<GivenLead>, RecordsError> {
        for _ in 0..LOOKED_AT_MAX {
            let listed = match self.in_hand {
                Some(listed) => listed,
                None => match self.supply.next(now, self.calendars.calendars()) {
                    Some(listed) => listed,
                    None => return Ok(None),
                },
            };
            self.in_hand = Some(listed);
            let found = self.records.lead(listed.next.lead).await?;
            self.in_hand = None;
            if let Some(given) = self.settle(listed, found, now) {
                return Ok(Some(given));
            }
        }
        Ok(None)
    }

    /// Who was away is due again, as it stands now; one that is over is not.
    pub fn file_again(&mut self, lead: &Lead, standing: &LeadStanding, now: Timestamp) {
        if let Some(end) = standing.end {
            if self.supply.is_away(lead.list, lead.id) {
                *self.ended.entry(lead.list).or_default().entry(end.word()).or_default() += 1;
            }
            return self.supply.withdraw(lead.list, lead.id);
        }
        let Some(list) = self.lists.get(&lead.list) else { return };
        let open = OpenLead::of(lead, standing);
        match self.calendars.of(&open) {
            Some(calendar) => {
                self.supply.file_again(lead.list, calendar, lead.id, place(list, &open), now);
            }
            None => self.supply.lose(lead.list, lead.id),
        }
    }

    /// It is over, wherever it is.
    pub fn withdraw(&mut self, list: CallListId, lead: LeadId) {
        self.supply.withdraw(list, lead);
    }

    /// Something was reached with a lead for the first time.
    pub fn count(&mut self, lead: &Lead, reached: LeadReached) {
        self.supply.count(lead.list, reached, &lead.lead.fields);
    }

    /// What has been let go of a list.
    #[must_use]
    pub fn release(&self, list: CallListId) -> Option<ReleaseStanding> {
        self.supply.list(list).map(|list| list.release.standing())
    }

    /// When to ask for a lead again, if nothing happens before. None: only something that happens brings one.
    pub fn when_next(&mut self, now: Timestamp) -> Option<Timestamp> {
        if self.in_hand.is_some() {
            return Some(now);
        }
        self.supply.when_next(now, self.calendars.calendars())
    }

    /// The wall clock stepped.
    pub fn clock_stepped(&mut self) {
        self.supply.forget_openings();
    }

    /// Each list, by its number.
    pub fn status(&mut self, now: Timestamp) -> Vec<ListStatus> {
        let CampaignFeed { supply, lists, calendars, .. } = self;
        let status = |list: &CallList| {
            let gives_none = supply.gives_none(list.id, now, calendars.calendars());
            let held = supply.list(list.id)?;
            Some(ListStatus {
                list: list.id,
                name: list.name.clone(),
                gives_none,
                counts: supply.counts(list.id),
                contacts: held.goals.contacts(),
                sales: held.goals.sales(),
                released: held.release.left(now),
            })
        };
        lists.values().filter_map(status).collect()
    }

    /// The row knows better than what was filed when it was read.
    fn settle(&mut self, listed: ListedLead, found: Option<(Lead, LeadStanding)>, now: Timestamp) -> Option<GivenLead> {
        let ListedLead { list, next } = listed;
        let Some((lead, standing)) = found.filter(|(_, standing)| standing.end.is_none()) else {
            self.supply.withdraw(list, next.lead);
            return None;
        };
        let release = self.release(list)?;
        // It is with the router already: somebody else gave it, and files it again.
        if standing.contact.is_some() {
            return None;
        }
        let is_due = standing.due.is_none_or(|due| due <= now);
        let calendar = self.calendars.of(&OpenLead::of(&lead, &standing)).filter(|found| *found == next.calendar);
        let calendar = calendar.and_then(|found| self.calendars.calendars().get(found));
        if !is_due || !calendar.is_some_and(|calendar| calendar.is_open(now)) {
            self.file_again(&lead, &standing, now);
            return None;
        }
        if !self.supply.list(list)?.goals.admits(&lead.lead.fields) {
            self.supply.keep_in_full_segment(list, lead.id);
            return None;
        }
        Some(GivenLead { lead, standing, closes_at: next.closes_at, release })
    }

    pub(super) fn file(&mut self, leads: Vec<OpenLead>) {
        let mut fresh: BTreeMap<(CallListId, CalendarNo), Vec<(i64, LeadId)>> = BTreeMap::new();
        for lead in leads {
            let Some(list) = self.lists.get(&lead.list) else { continue };
            if self.supply.is_away(lead.list, lead.lead) {
                continue;
            }
            let is_admitted = |fields| self.supply.list(lead.list).is_none_or(|list| list.goals.admits(fields));
            if !lead.fields.as_ref().is_none_or(is_admitted) {
                self.supply.note_in_full_segment(lead.list);
                continue;
            }
            match (self.calendars.of(&lead), place(list, &lead)) {
                (None, _) => self.supply.note_nowhere(lead.list, 1),
                (Some(calendar), Place::Fresh { rank }) => {
                    fresh.entry((lead.list, calendar)).or_default().push((rank, lead.lead));
                }
                (Some(calendar), place) => self.supply.file(lead.list, calendar, lead.lead, place),
            }
        }
        for ((list, calendar), leads) in fresh {
            self.supply.file_fresh(list, calendar, leads);
        }
    }
}

fn place(list: &CallList, lead: &OpenLead) -> Place {
    match lead.due {
        Some(due) if lead.goes_first => Place::First { due },
        Some(due) => Place::Again { due },
        None => Place::Fresh { rank: rank(&list.settings.order, &list.settings.fields, lead) },
    }
}
