//! Where a contact stands in its queue, for the gateway that carries it: as it came, and whenever the gateway asks. It
//! moves nobody.

use super::from_protocol::WireIds;
use super::requests::{GatewayDesk, Told};
use super::to_protocol;
use crate::protocol as wire;
use crate::protocol::{ErrorKind, RequestId, answer_text};
use crate::router_handle::View;
use crate::router_handle::views::{estimated_wait, last_queue};
use crate::routing::gateway::Reference;
use crate::routing::ids::{ContactId, ContactRef, GatewayId, QueueId};

impl GatewayDesk {
    /// What the gateway wants to know.
    pub(super) async fn answer(&self, id: &RequestId, ask: &wire::GatewayAsk) {
        match ask {
            wire::GatewayAsk::Place(asked) => {
                let answer = self.line.answer(Some(id.clone()), self.place(id, &asked.r#ref));
                self.line.source.ask(answer).await;
            }
        }
    }

    /// As a contact stands that came just now, with the wait that the journal says of it.
    pub(super) fn queued(&self, id: &RequestId, told: &wire::Ref) -> Told {
        self.stands(id, told, |view, stands| {
            let visit = view.router.state().contacts[&stands.contact].visit.as_ref();
            visit.and_then(|visit| visit.estimate).map(to_protocol::estimated_wait)
        })
    }

    /// As it stands now, with the wait of whoever stands there now.
    fn place(&self, id: &RequestId, told: &wire::Ref) -> Told {
        self.stands(id, told, |view, stands| {
            let ahead = stands.place?.saturating_sub(1);
            estimated_wait(view, &stands.queue, ahead).map(to_protocol::estimated_wait)
        })
    }

    fn stands(
        &self,
        id: &RequestId,
        told: &wire::Ref,
        estimate: impl FnOnce(View<'_>, &Stands) -> Option<wire::EstimatedWait> + Send + 'static,
    ) -> Told {
        let (id, ids, gateway, told) = (id.clone(), self.line.ids.clone(), self.gateway.clone(), told.clone());
        Box::new(move |view| {
            let view = view.map_err(|rejection| to_protocol::error(&ids, rejection))?;
            let stands = stands(view, &ids, &gateway, told)?;
            let queued = wire::ContactQueued {
                contact: ids.contact_text(stands.contact),
                queue: to_protocol::queue_name(&stands.queue),
                place: stands.place.map(|place| place as u64),
                estimated_wait: estimate(view, &stands),
            };
            Ok(answer_text(&id, &queued))
        })
    }
}

struct Stands {
    contact: ContactId,
    queue: QueueId,
    /// None: it no longer waits, or cannot be offered at the moment.
    place: Option<usize>,
}

fn stands(view: View<'_>, ids: &WireIds, gateway: &GatewayId, told: wire::Ref) -> Result<Stands, ErrorKind> {
    let ended =
        |contact: Option<ContactId>| ErrorKind::ContactEnded { contact: contact.map(|id| ids.contact_text(id)) };
    let reference = ContactRef::new(told.as_str()).ok();
    let contact = match reference.and_then(|reference| view.router.reference(gateway, &reference, view.now)) {
        Some(Reference::Live(contact)) => contact,
        Some(Reference::Ended { contact, .. }) => return Err(ended(Some(contact))),
        Some(Reference::Foreseen { .. }) => return Err(ended(None)),
        None => return Err(ErrorKind::UnknownRef { r#ref: told }),
    };
    let state = view.router.state();
    let queue = last_queue(state, &state.contacts[&contact]).ok_or_else(|| ended(Some(contact)))?;
    Ok(Stands { contact, queue, place: view.router.place(contact) })
}
