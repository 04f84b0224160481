//! How many leads of a list that nobody has tried may still go: all, so many as a person let go, or so many an hour or a day.
//! What an hour or a day leaves over lapses: it would come in a burst. Knows no lead.

use jiff::tz::TimeZone;

use super::call_list::{Release, TrancheSpan};
use super::day_parts::{midnight, next_midnight};
use super::lead_standing::ReleaseStanding;
use crate::routing::time::{Millis, Timestamp};

const HOUR: Millis = Millis::minutes(60);

#[derive(Clone, Debug)]
pub struct LeadRelease {
    rule: Release,
    standing: ReleaseStanding,
    /// By whose clock days begin.
    zone: TimeZone,
}

impl LeadRelease {
    #[must_use]
    pub fn new(rule: Release, standing: ReleaseStanding, zone: TimeZone) -> LeadRelease {
        LeadRelease { rule, standing, zone }
    }

    #[must_use]
    pub fn standing(&self) -> ReleaseStanding {
        self.standing
    }

    /// More were let go by hand, `released` in all; or the rule is another now.
    pub fn change(&mut self, rule: &Release, released: u64) {
        self.rule = rule.clone();
        self.standing.released = released;
    }

    /// None: all that there are.
    #[must_use]
    pub fn left(&self, now: Timestamp) -> Option<u64> {
        match &self.rule {
            Release::All => None,
            Release::ByHand => Some(self.standing.released.saturating_sub(self.standing.taken)),
            Release::Tranche { leads, every } => {
                let is_running = self.standing.tranche_began == self.begin(*every, now);
                let taken = if is_running { self.standing.tranche_taken } else { 0 };
                Some(u64::from(leads.get()).saturating_sub(taken))
            }
        }
    }

    #[must_use]
    pub fn lets_go(&self, now: Timestamp) -> bool {
        self.left(now).is_none_or(|left| left > 0)
    }

    /// When more may go without a person who lets them.
    #[must_use]
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        match &self.rule {
            Release::All | Release::ByHand => None,
            Release::Tranche { every: TrancheSpan::Hour, .. } => self.begin(TrancheSpan::Hour, now).map(|at| at + HOUR),
            Release::Tranche { every: TrancheSpan::Day, .. } => next_midnight(&self.zone, now),
        }
    }

    /// One has gone.
    pub fn take(&mut self, now: Timestamp) {
        self.standing.taken += 1;
        if let Release::Tranche { every, .. } = self.rule {
            let began = self.begin(every, now);
            if self.standing.tranche_began != began {
                self.standing.tranche_began = began;
                self.standing.tranche_taken = 0;
            }
            self.standing.tranche_taken += 1;
        }
    }

    /// One has come back as it was.
    pub fn give_back(&mut self, now: Timestamp) {
        self.standing.taken = self.standing.taken.saturating_sub(1);
        if let Release::Tranche { every, .. } = self.rule
            && self.standing.tranche_began == self.begin(every, now)
        {
            self.standing.tranche_taken = self.standing.tranche_taken.saturating_sub(1);
        }
    }

    fn begin(&self, every: TrancheSpan, now: Timestamp) -> Option<Timestamp> {
        match every {
            TrancheSpan::Hour => Some(Timestamp(now.0 - now.0.rem_euclid(HOUR.0))),
            TrancheSpan::Day => midnight(&self.zone, now),
        }
    }
}
