//! What the desk sees of campaigns that no row says: handed out about every second to whoever keeps their status. Writes nothing.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::desk::CampaignDesk;
use super::feed::CampaignFeed;
use crate::outbound::ids::CallListId;
use crate::outbound::supplied_list::SupplyWaits;
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::{CallListName, CampaignId, EventNo};
use crate::routing::time::Timestamp;

/// A campaign that is not stopped.
#[derive(Clone, Debug)]
pub(super) struct SeenCampaign {
    pub campaign: CampaignId,
    pub run: CampaignRun,
    /// By whose clock its days begin.
    pub zone: TimeZone,
    pub at: Timestamp,
    /// Everything up to it is in the rows.
    pub event: EventNo,
    pub lists: Vec<SeenList>,
}

#[derive(Clone, Debug)]
pub(super) struct SeenList {
    pub list: CallListId,
    pub name: CallListName,
    pub waits: SupplyWaits,
    /// Leads that ended since the campaign's feed was opened, by why.
    pub ended: BTreeMap<&'static str, u64>,
    pub contacts: u64,
    pub sales: u64,
}

impl<J> CampaignDesk<J> {
    pub(super) fn seen(&mut self, at: Timestamp) -> Vec<SeenCampaign> {
        let CampaignDesk { feeds, runs, written, .. } = self;
        let seen = |(name, feed): (&CampaignId, &mut CampaignFeed)| SeenCampaign {
            campaign: name.clone(),
            run: runs.get(name).copied().unwrap_or_default(),
            zone: feed.zone.clone(),
            at,
            event: *written,
            lists: feed.seen(at),
        };
        feeds.iter_mut().map(seen).collect()
    }
}

impl CampaignFeed {
    fn seen(&mut self, now: Timestamp) -> Vec<SeenList> {
        let CampaignFeed { supply, lists, calendars, ended, .. } = self;
        let seen = lists.values().filter_map(|list| {
            let waits = supply.waits(list.id, now, calendars.calendars())?;
            let goals = &supply.list(list.id)?.goals;
            Some(SeenList {
                list: list.id,
                name: list.name.clone(),
                waits,
                ended: ended.get(&list.id).cloned().unwrap_or_default(),
                contacts: goals.contacts(),
                sales: goals.sales(),
            })
        });
        seen.collect()
    }
}
