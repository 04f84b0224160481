//! Counts failed log-ins per account and per address over the last minute. Keeps no password; the time is passed in.
//!
//! An attempt counts as failed from its beginning and is given back when it succeeds, so that many at
//! once cannot pass before the first has failed. (governor cannot give back what it has counted.)

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Mutex;

use crate::routing::time::{Millis, Timestamp};

use super::network::network_of;

/// What a limit is counted over.
pub(super) const WINDOW: Millis = Millis::minutes(1);
/// Accounts and addresses remembered at once. Hashing lets about 2,400 attempts a minute through here.
const REMEMBERED_MAX: usize = 65_536;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Subject {
    Account(String),
    Address(IpAddr),
}

pub(super) struct FailedLogIns {
    per_account_max: usize,
    per_address_max: usize,
    attempts: Mutex<BTreeMap<Subject, VecDeque<Timestamp>>>,
}

/// An attempt that counts as failed until it is given back.
#[must_use]
#[derive(Debug)]
pub(super) struct Attempt {
    account: Subject,
    address: Subject,
    at: Timestamp,
}

/// Over a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TooMany {
    pub retry_after: Millis,
}

impl FailedLogIns {
    pub(super) fn new(per_account_max: usize, per_address_max: usize) -> FailedLogIns {
        FailedLogIns { per_account_max, per_address_max, attempts: Mutex::default() }
    }

    pub(super) fn begin(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<Attempt, TooMany> {
        let account = Subject::Account(account.to_owned());
        let address = Subject::Address(network_of(address));
        let mut attempts = self.attempts.lock().expect("no holder of the lock panics");
        if attempts.len() + 2 > REMEMBERED_MAX {
            attempts.retain(|_, at| at.back().is_some_and(|last| now.since(*last) < WINDOW));
        }
        if attempts.len() + 2 > REMEMBERED_MAX {
            return Err(TooMany { retry_after: WINDOW });
        }
        let waits = [(&account, self.per_account_max), (&address, self.per_address_max)]
            .map(|(subject, max)| wait_of(&mut attempts, subject, max, now));
        if let Some(retry_after) = waits.into_iter().flatten().max() {
            return Err(TooMany { retry_after });
        }
        for subject in [&account, &address] {
            attempts.entry(subject.clone()).or_default().push_back(now);
        }
        Ok(Attempt { account, address, at: now })
    }

    pub(super) fn give_back(&self, attempt: &Attempt) {
        let mut attempts = self.attempts.lock().expect("no holder of the lock panics");
        for subject in [&attempt.account, &attempt.address] {
            let Some(at) = attempts.get_mut(subject) else {
                continue;
            };
            if let Some(place) = at.iter().position(|counted| *counted == attempt.at) {
                at.remove(place);
            }
            if at.is_empty() {
                attempts.remove(subject);
            }
        }
    }
}

/// How long until the subject is below its limit, and nothing when it is. Forgets what is over.
fn wait_of(
    attempts: &mut BTreeMap<Subject, VecDeque<Timestamp>>,
    subject: &Subject,
    max: usize,
    now: Timestamp,
) -> Option<Millis> {
    let at = attempts.get_mut(subject)?;
    while at.front().is_some_and(|first| now.since(*first) >= WINDOW) {
        at.pop_front();
    }
    if at.len() < max {
        return None;
    }
    at.front().map(|first| WINDOW - now.since(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: &str = "192.0.2.1";

    fn begin(failed: &FailedLogIns, account: &str, address: &str, at: i64) -> Result<Attempt, TooMany> {
        failed.begin(account, address.parse().unwrap(), Timestamp(at))
    }

    #[test]
    fn an_account_is_locked_until_its_first_failure_is_a_minute_old() {
        let failed = FailedLogIns::new(5, 20);
        for at in 0..5 {
            let _failed = begin(&failed, "ana", &format!("192.0.2.{at}"), at * 1_000).unwrap();
        }
        let wait = Millis(55_000);
        assert_eq!(begin(&failed, "ana", HOME, 5_000).unwrap_err(), TooMany { retry_after: wait });
        assert!(begin(&failed, "ben", HOME, 5_000).is_ok(), "others are not concerned");
        assert_eq!(begin(&failed, "ana", HOME, 59_999).unwrap_err(), TooMany { retry_after: Millis(1) });
        assert!(begin(&failed, "ana", HOME, 60_000).is_ok());
        let wait = Millis(1_000);
        assert_eq!(begin(&failed, "ana", HOME, 60_000).unwrap_err(), TooMany { retry_after: wait });
    }

    #[test]
    fn an_address_is_locked_whatever_names_it_tries() {
        let failed = FailedLogIns::new(5, 20);
        for name in 0..20 {
            let _failed = begin(&failed, &format!("user-{name}"), "2001:db8::1", 0).unwrap();
        }
        assert!(begin(&failed, "ana", "2001:db8::2", 0).is_err(), "one /64 is one subscriber");
        assert!(begin(&failed, "ana", "2001:db8:0:1::1", 0).is_ok());
    }

    #[test]
    fn success_is_given_back() {
        let failed = FailedLogIns::new(5, 20);
        for at in 0..100 {
            let attempt = begin(&failed, "ana", HOME, at).unwrap();
            failed.give_back(&attempt);
        }
        assert!(failed.attempts.lock().unwrap().is_empty());
    }
}
