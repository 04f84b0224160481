//! The switch alone, moved by hand: orders, patience, inventories, and what a snapshot makes good.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::inventory::PAGE_CONTACTS_MAX;
use super::{Leg, Switch};
use crate::demo::callers::{KeyPress, PlannedCall};
use crate::demo::habits::Span;
use crate::demo::ledger::Ledger;
use crate::protocol::{
    Address, AgentLegOrder, AgentName, Attributes, CallCancelOrder, CallPlaceOrder, Channel, ConnectOrder,
    ConsultationOrder, ContactId, ContactOrder, Endpoint, ErrorKind, EventNumber, FirstCalled, GatewayConsultation,
    GatewayContact, GatewayOrder, GatewaySnapshot, GatewayTells, HungUpBy, InventorySend, Message, MessageId,
    MessageOrder, MessageText, Name, OrderAnswer, OrderId, PlayOrder, QueueName, Ref, RingingPhone, ShouldBe,
    TelephoneKey, Time, VoicemailOrder,
};

const T: i64 = 1_700_000_000_000;

struct Bench {
    switch: Switch,
    ledger: Ledger,
}

impl Bench {
    fn new() -> Bench {
        let ledger = Ledger::default();
        let switch = Switch::new(Span::seconds(1, 1), ChaCha8Rng::seed_from_u64(1), ledger.clone());
        Bench { switch, ledger }
    }

    /// A call that the server has acknowledged.
    fn with_call(name: &str) -> Bench {
        let mut bench = Bench::new();
        bench.switch.arrive(call(name), T);
        assert_eq!(bench.exchange(T), ["contact.arrived"]);
        bench
    }

    fn sent(&mut self) -> Vec<(EventNumber, GatewayTells)> {
        std::iter::from_fn(|| self.switch.tells.next_to_send()).collect()
    }

    /// Sends all there is to send, and the server takes all of it.
    fn exchange(&mut self, now: i64) -> Vec<&'static str> {
        let mut methods = Vec::new();
        loop {
            let sent = self.sent();
            if sent.is_empty() {
                return methods;
            }
            for (event, tells) in sent {
                methods.push(tells.method());
                self.switch.acknowledged(event, None, now);
            }
        }
    }

    fn refuse_next(&mut self, kind: &ErrorKind, now: i64) -> &'static str {
        let (event, tells) = self.switch.tells.next_to_send().expect("something to send");
        self.switch.acknowledged(event, Some(kind), now);
        tells.method()
    }
}

fn call(name: &str) -> PlannedCall {
    PlannedCall {
        r#ref: Ref::clipped(name),
        channel: Channel::Voice,
        from: None,
        to: None,
        attributes: Attributes::default(),
        enters_at_ms: T,
        patience_ms: Some(30_000),
        talk_ms: 60_000,
        calls_again_after_ms: None,
        presses: None,
    }
}

fn connect_order(order: &str, contact: &str, agent: &str) -> ConnectOrder {
    ConnectOrder {
        order: OrderId::clipped(order),
        not_after: Time::from_ms(T + 100_000),
        contact: ContactId::clipped("c"),
        r#ref: Ref::clipped(contact),
        agent: AgentName::clipped(agent),
        endpoint: Endpoint::clipped(agent),
        auto_answer: false,
        consultation: None,
    }
}

fn connect(order: &str, contact: &str, agent: &str) -> GatewayOrder {
    GatewayOrder::ContactConnect(connect_order(order, contact, agent))
}

fn about(order: &str, contact: &str) -> ContactOrder {
    let ConnectOrder { order, not_after, contact, r#ref, .. } = connect_order(order, contact, "ana");
    ContactOrder { order, not_after, contact, r#ref }
}

fn message(order: &str, contact: &str) -> MessageOrder {
    let ConnectOrder { order, not_after, contact, r#ref, .. } = connect_order(order, contact, "ana");
    let (message, text) = (MessageId::clipped(order.as_str()), MessageText::clipped("how may I help?"));
    MessageOrder { order, not_after, contact, r#ref, message, text }
}

fn snapshot(contacts: &[(&str, ShouldBe)]) -> GatewaySnapshot {
    let contact = |(name, should_be): &(&str, ShouldBe)| GatewayContact {
        contact: ContactId::clipped("c"),
        r#ref: Ref::clipped(name),
        should_be: should_be.clone(),
        consultation: None,
        recording: None,
    };
    GatewaySnapshot { contacts: contacts.iter().map(contact).collect(), agent_legs: Vec::new(), last_event: None }
}

fn queued() -> ShouldBe {
    ShouldBe::Queued { queue: QueueName::clipped("gold") }
}

#[test]
fn a_call_is_connected_once_however_often_it_is_ordered_and_ends_with_the_customer() {
    let mut bench = Bench::with_call("a");
    assert_eq!(bench.switch.obey(&connect("7", "a", "ana"), T), OrderAnswer::ACCEPTED);
    assert_eq!(bench.switch.obey(&connect("7", "a", "ana"), T + 500_000), OrderAnswer::ACCEPTED);
    bench.switch.advance(T + 1_000);
    assert_eq!(bench.exchange(T + 1_000), ["contact.connected"]);
    bench.switch.advance(T + 59_000);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Talking { .. })), "who talks has patience");
    bench.switch.advance(T + 61_000);
    assert_eq!(bench.exchange(T + 61_000), ["contact.ended"]);
    let seen = bench.ledger.seen();
    assert_eq!((seen.arrived, seen.answered, seen.ended, seen.repeated_orders), (1, 1, 1, 1));
    assert_eq!(bench.switch.live_calls(), 0);
}

#[test]
fn an_order_after_its_moment_is_not_carried_out() {
    let mut bench = Bench::with_call("a");
    assert_eq!(bench.switch.obey(&connect("7", "a", "ana"), T + 100_001), OrderAnswer::TOO_LATE);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    assert_eq!(bench.ledger.seen().too_late, 1);
}

#[test]
fn who_waits_too_long_leaves_and_counts_once() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T + 29_500);
    bench.switch.advance(T + 31_000);
    assert_eq!(bench.exchange(T + 31_000), ["contact.abandoned"], "he left while it rang");
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.abandoned, seen.answered, seen.waiting), (1, 0, 0));
    assert!(seen.balances());
}

#[test]
fn who_hung_up_in_vain_calls_again_from_the_same_number() {
    let mut bench = Bench::new();
    let from = Some(crate::protocol::Address::clipped("+33612345678"));
    bench.switch.arrive(PlannedCall { from: from.clone(), calls_again_after_ms: Some(10_000), ..call("a") }, T);
    bench.exchange(T);
    bench.switch.advance(T + 30_000);
    assert_eq!(bench.exchange(T + 30_000), ["contact.abandoned"]);
    assert!(bench.switch.live_calls() == 0 && !bench.switch.is_quiet());
    bench.switch.advance(T + 40_000);
    let sent = bench.sent();
    let [(_, GatewayTells::ContactArrived(again))] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((again.r#ref.as_str(), &again.from), ("a-again", &from));
    bench.switch.acknowledged(sent[0].0, None, T + 40_000);
    bench.switch.advance(T + 99_999);
    assert_eq!(bench.switch.live_calls(), 1, "he waits twice as long");
    bench.switch.advance(T + 100_000);
    assert_eq!(bench.exchange(T + 100_000), ["contact.abandoned"]);
    assert!(bench.switch.is_quiet(), "and then gives up");
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.arrived, seen.abandoned, seen.called_again), (2, 2, 1));
    assert!(seen.balances());
}

#[test]
fn a_removed_party_leaves_a_customer_who_waits_again() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.exchange(T + 1_000);
    bench.switch.obey(&GatewayOrder::PartyRemove(connect_order("8", "a", "ben")), T + 2_000);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Talking { .. })), "not his leg");
    bench.switch.obey(&GatewayOrder::PartyRemove(connect_order("9", "a", "ana")), T + 2_000);
    assert_eq!(bench.exchange(T + 2_000), ["order.done", "order.done"]);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.requeued, seen.waiting), (1, 1));
    assert!(seen.balances());
    bench.switch.advance(T + 61_500);
    assert_eq!(bench.exchange(T + 61_500), ["contact.abandoned"], "the patience is the new wait's, the talk is gone");
}

#[test]
fn hold_unhold_and_end_are_carried_out() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&GatewayOrder::ContactHold(about("5", "a")), T);
    assert_eq!(bench.exchange(T), ["order.failed"], "nobody to hold yet");
    bench.switch.obey(&connect("6", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.switch.obey(&GatewayOrder::ContactHold(about("7", "a")), T + 1_000);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Talking { is_held: true, .. })));
    bench.switch.advance(T + 62_000);
    assert_eq!(bench.switch.live_calls(), 1, "on hold, a customer stays a little longer");
    bench.switch.obey(&GatewayOrder::ContactUnhold(about("8", "a")), T + 62_000);
    bench.switch.obey(&GatewayOrder::ContactEnd(about("9", "a")), T + 62_000);
    assert_eq!(bench.exchange(T + 62_000), ["contact.connected", "order.done", "order.done", "contact.ended"]);
    bench.switch.obey(&GatewayOrder::ContactEnd(about("10", "a")), T + 62_000);
    assert_eq!(bench.exchange(T + 62_000), ["order.done"], "it was over already");
}

#[test]
fn a_refused_connection_leaves_the_customer_waiting_or_gone() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    let gone = ErrorKind::UnknownOrder { order: OrderId::clipped("7") };
    assert_eq!(bench.refuse_next(&gone, T + 1_000), "contact.connected");
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    bench.switch.obey(&connect("8", "a", "ben"), T + 1_000);
    bench.switch.advance(T + 2_000);
    assert_eq!(bench.refuse_next(&ErrorKind::ContactEnded { contact: None }, T + 2_000), "contact.connected");
    assert_eq!((bench.switch.live_calls(), bench.ledger.seen().withdrawn), (0, 1));
    assert!(bench.ledger.seen().balances());
}

#[test]
fn two_calls_on_one_device_are_noticed() {
    let mut bench = Bench::with_call("a");
    bench.switch.arrive(call("b"), T);
    bench.exchange(T);
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.obey(&connect("8", "b", "ana"), T);
    assert_eq!(bench.ledger.seen().double_booked, 1);
    assert!(!bench.ledger.seen().is_sound());
}

#[test]
fn after_a_dead_socket_events_are_sent_again_under_their_numbers() {
    let mut bench = Bench::new();
    bench.switch.arrive(call("a"), T);
    let first = bench.sent();
    bench.switch.disconnected();
    bench.switch.advance(T + 30_000);
    bench.switch.reconnected(&snapshot(&[]), T + 31_000);
    assert_eq!(bench.sent(), first, "the arrival, and before it is taken not the end");
    bench.switch.acknowledged(first[0].0, None, T + 31_000);
    assert_eq!(bench.exchange(T + 31_000), ["contact.abandoned"]);
    assert_eq!(bench.ledger.seen().arrived, 1);
}

#[test]
fn numbers_go_on_after_what_the_server_has() {
    let mut bench = Bench::new();
    let snapshot = GatewaySnapshot { last_event: EventNumber::new(90), ..snapshot(&[]) };
    bench.switch.reconnected(&snapshot, T);
    bench.switch.arrive(call("a"), T);
    assert_eq!(bench.sent()[0].0.get(), 91);
}

#[test]
fn a_snapshot_makes_good_what_was_missed() {
    let mut bench = Bench::with_call("a");
    for name in ["b", "c", "d"] {
        bench.switch.arrive(call(name), T);
    }
    for (order, name) in [("1", "c"), ("2", "d")] {
        bench.switch.obey(&connect(order, name, name), T);
    }
    bench.switch.advance(T + 1_000);
    bench.exchange(T + 1_000);
    bench.switch.disconnected();
    let ConnectOrder { order, not_after, agent, endpoint, .. } = connect_order("9", "a", "ana");
    let (ben, his) = (AgentName::clipped("c"), Endpoint::clipped("c"));
    let connecting = ShouldBe::Connecting { order, agent, endpoint, auto_answer: false, not_after };
    let held = ShouldBe::Held { agent: ben, endpoint: his };
    let named = snapshot(&[("a", connecting), ("b", queued()), ("c", held), ("d", queued())]);
    bench.switch.reconnected(&named, T + 2_000);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Ringing { .. })), "the order that was lost");
    assert!(matches!(bench.switch.leg(&Ref::clipped("c")), Some(Leg::Talking { is_held: true, .. })));
    assert_eq!(bench.switch.leg(&Ref::clipped("d")), Some(&Leg::Waiting), "he was handed on meanwhile");
    assert_eq!(bench.switch.obey(&connect("9", "a", "ana"), T + 2_000), OrderAnswer::ACCEPTED);
    assert_eq!(bench.ledger.seen().repeated_orders, 1, "the snapshot's order is the order");
}

#[test]
fn a_connection_that_the_server_has_not_heard_of_is_told_again_and_stays() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.sent();
    bench.switch.disconnected();
    bench.switch.reconnected(&snapshot(&[("a", queued())]), T + 2_000);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Talking { .. })));
    assert_eq!(bench.exchange(T + 2_000), ["contact.connected"]);
}

#[test]
fn a_call_the_server_does_not_name_is_hung_up_when_it_has_ended_it() {
    let mut bench = Bench::with_call("a");
    bench.switch.disconnected();
    bench.switch.reconnected(&snapshot(&[]), T);
    assert_eq!(bench.refuse_next(&ErrorKind::ContactEnded { contact: None }, T), "contact.updated");
    assert_eq!((bench.switch.live_calls(), bench.ledger.seen().withdrawn), (0, 1));
}

#[test]
fn a_call_the_server_never_heard_of_is_hung_up_only_after_it_was_not_taken_up() {
    let mut bench = Bench::with_call("a");
    bench.switch.disconnected();
    bench.switch.reconnected(&snapshot(&[]), T);
    let unknown = ErrorKind::UnknownRef { r#ref: Ref::clipped("a") };
    for _ in 0..3 {
        assert_eq!(bench.refuse_next(&unknown, T), "contact.updated");
        assert_eq!(bench.switch.live_calls(), 1);
        bench.switch.take_inventory(T);
        let (event, inventory) = bench.switch.tells.next_to_send().unwrap();
        assert!(matches!(&inventory, GatewayTells::Inventory(page) if page.contacts.len() == 1));
        bench.switch.acknowledged(event, None, T);
    }
    bench.refuse_next(&unknown, T);
    assert_eq!(bench.switch.live_calls(), 0);
    let (_, ended) = bench.switch.tells.next_to_send().unwrap();
    assert!(matches!(ended, GatewayTells::ContactEnded(told) if told.by == HungUpBy::Gateway));

    let mut bench = Bench::with_call("a");
    bench.switch.reconnected(&snapshot(&[]), T);
    bench.refuse_next(&unknown, T);
    bench.switch.take_inventory(T);
    assert_eq!(bench.exchange(T), ["inventory", "contact.updated"], "now it has been taken up");
    bench.switch.take_inventory(T);
    assert_eq!(bench.exchange(T), ["inventory"], "and nobody asks again");
}

fn play(order: &str, contact: &str) -> GatewayOrder {
    let ContactOrder { order, not_after, contact, r#ref } = about(order, contact);
    GatewayOrder::ContactPlay(PlayOrder { order, not_after, contact, r#ref, message: Name::clipped("sorry") })
}

fn voicemail(order: &str, contact: &str) -> GatewayOrder {
    let ContactOrder { order, not_after, contact, r#ref } = about(order, contact);
    GatewayOrder::ContactVoicemail(VoicemailOrder { order, not_after, contact, r#ref, mailbox: None })
}

#[test]
fn who_hears_a_message_hears_it_out_and_is_then_hung_up() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&play("7", "a"), T + 29_000);
    bench.switch.advance(T + 39_000);
    assert_eq!(bench.exchange(T + 39_000), ["order.done"], "he has patience now");
    bench.switch.obey(&GatewayOrder::ContactEnd(about("8", "a")), T + 39_000);
    assert_eq!(bench.exchange(T + 39_000), ["contact.ended"]);
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.flowed_out, seen.announcements, seen.abandoned, seen.withdrawn), (1, 1, 0, 0));
    assert!(seen.balances() && bench.switch.is_quiet());
}

#[test]
fn who_speaks_to_voicemail_hangs_up_himself() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&voicemail("7", "a"), T + 5_000);
    assert_eq!(bench.exchange(T + 5_000), ["order.done"]);
    bench.switch.count_live();
    assert!(bench.ledger.seen().balances() && bench.ledger.seen().waiting == 0);
    bench.switch.advance(T + 14_999);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Voicemail));
    bench.switch.advance(T + 35_000);
    assert_eq!(bench.exchange(T + 35_000), ["contact.ended"]);
    let seen = bench.ledger.seen();
    assert_eq!((seen.flowed_out, seen.voicemails, seen.abandoned), (1, 1, 0));
    assert!(seen.balances());
}

#[test]
fn who_is_fetched_back_from_voicemail_waits_again() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&voicemail("7", "a"), T + 5_000);
    bench.switch.obey(&GatewayOrder::ContactStopPlay(about("8", "a")), T + 6_000);
    assert_eq!(bench.exchange(T + 6_000), ["order.done", "order.done"]);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    bench.switch.advance(T + 35_999);
    assert_eq!(bench.switch.live_calls(), 1, "what he had to say is forgotten, his patience is new");
    bench.switch.advance(T + 36_000);
    assert_eq!(bench.exchange(T + 36_000), ["contact.abandoned"]);
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.arrived, seen.requeued, seen.flowed_out, seen.abandoned), (1, 1, 1, 1));
    assert!(seen.balances());
}

#[test]
fn who_hung_up_before_the_order_came_has_flowed_out_and_not_abandoned() {
    let mut bench = Bench::with_call("a");
    bench.switch.advance(T + 30_000);
    bench.switch.obey(&voicemail("7", "a"), T + 30_000);
    assert_eq!(bench.exchange(T + 30_000), ["contact.abandoned"]);
    let seen = bench.ledger.seen();
    assert_eq!((seen.flowed_out, seen.abandoned), (1, 0));
    assert!(seen.balances());

    let mut home = Bench::with_call("a");
    home.switch.obey(&GatewayOrder::ContactEnd(about("7", "a")), T + 1_000);
    assert_eq!(home.exchange(T + 1_000), ["contact.ended"]);
    assert_eq!((home.ledger.seen().flowed_out, home.ledger.seen().withdrawn), (1, 0), "sent home from the queue");
}

#[test]
fn an_impatient_caller_presses_his_key_while_he_waits() {
    let key = TelephoneKey::new('1').unwrap();
    let presses = Some(KeyPress { key, after_ms: 20_000 });
    let mut bench = Bench::new();
    for name in ["a", "b"] {
        bench.switch.arrive(PlannedCall { presses, ..call(name) }, T);
    }
    bench.exchange(T);
    bench.switch.obey(&connect("7", "b", "ana"), T + 19_000);
    bench.switch.advance(T + 20_000);
    let sent = bench.sent();
    let pressed = sent.iter().filter_map(|(_, tells)| match tells {
        GatewayTells::ContactExitKey(told) => Some((told.r#ref.as_str(), told.key)),
        _ => None,
    });
    assert_eq!(pressed.collect::<Vec<_>>(), [("a", key)], "b talks by then");
}

#[test]
fn a_snapshot_makes_good_exits_that_were_missed() {
    let mut bench = Bench::new();
    for name in ["a", "b", "c", "d"] {
        bench.switch.arrive(call(name), T);
    }
    bench.exchange(T);
    bench.switch.obey(&voicemail("1", "c"), T);
    bench.switch.obey(&voicemail("2", "d"), T);
    bench.exchange(T);
    bench.switch.disconnected();
    let (order, not_after) = (OrderId::clipped("8"), Time::from_ms(T + 20_000));
    let announcing = ShouldBe::Announcing { order, not_after, message: Name::clipped("sorry") };
    let lost = ShouldBe::Voicemail { order: Some(OrderId::clipped("9")), not_after: Some(not_after), mailbox: None };
    let speaks = ShouldBe::Voicemail { order: None, not_after: None, mailbox: None };
    bench.switch.reconnected(&snapshot(&[("a", announcing), ("b", lost), ("c", speaks), ("d", queued())]), T + 1_000);
    let leg = |name: &str| bench.switch.leg(&Ref::clipped(name)).cloned();
    assert!(matches!(leg("a"), Some(Leg::Announcement { .. })));
    assert_eq!((leg("b"), leg("c"), leg("d")), (Some(Leg::Voicemail), Some(Leg::Voicemail), Some(Leg::Waiting)));
    assert_eq!(bench.switch.obey(&voicemail("9", "b"), T + 1_000), OrderAnswer::ACCEPTED);
    assert_eq!(bench.exchange(T + 1_000), ["order.done"], "once, for the order of b");
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.flowed_out, seen.requeued, seen.waiting, seen.repeated_orders), (4, 1, 1, 1));
    assert!(seen.balances());
}

#[test]
fn an_inventory_has_pages_and_names_what_the_server_knows() {
    let mut bench = Bench::new();
    for number in 0..2 * PAGE_CONTACTS_MAX + 1 {
        bench.switch.arrive(call(&format!("call-{number}")), T);
    }
    bench.exchange(T);
    bench.switch.arrive(call("not yet acknowledged"), T);
    assert_eq!(bench.switch.obey(&GatewayOrder::InventorySend(InventorySend {}), T + 5), OrderAnswer::ACCEPTED);
    let pages: Vec<_> = bench
        .sent()
        .into_iter()
        .filter_map(|(_, tells)| match tells {
            GatewayTells::Inventory(page) => Some((page.page, page.last, page.contacts.len(), page.as_of.as_ms())),
            _ => None,
        })
        .collect();
    assert_eq!(pages, [(1, false, 1_000, T + 5), (2, false, 1_000, T + 5), (3, true, 1, T + 5)]);
    let mut empty = Bench::new();
    empty.switch.take_inventory(T);
    assert_eq!(empty.exchange(T), ["inventory"], "an empty list is a list");
}

fn place(order: &str, contact: &str, first: FirstCalled) -> GatewayOrder {
    let ConnectOrder { order, not_after, contact, r#ref, agent, endpoint, .. } = connect_order(order, contact, "ana");
    let to = Address::clipped("+33612345678");
    let ring_for_ms = 30_000;
    GatewayOrder::CallPlace(CallPlaceOrder {
        order,
        not_after,
        contact,
        r#ref,
        to,
        agent,
        endpoint,
        auto_answer: false,
        first,
        ring_for_ms,
        caller_id: None,
    })
}

#[test]
fn customers_are_called_and_each_call_is_connected_or_in_vain() {
    let mut bench = Bench::new();
    let (mut reached, mut in_vain) = (0, 0);
    for number in 0..60 {
        let (order, contact) = (format!("o-{number}"), format!("callback-{number}"));
        let first = if number % 2 == 0 { FirstCalled::Agent } else { FirstCalled::Customer };
        let now = T + number * 1_000_000;
        let GatewayOrder::CallPlace(asked) = place(&order, &contact, first) else { panic!("a call to place") };
        let asked = CallPlaceOrder { not_after: Time::from_ms(now + 1_000), ..asked };
        assert_eq!(bench.switch.obey(&GatewayOrder::CallPlace(asked), now), OrderAnswer::ACCEPTED);
        assert_eq!(bench.exchange(now), [""; 0], "nothing is known yet");
        bench.switch.advance(now + 12_000);
        match bench.exchange(now + 12_000)[..] {
            ["call.progress", "call.progress", "contact.connected"] => reached += 1,
            ["call.progress", "call.progress"] => in_vain += 1,
            ref other => panic!("{other:?}"),
        }
        bench.switch.advance(now + 900_000);
        bench.exchange(now + 900_000);
        assert_eq!(bench.switch.live_calls(), 0);
    }
    let seen = bench.ledger.seen();
    assert!(reached > 40 && in_vain > 3, "{reached} {in_vain}");
    assert_eq!((seen.placed, seen.reached, seen.answered, seen.ended), (60, reached, reached, reached));
    bench.switch.count_live();
    assert!(bench.ledger.seen().balances() && bench.ledger.seen().is_sound(), "{seen:?}");
}

/// The server may say so before its order to end the call comes, or after.
#[test]
fn a_call_that_is_sent_out_at_once_has_come_and_flowed_out() {
    for is_ordered_first in [false, true] {
        let mut bench = Bench::new();
        bench.switch.arrive(call("a"), T);
        if is_ordered_first {
            bench.switch.obey(&GatewayOrder::ContactEnd(about("1", "a")), T);
        }
        assert_eq!(bench.refuse_next(&ErrorKind::ContactEnded { contact: None }, T), "contact.arrived");
        if !is_ordered_first {
            bench.switch.obey(&GatewayOrder::ContactEnd(about("1", "a")), T);
        }
        bench.exchange(T);
        bench.switch.count_live();
        let seen = bench.ledger.seen();
        assert_eq!((seen.arrived, seen.refused, seen.flowed_out, bench.switch.live_calls()), (1, 0, 1, 0));
        assert!(seen.balances(), "{seen:?}");
    }
}

#[test]
fn a_call_to_a_lead_is_counted_whatever_becomes_of_it() {
    let mut bench = Bench::new();
    for number in 0..80 {
        let (order, contact) = (format!("o-{number}"), format!("lead-{number}"));
        let now = T + number * 1_000_000;
        let GatewayOrder::CallPlace(asked) = place(&order, &contact, FirstCalled::Agent) else {
            panic!("a call to place")
        };
        let (to, caller_id) =
            (Address::clipped(&format!("+1212555{number:04}")), Some(Address::clipped("+33199009999")));
        let asked = CallPlaceOrder { not_after: Time::from_ms(now + 1_000), to, caller_id, ..asked };
        bench.switch.obey(&GatewayOrder::CallPlace(asked), now);
        bench.switch.count_live();
        assert_eq!(bench.ledger.seen().leads_ringing, 1);
        if number % 8 == 7 {
            let ContactOrder { order: id, not_after, contact, r#ref } = about("c", &contact);
            let (id, not_after) =
                (OrderId::clipped(&format!("{}-{number}", id.as_str())), Time::from_ms(not_after.as_ms() + now));
            let of = OrderId::clipped(&order);
            let cancel = CallCancelOrder { order: id, not_after, contact, r#ref, of };
            bench.switch.obey(&GatewayOrder::CallCancel(cancel), now);
        }
        for later in [12_000, 900_000] {
            bench.switch.advance(now + later);
            bench.exchange(now + later);
        }
    }
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.leads_called, seen.leads_accounted_for(), seen.leads_given_up), (80, 80, 10), "{seen:?}");
    assert!(seen.leads_in_vain.len() > 3 && seen.leads_lifted > 10, "{seen:?}");
    assert_eq!(seen.leads_answered, seen.leads_lifted);
    assert!(seen.balances() && seen.is_sound(), "{seen:?}");
}

#[test]
fn a_call_is_given_up_until_its_customer_has_answered() {
    let mut bench = Bench::new();
    let cancel = |order: &str, of: &str| {
        let ContactOrder { order, not_after, contact, r#ref } = about(order, "callback-1");
        GatewayOrder::CallCancel(CallCancelOrder { order, not_after, contact, r#ref, of: OrderId::clipped(of) })
    };
    bench.switch.obey(&place("1", "callback-1", FirstCalled::Agent), T);
    bench.switch.obey(&cancel("2", "1"), T + 500);
    assert_eq!((bench.exchange(T + 500), bench.switch.live_calls()), (vec!["order.done"], 0));
    bench.switch.advance(T + 60_000);
    assert_eq!(bench.exchange(T + 60_000), [""; 0], "no phone rings any more");
    bench.switch.obey(&cancel("3", "1"), T + 60_000);
    assert_eq!(bench.exchange(T + 60_000), ["order.done"], "there is nothing to give up");

    let call = |bench: &Bench| bench.switch.leg(&Ref::clipped("callback-1")).cloned();
    for number in 10..99 {
        bench.switch.obey(&place(&number.to_string(), "callback-1", FirstCalled::Agent), T + 60_000);
        bench.switch.advance(T + 72_000);
        if matches!(call(&bench), Some(Leg::Talking { .. })) {
            bench.exchange(T + 72_000);
            bench.switch.obey(&cancel("100", &number.to_string()), T + 72_000);
            assert_eq!(bench.exchange(T + 72_000), ["order.failed"], "he is kept");
            return assert!(matches!(call(&bench), Some(Leg::Talking { .. })));
        }
    }
    panic!("nobody ever answers");
}

#[test]
fn a_chat_that_is_laid_down_waits_again_once_its_customer_has_written() {
    let mut bench = Bench::new();
    bench.switch.arrive(PlannedCall { channel: Channel::Chat, patience_ms: None, ..call("a") }, T);
    assert_eq!(bench.exchange(T), ["contact.arrived", "message.passed"], "he says what he wants at once");
    bench.switch.obey(&connect("1", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.exchange(T + 1_000);
    for (order, at) in [("5", T + 1_000), ("6", T + 22_000)] {
        bench.switch.obey(&GatewayOrder::MessageSend(message(order, "a")), at);
        assert_eq!(bench.exchange(at), ["order.done"]);
        bench.switch.advance(at + 21_000);
        assert!(bench.switch.says.pop_front().is_some(), "he is seen to type");
        assert_eq!(bench.exchange(at + 21_000), ["message.passed"], "one answer to each");
    }
    bench.switch.obey(&GatewayOrder::ContactSuspend(about("2", "a")), T + 45_000);
    assert_eq!(bench.exchange(T + 45_000), ["order.done"]);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Suspended));
    bench.switch.count_live();
    assert_eq!((bench.ledger.seen().waiting, bench.ledger.seen().suspended), (0, 1));
    bench.switch.advance(T + 120_000);
    assert_eq!(bench.exchange(T + 120_000), ["message.passed"]);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    bench.switch.count_live();
    let seen = bench.ledger.seen();
    assert_eq!((seen.requeued, seen.answered, seen.waiting), (1, 1, 1));
    assert!(seen.balances());
}

#[test]
fn a_snapshot_lets_phones_ring_places_calls_and_takes_up_what_was_laid_down() {
    let mut bench = Bench::with_call("a");
    let phone = RingingPhone {
        order: OrderId::clipped("7"),
        agent: AgentName::clipped("ana"),
        endpoint: Endpoint::clipped("ana"),
        not_after: Time::from_ms(T + 15_000),
    };
    let placing = ShouldBe::Placing {
        order: OrderId::clipped("8"),
        to: Address::clipped("+33612345678"),
        agent: AgentName::clipped("ben"),
        endpoint: Endpoint::clipped("ben"),
        auto_answer: false,
        first: FirstCalled::Agent,
        ring_for_ms: 30_000,
        caller_id: None,
        not_after: Time::from_ms(T + 15_000),
    };
    let contacts = [
        ("a", ShouldBe::Ringing { phones: vec![phone] }),
        ("callback-1", placing),
        ("callback-2", ShouldBe::ToBeCalled),
    ];
    bench.switch.reconnected(&snapshot(&contacts), T);
    assert!(matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Ringing { .. })));
    assert!(matches!(bench.switch.leg(&Ref::clipped("callback-1")), Some(Leg::Placing { .. })));
    assert_eq!(bench.switch.leg(&Ref::clipped("callback-2")), None);
    let given_up = [("a", queued()), ("callback-1", ShouldBe::ToBeCalled)];
    bench.switch.reconnected(&snapshot(&given_up), T + 100);
    assert_eq!(bench.switch.leg(&Ref::clipped("a")), Some(&Leg::Waiting));
    assert_eq!(bench.switch.leg(&Ref::clipped("callback-1")), None);
}

fn ask(order: &str, consultation: &str, agent: &str, parent: &str) -> GatewayOrder {
    let first = GatewayConsultation {
        agent: AgentName::clipped("ana"),
        endpoint: Endpoint::clipped("ana"),
        parent: Some(Ref::clipped(parent)),
        conference: false,
    };
    let asked = ConnectOrder { consultation: Some(first), ..connect_order(order, consultation, agent) };
    GatewayOrder::ContactConnect(asked)
}

fn of_both(order: &str) -> ConsultationOrder {
    let ConnectOrder { order, not_after, contact, r#ref, agent, endpoint, .. } = connect_order(order, "a", "ben");
    ConsultationOrder { order, not_after, contact, r#ref, consultation: Ref::clipped("consult-9"), agent, endpoint }
}

/// Ana talks with a customer and has asked Ben, who has lifted.
fn asking() -> Bench {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.exchange(T + 1_000);
    bench.switch.obey(&GatewayOrder::ContactHold(about("8", "a")), T + 2_000);
    bench.switch.obey(&ask("9", "consult-9", "ben", "a"), T + 2_000);
    bench.switch.advance(T + 3_000);
    assert_eq!(bench.exchange(T + 3_000), ["order.done", "contact.connected"]);
    bench
}

#[test]
fn a_colleague_is_asked_and_goes_on_with_the_customer() {
    let mut bench = asking();
    bench.switch.take_inventory(T + 3_100);
    let named = bench.sent().into_iter().find_map(|(_, tells)| match tells {
        GatewayTells::Inventory(inventory) => Some((inventory.contacts.len(), inventory.agent_legs.len())),
        _ => None,
    });
    assert_eq!(named, Some((2, 2)), "customer and colleague, each with an agent's leg");
    bench.switch.obey(&GatewayOrder::TransferComplete(of_both("10")), T + 4_000);
    let ben = AgentName::clipped("ben");
    assert!(
        matches!(bench.switch.leg(&Ref::clipped("a")), Some(Leg::Talking { agent, is_held: false, .. }) if *agent == ben)
    );
    bench.switch.advance(T + 90_000);
    assert!(!bench.exchange(T + 90_000).contains(&"party.left"), "he is no longer the colleague who was asked");
    let seen = bench.ledger.seen();
    assert_eq!((seen.answered, seen.requeued, seen.ended, seen.double_booked), (1, 0, 1, 0));
}

#[test]
fn a_colleague_leaves_by_himself_and_the_customer_stays() {
    let mut bench = asking();
    let until_he_leaves = T + 63_000;
    while bench.switch.next_due_ms().is_some_and(|due| due <= until_he_leaves) {
        let due = bench.switch.next_due_ms().unwrap();
        bench.switch.advance(due);
        let told = bench.exchange(due);
        if told.contains(&"party.left") {
            assert_eq!(told, ["party.left"]);
            return;
        }
        assert!(told.is_empty(), "{told:?} before he left");
    }
    panic!("he did not leave within a minute");
}

#[test]
fn a_colleague_who_is_no_longer_asked_is_forgotten_with_the_next_snapshot() {
    let mut bench = asking();
    bench.switch.disconnected();
    let held = ShouldBe::Held { agent: AgentName::clipped("ana"), endpoint: Endpoint::clipped("ana") };
    bench.switch.reconnected(&snapshot(&[("a", held)]), T + 5_000);
    bench.switch.obey(&GatewayOrder::ConferenceJoin(of_both("11")), T + 6_000);
    assert_eq!(bench.exchange(T + 6_000), ["order.failed"]);
}

#[test]
fn a_line_that_drops_is_rung_again_within_the_same_talk() {
    let mut bench = Bench::with_call("a");
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T + 1_000);
    bench.exchange(T + 1_000);
    bench.switch.line_drops(&Ref::clipped("a"), &OrderId::clipped("7"), T + 2_000);
    assert_eq!(bench.exchange(T + 2_000), ["party.left"]);
    bench.switch.obey(&connect("8", "a", "ana"), T + 2_100);
    bench.switch.advance(T + 3_100);
    assert_eq!(bench.exchange(T + 3_100), ["contact.connected"]);
    let seen = bench.ledger.seen();
    assert_eq!((seen.answered, seen.requeued), (1, 0));
    assert!({
        bench.switch.count_live();
        bench.ledger.seen().balances()
    });
}

#[test]
fn a_leg_that_stays_up_is_connected_without_ringing() {
    let mut bench = Bench::with_call("a");
    let leg = |order: &str| {
        let ConnectOrder { order, not_after, agent, endpoint, .. } = connect_order(order, "a", "ana");
        AgentLegOrder { order, not_after, agent, endpoint }
    };
    bench.switch.obey(&GatewayOrder::AgentLegOpen(leg("5")), T);
    bench.switch.obey(&connect("7", "a", "ana"), T);
    bench.switch.advance(T);
    assert_eq!(bench.exchange(T), ["order.done", "contact.connected"], "in the very moment");
    bench.switch.obey(&GatewayOrder::AgentLegClose(leg("8")), T);
    bench.switch.obey(&GatewayOrder::PartyRemove(connect_order("9", "a", "ana")), T);
    bench.switch.obey(&connect("10", "a", "ana"), T);
    bench.switch.advance(T + 900);
    assert!(!bench.exchange(T + 900).contains(&"contact.connected"), "it rings again");
}
