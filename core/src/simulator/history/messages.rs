//! Makes up what gateways say: callers of whom some come again, updates, answers to orders, inventories.

use std::sync::Arc;

use serde_json::{Value, json};

use super::rule_sets::{AGENTS, ENDPOINTS};
use super::steps::Steps;
use crate::routing::command::{
    Action, DeviceState, Direction, EndedBy, InventoryContact, LegFailure, PassedMessage, Speaker,
};
use crate::routing::ids::{ContactRef, Endpoint, EventNo, GatewayId};
use crate::routing::personal::{Address, Attributes};
use crate::routing::rule_set::Channel;
use crate::routing::time::{Millis, Timestamp};
use crate::simulator::referee::model::{Contact, Model, Offer};

const GATEWAYS: [&str; 2] = ["north", "south"];
pub(super) const CALLERS: [&str; 4] = ["+33600000001", "+33600000002", "+33600000003", "+33600000004"];

impl Steps {
    pub fn gateway(&mut self) -> GatewayId {
        GatewayId::new(if self.dice.chance(80) { GATEWAYS[0] } else { GATEWAYS[1] }).expect("a short name")
    }

    pub fn of_gateway(&mut self, gateway: GatewayId, model: &Model, now: Timestamp) -> Action {
        if self.dice.chance(if self.calls_back { 40 } else { 15 })
            && let Some(progress) = self.call_progress(model)
        {
            return progress;
        }
        if self.dice.chance(3)
            && let Some(gateway) = self.gateway_of_a_callback(model)
        {
            return Action::DetachGateway { gateway };
        }
        if self.calls_back && self.dice.chance(3) {
            return self.lines_of_a_gateway();
        }
        if self.dice.chance(40)
            && let Some(order) = self.exit_order(model)
        {
            return order;
        }
        if self.dice.chance(10)
            && let Some(pressed) = self.exit_key(model)
        {
            return pressed;
        }
        match self.dice.below(100) {
            0..2 => Action::AttachGateway { gateway },
            2..5 => Action::DetachGateway { gateway },
            5..10 => Action::DeviceChanged {
                gateway,
                endpoint: Endpoint::new(self.dice.one_of(&ENDPOINTS)).expect("a short name"),
                state: self.dice.one_of(&[
                    DeviceState::Idle,
                    DeviceState::Idle,
                    DeviceState::InUse,
                    DeviceState::Ringing,
                    DeviceState::Unregistered,
                ]),
            },
            10..15 => self.inventory(gateway, model, now),
            15..50 => self.arrival(gateway),
            50..60 => self.message_passed(gateway, model),
            60..66 => self.about_ringing(gateway, model),
            _rest => self.about_contact(gateway, model),
        }
    }

    pub(super) fn reference(&mut self) -> ContactRef {
        let number = if self.dice.chance(90) {
            self.refs += 1;
            self.refs
        } else {
            self.dice.below(self.refs + 4)
        };
        ContactRef::new(&number.to_string()).expect("a short name")
    }

    pub fn message(&mut self) -> u64 {
        self.messages += 1;
        if self.dice.chance(60) { self.messages } else { self.dice.below(self.messages + 1) }
    }

    pub fn attributes(&mut self) -> Attributes {
        let mut all = json!({
            "intent": self.dice.one_of(&["billing", "sales"]),
            "n": self.dice.below(4),
            "language": self.dice.one_of(&["english", "german"]),
        });
        all["customer"] = self.customer();
        let chosen = all.as_object().into_iter().flatten().filter(|_| self.dice.chance(50));
        Attributes(chosen.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    /// As a customer's record names him and his agents: mostly right, sometimes not even a record.
    fn customer(&mut self) -> Value {
        if self.dice.chance(3) {
            return json!("gold");
        }
        let mut customer = json!({"tier": self.dice.one_of(&["gold", "none"])});
        if let Some(id) = self.name_of_customer() {
            customer["id"] = id;
        }
        for who in ["owner", "last_agent"] {
            if self.dice.chance(60) {
                customer[who] = if self.dice.chance(97) { json!(self.dice.one_of(&AGENTS)) } else { json!(7) };
            }
        }
        if self.dice.chance(25) {
            let named = (0..self.dice.below(4)).map(|_| self.dice.one_of(&AGENTS));
            let mut named: Vec<Value> = named.map(Value::from).collect();
            if self.dice.chance(10) {
                named.push(json!(7));
            }
            customer["never_offer"] = if self.dice.chance(97) { json!(named) } else { json!("ana") };
        }
        customer
    }

    fn channel(&mut self) -> Channel {
        use Channel::{Chat, Email, Task, Voice};
        if (self.calls_back || self.consults) && self.dice.chance(70) {
            return Voice;
        }
        if (self.defers || self.takes) && self.dice.chance(70) {
            return self.dice.one_of(&[Email, Email, Task]);
        }
        if self.dice.chance(80) {
            self.dice.one_of(&[Voice, Voice, Voice, Chat, Chat, Email, Task])
        } else {
            self.dice.one_of(&Channel::ALL)
        }
    }

    fn caller(&mut self) -> Option<Address> {
        if self.calls_back && self.dice.chance(80) {
            return Some(Address(Arc::from(format!("+336000001{:02}", self.dice.below(30)))));
        }
        self.dice.chance(80).then(|| Address(Arc::from(self.dice.one_of(&CALLERS))))
    }

    pub fn arrival(&mut self, gateway: GatewayId) -> Action {
        Action::ContactArrived {
            gateway,
            reference: self.reference(),
            channel: self.channel(),
            direction: if self.dice.chance(90) { Direction::Inbound } else { Direction::Outbound },
            from: self.caller(),
            to: self.dice.chance(50).then(|| Address(Arc::from("+33180000000"))),
            attributes: self.attributes(),
            event: self.message(),
        }
    }

    /// A line of a chat or mail; sometimes of what is neither, or of nothing known.
    pub fn message_passed(&mut self, mut gateway: GatewayId, model: &Model) -> Action {
        let written = |contact: &&Contact| !contact.ended && contact.channel.is_written();
        let all: Vec<&Contact> =
            model.all_contacts().filter(|contact| written(contact) || self.dice.chance(10)).collect();
        let laid_down: Vec<&Contact> = all.iter().copied().filter(|contact| contact.suspended.is_some()).collect();
        let from = if !laid_down.is_empty() && self.dice.chance(40) { &laid_down } else { &all };
        let picked = self.dice.pick(from).copied();
        let mut reference = picked.map_or_else(|| self.reference(), |contact| contact.reference.clone());
        if let Some(contact) = picked {
            gateway = contact.gateway.clone();
        }
        if !self.plausibly() {
            reference = self.reference();
        }
        let by = self.dice.one_of(&[Speaker::Customer, Speaker::Agent]);
        let message = self.dice.chance(30).then(|| self.text());
        Action::MessagePassed { gateway, reference, by, event: self.message(), message }
    }

    pub fn text(&mut self) -> PassedMessage {
        let mut number = |below| u32::try_from(self.dice.below(below)).expect("a small number");
        PassedMessage { no: 1 + number(9), bytes: number(200) }
    }

    /// A phone that rings is lifted, or its leg fails.
    pub fn about_ringing(&mut self, gateway: GatewayId, model: &Model) -> Action {
        let ringing: Vec<(&Contact, &Offer)> = model
            .all_contacts()
            .flat_map(|contact| contact.offers().iter().map(move |offer| (contact, offer)))
            .filter(|(_, offer)| offer.rings)
            .collect();
        let Some((contact, offer)) = self.dice.pick(&ringing).copied() else {
            return self.about_contact(gateway, model);
        };
        let (gateway, event) = (contact.gateway.clone(), self.message());
        if self.dice.chance(60) {
            let order = if self.dice.chance(75) { Some(offer.order) } else { None };
            return Action::ContactConnected { gateway, reference: contact.reference.clone(), order, event };
        }
        Action::OrderFailed { gateway, order: offer.order, why: self.leg_failure(), event }
    }

    fn leg_failure(&mut self) -> LegFailure {
        self.dice.one_of(&[
            LegFailure::Busy,
            LegFailure::NoAnswer,
            LegFailure::Unregistered,
            LegFailure::Rejected,
            LegFailure::Failed,
        ])
    }

    fn about_contact(&mut self, mut gateway: GatewayId, model: &Model) -> Action {
        let live: Vec<&Contact> = model.all_contacts().filter(|contact| !contact.ended).collect();
        let connecting: Vec<&Contact> =
            live.iter().copied().filter(|contact| contact.owner().is_some_and(|owner| !owner.connected())).collect();
        let connect = !connecting.is_empty() && self.dice.chance(60);
        let picked = self.dice.pick(if connect { &connecting } else { &live }).copied();
        let mut order = picked.and_then(|contact| contact.owner()).map(|owner| owner.order);
        let mut reference = match picked {
            Some(contact) => contact.reference.clone(),
            None => self.reference(),
        };
        if let Some(contact) = picked {
            gateway = contact.gateway.clone();
        }
        if !self.plausibly() {
            match self.dice.below(3) {
                0 => reference = self.reference(),
                1 => order = Some(EventNo(self.dice.below(model.event_no + 2))),
                _rest => gateway = GatewayId::new(self.dice.one_of(&GATEWAYS)).expect("a short name"),
            }
        }
        let event = self.message();
        let kind = if connect { self.dice.below(55) } else { self.dice.below(100) };
        match kind {
            0..45 => {
                let order = order.filter(|_| self.dice.chance(80));
                Action::ContactConnected { gateway, reference, order, event }
            }
            45..55 => Action::OrderFailed {
                gateway,
                order: order.unwrap_or(EventNo(self.dice.below(model.event_no + 2))),
                why: self.leg_failure(),
                event,
            },
            55..75 => Action::ContactUpdated { gateway, reference, attributes: self.attributes(), event },
            75..87 => Action::ContactAbandoned { gateway, reference, event },
            _rest => {
                let by = self.dice.one_of(&[EndedBy::Customer, EndedBy::Agent, EndedBy::Gateway, EndedBy::Router]);
                Action::ContactEnded { gateway, reference, by, event }
            }
        }
    }

    pub fn inventory(&mut self, gateway: GatewayId, model: &Model, now: Timestamp) -> Action {
        let live = model.all_contacts().filter(|contact| !contact.ended && contact.gateway == gateway);
        let mut references: Vec<ContactRef> = live.map(|contact| contact.reference.clone()).collect();
        references.retain(|_| !self.dice.chance(15));
        let unknown = model.gateway(&gateway).map(|known| known.unknown.clone()).unwrap_or_default();
        references.extend(unknown.into_iter().filter(|_| self.dice.chance(60)));
        if self.dice.chance(30) {
            references.push(self.reference());
        }
        let contact = |reference| InventoryContact {
            reference,
            channel: Channel::Voice,
            from: Some(Address(Arc::from(CALLERS[0]))),
            to: None,
            attributes: Attributes::default(),
        };
        let as_of = if self.dice.chance(80) { now } else { now - self.dice.between(Millis::ZERO, Millis::minutes(2)) };
        Action::Inventory { gateway, as_of, contacts: references.into_iter().map(contact).collect() }
    }
}
