//! Takes out of what a console or a dashboard is told what the role does not see of the customer. Adds nothing.
//!
//! Of the attributes only `customer` is ours; what else a gateway sends is for agents to see.

use serde_json::Value;

use crate::customers::phone;
use crate::customers::redaction::{Hidable, Sight};
use crate::protocol as wire;
use crate::protocol::AgentHears;
use crate::screen_pop::known::CUSTOMER;

/// What stands for an address that is not shown.
const HIDDEN: &str = "…";

pub fn hide_in_news(message: &mut AgentHears, sight: &Sight) {
    if sight.is_whole() {
        return;
    }
    match message {
        AgentHears::ContactOffered(offered) => hide_in_offer(offered, sight),
        AgentHears::ContactUpdated(updated) => {
            if let Some(attributes) = &mut updated.attributes {
                hide_in_attributes(attributes, sight);
            }
        }
        AgentHears::ContactTakenOver(taken) => hide_in_segment(&mut taken.segment, sight),
        AgentHears::OfferEnded(_)
        | AgentHears::SegmentClosed(_)
        | AgentHears::AgentChanged(_)
        | AgentHears::ContactConnecting(_)
        | AgentHears::ContactConnected(_)
        | AgentHears::ContactHeld(_)
        | AgentHears::ContactUnheld(_)
        | AgentHears::ContactSetAside(_)
        | AgentHears::ContactTakenUp(_)
        | AgentHears::ContactSuspended(_)
        | AgentHears::ContactLegLost(_)
        | AgentHears::ContactRecording(_)
        | AgentHears::ContactLegBack(_)
        | AgentHears::PartyInvited(_)
        | AgentHears::PartyJoined(_)
        | AgentHears::PartyLeft(_)
        | AgentHears::LeadNotReached(_)
        | AgentHears::ContactTransferred(_)
        | AgentHears::ContactEnded(_)
        | AgentHears::WrapUpStarted(_)
        | AgentHears::MessageReceived(_)
        | AgentHears::MessageStatus(_)
        | AgentHears::ContactTyping(_)
        // Hidden where the list is read.
        | AgentHears::WorkChanged(_) => {}
    }
}

pub fn hide_in_snapshot(snapshot: &mut wire::AgentSnapshot, sight: &Sight) {
    if sight.is_whole() {
        return;
    }
    snapshot.offers.iter_mut().for_each(|offered| hide_in_offer(offered, sight));
    snapshot.segments.iter_mut().for_each(|segment| hide_in_segment(segment, sight));
}

pub fn hide_in_queue(shown: &mut wire::QueueShown, sight: &Sight) {
    for contact in &mut shown.contacts {
        hide_address(&mut contact.from, contact.channel, sight);
        hide_in_customer(&mut contact.customer, sight);
    }
}

pub fn hide_in_contact(shown: &mut wire::ContactShown, sight: &Sight) {
    // Of an unknown channel no address is shown at all.
    let channel = shown.channel.unwrap_or(wire::Channel::Chat);
    hide_address(&mut shown.from, channel, sight);
    if shown.direction == Some(wire::Direction::Outbound) {
        hide_address(&mut shown.to, channel, sight);
    }
    hide_in_attributes(&mut shown.attributes, sight);
    hide_in_customer(&mut shown.customer, sight);
}

fn hide_in_offer(offered: &mut wire::ContactOffered, sight: &Sight) {
    let contact = &mut offered.contact;
    hide_address(&mut contact.from, contact.channel, sight);
    if contact.direction == wire::Direction::Outbound {
        hide_address(&mut contact.to, contact.channel, sight);
    }
    hide_in_attributes(&mut contact.attributes, sight);
    if !sight.sees(&Hidable::Notes) {
        contact.note = None;
    }
    hide_in_path(&mut contact.path, sight);
    hide_in_customer(&mut offered.customer, sight);
}

fn hide_in_segment(segment: &mut wire::SegmentInHand, sight: &Sight) {
    hide_address(&mut segment.from, segment.channel, sight);
    hide_in_attributes(&mut segment.attributes, sight);
    hide_in_customer(&mut segment.customer, sight);
    hide_in_path(&mut segment.path, sight);
}

fn hide_in_path(path: &mut [wire::PathStep], sight: &Sight) {
    if !sight.sees(&Hidable::Notes) {
        path.iter_mut().for_each(|step| step.note = None);
    }
}

fn hide_in_customer(customer: &mut Option<wire::Customer>, sight: &Sight) {
    if !sight.sees(&Hidable::Names)
        && let Some(customer) = customer
    {
        customer.name = None;
    }
}

/// What a contact of that channel may have for an address.
fn hide_address(address: &mut Option<wire::Address>, channel: wire::Channel, sight: &Sight) {
    let Some(shown) = address else { return };
    let may_be: &[Hidable] = match channel {
        wire::Channel::Voice | wire::Channel::Callback => &[Hidable::Phone],
        wire::Channel::Email => &[Hidable::Email],
        wire::Channel::Chat => &[Hidable::Handle, Hidable::Email, Hidable::Phone],
        wire::Channel::Task => &[Hidable::Email, Hidable::Phone],
    };
    if may_be.iter().all(|kind| sight.sees(kind)) {
        return;
    }
    let masked = match channel {
        wire::Channel::Voice | wire::Channel::Callback => phone::masked(shown.as_str()),
        wire::Channel::Email | wire::Channel::Chat | wire::Channel::Task => HIDDEN.to_owned(),
    };
    *shown = wire::Address::clipped(&masked);
}

fn hide_in_attributes(attributes: &mut wire::Attributes, sight: &Sight) {
    if sight.sees(&Hidable::Names) || !attributes.values().contains_key(CUSTOMER) {
        return;
    }
    let mut values = std::mem::take(attributes).into_values();
    if let Some(Value::Object(customer)) = values.get_mut(CUSTOMER) {
        customer.remove("name");
        let matches = customer.get_mut("matches").and_then(Value::as_array_mut);
        for other in matches.into_iter().flatten() {
            if let Some(other) = other.as_object_mut() {
                other.remove("name");
            }
        }
    }
    *attributes = wire::Attributes::new(values).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::push_text;

    fn offered() -> AgentHears {
        let offered = json!({
            "offer": "usher-3", "accept": "manual", "expires_at": "2026-02-02T05:00:00.000Z", "expires_in_ms": 1,
            "customer": { "id": "7", "name": "Wei Li", "tier": "gold" },
            "contact": {
                "id": "usher-1", "channel": "voice", "queue": "general", "direction": "inbound", "waited_ms": 1,
                "from": "+33612345678", "to": "+33199990000", "note": "wants Zoë",
                "path": [{ "at": "2026-02-02T05:00:00.000Z", "how": "transferred", "from": "sales", "by": "ana",
                           "note": "wants Zoë" }],
                "attributes": { "customer": { "id": "7", "name": "Wei Li", "tier": "gold",
                    "matches": [{ "id": "7", "name": "Wei Li" }, { "id": "8", "name": "Zoë Li" }] }, "digits": "42" }
            }
        });
        AgentHears::ContactOffered(serde_json::from_value(offered).unwrap())
    }

    #[test]
    fn what_an_agent_does_not_see_is_in_no_offer() {
        let mut whole = offered();
        hide_in_news(&mut whole, &Sight::of_everything());
        assert_eq!(whole, offered());
        let mut hidden = offered();
        hide_in_news(&mut hidden, &Sight::of_nothing());
        let text = push_text(&hidden);
        for secret in ["Wei", "Zoë", "3361234"] {
            assert!(!text.contains(secret), "{text}");
        }
        for kept in ["…78", "+33199990000", "gold", "\"8\"", "\"42\""] {
            assert!(text.contains(kept), "{kept} not in {text}");
        }
    }

    #[test]
    fn only_what_is_hidden_goes() {
        let mut message = offered();
        hide_in_news(&mut message, &Sight::without([Hidable::Phone]));
        let text = push_text(&message);
        assert!(text.contains("Wei Li") && text.contains("wants Zoë") && !text.contains("3361234"), "{text}");
    }
}
