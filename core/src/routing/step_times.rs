//! When steps and exits are looked at: what is due by time, what presence or figures may have changed. Part of
//! the index; takes no step.

use super::deadlines::Deadline;
use super::ids::ContactId;
use super::index::Index;
use super::state::State;
use super::steps::{StepKinds, is_steppable, next_step_time};
use super::table::QueueNo;
use super::time::{Millis, Timestamp};

/// How often conditions on figures are looked at.
const LOOK_EVERY: Millis = Millis::seconds(1);

impl Index {
    pub(super) fn learn_steps(&mut self, state: &State) {
        let queues = state.queues.values().enumerate();
        let with_steps = queues.filter_map(|(no, queue)| {
            let kinds = StepKinds::of(&queue.rules)?;
            Some((QueueNo::from_position(no), StepKinds { figures: kinds.figures && queue.in_rules, ..kinds }))
        });
        self.stepping = with_steps.collect();
        let grace_until = Some(state.grace_until).filter(|until| *until > state.last_at);
        self.deadlines.set(Deadline::ResumeGrace, grace_until);
    }

    /// Notes that steps of a contact may hold; `figures`: those on figures are looked at as well.
    pub(super) fn note_steps(&mut self, state: &State, id: ContactId, figures: bool) {
        let visit = state.contacts.get(&id).and_then(|contact| contact.visit.as_ref());
        if visit.is_some_and(|visit| self.stepping.contains_key(&visit.queue)) {
            *self.unsettled_steps.entry(id).or_default() |= figures;
        }
    }

    /// After any change of a contact: the time its next step falls due.
    pub(super) fn refresh_steps(&mut self, state: &State, id: ContactId) {
        self.set_step_time(state, id, state.last_at);
        self.note_steps(state, id, false);
    }

    fn set_step_time(&mut self, state: &State, id: ContactId, now: Timestamp) {
        let contact = state.contacts.get(&id);
        let visit = contact.and_then(|contact| contact.visit.as_ref());
        let steppable = contact
            .zip(visit)
            .filter(|(contact, visit)| self.stepping.contains_key(&visit.queue) && is_steppable(state, contact, visit));
        let next = steppable.and_then(|(_, visit)| next_step_time(state, visit, now));
        self.deadlines.set(Deadline::Step(id), next);
    }

    /// Sets the next time of a look that needs no more taking, `seen` being after it.
    pub(super) fn look_was_taken(&mut self, state: &State, deadline: Deadline, seen: Timestamp) {
        self.deadlines.set(deadline, None);
        match deadline {
            Deadline::Step(contact) => self.set_step_time(state, contact, seen),
            Deadline::Closing(queue) => self.refresh_closing(state, queue, seen),
            Deadline::Look(queue) => self.refresh_look(queue, seen),
            Deadline::Rise(queue) => self.rise_is_due(queue),
            Deadline::ResumeGrace
            | Deadline::Acknowledge(_)
            | Deadline::Expire(_)
            | Deadline::Connect(_)
            | Deadline::Leg(_)
            | Deadline::WrapUp(_)
            | Deadline::BackOff(_)
            | Deadline::OfferLimit(_)
            | Deadline::Direct(_)
            | Deadline::Preferred(_)
            | Deadline::Leaving(_)
            | Deadline::CallbackGap(_)
            | Deadline::CallbackDue(_)
            | Deadline::LeadCloses(_)
            | Deadline::Suspended(_)
            | Deadline::Idle(_)
            | Deadline::Reach(_)
            | Deadline::GatewayGrace(_) => {}
        }
    }

    pub(super) fn step_is_due(&mut self, state: &State, id: ContactId, now: Timestamp) {
        self.set_step_time(state, id, now);
        self.note_steps(state, id, true);
    }

    /// Figures of a queue are looked at while somebody waits there.
    pub(super) fn refresh_look(&mut self, queue: QueueNo, now: Timestamp) {
        let Some(StepKinds { figures: true, .. }) = self.stepping.get(&queue) else { return };
        let deadline = Deadline::Look(queue);
        if self.queued.get(&queue).is_none_or(|visits| visits.is_empty()) {
            self.deadlines.set(deadline, None);
        } else if !self.deadlines.is_set(deadline) {
            let next = Timestamp((now.0.div_euclid(LOOK_EVERY.0) + 1) * LOOK_EVERY.0);
            self.deadlines.set(deadline, Some(next));
        }
    }

    pub(super) fn look_at(&mut self, state: &State, queue: QueueNo, now: Timestamp) {
        self.deadlines.set(Deadline::Look(queue), None);
        self.refresh_look(queue, now);
        self.note_queue(state, queue, true);
    }

    pub(super) fn grace_is_over(&mut self, state: &State) {
        self.deadlines.set(Deadline::ResumeGrace, None);
        let queues: Vec<QueueNo> = self.stepping.keys().copied().collect();
        for queue in queues {
            self.note_queue(state, queue, true);
        }
    }

    fn note_queue(&mut self, state: &State, queue: QueueNo, figures: bool) {
        let contacts: Vec<ContactId> =
            self.queued.get(&queue).into_iter().flatten().map(|(_, contact)| *contact).collect();
        for contact in contacts {
            self.note_steps(state, contact, figures);
        }
    }

    /// One who waits again may fill the queue for those who came after him in this very moment.
    pub(super) fn note_who_just_came(&mut self, state: &State, queue: QueueNo) {
        let since = (state.last_at, ContactId(0))..;
        let just_came: Vec<ContactId> = self
            .queued
            .get(&queue)
            .into_iter()
            .flat_map(|visits| visits.range(since.clone()))
            .map(|(_, id)| *id)
            .collect();
        for contact in just_came {
            self.note_steps(state, contact, false);
        }
    }

    /// After the visits of a queue changed.
    pub(super) fn refresh_closing_of(&mut self, state: &State, queue: QueueNo) {
        let is_empty = self.queued.get(&queue).is_none_or(|visits| visits.is_empty());
        if is_empty == self.deadlines.is_set(Deadline::Closing(queue)) {
            self.refresh_closing(state, queue, state.last_at);
        }
    }

    /// A queue with hours is looked at when it closes, while somebody waits there.
    pub(super) fn refresh_closing(&mut self, state: &State, queue: QueueNo, now: Timestamp) {
        let Some(StepKinds { hours: true, .. }) = self.stepping.get(&queue) else { return };
        let is_empty = self.queued.get(&queue).is_none_or(|visits| visits.is_empty());
        let calendar = state.calendar(queue).filter(|_| !is_empty);
        let closes = calendar.and_then(|calendar| calendar.next_closing(now + state.wall_offset));
        let closes = closes.map(|at| at - state.wall_offset);
        self.deadlines.set(Deadline::Closing(queue), closes);
    }

    pub(super) fn queue_closes(&mut self, state: &State, queue: QueueNo, now: Timestamp) {
        self.refresh_closing(state, queue, now);
        self.note_queue(state, queue, true);
    }

    /// The wall clock was set: what is open may be closed.
    pub(super) fn clock_stepped(&mut self, state: &State) {
        let with_hours = self.stepping.iter().filter(|(_, kinds)| kinds.hours).map(|(queue, _)| *queue);
        for queue in with_hours.collect::<Vec<_>>() {
            self.refresh_closing(state, queue, state.last_at);
            self.refresh_step_times(state, queue);
            self.note_queue(state, queue, true);
        }
        self.refresh_rises(state);
    }

    /// What counts in opening hours falls due with the wall clock.
    fn refresh_step_times(&mut self, state: &State, queue: QueueNo) {
        let waiting: Vec<ContactId> = self.queued.get(&queue).into_iter().flatten().map(|(_, id)| *id).collect();
        for contact in waiting.into_iter().filter(|id| state.contacts[id].channel.waits_in_opening_hours()) {
            self.set_step_time(state, contact, state.last_at);
        }
    }

    /// Somebody who was counted on is gone.
    pub(super) fn note_where_nobody_may_be_left(&mut self) {
        let with_such_steps = self.stepping.iter().filter(|(_, kinds)| kinds.nobody).map(|(queue, _)| queue);
        let contacts = with_such_steps.filter_map(|queue| self.queued.get(queue)).flatten();
        for (_, contact) in contacts {
            self.unsettled_steps.entry(*contact).or_default();
        }
    }
}
