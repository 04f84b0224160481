//! Attempts as they are kept, and the gate that asks for them, the same contract on SQLite and on a real PostgreSQL. It
//! calls nobody.

mod gate;
mod kept;

use usher::customers::ids::CustomerId;
use usher::outbound::do_not_call::NumberDigits;
use usher::outbound::ids::{CallListId, LeadId};
use usher::outbound::kept_attempt::{CalledLead, KeptAttempt};
use usher::outbound::limits::AttemptEnd;
use usher::routing::ids::{AttemptId, CampaignId, ContactId};
use usher::routing::time::Timestamp;

use crate::both_databases::on_both;
use crate::privacy::{on_postgres, on_sqlite};

on_both! {
    kept::written_as_they_go_on as sqlite_keeps_attempts and postgres_keeps_attempts;
    kept::found_by_number_customer_and_lead as sqlite_finds_past_attempts and postgres_finds_past_attempts;
    kept::of_a_customer_that_was_merged as sqlite_finds_attempts_of_a_merged_customer and postgres_finds_attempts_of_a_merged_customer;
    kept::dropped_when_old as sqlite_drops_old_attempts and postgres_drops_old_attempts;
    gate::clears_and_refuses as sqlite_judges_calls and postgres_judges_calls;
    gate::callbacks_are_calls_too as sqlite_judges_callbacks and postgres_judges_callbacks;
    gate::what_changes_meanwhile_counts as sqlite_judges_by_what_is_now and postgres_judges_by_what_is_now;
}

fn campaign(name: &str) -> CampaignId {
    CampaignId::new(name).unwrap()
}

pub fn digits(number: &str) -> NumberDigits {
    NumberDigits::new(number).unwrap()
}

fn called(by: &str, lead: i64) -> CalledLead {
    CalledLead { campaign: campaign(by), list: CallListId(1), lead: LeadId(lead) }
}

/// Placed a moment after it was proposed.
pub fn attempt(no: u64, number: &str, customer: Option<i64>, lead: i64, placed_at: i64) -> KeptAttempt {
    KeptAttempt {
        id: AttemptId(no),
        contact: ContactId(100 + no),
        lead: Some(called("winback", lead)),
        number: Some(digits(number)),
        customer: customer.map(CustomerId),
        proposed_at: Timestamp(placed_at - 1),
        placed_at: Some(Timestamp(placed_at)),
        ended_at: None,
        refused: None,
        outcome: None,
        end: AttemptEnd::Open,
        agent: None,
        disposition: None,
    }
}
