//! Counts per queue and 15 minutes: every entry and every end in the interval in which it happens.
//! Keeps intervals until they are taken; stores nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::counts::{Tally, Targets};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::QueueId;
use crate::routing::time::{Millis, Timestamp};

/// Every time zone in use is a multiple of this away from UTC, so intervals begin on local quarters too.
pub const INTERVAL: Millis = Millis::minutes(15);

/// The interval that holds `at`.
#[must_use]
pub fn interval_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(INTERVAL.0))
}

/// One queue's counts in the interval that begins at `begins`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct QueueInterval {
    pub begins: Timestamp,
    pub queue: QueueId,
    pub tally: Tally,
}

/// The fold. An interval in which nobody waited and nothing happened has no row.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Intervals {
    targets: Targets,
    /// `None` before the first event.
    current: Option<Timestamp>,
    open: BTreeMap<QueueId, Tally>,
    closed: Vec<QueueInterval>,
}

impl Intervals {
    pub fn evolve(&mut self, event: &Event) {
        self.close_until(event.at);
        match &event.fact {
            Fact::RulesReplaced { rules, .. } => self.targets.replace(rules),
            Fact::ContactQueued { queue, .. } => self.tally(queue).visits.enter(),
            Fact::VisitEnded { queue, end, waited, estimate, .. } => {
                let within = self.targets.answered_within(queue);
                self.tally(queue).end(*end, *waited, within, *estimate);
            }
            Fact::SegmentClosed { queue, connected: true, talk, hold, wrap_up, .. } => {
                self.tally(queue).close_segment(*talk, *hold, *wrap_up);
            }
            Fact::SegmentClosed { connected: false, .. }
            | Fact::Resumed { .. }
            | Fact::ClockStepped { .. }
            | Fact::GatewayAttached { .. }
            | Fact::GatewayDetached { .. }
            | Fact::GatewayLost { .. }
            | Fact::GatewayLinesSet { .. }
            | Fact::InventoryCompared { .. }
            | Fact::AgentChanged { .. }
            | Fact::AgentBackedOff { .. }
            | Fact::BackOffEnded { .. }
            | Fact::DeviceChanged { .. }
            | Fact::ContactArrived { .. }
            | Fact::CallbackPromised { .. }
            | Fact::CustomerAnswered { .. }
            | Fact::AttemptFailed { .. }
            | Fact::CallbackNotPlaced { .. }
            | Fact::CallbackSuperseded { .. }
            | Fact::CallbackGapEnded { .. }
            | Fact::CampaignSet { .. }
            | Fact::CampaignRunChanged { .. }
            | Fact::LeadFiled { .. }
            | Fact::CallbackProposed { .. }
            | Fact::LeadPromised { .. }
            | Fact::AttemptProposed { .. }
            | Fact::AttemptCleared { .. }
            | Fact::AttemptPlaced { .. }
            | Fact::AttemptRefused { .. }
            | Fact::AttemptEnded { .. }
            | Fact::LeadReturned { .. }
            | Fact::ContactUpdated { .. }
            | Fact::ContactOffered { .. }
            | Fact::OfferAcknowledged { .. }
            | Fact::OfferEnded { .. }
            | Fact::ContactConnecting { .. }
            | Fact::ConnectFailed { .. }
            | Fact::ContactConnected { .. }
            | Fact::ContactHeld { .. }
            | Fact::ContactUnheld { .. }
            | Fact::SegmentSetAside { .. }
            | Fact::SegmentTakenUp { .. }
            | Fact::MessagePassed { .. }
            | Fact::ContactSuspended { .. }
            | Fact::ContactTakenUp { .. }
            | Fact::ContactTransferred { .. }
            | Fact::ContactReturned { .. }
            | Fact::WrapUpStarted { .. }
            | Fact::WrapUpExtended { .. }
            | Fact::ContactEnded { .. }
            | Fact::VisitChanged { .. }
            | Fact::VisitWidened { .. }
            | Fact::ExitKeyPressed { .. }
            | Fact::ExitTaken { .. }
            | Fact::ExitFailed { .. }
            | Fact::QueueRaised { .. }
            | Fact::QueueLowered { .. }
            | Fact::ContactTransferredOutside { .. }
            | Fact::TransferFailed { .. }
            | Fact::VoicemailBegun { .. }
            | Fact::RecordingOrdered { .. }
            | Fact::RecordingTold { .. }
            | Fact::PreferredWaitEnded { .. }
            | Fact::VisitPrioritised { .. }
            | Fact::QueuePaused { .. }
            | Fact::QueueResumed { .. }
            | Fact::ConsultationBegun { .. }
            | Fact::ConsultationJoined { .. }
            | Fact::ConsultationEnded { .. }
            | Fact::ContactHandedOver { .. }
            | Fact::LegLost { .. }
            | Fact::LegBack { .. }
            | Fact::OfferLimitReached { .. }
            | Fact::OfferLimitLifted { .. }
            | Fact::EndForeseen { .. } => {}
        }
    }

    /// Closes every interval that ends at or before `now`.
    pub fn close_until(&mut self, now: Timestamp) {
        let target = interval_of(now);
        let Some(mut begins) = self.current else {
            self.current = Some(target);
            return;
        };
        while begins < target && !self.open.is_empty() {
            for (queue, tally) in std::mem::take(&mut self.open) {
                let next = tally.carried_over();
                if !tally.is_empty() {
                    self.closed.push(QueueInterval { begins, queue: queue.clone(), tally });
                }
                if !next.is_empty() {
                    self.open.insert(queue, next);
                }
            }
            begins = begins + INTERVAL;
        }
        self.current = Some(target.max(begins));
    }

    /// The closed intervals, in order of time, then queue; they are forgotten here.
    pub fn take_closed(&mut self) -> Vec<QueueInterval> {
        std::mem::take(&mut self.closed)
    }

    /// The counts of the interval that is under way.
    #[must_use]
    pub fn open(&self) -> &BTreeMap<QueueId, Tally> {
        &self.open
    }

    fn tally(&mut self, queue: &QueueId) -> &mut Tally {
        self.open.entry(queue.clone()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::histories::{History, random_history};

    #[test]
    fn an_end_counts_where_it_happens_and_the_wait_is_carried_over() {
        let minute = |n: i64| Timestamp(n * 60_000);
        let mut history = History::default();
        history.rules(minute(0), &["sales"]);
        let contact = history.arrive(minute(14), "sales");
        history.abandon(minute(46), contact);
        let mut intervals = Intervals::default();
        for event in &history.events {
            intervals.evolve(event);
        }
        intervals.close_until(minute(90));
        let rows: Vec<_> = intervals
            .take_closed()
            .into_iter()
            .map(|row| {
                let visits = row.tally.visits;
                assert!(visits.balances());
                (row.begins, visits.carried_in, visits.entered, visits.abandoned, visits.waiting)
            })
            .collect();
        assert_eq!(
            rows,
            [(minute(0), 0, 1, 0, 1), (minute(15), 1, 0, 0, 1), (minute(30), 1, 0, 0, 1), (minute(45), 1, 0, 1, 0)]
        );
        assert!(intervals.open().is_empty(), "nothing is kept for a queue in which nobody waits");
    }

    #[test]
    fn what_one_interval_carries_out_the_next_carries_in() {
        for seed in 0..30 {
            let history = random_history(seed, 400);
            let mut intervals = Intervals::default();
            for event in &history.events {
                intervals.evolve(event);
                assert!(intervals.open().values().all(|tally| tally.visits.balances()), "seed {seed}");
            }
            let end = history.events.last().unwrap().at;
            intervals.close_until(end + INTERVAL);
            let mut carried: BTreeMap<QueueId, (Timestamp, u64)> = BTreeMap::new();
            let mut entered = 0;
            for row in intervals.take_closed() {
                let before = carried.insert(row.queue.clone(), (row.begins + INTERVAL, row.tally.visits.waiting));
                let carried_out = before.filter(|(at, _)| *at == row.begins).map_or(0, |(_, waiting)| waiting);
                assert_eq!(row.tally.visits.carried_in, carried_out, "seed {seed}");
                assert!(row.tally.visits.balances(), "seed {seed}");
                entered += row.tally.visits.entered;
            }
            let queued = history.events.iter().filter(|event| matches!(event.fact, Fact::ContactQueued { .. })).count();
            assert_eq!(entered, queued as u64, "seed {seed}");
        }
    }
}
