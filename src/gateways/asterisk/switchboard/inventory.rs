//! Which calls there are, told to the server page by page. It names no call whose arrival the server has not
//! acknowledged, but those that were here before us.

use super::calls::{Call, Phase, Role};
use super::core::Switchboard;
use crate::protocol::{
    Endpoint, GatewayTells, Inventory, InventoryAgentLeg, InventoryContact, InventoryDevice, Ref, Time,
};

/// Items of one kind on one page: what the wire allows.
const PAGE_MAX: usize = 1_000;

impl Switchboard {
    pub fn take_inventory(&mut self, now: i64) {
        let as_of = Time::from_ms(now);
        let contacts: Vec<InventoryContact> =
            self.calls.iter().filter(|(_, call)| is_live(call)).map(|(of, call)| contact(of, call)).collect();
        let legs = self.agent_legs();
        let devices: Vec<InventoryDevice> = self.shown_devices();
        let pages = contacts.len().max(legs.len()).max(devices.len()).div_ceil(PAGE_MAX).max(1);
        for page in 0..pages {
            let (contacts, agent_legs) = (page_of(&contacts, page), page_of(&legs, page));
            let devices = page_of(&devices, page);
            self.tells.push(None, now, |event, occurred_at| {
                let number = u32::try_from(page + 1).expect("a switch has fewer than 4 billion pages of calls");
                let last = page + 1 == pages;
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
    }

    fn agent_legs(&self) -> Vec<InventoryAgentLeg> {
        let up = self.legs.values().filter(|leg| leg.is_there());
        up.filter_map(|leg| match &leg.role {
            Role::Agent { agent, endpoint, of, .. } => {
                let of = of.as_ref().filter(|of| self.calls.get(of).is_some_and(|call| call.is_known));
                let (agent, endpoint): (_, Endpoint) = (agent.clone(), endpoint.clone());
                Some(InventoryAgentLeg { agent, endpoint, r#ref: of.cloned() })
            }
            Role::Customer { .. }
            | Role::Outside { .. }
            | Role::Supervisor { .. }
            | Role::Spy { .. }
            | Role::Listener { .. } => None,
        })
        .collect()
    }
}

/// Who is with a number outside is none of the server's any more.
fn is_live(call: &Call) -> bool {
    let is_connected_question = call.asks.is_some() && call.is_connected();
    let has_customer = call.customer.is_some() && !matches!(call.phase, Phase::Placing(_));
    call.is_known && (is_connected_question || has_customer) && call.phase != Phase::Outside { order: None }
}

fn contact(of: &Ref, call: &Call) -> InventoryContact {
    InventoryContact {
        r#ref: of.clone(),
        channel: call.carried,
        from: call.from.clone(),
        to: call.to.clone(),
        attributes: call.attributes.clone(),
    }
}

fn page_of<T: Clone>(items: &[T], page: usize) -> Vec<T> {
    items.iter().skip(page * PAGE_MAX).take(PAGE_MAX).cloned().collect()
}
