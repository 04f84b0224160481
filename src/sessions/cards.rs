//! Brings the customer's card to an agent's console: with the offer when it was read already, else after it. Never
//! holds an offer back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::from_protocol::WireIds;
use super::session::Outgoing;
use super::to_protocol::customer::{Sight, card as on_the_wire, lines_of};
use crate::counters::{CardOutcome, customer_card_shown};
use crate::customers::ids::CustomerId;
use crate::protocol as wire;
use crate::protocol::AgentHears;
use crate::routing::ids::ContactId;
use crate::routing::personal::Attributes;
use crate::screen_pop::ScreenPop;
use crate::screen_pop::card::Card;
use crate::screen_pop::known::{customer_of, other_matches};

/// How long the database may take for a card after the agent was told that there is none yet.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// Between two tries, and how many: an hour, longer than most conversations.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);
const TRIES_MAX: u32 = 1_800;
/// Contacts of one agent whose customer is shown; he has few at a time.
const SHOWN_MAX: usize = 64;

/// What one console was shown of its contacts' customers.
pub struct Cards {
    pop: Arc<ScreenPop>,
    ids: WireIds,
    outgoing: mpsc::Sender<Outgoing>,
    shown: BTreeMap<ContactId, Shown>,
}

struct Shown {
    customer: CustomerId,
    /// Reads it still.
    reading: Option<AbortHandle>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(reading) = &self.reading {
            reading.abort();
        }
    }
}

impl Cards {
    pub fn new(pop: Arc<ScreenPop>, ids: WireIds, outgoing: mpsc::Sender<Outgoing>) -> Cards {
        Cards { pop, ids, outgoing, shown: BTreeMap::new() }
    }

    /// Before the console hears it: the card goes along, or is fetched.
    pub fn follow(&mut self, message: &mut AgentHears) {
        match message {
            AgentHears::ContactOffered(offered) => {
                let attributes = routers(&offered.contact.attributes);
                offered.card = self.ready(&offered.contact.id, &attributes).map(Box::new);
            }
            AgentHears::ContactUpdated(updated) => {
                let Some(attributes) = updated.attributes.as_ref().map(routers) else { return };
                updated.card = self.ready(&updated.contact, &attributes).map(Box::new);
            }
            AgentHears::ContactTakenOver(taken) => {
                let attributes = routers(&taken.segment.attributes);
                self.fetch(&taken.segment.contact, &attributes);
            }
            AgentHears::OfferEnded(ended) => self.forget(&ended.contact),
            AgentHears::SegmentClosed(closed) => self.forget(&closed.contact),
            AgentHears::AgentChanged(_)
            | AgentHears::ContactConnecting(_)
            | AgentHears::ContactConnected(_)
            | AgentHears::ContactHeld(_)
            | AgentHears::ContactUnheld(_)
            | AgentHears::ContactSetAside(_)
            | AgentHears::ContactTakenUp(_)
            | AgentHears::ContactSuspended(_)
            | AgentHears::ContactLegLost(_)
            | AgentHears::ContactLegBack(_)
            | AgentHears::PartyInvited(_)
            | AgentHears::PartyJoined(_)
            | AgentHears::PartyLeft(_)
            | AgentHears::ContactTransferred(_)
            | AgentHears::ContactEnded(_)
            | AgentHears::WrapUpStarted(_)
            | AgentHears::WorkChanged(_) => {}
        }
    }

    /// A console that opens is brought the cards of all that it has.
    pub fn follow_snapshot(&mut self, snapshot: &wire::AgentSnapshot) {
        self.shown.clear();
        for offer in &snapshot.offers {
            self.fetch(&offer.contact.id, &routers(&offer.contact.attributes));
        }
        for segment in &snapshot.segments {
            self.fetch(&segment.contact, &routers(&segment.attributes));
        }
    }

    fn forget(&mut self, contact: &wire::ContactId) {
        if let Ok(contact) = self.ids.contact(contact) {
            self.shown.remove(&contact);
        }
    }

    /// The contact and its customer, unless the console has that customer's card already.
    fn new_customer(&self, contact: &wire::ContactId, attributes: &Attributes) -> Option<(ContactId, CustomerId)> {
        let (contact, customer) = (self.ids.contact(contact).ok()?, customer_of(attributes)?);
        let is_shown = self.shown.get(&contact).is_some_and(|shown| shown.customer == customer);
        (!is_shown && (self.shown.len() < SHOWN_MAX || self.shown.contains_key(&contact)))
            .then_some((contact, customer))
    }

    fn ready(&mut self, contact: &wire::ContactId, attributes: &Attributes) -> Option<wire::CustomerCard> {
        let (number, customer) = self.new_customer(contact, attributes)?;
        let Some(card) = self.pop.ready_card(customer) else {
            self.fetch(contact, attributes);
            return None;
        };
        customer_card_shown(CardOutcome::WithTheOffer);
        self.shown.insert(number, Shown { customer, reading: None });
        Some(self.shown_as(&card, attributes))
    }

    fn shown_as(&self, card: &Card, attributes: &Attributes) -> wire::CustomerCard {
        let mut shown = on_the_wire(&self.ids, card, Sight::Whole);
        shown.other_matches = lines_of(&other_matches(attributes));
        shown
    }

    fn fetch(&mut self, contact: &wire::ContactId, attributes: &Attributes) {
        let Some((number, customer)) = self.new_customer(contact, attributes) else { return };
        let (pop, ids, outgoing) = (Arc::clone(&self.pop), self.ids.clone(), self.outgoing.clone());
        let (contact, matches) = (contact.clone(), lines_of(&other_matches(attributes)));
        let reading = tokio::spawn(async move {
            let tell = |card: Option<&Card>| {
                let card = card.map(|card| {
                    let mut shown = on_the_wire(&ids, card, Sight::Whole);
                    shown.other_matches = matches.clone();
                    Box::new(shown)
                });
                customer_card_shown(if card.is_some() { CardOutcome::After } else { CardOutcome::Unavailable });
                let card_unavailable = card.is_none();
                let updated =
                    wire::ContactUpdated { contact: contact.clone(), attributes: None, card, card_unavailable };
                // A full or closed session is told so by its own task.
                let _ = outgoing.try_send(Outgoing::Card(Box::new(updated)));
            };
            match timeout(pop.card_within(), pop.card(customer)).await {
                Ok(Ok(Some(card))) => return tell(Some(&card)),
                Ok(Ok(None)) => return,
                Ok(Err(_)) | Err(_) => tell(None),
            }
            for _ in 0..TRIES_MAX {
                match timeout(READ_WITHIN, pop.card(customer)).await {
                    Ok(Ok(Some(card))) => return tell(Some(&card)),
                    Ok(Ok(None)) => return,
                    Ok(Err(_)) | Err(_) => sleep(TRY_AGAIN_AFTER).await,
                }
            }
        });
        self.shown.insert(number, Shown { customer, reading: Some(reading.abort_handle()) });
    }
}

fn routers(attributes: &wire::Attributes) -> Attributes {
    Attributes(attributes.values().iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}
