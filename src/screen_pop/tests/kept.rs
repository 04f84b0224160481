//! What is kept is let go again.

use std::time::Duration;

use tokio::time::sleep;

use crate::screen_pop::kept::Kept;

#[tokio::test]
async fn what_is_kept_is_bounded_in_number_and_age() {
    let mut kept = Kept::new(Duration::from_secs(3_600), 3);
    for key in 0..5 {
        kept.put(key, key * 10);
    }
    assert_eq!((kept.len(), kept.get(&1), kept.get(&4)), (3, None, Some(40)));
    kept.remove(&4);
    kept.retain(|value| *value != 30);
    assert_eq!((kept.len(), kept.get(&2)), (1, Some(20)));

    let life = Duration::from_millis(400);
    let mut kept = Kept::new(life, 3);
    kept.put(1, 10);
    kept.put(2, 20);
    sleep(life * 3 / 4).await;
    kept.put(2, 21);
    sleep(life / 2).await;
    assert_eq!((kept.get(&1), kept.get(&2)), (None, Some(21)), "the newer one lives on");
    kept.put(3, 30);
    assert_eq!(kept.len(), 2, "what is too old is let go");
}
