//! Phones that ring with the offer: lifting one accepts, and a leg that fails ends the offer.

use super::model::{Contact, Model, Offer};
use super::turn::Turn;
use crate::routing::command::LegFailure;
use crate::routing::event::{ConsultationEnd, Fact, OfferOutcome};
use crate::routing::hold::BackOffCause;
use crate::routing::ids::{ContactId, EventNo, GatewayId, OfferId, SegmentId};
use crate::routing::rule_set::{Channel, PhoneMode};

impl Model {
    /// Only a voice contact rings with its offer: who is to be called is called once the agent has accepted.
    pub(crate) fn rings(&self, contact: &Contact, agent: &super::model::Agent) -> bool {
        contact.channel == Channel::Voice && contact.on_line && agent.rules.phone.mode == PhoneMode::Phone
    }
}

impl Turn {
    /// The offer that is accepted by this word of the gateway that customer and agent hear each other.
    pub(crate) fn lifted(&self, contact: &Contact, order: Option<EventNo>) -> Option<Offer> {
        let waiting = contact.waiting()?;
        let ringing: Vec<&Offer> = waiting.offers.iter().filter(|offer| offer.rings).collect();
        match order {
            Some(order) => ringing.into_iter().find(|offer| offer.order == order).cloned(),
            None if ringing.len() == 1 => Some(ringing[0].clone()),
            None => None,
        }
    }

    /// The agent has it in hand from now on.
    pub(crate) fn won(&mut self, contact: ContactId, offer: &Offer) {
        let visit = self.model.contacts[&contact].visit.as_ref().expect("it is offered").id;
        let segment = SegmentId(self.next_number());
        let (agent, connect_by) = (offer.agent.clone(), self.connect_by(contact));
        self.record(Fact::ContactConnecting { contact, visit, offer: offer.id, segment, agent, connect_by });
        self.set_aside_for(&offer.agent, contact, segment);
        self.propose(contact, segment, &offer.agent);
    }

    /// The open offer with which a phone of this gateway rings by this order.
    pub(crate) fn ringing(&self, gateway: &GatewayId, order: EventNo) -> Option<OfferId> {
        let of_gateway = self.model.all_contacts().filter(|contact| contact.gateway == *gateway);
        let mut offers = of_gateway.flat_map(Contact::offers);
        offers.find(|offer| offer.rings && offer.order == order).map(|offer| offer.id)
    }

    /// The leg with which a phone was to ring has failed.
    pub(crate) fn ringing_failed(&mut self, offer: OfferId, why: LegFailure) {
        let (offered, open) = self.model.open_offer(offer).expect("it rings");
        let (contact, agent) = (offered.id, open.agent.clone());
        let (outcome, cause, end) = match why {
            LegFailure::NoAnswer => {
                self.offer_missed(offer);
                return;
            }
            LegFailure::Rejected => {
                (OfferOutcome::Declined { reason: None }, BackOffCause::Declined, ConsultationEnd::Declined)
            }
            LegFailure::Busy
            | LegFailure::Unregistered
            | LegFailure::Failed
            | LegFailure::TimedOut
            | LegFailure::CalledOff => {
                (OfferOutcome::LegFailed { why }, BackOffCause::from(why), ConsultationEnd::Failed)
            }
        };
        self.end_offer(offer, outcome);
        self.back_off(&agent, cause);
        self.limit_offers(contact);
        self.consultee_failed(contact, end);
    }
}
