//! Recovery: snapshot and tail make the same state as all events.

use std::collections::BTreeSet;

use super::*;
use crate::journal::{Fold, LiveState, advance, prune, recover, recover_at, save};
use crate::routing::command::{Action, PresenceWhen};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{AgentRules, EntryRule, QueueRules, RuleSet};

on_both!(
    snapshot_and_tail_are_the_whole_journal,
    a_snapshot_of_another_shape_is_folded_anew,
    a_fold_stops_where_told,
    the_state_after_any_event_comes_back,
    the_live_state_comes_back_as_it_was
);

/// Remembers every event it saw.
#[derive(Debug, PartialEq)]
pub(super) struct Seen<const VERSION: u32>(pub(super) Vec<Event>);

impl<const VERSION: u32> Fold for Seen<VERSION> {
    type Snapshot = Vec<(ContactId, PersonalDetails, i64, String)>;
    const SNAPSHOT_VERSION: u32 = VERSION;

    fn empty() -> Self {
        Seen(Vec::new())
    }

    fn evolve(&mut self, event: &Event) {
        self.0.push(event.clone());
    }

    fn snapshot(&self) -> Self::Snapshot {
        let parts = self.0.iter().cloned().map(|mut event| {
            let text = serde_json::to_string(&event).unwrap();
            let personal = event.fact.personal_mut();
            let (contact, details) = personal.map_or((ContactId(0), Personal::Erased), |(c, d)| (c, d.clone()));
            (contact, details, event.at.0, text)
        });
        parts.collect()
    }

    fn restore(snapshot: Self::Snapshot) -> Self {
        let events = snapshot.into_iter().map(|(contact, details, _, text)| {
            let mut event: Event = serde_json::from_str(&text).unwrap();
            if contact != ContactId(0) {
                *event.fact.personal_mut().unwrap().1 = details;
            }
            event
        });
        Seen(events.collect())
    }

    fn contacts_in(snapshot: &Self::Snapshot) -> BTreeSet<ContactId> {
        snapshot.iter().map(|(contact, ..)| *contact).collect()
    }

    fn personal_in(snapshot: &mut Self::Snapshot) -> Vec<(ContactId, &mut PersonalDetails)> {
        snapshot.iter_mut().map(|(contact, details, ..)| (*contact, details)).collect()
    }
}

async fn snapshot_and_tail_are_the_whole_journal(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let nothing = recover::<Seen<1>>(&journal).await.unwrap();
    assert_eq!((nothing.state.0.len(), nothing.event_no, nothing.last_event_at), (0, EventNo::ZERO, None));
    for saved_at in [0, 1, 7, 20] {
        let from = saved_at * 2;
        let last = tell(&journal, epoch, from, from + saved_at).await;
        if saved_at > 0 {
            save(&Seen::<1>(story(from + saved_at)), &journal, last).await.unwrap();
            let recovered = recover::<Seen<1>>(&journal).await.unwrap();
            assert_eq!((recovered.snapshot_no, recovered.event_no), (last, last));
            assert_eq!(recovered.last_event_at, story(from + saved_at).last().map(|event| event.at));
            assert_eq!(recovered.state.0, story(from + saved_at));
        }
        tell(&journal, epoch, from + saved_at, from + 2 * saved_at).await;
        let next = [(0, 2), (1, 14), (7, 40), (20, 80)].iter().find(|(at, _)| *at == saved_at).unwrap().1;
        tell(&journal, epoch, from + 2 * saved_at, next).await;
        let recovered = recover::<Seen<1>>(&journal).await.unwrap();
        assert_eq!(recovered.state.0, story(next), "snapshot after {saved_at}");
        assert_eq!(recovered.event_no.0, recovered.state.0.len() as u64);
    }
}

async fn a_snapshot_of_another_shape_is_folded_anew(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 9).await;
    save(&Seen::<1>(story(9)), &journal, last).await.unwrap();
    let recovered = recover::<Seen<2>>(&journal).await.unwrap();
    assert_eq!((recovered.snapshot_no, recovered.state.0), (EventNo::ZERO, story(9)));
    assert_eq!(recover::<Seen<1>>(&journal).await.unwrap().snapshot_no, last);
}

async fn a_fold_stops_where_told(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    tell(&journal, epoch, 0, 9).await;
    let mut state = Seen::<1>::empty();
    for (upto, stands, batches) in [(0, 0, 0), (2, 1, 1), (6, 6, 3), (17, 15, 8), (99, 18, 9)] {
        let from = EventNo(state.0.len() as u64);
        let event_no = advance(&mut state, &journal, from, EventNo(upto)).await.unwrap();
        assert_eq!((event_no, &state.0), (EventNo(stands), &story(batches)), "up to {upto}");
    }
}

fn rules() -> RuleSet {
    let queue = QueueId::new("general").unwrap();
    let entry = EntryRule {
        name: Arc::from("all"),
        when: None,
        queue: queue.clone(),
        agent: None,
        skills: Default::default(),
        priority: 0,
    };
    RuleSet {
        calendars: Default::default(),
        site: Default::default(),
        entry: vec![entry],
        queues: [(queue, Arc::new(QueueRules::default()))].into(),
        agents: [(AgentId::new("ana").unwrap(), Arc::new(AgentRules::default()))].into(),
        moved: Default::default(),
    }
}

fn arrival(n: u64) -> Action {
    Action::ContactArrived {
        gateway: GatewayId::new("pbx").unwrap(),
        reference: ContactRef::new(&n.to_string()).unwrap(),
        channel: Channel::Voice,
        direction: Direction::Inbound,
        from: Some(Address(Arc::from(format!("+33612345{n:03}")))),
        to: None,
        attributes: serde_json::from_str(r#"{"customer":{"tier":"gold"},"amount":12.75}"#).unwrap(),
        event: 0,
    }
}

async fn the_live_state_comes_back_as_it_was(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let mut live = LiveState::empty();
    let mut last = EventNo::ZERO;
    for n in 0..60 {
        let agent = AgentId::new("ana").unwrap();
        let action = match n {
            0 => Action::ReplaceRules { rules: Arc::new(rules()) },
            1 => Action::SetPresence { agent, presence: Presence::Available, when: PresenceWhen::Now },
            _ => arrival(n),
        };
        let now = at(n.cast_signed() * 1_000);
        let mut events = live.router.advance_to(now);
        events.extend(live.router.handle(action.into(), now).unwrap());
        events.iter().for_each(|event| live.board.evolve(event));
        last = journal.append(epoch, last, &events).await.unwrap();
        if n == 20 {
            let follower = recover::<LiveState>(&journal).await.unwrap();
            save(&follower.state, &journal, last).await.unwrap();
            assert!(prune::<LiveState>(&journal, EventNo(last.0 - 1)).await.unwrap().is_some());
        }
        if n == 40 {
            ground.tamper("delete from journal_snapshot").await;
        }
        if n % 20 == 19 || n == 20 {
            let recovered = recover::<LiveState>(&journal).await.unwrap();
            assert_eq!((recovered.event_no, recovered.last_event_at), (last, Some(now)));
            assert!(recovered.state.router.snapshot() == live.router.snapshot(), "router after {n}");
            assert!(recovered.state.board == live.board, "board after {n}");
        }
    }
    if let Place::Sqlite { folder } = &ground.place {
        assert!(!lies_in(folder, b"+33612345"), "the snapshot is sealed, too");
    }
}

async fn the_state_after_any_event_comes_back(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let middle = tell(&journal, epoch, 0, 30).await;
    save(&Seen::<1>(story(30)), &journal, middle).await.unwrap();
    let last = tell(&journal, epoch, 30, 50).await;
    let reading = SqlJournal::open_to_read(&ground.place).await.unwrap();
    for event in 0..=last.0 {
        let state = recover_at::<Seen<1>>(&reading, EventNo(event), u64::MAX).await.unwrap().unwrap();
        assert_eq!(state.0, story(50)[..usize::try_from(event).unwrap()], "after event {event}");
    }
    assert_eq!(reading.last_event().await.unwrap(), last);
    let refused = recover_at::<Seen<1>>(&reading, last.plus(1), u64::MAX).await;
    assert!(matches!(refused, Err(ReadError::Beyond { last: l, .. }) if l == last), "{refused:?}");
    let far = EventNo(middle.0 - 1);
    assert_eq!(recover_at::<Seen<1>>(&reading, far, 10).await.unwrap(), None, "no snapshot is near enough");
    assert!(recover_at::<Seen<1>>(&reading, middle.plus(5), 10).await.unwrap().is_some());
    let refused = reading.append(epoch, last, &[agent_changed(1, "ana")]).await;
    assert!(refused.is_err(), "opened to read, it cannot be written");
}
