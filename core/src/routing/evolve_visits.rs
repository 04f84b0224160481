//! How facts change visits and offers. Part of `evolve`; decides nothing.

use std::sync::Arc;

use super::event::{Fact, OfferOutcome, QueuedBy, VisitEnd};
use super::path::{Passed, PassedHow};
use super::rule_set::{AfterOffer, IdleClockRules};
use super::segment::Offer;
use super::state::State;
use super::table::AgentNo;
use super::time::{Millis, Timestamp};
use super::visit::{Visit, VisitState};

impl State {
    /// A stay in a queue and what is held out of it.
    pub(super) fn apply_to_visit(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::ContactQueued {
                contact,
                visit,
                queue,
                cause,
                skills,
                priority,
                ordered_since,
                entered_at,
                direct,
                preferred,
                never,
                estimate,
                failed: _,
                rules: _,
            } => {
                let queue = self.queue_entry_no(queue);
                let direct = direct.as_ref().map(|direct| self.direct(direct));
                if matches!(cause, QueuedBy::Entry { .. }) {
                    self.forget_dropped(*contact, queue);
                }
                let key = self.order_key(*contact, queue, *priority, *ordered_since);
                let begun = Visit {
                    id: *visit,
                    queue,
                    skills: Arc::new(skills.clone()),
                    priority: *priority,
                    ordered_since: *ordered_since,
                    entered_at: *entered_at,
                    key,
                    direct,
                    preferred: preferred.as_ref().map(|preferred| self.preferred(preferred)),
                    never: self.agents_no(never),
                    steps_taken: 0,
                    joined: smallvec::SmallVec::new(),
                    paused: Millis::ZERO,
                    exits_failed: matches!(cause, QueuedBy::ExitFailed { .. }),
                    anew_at_step: false,
                    estimate: *estimate,
                    is_prioritised: false,
                    cause: cause.clone(),
                    state: VisitState::Waiting,
                    offers: smallvec::SmallVec::new(),
                    offers_in_row: 0,
                    limited_until: None,
                    declined: smallvec::SmallVec::new(),
                };
                let queued = self.contact_mut(*contact);
                if let (QueuedBy::Escalated { .. }, Some(last)) = (cause, queued.path.last_mut()) {
                    last.how = PassedHow::Escalated;
                }
                queued.visit = Some(begun);
                queued.promise = None;
                self.queues[queue.position()].pace.joins(at);
                self.gave(visit.0);
            }
            Fact::VisitChanged { contact, rule, skills, priority, preferred, never, .. } => {
                let preferred = preferred.as_ref().map(|preferred| self.preferred(preferred));
                let never = self.agents_no(never);
                let key = self.key_of(*contact, *priority);
                let visit = self.visit_mut(*contact);
                visit.skills = Arc::new(skills.clone());
                (visit.priority, visit.key, visit.preferred, visit.never) = (*priority, key, preferred, never);
                visit.anew_at_step = false;
                visit.cause = QueuedBy::Entry { rule: Arc::clone(rule) };
            }
            Fact::VisitWidened { contact, step, skills, joined, priority, .. } => {
                let joined = joined.iter().map(|queue| self.queue_entry_no(queue)).collect();
                let key = self.key_of(*contact, *priority);
                let visit = self.visit_mut(*contact);
                visit.steps_taken |= 1 << (step - 1);
                visit.skills = Arc::new(skills.clone());
                (visit.priority, visit.key, visit.joined) = (*priority, key, joined);
            }
            Fact::VisitPrioritised { contact, priority, .. } => {
                let key = self.key_of(*contact, *priority);
                let visit = self.visit_mut(*contact);
                (visit.priority, visit.key, visit.is_prioritised) = (*priority, key, true);
            }
            Fact::PreferredWaitEnded { contact, .. } => {
                if let Some(preferred) = &mut self.visit_mut(*contact).preferred {
                    preferred.alone_until = None;
                }
            }
            Fact::ContactOffered { contact, offer, agent, acknowledge_by, expires_at, rings, .. } => {
                let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
                let channel = self.contacts[contact].channel;
                let visit = self.visit_mut(*contact);
                visit.offers.push(*offer);
                visit.offers_in_row += 1;
                let queue = visit.queue;
                self.queues[queue.position()].last_offered = Some(agent_no);
                self.agents[agent_no.position()].offers.push((*offer, channel));
                let offered = Offer {
                    contact: *contact,
                    agent: agent_no,
                    acknowledged: *rings,
                    acknowledge_by: *acknowledge_by,
                    expires_at: *expires_at,
                    order: rings.then_some(self.event_no),
                };
                self.offers.insert(*offer, offered);
                self.gave(offer.0);
            }
            Fact::OfferAcknowledged { offer } => {
                self.offers.get_mut(offer).expect("an acknowledged offer is open").acknowledged = true;
            }
            Fact::OfferEnded { offer, contact, agent, outcome } => {
                self.offers.swap_remove(offer);
                let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
                let group = self.contacts[contact].channel.group();
                let resets = self.rules.site.idle_clock.resets_after(outcome);
                let agent = self.agent_mut(agent);
                agent.drop_offer(*offer);
                if resets {
                    agent.restart_idle(at);
                }
                let refused = match outcome {
                    OfferOutcome::Declined { .. } | OfferOutcome::LegFailed { .. } => true,
                    OfferOutcome::Expired => {
                        agent.misses[group.index()] += 1;
                        true
                    }
                    OfferOutcome::Rescinded | OfferOutcome::Revoked { .. } => false,
                };
                let visit = self.visit_mut(*contact);
                visit.offers.retain(|other| other != offer);
                if refused {
                    note_declined(visit, agent_no);
                }
            }
            Fact::VisitEnded { contact, queue, end, waited, .. } => {
                let queue = self.queue_entry_no(queue);
                let answered_within = self.queue(queue).rules.service_level.answered_within;
                self.queues[queue.position()].recent_ends.add(*end, *waited, answered_within, at);
                if let VisitEnd::Abandoned { .. } = end {
                    self.remember_dropped(*contact, queue, at);
                }
                if self.visit_mut(*contact).connecting().is_none() {
                    self.queues[queue.position()].pace.leaves(at);
                }
                let contact = self.contact_mut(*contact);
                contact.visit = None;
                if *end == VisitEnd::FlowedOut {
                    contact.was_passed_on(Passed { at, how: PassedHow::Moved, from: queue, by: None, details: None });
                }
            }
            Fact::OfferLimitReached { contact, until, .. } => self.visit_mut(*contact).limited_until = Some(*until),
            Fact::OfferLimitLifted { contact, .. } => {
                let visit = self.visit_mut(*contact);
                visit.limited_until = None;
                visit.offers_in_row = 0;
                visit.declined.clear();
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }
}

impl IdleClockRules {
    fn resets_after(&self, outcome: &OfferOutcome) -> bool {
        let after = match outcome {
            OfferOutcome::Expired => self.missed,
            OfferOutcome::Declined { .. } => self.declined,
            OfferOutcome::Rescinded => self.rescinded,
            OfferOutcome::LegFailed { .. } => AfterOffer::Resets,
            OfferOutcome::Revoked { .. } => AfterOffer::Runs,
        };
        after == AfterOffer::Resets
    }
}

/// An agent who is not asked again while another is there.
pub(super) fn note_declined(visit: &mut Visit, agent: AgentNo) {
    if !visit.declined.contains(&agent) {
        visit.declined.push(agent);
    }
}
