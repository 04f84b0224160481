//! The same centre without any wish of its own: whoever came first is served first, by whoever is
//! idle longest. What rules gain is measured against it.

use std::sync::Arc;

use crate::routing::rule_set::{EntryRule, QueueRules, RuleSet, TieBreaker};
use crate::routing::time::Millis;

/// Who may serve what stays; every preference between contacts or agents goes, and nobody is moved.
#[must_use]
pub fn first_come(rules: &RuleSet) -> RuleSet {
    let plain_queue = |queue: &QueueRules| QueueRules {
        channels: queue.channels.clone(),
        tier: Some(1),
        skills: queue.skills.clone(),
        agents: queue.agents.clone(),
        select: vec![TieBreaker::LongestIdle],
        priority_step: Millis::ZERO,
        place_kept: Millis::ZERO,
        offer_timeout: queue.offer_timeout,
        missed_offers: queue.missed_offers,
        wrap_up: queue.wrap_up,
        service_level: queue.service_level,
        short_abandon: queue.short_abandon,
        agent_lost: queue.agent_lost,
        ..QueueRules::default()
    };
    let plain_entry = |rule: &EntryRule| EntryRule { agent: None, priority: 0, ..rule.clone() };
    RuleSet {
        entry: rules.entry.iter().map(plain_entry).collect(),
        queues: rules.queues.iter().map(|(id, queue)| (id.clone(), Arc::new(plain_queue(queue)))).collect(),
        ..rules.clone()
    }
}
