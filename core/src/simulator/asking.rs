//! What recorded calls ask for: how each arrives, and which queue and skills that means. Serves nobody.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arrivals::RecordedCall;
use super::people::Asked;
use crate::routing::command::{Action, Command, Direction};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::GatewayId;
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{Channel, RuleSet};
use crate::routing::time::Timestamp;

/// What each call would ask for under these rules: its entry, decided by a router of its own that
/// has no agents and leads nobody out of his queue.
#[must_use]
pub fn ask<'a>(rules: &RuleSet, calls: impl Iterator<Item = &'a RecordedCall>) -> Vec<Asked> {
    let mut router = ContactRouter::new();
    let gateway = gateway();
    let mut alone = RuleSet { agents: BTreeMap::new(), ..rules.clone() };
    for queue in alone.queues.values_mut() {
        let queue = Arc::make_mut(queue);
        (queue.steps, queue.exits) = Default::default();
    }
    let mut calls = calls.enumerate().collect::<Vec<_>>();
    calls.sort_by_key(|(index, call)| (call.enters_at, *index));
    let start = calls.first().map_or(Timestamp::default(), |(_, call)| call.enters_at);
    router.handle(Action::ReplaceRules { rules: Arc::new(alone) }.into(), start).expect("rules are never refused");
    let mut asked = BTreeMap::new();
    for (index, call) in calls {
        let now = call.enters_at;
        let events = router.handle(arrival(call, &gateway), now).expect("a reference is used once");
        asked.insert(index, asked_in(&events));
        let (gateway, reference) = (gateway.clone(), call.reference.clone());
        let abandoned = Action::ContactAbandoned { gateway, reference, event: 0 };
        router.handle(abandoned.into(), now).expect("the contact has just arrived");
    }
    asked.into_values().collect()
}

pub(super) fn gateway() -> GatewayId {
    GatewayId::new("recorded").expect("a short name")
}

pub(super) fn arrival(call: &RecordedCall, gateway: &GatewayId) -> Command {
    Command::from(Action::ContactArrived {
        gateway: gateway.clone(),
        reference: call.reference.clone(),
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(call.from.clone()),
        to: None,
        attributes: call.attributes.clone(),
        event: 0,
    })
}

fn asked_in(events: &[Event]) -> Asked {
    let asked = |event: &Event| {
        let Fact::ContactQueued { queue, skills, .. } = &event.fact else { return None };
        Some(Asked { queue: queue.clone(), skills: skills.clone() })
    };
    events.iter().find_map(asked).expect("an arrival is queued at once")
}
