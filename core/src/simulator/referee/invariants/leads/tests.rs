//! What breaks a rule of campaigns is named, whoever caused it.

use std::sync::Arc;

use super::*;
use crate::routing::attempt::ReturnedWhy;
use crate::routing::campaign::{CampaignRules, PreviewEnd, PreviewRules};
use crate::routing::command::EndedBy;
use crate::routing::ids::{CallListName, ContactRef, GatewayId, QueueId, SegmentId, VisitId};
use crate::routing::personal::{Address, Details, Personal};
use crate::routing::rule_set::{FirstCalled, RulesVersion};
use crate::routing::time::{Millis, Timestamp};
use crate::routing::why::Why;

const SOON: Timestamp = Timestamp(200);

fn campaign() -> CampaignId {
    CampaignId::new("spring").unwrap()
}

fn list() -> CallListName {
    CallListName::new("april").unwrap()
}

fn agent(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

fn set(mode: CampaignMode) -> Fact {
    let rules = CampaignRules {
        queue: QueueId::new("sales").unwrap(),
        mode,
        gateway: GatewayId::new("paris").unwrap(),
        caller_id: None,
        first: FirstCalled::Agent,
        ring_for: Millis::seconds(20),
        preview: PreviewRules { time: Millis::seconds(30), then: PreviewEnd::Skip },
        dispositions: Vec::new(),
    };
    Fact::CampaignSet { campaign: campaign(), rules: Arc::new(rules) }
}

fn run(run: CampaignRun) -> Fact {
    Fact::CampaignRunChanged { campaign: campaign(), run }
}

fn filed(contact: u64, lead: i64) -> Fact {
    let details = Details { from: Some(Address(Arc::from("+33600000001"))), ..Details::default() };
    Fact::LeadFiled {
        contact: ContactId(contact),
        gateway: GatewayId::new("paris").unwrap(),
        reference: ContactRef::of_lead(ContactId(contact)),
        campaign: campaign(),
        list: list(),
        lead: LeadId(lead),
        agent: None,
        team: None,
        closes_at: None,
        details: Personal::Plain(details.into()),
    }
}

fn offered(contact: u64, offer: u64) -> Fact {
    Fact::ContactOffered {
        contact: ContactId(contact),
        visit: VisitId(0),
        queue: QueueId::new("sales").unwrap(),
        offer: OfferId(offer),
        agent: agent("ana"),
        acknowledge_by: SOON,
        expires_at: SOON,
        rings: false,
        why: Why::alone(RulesVersion(1)),
    }
}

fn connecting(contact: u64, offer: u64) -> Fact {
    Fact::ContactConnecting {
        contact: ContactId(contact),
        visit: VisitId(0),
        offer: OfferId(offer),
        segment: SegmentId(offer),
        agent: agent("ana"),
        connect_by: SOON,
    }
}

fn ended(contact: u64) -> Fact {
    Fact::ContactEnded {
        contact: ContactId(contact),
        gateway: GatewayId::new("paris").unwrap(),
        reference: ContactRef::of_lead(ContactId(contact)),
        by: EndedBy::Router,
        agent: None,
        never_placed: true,
    }
}

fn returned(contact: u64) -> Fact {
    let (contact, campaign, list) = (ContactId(contact), campaign(), list());
    Fact::LeadReturned { contact, campaign, list, lead: LeadId(1), why: ReturnedWhy::Skipped }
}

fn books(facts: &[Fact]) -> Result<Leads, String> {
    let mut leads = Leads::default();
    facts.iter().try_for_each(|fact| leads.enter(fact))?;
    Ok(leads)
}

/// A campaign that runs, and these.
fn after(mode: CampaignMode, facts: &[Fact]) -> Vec<Fact> {
    [&[set(mode), run(CampaignRun::Running)], facts].concat()
}

fn broken_by(facts: &[Fact], last: Fact) -> String {
    books(facts).map(|_| ()).expect("what comes before breaks nothing");
    books(&[facts, &[last]].concat()).err().expect("the last breaks a rule")
}

#[test]
fn a_lead_for_who_is_idle_that_he_does_not_get_at_once_is_named() {
    let facts = after(CampaignMode::Progressive, &[filed(1, 1), offered(1, 2)]);
    assert!(books(&[&facts[..], &[connecting(1, 2)]].concat()).is_ok());
    let waits = "a lead was held out to who is idle, and not accepted for him at once";
    assert_eq!(broken_by(&facts, run(CampaignRun::Paused)), waits);
}

#[test]
fn a_lead_without_an_end_or_with_two_is_named() {
    let facts = after(CampaignMode::Preview, &[filed(1, 1)]);
    assert_eq!(broken_by(&facts, ended(1)), "a lead's contact ended, and the lead's end was not told");
    let facts = [facts, vec![returned(1)]].concat();
    assert!(broken_by(&facts, returned(1)).contains("did not end with the next word"));
    assert!(books(&[facts, vec![ended(1)]].concat()).is_ok());
}

#[test]
fn a_stopped_campaign_has_no_lead_that_waits() {
    let facts = after(CampaignMode::Manual, &[filed(1, 1), run(CampaignRun::Stopped)]);
    let stopped = books(&facts).expect("each alone breaks nothing").check();
    assert_eq!(stopped, Err("a stopped campaign has a lead that is not on line".to_owned()));
    let drained = books(&after(CampaignMode::Manual, &[run(CampaignRun::Draining)])).expect("that is allowed").check();
    assert_eq!(drained, Err("a campaign drains that has no lead".to_owned()));
    let twice = broken_by(&after(CampaignMode::Manual, &[filed(1, 1)]), filed(2, 1));
    assert_eq!(twice, "a lead was filed twice");
}
