//! What gateways tell of themselves and their contacts. A gateway speaks only of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::attempt::LeadStayEnd;
use super::callbacks::number_of;
use super::command::{Direction, EndedBy, InventoryContact, LegFailure};
use super::entry::Because;
use super::event::{Fact, OfferOutcome, RevokedWhy, VisitEnd};
use super::gateway::{Lines, Reference};
use super::ids::{ContactId, ContactRef, EventNo, GatewayId, OfferId, SegmentId};
use super::personal::{Address, Attributes, Details, Personal, PersonalDetails};
use super::refusal::{Expected, FieldName, Refusal};
use super::rule_set::{Channel, RulesVersion};
use super::segment::{Segment, SegmentState};
use super::state::{CONTACTS_MAX, UPDATES_MAX};
use super::table::GatewayNo;
use super::time::Timestamp;
use super::turn::Turn;
use super::visit::Visit;

/// A contact as its gateway announces it.
pub(super) struct Arrival {
    pub reference: ContactRef,
    pub channel: Channel,
    pub direction: Direction,
    pub from: Option<Address>,
    pub to: Option<Address>,
    pub attributes: Attributes,
    pub event: u64,
}

impl Turn<'_> {
    pub(super) fn attach_gateway(&mut self, gateway: &GatewayId) {
        let no = self.state().gateway_no(gateway);
        if !no.is_some_and(|no| self.state().gateway(no).is_attached()) {
            self.record(Fact::GatewayAttached { gateway: gateway.clone() });
        }
    }

    /// Its contacts keep their places; what was held out is taken back without a miss.
    pub(super) fn detach_gateway(&mut self, gateway: &GatewayId) {
        let Some(no) = self.state().gateway_no(gateway).filter(|no| self.state().gateway(*no).is_attached()) else {
            return;
        };
        let grace_until = self.at + self.state().rules.site.gateway_grace;
        self.record(Fact::GatewayDetached { gateway: gateway.clone(), grace_until });
        for contact in self.state().contacts_of(no) {
            self.end_offers(contact, &OfferOutcome::Revoked { why: RevokedWhy::GatewayAway });
        }
    }

    /// The grace is over: what it carried is lost.
    pub(super) fn gateway_is_lost(&mut self, no: GatewayNo) {
        let gateway = self.state().gateway_id(no);
        self.record(Fact::GatewayLost { gateway });
        for contact in self.state().contacts_of(no) {
            // A consultation may be over with its customer.
            if self.state().contacts.contains_key(&contact) {
                self.lose(contact);
            }
        }
    }

    /// What a gateway carried is lost with it; whom nobody has reached yet it did not carry.
    fn lose(&mut self, contact: ContactId) {
        let lost = &self.state().contacts[&contact];
        if lost.on_line {
            self.contact_over(contact, EndedBy::LostByGateway);
        } else if let Some(segment) = lost.visit.as_ref().and_then(Visit::connecting) {
            if self.is_lead_to_call(contact) {
                self.lead_lost_its_gateway(contact);
            } else {
                self.connect_failed(segment, LegFailure::Failed);
            }
        }
    }

    pub(super) fn gateway_has_lines(&mut self, gateway: &GatewayId, lines: Lines) {
        let known = self.state().gateway_no(gateway).map(|no| self.state().gateway(no).lines);
        if known.unwrap_or_default() != lines {
            self.attach_gateway(gateway);
            self.record(Fact::GatewayLinesSet { gateway: gateway.clone(), lines });
        }
    }

    /// A contact this gateway named: alive, ended, or never heard of.
    fn known(&self, gateway: &GatewayId, reference: &ContactRef) -> Option<Reference> {
        let no = self.state().gateway_no(gateway)?;
        self.state().references.get(no, reference, self.at)
    }

    pub(super) fn live(&self, gateway: &GatewayId, reference: &ContactRef) -> Result<ContactId, Refusal> {
        match self.known(gateway, reference) {
            Some(Reference::Live(contact)) => Ok(contact),
            Some(Reference::Ended { contact, .. }) => Err(Refusal::ContactEnded { contact: Some(contact) }),
            Some(Reference::Foreseen { .. }) => Err(Refusal::ContactEnded { contact: None }),
            None => Err(Refusal::UnknownContact),
        }
    }

    pub(super) fn contact_arrived(&mut self, gateway: &GatewayId, arrival: Arrival) -> Result<(), Refusal> {
        if self.is_news(gateway, &arrival.reference)? {
            self.attach_gateway(gateway);
            let contact = self.take_up(gateway, arrival);
            self.queue_by_entry(contact);
        }
        Ok(())
    }

    /// Whether an arrival under this name is a new contact, and not one that is here already.
    pub(super) fn is_news(&self, gateway: &GatewayId, reference: &ContactRef) -> Result<bool, Refusal> {
        match self.known(gateway, reference) {
            Some(Reference::Live(_)) => return Ok(false),
            Some(Reference::Ended { contact, .. }) => {
                return Err(Refusal::ContactEnded { contact: Some(contact) });
            }
            Some(Reference::Foreseen { .. }) => return Err(Refusal::ContactEnded { contact: None }),
            None => {}
        }
        if self.state().rules_version == RulesVersion::default() {
            return Err(Refusal::NoRules);
        }
        if self.state().contacts.len() >= CONTACTS_MAX {
            return Err(Refusal::Full);
        }
        Ok(true)
    }

    /// The contact is here, in no queue yet.
    pub(super) fn take_up(&mut self, gateway: &GatewayId, arrival: Arrival) -> ContactId {
        let contact = ContactId(self.state().next_id);
        let Arrival { reference, channel, direction, from, to, attributes, event } = arrival;
        let details = Details { from, attributes, ..Details::default() };
        self.record(Fact::ContactArrived {
            contact,
            gateway: gateway.clone(),
            reference,
            channel,
            direction,
            to,
            details: Personal::Plain(Arc::new(details)),
            gateway_event: event,
        });
        contact
    }

    pub(super) fn contact_updated(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        attributes: Attributes,
        event: u64,
    ) -> Result<(), Refusal> {
        let contact = self.live(gateway, reference)?;
        let known = &self.state().contacts[&contact];
        let is_repeat = event != 0 && event <= known.gateway_event;
        if is_repeat || attributes.0.is_empty() {
            return Ok(());
        }
        if known.details.len() > UPDATES_MAX {
            return Err(Refusal::InvalidField { field: FieldName::Attributes, expected: Expected::FewerUpdates });
        }
        self.attach_gateway(gateway);
        let tells_of_customer = attributes.get("customer").is_some();
        let details: PersonalDetails = Personal::Plain(Arc::new(Details { attributes, ..Details::default() }));
        self.record(Fact::ContactUpdated { contact, details, gateway_event: event });
        if tells_of_customer {
            self.enter_anew(contact, Because::CustomerKnown);
        }
        Ok(())
    }

    /// The contact is over, whoever ended it. Before its arrival: remembered, so that the arrival
    /// comes too late.
    pub(super) fn contact_ended(&mut self, gateway: &GatewayId, reference: &ContactRef, by: EndedBy) {
        match self.known(gateway, reference) {
            Some(Reference::Live(contact)) => {
                self.attach_gateway(gateway);
                self.contact_over(contact, by);
            }
            Some(Reference::Ended { .. } | Reference::Foreseen { .. }) => {}
            None => {
                self.attach_gateway(gateway);
                self.record(Fact::EndForeseen { gateway: gateway.clone(), reference: reference.clone() });
            }
        }
    }

    /// Whoever ends it: visit and segment with it, and what was asked about it.
    pub(super) fn contact_over(&mut self, contact: ContactId, by: EndedBy) {
        if !self.consultee_is_gone(contact, by) {
            let consulting = self.state().contacts[&contact].consulting;
            self.carry_out_end(contact, by, LeadStayEnd::UNSAID);
            self.parent_is_over(consulting);
        }
    }

    pub(super) fn carry_out_end(&mut self, contact: ContactId, by: EndedBy, lead: LeadStayEnd) {
        let ended = &self.state().contacts[&contact];
        let with_customer = ended.segment;
        let connecting = ended.visit.as_ref().and_then(Visit::connecting);
        if ended.visit.is_some() {
            self.end_offers(contact, &OfferOutcome::Rescinded);
            let end = self.visit_end(contact, by);
            self.end_visit(contact, end);
        }
        self.say_end_of_lead(contact, lead, connecting);
        self.say_end(contact, by, connecting.or(with_customer));
        if let Some(segment) = connecting {
            self.close_segment(segment, None, None);
        }
        match with_customer {
            Some(segment) if by == EndedBy::Transfer => self.close_segment(segment, None, None),
            Some(segment) => self.start_wrap_up(segment),
            None => {}
        }
    }

    /// The fact alone; what becomes of visit and segment is the caller's to say.
    pub(super) fn end(&mut self, contact: ContactId, by: EndedBy, in_hand: Option<SegmentId>) {
        self.say_end_of_lead(contact, LeadStayEnd::UNSAID, None);
        self.say_end(contact, by, in_hand);
    }

    fn say_end(&mut self, contact: ContactId, by: EndedBy, in_hand: Option<SegmentId>) {
        let state = self.state();
        let ended = &state.contacts[&contact];
        let fact = Fact::ContactEnded {
            contact,
            gateway: state.gateway_id(ended.gateway),
            reference: ended.reference.clone(),
            by,
            agent: in_hand.map(|segment| state.agent_id(state.segments[&segment].agent)),
            never_placed: !ended.on_line && ended.call_order.is_none(),
        };
        self.record(fact);
    }

    fn visit_end(&self, contact: ContactId, by: EndedBy) -> VisitEnd {
        let found = &self.state().contacts[&contact];
        let visit = found.visit.as_ref().expect("the caller saw an open visit");
        match by {
            EndedBy::Customer if found.consultation.is_some() => VisitEnd::Withdrawn,
            EndedBy::Customer => {
                let short_abandon = self.state().queue(visit.queue).rules.short_abandon;
                VisitEnd::Abandoned { short: self.at.since(visit.entered_at) < short_abandon }
            }
            EndedBy::LostByGateway => VisitEnd::LostByGateway,
            EndedBy::Agent | EndedBy::Gateway | EndedBy::Router | EndedBy::Supervisor | EndedBy::Transfer => {
                VisitEnd::Withdrawn
            }
        }
    }

    pub(super) fn end_visit(&mut self, contact: ContactId, end: VisitEnd) {
        let visit = self.state().contacts[&contact].visit.as_ref().expect("a visit ends once");
        let fact = Fact::VisitEnded {
            contact,
            visit: visit.id,
            queue: self.state().queue_id(visit.queue),
            end,
            waited: self.state().waited(visit, self.at),
            estimate: visit.estimate,
        };
        self.record(fact);
    }

    pub(super) fn contact_connected(
        &mut self,
        gateway: &GatewayId,
        reference: &ContactRef,
        order: Option<EventNo>,
    ) -> Result<(), Refusal> {
        let contact = self.live(gateway, reference)?;
        if let Some(offer) = self.lifted(contact, order) {
            self.attach_gateway(gateway);
            let segment = self.connect(offer);
            self.connected(contact, segment);
            return Ok(());
        }
        let known = &self.state().contacts[&contact];
        let connecting = known.visit.as_ref().and_then(Visit::connecting);
        let answers = |segment: SegmentId| order.is_none_or(|order| self.state().segments[&segment].order == order);
        if let Some(segment) = connecting.filter(|segment| answers(*segment) && !self.is_proposed(contact)) {
            self.attach_gateway(gateway);
            self.connected(contact, segment);
            return Ok(());
        }
        let segment = known.segment.filter(|segment| answers(*segment)).ok_or(Refusal::OrderGone)?;
        if let SegmentState::LegLost { .. } = self.state().segments[&segment].state {
            self.attach_gateway(gateway);
            self.leg_is_back(segment);
        }
        Ok(())
    }

    fn connected(&mut self, contact: ContactId, segment: SegmentId) {
        let agent = self.state().agent_id(self.state().segments[&segment].agent);
        self.end_offers(contact, &OfferOutcome::Rescinded);
        self.end_visit(contact, VisitEnd::Answered);
        self.record(Fact::ContactConnected { contact, segment, agent });
        self.withdraw_twins(contact);
        if let Some(number) = number_of(&self.state().contacts[&contact]).cloned() {
            self.return_leads_of(contact, &number);
        }
        if self.state().contacts[&contact].consultation.is_some() {
            self.consultee_is_connected(contact);
        }
    }

    /// The offer whose ringing phone was lifted: that of the order, or the only one that rings.
    fn lifted(&self, contact: ContactId, order: Option<EventNo>) -> Option<OfferId> {
        let visit = self.state().contacts[&contact].visit.as_ref().filter(|visit| visit.connecting().is_none())?;
        let offers = &self.state().offers;
        let mut ringing = visit.offers.iter().copied().filter(|offer| offers[offer].order.is_some());
        match order {
            Some(_) => ringing.find(|offer| offers[offer].order == order),
            None => ringing.next().filter(|_| ringing.next().is_none()),
        }
    }

    pub(super) fn order_failed(&mut self, gateway: &GatewayId, order: EventNo, why: LegFailure) -> Result<(), Refusal> {
        if self.exit_order_failed(gateway, order, why) || self.recording_order_failed(gateway, order, why) {
            return Ok(());
        }
        let no = self.state().gateway_no(gateway).ok_or(Refusal::OrderGone)?;
        let of_gateway = |offer: &OfferId| self.state().contacts[&self.state().offers[offer].contact].gateway == no;
        if let Some(offer) = self.router.index.ringing.get(&order).copied().filter(of_gateway) {
            self.attach_gateway(gateway);
            self.ringing_failed(offer, why);
            return Ok(());
        }
        let mut of_order =
            self.state().segments.iter().filter(|(_, segment)| segment.order == order && segment.gateway == no);
        let rings =
            |state: &SegmentState| matches!(state, SegmentState::Connecting { .. } | SegmentState::LegLost { .. });
        let is_rung = |(_, segment): &(&SegmentId, &Segment)| {
            let is_live = self.state().contacts.contains_key(&segment.contact);
            rings(&segment.state) && !(is_live && self.is_proposed(segment.contact))
        };
        let (id, segment) = of_order.find(is_rung).ok_or(Refusal::OrderGone)?;
        let (id, is_rung_again) = (*id, segment.connected_at.is_some());
        self.attach_gateway(gateway);
        if is_rung_again {
            self.return_first(id);
        } else {
            self.connect_failed(id, why);
        }
        Ok(())
    }

    /// Ends what two inventories in a row did not have, takes up what two had and nobody here knew.
    pub(super) fn compare_inventory(&mut self, gateway: &GatewayId, as_of: Timestamp, contacts: Vec<InventoryContact>) {
        let no = self.state().gateway_no(gateway);
        let named: BTreeSet<&ContactRef> = contacts.iter().map(|contact| &contact.reference).collect();
        let (mut missing, mut found, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        for id in no.map(|no| self.state().contacts_of(no)).unwrap_or_default() {
            let contact = &self.state().contacts[&id];
            let is_only_asked_for = contact.consultation.is_some() && contact.segment.is_none();
            if !contact.on_line || is_only_asked_for {
                continue;
            }
            match (named.contains(&contact.reference), contact.missing) {
                (true, true) => found.push(id),
                (false, true) if contact.on_line_since < as_of => lost.push(id),
                (false, false) if contact.on_line_since < as_of => missing.push(id),
                (true, false) | (false, true | false) => {}
            }
        }
        let unheard = |contact: &InventoryContact| self.known(gateway, &contact.reference).is_none();
        let before = no.map(|no| self.state().gateway(no).unknown.clone()).unwrap_or_default();
        let (twice, once): (Vec<_>, Vec<_>) = dedup(contacts.into_iter().filter(unheard).collect())
            .into_iter()
            .partition(|contact| before.contains(&contact.reference));
        let unknown: BTreeSet<ContactRef> = once.into_iter().map(|contact| contact.reference).collect();
        let can_take_up = self.state().rules_version != RulesVersion::default();
        if !(missing.is_empty() && found.is_empty() && unknown == before) {
            self.attach_gateway(gateway);
            let unknown = unknown.into_iter().collect();
            self.record(Fact::InventoryCompared { gateway: gateway.clone(), missing, found, unknown });
        }
        if !lost.is_empty() {
            self.attach_gateway(gateway);
        }
        for contact in lost {
            if self.state().contacts.contains_key(&contact) {
                self.contact_over(contact, EndedBy::LostByGateway);
            }
        }
        for contact in twice.into_iter().filter(|_| can_take_up) {
            let contact = self.take_up(gateway, Arrival::from(contact));
            self.queue_by_entry(contact);
        }
    }
}

impl From<InventoryContact> for Arrival {
    fn from(contact: InventoryContact) -> Arrival {
        let InventoryContact { reference, channel, from, to, attributes } = contact;
        Arrival { reference, channel, direction: Direction::Inbound, from, to, attributes, event: 0 }
    }
}

/// The first of each reference, in order.
fn dedup(contacts: Vec<InventoryContact>) -> Vec<InventoryContact> {
    let mut seen = BTreeSet::new();
    contacts.into_iter().filter(|contact| seen.insert(contact.reference.clone())).collect()
}
