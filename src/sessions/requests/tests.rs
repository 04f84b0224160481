//! A gateway's messages through a router that this test turns by hand: what is answered, and which
//! action arrives. It opens no socket.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::protocol::{ClientMessage, Frame, Role};
use crate::reporting::live_board::Board;
use crate::router_handle::views::gateway_snapshot;
use crate::router_handle::{Inboxes, Work, inboxes};
use crate::routing::command::{Presence, PresenceWhen};
use crate::routing::ids::{AttemptId, QueueId};
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{
    AgentRules, EntryRule, ExitAction, ExitKey, ExitRules, FullExit, Phone, PhoneMode, QueueRules, RuleSet,
};
use crate::routing::time::{Millis, Timestamp};

const T: Timestamp = Timestamp(1_795_338_000_000);

struct Bench {
    router: ContactRouter,
    board: Board,
    now: Timestamp,
    inboxes: Inboxes,
    desk: GatewayDesk,
    outgoing: mpsc::Receiver<Outgoing>,
    event: u64,
}

impl Bench {
    fn new(exits: ExitRules) -> Bench {
        let (handle, inboxes) = inboxes();
        let (sender, outgoing) = mpsc::channel(8);
        let clock = Clock::starting_at(T, None, 1.0);
        let line = Line { ids: WireIds::of_site("paris"), source: handle.source(), outgoing: sender, clock };
        let gateway = GatewayId::new("pbx").unwrap();
        let desk = GatewayDesk {
            line,
            gateway,
            messages: crate::messages::MessageDesk::closed(),
            inventory: Vec::new(),
            asked_again: false,
        };
        let gold = QueueId::new("gold").unwrap();
        let entry = EntryRule {
            name: "all".into(),
            when: None,
            queue: gold.clone(),
            agent: None,
            skills: Default::default(),
            priority: 0,
        };
        let queue = QueueRules { exits, ..QueueRules::default() };
        let rules = RuleSet { entry: vec![entry], queues: [(gold, queue.into())].into(), ..RuleSet::default() };
        let (mut router, board) = (ContactRouter::new(), Board::new());
        router.handle(Action::ReplaceRules { rules: rules.into() }.into(), T).unwrap();
        Bench { router, board, now: T, inboxes, desk, outgoing, event: 0 }
    }

    /// The result or the error's data.
    async fn tell(&mut self, method: &str, params: Value) -> Value {
        self.event += 1;
        let mut params = params;
        params["event"] = json!(self.event);
        params["occurred_at"] = json!("2026-11-22T09:00:00.017Z");
        let text = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string();
        let Ok(Frame::Call { id: Some(id), method, params }) = Frame::parse(&text) else { panic!("{text}") };
        let Ok(ClientMessage::Gateway(tells)) = ClientMessage::parse(&[Role::Gateway], Some(&id), &method, params)
        else {
            panic!("{text}")
        };
        self.desk.handle(&id, tells, None).await;
        self.turn();
        let Some(Outgoing::Text(answer)) = self.outgoing.recv().await else { panic!("an answer") };
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer.get("result").unwrap_or_else(|| &answer["error"]["data"]).clone()
    }

    fn turn(&mut self) {
        while let Some(work) = self.inboxes.urgent.try_recv().ok().or_else(|| self.inboxes.arrivals.try_recv().ok()) {
            match work {
                Work::Tell { command, answer } => {
                    let handled = self.router.handle(command, self.now).map_err(Rejection::from);
                    answer(handled.map(|_| View { router: &self.router, board: &self.board, now: self.now }))();
                }
                Work::Ask { answer, .. } => {
                    answer(Ok(View { router: &self.router, board: &self.board, now: self.now }))();
                }
            }
        }
    }

    async fn arrive(&mut self, name: &str) -> Value {
        self.tell("contact.arrived", json!({"ref": name, "channel": "voice"})).await
    }

    /// What the gateway would be shown, had it been away.
    fn should_be(&self) -> Vec<Value> {
        let view = View { router: &self.router, board: &self.board, now: self.now };
        let (contacts, last) = gateway_snapshot(view, &self.desk.gateway);
        let snapshot = to_protocol::gateway_snapshot(&self.desk.line.ids, &contacts, &[], last);
        snapshot.contacts.iter().map(|contact| serde_json::to_value(&contact.should_be).unwrap()).collect()
    }
}

fn keys(actions: [(char, ExitAction); 2]) -> ExitRules {
    let keys: BTreeMap<ExitKey, ExitAction> =
        actions.into_iter().map(|(key, action)| (ExitKey::try_from(key).unwrap(), action)).collect();
    ExitRules { keys, ..ExitRules::default() }
}

fn voicemail_and_message() -> ExitRules {
    keys([
        ('1', ExitAction::Voicemail { mailbox: Some("gold box".into()) }),
        ('*', ExitAction::Announce { message: "sorry".into() }),
    ])
}

#[tokio::test]
async fn a_key_leads_to_voicemail_and_the_snapshot_says_so_until_the_caller_hangs_up() {
    let mut bench = Bench::new(voicemail_and_message());
    let queued = bench.arrive("a").await;
    assert_eq!((&queued["queue"], &queued["place"]), (&json!("gold"), &json!(1)));
    assert_eq!(bench.tell("contact.exit_key", json!({"ref": "a", "key": "9"})).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "queued", "queue": "gold"})], "no exit of this queue");
    assert_eq!(bench.tell("contact.exit_key", json!({"ref": "a", "key": "1"})).await, json!({}));
    let [shown] = &bench.should_be()[..] else { panic!("one contact") };
    let order = shown["order"].clone();
    let not_after = "2026-11-22T09:00:20.000Z";
    let expected = json!({"state": "voicemail", "order": order, "not_after": not_after, "mailbox": "gold box"});
    assert_eq!(*shown, expected);
    assert_eq!(bench.tell("order.done", json!({ "order": order })).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "voicemail", "mailbox": "gold box"})]);
    assert_eq!(bench.tell("contact.ended", json!({"ref": "a", "by": "customer"})).await, json!({}));
    assert_eq!(bench.should_be(), [json!(null); 0]);
}

#[tokio::test]
async fn an_announcement_that_is_over_ends_the_contact_and_one_that_failed_does_not() {
    let mut bench = Bench::new(voicemail_and_message());
    for name in ["a", "b"] {
        bench.arrive(name).await;
        bench.tell("contact.exit_key", json!({"ref": name, "key": "*"})).await;
    }
    let shown = bench.should_be();
    assert_eq!((&shown[0]["state"], &shown[0]["message"]), (&json!("announcing"), &json!("sorry")));
    bench.tell("order.done", json!({"order": shown[0]["order"]})).await;
    let failed = json!({"order": shown[1]["order"], "why": "failed"});
    assert_eq!(bench.tell("order.failed", failed).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "queued", "queue": "gold"})]);
    let gone = bench.tell("contact.exit_key", json!({"ref": "a", "key": "1"})).await;
    assert_eq!(gone["kind"], "contact_ended");
}

#[tokio::test]
async fn who_is_sent_out_at_his_arrival_is_answered_with_the_queue_he_came_to() {
    let action = ExitAction::Voicemail { mailbox: None };
    let mut bench = Bench::new(ExitRules { full: Some(FullExit { waiting: 1, action }), ..ExitRules::default() });
    bench.arrive("a").await;
    let answer = bench.arrive("b").await;
    assert_eq!((&answer["queue"], answer.get("place")), (&json!("gold"), None));
    assert_eq!(bench.should_be()[1]["state"], "voicemail");
}

#[tokio::test]
async fn an_arrival_is_told_how_long_it_may_take_once_the_line_has_moved() {
    let mut bench = Bench::new(ExitRules::default());
    assert_eq!(bench.arrive("a").await.get("estimated_wait"), None, "nobody has ever waited here");
    bench.now = T + Millis::seconds(60);
    bench.tell("contact.abandoned", json!({"ref": "a"})).await;
    let answer = bench.arrive("b").await;
    assert_eq!(answer["estimated_wait"]["p50_ms"].as_u64().map(|ms| ms / 1_000), Some(42), "60 s × ln 2, nearly");
    let view = View { router: &bench.router, board: &bench.board, now: bench.now };
    let row = |queue: &str| crate::router_handle::views::estimated_wait(view, &QueueId::new(queue).unwrap(), 1);
    assert!(row("gold").is_some_and(|second| second.p50.0 > 90_000) && row("silver").is_none());
}

#[tokio::test]
async fn what_nobody_knows_is_named_as_the_gateway_named_it() {
    let mut bench = Bench::new(ExitRules::default());
    let refused = bench.tell("contact.exit_key", json!({"ref": "nobody", "key": "1"})).await;
    assert_eq!(refused, json!({"kind": "unknown_ref", "ref": "nobody"}));
    let refused = bench.tell("order.done", json!({"order": "seven"})).await;
    assert_eq!(refused, json!({"kind": "unknown_order", "order": "seven"}));
    assert_eq!(bench.tell("order.done", json!({"order": "7"})).await, json!({}), "nothing waits for it");
}

/// An agent who is there, as the gateway's bench has none.
impl Bench {
    fn hire(&mut self, mode: PhoneMode) {
        let mut rules = (*self.router.state().rules).clone();
        let phone = Phone { mode, endpoint: Some(Endpoint::new("SIP/1").unwrap()) };
        rules.agents.insert(ana(), AgentRules { phone, ..AgentRules::default() }.into());
        self.does(Action::ReplaceRules { rules: rules.into() });
        self.does(Action::OpenConsole { agent: ana() });
        self.does(Action::SetPresence { agent: ana(), presence: Presence::Available, when: PresenceWhen::Now });
    }

    fn does(&mut self, action: Action) {
        self.router.handle(action.into(), self.now).unwrap();
    }

    fn open_offer(&self) -> OfferId {
        self.router.state().agents[&ana()].offers[0].0
    }

    /// The result of what the agent asks, or the error's data.
    async fn ask(&mut self, method: &str, params: Value) -> Value {
        let text = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}).to_string();
        let Ok(Frame::Call { id: Some(id), method, params }) = Frame::parse(&text) else { panic!("{text}") };
        let Ok(ClientMessage::Agent(ask)) = ClientMessage::parse(&[Role::Agent], Some(&id), &method, params) else {
            panic!("{text}")
        };
        let (line, person) = (self.desk.line.clone(), PersonId::new("ana").unwrap());
        let mut desk = AgentDesk { line, agent: ana(), person, wrap_ups: BTreeMap::new() };
        desk.handle(&id, &ask).await;
        self.turn();
        let Some(Outgoing::Text(answer)) = self.outgoing.recv().await else { panic!("an answer") };
        let answer: Value = serde_json::from_str(&answer).unwrap();
        answer.get("result").unwrap_or_else(|| &answer["error"]["data"]).clone()
    }

    async fn connect(&mut self, name: &str, channel: &str) -> Value {
        let queued = self.tell("contact.arrived", json!({"ref": name, "channel": channel, "from": FROM})).await;
        let offer = self.open_offer();
        self.does(Action::AcceptOffer { agent: ana(), offer });
        let order = self.should_be()[0]["order"].clone();
        assert_eq!(self.tell("contact.connected", json!({"ref": name, "order": order})).await, json!({}));
        queued["contact"].clone()
    }
}

const FROM: &str = "+33612345678";

fn ana() -> AgentId {
    AgentId::new("ana").unwrap()
}

#[tokio::test]
async fn a_phone_that_rings_is_in_the_snapshot_and_its_offer_is_not_accepted_at_the_console() {
    let mut bench = Bench::new(ExitRules::default());
    bench.hire(PhoneMode::Phone);
    bench.arrive("a").await;
    let [shown] = &bench.should_be()[..] else { panic!("one contact") };
    let order = shown["phones"][0]["order"].clone();
    let phone = json!({"order": order, "agent": "ana", "endpoint": "SIP/1", "not_after": "2026-11-22T09:00:15.000Z"});
    assert_eq!(*shown, json!({"state": "ringing", "phones": [phone]}));
    let offer = bench.desk.line.ids.offer_text(bench.open_offer());
    let refused = bench.ask("offer.accept", json!({ "offer": offer })).await;
    assert_eq!(refused, json!({"kind": "accepted_by_phone", "offer": offer}));
    assert_eq!(bench.tell("contact.connected", json!({"ref": "a", "order": order})).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "connected", "agent": "ana", "endpoint": "SIP/1"})]);
}

#[tokio::test]
async fn a_chat_is_laid_down_until_its_customer_writes_and_a_call_is_not() {
    let mut bench = Bench::new(ExitRules::default());
    bench.hire(PhoneMode::Console);
    let chat = bench.connect("a", "chat").await;
    let past = bench.ask("contact.suspend", json!({"contact": chat, "until": "2026-11-22T09:00:00Z"})).await;
    assert_eq!((&past["kind"], &past["field"]), (&json!("invalid_field"), &json!("until")));
    assert_eq!(bench.ask("contact.suspend", json!({ "contact": chat })).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "suspended", "agent": "ana"})]);
    let not_his = bench.ask("contact.suspend", json!({ "contact": chat })).await;
    assert_eq!(not_his["kind"], "not_yours");
    assert_eq!(bench.tell("message.passed", json!({"ref": "a", "by": "agent"})).await, json!({}));
    assert_eq!(bench.should_be()[0]["state"], "suspended");
    assert_eq!(bench.tell("message.passed", json!({"ref": "a", "by": "customer"})).await, json!({}));
    assert_eq!(bench.should_be(), [json!({"state": "queued", "queue": "@ana"})]);
    bench.tell("contact.abandoned", json!({"ref": "a"})).await;

    let call = bench.connect("b", "voice").await;
    let spoken = bench.ask("contact.suspend", json!({ "contact": call })).await;
    let expected = json!({"kind": "invalid_field", "field": "contact", "expected": "a chat, an email or a task"});
    assert_eq!(spoken, expected);
    let passed = bench.tell("message.passed", json!({"ref": "b", "by": "customer"})).await;
    assert_eq!((&passed["kind"], &passed["field"]), (&json!("invalid_field"), &json!("contact")));
    let unknown = bench.tell("message.passed", json!({"ref": "nobody", "by": "customer"})).await;
    assert_eq!(unknown, json!({"kind": "unknown_ref", "ref": "nobody"}));
}

#[tokio::test]
async fn a_promised_call_is_to_be_called_then_placed_and_its_name_is_the_servers() {
    let mut bench = Bench::new(ExitRules::default());
    bench.hire(PhoneMode::Console);
    let call = bench.connect("a", "voice").await;
    let schedule = "callback.schedule";
    let nowhere = bench.ask(schedule, json!({"contact": call, "queue": "silver"})).await;
    assert_eq!(nowhere, json!({"kind": "unknown_queue", "queue": "silver"}));
    let past = bench.ask(schedule, json!({"contact": call, "due": "2026-11-22T08:00:00Z"})).await;
    assert_eq!((&past["kind"], &past["field"]), (&json!("invalid_field"), &json!("due")));
    let unknown = bench.ask(schedule, json!({"contact": "paris-999"})).await;
    assert_eq!(unknown["kind"], "unknown_contact");
    assert_eq!(bench.ask(schedule, json!({"contact": call, "to": "+33699999999", "by_me": true})).await, json!({}));
    assert_eq!(bench.should_be()[1], json!({"state": "to_be_called"}));
    assert_eq!(bench.tell("contact.ended", json!({"ref": "a", "by": "customer"})).await, json!({}));
    let offer = bench.open_offer();
    bench.does(Action::AcceptOffer { agent: ana(), offer });
    assert_eq!(bench.should_be()[0], json!({"state": "to_be_called"}), "the call is not cleared");
    let attempt = AttemptId(bench.router.state().next_id - 1);
    bench.does(Action::ClearAttempt { attempt });
    let [placing] = &bench.should_be()[..] else { panic!("{:?}", bench.should_be()) };
    let order = placing["order"].clone();
    let expected = json!({"state": "placing", "order": order, "to": "+33699999999", "agent": "ana",
        "endpoint": "SIP/1", "first": "agent", "ring_for_ms": 30_000, "not_after": "2026-11-22T09:00:20.000Z", "auto_answer": true});
    assert_eq!(*placing, expected);
    let contact = bench.router.state().contacts.iter().map(|(id, _)| *id).min().unwrap();
    let progress = |order: &Value, progress: &str| json!({"order": order, "progress": progress});
    let gone = bench.tell("call.progress", progress(&json!("7"), "busy")).await;
    assert_eq!(gone, json!({"kind": "too_late"}));
    let unknown = bench.tell("call.progress", progress(&json!("seven"), "busy")).await;
    assert_eq!(unknown, json!({"kind": "unknown_order", "order": "seven"}));
    assert_eq!(bench.tell("call.progress", progress(&order, "ringing")).await, json!({}));
    assert_eq!(bench.tell("call.progress", progress(&order, "answered")).await, json!({}));
    let name = format!("callback-{contact}");
    assert_eq!(bench.tell("contact.connected", json!({"ref": name, "order": order})).await, json!({}));
    assert_eq!(bench.should_be()[0]["state"], "connected");
    assert_eq!(bench.tell("contact.ended", json!({"ref": name, "by": "customer"})).await, json!({}));
    assert_eq!(bench.should_be(), [json!(null); 0]);
}
