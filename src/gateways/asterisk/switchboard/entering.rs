//! Calls that enter from outside: what is known of them, and what becomes of them when the server says nothing. It
//! chooses no queue.

use std::collections::BTreeMap;

use super::calls::{Call, Leg, Phase, Role};
use super::core::{Due, Switchboard};
use super::legs::NORMAL_CLEARING;
use super::names;
use crate::customers::phone::PhoneNumber;
use crate::gateways::asterisk::Happening;
use crate::gateways::asterisk::ari::event::{Channel, ChannelId, ChannelState};
use crate::gateways::asterisk::ari::request::Action;
use crate::protocol::{
    Address, Attributes, Channel as Carried, ContactArrived, Direction, GatewayContactEnded, GatewayTells, HungUpBy,
    Ref,
};

/// The first argument of a channel whose line was listened to for a machine; the second is what was heard.
const LISTENED: &str = "amd";
/// The extension of those who go on in the dialplan without one.
const START: &str = "s";
const ARGUMENT_LENGTH_MAX: usize = 512;

impl Switchboard {
    /// A channel is ours from now on.
    pub(super) fn entered(&mut self, channel: &Channel, args: &[String], now: i64) {
        if args.first().map(String::as_str) == Some(LISTENED) && self.legs.contains_key(&channel.id) {
            return self.listened(&channel.id, args.get(1).map_or("", String::as_str), now);
        }
        if self.legs.contains_key(&channel.id) {
            return self.lifted(&channel.id, now);
        }
        if names::is_ours(&channel.id) {
            // Made before a restart and for nothing that is left.
            return self.request(&channel.id.0, Action::HangUp { channel: channel.id.clone() }, None);
        }
        self.happenings.push_back(Happening::CallCame);
        self.take_in(channel, args, now);
        self.announce_arrival(&Ref::clipped(&channel.id.0), now);
    }

    /// `args`: the first says that it enters, each further one is `key=value`.
    pub(super) fn take_in(&mut self, channel: &Channel, args: &[String], now: i64) {
        let of = Ref::clipped(&channel.id.0);
        let mut said: BTreeMap<String, String> = args.iter().skip(1).filter_map(|arg| key_and_value(arg)).collect();
        let dialled = said.remove("to").unwrap_or_else(|| channel.dialplan.exten.clone());
        let number = said.remove("from").unwrap_or_else(|| channel.caller.number.clone());
        let (from, to) = (self.address(&number), self.address(&dialled));
        let unread = |known: &Option<Address>, text: &str| known.is_none() && !text.is_empty() && text != START;
        if unread(&to, &dialled) {
            said.entry("dialled".to_owned()).or_insert(dialled);
        }
        if !channel.caller.name.is_empty() && channel.caller.name != channel.caller.number {
            said.entry("caller_name".to_owned()).or_insert_with(|| channel.caller.name.clone());
        }
        let call = Call {
            customer: Some(channel.id.clone()),
            shown_as: shown_as(&channel.caller.name, from.as_ref().map_or(number.as_str(), Address::as_str)),
            from,
            to,
            attributes: attributes(said),
            ..Call::new(Carried::Voice, Phase::Entering)
        };
        let is_unanswered = channel.state != ChannelState::Up;
        let role = Role::Customer { of: of.clone() };
        let leg = Leg { is_up: true, is_unanswered, is_limited: true, ..Leg::new(role, now) };
        self.legs.insert(channel.id.clone(), leg);
        self.calls.insert(of, call);
    }

    /// A number that cannot be read is none; what was shown or dialled may still be an attribute.
    fn address(&self, text: &str) -> Option<Address> {
        let number = PhoneNumber::read(text, self.settings.home_region).ok().flatten()?;
        Address::new(number.e164()).ok()
    }

    pub(super) fn announce_arrival(&mut self, of: &Ref, now: i64) {
        let Some(call) = self.calls.get(of) else { return };
        let (r#ref, channel, from, to) = (of.clone(), call.carried, call.from.clone(), call.to.clone());
        let attributes = call.attributes.clone();
        self.tell(of, now, |event, occurred_at| {
            let direction = Direction::Inbound;
            let arrived = ContactArrived { event, occurred_at, r#ref, channel, direction, from, to, attributes };
            GatewayTells::ContactArrived(arrived)
        });
        let fallback_after = i64::try_from(self.settings.fallback_after.as_millis()).unwrap_or(i64::MAX);
        self.remind(now.saturating_add(fallback_after), Due::Fallback(of.clone()));
    }

    /// The server has the call: it hears music until somebody is found.
    pub(super) fn has_arrived(&mut self, of: &Ref, now: i64) {
        let Some(call) = self.calls.get_mut(of) else { return };
        call.is_known = true;
        if call.phase == Phase::Entering {
            self.begin_wait(of, now);
        }
    }

    pub(super) fn begin_wait(&mut self, of: &Ref, now: i64) {
        self.answer(of);
        let Some(call) = self.calls.get_mut(of) else { return };
        call.phase = Phase::Waiting;
        call.is_held = false;
        self.announce_later(of, now);
    }

    /// Not before there is a place to bring it to: until then it costs the caller nothing, and the dialplan takes him
    /// back when we say nothing for too long.
    pub(super) fn answer(&mut self, of: &Ref) {
        let Some(customer) = self.customer_of(of) else { return };
        let Some(leg) = self.legs.get_mut(&customer) else { return };
        let (is_limited, is_unanswered) = (std::mem::take(&mut leg.is_limited), std::mem::take(&mut leg.is_unanswered));
        if is_limited {
            self.request(of.as_str(), Action::LiftTimeLimit { channel: customer.clone() }, None);
        }
        if is_unanswered {
            self.request(of.as_str(), Action::Answer { channel: customer }, None);
        }
    }

    /// Usher says nothing of it: the dialplan has it again.
    pub(super) fn fall_back(&mut self, of: &Ref, now: i64) {
        if !self.calls.get(of).is_some_and(|call| call.phase == Phase::Entering) {
            return;
        }
        let r#ref = of.clone();
        self.tell(of, now, |event, occurred_at| {
            let by = HungUpBy::Gateway;
            GatewayTells::ContactEnded(GatewayContactEnded { event, occurred_at, r#ref, by })
        });
        self.send_back(of);
    }

    /// Into the dialplan, for good.
    pub(super) fn send_back(&mut self, of: &Ref) {
        let Some(customer) = self.customer_of(of) else { return };
        self.happenings.push_back(Happening::CallFellBack);
        let extension = match self.calls.get(of).and_then(|call| call.to.as_ref()) {
            Some(to) => to.as_str().trim_start_matches('+').to_owned(),
            None => START.to_owned(),
        };
        let context = self.settings.fallback_context.clone();
        self.request(of.as_str(), Action::Continue { channel: customer.clone(), context, extension }, None);
        self.legs.remove(&customer);
        self.forget(of);
    }

    /// A channel has left our application: into the dialplan where we sent it, or it is over.
    pub(super) fn left_us(&mut self, leg: &ChannelId, now: i64) {
        let Some(known) = self.legs.get_mut(leg) else { return };
        known.is_in = None;
        let stays = match &known.role {
            Role::Customer { of } => self
                .calls
                .get(of)
                .is_some_and(|call| call.is_listened_to || (call.phase == Phase::Voicemail && call.ended_by.is_none())),
            // Of what we made, the end is told too, with its cause.
            Role::Agent { .. } | Role::Outside { .. } | Role::Supervisor { .. } => true,
            Role::Spy { .. } | Role::Listener { .. } => false,
        };
        let is_last_heard = !names::is_ours(leg) || matches!(known.role, Role::Spy { .. } | Role::Listener { .. });
        if !stays && is_last_heard {
            let cause = known.hung_up_with.unwrap_or(NORMAL_CLEARING);
            self.was_taken_back(leg);
            self.gone(leg, Some(cause), now);
        }
    }

    /// Nobody has hung up: the dialplan's clock was faster than the server.
    fn was_taken_back(&mut self, leg: &ChannelId) {
        let Some(Leg { role: Role::Customer { of }, hung_up_with: None, .. }) = self.legs.get(leg) else { return };
        if let Some(call) = self.calls.get_mut(of).filter(|call| call.phase == Phase::Entering) {
            call.ended_by.get_or_insert(HungUpBy::Gateway);
            self.happenings.push_back(Happening::CallFellBack);
        }
    }

    pub(super) fn hangs_up(&mut self, leg: &ChannelId, cause: Option<i64>) {
        if let Some(known) = self.legs.get_mut(leg) {
            known.hung_up_with = known.hung_up_with.or(cause);
        }
    }
}

fn key_and_value(argument: &str) -> Option<(String, String)> {
    let (key, value) = argument.split_once('=')?;
    let value: String = value.trim().chars().take(ARGUMENT_LENGTH_MAX).collect();
    (!key.trim().is_empty() && !value.is_empty()).then(|| (key.trim().to_owned(), value))
}

/// Too many or too long ones are left out whole: the call matters more.
fn attributes(said: BTreeMap<String, String>) -> Attributes {
    Attributes::new(said.into_iter().map(|(key, value)| (key, value.into())).collect()).unwrap_or_default()
}

/// As the switch writes a caller: name and number.
fn shown_as(name: &str, number: &str) -> Option<String> {
    let is_plain = |letter: &char| !letter.is_control() && !matches!(letter, '"' | '<' | '>' | '\\');
    let (name, number): (String, String) =
        (name.chars().filter(is_plain).collect(), number.chars().filter(is_plain).collect());
    match (name.is_empty(), number.is_empty()) {
        (_, true) => None,
        (true, false) => Some(number),
        (false, false) => Some(format!("\"{name}\" <{number}>")),
    }
}
