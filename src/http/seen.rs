//! Who looked at whom, and who changed what: audited here and nowhere else, before the answer leaves. It never names a
//! customer but by number.

use crate::customers::ids::CustomerId;
use crate::outbound::ids::{CampaignNo, LeadId};
use crate::records::{Act, AuditEntry};
use crate::routing::campaign::CampaignRun;

use super::caller::Caller;
use super::{HttpError, Parts};

const RETRY_AFTER_MS: u64 = 1_000;

async fn record(parts: &Parts, entry: AuditEntry) -> Result<(), HttpError> {
    let unavailable = HttpError::Unavailable { why: "audit".to_owned(), retry_after_ms: RETRY_AFTER_MS };
    parts.audit.record(entry).await.map_err(|_| unavailable)
}

fn did(parts: &Parts, caller: &Caller, act: Act) -> AuditEntry {
    AuditEntry::new(parts.pop.now(), caller.0.user.clone(), act)
}

/// # Errors
/// What cannot be audited is not shown; so in all of these.
pub(super) async fn looked_at(parts: &Parts, caller: &Caller, customer: CustomerId) -> Result<(), HttpError> {
    record(parts, did(parts, caller, Act::LookedAt).about(customer)).await
}

/// Leads are no customers: the row names them by their numbers.
pub(super) async fn looked_at_leads(parts: &Parts, caller: &Caller, leads: &[LeadId]) -> Result<(), HttpError> {
    let (Some(first), Some(last)) = (leads.first(), leads.last()) else { return Ok(()) };
    let entry = did(parts, caller, Act::LookedAt).with("leads", leads.len());
    record(parts, entry.with("first_lead", first.0).with("last_lead", last.0)).await
}

pub(super) async fn searched(parts: &Parts, caller: &Caller, found: &[CustomerId]) -> Result<(), HttpError> {
    let entry = found.iter().fold(did(parts, caller, Act::Searched), |entry, customer| entry.about(*customer));
    record(parts, entry).await
}

pub(super) async fn changed(parts: &Parts, caller: &Caller, act: Act, customer: CustomerId) -> Result<(), HttpError> {
    record(parts, did(parts, caller, act).about(customer)).await
}

pub(super) async fn merged(
    parts: &Parts,
    caller: &Caller,
    act: Act,
    kept: CustomerId,
    merged: CustomerId,
) -> Result<(), HttpError> {
    record(parts, did(parts, caller, act).about(kept).about(merged)).await
}

pub(super) async fn campaign_run_asked(
    parts: &Parts,
    caller: &Caller,
    campaign: CampaignNo,
    run: CampaignRun,
) -> Result<(), HttpError> {
    let entry = did(parts, caller, Act::CampaignRunAsked);
    record(parts, entry.with("campaign", campaign.0).with("run", run.as_str())).await
}

/// Attempts of a campaign, by how many.
pub(super) async fn attempts_told(
    parts: &Parts,
    caller: &Caller,
    campaign: CampaignNo,
    attempts: usize,
) -> Result<(), HttpError> {
    let entry = did(parts, caller, Act::Exported);
    record(parts, entry.with("campaign", campaign.0).with("attempts", attempts)).await
}

/// Before the first line of it leaves.
pub(super) async fn exported(parts: &Parts, caller: &Caller) -> Result<(), HttpError> {
    record(parts, did(parts, caller, Act::Exported)).await
}
