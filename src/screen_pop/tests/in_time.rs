//! Questions that are slow, fail and recover.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::screen_pop::in_time::{Answer, InTime};

const WITHIN: Duration = Duration::from_millis(200);

/// Answers 7 once the gate is open.
fn ask(asker: &Arc<InTime>, gate: &watch::Sender<bool>) -> Option<Answer<u32>> {
    let gate = gate.subscribe();
    asker.ask(move || {
        let mut gate = gate.clone();
        async move { gate.wait_for(|is_open| *is_open).await.map(|_| 7).map_err(|error| error.to_string()) }
    })
}

#[tokio::test]
async fn an_answer_in_time_is_there_and_a_late_one_comes_later() {
    let (asker, gate) = (InTime::new(WITHIN, 4), watch::Sender::new(true));
    let mut answer = ask(&asker, &gate).unwrap();
    assert!(answer.is_waited_for());
    assert_eq!(answer.in_time().await, Some(7));

    gate.send_replace(false);
    let began = Instant::now();
    let mut answer = ask(&asker, &gate).unwrap();
    assert_eq!(answer.in_time().await, None);
    assert!(began.elapsed() >= WITHIN);
    assert_eq!(answer.in_time().await, None, "asked again it does not wait again");
    gate.send_replace(true);
    assert_eq!(answer.late().await, Some(7));
}

#[tokio::test]
async fn after_one_that_was_slow_nobody_waits_until_one_was_fast() {
    let (asker, gate) = (InTime::new(WITHIN, 100), watch::Sender::new(false));
    assert_eq!(ask(&asker, &gate).unwrap().in_time().await, None);
    let began = Instant::now();
    let mut late = Vec::new();
    for _ in 0..50 {
        let mut answer = ask(&asker, &gate).unwrap();
        assert!(!answer.is_waited_for());
        assert_eq!(answer.in_time().await, None);
        late.push(answer);
    }
    assert!(began.elapsed() < 10 * WITHIN, "fifty contacts went on at once: {:?}", began.elapsed());
    sleep(2 * WITHIN).await;
    gate.send_replace(true);
    for answer in late {
        assert_eq!(answer.late().await, Some(7));
    }
    assert!(asker.is_slow(), "late answers do not make it fast");

    assert_eq!(ask(&asker, &gate).unwrap().late().await, Some(7));
    assert!(!asker.is_slow());
    assert!(ask(&asker, &gate).unwrap().is_waited_for());
}

#[tokio::test]
async fn a_database_that_stops_is_asked_until_it_is_back() {
    let asker = InTime::new(WITHIN, 4);
    let tries = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&tries);
    let mut answer = asker
        .ask(move || {
            let nth = counted.fetch_add(1, Ordering::SeqCst);
            async move { if nth < 2 { Err("gone") } else { Ok(nth) } }
        })
        .unwrap();
    assert_eq!(answer.in_time().await, None);
    assert!(asker.is_slow());
    assert_eq!(answer.late().await, Some(2));
    assert!(!asker.is_slow());
}

#[tokio::test]
async fn so_many_are_under_way_and_no_more() {
    let (asker, gate) = (InTime::new(WITHIN, 2), watch::Sender::new(false));
    let (first, second) = (ask(&asker, &gate).unwrap(), ask(&asker, &gate).unwrap());
    assert!(ask(&asker, &gate).is_none());
    gate.send_replace(true);
    assert_eq!((first.late().await, second.late().await), (Some(7), Some(7)));
    // Its task gives the place back after the answer.
    while ask(&asker, &gate).is_none() {
        sleep(Duration::from_millis(1)).await;
    }
}
