//! A journal on disk, asked about its past.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Hindsight, HindsightError};
use crate::explanation::decision::{Decision, decision_in};
use crate::explanation::overtakings::Period;
use crate::journal::{Journal, LiveState, Place, SqlJournal, recover, save};
use crate::routing::command::Action;
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{AgentId, ContactId, EventNo};
use crate::routing::router::ContactRouter;
use crate::routing::time::Timestamp;

/// Events of one batch, so that decisions stand in the middle of rows, too.
const BATCH: usize = 3;

/// A centre's morning: two entry rules, a step, an offer declined, one overtaken, one still waiting.
fn morning() -> Vec<Event> {
    let rules = json!({
        "site": { "acknowledge_within": 600_000 },
        "entry": [
            { "name": "gold customers", "queue": "gold", "when": "customer.tier == 'gold'" },
            { "name": "everyone", "queue": "general" },
        ],
        "queues": {
            "gold": { "strict": true },
            "general": {
                "skills": { "billing": 5 }, "steps": [{ "after": 20_000, "skills": { "billing": 1 } }],
                "exits": { "max_wait": { "after": 600_000, "action": "hang_up" } },
            },
        },
        "agents": { "ana": { "skills": { "billing": 7 } }, "ben": { "skills": { "billing": 2 } } },
    });
    let calls = |reference: &str, tier: &str| {
        let attributes = json!({ "customer": { "tier": tier } });
        json!({ "contact_arrived": { "gateway": "g", "ref": reference, "channel": "voice",
            "from": "+33600000001", "attributes": attributes } })
    };
    let available = |agent: &str| json!({ "set_presence": { "agent": agent, "presence": "available" } });
    let mut router = ContactRouter::new();
    let mut events: Vec<Event> = Vec::new();
    let offered_to = |events: &[Event], who: &str| {
        let last = events.iter().rev().find_map(|event| match &event.fact {
            Fact::ContactOffered { agent, offer, .. } if agent.as_str() == who => Some(offer.0),
            _ => None,
        });
        last.unwrap()
    };
    type Told<'a> = Box<dyn Fn(&[Event]) -> Value + 'a>;
    let told: Vec<(i64, Told<'_>)> = vec![
        (0, Box::new(move |_| json!({ "replace_rules": { "rules": rules } }))),
        (1, Box::new(move |_| available("ben"))),
        (2, Box::new(move |_| calls("plain", "none"))),
        (3, Box::new(move |_| available("ana"))),
        (
            5,
            Box::new(
                |seen| json!({ "decline_offer": { "agent": "ana", "offer": offered_to(seen, "ana"), "reason": "lunch" } }),
            ),
        ),
        (6, Box::new(move |_| calls("rich", "gold"))),
        (8, Box::new(|seen| json!({ "accept_offer": { "agent": "ben", "offer": offered_to(seen, "ben") } }))),
        (9, Box::new(|_| json!({ "contact_connected": { "gateway": "g", "ref": "rich" } }))),
        (
            21,
            Box::new(
                |seen| json!({ "decline_offer": { "agent": "ana", "offer": offered_to(seen, "ana"), "reason": null } }),
            ),
        ),
        (35, Box::new(move |_| calls("rich-2", "gold"))),
        (36, Box::new(|seen| json!({ "accept_offer": { "agent": "ana", "offer": offered_to(seen, "ana") } }))),
        (37, Box::new(|_| json!({ "contact_connected": { "gateway": "g", "ref": "rich-2" } }))),
        (40, Box::new(|_| json!({ "contact_ended": { "gateway": "g", "ref": "rich", "by": "customer" } }))),
        (41, Box::new(|seen| json!({ "accept_offer": { "agent": "ben", "offer": offered_to(seen, "ben") } }))),
        (42, Box::new(|_| json!({ "contact_connected": { "gateway": "g", "ref": "plain" } }))),
        (45, Box::new(|_| json!({ "contact_ended": { "gateway": "g", "ref": "plain", "by": "customer" } }))),
        (46, Box::new(|_| json!({ "contact_ended": { "gateway": "g", "ref": "rich-2", "by": "customer" } }))),
        (47, Box::new(|_| json!({ "set_presence": { "agent": "ana", "presence": "offline" } }))),
        (50, Box::new(move |_| calls("late", "none"))),
    ];
    for (at_s, action) in told {
        let at = Timestamp(1_700_000_000_000 + at_s * 1_000);
        events.extend(router.advance_to(at));
        let action: Action = serde_json::from_value(action(&events)).unwrap();
        events.extend(router.handle(action.into(), at).unwrap());
    }
    events
}

/// The same morning as a journal in a folder, a snapshot in the middle.
pub(crate) async fn journal_in(folder: &Path) -> Vec<Event> {
    let events = morning();
    let journal = SqlJournal::open(&Place::Sqlite { folder: folder.to_owned() }).await.unwrap();
    let (epoch, mut last) = journal.acquire().await.unwrap();
    for (no, batch) in events.chunks(BATCH).enumerate() {
        last = journal.append(epoch, last, batch).await.unwrap();
        if no == events.len() / BATCH / 2 {
            let recovered = recover::<LiveState>(&journal).await.unwrap();
            save(&recovered.state, &journal, recovered.event_no).await.unwrap();
        }
    }
    assert_eq!(last.0, events.len() as u64);
    journal.close().await.unwrap();
    events
}

async fn ground() -> (TempDir, Vec<Event>, Arc<SqlJournal>) {
    let folder = tempfile::tempdir().unwrap();
    let events = journal_in(folder.path()).await;
    let journal = SqlJournal::open_to_read(&Place::Sqlite { folder: folder.path().to_owned() }).await.unwrap();
    (folder, events, Arc::new(journal))
}

/// The number of the contact that arrived under this reference.
pub(crate) fn numbered(events: &[Event], reference: &str) -> ContactId {
    let arrived = events.iter().find_map(|event| match &event.fact {
        Fact::ContactArrived { contact, reference: of, .. } if of.as_str() == reference => Some(*contact),
        _ => None,
    });
    arrived.unwrap()
}

#[tokio::test]
async fn every_decision_of_the_journal_is_found_and_agrees() {
    let (_folder, events, journal) = ground().await;
    let hindsight = Hindsight::unbounded(journal);
    let mut kinds = Vec::new();
    for (no, event) in (1..).zip(&events) {
        let Some((contact, decision)) = decision_in(&event.fact) else { continue };
        let explained = hindsight.contact(contact, Some(EventNo(no))).await.unwrap();
        assert_eq!((explained.event, explained.at, explained.agrees), (EventNo(no), event.at, Some(true)), "{event:?}");
        assert_eq!(explained.decision, decision);
        let story = hindsight.story(contact).await.unwrap();
        assert!(story.decisions().iter().any(|decided| decided.event == EventNo(no)));
        kinds.push(decision);
    }
    assert!(kinds.iter().any(|decision| matches!(decision, Decision::Entered { .. })));
    assert!(kinds.iter().any(|decision| matches!(decision, Decision::Offered { .. })));
    assert!(kinds.iter().any(|decision| matches!(decision, Decision::StepTaken { .. })));
}

#[tokio::test]
async fn a_story_has_all_events_of_its_contact_and_no_other() {
    let (_folder, events, journal) = ground().await;
    let hindsight = Hindsight::unbounded(journal);
    for (reference, has_ended) in [("plain", true), ("rich", true), ("late", false)] {
        let contact = numbered(&events, reference);
        let story = hindsight.story(contact).await.unwrap();
        let own = |(_, event): &(u64, &Event)| event.fact.contact() == Some(contact);
        let expected: Vec<u64> = (1..).zip(&events).filter(own).map(|(no, _)| no).collect();
        let got: Vec<u64> = story.events.iter().map(|(no, _)| no.0).collect();
        assert_eq!(got, expected, "{reference}");
        assert_eq!(story.has_ended, has_ended, "{reference}");
    }
}

#[tokio::test]
async fn now_is_the_end_of_the_journal_and_overtakings_are_those_of_its_events() {
    let (_folder, events, journal) = ground().await;
    let hindsight = Hindsight::unbounded(journal);
    let now = hindsight.now().await.unwrap();
    assert_eq!(now.event.0, events.len() as u64);
    assert!(now.contact(numbered(&events, "late")).is_some() && now.contact(numbered(&events, "plain")).is_none());
    assert!(now.agent(&AgentId::new("ben").unwrap()).is_some());
    let report = hindsight.overtakings(Period::default()).await.unwrap();
    assert_eq!((report.accepted, report.overtook, report.counts.len()), (3, 1, 1), "{report:?}");
    let before = Period { from: None, to: Some(Timestamp(0)) };
    assert_eq!(hindsight.overtakings(before).await.unwrap().accepted, 0);
}

#[tokio::test]
async fn what_cannot_be_answered_says_what_is_wrong() {
    let (_folder, events, journal) = ground().await;
    let hindsight = Hindsight::unbounded(Arc::clone(&journal));
    let (plain, rich) = (numbered(&events, "plain"), numbered(&events, "rich"));
    let last = EventNo(events.len() as u64);
    let of = |event: u64| hindsight.contact(plain, Some(EventNo(event)));
    assert!(matches!(of(last.0 + 1).await, Err(HindsightError::Beyond { last: l }) if l == last));
    assert!(
        matches!(of(1).await, Err(HindsightError::NotADecision { .. })),
        "new rules are no decision about a contact"
    );
    assert!(matches!(of(0).await, Err(HindsightError::NotADecision { .. })));
    let offered = hindsight.contact(plain, None).await.unwrap();
    let other = hindsight.contact(rich, Some(offered.event)).await;
    assert!(matches!(other, Err(HindsightError::OtherContact { contact, .. }) if contact == plain));
    // The number of a visit is no contact's.
    for unknown in [ContactId(0), ContactId(plain.0 + 1), ContactId(999_999)] {
        assert!(matches!(hindsight.story(unknown).await, Err(HindsightError::UnknownContact { .. })), "{unknown}");
    }
    let nobody = AgentId::new("nobody").unwrap();
    assert!(matches!(hindsight.agent(&nobody, offered.event).await, Err(HindsightError::UnknownAgent { .. })));
    let near = Hindsight::folding_at_most(1, journal);
    assert!(matches!(
        near.contact(plain, Some(offered.event)).await,
        Err(HindsightError::TooFarBack { events_max: 1 })
    ));
    let (first, second) = tokio::join!(hindsight.now(), hindsight.now());
    assert!(first.is_ok() && matches!(second, Err(HindsightError::Busy)), "one question at a time");
}
