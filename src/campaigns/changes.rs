//! What was changed of a campaign and its lists since they were read, and what came to them: taken over by its feed. Gives no lead.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::outbound::call_list::{CallList, LeadOrder};
use crate::outbound::campaign::Campaign;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::jurisdiction::HoursZone;
use crate::outbound::lead_calendars::LeadCalendars;
use crate::outbound::lead_release::LeadRelease;
use crate::outbound::list_goals::ListGoals;
use crate::outbound::supplied_list::SuppliedList;
use crate::records::{Records, RecordsError};
use crate::routing::ids::CallListName;
use crate::routing::time::Timestamp;

use super::feed::{CampaignFeed, FeedError};

/// How often one look reads leads of a list that came since.
const NEWER_READS_MAX: usize = 20;
/// Leads with which something was reached, read at a time.
const REACHED_AT_ONCE: u32 = 5_000;

impl CampaignFeed {
    /// Looks whether the campaign or its lists were changed, more leads were let go, or new ones came. A change of hours, purpose
    /// or packs has every lead read again.
    ///
    /// # Errors
    /// When the campaign names a pack that is not there, or the database does not answer; what was seen till then stays.
    pub async fn refresh(&mut self, now: Timestamp) -> Result<(), FeedError> {
        self.refresh_campaign().await?;
        let lists = self.records.call_lists().await?;
        let own: BTreeMap<CallListId, CallList> = lists
            .into_iter()
            .filter(|list| list.settings.campaign == self.campaign.name)
            .map(|list| (list.id, list))
            .collect();
        let gone: Vec<CallListId> = self.lists.keys().filter(|list| !own.contains_key(list)).copied().collect();
        for list in gone {
            self.forget(list);
        }
        let names: BTreeMap<CallListName, CallListId> = own.values().map(|list| (list.name.clone(), list.id)).collect();
        for list in own.into_values() {
            let next = list.settings.next_list.as_ref().and_then(|name| names.get(name)).copied();
            self.refresh_list(list, next).await?;
        }
        if !self.reading.is_in_pass() {
            self.begin_reading(now).await?;
        }
        if !self.reading.is_in_pass() {
            self.read_newer().await?;
        }
        Ok(())
    }

    async fn refresh_campaign(&mut self) -> Result<(), FeedError> {
        let found = self.records.campaign(self.campaign.no).await?;
        let campaign = found.ok_or_else(|| FeedError::UnknownCampaign(self.campaign.name.clone()))?;
        if campaign.version == self.campaign.version {
            return Ok(());
        }
        campaign.settings.check_against(&self.packs)?;
        let hours_of = |campaign: &Campaign| {
            let settings = &campaign.settings;
            (settings.hours.clone(), settings.purpose, settings.packs.clone())
        };
        if hours_of(&campaign) != hours_of(&self.campaign) {
            self.zone = zone_of(&campaign);
            self.calendars = LeadCalendars::new(campaign.settings.clone(), self.packs.clone());
            for list in self.lists.keys() {
                self.supply.read_again(*list);
                self.reading.forget(*list);
            }
        }
        self.campaign = campaign;
        Ok(())
    }

    async fn refresh_list(&mut self, list: CallList, next: Option<CallListId>) -> Result<(), RecordsError> {
        let released = self.records.release_standing(list.id).await?;
        let before = self.lists.get(&list.id);
        let is_new = before.is_none();
        let is_changed = before.is_some_and(|before| before.version != list.version);
        let order_of = |list: &CallList| (list.settings.order.clone(), list.settings.fields.clone());
        if before.is_some_and(|before| order_of(before) != order_of(&list)) {
            self.supply.read_again(list.id);
            self.reading.forget(list.id);
        }
        let mut release = match self.supply.list(list.id) {
            Some(held) => held.release.clone(),
            None => LeadRelease::new(list.settings.release.clone(), released, self.zone.clone()),
        };
        release.change(&list.settings.release, released.released);
        let goals = match self.supply.list(list.id) {
            Some(held) if !is_changed => held.goals.clone(),
            Some(_) | None => goals_of(&self.records, &list).await?,
        };
        let settings = &list.settings;
        let supplied = SuppliedList {
            is_active: settings.active,
            expires_at: settings.expires_at,
            share: settings.share_percent.map_or(0, |share| u32::from(u8::from(share))),
            next,
            release,
            goals,
        };
        self.supply.set_list(list.id, supplied);
        if is_new {
            for away in self.records.leads_with_router(list.id).await? {
                self.supply.note_away(list.id, away.lead);
            }
        }
        self.lists.insert(list.id, list);
        Ok(())
    }

    /// Lists that give leads, and of which none was read.
    async fn begin_reading(&mut self, now: Timestamp) -> Result<(), RecordsError> {
        let wanted = |list: &&CallList| {
            list.settings.active && !list.settings.is_expired(now) && !self.supply.is_loaded(list.id)
        };
        let lists: BTreeSet<CallListId> = self.lists.values().filter(wanted).map(|list| list.id).collect();
        if lists.is_empty() {
            return Ok(());
        }
        let by_fields = |list: &&CallListId| {
            let is_ordered = matches!(self.lists[list].settings.order, LeadOrder::Field { .. });
            is_ordered || self.supply.list(**list).is_some_and(|list| list.goals.has_segments())
        };
        let with_fields = lists.iter().filter(by_fields).copied().collect();
        self.reading.begin(&self.records, lists, with_fields).await
    }

    async fn read_newer(&mut self) -> Result<(), RecordsError> {
        let loaded: Vec<CallListId> = self.lists.keys().filter(|list| self.supply.is_loaded(**list)).copied().collect();
        for list in loaded {
            for _ in 0..NEWER_READS_MAX {
                let leads = self.reading.newer(&self.records, list).await?;
                if leads.is_empty() {
                    break;
                }
                self.file(leads);
            }
        }
        Ok(())
    }

    fn forget(&mut self, list: CallListId) {
        self.lists.remove(&list);
        self.supply.remove_list(list);
        self.reading.forget(list);
        self.in_hand = self.in_hand.filter(|listed| listed.list != list);
    }
}

/// What was reached of a list. Goes through those with which something was.
pub(super) async fn goals_of(records: &Records, list: &CallList) -> Result<ListGoals, RecordsError> {
    let mut goals = ListGoals::of(&list.settings);
    let mut after = LeadId(0);
    loop {
        let reached = records.reached_leads(list.id, after, REACHED_AT_ONCE).await?;
        reached.iter().for_each(|lead| goals.count(lead.reached, &lead.fields));
        match reached.last().filter(|_| reached.len() == REACHED_AT_ONCE as usize) {
            Some(last) => after = last.lead,
            None => return Ok(goals),
        }
    }
}

/// By whose clock the days of a campaign begin.
#[must_use]
pub fn zone_of(campaign: &Campaign) -> TimeZone {
    let rule = campaign.settings.hours.as_ref().map(|hours| hours.rule());
    let named = rule.and_then(|rule| match rule.zone {
        HoursZone::Named(name) => TimeZone::get(&name).ok(),
        HoursZone::Leads => None,
    });
    named.unwrap_or(TimeZone::UTC)
}
