//! Which orders a gateway gets when contacts leave their queue. It reads no journal.

use std::collections::BTreeMap;

use super::*;
use crate::reporting::live_board::Board;
use crate::routing::command::{Action, Presence, PresenceWhen};
use crate::routing::ids::QueueId;
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{AgentRules, Channel, EntryRule, ExitKey, ExitRules, QueueRules, RuleSet};

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
