//! Events that break a rule are named by the ledger, whoever caused them.

use super::*;
use crate::routing::command::{Direction, Presence};
use crate::routing::event::{AgentChange, OfferOutcome, QueuedBy, Reach};
use crate::routing::ids::{ContactRef, GatewayId};
use crate::routing::personal::{Details, Personal};
use crate::routing::rule_set::{AgentRules, Capacity, Exit, ExitAction, QueueRules, RulesVersion};
use crate::routing::skill::Skills;
use crate::routing::why::Why;

const CONTACT: ContactId = ContactId(1);
const VISIT: VisitId = VisitId(2);

fn agent(name: &str) -> AgentId {
    AgentId::new(name).unwrap()
}

fn queue() -> QueueId {
    QueueId::new("billing").unwrap()
}

fn at_once(facts: &[Fact]) -> Result<(), String> {
    let mut ledger = Ledger::default();
    facts
        .iter()
        .try_for_each(|fact| ledger.enter(&Event { at: Timestamp(0), request: None, by: None, fact: fact.clone() }))
}

/// Two offers at once; ana, ben and cleo have room for two contacts.
fn waiting(preferred: Option<Preference>, never: Vec<AgentId>) -> Vec<Fact> {
    let rules = AgentRules { capacity: Capacity { total: 1_000, ..Capacity::default() }, ..AgentRules::default() };
    let agents = ["ana", "ben", "cleo"].map(|name| (agent(name), Arc::new(rules.clone())));
    let queues = [(queue(), Arc::new(QueueRules { offers_max: 2, ..QueueRules::default() }))];
    let rules = RuleSet { queues: queues.into(), agents: agents.into(), ..RuleSet::default() };
    vec![
        Fact::RulesReplaced { version: RulesVersion(1), rules: rules.into() },
        Fact::ContactArrived {
            contact: CONTACT,
            gateway: GatewayId::new("paris").unwrap(),
            reference: ContactRef::new("call-1").unwrap(),
            channel: Channel::Chat,
            direction: Direction::Inbound,
            to: None,
            details: Personal::Plain(Details::default().into()),
            gateway_event: 0,
        },
        Fact::ContactQueued {
            contact: CONTACT,
            visit: VISIT,
            queue: queue(),
            cause: QueuedBy::Entry { rule: Arc::from("everyone") },
            skills: Skills::new(),
            priority: 0,
            ordered_since: Timestamp(0),
            entered_at: Timestamp(0),
            direct: None,
            preferred,
            never,
            estimate: None,
            failed: Vec::new(),
            rules: RulesVersion(1),
        },
    ]
}

fn offered(number: u64, name: &str) -> Fact {
    Fact::ContactOffered {
        contact: CONTACT,
        visit: VISIT,
        queue: queue(),
        offer: OfferId(number),
        agent: agent(name),
        acknowledge_by: Timestamp(2_000),
        expires_at: Timestamp(15_000),
        rings: false,
        why: Why { rules: RulesVersion(1), matched: 1, decided_by: None, value: 0, runner_up: None, taken: false },
    }
}

fn broken_by(facts: &[Fact], last: Fact) -> String {
    assert_eq!(at_once(facts), Ok(()));
    at_once(&[facts, &[last]].concat()).unwrap_err()
}

#[test]
fn offers_that_break_a_rule_are_named() {
    let free = waiting(None, Vec::new());
    let once = [free.clone(), vec![offered(3, "ana")]].concat();
    let twice = [once.clone(), vec![offered(4, "ben")]].concat();
    assert_eq!(broken_by(&once, offered(4, "ana")), "a contact is offered to an agent twice");
    assert_eq!(broken_by(&twice, offered(5, "cleo")), "a contact is offered too often at once");

    let never = waiting(None, vec![agent("ana")]);
    assert_eq!(broken_by(&never, offered(3, "ana")), "a contact is offered to an agent it may never get");

    let alone = Preference { agent: agent("ana"), alone_until: Some(Timestamp(9)) };
    let mut facts = waiting(Some(alone), Vec::new());
    assert_eq!(broken_by(&facts, offered(3, "ben")), "a contact that waits for one agent is offered to another");
    facts.push(Fact::PreferredWaitEnded { contact: CONTACT, visit: VISIT, agent: agent("ana") });
    facts.push(offered(3, "ben"));
    assert_eq!(at_once(&facts), Ok(()));
}

#[test]
fn an_offer_left_open_at_the_end_of_the_wait_is_named() {
    let mut facts = [waiting(None, Vec::new()), vec![offered(3, "ana"), offered(4, "ben")]].concat();
    facts.push(Fact::ContactConnecting {
        contact: CONTACT,
        visit: VISIT,
        offer: OfferId(3),
        segment: SegmentId(5),
        agent: agent("ana"),
        connect_by: Timestamp(20_000),
    });
    let answered = Fact::VisitEnded {
        contact: CONTACT,
        visit: VISIT,
        queue: queue(),
        end: VisitEnd::Answered,
        waited: crate::routing::time::Millis::ZERO,
        estimate: None,
    };
    assert_eq!(broken_by(&facts, answered.clone()), "a visit ended while offered");
    let (offer, agent, outcome) = (OfferId(4), agent("ben"), OfferOutcome::Rescinded);
    facts.push(Fact::OfferEnded { offer, contact: CONTACT, agent, outcome });
    facts.push(answered);
    assert_eq!(at_once(&facts), Ok(()));
}

#[test]
fn an_exit_that_the_queue_does_not_have_is_named() {
    let mut facts = waiting(None, Vec::new());
    facts.push(Fact::ExitTaken {
        contact: CONTACT,
        visit: VISIT,
        exit: Exit::Full,
        action: ExitAction::HangUp,
        until: None,
        rules: RulesVersion(1),
    });
    assert_eq!(at_once(&facts), Err("an exit was taken that the queue does not have".to_owned()));
}

fn becomes_available(name: &str) -> Fact {
    Fact::AgentChanged {
        agent: agent(name),
        presence: Presence::Available,
        next: None,
        reach: Reach::Here,
        responding: true,
        cause: AgentChange::Chosen,
    }
}

fn taken(number: u64, name: &str) -> Fact {
    let mut taken = offered(number, name);
    if let Fact::ContactOffered { why, .. } = &mut taken {
        why.taken = true;
    }
    taken
}

#[test]
fn what_is_taken_by_one_who_may_not_have_it_is_named() {
    let mut facts = waiting(None, Vec::new());
    facts.push(becomes_available("ana"));
    assert_eq!(broken_by(&facts, taken(3, "ana")), "what is neither email nor task was taken from the list");
    for fact in &mut facts {
        if let Fact::ContactArrived { channel, .. } = fact {
            *channel = Channel::Task;
        }
    }
    assert_eq!(broken_by(&facts, taken(3, "ben")), "an agent took a contact who gets no offers now");
    let left_open = [facts.clone(), vec![taken(3, "ana")]].concat();
    assert_eq!(broken_by(&left_open, offered(4, "ben")), "what was taken from the list was not accepted at once");
    if let Some(Fact::ContactQueued { skills, .. }) = facts.get_mut(2) {
        let asked = crate::routing::ids::SkillId::new("german").unwrap();
        skills.insert(asked, crate::routing::skill::Level::new(5).unwrap());
    }
    assert_eq!(broken_by(&facts, taken(3, "ana")), "an agent took a contact whose skills he lacks");
    assert_eq!(at_once(&[facts, vec![offered(3, "ana")]].concat()), Ok(()), "only of taken ones the skills are known");
}
