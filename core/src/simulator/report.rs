//! What a simulation hands back: counts and rates per queue and day, per agent and day, and in all.
//! Serialised in this order of fields; times are whole milliseconds, rates from 0 to 1.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::arrivals::{Outcome, Record, RecordedRow};
use crate::reporting::counts::{EstimateCounts, Tally, Targets};
use crate::reporting::definitions::{self, ServiceLevelVariant};
use crate::routing::event::{Event, Fact, VisitEnd};
use crate::routing::ids::{AgentId, ContactId, QueueId};
use crate::routing::time::{Millis, Timestamp};

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Report {
    /// First and last day; null when there is no row.
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub seed: u64,
    pub rules_version: u32,
    pub rows: Rows,
    /// In order of queue, then day. A visit counts for the `date` of its call, also after midnight.
    pub queues: Vec<QueueDay>,
    /// In order of agent, then day. Everything from the begin of a shift until the next day's shift
    /// begins counts for the day on which it began.
    pub agents: Vec<AgentDay>,
    pub total: Total,
    /// What each centre achieved with the same calls; callbacks apart.
    pub compared: Compared,
    /// The total of the same calls, first come first served; absent when it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_come: Option<Total>,
}

/// The recorded centre, the simulated one, and the simulated one first come, first served.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Compared {
    pub recorded: Standing,
    pub simulated: Standing,
    /// Null when it was not asked for.
    pub first_come: Option<Standing>,
}

/// Contacts, not visits: who hung up to be called is neither answered nor abandoned.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Standing {
    pub entered: u64,
    pub answered: u64,
    pub abandoned: u64,
    pub asked_to_be_called: u64,
    pub called_back: u64,
    /// answered within [`COMPARED_WITHIN`] ÷ (answered + abandoned)
    pub service_level: Option<f64>,
    /// abandoned ÷ entered
    pub abandonment: Option<f64>,
    pub asa_ms: Option<Millis>,
}

impl From<&Achieved> for Standing {
    fn from(achieved: &Achieved) -> Standing {
        let Achieved { entered, answered, abandoned, asked_to_be_called, called_back, .. } = *achieved;
        Standing {
            entered,
            answered,
            abandoned,
            asked_to_be_called,
            called_back,
            service_level: definitions::share(achieved.answered_within, answered + abandoned),
            abandonment: definitions::share(abandoned, entered),
            asa_ms: definitions::mean(achieved.waited, answered),
        }
    }
}

/// read = left_out + left_before_queue + entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Rows {
    pub read: u64,
    /// PHANTOM.
    pub left_out: u64,
    /// HANG with `queue_s` 0.
    pub left_before_queue: u64,
    pub entered: u64,
    /// Contacts answered here whose handle time was drawn: none was recorded, or nobody served the
    /// call in truth.
    pub drawn: u64,
    /// Contacts that entered while no agent at all was on duty.
    pub nobody_on_duty: u64,
}

impl Rows {
    /// What stands in the file; the simulation counts the rest.
    #[must_use]
    pub fn of<'a>(rows: impl Iterator<Item = &'a RecordedRow>) -> Rows {
        let mut counts = Rows::default();
        for row in rows {
            counts.read += 1;
            match row.record {
                Record::LeftOut => counts.left_out += 1,
                Record::LeftBeforeQueue => counts.left_before_queue += 1,
                Record::Call(_) => counts.entered += 1,
            }
        }
        counts
    }
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct QueueDay {
    pub queue: QueueId,
    pub day: Date,
    #[serde(flatten)]
    pub figures: Figures,
}

/// entered = answered + abandoned + flowed_out + callbacks + withdrawn + lost + waiting.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figures {
    pub entered: u64,
    pub answered: u64,
    pub answered_within: u64,
    pub abandoned: u64,
    pub short_abandoned: u64,
    pub flowed_out: u64,
    pub callbacks: u64,
    pub withdrawn: u64,
    pub lost: u64,
    /// Still waiting when nothing more could happen.
    pub waiting: u64,
    pub service_level: Option<f64>,
    /// abandoned ÷ visits ended
    pub abandonment: Option<f64>,
    pub asa_ms: Option<Millis>,
    pub aht_ms: Option<Millis>,
    /// Of every visit, ended or not.
    pub longest_wait_ms: Millis,
    /// How far what callers were told was off.
    #[serde(flatten)]
    pub estimates: EstimateErrors,
}

/// How long the answered waited against what was expected of them when they came.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct EstimateErrors {
    pub estimated: u64,
    /// Share that waited no longer than its P50; 0.5 is right.
    pub within_p50: Option<f64>,
    /// Share that waited no longer than its P90; 0.9 is right.
    pub within_p90: Option<f64>,
    /// Mean of |waited − P50|.
    pub estimate_off_ms: Option<Millis>,
}

impl From<&EstimateCounts> for EstimateErrors {
    fn from(counts: &EstimateCounts) -> EstimateErrors {
        EstimateErrors {
            estimated: counts.told,
            within_p50: definitions::share(counts.within_p50, counts.told),
            within_p90: definitions::share(counts.within_p90, counts.told),
            estimate_off_ms: definitions::mean(counts.off, counts.told),
        }
    }
}

impl From<&Tally> for Figures {
    fn from(tally: &Tally) -> Figures {
        let visits = &tally.visits;
        Figures {
            entered: visits.entered,
            answered: visits.answered,
            answered_within: visits.answered_within,
            abandoned: visits.abandoned,
            short_abandoned: visits.short_abandoned,
            flowed_out: visits.flowed_out,
            callbacks: visits.callbacks,
            withdrawn: visits.withdrawn,
            lost: visits.lost,
            waiting: visits.waiting,
            service_level: ServiceLevelVariant::default().of(visits),
            abandonment: definitions::abandonment(visits),
            asa_ms: definitions::average_speed_of_answer(tally.waited, visits),
            aht_ms: definitions::average_handle_time(&tally.handle),
            longest_wait_ms: tally.longest_wait,
            estimates: EstimateErrors::from(&tally.estimates),
        }
    }
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct AgentDay {
    pub agent: AgentId,
    pub day: Date,
    #[serde(flatten)]
    pub time: AgentTime,
}

#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct AgentTime {
    /// Segments closed that had been connected.
    pub handled: u64,
    /// With at least one segment in hand, wrap-up included.
    pub busy_ms: Millis,
    /// Available with nothing in hand.
    pub available_ms: Millis,
    /// busy ÷ (busy + available)
    pub occupancy: Option<f64>,
}

impl AgentTime {
    #[must_use]
    pub fn new(handled: u64, busy: Millis, available: Millis) -> AgentTime {
        let occupancy = definitions::occupancy(busy, available);
        AgentTime { handled, busy_ms: busy, available_ms: available, occupancy }
    }

    #[must_use]
    pub fn plus(self, other: AgentTime) -> AgentTime {
        AgentTime::new(
            self.handled + other.handled,
            self.busy_ms + other.busy_ms,
            self.available_ms + other.available_ms,
        )
    }

    #[must_use]
    pub fn minus(self, earlier: AgentTime) -> AgentTime {
        AgentTime::new(
            self.handled - earlier.handled,
            self.busy_ms - earlier.busy_ms,
            self.available_ms - earlier.available_ms,
        )
    }
}

/// Over all queues and days, and over all agents.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Total {
    #[serde(flatten)]
    pub figures: Figures,
    #[serde(flatten)]
    pub time: AgentTime,
}

/// The fold that counts each visit for the day of its call.
#[derive(Clone, Debug, Default)]
pub struct QueueDays {
    targets: Targets,
    days: BTreeMap<(QueueId, Date), Tally>,
    /// The day of each contact.
    contacts: BTreeMap<ContactId, Date>,
    callbacks: BTreeSet<ContactId>,
    open: BTreeMap<ContactId, (QueueId, Timestamp)>,
    achieved: Achieved,
}

impl QueueDays {
    /// Before the event of its arrival.
    pub fn expect(&mut self, contact: ContactId, day: Date) {
        self.contacts.insert(contact, day);
    }

    /// The same, of a contact by which a caller is called back.
    pub fn expect_callback(&mut self, contact: ContactId, day: Date) {
        self.expect(contact, day);
        self.callbacks.insert(contact);
    }

    pub fn evolve(&mut self, event: &Event) {
        let is_callback = event.fact.contact().is_some_and(|contact| self.callbacks.contains(&contact));
        self.achieved.evolve(&event.fact, is_callback);
        if let Fact::RulesReplaced { rules, .. } = &event.fact {
            self.targets.replace(rules);
        }
        let Some(day) = event.fact.contact().and_then(|contact| self.contacts.get(&contact)).copied() else { return };
        if let Fact::ContactQueued { contact, queue, entered_at, .. } = &event.fact {
            self.open.insert(*contact, (queue.clone(), *entered_at));
            self.tally(queue, day).visits.enter();
        }
        if let Fact::VisitEnded { contact, queue, end, waited, estimate, .. } = &event.fact {
            self.open.remove(contact);
            let within = self.targets.answered_within(queue);
            self.tally(queue, day).end(*end, *waited, within, *estimate);
        }
        if let Fact::SegmentClosed { queue, connected: true, talk, hold, wrap_up, .. } = &event.fact {
            self.tally(queue, day).close_segment(*talk, *hold, *wrap_up);
        }
    }

    /// The counts, with the age at `end` of every visit that still waits among the longest waits.
    #[must_use]
    pub fn close(mut self, end: Timestamp) -> (BTreeMap<(QueueId, Date), Tally>, Achieved) {
        for (contact, (queue, entered_at)) in std::mem::take(&mut self.open) {
            let day = self.contacts[&contact];
            let tally = self.tally(&queue, day);
            tally.longest_wait = tally.longest_wait.max(end.since(entered_at));
        }
        (self.days, self.achieved)
    }

    fn tally(&mut self, queue: &QueueId, day: Date) -> &mut Tally {
        self.days.entry((queue.clone(), day)).or_default()
    }
}

/// What counts as answered in time when the recorded centre and the simulated one are compared.
pub const COMPARED_WITHIN: Millis = Millis::seconds(20);

/// What a centre achieved, told in the same words of the recorded one and the simulated one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Achieved {
    /// Without those left out.
    pub calls: u64,
    /// Before or in the queue.
    pub hung_up: u64,
    pub answered: u64,
    /// Of the answered, those within [`COMPARED_WITHIN`].
    pub answered_within: u64,
    /// The waits of the answered, summed.
    pub waited: Millis,
    /// Calls that entered a queue, and of them, who hung up there.
    pub entered: u64,
    pub abandoned: u64,
    /// Hung up and kept their place to be called.
    pub asked_to_be_called: u64,
    /// Of them, who were called and reached an agent: apart from the answered.
    pub called_back: u64,
    /// Services whose length is known, and their sum, without wrap-up.
    pub services: u64,
    pub service: Millis,
}

impl Achieved {
    /// What the file says of these rows.
    #[must_use]
    pub fn recorded<'a>(rows: impl Iterator<Item = &'a RecordedRow>) -> Achieved {
        let mut achieved = Achieved::default();
        for row in rows {
            match &row.record {
                Record::LeftOut => continue,
                Record::LeftBeforeQueue => achieved.hung_up += 1,
                Record::Call(call) => {
                    achieved.entered += 1;
                    match &call.outcome {
                        Outcome::HungUp => {
                            achieved.hung_up += 1;
                            achieved.abandoned += 1;
                        }
                        Outcome::Served { service, .. } => {
                            achieved.answer(call.queued);
                            achieved.services += u64::from(service.is_some());
                            achieved.service = achieved.service + service.unwrap_or_default();
                        }
                    }
                }
            }
            achieved.calls += 1;
        }
        achieved
    }

    /// The simulated centre, with the callers who left before the queue in truth.
    #[must_use]
    pub(super) fn with_rows(mut self, rows: &Rows) -> Achieved {
        self.calls = rows.read - rows.left_out;
        self.entered = rows.entered;
        self.hung_up += rows.left_before_queue;
        self
    }

    fn answer(&mut self, waited: Millis) {
        self.answered += 1;
        self.answered_within += u64::from(waited <= COMPARED_WITHIN);
        self.waited = self.waited + waited;
    }

    fn evolve(&mut self, fact: &Fact, is_callback: bool) {
        if let Fact::VisitEnded { end, waited, .. } = fact {
            match end {
                VisitEnd::Answered if is_callback => self.called_back += 1,
                VisitEnd::Answered => self.answer(*waited),
                VisitEnd::Abandoned { .. } => {
                    self.hung_up += 1;
                    self.abandoned += 1;
                }
                VisitEnd::CallbackRequested => self.asked_to_be_called += 1,
                VisitEnd::FlowedOut | VisitEnd::Withdrawn | VisitEnd::LostByGateway => {}
            }
        }
        if let Fact::SegmentClosed { connected: true, talk, hold, .. } = fact {
            self.services += 1;
            self.service = self.service + *talk + *hold;
        }
    }
}
