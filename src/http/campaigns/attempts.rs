//! The attempts of a campaign, page by page, for whoever has to account for them. Shows of a person what the asker may see.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::address::AddressKind;
use crate::customers::customer::AddressKey;
use crate::customers::redaction::Sight;
use crate::customers::text::{AddressKindWord, AddressText};
use crate::export::{AttemptLine, AttemptLines};
use crate::protocol as wire;
use crate::records::AttemptPlace;
use crate::routing::ids::AttemptId;
use crate::routing::time::Timestamp;

use super::super::caller::Caller;
use super::super::paging::{Page, after, limit, no_next};
use super::super::path::At;
use super::super::query::{Query, number};
use super::super::seen::attempts_told;
use super::super::{HttpError, Parts};
use super::kept::found;

/// Which attempts.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(in super::super) struct AttemptsAsked {
    /// Proposed at this time or later.
    from: Option<wire::Time>,
    /// Proposed before this time.
    to: Option<wire::Time>,
    /// How many at most; 50 if it is not said.
    #[serde(deserialize_with = "number")]
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// One attempt. Empty is what is not known, was erased, or did not happen.
#[derive(Serialize, JsonSchema)]
pub(in super::super) struct AttemptShown {
    attempt: String,
    campaign: String,
    /// On whose behalf.
    account: String,
    purpose: String,
    list: String,
    lead: String,
    number: String,
    proposed_at: String,
    placed_at: String,
    ended_at: String,
    /// What a clock showed where the number may be, in each zone that is possible.
    local_time: String,
    zone: String,
    outcome: String,
    /// Why it was not placed.
    not_placed: String,
    /// What the law sees in it.
    legal_end: String,
    agent: String,
    disposition: String,
    /// Of the number, as it is known now.
    consent: String,
    consent_kind: String,
    consent_at: String,
    consent_source: String,
    contact: String,
}

pub(in super::super) async fn attempts(
    State(parts): State<Parts>,
    caller: Caller,
    At(id): At<String>,
    Query(asked): Query<AttemptsAsked>,
) -> Result<Json<Page<AttemptShown>>, HttpError> {
    let campaign = found(&parts, &id).await?;
    let limit = limit(asked.limit)?;
    let records = parts.pop.records();
    let moment = |at: Option<wire::Time>| at.map(|at| Timestamp(at.as_ms()));
    let from = match after(asked.after.as_deref())? {
        Some(after) => records.attempt_place(AttemptId(after.unsigned_abs())).await?.ok_or_else(no_next)?,
        None => AttemptPlace { at: moment(asked.from).unwrap_or(Timestamp(0)), after: None },
    };
    let until = moment(asked.to).unwrap_or(Timestamp(i64::MAX));
    let no = campaign.no;
    let mut lines = AttemptLines::new(records.clone(), &parts.site, campaign, from, until).await?;
    let told = lines.next(limit + 1).await?;
    attempts_told(&parts, &caller, no, told.len().min(limit as usize)).await?;
    let sight = caller.sight(&parts);
    Ok(Json(Page::of(told, limit, |line| line.attempt.clone(), |line| shown(&sight, line))))
}

fn shown(sight: &Sight, line: &AttemptLine) -> AttemptShown {
    let line = line.clone();
    AttemptShown {
        attempt: line.attempt,
        campaign: line.campaign,
        account: line.account,
        purpose: line.purpose,
        list: line.list,
        lead: line.lead,
        number: seen(sight, line.number),
        proposed_at: line.proposed_at,
        placed_at: line.placed_at,
        ended_at: line.ended_at,
        local_time: line.local_time,
        zone: line.zone,
        outcome: line.outcome,
        not_placed: line.not_placed,
        legal_end: line.legal_end,
        agent: line.agent,
        disposition: line.disposition,
        consent: line.consent,
        consent_kind: line.consent_kind,
        consent_at: line.consent_at,
        consent_source: line.consent_source,
        contact: line.contact,
    }
}

fn seen(sight: &Sight, number: String) -> String {
    let kind = AddressKindWord::new(AddressKind::Phone.as_str()).expect("a kind is a short word");
    let Ok(value) = AddressText::new(&number) else { return String::new() };
    sight.key(&AddressKey { kind, value }).value.as_str().to_owned()
}
