//! Which calls there are, told to the server page by page. It never names a call whose arrival the
//! server has not acknowledged.

use super::lines::{Call, Leg, Switch};
use crate::demo::callers::PlannedCall;
use crate::protocol::{GatewayTells, Inventory, InventoryAgentLeg, InventoryContact, Ref, Time};

/// Contacts on one page of an inventory: what the wire allows.
pub const PAGE_CONTACTS_MAX: usize = 1_000;

impl Switch {
    /// Puts an inventory on its way: what the server knows has arrived and not that it is over. What
    /// it does not take up is asked about again.
    pub fn take_inventory(&mut self, now_ms: i64) {
        let as_of = Time::from_ms(now_ms);
        let known: Vec<&Call> = self.calls.values().filter(|call| call.is_known).collect();
        let mut contacts: Vec<InventoryContact> = known.iter().map(|call| inventory_contact(&call.plan)).collect();
        let mut legs: Vec<InventoryAgentLeg> = known.iter().filter_map(|call| inventory_leg(call)).collect();
        let (asked, listening) = self.known_consultations();
        contacts.extend(asked);
        legs.extend(listening);
        let pages = contacts.len().max(legs.len()).div_ceil(PAGE_CONTACTS_MAX).max(1);
        for page in 0..pages {
            let (contacts, agent_legs) = (page_of(&contacts, page), page_of(&legs, page));
            self.tells.push(None, now_ms, |event, occurred_at| {
                let number = u32::try_from(page + 1).expect("a switch has fewer than 4 billion pages of calls");
                let last = page + 1 == pages;
                let devices = Vec::new();
                GatewayTells::Inventory(Inventory {
                    event,
                    occurred_at,
                    as_of,
                    page: number,
                    last,
                    contacts,
                    agent_legs,
                    devices,
                })
            });
        }
        let is_doubted = |call: &&Call| call.doubts.is_some() && !call.is_over;
        let doubted: Vec<Ref> = self.calls.values().filter(is_doubted).map(|call| call.plan.r#ref.clone()).collect();
        for contact in doubted {
            self.ask_about(&contact, now_ms);
        }
    }
}

fn inventory_contact(plan: &PlannedCall) -> InventoryContact {
    InventoryContact {
        r#ref: plan.r#ref.clone(),
        channel: plan.channel,
        from: plan.from.clone(),
        to: plan.to.clone(),
        attributes: plan.attributes.clone(),
    }
}

fn inventory_leg(call: &Call) -> Option<InventoryAgentLeg> {
    match &call.leg {
        Leg::Talking { agent, endpoint, .. } => {
            let (agent, endpoint) = (agent.clone(), endpoint.clone());
            Some(InventoryAgentLeg { agent, endpoint, r#ref: Some(call.plan.r#ref.clone()) })
        }
        Leg::Waiting
        | Leg::Ringing { .. }
        | Leg::Placing { .. }
        | Leg::Suspended
        | Leg::Announcement { .. }
        | Leg::Voicemail => None,
    }
}

fn page_of<T: Clone>(items: &[T], page: usize) -> Vec<T> {
    items.iter().skip(page * PAGE_CONTACTS_MAX).take(PAGE_CONTACTS_MAX).cloned().collect()
}
