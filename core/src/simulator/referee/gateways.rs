//! What a gateway's messages must cause.

use super::consultations::looked_for_since;
use super::entry::Asked;
use super::legs::is_lost;
use super::model::{Contact, Gateway, GatewayState, SegmentState};
use super::outside::UPDATES_MAX;
use super::turn::Turn;
use crate::routing::command::{Action, DeviceState, Direction, EndedBy, InventoryContact, LegFailure};
use crate::routing::event::{Fact, RevokedWhy};
use crate::routing::ids::{ContactId, ContactRef, Endpoint, EventNo, GatewayId, OfferId};
use crate::routing::personal::{Address, Attributes, Details, Personal};
use crate::routing::refusal::{Expected, FieldName, Refusal};
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

pub(super) struct Arrival<'a> {
    reference: &'a ContactRef,
    channel: Channel,
    direction: Direction,
    from: &'a Option<Address>,
    to: &'a Option<Address>,
    attributes: &'a Attributes,
    event: u64,
}

impl Turn {
    pub(crate) fn gateway_tells(&mut self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::AttachGateway { gateway } => self.attach(gateway),
            Action::DetachGateway { gateway } => self.detach(gateway),
            Action::GatewayLines { gateway, lines } => {
                self.attach(gateway);
                if self.model.gateway(gateway).is_some_and(|known| known.lines != *lines) {
                    self.record(Fact::GatewayLinesSet { gateway: gateway.clone(), lines: *lines });
                }
            }
            Action::ContactArrived { gateway, reference, channel, direction, from, to, attributes, event } => {
                self.attach(gateway);
                if self.model.live_contact(gateway, reference).is_some() {
                    return Ok(());
                }
                if let Some(known) = self.model.remembered(gateway, reference, self.at) {
                    return Err(Refusal::ContactEnded { contact: known.contact });
                }
                let (channel, direction, event) = (*channel, *direction, *event);
                self.arrive(gateway, &Arrival { reference, channel, direction, from, to, attributes, event })?;
            }
            Action::OpenTask { gateway, reference, queue, taken_by, attributes, event } => {
                self.attach(gateway);
                if self.model.live_contact(gateway, reference).is_some() {
                    return Ok(());
                }
                if let Some(known) = self.model.remembered(gateway, reference, self.at) {
                    return Err(Refusal::ContactEnded { contact: known.contact });
                }
                let (channel, direction, event) = (Channel::Task, Direction::Inbound, *event);
                let task = Arrival { reference, channel, direction, from: &None, to: &None, attributes, event };
                self.open_task(gateway, &task, queue, taken_by.as_ref())?;
            }
            Action::ContactUpdated { gateway, reference, attributes, event } => {
                self.attach(gateway);
                self.update(gateway, reference, attributes, *event)?;
            }
            Action::ContactAbandoned { gateway, reference, .. } => {
                self.attach(gateway);
                self.end_by_gateway(gateway, reference, EndedBy::Customer);
            }
            Action::ContactEnded { gateway, reference, by, .. } => {
                self.attach(gateway);
                self.end_by_gateway(gateway, reference, *by);
            }
            Action::ContactConnected { gateway, reference, order, .. } => {
                self.attach(gateway);
                self.connected(gateway, reference, *order)?;
            }
            Action::MessagePassed { gateway, reference, by, event, message } => {
                if message.is_none() {
                    self.attach(gateway);
                }
                self.message_passed(gateway, reference, *by, *event, *message)?;
            }
            Action::CallProgress { gateway, order, progress, .. } => {
                self.attach(gateway);
                self.call_progress(gateway, *order, *progress)?;
            }
            Action::ExitKeyPressed { gateway, reference, key, event } => {
                self.attach(gateway);
                self.exit_key_pressed(gateway, reference, *key, *event)?;
            }
            Action::OrderDone { gateway, order, .. } => {
                self.attach(gateway);
                self.order_done(gateway, *order);
            }
            Action::OrderFailed { gateway, order, why, .. } => {
                self.attach(gateway);
                let is_other =
                    self.exit_order_failed(gateway, *order, *why) || self.recording_order_failed(gateway, *order, *why);
                if !is_other {
                    self.leg_failed(gateway, *order, *why)?;
                }
            }
            Action::PartyLeft { gateway, reference, agent, .. } => {
                self.attach(gateway);
                self.party_left(gateway, reference, agent)?;
            }
            Action::RecordingTold { gateway, .. } => {
                self.attach(gateway);
                self.recording_told(action)?;
            }
            Action::DeviceChanged { gateway, endpoint, state } => {
                self.attach(gateway);
                self.device_changed(endpoint, *state);
            }
            Action::Inventory { gateway, as_of, contacts } => {
                self.attach(gateway);
                self.compare(gateway, *as_of, contacts)?;
            }
            Action::ReplaceRules { .. }
            | Action::Resume { .. }
            | Action::StepClock { .. }
            | Action::OpenConsole { .. }
            | Action::CloseConsole { .. }
            | Action::SetPresence { .. }
            | Action::AcknowledgeOffer { .. }
            | Action::AcceptOffer { .. }
            | Action::DeclineOffer { .. }
            | Action::TakeContact { .. }
            | Action::HoldContact { .. }
            | Action::UnholdContact { .. }
            | Action::PauseRecording { .. }
            | Action::ResumeRecording { .. }
            | Action::TransferContact { .. }
            | Action::TransferOutside { .. }
            | Action::SuspendContact { .. }
            | Action::SendMessage { .. }
            | Action::EndContact { .. }
            | Action::ScheduleCallback { .. }
            | Action::ExtendWrapUp { .. }
            | Action::LogOut { .. }
            | Action::Consult { .. }
            | Action::CompleteConsultation { .. }
            | Action::CancelConsultation { .. }
            | Action::SwapConsultation { .. }
            | Action::JoinConference { .. }
            | Action::LeaveContact { .. }
            | Action::EscalateContact { .. }
            | Action::SetPresenceOf { .. }
            | Action::MoveContact { .. }
            | Action::PrioritiseContact { .. }
            | Action::AssignContact { .. }
            | Action::CloseContact { .. }
            | Action::PauseQueue { .. }
            | Action::ResumeQueue { .. }
            | Action::FinishWrapUp { .. }
            | Action::SetCampaign { .. }
            | Action::RunCampaign { .. }
            | Action::FileLead { .. }
            | Action::WithdrawLead { .. }
            | Action::ClearAttempt { .. }
            | Action::RefuseAttempt { .. }
            | Action::TakeLead { .. } => {}
        }
        Ok(())
    }

    fn attach(&mut self, gateway: &GatewayId) {
        if self.model.gateway(gateway).is_none_or(|known| known.state != GatewayState::Attached) {
            self.record(Fact::GatewayAttached { gateway: gateway.clone() });
        }
    }

    fn detach(&mut self, gateway: &GatewayId) {
        if self.model.gateway(gateway).is_none_or(|known| known.state != GatewayState::Attached) {
            return;
        }
        let grace_until = self.at + self.model.site().gateway_grace;
        self.record(Fact::GatewayDetached { gateway: gateway.clone(), grace_until });
        let of_it = self.model.all_contacts().filter(|contact| contact.gateway == *gateway);
        let offers: Vec<OfferId> = of_it.flat_map(Contact::offers).map(|offer| offer.id).collect();
        for offer in offers {
            self.revoke(offer, RevokedWhy::GatewayAway);
        }
    }

    fn arrive(&mut self, gateway: &GatewayId, arrival: &Arrival) -> Result<(), Refusal> {
        let contact = self.record_arrival(gateway, arrival)?;
        self.enter(contact);
        Ok(())
    }

    pub(super) fn record_arrival(&mut self, gateway: &GatewayId, arrival: &Arrival) -> Result<ContactId, Refusal> {
        if self.model.rules.is_none() {
            return Err(Refusal::NoRules);
        }
        let contact = ContactId(self.next_number());
        let details =
            Details { from: arrival.from.clone(), attributes: arrival.attributes.clone(), ..Details::default() };
        self.record(Fact::ContactArrived {
            contact,
            gateway: gateway.clone(),
            reference: arrival.reference.clone(),
            channel: arrival.channel,
            direction: arrival.direction,
            to: arrival.to.clone(),
            details: Personal::Plain(details.into()),
            gateway_event: arrival.event,
        });
        Ok(contact)
    }

    /// The live contact of this reference.
    pub(crate) fn find(&self, gateway: &GatewayId, reference: &ContactRef) -> Result<Contact, Refusal> {
        if let Some(contact) = self.model.live_contact(gateway, reference) {
            return Ok(contact.clone());
        }
        match self.model.remembered(gateway, reference, self.at) {
            Some(known) => Err(Refusal::ContactEnded { contact: known.contact }),
            None => Err(Refusal::UnknownContact),
        }
    }

    fn update(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        attributes: &Attributes,
        event: u64,
    ) -> Result<(), Refusal> {
        let contact = self.find(gateway, reference)?;
        if (event != 0 && event <= contact.last_message) || attributes.0.is_empty() {
            return Ok(());
        }
        if contact.updates >= UPDATES_MAX {
            return Err(Refusal::InvalidField { field: FieldName::Attributes, expected: Expected::FewerUpdates });
        }
        let details = Details::added(None, attributes.clone());
        self.record(Fact::ContactUpdated {
            contact: contact.id,
            details: Personal::Plain(details.into()),
            gateway_event: event,
        });
        if attributes.get("customer").is_some() {
            self.enter_again(contact.id, Asked::OfCustomer);
        }
        Ok(())
    }

    fn end_by_gateway(&mut self, gateway: &GatewayId, reference: &ContactRef, by: EndedBy) {
        if let Some(contact) = self.model.live_contact(gateway, reference) {
            self.end_contact(contact.id, by);
        } else if self.model.remembered(gateway, reference, self.at).is_none() {
            self.record(Fact::EndForeseen { gateway: gateway.clone(), reference: reference.clone() });
        }
    }

    fn connected(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        order: Option<EventNo>,
    ) -> Result<(), Refusal> {
        let mut contact = self.find(gateway, reference)?;
        if let Some(offer) = self.lifted(&contact, order) {
            self.won(contact.id, &offer);
            contact = self.find(gateway, reference)?;
        }
        let ordered = contact.owner().filter(|_| contact.proposed().is_none());
        let Some(segment) = ordered.filter(|owner| order.is_none_or(|order| order == owner.order)) else {
            return Err(Refusal::OrderGone);
        };
        if !segment.connected() {
            self.rescind_all(contact.id);
            self.end_visit(contact.id, crate::routing::event::VisitEnd::Answered);
            let (segment, agent) = (segment.id, segment.agent.clone());
            self.record(Fact::ContactConnected { contact: contact.id, segment, agent });
            self.withdraw_twins_of(contact.id);
            self.withdraw_leads_of_who_called(contact.id);
            self.consultee_connected(contact.id);
        } else if is_lost(segment) {
            let (segment, agent) = (segment.id, segment.agent.clone());
            self.record(Fact::LegBack { contact: contact.id, segment, agent });
        }
        Ok(())
    }

    fn leg_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> Result<(), Refusal> {
        if let Some(offer) = self.ringing(gateway, order) {
            self.ringing_failed(offer, why);
            return Ok(());
        }
        if let Some(contact) = self.model.rung_again(gateway, order) {
            self.return_first(contact);
            return Ok(());
        }
        let connecting = |contact: &&Contact| {
            contact.gateway == *gateway
                && contact.proposed().is_none()
                && contact
                    .segments
                    .iter()
                    .any(|segment| segment.order == order && matches!(segment.state, SegmentState::Connecting { .. }))
        };
        let contact = self.model.all_contacts().find(connecting).ok_or(Refusal::OrderGone)?.id;
        self.connect_failed(contact, why);
        Ok(())
    }

    fn device_changed(&mut self, endpoint: &Endpoint, state: DeviceState) {
        let changed: Vec<_> = self
            .model
            .agents
            .iter()
            .filter(|agent| agent.in_rules && agent.rules.phone.endpoint.as_ref() == Some(endpoint))
            .filter(|agent| agent.device != state)
            .map(|agent| agent.id.clone())
            .collect();
        for agent in changed {
            self.record(Fact::DeviceChanged { agent: agent.clone(), endpoint: endpoint.clone(), state });
            let away = match state {
                DeviceState::InUse | DeviceState::Unregistered => true,
                DeviceState::Idle | DeviceState::Ringing => false,
            };
            for (offer, contact) in self.model.offers_of(&agent) {
                if away && self.model.contacts[&contact].channel.needs_phone() {
                    self.revoke(offer, RevokedWhy::DeviceInUse);
                }
            }
        }
    }

    fn compare(&mut self, gateway: &GatewayId, as_of: Timestamp, contacts: &[InventoryContact]) -> Result<(), Refusal> {
        let known = self.model.gateway(gateway).expect("it has just attached").clone();
        let listed = |reference: &ContactRef| contacts.iter().any(|one| one.reference == *reference);
        let (mut missing, mut found, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        let of_it = self.model.all_contacts().filter(|contact| !contact.ended && contact.gateway == *gateway);
        for contact in of_it {
            let Some(since) = looked_for_since(contact) else { continue };
            let was_there = since < as_of;
            match (listed(&contact.reference), known.missing.contains(&contact.id)) {
                (false, false) if was_there => missing.push(contact.id),
                (false, true) if was_there => gone.push(contact.id),
                (true, true) => found.push(contact.id),
                (false | true, false | true) => {}
            }
        }
        let (unknown, arrivals) = self.unknown_here(&known, contacts);
        let differs = !missing.is_empty() || !found.is_empty() || unknown != known.unknown;
        if differs {
            self.record(Fact::InventoryCompared { gateway: gateway.clone(), missing, found, unknown });
        }
        for contact in gone {
            if self.model.contacts.get(&contact).is_some_and(|known| !known.ended) {
                self.end_contact(contact, EndedBy::LostByGateway);
            }
        }
        if self.model.rules.is_none() {
            return Ok(());
        }
        for InventoryContact { reference, channel, from, to, attributes } in arrivals {
            let (channel, direction) = (*channel, Direction::Inbound);
            self.arrive(gateway, &Arrival { reference, channel, direction, from, to, attributes, event: 0 })?;
        }
        Ok(())
    }

    /// Listed but unknown here: for the first time, and for the second.
    fn unknown_here<'a>(
        &self,
        gateway: &Gateway,
        contacts: &'a [InventoryContact],
    ) -> (Vec<ContactRef>, Vec<&'a InventoryContact>) {
        let (mut first, mut second): (Vec<ContactRef>, Vec<&InventoryContact>) = (Vec::new(), Vec::new());
        for one in contacts {
            let reference = &one.reference;
            let known = self.model.live_contact(&gateway.id, reference).is_some()
                || self.model.remembered(&gateway.id, reference, self.at).is_some();
            let doubled = first.contains(reference) || second.iter().any(|other| other.reference == *reference);
            if known || doubled {
                continue;
            }
            if gateway.unknown.contains(reference) {
                second.push(one);
            } else {
                first.push(reference.clone());
            }
        }
        first.sort();
        (first, second)
    }
}
