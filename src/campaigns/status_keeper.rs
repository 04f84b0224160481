//! Keeps what is seen of each campaign that is not stopped in the records. Beside the desk: it goes through rows, and no call
//! waits for that. Decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::seen::{SeenCampaign, SeenList};
use crate::clock::wall_time;
use crate::outbound::campaign_status::{
    AttemptCount, CampaignStatus, LeadsSeen, ListCount, MinuteCount, StatusParts, calls_since, minutes_from,
};
use crate::outbound::ids::CallListId;
use crate::outbound::lead_standing::LeadCounts;
use crate::outbound::lead_waterfall::Waterfall;
use crate::records::{KeptStatus, Records, RecordsError};
use crate::routing::ids::CampaignId;

/// A status is renewed no more often.
const RENEWED_EVERY: Duration = Duration::from_secs(2);
/// A status that stays as it is is written again after so long: who reads it sees that somebody keeps it.
const WRITTEN_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// What took long to count is counted again when so many times as much time has passed.
const RESTS_FOR_TIMES: u32 = 20;

/// Something counted, and what that cost.
#[derive(Debug)]
struct Counted<T> {
    value: T,
    at: Instant,
    took: Duration,
}

impl<T> Counted<T> {
    fn is_due(&self) -> bool {
        self.at.elapsed() >= self.took * RESTS_FOR_TIMES
    }
}

/// The leads of a list, and how many had ended by then as the desk counts.
#[derive(Debug)]
struct ListRows {
    counts: LeadCounts,
    ended: BTreeMap<&'static str, u64>,
}

/// What is known of one campaign between two turns.
#[derive(Debug, Default)]
struct Known {
    lists: BTreeMap<CallListId, Counted<ListRows>>,
    calls: Option<Counted<(Vec<AttemptCount>, Vec<MinuteCount>)>>,
    written: Option<(CampaignStatus, Instant)>,
}

struct StatusKeeper {
    records: Records,
    known: BTreeMap<CampaignId, Known>,
}

/// Until the desk is gone. What fails is tried again with the next turn.
pub(super) async fn keep_statuses(records: Records, mut seen: watch::Receiver<Vec<SeenCampaign>>) {
    let mut keeper = StatusKeeper { records, known: BTreeMap::new() };
    let mut is_failing = false;
    while seen.changed().await.is_ok() {
        let campaigns = seen.borrow_and_update().clone();
        let renewed = keeper.renew_all(&campaigns).await;
        if let (Err(error), false) = (&renewed, is_failing) {
            tracing::warn!(%error, "the status of campaigns is not kept");
        }
        is_failing = renewed.is_err();
        tokio::time::sleep(RENEWED_EVERY).await;
    }
}

impl StatusKeeper {
    async fn renew_all(&mut self, campaigns: &[SeenCampaign]) -> Result<(), RecordsError> {
        let running: BTreeSet<&CampaignId> = campaigns.iter().map(|seen| &seen.campaign).collect();
        self.known.retain(|campaign, _| running.contains(campaign));
        for seen in campaigns {
            let known = self.known.entry(seen.campaign.clone()).or_default();
            known.renew(&self.records, seen).await?;
        }
        Ok(())
    }
}

impl Known {
    async fn renew(&mut self, records: &Records, seen: &SeenCampaign) -> Result<(), RecordsError> {
        let midnight = calls_since(&seen.zone, seen.at);
        self.lists.retain(|list, _| seen.lists.iter().any(|seen| seen.list == *list));
        let mut lists = Vec::with_capacity(seen.lists.len());
        for list in &seen.lists {
            lists.push(ListCount {
                list: list.list,
                name: list.name.clone(),
                leads: self.leads(records, list, seen).await?,
            });
        }
        if self.calls.as_ref().is_none_or(Counted::is_due) {
            let at = Instant::now();
            let attempts = records.attempt_counts(&seen.campaign, midnight).await?;
            let minutes = records.attempt_minutes(&seen.campaign, minutes_from(seen.at)).await?;
            self.calls = Some(Counted { value: (attempts, minutes), at, took: at.elapsed() });
        }
        let (attempts, minutes) = self.calls.as_ref().map(|calls| calls.value.clone()).unwrap_or_default();
        let (run, since) = (seen.run, records.campaign_run_since(&seen.campaign).await?.1);
        let (campaign, at) = (seen.campaign.clone(), seen.at);
        let parts = StatusParts { campaign, run, since, at, midnight, lists, attempts, minutes };
        self.write(records, CampaignStatus::of(parts), seen).await
    }

    async fn leads(
        &mut self,
        records: &Records,
        list: &SeenList,
        seen: &SeenCampaign,
    ) -> Result<LeadsSeen, RecordsError> {
        if self.lists.get(&list.list).is_none_or(Counted::is_due) {
            let at = Instant::now();
            let counts = records.lead_counts(list.list, seen.at).await?;
            let value = ListRows { counts, ended: list.ended.clone() };
            self.lists.insert(list.list, Counted { value, at, took: at.elapsed() });
        }
        let ListRows { counts, ended } = &self.lists[&list.list].value;
        let before = |word: &str| ended.get(word).copied().unwrap_or(0);
        let since = list.ended.iter().map(|(word, count)| (*word, count.saturating_sub(before(word))));
        let rows = counts.clone().ended_since(since);
        let leads = LeadsSeen::of(Waterfall::of(&list.waits, &rows), &rows);
        Ok(LeadsSeen { contacts: leads.contacts.max(list.contacts), sales: leads.sales.max(list.sales), ..leads })
    }

    async fn write(
        &mut self,
        records: &Records,
        status: CampaignStatus,
        seen: &SeenCampaign,
    ) -> Result<(), RecordsError> {
        let is_there =
            self.written.as_ref().is_some_and(|(written, at)| *written == status && at.elapsed() < WRITTEN_AGAIN_AFTER);
        if is_there {
            return Ok(());
        }
        let kept = KeptStatus { status, written_at: wall_time(), event: seen.event };
        records.keep_campaign_status(&kept).await?;
        self.written = Some((kept.status, Instant::now()));
        Ok(())
    }
}
