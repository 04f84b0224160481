//! Snapshots: whole or passed over, two at most, in parts.

use super::*;
use crate::journal::OpenError;

on_both!(
    the_newest_whole_snapshot_is_given,
    only_two_are_kept,
    a_save_broken_off_leaves_the_one_before,
    a_snapshot_beyond_the_last_event_refuses_to_open,
);

/// Some parts long.
fn bytes(seed: u8) -> Vec<u8> {
    (0..700_000_u32).map(|n| n.to_le_bytes()[1] ^ seed).collect()
}

async fn told(ground: &Ground) -> SqlJournal {
    let (journal, epoch) = ground.owner().await;
    tell(&journal, epoch, 0, 12).await;
    journal
}

async fn the_newest_whole_snapshot_is_given(ground: Ground) {
    let journal = told(&ground).await;
    assert_eq!(journal.latest_snapshot().await.unwrap(), None);
    for at in [3, 6] {
        journal.save_snapshot(EventNo(at), &bytes(u8::try_from(at).unwrap())).await.unwrap();
        journal.save_snapshot(EventNo(at), b"saved twice").await.unwrap();
    }
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(6), bytes(6))));
    drop(journal);
    let one_part = "(select bytes from journal_snapshot_part where event_no = 3 and part = 1)";
    let swap = format!("update journal_snapshot_part set bytes = {one_part} where event_no = 6 and part = 1");
    ground.tamper(&swap).await;
    let journal = ground.open().await;
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(3), bytes(3))));
    ground.tamper("delete from journal_snapshot_part where event_no = 3 and part = 2").await;
    assert_eq!(journal.latest_snapshot().await.unwrap(), None);
}

async fn only_two_are_kept(ground: Ground) {
    let journal = told(&ground).await;
    for at in 1..=5 {
        journal.save_snapshot(EventNo(at), &bytes(1)).await.unwrap();
    }
    assert_eq!(ground.count("journal_snapshot").await, 2);
    assert_eq!(ground.count("journal_snapshot_part").await, 6);
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(5), bytes(1))));
}

async fn a_save_broken_off_leaves_the_one_before(ground: Ground) {
    let journal = told(&ground).await;
    journal.save_snapshot(EventNo(3), b"whole").await.unwrap();
    ground
        .tamper(
            "insert into journal_snapshot_part (event_no, part, bytes) select 6, 0, bytes from journal_snapshot_part",
        )
        .await;
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(3), b"whole".to_vec())));
    journal.save_snapshot(EventNo(6), b"again").await.unwrap();
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((EventNo(6), b"again".to_vec())));
    assert_eq!(ground.count("journal_snapshot_part").await, 2);
}

async fn a_snapshot_beyond_the_last_event_refuses_to_open(ground: Ground) {
    let journal = told(&ground).await;
    journal.save_snapshot(EventNo(24), b"end").await.unwrap();
    drop(journal);
    ground.tamper("update journal_snapshot set event_no = 25").await;
    let refused = SqlJournal::open(&ground.place).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Lost { known: EventNo(25), witness: "a snapshot", .. })), "{refused:?}");
}
