//! Whether who opened a session may stay: his log-in by the wall's clock, and what the database says
//! when somebody may have missed a cut. It closes nothing.

use std::time::Duration;

use tokio::time::Instant;

use crate::access::Access;
use crate::sessions::opening::Caller;

/// Longer than this nobody waits for the database; the session goes on and asks again.
const ASKED_WITHIN: Duration = Duration::from_secs(2);

pub(super) struct Standing {
    pub caller: Caller,
    /// When the log-in ends if the wall's clock does not step. None: a gateway's, which has no end.
    log_in_ends: Option<Instant>,
    /// The database could not say; it is asked again at the next heartbeat.
    is_unsure: bool,
}

impl Standing {
    pub fn new(caller: Caller, access: &Access) -> Standing {
        let mut standing = Standing { caller, log_in_ends: None, is_unsure: false };
        standing.is_over(access);
        standing
    }

    /// Completes when the log-in should have ended; whether it has, [`Standing::is_over`] says.
    pub async fn log_in_end(&self) {
        match self.log_in_ends {
            Some(ends) => tokio::time::sleep_until(ends).await,
            None => std::future::pending().await,
        }
    }

    /// Whether the log-in's life is over. Looks at the wall's clock anew, as it may have stepped.
    pub fn is_over(&mut self, access: &Access) -> bool {
        match &self.caller {
            Caller::Person(person) => {
                let left = access.log_in_left(person);
                self.log_in_ends = Some(Instant::now() + left);
                left.is_zero()
            }
            Caller::Gateway(_) | Caller::Within(_) => false,
        }
    }

    /// At each heartbeat: false when the log-in is over, or a question that was left open is answered so.
    pub async fn holds_still(&mut self, access: &Access) -> bool {
        !self.is_over(access) && (!self.is_unsure || self.may_stay(access).await)
    }

    /// Asks the database. True also when it cannot say: then it is asked again.
    pub async fn may_stay(&mut self, access: &Access) -> bool {
        let asked = async {
            match &self.caller {
                Caller::Person(person) => access.is_current(person).await,
                Caller::Gateway(holder) => access.is_key_current(holder).await,
                Caller::Within(_) => Ok(true),
            }
        };
        let answered = match tokio::time::timeout(ASKED_WITHIN, asked).await {
            Ok(answered) => answered.map_err(|error| error.to_string()),
            Err(_) => Err("no answer in time".to_owned()),
        };
        self.hear(answered)
    }

    fn hear(&mut self, answered: Result<bool, String>) -> bool {
        match answered {
            Ok(may_stay) => {
                self.is_unsure = false;
                may_stay
            }
            Err(error) => {
                if !self.is_unsure {
                    tracing::warn!(%error, "whether a session may stay could not be looked up; trying again");
                }
                self.is_unsure = true;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::access::tests::{add_for_tests, open_for_tests};

    const PASSWORD: &str = "correct horse battery";
    const HOUR_MS: i64 = 3_600_000;

    async fn ana(folder: &tempfile::TempDir, time: &Arc<AtomicI64>) -> (Arc<Access>, crate::access::Person) {
        let access = open_for_tests(folder.path(), Arc::clone(time)).await;
        add_for_tests(&access, "ana", PASSWORD, "agent", Some("ana")).await;
        let home = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let person = access.log_in("ana", PASSWORD.into(), home).await.unwrap().person;
        (access, person)
    }

    #[tokio::test]
    async fn a_log_in_is_over_after_its_life_even_if_the_wall_clock_stepped() {
        let (folder, time) = (tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
        let (access, person) = ana(&folder, &time).await;
        let mut standing = Standing::new(Caller::Person(person), &access);
        assert!(standing.holds_still(&access).await);
        time.store(12 * HOUR_MS - 50, Ordering::Relaxed);
        assert!(standing.holds_still(&access).await);
        tokio::time::timeout(Duration::from_secs(5), standing.log_in_end()).await.expect("50 ms are left");
        assert!(!standing.is_over(&access), "the wall's clock says otherwise");
        time.store(12 * HOUR_MS, Ordering::Relaxed);
        assert!(standing.is_over(&access) && !standing.holds_still(&access).await);
    }

    #[tokio::test]
    async fn what_the_database_could_not_say_is_asked_again_at_the_next_heartbeat() {
        let (folder, time) = (tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
        let (access, person) = ana(&folder, &time).await;
        let mut standing = Standing::new(Caller::Person(person.clone()), &access);
        assert!(standing.hear(Err("no answer".to_owned())), "nobody is sent away on a guess");
        assert!(standing.holds_still(&access).await && !standing.is_unsure, "asked, and he may stay");
        assert!(standing.hear(Err("no answer".to_owned())));
        access.log_out(&person).await.unwrap();
        assert!(!standing.holds_still(&access).await);
    }
}
