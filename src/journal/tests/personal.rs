//! Personal data at rest: sealed, one key a contact, and gone for good once erased.

use super::*;
use crate::routing::command::Disposition;

on_both!(
    nothing_of_a_person_lies_in_the_clear,
    a_contact_has_one_key_whoever_remembers_it,
    what_is_erased_stays_erased,
    a_lost_or_changed_key_is_an_error,
    details_of_a_state_are_sealed_and_opened,
);

const CANARY: &str = "+33612345678";

async fn nothing_of_a_person_lies_in_the_clear(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let told = vec![arrived(0, 1, CANARY), updated(1, 1, CANARY), closed(2, 1)];
    journal.append(epoch, EventNo::ZERO, &told).await.unwrap();
    let lying = lying(&journal).await;
    assert_eq!(lying.len(), 3);
    let text = serde_json::to_string(&lying).unwrap();
    for canary in [CANARY, "Zoë", "note of the agent"] {
        assert!(!text.contains(canary), "{canary} in {text}");
        if let Place::Sqlite { folder } = &ground.place {
            assert!(!lies_in(folder, canary.as_bytes()), "{canary}");
        }
    }
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), told);
}

async fn a_contact_has_one_key_whoever_remembers_it(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = journal.append(epoch, EventNo::ZERO, &[arrived(0, 1, CANARY), updated(1, 1, "+1")]).await.unwrap();
    drop(journal);
    let (journal, epoch) = ground.owner().await;
    let last = journal.append(epoch, last, &[updated(2, 1, "+2"), arrived(2, 2, "+3")]).await.unwrap();
    journal.append(epoch, last, &[updated(3, 1, "+4"), agent_changed(3, "ana")]).await.unwrap();
    assert_eq!(ground.count("journal_key").await, 2);
    let told =
        [arrived(0, 1, CANARY), updated(1, 1, "+1"), updated(2, 1, "+2"), arrived(2, 2, "+3"), updated(3, 1, "+4")];
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap()[..5], told);
}

async fn what_is_erased_stays_erased(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = journal.append(epoch, EventNo::ZERO, &[arrived(0, 1, CANARY), arrived(0, 2, "+2")]).await.unwrap();
    let keys = journal.store.keys(&[ContactId(1), ContactId(2)]).await.unwrap();
    let secret = keys.iter().find(|(contact, _)| *contact == 1).and_then(|(_, secret)| secret.clone()).unwrap();
    let on_disk = |canary: &[u8]| match &ground.place {
        Place::Sqlite { folder } => Some(lies_in(folder, canary)),
        Place::Postgres(_) => None,
    };
    assert_ne!(on_disk(&secret), Some(false));

    for _ in 0..2 {
        journal.erase(&[ContactId(1), ContactId(1), ContactId(7)]).await.unwrap();
    }
    assert_ne!(on_disk(&secret), Some(true));
    let last = journal.append(epoch, last, &[updated(1, 1, CANARY), arrived(1, 7, CANARY)]).await.unwrap();
    drop(journal);

    let (journal, epoch) = ground.owner().await;
    journal.append(epoch, last, &[updated(2, 1, CANARY), updated(2, 2, "+3")]).await.unwrap();
    let mut events = read(&journal, EventNo::ZERO).await.unwrap();
    let erased: Vec<bool> =
        events.iter_mut().map(|event| *event.fact.personal_mut().unwrap().1 == Personal::Erased).collect();
    assert_eq!(erased, [true, false, true, false, true, false]);
    assert_ne!(on_disk(CANARY.as_bytes()), Some(true));
    assert_eq!(events[3], arrived(1, 7, CANARY), "erased before it was there");
}

async fn a_lost_or_changed_key_is_an_error(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    journal.append(epoch, EventNo::ZERO, &[arrived(0, 1, CANARY), arrived(0, 2, "+2")]).await.unwrap();
    ground.tamper("update journal_key set secret = (select secret from journal_key where contact = 2)").await;
    let journal = ground.open().await;
    let error = read(&journal, EventNo::ZERO).await.unwrap_err().to_string();
    assert_eq!(error, "the personal data of contact 1 cannot be opened: its key does not fit");
    ground.tamper("delete from journal_key where contact = 1").await;
    let journal = ground.open().await;
    let error = read(&journal, EventNo::ZERO).await.unwrap_err().to_string();
    assert_eq!(error, "the personal data of contact 1 cannot be opened: its key is missing");
}

async fn details_of_a_state_are_sealed_and_opened(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    journal.append(epoch, EventNo::ZERO, &[arrived(0, 1, CANARY), arrived(0, 2, "+2")]).await.unwrap();
    let (mut one, mut two) = (details(CANARY), details("+2"));
    let mut empty = Personal::Plain(Arc::new(Details::default()));
    let mut all = [(ContactId(1), &mut one), (ContactId(2), &mut two), (ContactId(3), &mut empty)];
    journal.seal(&mut all).await.unwrap();
    assert!(one.plain().is_none() && two.plain().is_none() && empty.plain().is_some());
    journal.erase(&[ContactId(2)]).await.unwrap();
    journal.unseal(&mut [&mut one, &mut two, &mut empty]).await.unwrap();
    assert_eq!((one, two), (details(CANARY), Personal::Erased));
    let refused = journal.seal(&mut [(ContactId(9), &mut details("+9"))]).await;
    assert!(matches!(refused, Err(ReadError::Sealed { contact: ContactId(9), .. })), "{refused:?}");
}

async fn lying(journal: &SqlJournal) -> Vec<Event> {
    let batches: Vec<Batch> = journal.read_after(EventNo::ZERO).try_collect().await.unwrap();
    batches.into_iter().flat_map(|batch| batch.events).collect()
}

fn closed(ms: i64, contact: u64) -> Event {
    use crate::routing::ids::{QueueId, SegmentId};
    use crate::routing::personal::Note;
    use crate::routing::time::Millis;
    let note = Some(Note(Arc::from("note of the agent")));
    event(
        ms,
        Fact::SegmentClosed {
            contact: ContactId(contact),
            segment: SegmentId(9),
            agent: AgentId::new("ana").unwrap(),
            queue: QueueId::new("sales").unwrap(),
            connected: true,
            talk: Millis(1),
            hold: Millis(2),
            wrap_up: Millis(3),
            disposition: None::<Disposition>,
            details: Personal::Plain(Arc::new(Details { note, ..Details::default() })),
        },
    )
}
