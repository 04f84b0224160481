//! No room left: nothing is written, and it goes on once there is.

use super::*;
use crate::journal::AppendError;
use crate::journal::store::Store;

async fn pages_at_most(journal: &SqlJournal, pages: i64) {
    let Store::Sqlite(store) = &journal.store else { panic!("not SQLite") };
    let sql = AssertSqlSafe(format!("pragma max_page_count = {pages}"));
    sqlx::query(sql).execute(&mut *store.writer.lock().await).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_keeps_the_batch_for_later() {
    let ground = Ground::sqlite();
    let (journal, epoch) = ground.owner().await;
    pages_at_most(&journal, 30).await;
    let mut last = EventNo::ZERO;
    let mut told = 0;
    let refused = loop {
        match journal.append(epoch, last, &batch(told)).await {
            Ok(written) => (last, told) = (written, told + 1),
            Err(error) => break error,
        }
        assert!(told < 10_000, "30 pages never fill");
    };
    assert!(matches!(refused, AppendError::Full), "{refused:?}");
    let saving = journal.save_snapshot(last, &[7; 400_000]).await;
    assert!(matches!(saving, Err(AppendError::Full)), "{saving:?}");
    for kind in [0, 1, 2] {
        let big: Vec<Event> = (0..300).flat_map(|n| batch(told + kind + 3 * n)).collect();
        let again = journal.append(epoch, last, &big).await;
        assert!(matches!(again, Err(AppendError::Full)), "{again:?}");
    }
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(told));

    pages_at_most(&journal, 100_000).await;
    tell(&journal, epoch, told, told + 30).await;
    journal.save_snapshot(last, b"room").await.unwrap();
    drop(journal);
    let journal = ground.open().await;
    assert_eq!(read(&journal, EventNo::ZERO).await.unwrap(), story(told + 30));
    assert_eq!(journal.latest_snapshot().await.unwrap(), Some((last, b"room".to_vec())));
}
