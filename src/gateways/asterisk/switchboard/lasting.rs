//! Legs of agents that stay up between contacts. They serve no contact until one is connected.

use std::collections::BTreeMap;

use super::calls::Role;
use super::core::Switchboard;
use super::legs::{dialled, seconds_until};
use super::names;
use crate::gateways::asterisk::ari::event::ChannelId;
use crate::gateways::asterisk::ari::request::Originate;
use crate::protocol::{AgentLegOrder, GatewayTells, OrderDone, OrderFailed, OrderFailure, OrderId};

impl Switchboard {
    pub(super) fn open_leg(&mut self, asked: &AgentLegOrder, now: i64) {
        self.lasting.insert(asked.endpoint.clone(), asked.agent.clone());
        if self.leg_on(&asked.endpoint).is_some() {
            return self.tell_leg_order(&asked.order, true, now);
        }
        self.ring_lasting(asked, now);
    }

    pub(super) fn close_leg(&mut self, asked: &AgentLegOrder, now: i64) {
        self.lasting.remove(&asked.endpoint);
        if let Some(leg) = self.leg_on(&asked.endpoint).filter(|leg| self.legs[leg].of().is_none()) {
            self.hang_up(&leg);
        }
        self.tell_leg_order(&asked.order, true, now);
    }

    pub(super) fn lasting_leg_is_up(&mut self, leg: &ChannelId, now: i64) {
        let Some(Role::Agent { order, .. }) = self.legs.get_mut(leg).map(|known| &mut known.role) else { return };
        if let Some(order) = order.take() {
            self.tell_leg_order(&order, true, now);
        }
    }

    pub(super) fn tell_leg_order(&mut self, order: &OrderId, is_done: bool, now: i64) {
        let order = order.clone();
        self.tells.push(None, now, |event, occurred_at| match is_done {
            true => GatewayTells::OrderDone(OrderDone { event, occurred_at, order }),
            false => {
                let why = OrderFailure::Unregistered;
                GatewayTells::OrderFailed(OrderFailed { event, occurred_at, order, why })
            }
        });
    }

    fn ring_lasting(&mut self, asked: &AgentLegOrder, now: i64) {
        let role = Role::Agent {
            agent: asked.agent.clone(),
            endpoint: asked.endpoint.clone(),
            of: None,
            order: Some(asked.order.clone()),
        };
        let variables = BTreeMap::from([
            (names::ROLE.to_owned(), "lasting".to_owned()),
            (names::AGENT.to_owned(), asked.agent.as_str().to_owned()),
            (names::ENDPOINT.to_owned(), asked.endpoint.as_str().to_owned()),
        ]);
        let originate = Originate {
            channel: names::agent_leg(&asked.order),
            endpoint: dialled(asked.endpoint.as_str()),
            caller_id: None,
            rings_for: seconds_until(asked.not_after.as_ms(), now),
            variables,
            originator: None,
        };
        self.originate(originate, role, now);
    }
}
