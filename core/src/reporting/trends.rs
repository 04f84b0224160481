//! The last hours in spans of five minutes: what entered and ended, and how long the line was, by queue and for the
//! centre. It forgets what is older, and never fills a span in which nothing was heard with a guess.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::counts::VisitCounts;
use crate::routing::event::VisitEnd;
use crate::routing::ids::QueueId;
use crate::routing::time::{Millis, Timestamp};

/// Each span is as long as this, and begins on a multiple of it.
pub const SPAN: Millis = Millis::minutes(5);
/// What began longer ago is forgotten.
pub const KEPT: Millis = Millis::minutes(8 * 60);

/// One span of one queue, or of the whole centre.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Span {
    pub begins: Timestamp,
    /// Without what was carried in; `waiting` is how many wait at its end.
    pub visits: VisitCounts,
    /// The most that waited at once.
    pub waiting_max: u64,
    /// The longest wait of a visit that ended in it.
    pub longest_wait: Millis,
}

impl Span {
    fn after(before: Option<&Span>, begins: Timestamp) -> Span {
        let waiting = before.map_or(0, |span| span.visits.waiting);
        Span {
            begins,
            visits: VisitCounts { waiting, ..VisitCounts::default() },
            waiting_max: waiting,
            longest_wait: Millis::ZERO,
        }
    }
}

/// The spans in which something happened, oldest first.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
struct Trend(VecDeque<Span>);

impl Trend {
    fn span(&mut self, at: Timestamp) -> &mut Span {
        let begins = begin_of(at);
        // What waits there is known from the last span, so that one is always kept.
        while self.0.len() > 1 && self.0.front().is_some_and(|span| span.begins < begins - KEPT) {
            self.0.pop_front();
        }
        if self.0.back().is_none_or(|last| last.begins < begins) {
            self.0.push_back(Span::after(self.0.back(), begins));
        }
        self.0.back_mut().expect("one was pushed if there was none")
    }

    fn enter(&mut self, at: Timestamp) {
        let span = self.span(at);
        span.visits.enter();
        span.waiting_max = span.waiting_max.max(span.visits.waiting);
    }

    fn end(&mut self, end: VisitEnd, waited: Millis, within: Millis, at: Timestamp) {
        let span = self.span(at);
        span.visits.end(end, waited, within);
        span.longest_wait = span.longest_wait.max(waited);
    }

    /// Every span that ends after `from` and begins by `to`, also those in which nothing happened.
    fn spans(&self, from: Timestamp, to: Timestamp) -> Vec<Span> {
        let mut begins = begin_of(from).max(begin_of(to) - KEPT);
        let at = self.0.partition_point(|span| span.begins < begins);
        let mut before = at.checked_sub(1).map(|last| self.0[last]);
        let mut known = self.0.range(at..).peekable();
        let mut spans = Vec::new();
        while begins <= to {
            let span = known.next_if(|span| span.begins == begins).copied();
            let span = span.unwrap_or_else(|| Span::after(before.as_ref(), begins));
            spans.push(span);
            before = Some(span);
            begins = begins + SPAN;
        }
        spans
    }
}

/// The fold, fed by the board.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Trends {
    centre: Trend,
    queues: BTreeMap<QueueId, Trend>,
}

impl Trends {
    pub fn enter(&mut self, queue: &QueueId, at: Timestamp) {
        self.of_queue(queue).enter(at);
    }

    pub fn end(&mut self, queue: &QueueId, (end, waited, within): (VisitEnd, Millis, Millis), at: Timestamp) {
        self.of_queue(queue).end(end, waited, within, at);
    }

    pub fn enter_centre(&mut self, at: Timestamp) {
        self.centre.enter(at);
    }

    pub fn end_centre(&mut self, (end, waited, within): (VisitEnd, Millis, Millis), at: Timestamp) {
        self.centre.end(end, waited, within, at);
    }

    /// Queues that are gone are forgotten with their rows.
    pub fn retain(&mut self, keep: impl Fn(&QueueId) -> bool) {
        self.queues.retain(|queue, _| keep(queue));
    }

    /// Of the centre: contacts, not visits.
    pub fn centre(&self, from: Timestamp, to: Timestamp) -> Vec<Span> {
        self.centre.spans(from, to)
    }

    pub fn queue(&self, queue: &QueueId, from: Timestamp, to: Timestamp) -> Vec<Span> {
        match self.queues.get(queue) {
            Some(trend) => trend.spans(from, to),
            None => Trend::default().spans(from, to),
        }
    }

    fn of_queue(&mut self, queue: &QueueId) -> &mut Trend {
        if !self.queues.contains_key(queue) {
            self.queues.insert(queue.clone(), Trend::default());
        }
        self.queues.get_mut(queue).expect("inserted above")
    }
}

fn begin_of(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(SPAN.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Millis = Millis::seconds(20);

    fn minutes(n: i64) -> Timestamp {
        Timestamp(n * 60_000)
    }

    #[test]
    fn a_span_knows_what_entered_what_ended_and_how_long_the_line_was() {
        let mut trend = Trend::default();
        trend.enter(minutes(1));
        trend.enter(minutes(2));
        trend.end(VisitEnd::Answered, Millis::seconds(9), WITHIN, minutes(3));
        trend.end(VisitEnd::Abandoned { short: false }, Millis::minutes(13), WITHIN, minutes(16));
        let spans = trend.spans(minutes(0), minutes(16));
        let told: Vec<_> = spans
            .iter()
            .map(|span| (span.visits.entered, span.visits.ended(), span.visits.waiting, span.waiting_max))
            .collect();
        assert_eq!(told, [(2, 1, 1, 2), (0, 0, 1, 1), (0, 0, 1, 1), (0, 1, 0, 1)]);
        assert_eq!((spans[0].visits.answered_within, spans[3].longest_wait), (1, Millis::minutes(13)));
        assert_eq!(spans[1].begins, minutes(5));
    }

    #[test]
    fn what_is_old_goes_and_who_waits_stays_known() {
        let mut trend = Trend::default();
        trend.enter(minutes(0));
        let later = Timestamp(KEPT.0) + Millis::minutes(60);
        trend.end(VisitEnd::Withdrawn, Millis::ZERO, WITHIN, later);
        trend.enter(later + SPAN);
        assert_eq!(trend.0.len(), 2, "the first is longer ago than is kept");
        let spans = trend.spans(minutes(0), later);
        assert_eq!(spans.len() as i64, KEPT.0 / SPAN.0 + 1);
        assert_eq!((spans.last().unwrap().waiting_max, spans.last().unwrap().visits.waiting), (1, 0));
    }
}
