//! Finds the live session of an agent or a gateway. Holds no guard across an await: only clones,
//! inserts and removals.

use std::hash::Hash;
use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::opening::Caller;
use super::session::{Attach, Control, Outgoing};
use crate::access::Revoked;
use crate::customers::message::{Message, MessagePlace};
use crate::messages::{Tells, Underway};
use crate::protocol::Notice;
use crate::router_handle::{Delivery, Listener, MessageOrder};
use crate::routing::ids::{AgentId, GatewayId, PersonId};

/// One session among all of this process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SessionNo(pub u64);

/// How to reach one session.
#[derive(Clone, Debug)]
pub struct Entry {
    pub session: SessionNo,
    pub outgoing: mpsc::Sender<Outgoing>,
    pub control: mpsc::Sender<Control>,
}

struct Table<Key: Eq + Hash>(DashMap<Key, Entry>);

impl<Key: Eq + Hash> Default for Table<Key> {
    fn default() -> Self {
        Table(DashMap::new())
    }
}

impl<Key: Eq + Hash> Table<Key> {
    fn get_cloned(&self, key: &Key) -> Option<Entry> {
        self.0.get(key).map(|entry| entry.clone())
    }

    fn insert(&self, key: Key, entry: Entry) -> Option<Entry> {
        self.0.insert(key, entry)
    }

    fn remove(&self, key: &Key, session: SessionNo) -> bool {
        self.0.remove_if(key, |_, entry| entry.session == session).is_some()
    }
}

/// Who opened a session and how to end it.
struct Seat {
    caller: Caller,
    control: mpsc::Sender<Control>,
}

impl Seat {
    fn is_meant_by(&self, revoked: &Revoked) -> bool {
        match (revoked, &self.caller) {
            (Revoked::User(user), Caller::Person(person)) => person.user == *user,
            (Revoked::LogIn(log_in), Caller::Person(person)) => person.log_in == *log_in,
            (Revoked::Gateway(gateway), Caller::Gateway(holder)) => holder.gateway == *gateway,
            (Revoked::User(_) | Revoked::LogIn(_), Caller::Gateway(_))
            | (Revoked::Gateway(_), Caller::Person(_))
            | (Revoked::User(_) | Revoked::LogIn(_) | Revoked::Gateway(_), Caller::Within(_)) => false,
        }
    }
}

/// A session that waits for its client to come back.
struct Resumable {
    of: PersonId,
    attach: mpsc::Sender<Attach>,
}

/// Who is connected, and which sessions wait for their client to come back.
#[derive(Default)]
pub struct Registry {
    /// Where the texts are of messages that are told of.
    underway: Arc<Underway>,
    agents: Table<AgentId>,
    gateways: Table<GatewayId>,
    /// Every session there is.
    seats: DashMap<SessionNo, Seat>,
    /// By resume token.
    resumable: DashMap<String, Resumable>,
}

impl Registry {
    #[must_use]
    pub fn underway(&self) -> Arc<Underway> {
        Arc::clone(&self.underway)
    }

    /// Enters the agent's session; the one before it is told that it was taken over.
    pub fn enter_agent(&self, agent: AgentId, entry: Entry) {
        let session = entry.session;
        take_over(self.agents.insert(agent, entry), session);
    }

    pub fn enter_gateway(&self, gateway: GatewayId, entry: Entry) {
        let session = entry.session;
        take_over(self.gateways.insert(gateway, entry), session);
    }

    /// False: another session had already taken over.
    pub fn leave_agent(&self, agent: &AgentId, session: SessionNo) -> bool {
        self.agents.remove(agent, session)
    }

    pub fn leave_gateway(&self, gateway: &GatewayId, session: SessionNo) -> bool {
        self.gateways.remove(gateway, session)
    }

    /// From now on the session hears when its caller must leave.
    pub(super) fn seat(&self, session: SessionNo, caller: Caller, control: mpsc::Sender<Control>) {
        self.seats.insert(session, Seat { caller, control });
    }

    pub(super) fn unseat(&self, session: SessionNo) {
        self.seats.remove(&session);
    }

    pub(super) fn cut(&self, revoked: &Revoked) {
        for seat in self.seats.iter().filter(|seat| seat.is_meant_by(revoked)) {
            // A full inbox holds what ends the session, or lets it ask for itself.
            let _ = seat.control.try_send(Control::Cut);
        }
    }

    pub(super) fn let_all_ask(&self) {
        for seat in &self.seats {
            let _ = seat.control.try_send(Control::Ask);
        }
    }

    pub(super) fn keep_resumable(&self, token: String, of: PersonId, attach: mpsc::Sender<Attach>) {
        self.resumable.insert(token, Resumable { of, attach });
    }

    /// The session of this token, for whoever opened it.
    pub(super) fn resumable(&self, token: &str, person: &PersonId) -> Option<mpsc::Sender<Attach>> {
        self.resumable.get(token).filter(|waiting| waiting.of == *person).map(|waiting| waiting.attach.clone())
    }

    pub(super) fn forget(&self, token: &str) {
        self.resumable.remove(token);
    }
}

/// A session that begins anew, as it missed too much, is not its own successor.
fn take_over(before: Option<Entry>, session: SessionNo) {
    if let Some(before) = before.filter(|before| before.session != session) {
        // A full or closed inbox means that the session is going anyway.
        let _ = before.control.try_send(Control::TakenOver);
    }
}

impl Registry {
    /// In passing: whoever has too much to hear misses it.
    pub(super) fn mention_to_agent(&self, agent: &AgentId, text: Utf8Bytes) {
        mention(self.agents.get_cloned(agent), Outgoing::Text(text));
    }

    /// Whether the gateway has a session open that takes it.
    pub(super) fn mention_to_gateway(&self, gateway: &GatewayId, text: Utf8Bytes) -> bool {
        mention(self.gateways.get_cloned(gateway), Outgoing::Text(text))
    }

    /// Whether the agent has a console open that takes it.
    pub(super) fn notify(&self, agent: &AgentId, notice: &Notice) -> bool {
        mention(self.agents.get_cloned(agent), Outgoing::Notice(Box::new(notice.clone())))
    }
}

fn mention(entry: Option<Entry>, outgoing: Outgoing) -> bool {
    entry.is_some_and(|entry| entry.outgoing.try_send(outgoing).is_ok())
}

fn tell(entry: Option<Entry>, outgoing: Outgoing) {
    let Some(entry) = entry else { return };
    match entry.outgoing.try_send(outgoing) {
        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
        Err(mpsc::error::TrySendError::Full(_)) => {
            let _ = entry.control.try_send(Control::TooSlow);
        }
    }
}

impl Listener for Registry {
    fn hear(&self, delivery: Delivery) {
        match delivery {
            Delivery::ToAgent { agent, at, news } => {
                tell(self.agents.get_cloned(&agent), Outgoing::News { at, news: Box::new(news) });
            }
            Delivery::ListChanged { agent } => tell(self.agents.get_cloned(&agent), Outgoing::ListChanged),
            Delivery::ToGateway { gateway, order } => tell(self.gateways.get_cloned(&gateway), Outgoing::Order(order)),
            Delivery::LegToGateway { gateway, order } => {
                tell(self.gateways.get_cloned(&gateway), Outgoing::LegOrder(order));
            }
            Delivery::MessageToAgent { agent, contact, no } => {
                if let Some(message) = self.underway.message(MessagePlace { contact, no }) {
                    tell(self.agents.get_cloned(&agent), Outgoing::Message(message));
                }
            }
            Delivery::MessageToGateway { gateway, order } => {
                let place = MessagePlace { contact: order.contact, no: order.no };
                if let Some(message) = self.underway.ordered(place, order.order) {
                    self.order(&gateway, order, message);
                }
            }
        }
    }
}

impl Tells for Registry {
    fn order(&self, gateway: &GatewayId, order: MessageOrder, message: Arc<Message>) {
        tell(self.gateways.get_cloned(gateway), Outgoing::MessageOrder { order, message });
    }

    fn status(&self, agent: &AgentId, message: Arc<Message>) {
        tell(self.agents.get_cloned(agent), Outgoing::MessageStatus(message));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use secrecy::ExposeSecret;

    use super::*;
    use crate::access::tests::open_for_tests;
    use crate::access::{LogInId, Person};
    use crate::routing::time::Timestamp;

    fn person(name: &str) -> Person {
        Person {
            user: PersonId::new(name).unwrap(),
            roles: "agent".parse().unwrap(),
            agent: Some(AgentId::new(name).unwrap()),
            log_in: LogInId(uuid::Uuid::now_v7()),
            expires_at: Timestamp(0),
        }
    }

    #[tokio::test]
    async fn who_must_leave_is_told_and_nobody_else() {
        let folder = tempfile::tempdir().unwrap();
        let access = open_for_tests(folder.path(), Arc::new(AtomicI64::new(0))).await;
        let gateway = GatewayId::new("gw").unwrap();
        let key = access.add_gateway_key(gateway.clone()).await.unwrap().key;
        let holder = access.check_gateway_key(key.expose_secret()).await.unwrap().unwrap();
        let (ana, ana_elsewhere, ben) = (person("ana"), person("ana"), person("ben"));
        let registry = Registry::default();
        let callers = [&ana, &ana_elsewhere, &ben].map(|person| Caller::Person(person.clone()));
        let callers = callers.into_iter().chain([Caller::Gateway(holder)]);
        let mut seats: Vec<_> = (0..)
            .zip(callers)
            .map(|(no, caller)| {
                let (control, heard) = mpsc::channel(8);
                registry.seat(SessionNo(no), caller, control);
                heard
            })
            .collect();
        let mut told = |revoked: &Revoked| -> Vec<bool> {
            registry.cut(revoked);
            seats.iter_mut().map(|seat| matches!(seat.try_recv(), Ok(Control::Cut))).collect()
        };
        assert_eq!(told(&Revoked::User(ana.user.clone())), [true, true, false, false]);
        assert_eq!(told(&Revoked::LogIn(ana.log_in)), [true, false, false, false]);
        assert_eq!(told(&Revoked::Gateway(gateway)), [false, false, false, true]);
        registry.let_all_ask();
        assert!(seats.iter_mut().all(|seat| matches!(seat.try_recv(), Ok(Control::Ask))));
    }

    #[test]
    fn a_session_is_resumed_by_whoever_opened_it() {
        let registry = Registry::default();
        let (ana, ben) = (person("ana").user, person("ben").user);
        registry.keep_resumable("token".to_owned(), ana.clone(), mpsc::channel(1).0);
        assert!(registry.resumable("token", &ana).is_some());
        assert!(registry.resumable("token", &ben).is_none());
        assert!(registry.resumable("other", &ana).is_none());
    }
}
