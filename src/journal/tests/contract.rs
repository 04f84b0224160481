//! Appending, reading, owning, refusing.

use std::future::Future;
use std::task::{Context, Waker};

use futures_util::TryStreamExt;

use super::*;
use crate::journal::{AppendError, Damage, DamageKind, Failure, Loss, OpenError};

on_both!(
    events_read_back_whole_and_without_a_gap,
    a_batch_after_the_wrong_event_is_refused,
    a_take_over_ends_the_former_owner,
    an_epoch_never_given_is_refused,
    a_cursor_beyond_the_last_event_is_refused,
    an_append_broken_off_leaves_the_end_unknown,
    a_changed_row_is_met_by_the_reader_and_refuses_to_open,
    a_missing_row_refuses_to_open,
    a_loss_is_accepted_only_at_the_end_of_a_batch,
    what_was_lost_takes_its_keys_and_snapshots_along,
);

const BATCHES: u64 = 150;

async fn events_read_back_whole_and_without_a_gap(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, BATCHES).await;
    let expected = story(BATCHES);
    assert_eq!(last.0, expected.len() as u64);
    assert_eq!(journal.append(epoch, last, &[]).await.unwrap(), last);

    for journal in [journal, ground.open().await] {
        for event in [0, 1, 2, 3, 4, 5, 6, 127, 128, 129, 299, 300] {
            let events = read(&journal, EventNo(event)).await.unwrap();
            assert_eq!(events, expected[usize::try_from(event).unwrap()..], "after {event}");
        }
        let batches: Vec<Batch> = journal.read_after(EventNo::ZERO).try_collect().await.unwrap();
        assert_eq!(batches.len() as u64, BATCHES);
        assert!(batches.iter().all(|batch| batch.epoch == epoch));
        assert_eq!(batches[7].at, at(70));
    }
}

async fn a_batch_after_the_wrong_event_is_refused(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 3).await;
    for after in [EventNo(last.0 - 1), last.plus(1), EventNo::ZERO] {
        let refused = journal.append(epoch, after, &batch(3)).await;
        assert!(matches!(refused, Err(AppendError::NotLast { last: l, .. }) if l == last), "{refused:?}");
    }
    tell(&journal, epoch, 3, 4).await;
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(4));
}

async fn a_take_over_ends_the_former_owner(ground: Ground) {
    let (first, first_epoch) = ground.owner().await;
    let last = tell(&first, first_epoch, 0, 3).await;

    let (second, second_epoch) = ground.owner().await;
    assert!(second_epoch > first_epoch);
    for with_keys in [batch(3), batch(5)] {
        let refused = first.append(first_epoch, last, &with_keys).await;
        assert!(matches!(refused, Err(AppendError::NotOwner)), "{refused:?}");
    }
    let last = second.append(second_epoch, last, &batch(3)).await.unwrap();

    let (third_epoch, seen) = first.acquire().await.unwrap();
    assert_eq!(seen, last);
    assert!(third_epoch > second_epoch);
    assert!(matches!(second.append(second_epoch, last, &batch(4)).await, Err(AppendError::NotOwner)));
    first.append(third_epoch, last, &batch(4)).await.unwrap();
    assert_eq!(read(&second, EventNo::ZERO).await.unwrap(), story(5));
    assert_eq!(ground.count("journal_key").await, 2, "a refused batch leaves no key");
}

async fn an_epoch_never_given_is_refused(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    for wrong in [Epoch(0), Epoch(epoch.0 + 1)] {
        assert!(matches!(journal.append(wrong, EventNo::ZERO, &batch(0)).await, Err(AppendError::NotOwner)));
    }
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), []);
}

async fn a_cursor_beyond_the_last_event_is_refused(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let beyond = read(&journal, EventNo(1)).await;
    assert!(matches!(beyond, Err(ReadError::Beyond { asked: EventNo(1), last: EventNo::ZERO })), "{beyond:?}");
    let last = tell(&journal, epoch, 0, 4).await;
    assert_eq!(read(&journal, last).await.unwrap(), []);
    let beyond = read(&journal, last.plus(1)).await;
    assert!(matches!(beyond, Err(ReadError::Beyond { last: l, .. }) if l == last), "{beyond:?}");
}

async fn an_append_broken_off_leaves_the_end_unknown(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    let last = tell(&journal, epoch, 0, 3).await;
    {
        let events = batch(3);
        let mut append = std::pin::pin!(journal.append(epoch, last, &events));
        assert!(append.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let unknown = journal.append(epoch, last, &batch(3)).await;
    assert!(matches!(unknown, Err(AppendError::Failed(Failure::Unknown))), "{unknown:?}");

    let (epoch, last) = journal.acquire().await.unwrap();
    journal.append(epoch, last, &batch(5)).await.unwrap();
    let events = read(&journal, EventNo::ZERO).await.unwrap();
    assert!(events == [story(3), batch(5)].concat() || events == [story(4), batch(5)].concat());
}

/// Batches 0 to 5 end with events 1, 3, 6, 7, 9, 12.
async fn a_changed_row_is_met_by_the_reader_and_refuses_to_open(ground: Ground) {
    for change in [
        "events = replace(events, 'ana', 'eva')",
        "epoch = epoch + 1",
        "at_ms = at_ms - 1",
        "event_count = event_count - 1",
        "crc = crc + 1",
        "crc = -1",
    ] {
        let ground = ground.another().await;
        let (journal, epoch) = ground.owner().await;
        tell(&journal, epoch, 0, 6).await;
        ground.tamper(&format!("update journal_batch set {change} where first_no = 8")).await;

        let met = read(&journal, EventNo::ZERO).await;
        assert!(matches!(met, Err(ReadError::Damaged(Damage { event: EventNo(8), .. }))), "{change}: {met:?}");
        let seen_behind_it = change.starts_with("crc") || change.starts_with("event_count");
        assert_eq!(read(&journal, EventNo(9)).await.is_err(), seen_behind_it, "{change}");
        drop(journal);
        for _ in 0..2 {
            let refused = SqlJournal::open(&ground.place).await.map(drop);
            let expected = Damage { event: EventNo(8), kind: DamageKind::Checksum };
            assert!(
                matches!(&refused, Err(OpenError::Damaged(damage)) if *damage == expected),
                "{change}: {refused:?}"
            );
        }
        let loss = SqlJournal::accept_loss(&ground.place, EventNo(7)).await.unwrap();
        assert_eq!((loss.kept, loss.known.0 >= 11), (EventNo(7), true), "{loss:?}");
        let (journal, epoch) = ground.owner().await;
        tell(&journal, epoch, 4, 5).await;
        assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(5));
    }
}

async fn a_missing_row_refuses_to_open(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    tell(&journal, epoch, 0, 6).await;
    drop(journal);
    ground.tamper("delete from journal_batch where first_no = 4").await;
    let refused = SqlJournal::open(&ground.place).await.map(drop);
    let expected = Damage { event: EventNo(4), kind: DamageKind::Gap { found: EventNo(7) } };
    assert!(matches!(&refused, Err(OpenError::Damaged(damage)) if *damage == expected), "{refused:?}");
    assert_eq!(refused.unwrap_err().to_string(), "damaged at event 4: the next row begins with event 7");
}

async fn a_loss_is_accepted_only_at_the_end_of_a_batch(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    tell(&journal, epoch, 0, 6).await;
    for (asked, before) in [(2, 1), (10, 9), (11, 9), (13, 12)] {
        let refused = SqlJournal::accept_loss(&ground.place, EventNo(asked)).await;
        let Err(OpenError::NotABatchEnd { before: told, .. }) = refused else { panic!("{asked}: {refused:?}") };
        assert_eq!(told, EventNo(before));
    }
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(6));
}

async fn what_was_lost_takes_its_keys_and_snapshots_along(ground: Ground) {
    let (journal, epoch) = ground.owner().await;
    tell(&journal, epoch, 0, 6).await;
    journal.save_snapshot(EventNo(6), b"before").await.unwrap();
    journal.save_snapshot(EventNo(12), b"after").await.unwrap();
    drop(journal);
    let Loss { kept, known, set_aside } = SqlJournal::accept_loss(&ground.place, EventNo(6)).await.unwrap();
    assert_eq!((kept, known), (EventNo(6), EventNo(12)));
    assert_eq!(set_aside.is_some_and(|file| file.exists()), matches!(ground.place, Place::Sqlite { .. }));

    let (journal, newer) = ground.owner().await;
    assert!(newer > epoch);
    assert_eq!(ground.count("journal_key").await, 1, "contact 4 came with event 7");
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(6), b"before".to_vec())));
    tell(&journal, newer, 3, 6).await;
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(6));
}
