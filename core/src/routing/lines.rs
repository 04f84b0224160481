//! How many calls each gateway carries that said how many it may, and whom it is to call once a line is free. Kept ready
//! for whoever is about to call somebody. Never part of a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::ContactId;
use super::index::Index;
use super::parties::{is_call, is_in_call};
use super::state::State;
use super::table::{GatewayNo, Numbered};
use super::visit::Contact;

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct LinesTaken {
    of_contact: Numbered<ContactId, (GatewayNo, Line)>,
    /// By gateway whose calls are limited.
    by_gateway: BTreeMap<GatewayNo, Calls>,
}

#[derive(Clone, PartialEq, Debug, Default)]
struct Calls {
    carried: usize,
    to_call: BTreeSet<ContactId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Line {
    Taken,
    /// Its customer is to be called.
    Wanted,
}

impl Line {
    fn of(contact: &Contact) -> Option<Line> {
        is_call(contact).then(|| if is_in_call(contact) { Line::Taken } else { Line::Wanted })
    }
}

impl LinesTaken {
    /// How many calls a gateway carries that said how many it may.
    fn carried(&self, gateway: GatewayNo) -> usize {
        self.by_gateway.get(&gateway).map_or(0, |calls| calls.carried)
    }

    fn refresh(&mut self, id: ContactId, now: Option<(GatewayNo, Line)>) {
        let was = match now {
            Some(now) => self.of_contact.insert(id, now),
            None => self.of_contact.swap_remove(&id),
        };
        if was == now {
            return;
        }
        if let Some((gateway, line)) = was {
            let calls = self.by_gateway.get_mut(&gateway).expect("it was counted");
            match line {
                Line::Taken => calls.carried -= 1,
                Line::Wanted => drop(calls.to_call.remove(&id)),
            }
            if *calls == Calls::default() {
                self.by_gateway.remove(&gateway);
            }
        }
        if let Some((gateway, line)) = now {
            let calls = self.by_gateway.entry(gateway).or_default();
            match line {
                Line::Taken => calls.carried += 1,
                Line::Wanted => drop(calls.to_call.insert(id)),
            }
        }
    }
}

impl Index {
    /// Whether the contact's gateway may carry one call more that the site itself begins.
    pub(super) fn has_free_line(&self, state: &State, id: ContactId) -> bool {
        self.is_within_lines(state, state.contacts[&id].gateway, 1)
    }

    /// Whether it may carry all those that it has, this contact's among them.
    pub(super) fn has_line_for(&self, state: &State, id: ContactId) -> bool {
        self.is_within_lines(state, state.contacts[&id].gateway, 0)
    }

    fn is_within_lines(&self, state: &State, gateway: GatewayNo, more: usize) -> bool {
        let most = state.gateway(gateway).lines.for_calls_out();
        most.is_none_or(|most| self.lines_taken.carried(gateway) + more <= most as usize)
    }

    /// Whoever waits for a line may be called once one is free, and no more once none is.
    pub(super) fn refresh_line(&mut self, state: &State, id: ContactId) {
        let contact = state.contacts.get(&id);
        let of_limited = contact.filter(|contact| state.gateway(contact.gateway).lines.calls_max.is_some());
        let now = of_limited.and_then(|contact| Some((contact.gateway, Line::of(contact)?)));
        let was = self.lines_taken.of_contact.get(&id).copied();
        let Some((gateway, _)) = now.or(was) else { return };
        let was_free = self.is_within_lines(state, gateway, 1);
        self.lines_taken.refresh(id, now);
        if self.is_within_lines(state, gateway, 1) != was_free {
            let to_call = self.lines_taken.by_gateway.get(&gateway).map(|calls| calls.to_call.clone());
            for other in to_call.into_iter().flatten().filter(|other| *other != id) {
                self.refresh_contact(state, other);
            }
        }
    }
}
