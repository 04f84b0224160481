//! How fast each queue's line moved, from whole lists of who left it and when somebody stood in it.

use serde::{Deserialize, Serialize};

use super::contacts::Queueing;
use super::model::{GatewayState, Model};
use crate::routing::estimate::{self, Estimate};
use crate::routing::event::{Event, Fact};
use crate::routing::ids::{ContactId, QueueId};
use crate::routing::time::{Millis, Timestamp};

const MINUTE: i64 = 60_000;
/// The pace is that of this minute and those before it, so many in all.
const PACE_MINUTES: i64 = 15;

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Line {
    standing: u32,
    /// Where the part of the present span that is in no other list begins.
    since: Timestamp,
    /// From and until: somebody stood in line.
    spans: Vec<(Timestamp, Timestamp)>,
    left: Vec<Timestamp>,
}

impl Line {
    fn changes(&mut self, at: Timestamp) {
        if self.standing > 0 {
            self.spans.push((self.since, at));
        }
        self.since = at;
    }
}

impl Model {
    /// Takes in who joins and leaves a line, before the visits change.
    pub(super) fn tally_lines(&mut self, event: &Event) {
        let of_visit = |contact: &ContactId| {
            let visit = self.contacts.get(contact).and_then(|contact| contact.visit.clone());
            visit.map(|visit| (visit.queue, visit.connecting))
        };
        let (queue, joins) = match &event.fact {
            Fact::ContactQueued { queue, .. } => (queue.clone(), true),
            Fact::ConnectFailed { contact, .. }
            | Fact::AttemptFailed { contact, .. }
            | Fact::CallbackNotPlaced { contact, .. } => {
                let Some((queue, _)) = of_visit(contact) else { return };
                (queue, true)
            }
            Fact::ContactConnecting { contact, .. } => {
                let Some((queue, _)) = of_visit(contact) else { return };
                (queue, false)
            }
            Fact::VisitEnded { contact, .. } => match of_visit(contact) {
                Some((queue, false)) => (queue, false),
                Some((_, true)) | None => return,
            },
            Fact::Resumed { down_for, .. } => {
                for line in self.lines.values_mut() {
                    line.since = line.since + *down_for;
                }
                return;
            }
            _ => return,
        };
        let line = self.lines.entry(queue).or_default();
        line.changes(event.at);
        if joins {
            line.standing += 1;
        } else {
            line.standing -= 1;
            line.left.push(event.at);
        }
    }

    /// Mean time until somebody left the line; None: nobody has stood in it lately.
    pub(crate) fn gap(&self, queue: &QueueId, now: Timestamp) -> Option<Millis> {
        let line = self.lines.get(queue)?;
        let first = (now.0.div_euclid(MINUTE) - PACE_MINUTES + 1) * MINUTE;
        let left = line.left.iter().filter(|at| at.0 >= first).count() as i64;
        let running = (line.standing > 0).then_some((line.since, now));
        let spans = line.spans.iter().copied().chain(running);
        let stood: i64 = spans.map(|(from, until)| (until.0 - from.0.max(first)).max(0)).sum();
        if stood == 0 && left == 0 { None } else { Some(Millis(stood / left.max(1))) }
    }

    /// What a visit about to begin is told.
    pub(super) fn estimate(&self, contact: ContactId, begins: &Queueing, now: Timestamp) -> Option<Estimate> {
        if begins.queue.as_str().starts_with('@') {
            return None;
        }
        let gap = self.gap(&begins.queue, now)?;
        let is_paused = self.paused.contains(&begins.queue);
        let key = self.order_key(contact, &begins.queue, begins.priority, begins.ordered_since);
        let is_before = |other: &&super::model::Contact| {
            let is_there = self.gateway(&other.gateway).is_some_and(|gateway| gateway.state == GatewayState::Attached);
            let visit = self.up_for_offers(other).filter(|visit| visit.queue == begins.queue);
            let rests = other.gap_until.is_some() || self.hold_of_a_call(other).is_some();
            is_there
                && !rests
                && !is_paused
                && visit.is_some_and(|visit| visit.limited_until.is_none() && visit.key < key)
        };
        let before = self.all_contacts().filter(is_before).count();
        Some(estimate::of_place(before + 1, gap))
    }
}
