//! Questions of one agent to another, and agents' lines that drop: the legs beside the customer's. It
//! counts nothing, as nobody of them is a customer.

use super::lines::{Due, Leg, Switch};
use crate::demo::habits::{Span, happens};
use crate::protocol::{
    AgentLegOrder, AgentName, Channel, ConnectOrder, ConsultationOrder, ContactOrder, Endpoint, GatewayConsultation,
    GatewayContactConnected, GatewayPartyLeft, GatewayTells, InventoryAgentLeg, InventoryContact, OrderDone, OrderId,
    Ref,
};

/// How long a colleague stays who is asked.
const LISTENS_FOR: Span = Span::seconds(20, 60);
/// Of a thousand talks, those in which the agent's line drops.
const LINES_DROP: u32 = 8;
const DROPS_AFTER: Span = Span::seconds(3, 20);

/// One agent asks another.
#[derive(Debug)]
pub(super) struct Consultation {
    first: GatewayConsultation,
    agent: AgentName,
    endpoint: Endpoint,
    order: OrderId,
    /// He has lifted his phone.
    is_up: bool,
    /// The server knows that he has.
    is_known: bool,
}

impl Switch {
    pub(super) fn ask_colleague(&mut self, asked: &ConnectOrder, first: &GatewayConsultation, now_ms: i64) {
        self.watch_for_double_use(&asked.r#ref, &asked.endpoint);
        let consultation = Consultation {
            first: first.clone(),
            agent: asked.agent.clone(),
            endpoint: asked.endpoint.clone(),
            order: asked.order.clone(),
            is_up: false,
            is_known: false,
        };
        self.consultations.insert(asked.r#ref.clone(), consultation);
        let lifts_ms = now_ms + self.rings_for.draw(&mut self.random);
        self.set_due(lifts_ms, Due::ColleagueLifts { of: asked.r#ref.clone(), order: asked.order.clone() });
    }

    pub(super) fn colleague_lifts(&mut self, of: &Ref, by_order: &OrderId, now_ms: i64) {
        let Some(asked) = self.consultations.get_mut(of).filter(|asked| asked.order == *by_order) else { return };
        asked.is_up = true;
        let (r#ref, order) = (of.clone(), by_order.clone());
        self.tells.push(Some(of), now_ms, |event, occurred_at| {
            GatewayTells::ContactConnected(GatewayContactConnected { event, occurred_at, r#ref, order })
        });
        let leaves_ms = now_ms + LISTENS_FOR.draw(&mut self.random);
        self.set_due(leaves_ms, Due::ColleagueLeaves { of: of.clone(), order: by_order.clone() });
    }

    pub(super) fn colleague_leaves(&mut self, of: &Ref, by_order: &OrderId, now_ms: i64) {
        if self.consultations.get(of).is_some_and(|asked| asked.order == *by_order) {
            let asked = self.consultations.remove(of).expect("seen just now");
            self.tell_party_left(of, asked.agent, now_ms);
        }
    }

    fn tell_party_left(&mut self, of: &Ref, agent: AgentName, now_ms: i64) {
        let r#ref = of.clone();
        self.tells.push(Some(of), now_ms, |event, occurred_at| {
            GatewayTells::PartyLeft(GatewayPartyLeft { event, occurred_at, r#ref, agent })
        });
    }

    /// The server knows that the colleague is on the line, or will have none of it.
    pub(super) fn colleague_acknowledged(&mut self, of: &Ref, is_taken: bool) {
        if is_taken {
            if let Some(asked) = self.consultations.get_mut(of) {
                asked.is_known = true;
            }
        } else {
            self.consultations.remove(of);
        }
    }

    /// The customer goes on with whoever was asked.
    pub(super) fn complete(&mut self, asked: &ConsultationOrder, now_ms: i64) {
        self.consultations.remove(&asked.consultation);
        let is_done = self.live(&asked.r#ref).is_some_and(|call| match &mut call.leg {
            Leg::Talking { agent, endpoint, is_held, .. } => {
                (*agent, *endpoint, *is_held) = (asked.agent.clone(), asked.endpoint.clone(), false);
                true
            }
            Leg::Waiting
            | Leg::Ringing { .. }
            | Leg::Placing { .. }
            | Leg::Suspended
            | Leg::Announcement { .. }
            | Leg::Voicemail => false,
        });
        self.answer_order(is_done, asked, now_ms);
    }

    /// All three hear each other.
    pub(super) fn join(&mut self, asked: &ConsultationOrder, now_ms: i64) {
        let is_there = self.consultations.contains_key(&asked.consultation) && self.leg(&asked.r#ref).is_some();
        self.answer_order(is_there, asked, now_ms);
    }

    fn answer_order(&mut self, is_done: bool, asked: &ConsultationOrder, now_ms: i64) {
        if is_done {
            self.done(&asked.order, &asked.r#ref, now_ms);
        } else {
            self.fail(&asked.order, &asked.r#ref, now_ms);
        }
    }

    /// Whether the order was about a consultation; then it is carried out.
    pub(super) fn hold_colleague(&mut self, asked: &ContactOrder, now_ms: i64) -> bool {
        let is_one = self.consultations.contains_key(&asked.r#ref);
        if is_one {
            self.done(&asked.order, &asked.r#ref, now_ms);
        }
        is_one
    }

    /// Whether a device is taken by a colleague who listens, or by one who asks without a customer.
    pub(super) fn is_consulting_on(&self, contact: &Ref, wanted: &Endpoint) -> bool {
        self.consultations.iter().any(|(of, asked)| {
            let is_of_another = of != contact && asked.first.parent.as_ref() != Some(contact);
            asked.is_up
                && asked.is_known
                && is_of_another
                && (asked.endpoint == *wanted || asked.first.endpoint == *wanted)
        })
    }

    /// Consultations that the server knows to be connected.
    pub(super) fn known_consultations(&self) -> (Vec<InventoryContact>, Vec<InventoryAgentLeg>) {
        let known = || self.consultations.iter().filter(|(_, asked)| asked.is_known);
        let contact = |of: &Ref| InventoryContact {
            r#ref: of.clone(),
            channel: Channel::Voice,
            from: None,
            to: None,
            attributes: Default::default(),
        };
        let leg = |(of, asked): (&Ref, &Consultation)| InventoryAgentLeg {
            agent: asked.agent.clone(),
            endpoint: asked.endpoint.clone(),
            r#ref: Some(of.clone()),
        };
        (known().map(|(of, _)| contact(of)).collect(), known().map(leg).collect())
    }

    pub(super) fn keep_leg(&mut self, asked: &AgentLegOrder, is_up: bool, now_ms: i64) {
        if is_up {
            self.lasting_legs.insert(asked.endpoint.clone());
        } else {
            self.lasting_legs.remove(&asked.endpoint);
        }
        let order = asked.order.clone();
        self.tells
            .push(None, now_ms, |event, occurred_at| GatewayTells::OrderDone(OrderDone { event, occurred_at, order }));
    }

    /// In some talks the agent's line drops after a while.
    pub(super) fn may_drop(&mut self, contact: &Ref, order: &OrderId, now_ms: i64) {
        if happens(LINES_DROP, &mut self.random) {
            let at_ms = now_ms + DROPS_AFTER.draw(&mut self.random);
            self.set_due(at_ms, Due::LineDrops { contact: contact.clone(), order: order.clone() });
        }
    }

    /// Only where nobody else is asked, and the server knows of the talk.
    pub(super) fn line_drops(&mut self, contact: &Ref, of_order: &OrderId, now_ms: i64) {
        let is_asked = self.consultations.values().any(|asked| asked.first.parent.as_ref() == Some(contact));
        let Some(call) = self.live(contact).filter(|call| call.is_answered && !is_asked) else { return };
        match &call.leg {
            Leg::Talking { order, agent, .. } if order == of_order => {
                let agent = agent.clone();
                call.has_lost_leg = true;
                self.tell_party_left(contact, agent, now_ms);
            }
            Leg::Talking { .. }
            | Leg::Waiting
            | Leg::Ringing { .. }
            | Leg::Placing { .. }
            | Leg::Suspended
            | Leg::Announcement { .. }
            | Leg::Voicemail => {}
        }
    }
}
