//! The figures of a queue that conditions may read: small integers of the present moment. The board
//! shows the same; neither is made from the other.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};

use super::estimate;
use super::event::VisitEnd;
use super::expression::QueueFigures;
use super::ids::QueueId;
use super::index::Index;
use super::lane::Requirement;
use super::state::State;
use super::table::QueueNo;
use super::time::{Millis, Timestamp};

/// The service level of conditions looks back this many minutes, the one that runs included.
const MINUTES: i64 = 15;

/// Ended visits of the last minutes, by the minute in which they ended.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RecentEnds(VecDeque<MinuteOfEnds>);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct MinuteOfEnds {
    minute: i64,
    answered_within: u32,
    /// Answered, and abandoned but not shortly.
    counted: u32,
}

impl RecentEnds {
    pub(super) fn add(&mut self, end: VisitEnd, waited: Millis, answered_within: Millis, at: Timestamp) {
        let (within, counts) = match end {
            VisitEnd::Answered => (waited <= answered_within, true),
            VisitEnd::Abandoned { short } => (false, !short),
            VisitEnd::FlowedOut | VisitEnd::CallbackRequested | VisitEnd::Withdrawn | VisitEnd::LostByGateway => {
                (false, false)
            }
        };
        if !counts {
            return;
        }
        let minute = minute_of(at);
        while self.0.front().is_some_and(|first| first.minute <= minute - MINUTES) {
            self.0.pop_front();
        }
        if self.0.back().is_none_or(|last| last.minute != minute) {
            self.0.push_back(MinuteOfEnds { minute, ..MinuteOfEnds::default() });
        }
        let last = self.0.back_mut().expect("one was just seen or added");
        last.answered_within += u32::from(within);
        last.counted += 1;
    }

    /// Answered in time, in percent of answered and abandoned (short abandons left out); 100 when there were none.
    #[must_use]
    pub fn service_level(&self, now: Timestamp) -> i64 {
        let first = minute_of(now) - MINUTES + 1;
        let (mut within, mut counted) = (0, 0);
        for minute in self.0.iter().filter(|minute| minute.minute >= first) {
            within += i64::from(minute.answered_within);
            counted += i64::from(minute.counted);
        }
        if counted == 0 { 100 } else { 100 * within / counted }
    }
}

fn minute_of(at: Timestamp) -> i64 {
    at.0.div_euclid(60_000)
}

/// None: the rules have no such queue.
pub(super) fn figures_of(state: &State, index: &mut Index, queue: &QueueId, now: Timestamp) -> Option<QueueFigures> {
    let no = state.queue_no(queue).filter(|no| state.queue(*no).in_rules)?;
    let serving = index.serving(state, no);
    let agents_available = count(serving.intersection_count(&index.present));
    let agents_idle = count(serving.intersection_count(&index.idle));
    let queued = index.queued.get(&no);
    let waiting = queued.map_or(0, |visits| visits.len());
    let estimate = state.queue(no).pace.gap(now).map(|gap| estimate::of_place(waiting + 1, gap));
    let oldest =
        queued.and_then(|visits| visits.first()).and_then(|(_, contact)| state.contacts[contact].visit.as_ref());
    let longest = oldest.map_or(Millis::ZERO, |visit| state.waited(visit, now));
    Some(QueueFigures {
        waiting: count(waiting),
        agents_idle,
        agents_available,
        longest_wait_s: longest.0 / 1_000,
        estimated_wait_s: estimate.map_or(0, |estimate| estimate.p50.0 / 1_000),
        service_level: state.queue(no).recent_ends.service_level(now),
    })
}

fn count(entries: usize) -> i64 {
    i64::try_from(entries).expect("tables are bounded far below 2⁶³ entries")
}

impl Index {
    /// Agents who meet the queue's own requirement for one of its channels.
    fn serving(&mut self, state: &State, queue: QueueNo) -> FixedBitSet {
        if let Some(known) = self.serving.get(&queue) {
            return known.clone();
        }
        let rules = &state.queue(queue).rules;
        let mut serving = FixedBitSet::with_capacity(state.agents.len());
        for channel in &rules.channels {
            let requirement = Requirement::of_queue(state, queue, *channel);
            serving.union_with(&self.lanes.admitted(state, &requirement));
        }
        self.serving.insert(queue, serving.clone());
        serving
    }
}
