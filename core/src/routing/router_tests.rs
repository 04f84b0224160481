//! One call through the router, and the shapes that scenarios do not show.

use std::sync::Arc;

use super::command::{Action, Presence, PresenceWhen};
use super::event::{Event, Fact};
use super::ids::{AgentId, ContactRef, GatewayId, OfferId};
use super::router::ContactRouter;
use super::rule_set::{AgentRules, Channel, EntryRule, QueueRules, RuleSet};
use super::time::Timestamp;

fn rules() -> RuleSet {
    let entry = vec![EntryRule {
        name: Arc::from("all"),
        when: None,
        queue: "general".to_owned().try_into().unwrap(),
        agent: None,
        skills: Default::default(),
        priority: 0,
    }];
    let agent = |name: &str| (AgentId::new(name).unwrap(), Arc::new(AgentRules::default()));
    RuleSet {
        moved: Default::default(),
        calendars: Default::default(),
        site: Default::default(),
        entry,
        queues: [("general".to_owned().try_into().unwrap(), Arc::new(QueueRules::default()))].into(),
        agents: [agent("ana"), agent("ben")].into(),
    }
}

fn arrival(reference: &str) -> Action {
    Action::ContactArrived {
        gateway: GatewayId::new("g").unwrap(),
        reference: ContactRef::new(reference).unwrap(),
        channel: Channel::Voice,
        direction: Default::default(),
        from: None,
        to: None,
        attributes: Default::default(),
        event: 0,
    }
}

fn available(agent: &str) -> Action {
    let agent = AgentId::new(agent).unwrap();
    Action::SetPresence { agent, presence: Presence::Available, when: PresenceWhen::Now }
}

fn offer_in(events: &[Event]) -> (AgentId, OfferId) {
    let offered = events.iter().find_map(|event| match &event.fact {
        Fact::ContactOffered { agent, offer, .. } => Some((agent.clone(), *offer)),
        _ => None,
    });
    offered.expect("an offer")
}

#[test]
fn a_call_finds_its_agent_and_the_fold_of_its_events_is_the_same_router() {
    let mut router = ContactRouter::new();
    let mut journal = Vec::new();
    let mut at = 0;
    let mut tell = |router: &mut ContactRouter, action: Action| {
        at += 1_000;
        journal.extend(router.advance_to(Timestamp(at)));
        let events = router.handle(action.into(), Timestamp(at)).unwrap();
        router.check_index().unwrap();
        journal.extend(events.clone());
        events
    };
    tell(&mut router, Action::ReplaceRules { rules: Arc::new(rules()) });
    tell(&mut router, available("ben"));
    tell(&mut router, available("ana"));
    let (agent, offer) = offer_in(&tell(&mut router, arrival("1")));
    assert_eq!(agent.as_str(), "ben", "he is idle for longer");
    tell(&mut router, Action::AcceptOffer { agent: agent.clone(), offer });
    tell(
        &mut router,
        Action::ContactConnected {
            gateway: GatewayId::new("g").unwrap(),
            reference: ContactRef::new("1").unwrap(),
            order: None,
            event: 0,
        },
    );
    assert_eq!(offer_in(&tell(&mut router, arrival("2"))).0.as_str(), "ana");
    tell(&mut router, arrival("3"));
    let ended = Action::EndContact { agent, contact: super::ids::ContactId(1) };
    assert_eq!(offer_in(&tell(&mut router, ended)).0.as_str(), "ben", "freed, he gets the one who waits");

    let mut folded = ContactRouter::new();
    journal.iter().for_each(|event| folded.evolve(event));
    assert_eq!(folded.snapshot(), router.snapshot());
    let bytes = postcard::to_stdvec(&router.snapshot()).unwrap();
    assert_eq!(postcard::from_bytes::<super::snapshot::Snapshot>(&bytes).unwrap(), router.snapshot());
    let bytes = serde_json::to_vec(&router.snapshot()).unwrap();
    assert_eq!(serde_json::from_slice::<super::snapshot::Snapshot>(&bytes).unwrap(), router.snapshot());
    let text = serde_json::to_string(&journal).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Event>>(&text).unwrap(), journal);
}
