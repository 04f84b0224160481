//! How facts change segments and the hands they are in. Part of `evolve`; decides nothing.

use super::agent::Phase;
use super::event::Fact;
use super::evolve_visits::note_declined;
use super::ids::{AgentId, ContactId, OfferId, SegmentId};
use super::path::{Passed, PassedHow};
use super::personal::PersonalDetails;
use super::rule_set::{Channel, ChannelGroup};
use super::segment::{Segment, SegmentState};
use super::state::State;
use super::time::{Millis, Timestamp};
use super::visit::{Leaving, LeavingBy, Suspended, VisitState};

impl State {
    /// An agent's part in a contact, from the accept on.
    pub(super) fn apply_to_segment(&mut self, fact: &Fact, at: Timestamp) {
        match fact {
            Fact::AttemptFailed { contact, segment, agent, until, .. }
            | Fact::CallbackNotPlaced { contact, segment, agent, until, .. } => {
                self.segments.swap_remove(segment);
                self.agent_mut(agent).drop_segment(*segment, at);
                let tried = self.contact_mut(*contact);
                tried.attempt = None;
                tried.gap_until = *until;
                tried.attempts_failed += u32::from(matches!(fact, Fact::AttemptFailed { .. }));
                let visit = self.visit_mut(*contact);
                visit.state = VisitState::Waiting;
                let queue = visit.queue;
                self.queues[queue.position()].pace.joins(at);
            }
            Fact::ContactConnecting { contact, offer, segment, agent, connect_by, .. } => {
                self.connecting(*contact, *segment, *offer, agent, *connect_by, at);
            }
            Fact::ConnectFailed { contact, segment, agent, .. } => {
                self.segments.swap_remove(segment);
                let agent_no = self.agent_no(agent).expect("a segment names an agent of the rules");
                let agent = self.agent_mut(agent);
                agent.drop_segment(*segment, at);
                agent.restart_idle(at);
                let contact_left = self.contact_mut(*contact);
                if contact_left.is_callback_to_call() {
                    contact_left.attempt = None;
                }
                let visit = self.visit_mut(*contact);
                visit.state = VisitState::Waiting;
                note_declined(visit, agent_no);
                let queue = visit.queue;
                self.queues[queue.position()].pace.joins(at);
            }
            Fact::ContactConnected { contact, segment, agent } => {
                let connected = self.contact_mut(*contact);
                connected.segment = Some(*segment);
                connected.comes_on_line(at);
                connected.is_first = false;
                if let Some(lead) = &mut connected.lead {
                    lead.talked = true;
                }
                if connected.consultation.is_some() {
                    connected.on_line_since = at;
                }
                connected.quiet_since = (connected.channel == Channel::Chat).then_some(at);
                let agent = self.agent_mut(agent);
                agent.set_phase(*segment, Phase::WithCustomer);
                agent.served += 1;
                let segment = self.segment_mut(*segment);
                segment.connected_at = Some(at);
                segment.state = SegmentState::Talking;
            }
            Fact::ContactHeld { segment, .. } => self.segment_mut(*segment).state = SegmentState::Held { since: at },
            Fact::ContactUnheld { segment, .. } => {
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::Talking;
            }
            Fact::SegmentSetAside { segment, agent, by, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::SetAside);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::SetAside { since: at, by: *by };
            }
            Fact::SegmentTakenUp { contact, segment, agent } => {
                self.agent_mut(agent).set_phase(*segment, Phase::WithCustomer);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::Talking;
                let contact = self.contact_mut(*contact);
                contact.quiet_since = contact.quiet_since.map(|_| at);
            }
            Fact::ContactSuspended { contact, segment, agent, until } => {
                let agent = self.agent_no(agent).expect("a segment names an agent of the rules");
                let from = self.segment_mut(*segment).from.clone();
                let contact = self.contact_mut(*contact);
                contact.suspended = Some(Suspended { agent, until: *until, from });
                contact.segment = None;
                contact.quiet_since = None;
            }
            Fact::ContactTransferred { contact, segment, details, .. } => {
                self.passed_on_by_agent(*contact, *segment, PassedHow::Transferred, Some(details), at);
                self.contact_mut(*contact).leaves_its_agent();
            }
            Fact::ContactTransferredOutside { contact, segment, agent, details, until } => {
                let agent = self.agent_no(agent).expect("a segment names an agent of the rules");
                self.passed_on_by_agent(*contact, *segment, PassedHow::TransferredOutside, Some(details), at);
                let from = self.segment_mut(*segment).from.clone();
                let leaving =
                    Leaving { order: self.event_no, way: LeavingBy::Transfer { agent }, from, until: Some(*until) };
                let contact = self.contact_mut(*contact);
                contact.leaves_its_agent();
                contact.leaving = Some(leaving);
            }
            Fact::TransferFailed { contact, .. } => self.contact_mut(*contact).leaving = None,
            Fact::ContactReturned { contact, segment, first, .. } => {
                self.passed_on_by_agent(*contact, *segment, PassedHow::Returned, None, at);
                let contact = self.contact_mut(*contact);
                contact.leaves_its_agent();
                contact.is_first |= *first;
            }
            Fact::LegLost { segment, agent, until, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::LegLost);
                let order = self.event_no;
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::LegLost { since: at, until: *until };
                segment.order = order;
            }
            Fact::LegBack { segment, agent, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::WithCustomer);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::Talking;
            }
            Fact::WrapUpStarted { segment, agent, ends_at, .. } => {
                self.agent_mut(agent).set_phase(*segment, Phase::WrapUp);
                let segment = self.segment_mut(*segment);
                segment.stop(at);
                segment.state = SegmentState::WrapUp { since: at, ends_at: *ends_at };
            }
            Fact::WrapUpExtended { segment, ends_at, .. } => {
                let segment = self.segment_mut(*segment);
                if let SegmentState::WrapUp { since, .. } = segment.state {
                    segment.state = SegmentState::WrapUp { since, ends_at: *ends_at };
                }
            }
            Fact::SegmentClosed { segment, agent, connected, .. } => {
                self.segments.swap_remove(segment);
                let agent = self.agent_mut(agent);
                agent.drop_segment(*segment, at);
                if *connected {
                    agent.restart_idle(at);
                }
            }
            other => unreachable!("{other:?} is about something else"),
        }
    }

    /// Before the agent gives it away.
    pub(super) fn passed_on_by_agent(
        &mut self,
        contact: ContactId,
        segment: SegmentId,
        how: PassedHow,
        said: Option<&PersonalDetails>,
        at: Timestamp,
    ) {
        let (from, by) = {
            let segment = self.segment_mut(segment);
            (segment.from.queue, Some(segment.agent))
        };
        let contact = self.contact_mut(contact);
        let details = said.and_then(|details| contact.learns_from_agent(details));
        contact.was_passed_on(Passed { at, how, from, by, details });
    }

    fn connecting(
        &mut self,
        contact: ContactId,
        segment: SegmentId,
        offer: OfferId,
        agent: &AgentId,
        connect_by: Timestamp,
        at: Timestamp,
    ) {
        let offered = self.offers.swap_remove(&offer).expect("an accepted offer is open");
        let order = offered.order.unwrap_or(self.event_no);
        let agent_no = self.agent_no(agent).expect("an offer names an agent of the rules");
        let taken = self.contact_mut(contact);
        let (channel, gateway, of_lead) = (taken.channel, taken.gateway, taken.lead.is_some());
        let visit = self.visit_mut(contact);
        visit.offers.retain(|other| *other != offer);
        visit.state = VisitState::Connecting(segment);
        visit.offers_in_row = 0;
        let from = visit.place();
        self.queues[from.queue.position()].pace.leaves(at);
        let state = SegmentState::Connecting { connect_by };
        self.segments.insert(
            segment,
            Segment {
                contact,
                gateway,
                agent: agent_no,
                channel,
                of_lead,
                offer,
                order,
                from,
                state,
                connected_at: None,
                held: Millis::ZERO,
                aside: Millis::ZERO,
            },
        );
        let agent = &mut self.agents[agent_no.position()];
        agent.misses = [0; ChannelGroup::COUNT];
        agent.drop_offer(offer);
        agent.take_segment(segment, channel, at);
        self.gave(segment.0);
    }
}
