//! How often somebody may be called, and for how long not after what happened. Given past calls it says from when; it keeps none.

use std::num::NonZeroU32;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::calling_calendar::CallingCalendar;
use super::calling_window::DAY;
use super::jurisdiction::{LegalLimits, PackId, Sourced};
use crate::routing::calendar::local;
use crate::routing::time::{Millis, Timestamp};

/// How often caps and hours are asked in turn for a moment that suits both: each turn passes a whole closing.
const TURNS_MAX: usize = 400;

/// A time as a rule counts it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Period {
    /// To the millisecond.
    Elapsed(Millis),
    /// Whole days of whoever is called; never less than so many times 24 hours.
    Days(u16),
}

impl Period {
    /// Until when a call at `at` counts in a period that ends with the moment looked at. A day counts from its midnight.
    #[must_use]
    pub fn counts_until(self, at: Timestamp, zones: &[TimeZone]) -> Timestamp {
        match self {
            Period::Elapsed(span) => at + span,
            Period::Days(days) => after_days(at, days, i32::from(days), zones),
        }
    }

    /// Until when something forbids what comes after it: the day itself is not one of the days.
    #[must_use]
    pub fn forbids_until(self, at: Timestamp, zones: &[TimeZone]) -> Timestamp {
        match self {
            Period::Elapsed(span) => at + span,
            Period::Days(days) => after_days(at, days, i32::from(days) + 1, zones),
        }
    }
}

/// The latest in all zones of the midnight `midnights` days on, and at least `days` times 24 hours.
fn after_days(at: Timestamp, days: u16, midnights: i32, zones: &[TimeZone]) -> Timestamp {
    let elapsed = at + Millis(i64::from(days) * DAY.0);
    let midnight = |zone: &TimeZone| {
        let day: Date = local(zone, at)?.date().checked_add(midnights.days()).ok()?;
        let begins = day.to_zoned(zone.clone()).ok()?;
        Some(Timestamp(begins.timestamp().as_millisecond()))
    };
    zones.iter().filter_map(midnight).fold(elapsed, Timestamp::max)
}

/// Whose calls are counted together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitScope {
    Number,
    /// All numbers of a customer.
    Customer,
    /// One customer's within one campaign.
    Campaign,
    /// One customer's about one debt.
    Debt,
}

impl LimitScope {
    pub const ALL: [LimitScope; 4] = [LimitScope::Number, LimitScope::Customer, LimitScope::Campaign, LimitScope::Debt];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LimitScope::Number => "number",
            LimitScope::Customer => "customer",
            LimitScope::Campaign => "campaign",
            LimitScope::Debt => "debt",
        }
    }
}

/// At most so many calls in a period that ends now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct RollingCap {
    pub calls: NonZeroU32,
    pub within: Period,
    pub per: LimitScope,
}

/// What happened to a call, as far as the law looks at it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AttemptEnd {
    /// Not known, or not yet: it counts as a call.
    Open,
    /// Nobody, a machine, or the wrong person.
    NotReached,
    /// A person answered, and no agent was there.
    Dropped,
    Conversation,
    /// A conversation in which the customer wished no more calls of the kind.
    Refused,
}

/// What a lock follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LockedBy {
    Dropped,
    /// A refusal too.
    Conversation,
    Refused,
}

impl LockedBy {
    pub const ALL: [LockedBy; 3] = [LockedBy::Dropped, LockedBy::Conversation, LockedBy::Refused];

    /// As a rule file writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LockedBy::Dropped => "dropped",
            LockedBy::Conversation => "conversation",
            LockedBy::Refused => "refused",
        }
    }

    fn follows(self, end: AttemptEnd) -> bool {
        match end {
            AttemptEnd::Open | AttemptEnd::NotReached => false,
            AttemptEnd::Dropped => self == LockedBy::Dropped,
            AttemptEnd::Conversation => self == LockedBy::Conversation,
            AttemptEnd::Refused => self == LockedBy::Refused || self == LockedBy::Conversation,
        }
    }
}

/// No call for a time after what happened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CallLock {
    pub after: LockedBy,
    pub lasts: Period,
    pub per: LimitScope,
    /// A call for which an agent is reserved may be placed all the same.
    pub unless_agent_reserved: bool,
}

/// A call that was placed, beside the one that is thought of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PastAttempt {
    pub placed_at: Timestamp,
    /// When it ended; while it is open, when it was placed.
    pub ended_at: Timestamp,
    pub end: AttemptEnd,
    pub shares: Shared,
}

/// What a past call has in common with the one that is thought of. What is not known counts as shared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shared {
    pub number: bool,
    pub customer: bool,
    pub campaign: bool,
    pub debt: bool,
}

impl Shared {
    fn is_in(self, scope: LimitScope) -> bool {
        match scope {
            LimitScope::Number => self.number,
            LimitScope::Customer => self.customer || self.number,
            LimitScope::Campaign => self.campaign && (self.customer || self.number),
            LimitScope::Debt => self.debt && (self.customer || self.number),
        }
    }
}

/// Whose limit it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LimitOf {
    Jurisdiction { pack: PackId, source: Arc<str> },
    Campaign,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// `counted` calls were placed in the period.
    Cap {
        cap: RollingCap,
        counted: usize,
    },
    Lock {
        lock: CallLock,
        since: Timestamp,
    },
}

/// A limit that forbids a call, and from when it no longer does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldBy {
    pub limit_of: LimitOf,
    pub limit: Limit,
    pub until: Timestamp,
}

/// All limits of one call.
#[derive(Clone, Copy, Debug)]
pub struct CallLimits<'l> {
    pub legal: &'l LegalLimits<'l>,
    /// The campaign's own caps, beside the law's.
    pub campaign_caps: &'l [RollingCap],
    /// Every zone the customer may be in: days end with the last of them.
    pub zones: &'l [TimeZone],
}

impl CallLimits<'_> {
    /// What forbids a call at `at`; nothing: it may be placed. An attempt after `at` counts too, so that a clock that
    /// was put back frees nobody.
    #[must_use]
    pub fn held_by(&self, past: &[PastAttempt], at: Timestamp, agent_reserved: bool) -> Vec<HeldBy> {
        let law =
            |pack: &PackId, source: &Arc<str>| LimitOf::Jurisdiction { pack: pack.clone(), source: source.clone() };
        let legal_caps = self.legal.caps.iter().filter_map(|(pack, Sourced { rule, source })| {
            let (limit, until) = self.capped(*rule, past, at)?;
            Some(HeldBy { limit_of: law(pack, source), limit, until })
        });
        let own_caps = self.campaign_caps.iter().filter_map(|cap| {
            let (limit, until) = self.capped(*cap, past, at)?;
            Some(HeldBy { limit_of: LimitOf::Campaign, limit, until })
        });
        let locks = self.legal.locks.iter().filter_map(|(pack, Sourced { rule, source })| {
            let (limit, until) = self.locked(*rule, past, at, agent_reserved)?;
            Some(HeldBy { limit_of: law(pack, source), limit, until })
        });
        legal_caps.chain(own_caps).chain(locks).collect()
    }

    /// The first moment from `at` on at which hours, caps and locks all allow a call, if none is placed till then.
    /// None: not within a year.
    #[must_use]
    pub fn allowed_from(
        &self,
        calendar: &CallingCalendar,
        past: &[PastAttempt],
        at: Timestamp,
        agent_reserved: bool,
    ) -> Option<Timestamp> {
        let mut from = at;
        for _ in 0..TURNS_MAX {
            from = calendar.open_from(from)?;
            match self.held_by(past, from, agent_reserved).iter().map(|held| held.until).max() {
                Some(until) => from = until,
                None => return Some(from),
            }
        }
        None
    }

    fn capped(&self, cap: RollingCap, past: &[PastAttempt], at: Timestamp) -> Option<(Limit, Timestamp)> {
        let attempts = past.iter().filter(|attempt| attempt.shares.is_in(cap.per));
        let counting = attempts.map(|attempt| cap.within.counts_until(attempt.placed_at, self.zones));
        let mut counting: Vec<Timestamp> = counting.filter(|until| *until > at).collect();
        counting.sort_unstable();
        // One more may be placed when so many have left the period that fewer than the cap remain.
        let leaves = counting.len().checked_sub(cap.calls.get() as usize)?;
        Some((Limit::Cap { cap, counted: counting.len() }, counting[leaves]))
    }

    fn locked(
        &self,
        lock: CallLock,
        past: &[PastAttempt],
        at: Timestamp,
        agent_reserved: bool,
    ) -> Option<(Limit, Timestamp)> {
        if lock.unless_agent_reserved && agent_reserved {
            return None;
        }
        let causes = past.iter().filter(|past| past.shares.is_in(lock.per) && lock.after.follows(past.end));
        let last = causes.max_by_key(|attempt| attempt.ended_at)?;
        let until = lock.lasts.forbids_until(last.ended_at, self.zones);
        (until > at).then_some((Limit::Lock { lock, since: last.ended_at }, until))
    }
}
