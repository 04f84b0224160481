//! The live board against hand-made days and random histories recounted the slow way.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::activity::Activity;
use super::counts::VisitCounts;
use super::figures::AgentFigures;
use super::histories::{History, SHORT_ABANDON, agent, queue, random_history};
use super::intervals::Intervals;
use super::live_board::Board;
use crate::routing::command::{Action, EndedBy, Presence};
use crate::routing::event::{AgentChange, Event, Fact, OfferOutcome, Reach, VisitEnd};
use crate::routing::ids::{ContactId, ContactRef, EventNo, GatewayId, QueueId};
use crate::routing::router::ContactRouter;
use crate::routing::rule_set::{Channel, EntryRule, ExitAction, ExitKey, ExitRules, QueueRules, RuleSet};
use crate::routing::time::{Millis, Timestamp};

fn seconds(n: i64) -> Timestamp {
    Timestamp(n * 1_000)
}

fn fold(events: &[Event]) -> Board {
    let mut board = Board::new();
    for event in events {
        board.evolve(event);
    }
    board
}

fn ana(history: &History, at: Timestamp) -> AgentFigures {
    fold(&history.events).agent(&agent("ana"), at).unwrap()
}

/// A morning: one call answered after 30 s and wrapped up, one abandoned after 3 s, one waiting.
fn morning() -> History {
    let mut day = History::default();
    day.rules(seconds(0), &["sales"]);
    day.presence(seconds(10), 0, Presence::Available);
    let first = day.arrive(seconds(20), "sales");
    day.offer(seconds(45), first, 0);
    day.accept(seconds(50), first);
    day.connected(seconds(50), first);
    let second = day.arrive(seconds(60), "sales");
    day.abandon(seconds(63), second);
    day.finish(seconds(150), first, true, None);
    day.arrive(seconds(160), "sales");
    day.finish_wrap_up(seconds(170), 0);
    day
}

#[test]
fn a_morning_by_hand() {
    let board = fold(&morning().events);
    let sales = board.queue(&queue("sales")).unwrap();
    let expected = VisitCounts {
        entered: 3,
        answered: 1,
        abandoned: 1,
        abandoned_within: 1,
        short_abandoned: 1,
        waiting: 1,
        ..VisitCounts::default()
    };
    assert_eq!(sales.rates.visits, expected, "30 s is not within 20 s");
    assert_eq!(sales.rates.service_level, Some(0.0));
    assert_eq!(sales.rates.average_speed_of_answer, Some(Millis::seconds(30)));
    assert_eq!(sales.rates.average_handle_time, Some(Millis::seconds(120)), "100 s of talk, 20 s of wrap-up");
    assert_eq!(sales.rates.abandonment, Some(0.5));
    assert_eq!(sales.longest_waiting_since, Some(seconds(160)));
    assert_eq!((sales.waiting, sales.offered, sales.connecting, sales.talking, sales.wrap_up), (1, 0, 0, 0, 0));
    assert_eq!((sales.agents.idle, sales.agents.logged_in()), (1, 1));
    let ana = board.agent(&agent("ana"), seconds(200)).unwrap();
    assert_eq!((ana.handled.segments, ana.in_hand, ana.activity), (1, 0, Activity::Idle));
    assert_eq!((ana.busy, ana.available), (Millis::seconds(120), Millis::seconds(40 + 30)));
    assert_eq!(ana.occupancy, Some(120.0 / 190.0));
    assert_eq!(ana.activity_since, seconds(170));
    let centre = board.centre();
    assert_eq!((centre.since, centre.rates.visits.entered, centre.agents.idle), (seconds(0), 3, 1));
}

#[test]
fn a_new_day_keeps_who_waits_and_forgets_the_rest() {
    let mut board = fold(&morning().events);
    let midnight = seconds(86_400);
    board.pass_days(midnight - Millis(1));
    assert_eq!(board.centre().since, seconds(0));
    board.pass_days(midnight + Millis::seconds(5));
    assert_eq!((board.centre().since, board.day_ends()), (midnight, Some(seconds(2 * 86_400))));
    let sales = board.queue(&queue("sales")).unwrap();
    let carried = VisitCounts { carried_in: 1, waiting: 1, ..VisitCounts::default() };
    assert_eq!((sales.rates.visits, sales.rates.service_level), (carried, None));
    let ana = board.agent(&agent("ana"), midnight + Millis::seconds(30)).unwrap();
    assert_eq!((ana.handled.segments, ana.busy, ana.available), (0, Millis::ZERO, Millis::seconds(30)));
    assert!(board.changed_since(board.mark() - 1, midnight).whole);
    assert!(!board.changed_since(board.mark(), midnight).whole);
}

#[test]
fn who_looks_at_midnight_and_who_looks_after_the_next_event_see_the_same() {
    let mut day = morning();
    let (midnight, later) = (seconds(86_400), seconds(90_000));
    let mut looked = fold(&day.events);
    looked.pass_days(midnight);
    let before = day.events.len();
    day.arrive(later, "sales");
    day.events[before..].iter().for_each(|event| looked.evolve(event));
    assert!(looked == fold(&day.events));
}

#[test]
fn the_trend_of_the_centre_and_of_its_queue_hold_the_same_morning() {
    let board = fold(&morning().events);
    let spans = board.trend(&queue("sales"), seconds(0), seconds(400));
    assert_eq!(spans, board.centre_trend(seconds(0), seconds(400)));
    assert_eq!(spans.len(), 2);
    let visits = board.queue(&queue("sales")).unwrap().rates.visits;
    assert_eq!((spans[0].visits, spans[0].waiting_max), (visits, 1));
    assert_eq!(spans[1].visits, VisitCounts { waiting: 1, ..VisitCounts::default() });
}

#[test]
fn a_contact_that_is_passed_on_counts_once_in_the_centre() {
    let mut day = History::default();
    day.rules(seconds(0), &["sales", "support"]);
    day.presence(seconds(0), 0, Presence::Available);
    let contact = day.arrive(seconds(10), "sales");
    day.offer(seconds(10), contact, 0);
    day.accept(seconds(10), contact);
    day.connected(seconds(12), contact);
    day.finish(seconds(60), contact, false, Some("support"));
    day.abandon(seconds(90), contact);
    let board = fold(&day.events);
    let centre = board.centre().rates.visits;
    assert_eq!((centre.entered, centre.answered, centre.answered_within, centre.abandoned), (1, 1, 1, 0));
    let support = board.queue(&queue("support")).unwrap().rates.visits;
    assert_eq!((support.entered, support.abandoned, support.abandoned_within), (1, 1, 0));
}

#[test]
fn activity_is_derived_by_precedence() {
    let at = seconds(100);
    let mut day = History::default();
    day.rules(seconds(0), &["sales"]);
    assert_eq!(ana(&day, at).activity, Activity::Idle, "offline");
    day.presence(seconds(1), 0, Presence::Available);
    let first = day.arrive(seconds(2), "sales");
    day.offer(seconds(2), first, 0);
    assert_eq!(ana(&day, at).activity, Activity::Offered);
    day.accept(seconds(3), first);
    assert_eq!((ana(&day, at).activity, ana(&day, at).in_hand), (Activity::Busy, 1), "connecting");
    day.connected(seconds(4), first);
    let second = day.arrive(seconds(5), "sales");
    day.offer(seconds(5), second, 0);
    assert_eq!(ana(&day, at).activity, Activity::Offered, "before busy");
    day.end_offer(seconds(6), second, OfferOutcome::Expired);
    assert_eq!(ana(&day, at).activity, Activity::Busy);
    day.finish(seconds(7), first, true, None);
    assert_eq!(ana(&day, at).activity, Activity::WrapUp);
    day.agent_changed(seconds(8), 0, (Presence::Available, Reach::Here, false), AgentChange::Missed);
    assert_eq!(ana(&day, at).activity, Activity::NotResponding);
    let away = Reach::Away { until: seconds(40) };
    day.agent_changed(seconds(9), 0, (Presence::Available, away, false), AgentChange::OfferUndelivered);
    assert_eq!(ana(&day, at).activity, Activity::Unreachable, "no grace after an undelivered offer");
    day.agent_changed(seconds(10), 0, (Presence::Available, Reach::Here, true), AgentChange::HeardFrom);
    day.agent_changed(seconds(11), 0, (Presence::Available, away, true), AgentChange::ConsoleClosed);
    assert_eq!(ana(&day, at).activity, Activity::WrapUp, "a lost console has its grace");
    let until = seconds(400);
    day.agent_changed(
        seconds(40),
        0,
        (Presence::Available, Reach::Unreachable { until }, true),
        AgentChange::GraceOver,
    );
    let board = fold(&day.events);
    assert_eq!(board.agent(&agent("ana"), at).unwrap().activity, Activity::Unreachable);
    assert_eq!((board.centre().agents.unreachable, board.centre().agents.logged_in()), (1, 0));
}

#[test]
fn while_the_server_was_down_nobody_was_available() {
    let mut day = History::default();
    day.rules(seconds(0), &["sales"]);
    day.presence(seconds(0), 0, Presence::Available);
    let contact = day.arrive(seconds(50), "sales");
    day.offer(seconds(50), contact, 0);
    day.resume(seconds(130), Millis::seconds(30));
    let resumed = ana(&day, seconds(150));
    assert_eq!((resumed.reach, resumed.available), (Reach::Away { until: seconds(190) }, Millis::seconds(100)));
    assert_eq!(resumed.activity, Activity::Idle);
    day.agent_changed(seconds(160), 0, (Presence::Available, Reach::Here, true), AgentChange::ConsoleOpened);
    assert_eq!(ana(&day, seconds(170)).available, Millis::seconds(110));
    let board = fold(&day.events);
    assert_eq!(board.centre().down_for, Millis::seconds(30));
    let sales = board.queue(&queue("sales")).unwrap();
    assert_eq!((sales.waiting, sales.offered, sales.longest_waiting_since), (1, 0, Some(seconds(50))));
}

#[test]
fn a_reader_gets_the_rows_that_changed_and_no_others() {
    let mut day = History::default();
    day.rules(seconds(0), &["sales", "support"]);
    day.presence(seconds(0), 0, Presence::NotReady { reason: Arc::from("lunch") });
    let mut board = fold(&day.events);
    let mark = board.mark();
    let known = day.events.len();
    day.arrive(seconds(5), "support");
    day.events[known..].iter().for_each(|event| board.evolve(event));
    let changes = board.changed_since(mark, seconds(6));
    let queues: Vec<&str> = changes.queues.iter().map(|row| row.queue.as_str()).collect();
    assert_eq!((queues.as_slice(), changes.agents.len(), changes.whole), (["support"].as_slice(), 0, false));
    assert_eq!(board.changed_since(changes.mark, seconds(6)).queues, []);
}

/// The slow way: everything counted again from the first event.
#[derive(Default)]
struct Recount {
    queues: BTreeMap<QueueId, VisitCounts>,
    open: BTreeMap<ContactId, (QueueId, Timestamp)>,
}

fn recount(events: &[Event]) -> Recount {
    let mut recount = Recount::default();
    for event in events {
        match &event.fact {
            Fact::ContactQueued { contact, queue, .. } => {
                recount.open.insert(*contact, (queue.clone(), event.at));
                recount.queues.entry(queue.clone()).or_default().entered += 1;
            }
            Fact::VisitEnded { contact, end, .. } => {
                let (queue, entered_at) = recount.open.remove(contact).unwrap();
                let counts = recount.queues.get_mut(&queue).unwrap();
                let waited = event.at.since(entered_at);
                let in_time = u64::from(waited.0 <= 20_000);
                match end {
                    VisitEnd::Answered => {
                        counts.answered += 1;
                        counts.answered_within += in_time;
                    }
                    VisitEnd::Abandoned { .. } => {
                        counts.abandoned += 1;
                        counts.abandoned_within += in_time;
                        counts.short_abandoned += u64::from(waited < SHORT_ABANDON);
                    }
                    VisitEnd::Withdrawn => counts.withdrawn += 1,
                    VisitEnd::LostByGateway => counts.lost += 1,
                    VisitEnd::FlowedOut | VisitEnd::CallbackRequested => unreachable!("the histories have none"),
                }
            }
            _ => {}
        }
    }
    for (queue, _) in recount.open.values() {
        recount.queues.get_mut(queue).unwrap().waiting += 1;
    }
    recount
}

fn check_against_recount(board: &Board, events: &[Event], seed: u64) {
    let recount = recount(events);
    for row in board.queues() {
        let expected = recount.queues.get(&row.queue).copied().unwrap_or_default();
        assert_eq!(row.rates.visits, expected, "seed {seed}, {}", row.queue);
        let oldest = recount.open.values().filter(|(queue, _)| *queue == row.queue).map(|(_, at)| *at).min();
        assert_eq!(row.longest_waiting_since, oldest, "seed {seed}, {}", row.queue);
    }
    for queue in recount.queues.keys() {
        assert!(board.queue(queue).is_some(), "seed {seed}: a queue with counts is shown");
    }
}

#[test]
fn the_balance_holds_at_every_event_and_the_counts_are_the_slow_ones() {
    for seed in 0..40 {
        let history = random_history(seed, 300);
        let mut board = Board::new();
        for (index, event) in history.events.iter().enumerate() {
            board.evolve(event);
            for row in board.queues() {
                assert!(row.rates.visits.balances(), "seed {seed}, event {}: {row:?}", index + 1);
                assert!(u64::from(row.offered + row.connecting) <= row.waiting, "seed {seed}, event {}", index + 1);
            }
            assert!(board.centre().rates.visits.balances(), "seed {seed}, event {}", index + 1);
            if index % 37 == 0 {
                check_against_recount(&board, &history.events[..=index], seed);
            }
        }
        check_against_recount(&board, &history.events, seed);
        check_totals(&board, history.events.last().unwrap().at, seed);
    }
}

/// The journal of two callers who leave their queue for voicemail by a key; the first one's does not
/// begin, so that he waits again, and the second one speaks.
fn two_leave_for_voicemail() -> Vec<Event> {
    let key = ExitKey::try_from('1').unwrap();
    let exits = ExitRules { keys: [(key, ExitAction::Voicemail { mailbox: None })].into(), ..ExitRules::default() };
    let sales = queue("sales");
    let rules = RuleSet {
        entry: vec![EntryRule {
            name: Arc::from("all"),
            when: None,
            queue: sales.clone(),
            agent: None,
            skills: Default::default(),
            priority: 0,
        }],
        queues: [(sales, Arc::new(QueueRules { exits, ..QueueRules::default() }))].into(),
        ..RuleSet::default()
    };
    let gateway = GatewayId::new("g").unwrap();
    let reference = |name| ContactRef::new(name).unwrap();
    let arrived = |name| Action::ContactArrived {
        gateway: gateway.clone(),
        reference: reference(name),
        channel: Channel::Voice,
        direction: Default::default(),
        from: None,
        to: None,
        attributes: Default::default(),
        event: 0,
    };
    let pressed = |name| Action::ExitKeyPressed { gateway: gateway.clone(), reference: reference(name), key, event: 0 };
    let mut router = ContactRouter::new();
    let mut journal = router.handle(Action::ReplaceRules { rules: Arc::new(rules) }.into(), seconds(0)).unwrap();
    for (at, action) in [(10, arrived("a")), (10, arrived("b")), (20, pressed("a")), (30, pressed("b"))] {
        journal.extend(router.handle(action.into(), seconds(at)).unwrap());
    }
    let order = router.event_no().0 - 1;
    let done = Action::OrderDone { gateway: gateway.clone(), order: EventNo(order), event: 0 };
    journal.extend(router.handle(done.into(), seconds(31)).unwrap());
    journal.extend(router.advance_to(seconds(60)));
    let ended = |name| Action::ContactEnded {
        gateway: gateway.clone(),
        reference: reference(name),
        by: EndedBy::Customer,
        event: 0,
    };
    for name in ["b", "a"] {
        journal.extend(router.handle(ended(name).into(), seconds(90)).unwrap());
    }
    journal
}

#[test]
fn who_leaves_for_voicemail_flows_out_and_counts_once_in_the_centre() {
    let journal = two_leave_for_voicemail();
    let mut board = Board::new();
    let mut centre = Vec::new();
    for event in &journal {
        board.evolve(event);
        let visits = board.centre().rates.visits;
        assert!(visits.balances() && board.queues().all(|row| row.rates.visits.balances()));
        if matches!(event.fact, Fact::VoicemailBegun { .. } | Fact::ExitFailed { .. } | Fact::ContactEnded { .. }) {
            centre.push((visits.flowed_out, visits.abandoned, visits.waiting));
        }
    }
    assert_eq!(centre, [(1, 0, 1), (1, 0, 1), (1, 0, 1), (1, 1, 0)], "b speaks, a waits again, b ends, a gives up");
    let sales = board.queue(&queue("sales")).unwrap().rates.visits;
    let counts = (sales.entered, sales.flowed_out, sales.abandoned, sales.waiting);
    assert_eq!(counts, (3, 2, 1, 0), "the one who came back has entered twice");
    let mut intervals = Intervals::default();
    journal.iter().for_each(|event| intervals.evolve(event));
    assert_eq!(intervals.open()[&queue("sales")].visits, sales);
}

/// The totals that are kept in step, counted again from the rows.
fn check_totals(board: &Board, at: Timestamp, seed: u64) {
    let agents: Vec<AgentFigures> = board.agents(at).collect();
    let count = |activity| agents.iter().filter(|row| row.activity == activity).count();
    let totals = board.centre().agents;
    assert_eq!(totals.offered as usize, count(Activity::Offered), "seed {seed}");
    assert_eq!(totals.busy as usize, count(Activity::Busy), "seed {seed}");
    assert_eq!(totals.wrap_up as usize, count(Activity::WrapUp), "seed {seed}");
    let talking: u32 = board.queues().map(|row| row.talking + row.connecting + row.wrap_up).sum();
    assert_eq!(agents.iter().map(|row| row.in_hand).sum::<u32>(), talking, "seed {seed}");
}

#[test]
fn a_snapshot_and_the_tail_are_the_whole_fold() {
    for seed in 0..25 {
        let events = random_history(seed, 250).events;
        let whole = fold(&events);
        for cut in (0..events.len()).step_by(41) {
            let bytes = postcard::to_stdvec(&fold(&events[..cut])).unwrap();
            let mut board: Board = postcard::from_bytes(&bytes).unwrap();
            assert_eq!(serde_json::from_slice::<Board>(&serde_json::to_vec(&board).unwrap()).unwrap(), board);
            events[cut..].iter().for_each(|event| board.evolve(event));
            assert_eq!(board, whole, "seed {seed}, cut at {cut}");
        }
    }
}

#[test]
fn deltas_on_a_snapshot_are_the_whole_board() {
    for seed in 0..25 {
        let history = random_history(seed, 250);
        let mut board = Board::new();
        let (mut mark, mut shown) = (board.mark(), BTreeMap::new());
        for (index, event) in history.events.iter().enumerate() {
            board.evolve(event);
            if index % 5 == 0 {
                let changes = board.changed_since(mark, event.at);
                if changes.whole {
                    shown.clear();
                }
                shown.extend(changes.queues.into_iter().map(|row| (row.queue.clone(), row)));
                mark = changes.mark;
                let now: BTreeMap<_, _> = board.queues().map(|row| (row.queue.clone(), row)).collect();
                assert_eq!(shown, now, "seed {seed}, event {}", index + 1);
            }
        }
    }
}
