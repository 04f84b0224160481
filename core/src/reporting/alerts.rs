//! Which figures of which queues are over their thresholds, and since when. It calls nobody and decides nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::figures::QueueFigures;
use crate::routing::ids::QueueId;
use crate::routing::recording::RecordingState;
use crate::routing::rule_set::AlertRules;
use crate::routing::state::State;
use crate::routing::table::QueueNo;
use crate::routing::time::{Millis, Timestamp};

/// An alert ends when its figure was on the right side for so long: one that swings is one alert.
pub const QUIET_FOR: Millis = Millis::seconds(10);
/// Before so many visits of the day have ended, one abandon is a great share of them.
const ENDED_MIN: u64 = 10;
/// One call that is not recorded as it should be is too many: no rule says otherwise.
const NOT_RECORDED_FROM: i64 = 1;

/// Which figure. Counts are counts, waits are milliseconds, shares are thousandths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    Waiting,
    LongestWait,
    ServiceLevel,
    Abandonment,
    AgentsAvailable,
    NotRecorded,
}

/// A figure that is over its threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Over {
    pub measure: Measure,
    pub value: i64,
    pub threshold: i64,
}

/// Calls that agents have in hand and whose recording has failed, by the queue they were answered from.
#[must_use]
pub fn not_recorded(state: &State) -> BTreeMap<QueueNo, i64> {
    let mut calls = BTreeMap::new();
    if !state.queues.values().any(|queue| queue.rules.record) {
        return calls;
    }
    for (id, segment) in state.segments.iter().filter(|(_, segment)| segment.is_with_customer()) {
        let contact = state.contacts.get(&segment.contact).filter(|contact| contact.segment == Some(*id));
        let latest = contact.and_then(|contact| contact.recordings.last());
        if latest.is_some_and(|latest| latest.state == Some(RecordingState::Failed)) {
            *calls.entry(segment.from.queue_or_behind()).or_default() += 1;
        }
    }
    calls
}

/// `service_level_recent`: of the last 15 minutes, in percent; `not_recorded`: calls of this queue.
#[must_use]
pub fn over(
    figures: &QueueFigures,
    rules: &AlertRules,
    service_level_recent: i64,
    not_recorded: i64,
    now: Timestamp,
) -> Vec<Over> {
    let visits = &figures.rates.visits;
    let waits = figures.longest_waiting_since.map_or(Millis::ZERO, |since| now.since(since));
    let available = i64::from(figures.agents.available());
    let waiting = i64::try_from(figures.waiting).unwrap_or(i64::MAX);
    let abandoned = i64::try_from(visits.abandoned * 1_000 / visits.ended().max(1)).unwrap_or(i64::MAX);
    let of_count = |set: Option<u32>| set.map(i64::from);
    let looked_at = [
        (Measure::Waiting, waiting, of_count(rules.waiting)),
        (Measure::LongestWait, waits.0, rules.longest_wait.map(|longest| longest.0)),
        (Measure::ServiceLevel, service_level_recent * 10, of_count(rules.service_level_per_mille)),
        (Measure::Abandonment, abandoned, of_count(rules.abandonment_per_mille)),
        (Measure::AgentsAvailable, available, of_count(rules.agents_available)),
        (Measure::NotRecorded, not_recorded, Some(NOT_RECORDED_FROM)),
    ];
    let found = looked_at.into_iter().filter_map(|(measure, value, set)| {
        let threshold = set?;
        let is_over = match measure {
            Measure::Waiting | Measure::LongestWait | Measure::NotRecorded => value >= threshold,
            Measure::Abandonment => value > threshold && visits.ended() >= ENDED_MIN,
            Measure::ServiceLevel | Measure::AgentsAvailable => value < threshold,
        };
        is_over.then_some(Over { measure, value, threshold })
    });
    found.collect()
}

/// An alert that stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raised {
    pub over: Over,
    pub since: Timestamp,
    /// Its figure is on the right side from then on.
    quiet_since: Option<Timestamp>,
}

/// What a look has changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AlertChanges {
    pub raised: Vec<(QueueId, Raised)>,
    pub cleared: Vec<(QueueId, Measure)>,
}

/// The alerts that stand. Nothing of them is kept over a restart: the first look afterwards raises them again.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Alerts(BTreeMap<(QueueId, Measure), Raised>);

impl Alerts {
    /// All of them, by queue.
    pub fn standing(&self) -> impl Iterator<Item = (&QueueId, &Raised)> {
        self.0.iter().map(|((queue, _), raised)| (queue, raised))
    }

    /// What is over its threshold at `now`, of all queues.
    pub fn look(&mut self, found: Vec<(QueueId, Over)>, now: Timestamp) -> AlertChanges {
        let mut changes = AlertChanges::default();
        for raised in self.0.values_mut() {
            raised.quiet_since = raised.quiet_since.or(Some(now));
        }
        for (queue, over) in found {
            let raised = Raised { over, since: now, quiet_since: None };
            match self.0.entry((queue.clone(), over.measure)) {
                Entry::Occupied(mut standing) => {
                    let since = standing.get().since;
                    standing.insert(Raised { since, ..raised });
                }
                Entry::Vacant(none) => {
                    none.insert(raised);
                    changes.raised.push((queue, raised));
                }
            }
        }
        self.0.retain(|(queue, measure), raised| {
            let is_over = raised.quiet_since.is_some_and(|since| now.since(since) >= QUIET_FOR);
            if is_over {
                changes.cleared.push((queue.clone(), *measure));
            }
            !is_over
        });
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::activity::AgentTotals;
    use crate::reporting::counts::{Tally, VisitCounts};
    use crate::reporting::figures::Rates;

    fn figures(visits: VisitCounts) -> QueueFigures {
        QueueFigures {
            queue: QueueId::new("gold").unwrap(),
            waiting: visits.waiting,
            offered: 0,
            connecting: 0,
            talking: 0,
            wrap_up: 0,
            is_paused: false,
            longest_waiting_since: (visits.waiting > 0).then_some(Timestamp(0)),
            answered_within: Millis::seconds(20),
            target_per_mille: 800,
            rates: Rates::from(&Tally { visits, ..Tally::default() }),
            agents: AgentTotals { idle: 1, busy: 1, not_ready: 3, ..AgentTotals::default() },
        }
    }

    fn measures(visits: VisitCounts, recent: i64, rules: AlertRules) -> Vec<(Measure, i64)> {
        let found = over(&figures(visits), &rules, recent, 0, Timestamp(60_000));
        found.iter().map(|over| (over.measure, over.value)).collect()
    }

    #[test]
    fn a_threshold_is_reached_and_without_one_nothing_is() {
        let bad = VisitCounts { waiting: 5, answered: 8, abandoned: 2, ..VisitCounts::default() };
        assert_eq!(measures(bad, 0, AlertRules::default()), []);
        let rules = AlertRules {
            waiting: Some(5),
            longest_wait: Some(Millis::minutes(1)),
            service_level_per_mille: Some(600),
            abandonment_per_mille: Some(150),
            agents_available: Some(3),
        };
        let all = [
            (Measure::Waiting, 5),
            (Measure::LongestWait, 60_000),
            (Measure::ServiceLevel, 590),
            (Measure::Abandonment, 200),
            (Measure::AgentsAvailable, 2),
        ];
        assert_eq!(measures(bad, 59, rules), all);
        let good = VisitCounts { answered: 17, abandoned: 3, ..VisitCounts::default() };
        let rules = AlertRules { agents_available: Some(2), ..rules };
        assert_eq!(measures(good, 60, rules), [], "at the threshold a share is not over it");
        let early = VisitCounts { answered: 8, abandoned: 1, ..VisitCounts::default() };
        assert_eq!(measures(early, 100, AlertRules { abandonment_per_mille: Some(0), ..rules }), [], "of nine");
    }

    #[test]
    fn a_call_that_is_not_recorded_needs_no_threshold() {
        let found = over(&figures(VisitCounts::default()), &AlertRules::default(), 100, 2, Timestamp(0));
        assert_eq!(found, [Over { measure: Measure::NotRecorded, value: 2, threshold: 1 }]);
    }

    #[test]
    fn a_figure_that_swings_is_one_alert() {
        let queue = QueueId::new("gold").unwrap();
        let at = |seconds: i64| Timestamp(seconds * 1_000);
        let found = |value| vec![(queue.clone(), Over { measure: Measure::Waiting, value, threshold: 5 })];
        let mut alerts = Alerts::default();
        assert_eq!(alerts.look(found(5), at(1)).raised.len(), 1);
        assert_eq!(alerts.look(Vec::new(), at(2)), AlertChanges::default());
        assert_eq!(alerts.look(found(9), at(8)), AlertChanges::default(), "it stands already");
        let (_, raised) = alerts.standing().next().unwrap();
        assert_eq!((raised.since, raised.over.value), (at(1), 9));
        assert_eq!(alerts.look(Vec::new(), at(9)), AlertChanges::default());
        assert_eq!(alerts.look(Vec::new(), at(18)), AlertChanges::default());
        assert_eq!(alerts.look(Vec::new(), at(19)).cleared, [(queue.clone(), Measure::Waiting)]);
        assert_eq!(alerts.standing().count(), 0);
    }
}
