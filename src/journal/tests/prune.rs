//! A journal without its oldest events: the same states, and nothing is read that is not there.

use super::folds::Seen;
use super::*;
use crate::journal::{OpenError, PruneError, RecoveryError, prune, recover, recover_at, save};

on_both!(
    the_state_is_the_same_wherever_the_journal_begins,
    what_is_dropped_is_refused,
    nothing_is_dropped_that_no_snapshot_follows,
    an_end_in_the_midst_of_dropping_loses_nothing,
    a_damaged_base_refuses_to_open,
    what_is_lost_later_may_be_given_up,
    who_is_erased_is_erased_in_the_base,
    a_reader_that_is_overtaken_is_told,
    keys_that_nobody_needs_go_with_their_events,
);

/// A journal of thirty batches with a snapshot at its end.
async fn told(ground: &Ground) -> (SqlJournal, Epoch, EventNo) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 30).await;
    save(&Seen::<1>(story(30)), &journal, last).await.unwrap();
    (journal, epoch, last)
}

/// The last event of the batch in which, or before which, an event lies.
fn batch_end(upto: u64) -> u64 {
    let ends = (0..).scan(0, |end, n| {
        *end += batch(n).len() as u64;
        Some(*end)
    });
    ends.take_while(|end| *end <= upto).last().unwrap_or(0)
}

async fn the_state_is_the_same_wherever_the_journal_begins(ground: Ground) {
    let (journal, epoch, mut last) = told(&ground).await;
    let mut begins_after = 0;
    for upto in [0, 1, 5, 6, 7, 23, 23, 40, 59] {
        let pruned = prune::<Seen<1>>(&journal, EventNo(upto)).await.unwrap();
        assert_eq!(pruned, (batch_end(upto) > begins_after).then(|| EventNo(batch_end(upto))), "up to {upto}");
        begins_after = batch_end(upto);
        assert_eq!(journal.begins_after().await.unwrap().0, begins_after);
        let whole = recover::<Seen<1>>(&journal).await.unwrap();
        assert_eq!((whole.state.0, whole.event_no), (story(30), last));
        // Of another version, a snapshot does not help.
        let folded = recover::<Seen<2>>(&journal).await.unwrap();
        assert_eq!((folded.state.0, folded.event_no, folded.snapshot_no.0), (story(30), last, begins_after));
        assert_eq!(folded.last_event_at, whole.last_event_at);
        for event in begins_after..=last.0 {
            let state = recover_at::<Seen<1>>(&journal, EventNo(event), u64::MAX).await.unwrap().unwrap();
            assert_eq!(state.0, story(30)[..usize::try_from(event).unwrap()], "after event {event}");
        }
        let rest = read(&journal, EventNo(begins_after)).await.unwrap();
        assert_eq!(rest, story(30)[usize::try_from(begins_after).unwrap()..]);
    }
    drop(journal);
    let (journal, epoch) = (ground.open().await, epoch);
    assert!(journal.append(epoch, last, &batch(30)).await.is_ok(), "the lease and the end are as they were");
    drop(journal);
    let (journal, epoch) = ground.owner().await;
    for n in 31..40 {
        last = journal.append(epoch, journal.last_event().await.unwrap(), &batch(n)).await.unwrap();
    }
    assert_eq!(recover::<Seen<2>>(&journal).await.unwrap().state.0, story(40));
    assert_eq!(journal.last_event().await.unwrap(), last);
}

async fn what_is_dropped_is_refused(ground: Ground) {
    let (journal, _, _) = told(&ground).await;
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    let begins_after = EventNo(batch_end(30));
    for event in 0..begins_after.0 {
        let read = read(&journal, EventNo(event)).await;
        assert!(matches!(read, Err(ReadError::Dropped { begins_after: b, .. }) if b == begins_after), "{read:?}");
        let state = recover_at::<Seen<1>>(&journal, EventNo(event), u64::MAX).await;
        assert!(matches!(state, Err(ReadError::Dropped { .. })), "{state:?}");
    }
    assert!(ground.count("journal_batch").await < 16);
    assert_eq!(ground.count("journal_base").await, 1);
    let beside = SqlJournal::open_to_read(&ground.place).await.unwrap();
    assert_eq!(beside.begins_after().await.unwrap(), begins_after);
}

async fn nothing_is_dropped_that_no_snapshot_follows(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 30).await;
    let refused = prune::<Seen<1>>(&journal, EventNo(30)).await;
    assert!(matches!(refused, Err(RecoveryError::Prune(PruneError::NoBeginning { .. }))), "{refused:?}");
    save(&Seen::<1>(story(30)), &journal, last).await.unwrap();
    let refused = prune::<Seen<1>>(&journal, last).await;
    assert!(matches!(refused, Err(RecoveryError::Prune(PruneError::NoBeginning { .. }))), "{refused:?}");
    let refused = journal.begin_after(EventNo(2), b"in the midst of a batch").await;
    assert!(matches!(refused, Err(PruneError::NoBeginning { at: EventNo(2) })), "{refused:?}");
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(30));
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    let refused = journal.begin_after(EventNo(batch_end(20)), b"earlier").await;
    assert!(matches!(refused, Err(PruneError::NoBeginning { .. })), "{refused:?}");
}

async fn an_end_in_the_midst_of_dropping_loses_nothing(ground: Ground) {
    let (journal, _, last) = told(&ground).await;
    let rows = ground.count("journal_batch").await;
    let at = EventNo(batch_end(30));
    let state: Seen<1> = recover_at(&journal, at, u64::MAX).await.unwrap().unwrap();
    let mut snapshot = crate::journal::Fold::snapshot(&state);
    journal.seal(&mut <Seen<1> as crate::journal::Fold>::personal_in(&mut snapshot)).await.unwrap();
    journal.set_base(at, &serde_json::to_vec(&snapshot).unwrap()).await.unwrap();
    drop(journal);
    ground
        .tamper("insert into journal_base_part (event_no, part, bytes) select 50, 0, bytes from journal_base_part")
        .await;
    assert_eq!(ground.count("journal_batch").await, rows, "none is dropped yet");
    let (journal, _) = ground.owner().await;
    assert_eq!(recover::<Seen<2>>(&journal).await.unwrap().state.0, story(30));
    assert_eq!(journal.last_event().await.unwrap(), last);
    prune::<Seen<1>>(&journal, EventNo(40)).await.unwrap();
    assert_eq!(ground.count("journal_base_part").await, 1, "what was broken off is gone");
    assert_eq!(recover::<Seen<2>>(&journal).await.unwrap().state.0, story(30));
    drop(journal);
    assert_eq!(recover::<Seen<2>>(&ground.open().await).await.unwrap().state.0, story(30));
}

async fn a_damaged_base_refuses_to_open(ground: Ground) {
    let (journal, _, _) = told(&ground).await;
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    drop(journal);
    for (damage, mend) in [
        ("set crc = crc + 1", "set crc = crc - 1"),
        ("set at_ms = at_ms + 1", "set at_ms = at_ms - 1"),
        ("set event_no = event_no + 1", "set event_no = event_no - 1"),
        ("set parts = 0", "set parts = 1"),
    ] {
        ground.tamper(&format!("update journal_base {damage}")).await;
        let refused = SqlJournal::open(&ground.place).await.map(drop);
        assert!(matches!(refused, Err(OpenError::Base { .. })), "{damage}: {refused:?}");
        ground.tamper(&format!("update journal_base {mend}")).await;
        drop(ground.open().await);
    }
    ground.tamper("delete from journal_base").await;
    let refused = SqlJournal::open(&ground.place).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Damaged(_))), "{refused:?}");
}

async fn what_is_lost_later_may_be_given_up(ground: Ground) {
    let (journal, _, last) = told(&ground).await;
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    journal.close().await.unwrap();
    let before = EventNo(batch_end(20));
    let refused = SqlJournal::accept_loss(&ground.place, before).await;
    assert!(matches!(refused, Err(OpenError::Dropped { .. })), "{refused:?}");
    assert_eq!(recover::<Seen<2>>(&ground.open().await).await.unwrap().state.0, story(30));
    let kept = EventNo(batch_end(45));
    let loss = SqlJournal::accept_loss(&ground.place, kept).await.unwrap();
    assert_eq!((loss.kept, loss.known), (kept, last));
    let (journal, epoch) = ground.owner().await;
    let recovered = recover::<Seen<1>>(&journal).await.unwrap();
    assert_eq!((recovered.event_no, recovered.snapshot_no.0), (kept, batch_end(30)), "the snapshot is given up, too");
    assert_eq!(recovered.state.0, story(30)[..usize::try_from(kept.0).unwrap()]);
    journal.append(epoch, kept, &batch(40)).await.unwrap();
    journal.close().await.unwrap();
    // Nothing but the base.
    let kept = EventNo(batch_end(30));
    SqlJournal::accept_loss(&ground.place, kept).await.unwrap();
    let (journal, epoch) = ground.owner().await;
    let recovered = recover::<Seen<1>>(&journal).await.unwrap();
    assert_eq!((recovered.event_no, recovered.last_event_at.is_some()), (kept, true));
    assert_eq!(journal.append(epoch, kept, &batch(40)).await.unwrap().0, kept.0 + batch(40).len() as u64);
}

async fn who_is_erased_is_erased_in_the_base(ground: Ground) {
    let (journal, _, _) = told(&ground).await;
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    journal.erase(&[ContactId(1)]).await.unwrap();
    let seen = recover_at::<Seen<1>>(&journal, EventNo(batch_end(30)), u64::MAX).await.unwrap().unwrap();
    let mut first = seen.0[0].clone();
    assert_eq!(*first.fact.personal_mut().unwrap().1, Personal::Erased);
    assert_eq!(seen.0[6..], story(30)[6..usize::try_from(batch_end(30)).unwrap()]);
}

async fn a_reader_that_is_overtaken_is_told(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 300).await;
    save(&Seen::<1>(story(300)), &journal, last).await.unwrap();
    let mut batches = std::pin::pin!(journal.read_after(EventNo::ZERO));
    batches.try_next().await.unwrap().unwrap();
    prune::<Seen<1>>(&journal, EventNo(500)).await.unwrap();
    let told = loop {
        match batches.try_next().await {
            Ok(batch) => assert!(batch.is_some(), "it must not end in silence"),
            Err(error) => break error,
        }
    };
    assert!(matches!(told, ReadError::Dropped { begins_after, .. } if begins_after.0 == batch_end(500)), "{told:?}");
}

async fn keys_that_nobody_needs_go_with_their_events(ground: Ground) {
    let (journal, _, _) = told(&ground).await;
    let keys = ground.count("journal_key").await;
    let upto = EventNo(batch_end(30));
    let begun = i64::try_from((0..15).filter(|n| n % 3 == 0).count()).unwrap();
    journal.erase(&[ContactId(1)]).await.unwrap();
    journal.drop_keys(upto, &[ContactId(1), ContactId(4)].into()).await.unwrap();
    assert_eq!(ground.count("journal_key").await, keys - begun + 2, "of two that are known");
    let mut erased = arrived(0, 1, "+33700000001");
    let mut kept = [erased.fact.personal_mut().unwrap()];
    journal.seal(&mut kept).await.unwrap();
    assert_eq!(*kept[0].1, Personal::Erased, "who is known and erased stays erased");
}

#[tokio::test]
async fn a_copy_of_it_is_whole() {
    let ground = Ground::sqlite();
    let (journal, _, _) = told(&ground).await;
    prune::<Seen<1>>(&journal, EventNo(30)).await.unwrap();
    for kept in [batch_end(45), batch_end(30)] {
        let copy = Ground::sqlite();
        let copied = SqlJournal::copy(ground.folder(), copy.folder(), EventNo(kept)).await.unwrap();
        let recovered = recover::<Seen<2>>(&copied).await.unwrap();
        assert_eq!((recovered.event_no.0, recovered.state.0.len() as u64), (kept, kept));
    }
    let copy = Ground::sqlite();
    let refused = SqlJournal::copy(ground.folder(), copy.folder(), EventNo(batch_end(20))).await.map(drop);
    assert!(refused.is_err());
}
