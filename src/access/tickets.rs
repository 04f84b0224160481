//! Single-use tickets, in memory only. The time is passed in; it does not know whether the log-in still counts.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::records::{LogInId, SecretHash};
use crate::routing::time::{Millis, Timestamp};

use super::secret::{hash_of, hash_of_received, new_secret};

/// Tickets of one log-in that are good at once: a few tabs that open together. More push out the oldest.
const PER_LOG_IN_MAX: usize = 8;
/// Log-ins with a ticket at which expired ones are first swept out.
const SWEEP_AT_LEAST: usize = 1_024;

struct Issued {
    hash: SecretHash,
    expires_at: Timestamp,
}

struct Outstanding {
    of: BTreeMap<LogInId, VecDeque<Issued>>,
    /// Swept when as many log-ins have tickets; then twice what is left, so that sweeping stays cheap.
    sweep_at: usize,
}

pub(super) struct Tickets {
    life: Millis,
    outstanding: Mutex<Outstanding>,
}

impl Tickets {
    pub(super) fn new(life: Millis) -> Tickets {
        let outstanding = Outstanding { of: BTreeMap::new(), sweep_at: SWEEP_AT_LEAST };
        Tickets { life, outstanding: Mutex::new(outstanding) }
    }

    pub(super) fn life(&self) -> Millis {
        self.life
    }

    /// The text is the log-in's id, which is no secret, a dot, and a secret.
    pub(super) fn issue(&self, log_in: LogInId, now: Timestamp) -> SecretString {
        let secret = new_secret();
        let issued = Issued { hash: hash_of(&secret), expires_at: now + self.life };
        let mut outstanding = self.outstanding.lock().expect("no holder of the lock panics");
        if outstanding.of.len() >= outstanding.sweep_at {
            outstanding.of.retain(|_, tickets| tickets.back().is_some_and(|last| last.expires_at > now));
            outstanding.sweep_at = (outstanding.of.len() * 2).max(SWEEP_AT_LEAST);
        }
        let tickets = outstanding.of.entry(log_in).or_default();
        if tickets.len() >= PER_LOG_IN_MAX {
            tickets.pop_front();
        }
        tickets.push_back(issued);
        format!("{}.{}", log_in.0.simple(), secret.expose_secret()).into()
    }

    /// The log-in that the ticket was issued to, once.
    pub(super) fn redeem(&self, text: &str, now: Timestamp) -> Option<LogInId> {
        let (log_in, secret) = text.split_once('.')?;
        let log_in = LogInId(log_in.parse().ok()?);
        let hash = hash_of_received(secret)?;
        let mut outstanding = self.outstanding.lock().expect("no holder of the lock panics");
        let tickets = outstanding.of.get_mut(&log_in)?;
        let place = tickets.iter().position(|issued| issued.hash.0.ct_eq(&hash.0).into())?;
        let issued = tickets.remove(place)?;
        if tickets.is_empty() {
            outstanding.of.remove(&log_in);
        }
        (issued.expires_at > now).then_some(log_in)
    }

    pub(super) fn drop_of(&self, log_in: LogInId) {
        self.outstanding.lock().expect("no holder of the lock panics").of.remove(&log_in);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn issue(tickets: &Tickets, log_in: LogInId, at: i64) -> String {
        tickets.issue(log_in, Timestamp(at)).expose_secret().to_owned()
    }

    #[test]
    fn a_ticket_is_good_once() {
        let (tickets, log_in) = (Tickets::new(Millis(30_000)), LogInId(Uuid::now_v7()));
        let ticket = issue(&tickets, log_in, 0);
        assert_eq!(tickets.redeem(&ticket, Timestamp(1)), Some(log_in));
        assert_eq!(tickets.redeem(&ticket, Timestamp(2)), None);
    }

    #[test]
    fn a_ticket_is_good_for_its_life() {
        let (tickets, log_in) = (Tickets::new(Millis(30_000)), LogInId(Uuid::now_v7()));
        let (one, other) = (issue(&tickets, log_in, 0), issue(&tickets, log_in, 0));
        assert_eq!(tickets.redeem(&one, Timestamp(29_999)), Some(log_in));
        assert_eq!(tickets.redeem(&other, Timestamp(30_000)), None);
    }

    #[test]
    fn what_is_no_ticket_is_refused() {
        let (tickets, log_in) = (Tickets::new(Millis(30_000)), LogInId(Uuid::now_v7()));
        let ticket = issue(&tickets, log_in, 0);
        let foreign = ticket.replacen(&log_in.0.simple().to_string(), &Uuid::now_v7().simple().to_string(), 1);
        for text in ["", ".", "x.y", &foreign, &ticket[..ticket.len() - 1], &format!("{ticket}0")] {
            assert_eq!(tickets.redeem(text, Timestamp(1)), None, "{text}");
        }
        assert_eq!(tickets.redeem(&ticket, Timestamp(1)), Some(log_in), "the attempts did not use it up");
    }

    #[test]
    fn a_log_in_cannot_fill_the_memory() {
        let (tickets, log_in) = (Tickets::new(Millis(30_000)), LogInId(Uuid::now_v7()));
        let all: Vec<String> = (0..20).map(|at| issue(&tickets, log_in, at)).collect();
        let good = all.iter().filter(|ticket| tickets.redeem(ticket, Timestamp(100)).is_some()).count();
        assert_eq!(good, PER_LOG_IN_MAX);
    }

    #[test]
    fn expired_tickets_are_swept_out() {
        let tickets = Tickets::new(Millis(30_000));
        for _ in 0..SWEEP_AT_LEAST {
            issue(&tickets, LogInId(Uuid::now_v7()), 0);
        }
        issue(&tickets, LogInId(Uuid::now_v7()), 30_000);
        assert_eq!(tickets.outstanding.lock().unwrap().of.len(), 1);
    }
}
