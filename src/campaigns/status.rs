//! What is seen of a campaign, for whoever asks: as the server keeps it while the campaign runs, else from the rows. Keeps none.

pub use super::changes::zone_of;
use crate::outbound::call_list::CallList;
use crate::outbound::campaign::Campaign;
use crate::outbound::campaign_status::{CampaignStatus, LeadsSeen, ListCount, StatusParts, calls_since, minutes_from};
use crate::outbound::lead_waterfall::{Rests, Waterfall};
use crate::records::{Records, RecordsError};
use crate::routing::campaign::CampaignRun;
use crate::routing::ids::EventNo;
use crate::routing::time::{Millis, Timestamp};

/// A server that runs a campaign writes its status more often.
const STALE_AFTER: Millis = Millis(10_000);

/// A status, and how old it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SeenStatus {
    pub status: CampaignStatus,
    pub written_at: Timestamp,
    /// Everything up to it is counted; None: it was counted for this question.
    pub event: Option<EventNo>,
    /// The campaign is not stopped, and no server keeps its status.
    pub is_stale: bool,
}

/// What is seen of it at `now`, by the clock on the wall. Of a campaign that no server runs it goes through all leads.
///
/// # Errors
/// When the database does not answer, or a row cannot be read.
pub async fn status_of(records: &Records, campaign: &Campaign, now: Timestamp) -> Result<SeenStatus, RecordsError> {
    let (run, since) = records.campaign_run_since(&campaign.name).await?;
    let is_stopped = run == CampaignRun::Stopped;
    let kept = if is_stopped { None } else { records.campaign_status(&campaign.name).await? };
    if let Some(kept) = kept {
        let is_stale = now.since(kept.written_at) > STALE_AFTER;
        return Ok(SeenStatus { status: kept.status, written_at: kept.written_at, event: Some(kept.event), is_stale });
    }
    let mut lists = Vec::new();
    for list in records.call_lists().await? {
        if list.settings.campaign == campaign.name {
            let why = if is_stopped { Rests::CampaignStopped } else { Rests::NoServer };
            lists.push(at_rest(records, list, why, now).await?);
        }
    }
    let midnight = calls_since(&zone_of(campaign), now);
    let status = CampaignStatus::of(StatusParts {
        campaign: campaign.name.clone(),
        run,
        since,
        at: now,
        midnight,
        lists,
        attempts: records.attempt_counts(&campaign.name, midnight).await?,
        minutes: records.attempt_minutes(&campaign.name, minutes_from(now)).await?,
    });
    Ok(SeenStatus { status, written_at: now, event: None, is_stale: !is_stopped })
}

async fn at_rest(records: &Records, list: CallList, why: Rests, now: Timestamp) -> Result<ListCount, RecordsError> {
    let rows = records.lead_counts(list.id, now).await?;
    let leads = LeadsSeen::of(Waterfall::at_rest(&rows, why), &rows);
    Ok(ListCount { list: list.id, name: list.name, leads })
}
