//! Which orders a gateway gets when contacts leave their queue. It reads no journal.

use std::collections::BTreeMap;

use super::*;
use crate::reporting::live_board::Board;
use crate::routing::command::{Action, CallFailure, CallProgress, Presence, PresenceWhen};
use crate::routing::ids::{Endpoint, OfferId, QueueId};
use crate::routing::personal::Address;
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{
    AgentRules, EntryRule, ExitKey, ExitRules, FirstCalled, Phone, PhoneMode, QueueRules, RuleSet,
};

const T: Timestamp = Timestamp(1_000_000);

struct Bench {
    router: ContactRouter,
    board: Board,
    /// The number of the last event of the exit that was taken.
    exit: EventNo,
}

impl Bench {
    /// One caller waits in a queue with an exit on 1, 2 and 3; its only agent makes a pause.
    fn new() -> Bench {
        let key = |key: char| ExitKey::try_from(key).unwrap();
        let keys = BTreeMap::from([
            (key('1'), ExitAction::Voicemail { mailbox: Some(Arc::from("gold")) }),
            (key('2'), ExitAction::Announce { message: Arc::from("sorry") }),
            (key('3'), ExitAction::HangUp),
        ]);
        let gold = QueueId::new("gold").unwrap();
        let queue = QueueRules { exits: ExitRules { keys, ..ExitRules::default() }, ..QueueRules::default() };
        let entry = EntryRule {
            name: Arc::from("all"),
            when: None,
            queue: gold.clone(),
            agent: None,
            skills: Default::default(),
            priority: 0,
        };
        let ana = AgentId::new("ana").unwrap();
        let rules = RuleSet {
            entry: vec![entry],
            queues: [(gold, Arc::new(queue))].into(),
            agents: [(ana.clone(), Arc::new(AgentRules::default()))].into(),
            ..RuleSet::default()
        };
        let mut bench = Bench { router: ContactRouter::new(), board: Board::new(), exit: EventNo::ZERO };
        bench.orders(Action::ReplaceRules { rules: Arc::new(rules) }, T);
        bench.orders(Action::OpenConsole { agent: ana.clone() }, T);
        let presence = Presence::NotReady { reason: Arc::from("pause") };
        bench.orders(Action::SetPresence { agent: ana, presence, when: PresenceWhen::Now }, T);
        let arrived = Action::ContactArrived {
            gateway: gateway(),
            reference: reference(),
            channel: Channel::Voice,
            direction: Default::default(),
            from: None,
            to: None,
            attributes: Default::default(),
            event: 1,
        };
        assert_eq!(bench.orders(arrived, T), []);
        bench
    }

    fn orders(&mut self, action: Action, now: Timestamp) -> Vec<Order> {
        let events = self.router.handle(action.into(), now).unwrap();
        self.orders_of(&events, now)
    }

    fn orders_at(&mut self, now: Timestamp) -> Vec<Order> {
        let events = self.router.advance_to(now);
        self.orders_of(&events, now)
    }

    fn orders_of(&mut self, events: &[Event], now: Timestamp) -> Vec<Order> {
        events.iter().for_each(|event| self.board.evolve(event));
        let first = self.router.event_no().0 + 1 - events.len() as u64;
        let view = View { router: &self.router, board: &self.board, now };
        let mut told = Vec::new();
        for (no, event) in (first..).map(EventNo).zip(events) {
            if matches!(event.fact, Fact::ExitTaken { .. }) {
                self.exit = no;
            }
            deliveries(view, no, event, &mut told);
        }
        let order = |delivery| match delivery {
            Delivery::ToGateway { gateway: to, order } => (to == gateway()).then_some(order),
            Delivery::ToAgent { .. } => None,
        };
        told.into_iter().filter_map(order).collect()
    }

    fn board_follows(&mut self, events: &[Event]) {
        events.iter().for_each(|event| self.board.evolve(event));
    }

    fn press(&mut self, key: char) -> Vec<Order> {
        let key = ExitKey::try_from(key).unwrap();
        let pressed = Action::ExitKeyPressed { gateway: gateway(), reference: reference(), key, event: 2 };
        self.orders(pressed, T + Millis::seconds(5))
    }
}

fn gateway() -> GatewayId {
    GatewayId::new("pbx").unwrap()
}

fn reference() -> ContactRef {
    ContactRef::new("a").unwrap()
}

fn kinds(orders: &[Order]) -> Vec<&OrderKind> {
    orders.iter().map(|order| &order.kind).collect()
}

#[test]
fn voicemail_is_ordered_by_its_exits_number_and_stopped_when_it_does_not_begin() {
    let mut bench = Bench::new();
    let orders = bench.press('1');
    assert_eq!(kinds(&orders), [&OrderKind::Voicemail { mailbox: Some(Arc::from("gold")) }]);
    let until = T + Millis::seconds(25);
    assert_eq!((orders[0].order, orders[0].not_after, &orders[0].reference), (bench.exit, until, &reference()));
    assert_eq!(bench.orders_at(until - Millis(1)), []);
    assert_eq!(kinds(&bench.orders_at(until)), [&OrderKind::StopPlay]);

    let mut bench = Bench::new();
    let order = bench.press('1')[0].order;
    assert_eq!(bench.orders(Action::OrderDone { gateway: gateway(), order, event: 3 }, until - Millis(1)), []);
    assert_eq!(bench.orders_at(until + Millis::minutes(60)), [], "he may speak as long as he likes");
}

#[test]
fn a_gateway_that_says_that_it_cannot_is_not_told_to_stop() {
    let mut bench = Bench::new();
    let order = bench.press('1')[0].order;
    let failed = Action::OrderFailed { gateway: gateway(), order, why: LegFailure::Failed, event: 3 };
    assert_eq!(bench.orders(failed, T + Millis::seconds(6)), []);
}

#[test]
fn who_has_heard_the_message_is_hung_up_and_so_is_who_is_sent_home() {
    let mut bench = Bench::new();
    let orders = bench.press('2');
    assert_eq!(kinds(&orders), [&OrderKind::Play { message: Arc::from("sorry") }]);
    assert_eq!((orders[0].order, orders[0].not_after), (bench.exit, T + Millis::seconds(65)));
    let done = Action::OrderDone { gateway: gateway(), order: orders[0].order, event: 3 };
    assert_eq!(kinds(&bench.orders(done, T + Millis::seconds(12))), [&OrderKind::End]);

    let mut silent = Bench::new();
    silent.press('2');
    assert_eq!(kinds(&silent.orders_at(T + Millis::seconds(65))), [&OrderKind::End], "nobody hears it for ever");

    let mut home = Bench::new();
    assert_eq!(kinds(&home.press('3')), [&OrderKind::End]);
}

/// One agent with such a phone is there; a caller has come to a queue that calls back.
struct Phones {
    bench: Bench,
    news: Vec<AgentNews>,
}

impl Phones {
    fn new(mode: PhoneMode) -> Phones {
        let mut bench = Bench::new();
        let mut rules = (*bench.router.state().rules).clone();
        let phone = Phone { mode, endpoint: Some(Endpoint::new("SIP/1").unwrap()) };
        rules.agents.insert(ana(), Arc::new(AgentRules { phone, ..AgentRules::default() }));
        rules.site.interrupts.insert(Channel::Voice, vec![Channel::Email]);
        let mut queue = (*rules.queues[&gold()]).clone();
        queue.exits.keys.insert(ExitKey::try_from('4').unwrap(), ExitAction::Callback);
        rules.queues.insert(gold(), Arc::new(queue));
        bench.orders(Action::ReplaceRules { rules: Arc::new(rules) }, T);
        bench.orders(
            Action::ContactEnded { gateway: gateway(), reference: reference(), by: EndedBy::Customer, event: 2 },
            T,
        );
        Phones { bench, news: Vec::new() }
    }

    fn go(&mut self, action: Action, seconds: i64) -> Vec<Order> {
        let now = T + Millis::seconds(seconds);
        let events = self.bench.router.handle(action.into(), now).unwrap();
        self.bench.board_follows(&events);
        let first = self.bench.router.event_no().0 + 1 - events.len() as u64;
        let view = View { router: &self.bench.router, board: &self.bench.board, now };
        let mut told = Vec::new();
        for (no, event) in (first..).map(EventNo).zip(&events) {
            deliveries(view, no, event, &mut told);
        }
        let mut orders = Vec::new();
        for delivery in told {
            match delivery {
                Delivery::ToGateway { order, .. } => orders.push(order),
                Delivery::ToAgent { news, .. } => self.news.push(news),
            }
        }
        orders
    }

    fn available(&mut self, seconds: i64) -> Vec<Order> {
        let set = Action::SetPresence { agent: ana(), presence: Presence::Available, when: PresenceWhen::Now };
        self.go(set, seconds)
    }

    fn arrive(&mut self, name: &str, channel: Channel, seconds: i64) -> Vec<Order> {
        let arrived = Action::ContactArrived {
            gateway: gateway(),
            reference: ContactRef::new(name).unwrap(),
            channel,
            direction: Default::default(),
            from: Some(Address("+33612345678".into())),
            to: None,
            attributes: Default::default(),
            event: 0,
        };
        self.go(arrived, seconds)
    }

    fn offered(&self) -> (OfferId, bool) {
        let shown = self.news.iter().rev().find_map(|news| match news {
            AgentNews::Offered(offer) => Some((offer.offer, offer.rings)),
            _ => None,
        });
        shown.expect("an offer was shown")
    }

    fn accept(&mut self, seconds: i64) -> Vec<Order> {
        let (offer, _) = self.offered();
        self.go(Action::AcceptOffer { agent: ana(), offer }, seconds)
    }

    fn connected(&mut self, name: &str, order: EventNo, seconds: i64) -> Vec<Order> {
        let reference = ContactRef::new(name).unwrap();
        self.go(Action::ContactConnected { gateway: gateway(), reference, order: Some(order), event: 0 }, seconds)
    }

    /// The caller asks to be called, and the agent accepts.
    fn placed(&mut self) -> Order {
        self.arrive("b", Channel::Voice, 1);
        let key = ExitKey::try_from('4').unwrap();
        let pressed =
            Action::ExitKeyPressed { gateway: gateway(), reference: ContactRef::new("b").unwrap(), key, event: 0 };
        assert_eq!(kinds(&self.go(pressed, 2)), [&OrderKind::End], "he hangs up; nobody is called yet");
        assert_eq!(self.available(3), []);
        let orders = self.accept(4);
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders[0].clone()
    }
}

fn ana() -> AgentId {
    AgentId::new("ana").unwrap()
}

fn gold() -> QueueId {
    QueueId::new("gold").unwrap()
}

fn endpoint() -> Endpoint {
    Endpoint::new("SIP/1").unwrap()
}

#[test]
fn a_phone_that_rings_with_its_offer_is_ordered_once_and_stopped_when_the_offer_ends() {
    let mut phones = Phones::new(PhoneMode::Phone);
    phones.available(1);
    let orders = phones.arrive("b", Channel::Voice, 2);
    let connect = OrderKind::Connect { agent: ana(), endpoint: endpoint() };
    assert_eq!(kinds(&orders), [&connect]);
    assert_eq!(orders[0].not_after, T + Millis::seconds(17), "as long as the offer is open");
    let (offer, rings) = phones.offered();
    assert!(rings);
    assert_eq!(phones.connected("b", orders[0].order, 4), [], "it is connected: nothing is left to order");

    let mut phones = Phones::new(PhoneMode::Phone);
    phones.available(1);
    phones.arrive("b", Channel::Voice, 2);
    let (declined, _) = phones.offered();
    assert!(offer.0 > 0);
    let declined = Action::DeclineOffer { agent: ana(), offer: declined, reason: None };
    assert_eq!(kinds(&phones.go(declined, 3)), [&OrderKind::RemoveParty { agent: ana(), endpoint: endpoint() }]);

    let mut phones = Phones::new(PhoneMode::Phone);
    phones.available(1);
    let order = phones.arrive("b", Channel::Voice, 2)[0].order;
    let failed = Action::OrderFailed { gateway: gateway(), order, why: LegFailure::Unregistered, event: 0 };
    assert_eq!(phones.go(failed, 3), [], "the gateway knows that it does not ring");
    let ended = phones
        .news
        .iter()
        .any(|news| matches!(news, AgentNews::OfferEnded { outcome: OfferOutcome::LegFailed { .. }, .. }));
    assert!(ended, "{:?}", phones.news);
}

#[test]
fn an_offer_on_the_console_orders_nothing_when_it_ends() {
    let mut phones = Phones::new(PhoneMode::Console);
    phones.available(1);
    assert_eq!(phones.arrive("b", Channel::Voice, 2), []);
    let (offer, rings) = phones.offered();
    assert!(!rings);
    assert_eq!(phones.go(Action::DeclineOffer { agent: ana(), offer, reason: None }, 3), []);
}

#[test]
fn a_callback_is_placed_with_its_number_and_given_up_with_its_agent() {
    let mut phones = Phones::new(PhoneMode::Phone);
    let placed = phones.placed();
    let (_, rings) = phones.offered();
    assert!(!rings, "nobody is on the line yet");
    let kind = OrderKind::PlaceCall {
        to: Address("+33612345678".into()),
        agent: ana(),
        endpoint: endpoint(),
        first: FirstCalled::Agent,
        ring_for: Millis::seconds(30),
    };
    assert_eq!((&placed.kind, placed.not_after), (&kind, T + Millis::seconds(24)), "then it can still ring for 30 s");
    assert!(placed.reference.as_str().starts_with("callback-"), "{}", placed.reference);
    let failed = Action::OrderFailed { gateway: gateway(), order: placed.order, why: LegFailure::NoAnswer, event: 0 };
    assert_eq!(kinds(&phones.go(failed, 6)), [&OrderKind::CancelCall { of: placed.order }]);
}

#[test]
fn an_agent_whose_customer_was_not_reached_is_told_so_and_one_who_was_is_connected() {
    let mut phones = Phones::new(PhoneMode::Console);
    let placed = phones.placed();
    let progress = |progress| Action::CallProgress { gateway: gateway(), order: placed.order, progress, event: 0 };
    assert_eq!(phones.go(progress(CallProgress::Ringing), 5), []);
    assert_eq!(phones.go(progress(CallProgress::Failed { why: CallFailure::Busy }), 6), []);
    let told = phones.news.iter().any(|news| {
        let why = NotConnected::Customer(CallFailure::Busy);
        matches!(news, AgentNews::SegmentClosed { connected: false, failure: Some(failure), .. } if *failure == why)
    });
    assert!(told, "{:?}", phones.news);
    assert_eq!(phones.bench.board.queue(&gold()).unwrap().connecting, 0);

    let mut phones = Phones::new(PhoneMode::Console);
    let placed = phones.placed();
    let answered =
        Action::CallProgress { gateway: gateway(), order: placed.order, progress: CallProgress::Answered, event: 0 };
    phones.go(answered, 6);
    let failed = Action::OrderFailed { gateway: gateway(), order: placed.order, why: LegFailure::Failed, event: 0 };
    assert_eq!(phones.go(failed, 7), [], "the customer is on the line: the call is kept");
}

#[test]
fn what_is_set_aside_and_laid_down_is_told() {
    let mut phones = Phones::new(PhoneMode::Console);
    phones.available(1);
    phones.arrive("mail", Channel::Email, 2);
    let order = phones.accept(3)[0].order;
    phones.connected("mail", order, 3);
    for other in 0..4 {
        // Five mails fill him.
        phones.arrive(&format!("mail-{other}"), Channel::Email, 4);
        let order = phones.accept(4)[0].order;
        phones.connected(&format!("mail-{other}"), order, 4);
    }
    let is_routable = |phones: &Phones| {
        let view = View { router: &phones.bench.router, board: &phones.bench.board, now: T };
        let shown = agent_view(view, &ana()).unwrap();
        shown.channels.iter().any(|channel| channel.channel == Channel::Voice && channel.routable)
    };
    assert!(is_routable(&phones), "a call interrupts mails");
    phones.arrive("call", Channel::Voice, 5);
    let order = phones.accept(6)[0].order;
    let aside = phones.news.iter().filter(|news| matches!(news, AgentNews::SetAside { .. })).count();
    assert_eq!(aside, 5);
    phones.connected("call", order, 7);
    let ended = Action::ContactEnded {
        gateway: gateway(),
        reference: ContactRef::new("call").unwrap(),
        by: EndedBy::Customer,
        event: 0,
    };
    phones.go(ended, 9);
    assert_eq!(phones.news.iter().filter(|news| matches!(news, AgentNews::TakenUp { .. })).count(), 5);
    let contact = phones.bench.router.state().contacts.iter().map(|(id, _)| *id).min().unwrap();
    let until = Some(T + Millis::minutes(9));
    let orders = phones.go(Action::SuspendContact { agent: ana(), contact, until }, 10);
    assert_eq!(kinds(&orders), [&OrderKind::Suspend]);
    assert!(phones.news.iter().any(|news| matches!(news, AgentNews::Suspended { until: told, .. } if *told == until)));
}
