//! What each event means for contacts: their visits, offers and segments. Decides nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{Contact, Model, Offer, OrderKey, Segment, SegmentState, Visit};
use crate::routing::event::{Event, Fact, OfferOutcome, QueuedBy};
use crate::routing::ids::{ContactId, EventNo, QueueId};
use crate::routing::time::{Millis, Timestamp};

impl Model {
    pub(super) fn apply_to_visits(&mut self, event: &Event) {
        let at = event.at;
        match &event.fact {
            Fact::ContactArrived { contact, gateway, reference, channel, direction, to, details, gateway_event } => {
                self.number_given(contact.0);
                let details = details.plain().expect("the referee reads plain events only");
                let arrived = Contact {
                    id: *contact,
                    gateway: gateway.clone(),
                    reference: reference.clone(),
                    channel: *channel,
                    direction: *direction,
                    from: details.from.clone(),
                    to: to.clone(),
                    attributes: details.attributes.clone(),
                    fitted: None,
                    arrived_at: at,
                    last_message: *gateway_event,
                    updates: 0,
                    ended: false,
                    on_line: true,
                    promise: None,
                    attempt: None,
                    call: None,
                    customer: None,
                    attempts: 0,
                    gap_until: None,
                    on_line_since: at,
                    is_first: false,
                    own_wish: false,
                    superseded: false,
                    visit: None,
                    leaving: None,
                    segments: Vec::new(),
                    suspended: None,
                    quiet_since: None,
                    consultation: None,
                    lead: None,
                    recordings: Vec::new(),
                };
                self.contacts.insert(*contact, Arc::new(arrived));
            }
            Fact::ContactUpdated { contact, details, gateway_event } => {
                let details = details.plain().expect("the referee reads plain events only");
                let contact = self.contact_mut(*contact);
                contact.attributes.0.extend(details.attributes.0.clone());
                contact.last_message = contact.last_message.max(*gateway_event);
                contact.updates += 1;
            }
            Fact::ContactTransferred { contact, details, .. }
            | Fact::ContactTransferredOutside { contact, details, .. } => {
                let details = details.plain().expect("the referee reads plain events only");
                let contact = self.contact_mut(*contact);
                contact.attributes.0.extend(details.attributes.0.clone());
                let says_something = details.note.is_some() || details.to.is_some() || !details.attributes.0.is_empty();
                contact.updates += u32::from(says_something);
            }
            Fact::ContactQueued { contact, visit, .. } => {
                self.number_given(visit.0);
                self.take_into_queue(*contact, &event.fact);
            }
            Fact::VisitChanged { contact, skills, priority, preferred, never, .. } => {
                let mut changed = self.visit_mut(*contact).clone();
                changed.skills.clone_from(skills);
                changed.priority = *priority;
                changed.preferred.clone_from(preferred);
                changed.never.clone_from(never);
                changed.anew_at_step = false;
                changed.key = self.order_key(*contact, &changed.queue, changed.priority, changed.ordered_since);
                *self.visit_mut(*contact) = changed;
            }
            Fact::VisitWidened { contact, step, skills, joined, priority, .. } => {
                let mut widened = self.visit_mut(*contact).clone();
                widened.skills.clone_from(skills);
                widened.joined.clone_from(joined);
                widened.priority = *priority;
                widened.taken.insert(*step as usize - 1);
                widened.key = self.order_key(*contact, &widened.queue, widened.priority, widened.ordered_since);
                *self.visit_mut(*contact) = widened;
            }
            Fact::PreferredWaitEnded { contact, .. } => {
                if let Some(preferred) = &mut self.visit_mut(*contact).preferred {
                    preferred.alone_until = None;
                }
            }
            Fact::ContactOffered { contact, queue, offer, agent, acknowledge_by, expires_at, rings, .. } => {
                self.number_given(offer.0);
                let number = self.agent_no(agent).expect("events name known agents only");
                self.offered_last.insert(queue.clone(), number);
                let order = EventNo(self.event_no);
                let visit = self.visit_mut(*contact);
                visit.offers_in_row += 1;
                visit.offers.push(Offer {
                    id: *offer,
                    agent: agent.clone(),
                    acknowledge_by: *acknowledge_by,
                    expires_at: *expires_at,
                    acknowledged: *rings,
                    rings: *rings,
                    order,
                });
            }
            Fact::OfferAcknowledged { offer } => {
                let contact = self.open_offer(*offer).expect("events name open offers only").0.id;
                for open in &mut self.visit_mut(contact).offers {
                    open.acknowledged |= open.id == *offer;
                }
            }
            Fact::OfferEnded { offer, contact, agent, outcome } => {
                let visit = self.visit_mut(*contact);
                visit.offers.retain(|open| open.id != *offer);
                match outcome {
                    OfferOutcome::Declined { .. } | OfferOutcome::Expired | OfferOutcome::LegFailed { .. } => {
                        visit.declined.insert(agent.clone());
                    }
                    OfferOutcome::Rescinded | OfferOutcome::Revoked { .. } => {}
                }
            }
            Fact::OfferLimitReached { contact, until, .. } => self.visit_mut(*contact).limited_until = Some(*until),
            Fact::OfferLimitLifted { contact, .. } => {
                let visit = self.visit_mut(*contact);
                visit.limited_until = None;
                visit.offers_in_row = 0;
                visit.declined.clear();
            }
            Fact::CallbackPromised { .. } => self.take_promise(event),
            Fact::LeadFiled { .. } => self.take_lead_in(event),
            Fact::CustomerAnswered { contact } => self.customer_answered(*contact, event.at),
            Fact::AttemptFailed { contact, segment, until, .. } => {
                self.contact_mut(*contact).attempts += 1;
                self.waits_again(*contact, *segment, *until);
            }
            Fact::CallbackNotPlaced { contact, segment, until, .. } => self.waits_again(*contact, *segment, *until),
            Fact::CallbackSuperseded { contact } => self.contact_mut(*contact).superseded = true,
            Fact::CallbackGapEnded { contact, .. } => self.contact_mut(*contact).gap_until = None,
            Fact::VisitEnded { contact, .. } => self.contact_mut(*contact).visit = None,
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::TransferFailed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::SegmentClosed { .. }
            | Fact::ContactEnded { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    fn take_into_queue(&mut self, contact: ContactId, fact: &Fact) {
        let Fact::ContactQueued {
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
            ..
        } = fact
        else {
            return;
        };
        let by_entry = match cause {
            QueuedBy::Entry { .. } => true,
            QueuedBy::Transfer { .. }
            | QueuedBy::DirectExpired { .. }
            | QueuedBy::AgentLost { .. }
            | QueuedBy::Step { .. }
            | QueuedBy::ExitFailed { .. }
            | QueuedBy::QueueDropped { .. }
            | QueuedBy::TakenUp { .. }
            | QueuedBy::Callback { .. }
            | QueuedBy::CallbackDue
            | QueuedBy::Work
            | QueuedBy::Campaign { .. }
            | QueuedBy::Moved
            | QueuedBy::Assigned
            | QueuedBy::HandedBack { .. }
            | QueuedBy::Consultation { .. }
            | QueuedBy::Escalated { .. }
            | QueuedBy::LegLost { .. }
            | QueuedBy::TransferFailed { .. }
            | QueuedBy::Exit { .. } => false,
        };
        let ordered_since = *ordered_since;
        let mut queued = Visit {
            id: *visit,
            queue: queue.clone(),
            skills: skills.clone(),
            priority: *priority,
            priority_is_ordered: false,
            joined: Vec::new(),
            taken: BTreeSet::new(),
            ordered_since,
            entered_at: *entered_at,
            estimate: *estimate,
            paused: Millis::ZERO,
            told_at: *entered_at,
            by_entry,
            anew_at_step: false,
            exits_failed: matches!(cause, QueuedBy::ExitFailed { .. }),
            direct: direct.clone(),
            preferred: preferred.clone(),
            never: never.clone(),
            key: OrderKey { tier: 0, lax: false, rank: 0, place: 0, ordered_since, contact },
            declined: BTreeSet::new(),
            offers_in_row: 0,
            limited_until: None,
            offers: Vec::new(),
            connecting: false,
        };
        queued.key = self.order_key(contact, &queued.queue, queued.priority, queued.ordered_since);
        let contact = self.contact_mut(contact);
        contact.promise = None;
        contact.visit = Some(queued);
    }

    /// Tier, then strict before lax, then rank and place as the queue's rules say at this moment.
    pub(super) fn order_key(
        &self,
        contact: ContactId,
        queue: &QueueId,
        priority: i32,
        ordered_since: Timestamp,
    ) -> OrderKey {
        if self.contacts[&contact].is_first {
            return OrderKey::first(contact, ordered_since);
        }
        let rules = self.queue(queue);
        let channel = self.contacts[&contact].channel;
        let head_start = if rules.strict { 0 } else { i64::from(priority) * rules.priority_step.0 + rules.weight.0 };
        let tier = rules.tier.map_or_else(|| self.site().channel_tier.of(channel), u32::from);
        OrderKey {
            tier: if self.raised.contains(queue) { tier.saturating_sub(1).max(1) } else { tier },
            lax: !rules.strict,
            rank: if rules.strict { -i64::from(priority) } else { 0 },
            place: self.place_in_line(channel, queue, ordered_since, head_start),
            ordered_since,
            contact,
        }
    }

    pub(super) fn apply_to_segments(&mut self, event: &Event) {
        let at = event.at;
        let order = EventNo(self.event_no);
        match &event.fact {
            Fact::ContactConnecting { contact, offer, segment, agent, connect_by, .. } => {
                self.number_given(segment.0);
                let visit = self.visit_mut(*contact);
                visit.connecting = true;
                let ringing = visit.offers.iter().find(|open| open.id == *offer && open.rings);
                let order = ringing.map_or(order, |ringing| ringing.order);
                visit.offers.retain(|open| open.id != *offer);
                visit.offers_in_row = 0;
                let segment = Segment {
                    id: *segment,
                    agent: agent.clone(),
                    offer: *offer,
                    order,
                    answered: visit.clone(),
                    state: SegmentState::Connecting { connect_by: *connect_by },
                    connected_at: at,
                    talk: Millis::ZERO,
                    hold: Millis::ZERO,
                    aside: Millis::ZERO,
                };
                self.contact_mut(*contact).segments.push(segment);
            }
            Fact::ConnectFailed { contact, segment, agent, .. } => {
                self.contact_mut(*contact).segments.retain(|open| open.id != *segment);
                let visit = self.visit_mut(*contact);
                visit.connecting = false;
                visit.declined.insert(agent.clone());
            }
            Fact::ContactConnected { contact, segment, .. } => {
                self.comes_on_line(*contact, at);
                self.contact_mut(*contact).is_first = false;
                let segment = self.segment_mut(*segment);
                segment.connected_at = at;
                segment.state = SegmentState::Talking;
            }
            Fact::ContactHeld { segment, .. } => self.segment_mut(*segment).state = SegmentState::Held { since: at },
            Fact::ContactUnheld { segment, .. } => {
                let segment = self.segment_mut(*segment);
                segment.hold = segment.spans(at).1;
                segment.state = SegmentState::Talking;
            }
            Fact::SegmentSetAside { segment, by, .. } => {
                let segment = self.segment_mut(*segment);
                segment.hold = segment.spans(at).1;
                segment.state = SegmentState::SetAside { since: at, by: *by };
            }
            Fact::SegmentTakenUp { segment, .. } => {
                let segment = self.segment_mut(*segment);
                if let SegmentState::SetAside { since, .. } = segment.state {
                    segment.aside = segment.aside + at.since(since);
                }
                segment.state = SegmentState::Talking;
            }
            Fact::WrapUpStarted { segment, ends_at, .. } => {
                let segment = self.segment_mut(*segment);
                (segment.talk, segment.hold, _) = segment.spans(at);
                segment.state = SegmentState::WrapUp { since: at, ends_at: *ends_at };
            }
            Fact::WrapUpExtended { segment, ends_at, .. } => {
                let segment = self.segment_mut(*segment);
                if let SegmentState::WrapUp { since, .. } = segment.state {
                    segment.state = SegmentState::WrapUp { since, ends_at: *ends_at };
                }
            }
            Fact::SegmentClosed { contact, segment, .. } => {
                self.contact_mut(*contact).segments.retain(|open| open.id != *segment);
            }
            Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::RulesReplaced { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactQueued { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::VisitEnded { .. }
            | Fact::ContactEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }
}
