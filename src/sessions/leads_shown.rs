//! Brings the leads at a customer's numbers to an agent's console, after the offer. Never holds an offer back, and says nothing
//! where there are none.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::requests::Line;
use super::session::Outgoing;
use super::to_protocol::lead::known_lead;
use super::upgrade::Sessions;
use crate::customers::ids::CustomerId;
use crate::customers::redaction::Sight;
use crate::protocol as wire;
use crate::protocol::AgentHears;
use crate::routing::ids::ContactId;
use crate::routing::personal::Attributes;
use crate::screen_pop::ScreenPop;
use crate::screen_pop::known::customer_of;

/// How long the database may take.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// Between two tries, and how many: ten minutes, longer than most conversations.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(2);
const TRIES_MAX: u32 = 300;
/// Contacts of one agent whose leads are shown; he has few at a time.
const SHOWN_MAX: usize = 64;

/// What one console was shown of the leads behind its contacts.
pub struct LeadsShown {
    pop: Arc<ScreenPop>,
    line: Line,
    sight: Sight,
    shown: BTreeMap<ContactId, Shown>,
}

/// Of one contact.
struct Shown {
    sought: Sought,
    reading: AbortHandle,
}

#[derive(Clone, PartialEq)]
struct Sought {
    address: Option<String>,
    customer: Option<CustomerId>,
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl LeadsShown {
    pub fn new(sessions: &Sessions, line: Line) -> LeadsShown {
        let (pop, sight) = (Arc::clone(&sessions.screen_pop), sessions.settings.sights.agent.clone());
        LeadsShown { pop, line, sight, shown: BTreeMap::new() }
    }

    /// Before the console hears it.
    pub fn follow(&mut self, message: &AgentHears) {
        match message {
            AgentHears::ContactOffered(offered) => self.offered(&offered.contact),
            AgentHears::ContactUpdated(updated) => {
                let Some(attributes) = updated.attributes.as_ref() else { return };
                let Ok(contact) = self.line.ids.contact(&updated.contact) else { return };
                let before = self.shown.get(&contact).map(|shown| shown.sought.clone());
                let Some(Sought { address, .. }) = before else { return };
                self.seek(&updated.contact, Sought { address, customer: customer_in(attributes) });
            }
            AgentHears::ContactTakenOver(taken) => self.in_hand(&taken.segment),
            AgentHears::SegmentClosed(closed) => {
                if let Ok(contact) = self.line.ids.contact(&closed.contact) {
                    self.shown.remove(&contact);
                }
            }
            AgentHears::OfferEnded(ended) if ended.outcome != wire::OfferEnd::Accepted => {
                if let Ok(contact) = self.line.ids.contact(&ended.contact) {
                    self.shown.remove(&contact);
                }
            }
            AgentHears::OfferEnded(_)
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
            | AgentHears::WorkChanged(_) => {}
        }
    }

    /// A console that opens is brought the leads behind all that it has.
    pub fn follow_snapshot(&mut self, snapshot: &wire::AgentSnapshot) {
        self.shown.clear();
        snapshot.offers.iter().for_each(|offer| self.offered(&offer.contact));
        snapshot.segments.iter().for_each(|segment| self.in_hand(segment));
    }

    fn offered(&mut self, contact: &wire::OfferedContact) {
        let own = match contact.direction {
            wire::Direction::Inbound => contact.from.as_ref(),
            // A lead and a callback say in `from` whom they call.
            wire::Direction::Outbound => contact.to.as_ref().or(contact.from.as_ref()),
            wire::Direction::Internal => None,
        };
        let address = own.map(|own| own.as_str().to_owned());
        self.seek(&contact.id, Sought { address, customer: customer_in(&contact.attributes) });
    }

    fn in_hand(&mut self, segment: &wire::SegmentInHand) {
        let address = segment.from.as_ref().map(|from| from.as_str().to_owned());
        self.seek(&segment.contact, Sought { address, customer: customer_in(&segment.attributes) });
    }

    fn seek(&mut self, contact: &wire::ContactId, sought: Sought) {
        let Ok(number) = self.line.ids.contact(contact) else { return };
        let is_sought = self.shown.get(&number).is_some_and(|shown| shown.sought == sought);
        let is_full = self.shown.len() >= SHOWN_MAX && !self.shown.contains_key(&number);
        if is_sought || is_full || (sought.address.is_none() && sought.customer.is_none()) {
            return;
        }
        let reading = tokio::spawn(bring(
            Arc::clone(&self.pop),
            self.line.clone(),
            self.sight.clone(),
            contact.clone(),
            sought.clone(),
        ));
        self.shown.insert(number, Shown { sought, reading: reading.abort_handle() });
    }
}

async fn bring(pop: Arc<ScreenPop>, line: Line, sight: Sight, contact: wire::ContactId, sought: Sought) {
    for _ in 0..TRIES_MAX {
        match timeout(READ_WITHIN, pop.leads(sought.address.as_deref(), sought.customer)).await {
            Ok(Ok(leads)) if leads.is_empty() => return,
            Ok(Ok(leads)) => {
                let leads = leads.iter().map(|lead| known_lead(&lead.seen_with(&sight))).collect();
                let updated = wire::ContactUpdated {
                    contact,
                    attributes: None,
                    card: None,
                    card_unavailable: false,
                    leads: Some(leads),
                };
                // A full or closed session is told so by its own task.
                let _ = line.outgoing.try_send(Outgoing::Card(Box::new(updated)));
                return;
            }
            Ok(Err(_)) | Err(_) => sleep(TRY_AGAIN_AFTER).await,
        }
    }
}

fn customer_in(attributes: &wire::Attributes) -> Option<CustomerId> {
    let attributes = attributes.values().iter().map(|(name, value)| (name.clone(), value.clone()));
    customer_of(&Attributes(attributes.collect()))
}
