//! Why one lead is not called now: what its row, its list, the campaign's kept status and the gate say. Changes nothing.

use std::sync::Arc;

use super::changes::goals_of;
use super::gate::{Examined, Gate, GateRules, LeadOfCampaign, ProposedCall};
use super::status::status_of;
use crate::customers::phone::PhoneNumber;
use crate::outbound::call_list::CallList;
use crate::outbound::campaign::Campaign;
use crate::outbound::ids::LeadId;
use crate::outbound::kept_attempt::KeptAttempt;
use crate::outbound::lead::Lead;
use crate::outbound::lead_standing::LeadStanding;
use crate::outbound::lead_waterfall::{Rests, Waterfall};
use crate::outbound::lead_why::{LeadAsked, LeadWhy};
use crate::records::{Records, RecordsError};
use crate::routing::campaign::{CampaignMode, CampaignRun};
use crate::routing::ids::{CallListName, CampaignId};
use crate::routing::time::Timestamp;

/// A lead, and why it is not called.
#[derive(Clone, PartialEq, Debug)]
pub struct SeenLead {
    pub lead: Lead,
    pub standing: LeadStanding,
    pub list: CallListName,
    pub campaign: CampaignId,
    pub run: CampaignRun,
    /// The last time that somebody tried.
    pub last: Option<KeptAttempt>,
    pub at: Timestamp,
    pub why: LeadWhy,
}

/// As things are at `now`, by the clock on the wall. None: there is no such lead, or its list was deleted.
///
/// # Errors
/// When the database does not answer, or a row cannot be read.
pub async fn why_of(
    records: &Records,
    gate: &Gate,
    lead: LeadId,
    now: Timestamp,
) -> Result<Option<SeenLead>, RecordsError> {
    let Some((lead, standing)) = records.lead(lead).await? else { return Ok(None) };
    let Some(list) = records.call_list(lead.list).await? else { return Ok(None) };
    let Some(campaign) = records.campaign_named(&list.settings.campaign).await? else { return Ok(None) };
    let run = records.campaign_run(&campaign.name).await?;
    let parts = parts_of(records, &campaign, &list, run, now).await?;
    let examined = match proposed(&campaign, &lead, &standing) {
        Some(call) => Some(gate.examine(&call, now).await),
        None => None,
    };
    let number = examined.as_ref().map(|Examined { judgment, calendar }| (judgment, calendar.as_ref()));
    let why = LeadWhy::of(&LeadAsked {
        at: now,
        run,
        standing: &standing,
        rests: parts.resting.keys().find_map(|word| Rests::from_word(word)),
        not_released: (parts.not_released, parts.released_from),
        is_being_read: parts.is_being_read(),
        is_segment_full: !goals_of(records, &list).await?.admits(&lead.lead.fields),
        number,
    });
    let last = records.attempts_of_lead(lead.id, 1).await?.pop();
    Ok(Some(SeenLead { lead, standing, list: list.name, campaign: campaign.name, run, last, at: now, why }))
}

/// Why the leads of its list wait. While the campaign is stopped nobody knows, and nothing is gone through.
async fn parts_of(
    records: &Records,
    campaign: &Campaign,
    list: &CallList,
    run: CampaignRun,
    now: Timestamp,
) -> Result<Waterfall, RecordsError> {
    if run == CampaignRun::Stopped {
        return Ok(Waterfall::default());
    }
    let status = status_of(records, campaign, now).await?.status;
    let found = status.lists.into_iter().find(|seen| seen.list == list.name);
    Ok(found.map(|seen| seen.leads.waterfall).unwrap_or_default())
}

/// As if the number that is next were called now. None: there is none left.
fn proposed(campaign: &Campaign, lead: &Lead, standing: &LeadStanding) -> Option<ProposedCall> {
    let number = lead.lead.numbers.get(standing.next_number)?;
    let number = PhoneNumber::read(number.value.as_str(), None).ok().flatten()?;
    Some(ProposedCall {
        lead: Some(LeadOfCampaign { campaign: campaign.name.clone(), lead: lead.id }),
        rules: Arc::new(GateRules::of(&campaign.settings)),
        number,
        customer: None,
        is_automatic: campaign.settings.mode == CampaignMode::Progressive,
        agent_reserved: true,
        wish: None,
    })
}
