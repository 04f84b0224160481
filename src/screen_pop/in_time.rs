//! A question that is waited for so long and no longer, and whose answer may come late. Knows no database.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::counters::customer_question_took;

/// One try; a database that says nothing for so long is asked anew.
const TRY_MAX: Duration = Duration::from_secs(5);
/// Between two tries.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// After so long nobody is told any more: most callers have been served or have left.
const LATE_MAX: Duration = Duration::from_secs(120);

/// Who asks, and what is known of how fast answers come.
#[derive(Debug)]
pub struct InTime {
    within: Duration,
    /// The last that is known is an answer that came too late, or none.
    is_slow: AtomicBool,
    under_way: Arc<Semaphore>,
}

/// An answer that is on its way.
#[derive(Debug)]
pub struct Answer<T> {
    asker: Arc<InTime>,
    /// None: the answer was taken, or there will be none.
    answered: Option<oneshot::Receiver<T>>,
    until: Instant,
    /// Nobody was to wait from the beginning: that it is not there says nothing.
    is_waited_for: bool,
}

impl InTime {
    #[must_use]
    pub fn new(within: Duration, under_way_max: usize) -> Arc<InTime> {
        let under_way = Arc::new(Semaphore::new(under_way_max));
        Arc::new(InTime { within, is_slow: AtomicBool::new(false), under_way })
    }

    /// Whether nobody waits at the moment.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        self.is_slow.load(Ordering::Relaxed)
    }

    /// Asks, and again after a failure, on a task of its own. None: too many questions are under way.
    pub fn ask<T, E, Asking>(
        self: &Arc<Self>,
        question: impl Fn() -> Asking + Send + Sync + 'static,
    ) -> Option<Answer<T>>
    where
        T: Send + 'static,
        E: std::fmt::Display + Send + 'static,
        Asking: Future<Output = Result<T, E>> + Send,
    {
        let permit = Arc::clone(&self.under_way).try_acquire_owned().ok()?;
        let (sender, answered) = oneshot::channel();
        let (asker, began) = (Arc::clone(self), Instant::now());
        tokio::spawn(async move {
            while !sender.is_closed() && began.elapsed() < LATE_MAX {
                if let Some(found) = asker.try_once(&question).await {
                    // Whoever asked may be gone.
                    let _ = sender.send(found);
                    break;
                }
                sleep(TRY_AGAIN_AFTER).await;
            }
            drop(permit);
        });
        let is_waited_for = !self.is_slow() && !self.within.is_zero();
        let until = if is_waited_for { began + self.within } else { began };
        Some(Answer { asker: Arc::clone(self), answered: Some(answered), until, is_waited_for })
    }

    async fn try_once<T, E, Asking>(&self, question: &impl Fn() -> Asking) -> Option<T>
    where
        E: std::fmt::Display,
        Asking: Future<Output = Result<T, E>>,
    {
        let began = Instant::now();
        let answer = timeout(TRY_MAX, question()).await;
        let took = began.elapsed();
        customer_question_took(took);
        match answer {
            Ok(Ok(found)) => {
                if took <= self.within {
                    self.turned(false, "customers are found in time again");
                }
                Some(found)
            }
            Ok(Err(error)) => {
                self.turned(true, &format!("customers cannot be looked up: {error}"));
                None
            }
            Err(_) => {
                self.turned(true, "customers cannot be looked up: no answer");
                None
            }
        }
    }

    /// Said once when it turns, not with every contact.
    fn turned(&self, is_slow: bool, what: &str) {
        if self.is_slow.swap(is_slow, Ordering::Relaxed) != is_slow {
            tracing::warn!("{what}");
        }
    }
}

impl<T> Answer<T> {
    /// Whether anybody should wait for it at all.
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.is_waited_for
    }

    /// The answer, if it comes in time. Can be dropped and called again; None stays None.
    pub async fn in_time(&mut self) -> Option<T> {
        let answered = self.answered.as_mut()?;
        // The answer may be there although nobody waits: what is ready is taken before the time is looked at.
        match timeout_at(self.until, answered).await {
            Ok(found) => {
                self.answered = None;
                found.ok()
            }
            Err(_) => {
                if self.is_waited_for {
                    self.asker.turned(true, "customers are not found in time: contacts go on without them");
                }
                None
            }
        }
    }

    /// The answer whenever it comes. None: it was given up.
    pub async fn late(self) -> Option<T> {
        self.answered?.await.ok()
    }
}
