//! Leads of campaigns, to the wire.

use super::customer::field;
use super::{WireIds, agent_name, name, time};
use crate::outbound::shown_lead::{ShownLead, ShownState};
use crate::protocol as wire;
use crate::router_handle::views::LeadView;
use crate::routing::attempt::{LeadStayEnd, NotPlaced, Outcome};
use crate::routing::campaign::PreviewEnd;
use crate::routing::ids::{CampaignId, ContactId};
use crate::routing::time::Timestamp;

pub(super) fn lead_called(lead: &LeadView) -> wire::LeadCalled {
    wire::LeadCalled {
        campaign: name(lead.campaign.as_str()),
        list: name(lead.list.as_str()),
        lead: name(&lead.lead.to_string()),
        preview: lead.preview.map(|then| match then {
            PreviewEnd::Skip => wire::PreviewEnd::Skip,
            PreviewEnd::Dial => wire::PreviewEnd::Dial,
        }),
        dispositions: lead.dispositions.iter().map(|code| name(code)).collect(),
    }
}

pub(super) fn lead_not_reached(
    ids: &WireIds,
    contact: ContactId,
    campaign: &CampaignId,
    end: LeadStayEnd,
    at: Timestamp,
) -> wire::LeadNotReached {
    let (outcome, not_placed) = match end {
        LeadStayEnd::Ended(outcome) => (Some(attempt_end(outcome)), None),
        LeadStayEnd::Refused { why, .. } => (None, Some(why_not_placed(why))),
        LeadStayEnd::Returned(_) => (None, None),
    };
    wire::LeadNotReached {
        contact: ids.contact_text(contact),
        campaign: name(campaign.as_str()),
        outcome,
        not_placed,
        at: time(at),
    }
}

/// What somebody does not see of it is gone already.
pub fn known_lead(lead: &ShownLead) -> wire::KnownLead {
    wire::KnownLead {
        campaign: name(lead.campaign.as_str()),
        list: name(lead.list.as_str()),
        lead: name(&lead.lead.to_string()),
        state: match lead.state {
            ShownState::Open => wire::LeadState::Open,
            ShownState::WithRouter => wire::LeadState::Waiting,
            ShownState::Over => wire::LeadState::Over,
        },
        fields: lead.declared.shown(&lead.fields).iter().map(field).collect(),
        attempts: lead.attempts,
        last: lead.last.as_ref().map(|last| wire::LastCall {
            at: time(last.at),
            outcome: last.outcome.map(attempt_end),
            agent: last.agent.as_ref().map(agent_name),
            disposition: last.disposition.as_ref().map(|disposition| name(&disposition.0)),
        }),
        due: lead.due.filter(|_| lead.state != ShownState::Over).map(time),
        promised_by: lead.promised_by.as_ref().filter(|_| lead.state != ShownState::Over).map(agent_name),
    }
}

fn attempt_end(outcome: Outcome) -> wire::AttemptEnd {
    match outcome {
        Outcome::Answered => wire::AttemptEnd::Answered,
        Outcome::NoAnswer => wire::AttemptEnd::NoAnswer,
        Outcome::Busy => wire::AttemptEnd::Busy,
        Outcome::Rejected => wire::AttemptEnd::Rejected,
        Outcome::Machine => wire::AttemptEnd::Machine,
        Outcome::MachineMessageLeft => wire::AttemptEnd::MachineMessageLeft,
        Outcome::Fax => wire::AttemptEnd::Fax,
        Outcome::InvalidNumber => wire::AttemptEnd::InvalidNumber,
        Outcome::Disconnected => wire::AttemptEnd::Disconnected,
        Outcome::Congestion => wire::AttemptEnd::Congestion,
        Outcome::CarrierError => wire::AttemptEnd::CarrierError,
        Outcome::Dropped => wire::AttemptEnd::Dropped,
        Outcome::CustomerHungUpEarly => wire::AttemptEnd::CustomerHungUpEarly,
        Outcome::Unknown => wire::AttemptEnd::Unknown,
    }
}

pub(super) fn why_not_placed(why: NotPlaced) -> wire::NotPlaced {
    match why {
        NotPlaced::Dnc => wire::NotPlaced::Dnc,
        NotPlaced::NoConsent => wire::NotPlaced::NoConsent,
        NotPlaced::OutOfWindow => wire::NotPlaced::OutOfWindow,
        NotPlaced::NoZone => wire::NotPlaced::NoZone,
        NotPlaced::Cap => wire::NotPlaced::Cap,
        NotPlaced::ListInactive => wire::NotPlaced::ListInactive,
        NotPlaced::LeadClosed => wire::NotPlaced::LeadClosed,
        NotPlaced::InProgress => wire::NotPlaced::InProgress,
        NotPlaced::NotChecked => wire::NotPlaced::NotChecked,
        NotPlaced::NoLine => wire::NotPlaced::NoLine,
        NotPlaced::NoAgent => wire::NotPlaced::NoAgent,
    }
}
