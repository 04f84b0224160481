//! What a gateway says, in its order, held back for a moment while a new contact's customer is looked up. Knows no
//! socket; what is not known in time is told later.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::requests::{GatewayDesk, Line};
use crate::counters::{LookUpOutcome, customer_looked_up};
use crate::protocol as wire;
use crate::protocol::RequestId;
use crate::router_handle::Answer as RouterAnswer;
use crate::routing::command::Action;
use crate::routing::entry::attributes_of;
use crate::routing::gateway::Reference;
use crate::routing::ids::{ContactRef, GatewayId};
use crate::routing::personal::Attributes;
use crate::screen_pop::in_time::Answer;
use crate::screen_pop::known::{Known, Stance, customer_of};
use crate::screen_pop::sought::Caller;
use crate::screen_pop::{LookUp, ScreenPop};

/// Messages held back; the first of more goes on at once.
const HELD_MAX: usize = 4_096;
/// While its gateway is away, a contact is told so often of its customer, a second apart.
const TRIES_MAX: u32 = 60;
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// One thing that the gateway said.
pub enum Said {
    Tells { id: RequestId, tells: wire::GatewayTells },
    Asks { id: RequestId, ask: wire::GatewayAsk },
    Answered { id: RequestId, answer: Result<wire::OrderAnswer, ()> },
}

struct Held {
    said: Said,
    look_up: LookUp,
    /// The answer did not come in time.
    is_late: bool,
}

impl Held {
    fn is_ready(&self) -> bool {
        match &self.look_up {
            LookUp::Asked(_) => self.is_late,
            LookUp::Nothing | LookUp::Kept(_) | LookUp::Dropped => true,
        }
    }
}

pub struct Arrivals {
    pop: Arc<ScreenPop>,
    held: VecDeque<Held>,
}

impl Arrivals {
    pub fn new(pop: Arc<ScreenPop>) -> Arrivals {
        Arrivals { pop, held: VecDeque::new() }
    }

    /// Passes it on at once when nothing is to be waited for.
    pub async fn take(&mut self, desk: &mut GatewayDesk, said: Said) {
        let mut held = Held { look_up: self.look_up(&said), said, is_late: false };
        // A database that is known to be slow is not waited for.
        if let LookUp::Asked(answer) = &held.look_up {
            held.is_late = !answer.is_waited_for();
        }
        self.held.push_back(held);
        if self.held.len() > HELD_MAX {
            self.pass_on_first(desk).await;
        }
        self.pass_on_ready(desk).await;
    }

    /// Completes when the first of what is held can go on. Can be dropped and called again.
    pub async fn ready(&mut self) {
        let Some(first) = self.held.front_mut() else { return std::future::pending().await };
        if let LookUp::Asked(answer) = &mut first.look_up {
            match answer.in_time().await {
                Some(known) => {
                    customer_looked_up(LookUpOutcome::InTime);
                    first.look_up = LookUp::Kept(known);
                }
                None => first.is_late = true,
            }
        }
    }

    pub async fn pass_on_ready(&mut self, desk: &mut GatewayDesk) {
        while self.held.front().is_some_and(Held::is_ready) {
            self.pass_on_first(desk).await;
        }
    }

    /// Waits for nothing more.
    pub async fn pass_on_all(&mut self, desk: &mut GatewayDesk) {
        while !self.held.is_empty() {
            self.pass_on_first(desk).await;
        }
    }

    async fn pass_on_first(&mut self, desk: &mut GatewayDesk) {
        let Some(Held { said, look_up, .. }) = self.held.pop_front() else { return };
        let (id, tells) = match said {
            Said::Tells { id, tells } => (id, tells),
            Said::Asks { id, ask } => return desk.answer(&id, &ask).await,
            Said::Answered { id, answer } => return desk.order_answered(&id, answer).await,
        };
        let reference = arrived(&tells).and_then(|told| ContactRef::new(told.r#ref.as_str()).ok());
        let (stance, late) = match look_up {
            LookUp::Nothing => (None, None),
            LookUp::Kept(known) => (Some(Stance::Known(known)), None),
            LookUp::Asked(answer) => (Some(Stance::NotYet), Some(answer)),
            LookUp::Dropped => (Some(Stance::NotYet), None),
        };
        if let Some(Stance::Known(known)) = &stance
            && let Some(customer) = known.likeliest()
        {
            self.pop.read_card_ahead(customer);
        }
        let said_later = self.said_later(&tells);
        desk.handle(&id, tells, stance.as_ref()).await;
        if let Some((answer, reference)) = late.zip(reference) {
            customer_looked_up(LookUpOutcome::NotYet);
            tokio::spawn(self.late(desk, reference).tell(answer));
        }
        match said_later {
            Some((reference, LookUp::Kept(known))) => {
                tokio::spawn(self.late(desk, reference).tell_known(known));
            }
            Some((reference, LookUp::Asked(answer))) => {
                tokio::spawn(self.late(desk, reference).tell(answer));
            }
            Some((_, LookUp::Nothing | LookUp::Dropped)) | None => {}
        }
    }

    fn late(&self, desk: &GatewayDesk, reference: ContactRef) -> Late {
        Late { pop: Arc::clone(&self.pop), line: desk.line.clone(), gateway: desk.gateway.clone(), reference }
    }

    /// Digits that were typed, or an id that was found, after the contact came. Nobody waits for it.
    fn said_later(&self, tells: &wire::GatewayTells) -> Option<(ContactRef, LookUp)> {
        let wire::GatewayTells::ContactUpdated(told) = tells else { return None };
        let reference = ContactRef::new(told.r#ref.as_str()).ok()?;
        let attributes = super::from_protocol::attributes(&told.attributes);
        Some((reference, self.pop.look_up(Caller::later(&attributes))))
    }

    fn look_up(&self, said: &Said) -> LookUp {
        let Said::Tells { tells, .. } = said else { return LookUp::Nothing };
        let Some(told) = arrived(tells) else { return LookUp::Nothing };
        let attributes = super::from_protocol::attributes(&told.attributes);
        self.pop.look_up(Caller {
            channel: super::from_protocol::channel(told.channel),
            direction: super::from_protocol::direction(told.direction),
            from: told.from.as_ref().map(wire::Address::as_str),
            to: told.to.as_ref().map(wire::Address::as_str),
            attributes: &attributes,
        })
    }
}

fn arrived(tells: &wire::GatewayTells) -> Option<&wire::ContactArrived> {
    if let wire::GatewayTells::ContactArrived(told) = tells { Some(told) } else { None }
}

/// An answer that comes after its contact.
struct Late {
    pop: Arc<ScreenPop>,
    line: Line,
    gateway: GatewayId,
    reference: ContactRef,
}

/// How the contact is when its customer becomes known.
enum ContactNow {
    /// Over, or known meanwhile.
    Settled,
    GatewayAway,
    Lives(Attributes),
}

impl Late {
    async fn tell(self, answer: Answer<Arc<Known>>) {
        let Some(known) = answer.late().await else { return customer_looked_up(LookUpOutcome::GivenUp) };
        customer_looked_up(LookUpOutcome::Late);
        self.tell_known(known).await;
    }

    /// Unless the contact is over, or its customer known meanwhile.
    async fn tell_known(self, known: Arc<Known>) {
        let Some(customer) = known.likeliest() else { return };
        self.pop.read_card_ahead(customer);
        for _ in 0..TRIES_MAX {
            match self.contact_now().await {
                ContactNow::Settled => return,
                ContactNow::GatewayAway => tokio::time::sleep(TRY_AGAIN_AFTER).await,
                ContactNow::Lives(attributes) => {
                    let action = Action::ContactUpdated {
                        gateway: self.gateway,
                        reference: self.reference,
                        attributes: Attributes(known.over(&attributes)),
                        event: 0,
                    };
                    // Refused, it ended just now.
                    return self.line.source.tell(action.into(), Box::new(|_| Box::new(|| {}))).await;
                }
            }
        }
    }

    /// Asked behind the arrival itself. An update would count as a word of its gateway: none while that is away.
    async fn contact_now(&self) -> ContactNow {
        let (sender, answered) = oneshot::channel();
        let (gateway, reference) = (self.gateway.clone(), self.reference.clone());
        let question: RouterAnswer = Box::new(move |view| {
            let found = view.map_or(ContactNow::GatewayAway, |view| {
                let state = view.router.state();
                let known = view.router.reference(&gateway, &reference, view.now);
                let (Some(Reference::Live(contact)), Some(no)) = (known, state.gateway_no(&gateway)) else {
                    return ContactNow::Settled;
                };
                let attributes = attributes_of(&state.contacts[&contact]);
                if customer_of(&attributes).is_some() {
                    ContactNow::Settled
                } else if state.gateway(no).is_attached() {
                    ContactNow::Lives(attributes)
                } else {
                    ContactNow::GatewayAway
                }
            });
            Box::new(move || drop(sender.send(found)))
        });
        self.line.source.ask(question).await;
        answered.await.unwrap_or(ContactNow::Settled)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::sync::mpsc;

    use super::*;
    use crate::clock::Clock;
    use crate::messages::MessageDesk;
    use crate::protocol::{ClientMessage, Frame, Role};
    use crate::records::{Records, RecordsPlace};
    use crate::router_handle::{Inboxes, Work, inboxes};
    use crate::routing::time::Timestamp;
    use crate::screen_pop::Settings;
    use crate::sessions::from_protocol::WireIds;

    fn settings() -> Settings {
        Settings {
            home_region: None,
            external_id_attribute: "external_id".to_owned(),
            external_system: "crm".to_owned(),
            digits_attribute: "digits".to_owned(),
            look_up_within: Duration::from_millis(200),
            late_look_ups_max: 8,
            card_within: Duration::from_millis(300),
            cache_life: Duration::from_secs(60),
            fields: crate::customers::custom_fields::FieldDeclarations::default(),
        }
    }

    fn said(method: &str, mut params: Value) -> Said {
        params["event"] = json!(1);
        params["occurred_at"] = json!("2026-11-22T09:00:00.017Z");
        let text = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string();
        let Ok(Frame::Call { id: Some(id), method, params }) = Frame::parse(&text) else { panic!("{text}") };
        match ClientMessage::parse(&[Role::Gateway], Some(&id), &method, params) {
            Ok(ClientMessage::Gateway(tells)) => Said::Tells { id, tells },
            other => panic!("{other:?}"),
        }
    }

    fn call(reference: &str) -> Said {
        said("contact.arrived", json!({"ref": reference, "channel": "voice", "from": "+33612345678"}))
    }

    /// The actions that came, and for an arrival what it was told of the look-up.
    fn came(inboxes: &mut Inboxes) -> Vec<(&'static str, Value)> {
        let mut came = Vec::new();
        while let Some(work) = inboxes.urgent.try_recv().ok().or_else(|| inboxes.arrivals.try_recv().ok()) {
            let Work::Tell { command, .. } = work else { continue };
            came.push(match &command.action {
                Action::ContactArrived { attributes, .. } => {
                    ("arrived", attributes.get("customer_lookup").cloned().unwrap_or_default()["state"].clone())
                }
                Action::ContactAbandoned { .. } => ("abandoned", Value::Null),
                other => panic!("{other:?}"),
            });
        }
        came
    }

    #[tokio::test]
    async fn what_a_gateway_says_keeps_its_order_and_only_the_first_waits_for_a_database_that_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(&RecordsPlace::Sqlite(folder.path().join("usher.db"))).await.unwrap();
        records.close().await;
        let clock = Clock::starting_at(Timestamp(1_795_338_000_000), None, 1.0);
        let mut arrivals = Arrivals::new(ScreenPop::new(records, clock, settings()));
        let (handle, mut inboxes) = inboxes();
        let (outgoing, _answers) = mpsc::channel(64);
        let line = Line { ids: WireIds::of_site("paris"), source: handle.source(), outgoing, clock };
        let gateway = GatewayId::new("pbx").unwrap();
        let mut desk =
            GatewayDesk { line, gateway, messages: MessageDesk::closed(), inventory: Vec::new(), asked_again: false };

        arrivals.take(&mut desk, call("a")).await;
        arrivals.take(&mut desk, said("contact.abandoned", json!({"ref": "a"}))).await;
        assert_eq!(came(&mut inboxes), [], "held back together");
        arrivals.ready().await;
        arrivals.pass_on_ready(&mut desk).await;
        assert_eq!(came(&mut inboxes), [("arrived", json!("not_yet")), ("abandoned", Value::Null)]);

        for _ in 0..5 {
            arrivals.take(&mut desk, call("b")).await;
        }
        assert_eq!(came(&mut inboxes), vec![("arrived", json!("not_yet")); 5], "nobody waits any more");
        arrivals.take(&mut desk, said("contact.arrived", json!({"ref": "c", "channel": "voice"}))).await;
        assert_eq!(came(&mut inboxes), [("arrived", Value::Null)], "nothing to be looked up");
    }
}
