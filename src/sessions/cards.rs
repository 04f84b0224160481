//! Brings the customer's card to an agent's console: with the offer when it was read already, else after it. Never
//! holds an offer back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::hidden::{hide_in_news, hide_in_snapshot};
use super::requests::Line;
use super::session::Outgoing;
use super::to_protocol::customer::{card as on_the_wire, lines_of};
use super::upgrade::Sessions;
use crate::audit::Audit;
use crate::counters::{CardOutcome, customer_card_shown};
use crate::customers::ids::CustomerId;
use crate::customers::redaction::Sight;
use crate::protocol as wire;
use crate::protocol::AgentHears;
use crate::records::{Act, AuditEntry};
use crate::routing::ids::{ContactId, PersonId};
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
    viewer: Viewer,
    shown: BTreeMap<ContactId, Shown>,
}

/// Who is shown customers, and how.
#[derive(Clone)]
struct Viewer {
    pop: Arc<ScreenPop>,
    audit: Arc<Audit>,
    line: Line,
    person: PersonId,
    sight: Sight,
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
    pub fn new(sessions: &Sessions, line: Line, person: PersonId) -> Cards {
        let (pop, audit) = (Arc::clone(&sessions.screen_pop), Arc::clone(&sessions.audit));
        let sight = sessions.settings.sights.agent.clone();
        Cards { viewer: Viewer { pop, audit, line, person, sight }, shown: BTreeMap::new() }
    }

    /// Before the console hears it: the card goes along, or is fetched; what the agent does not see goes out.
    pub fn follow(&mut self, message: &mut AgentHears) {
        self.bring_card(message);
        hide_in_news(message, &self.viewer.sight);
    }

    fn bring_card(&mut self, message: &mut AgentHears) {
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
            | AgentHears::WorkChanged(_) => {}
        }
    }

    /// A console that opens is brought the cards of all that it has.
    pub fn follow_snapshot(&mut self, snapshot: &mut wire::AgentSnapshot) {
        self.shown.clear();
        for offer in &snapshot.offers {
            self.fetch(&offer.contact.id, &routers(&offer.contact.attributes));
        }
        for segment in &snapshot.segments {
            self.fetch(&segment.contact, &routers(&segment.attributes));
        }
        hide_in_snapshot(snapshot, &self.viewer.sight);
    }

    fn forget(&mut self, contact: &wire::ContactId) {
        if let Ok(contact) = self.viewer.line.ids.contact(contact) {
            self.shown.remove(&contact);
        }
    }

    /// The contact and its customer, unless the console has that customer's card already.
    fn new_customer(&self, contact: &wire::ContactId, attributes: &Attributes) -> Option<(ContactId, CustomerId)> {
        let (contact, customer) = (self.viewer.line.ids.contact(contact).ok()?, customer_of(attributes)?);
        let is_shown = self.shown.get(&contact).is_some_and(|shown| shown.customer == customer);
        (!is_shown && (self.shown.len() < SHOWN_MAX || self.shown.contains_key(&contact)))
            .then_some((contact, customer))
    }

    fn ready(&mut self, contact: &wire::ContactId, attributes: &Attributes) -> Option<wire::CustomerCard> {
        let (number, customer) = self.new_customer(contact, attributes)?;
        let ready = self.viewer.pop.ready_card(customer);
        let Some(card) = ready.filter(|card| self.viewer.may_be_shown(card, number)) else {
            self.fetch(contact, attributes);
            return None;
        };
        customer_card_shown(CardOutcome::WithTheOffer);
        self.shown.insert(number, Shown { customer, reading: None });
        Some(self.viewer.shown_as(&card, contact, attributes))
    }

    fn fetch(&mut self, contact: &wire::ContactId, attributes: &Attributes) {
        let Some((number, customer)) = self.new_customer(contact, attributes) else { return };
        let reading = tokio::spawn(self.viewer.clone().bring(contact.clone(), number, customer, attributes.clone()));
        self.shown.insert(number, Shown { customer, reading: Some(reading.abort_handle()) });
    }
}

impl Viewer {
    /// Notes that the agent is shown the customer with this contact. When that will not be written, he is not.
    fn may_be_shown(&self, card: &Card, contact: ContactId) -> bool {
        let shown = AuditEntry::new(self.pop.now(), self.person.clone(), Act::ShownWithContact);
        self.audit.note(shown.about(card.customer.customer.id).about(contact))
    }

    /// With a contact, which may stand in the records already and is no history yet.
    fn shown_as(&self, card: &Card, contact: &wire::ContactId, attributes: &Attributes) -> wire::CustomerCard {
        let mut shown = on_the_wire(&self.line.ids, &card.seen_with(&self.sight), &self.pop.settings().fields);
        shown.interactions.retain(|past| past.contact != *contact);
        shown.other_matches = lines_of(&other_matches(attributes), &self.sight);
        shown
    }

    async fn bring(self, contact: wire::ContactId, number: ContactId, customer: CustomerId, attributes: Attributes) {
        let tell = |card: Option<&Card>| {
            let card = card.map(|card| Box::new(self.shown_as(card, &contact, &attributes)));
            customer_card_shown(if card.is_some() { CardOutcome::After } else { CardOutcome::Unavailable });
            let card_unavailable = card.is_none();
            let updated = wire::ContactUpdated {
                contact: contact.clone(),
                attributes: None,
                card,
                card_unavailable,
                leads: None,
            };
            // A full or closed session is told so by its own task.
            let _ = self.line.outgoing.try_send(Outgoing::Card(Box::new(updated)));
        };
        match timeout(self.pop.card_within(), self.pop.card(customer)).await {
            Ok(Ok(Some(card))) if self.may_be_shown(&card, number) => return tell(Some(&card)),
            Ok(Ok(None)) => return,
            Ok(Ok(Some(_)) | Err(_)) | Err(_) => tell(None),
        }
        for _ in 0..TRIES_MAX {
            match timeout(READ_WITHIN, self.pop.card(customer)).await {
                Ok(Ok(Some(card))) if self.may_be_shown(&card, number) => return tell(Some(&card)),
                Ok(Ok(None)) => return,
                Ok(Ok(Some(_)) | Err(_)) | Err(_) => sleep(TRY_AGAIN_AFTER).await,
            }
        }
    }
}

fn routers(attributes: &wire::Attributes) -> Attributes {
    Attributes(attributes.values().iter().map(|(name, value)| (name.clone(), value.clone())).collect())
}
