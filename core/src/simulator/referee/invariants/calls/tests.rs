//! What breaks a rule of calls is named, whoever caused it.

use serde_json::json;

use super::*;
use crate::routing::attempt::NotPlaced;
use crate::routing::command::LegFailure;
use crate::routing::ids::{AgentId, ContactRef, GatewayId, OfferId, QueueId, VisitId};
use crate::routing::personal::{Attributes, Details, Personal};
use crate::routing::skill::Skills;
use crate::routing::time::Timestamp;

const SOON: Timestamp = Timestamp(200);

fn agent() -> AgentId {
    AgentId::new("ana").unwrap()
}

fn of(number: &str, customer: Option<&str>) -> PersonalDetails {
    let customer = customer.map(|id| ("customer".to_owned(), json!({ "id": id })));
    let attributes = Attributes(customer.into_iter().collect());
    let from = Some(Address(Arc::from(number)));
    Personal::Plain(Details { from, attributes, ..Details::default() }.into())
}

fn promised(contact: u64, number: &str, customer: Option<&str>) -> Fact {
    Fact::CallbackPromised {
        contact: ContactId(contact),
        gateway: GatewayId::new("paris").unwrap(),
        reference: ContactRef::new(&format!("callback-{contact}")).unwrap(),
        parent: ContactId(0),
        asked_by: Some(agent()),
        queue: QueueId::new("sales").unwrap(),
        skills: Skills::new(),
        priority: 0,
        due: None,
        by: None,
        details: of(number, customer),
    }
}

fn connecting(contact: u64) -> Fact {
    Fact::ContactConnecting {
        contact: ContactId(contact),
        visit: VisitId(0),
        offer: OfferId(contact),
        segment: SegmentId(contact),
        agent: agent(),
        connect_by: SOON,
    }
}

fn proposed(contact: u64, attempt: u64) -> Fact {
    Fact::CallbackProposed {
        attempt: AttemptId(attempt),
        contact: ContactId(contact),
        segment: SegmentId(contact),
        agent: agent(),
        is_own_wish: false,
        decide_by: SOON,
        details: of("+33600000001", None),
    }
}

fn cleared(contact: u64, attempt: u64) -> Fact {
    Fact::AttemptCleared { attempt: AttemptId(attempt), contact: ContactId(contact) }
}

fn placed(contact: u64, attempt: u64) -> Fact {
    Fact::AttemptPlaced {
        attempt: AttemptId(attempt),
        contact: ContactId(contact),
        segment: SegmentId(contact),
        agent: agent(),
        connect_by: SOON,
    }
}

fn not_placed(contact: u64, attempt: u64) -> Fact {
    Fact::CallbackNotPlaced {
        attempt: AttemptId(attempt),
        contact: ContactId(contact),
        visit: VisitId(0),
        segment: SegmentId(contact),
        agent: agent(),
        why: NotPlaced::Cap,
        until: Some(SOON),
    }
}

fn books(facts: &[Fact]) -> Result<Calls, String> {
    let mut calls = Calls::default();
    facts.iter().try_for_each(|fact| calls.enter(fact))?;
    Ok(calls)
}

fn broken_by(facts: &[Fact], last: Fact) -> String {
    books(facts).map(|_| ()).expect("what comes before breaks nothing");
    books(&[facts, &[last]].concat()).err().expect("the last breaks a rule")
}

#[test]
fn what_is_placed_without_being_cleared_is_named() {
    let facts = vec![promised(1, "+33600000001", None), connecting(1)];
    assert_eq!(broken_by(&facts, cleared(1, 2)), "a call was connected, and not proposed at once");
    let facts = [facts, vec![proposed(1, 2)]].concat();
    assert!(broken_by(&facts, placed(1, 2)).contains("went from Proposed"));
    let facts = [facts, vec![cleared(1, 2)]].concat();
    assert_eq!(broken_by(&facts, proposed(1, 3)), "an attempt was cleared, and not placed at once");
    let facts = [facts, vec![placed(1, 2)]].concat();
    assert_eq!(broken_by(&facts, proposed(1, 2)), "an attempt was proposed twice");
    assert_eq!(
        broken_by(&facts, not_placed(1, 2)),
        "a call failed that was not placed, or was not placed after it was"
    );
}

#[test]
fn a_callback_that_was_not_placed_is_proposed_again() {
    let facts = vec![promised(1, "+33600000001", None), connecting(1), proposed(1, 2), not_placed(1, 2)];
    assert_eq!(
        broken_by(&facts, Fact::CustomerAnswered { contact: ContactId(1) }),
        "one answered whom nobody has called"
    );
    let facts = [facts, vec![connecting(1), proposed(1, 3), cleared(1, 3), placed(1, 3)]].concat();
    let failed =
        Fact::ConnectFailed { contact: ContactId(1), segment: SegmentId(1), agent: agent(), why: LegFailure::Failed };
    // answered late, when nobody calls any more
    let facts = [facts, vec![failed, Fact::CustomerAnswered { contact: ContactId(1) }]].concat();
    assert!(books(&facts).is_ok_and(|calls| calls.check().is_ok()));
}

#[test]
fn two_calls_to_one_number_or_one_customer_are_named() {
    let all = [(1, "+33600000001", Some("7")), (2, "+33600000001", None), (3, "+33600000003", Some("7"))];
    let facts = all.map(|(contact, number, customer)| promised(contact, number, customer)).to_vec();
    let facts = [facts, vec![promised(4, "+33600000004", Some("8")), connecting(1), proposed(1, 9)]].concat();
    for other in [2, 3] {
        assert_eq!(broken_by(&facts, connecting(other)), "one was offered or called who is in another call");
    }
    assert!(books(&[facts, vec![connecting(4)]].concat()).is_ok());
}
