//! What must hold of calls to leads and callbacks, whoever decides: nothing is placed that was not cleared, and nobody
//! is called who is in another call. Keeps books of its own; trusts no prediction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::ensure;
use crate::routing::event::Fact;
use crate::routing::ids::{AttemptId, ContactId, SegmentId};
use crate::routing::personal::{Address, PersonalDetails};

#[derive(Default)]
pub(super) struct Calls {
    /// Those that live.
    calls: BTreeMap<ContactId, Call>,
    /// Attempts that were ever proposed.
    attempts: BTreeSet<AttemptId>,
    connecting: BTreeMap<SegmentId, ContactId>,
    /// Connecting for who is to be called, which must be proposed next, but for what is set aside.
    to_propose: Option<ContactId>,
    /// Cleared, and to be placed with the next word.
    to_place: Option<AttemptId>,
}

struct Call {
    number: Option<Address>,
    customer: Option<Arc<str>>,
    is_callback: bool,
    on_line: bool,
    connecting: bool,
    /// The gateway was told to call him, and no other call was proposed since.
    was_placed: bool,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Waiting,
    Proposed(AttemptId),
    Cleared(AttemptId),
    Placed(AttemptId),
}

impl Call {
    fn new(details: &PersonalDetails, on_line: bool, is_callback: bool) -> Call {
        Call {
            number: details.plain().and_then(|details| details.from.clone()),
            customer: customer_of(details),
            is_callback,
            on_line,
            connecting: false,
            was_placed: false,
            stage: Stage::Waiting,
        }
    }

    fn is_of_same(&self, other: &Call) -> bool {
        let same_customer = self.customer.is_some() && self.customer == other.customer;
        same_customer || (self.number.is_some() && self.number == other.number)
    }
}

fn customer_of(details: &PersonalDetails) -> Option<Arc<str>> {
    match details.plain()?.attributes.get("customer")?.get("id")? {
        Value::String(id) => Some(Arc::from(id.as_str())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Calls {
    /// Takes one fact into the books.
    ///
    /// # Errors
    /// What it breaks.
    pub fn enter(&mut self, fact: &Fact) -> Result<(), String> {
        self.enter_what_follows(fact)?;
        self.enter_offer(fact)?;
        self.enter_attempt(fact)?;
        self.enter_failure(fact)?;
        self.enter_end(fact)?;
        self.enter_customer(fact)?;
        self.enter_contact(fact);
        Ok(())
    }

    /// # Errors
    /// What does not hold between two commands.
    pub fn check(&self) -> Result<(), String> {
        ensure(self.to_propose.is_none(), "a call is connected and was not proposed")?;
        ensure(self.to_place.is_none(), "an attempt was cleared and not placed")
    }

    fn enter_what_follows(&mut self, fact: &Fact) -> Result<(), String> {
        if let Some(attempt) = self.to_place.take() {
            let placed = matches!(fact, Fact::AttemptPlaced { attempt: placed, .. } if *placed == attempt);
            ensure(placed, "an attempt was cleared, and not placed at once")?;
        }
        if let Some(contact) = self.to_propose
            && !matches!(fact, Fact::SegmentSetAside { .. })
        {
            let proposed = match fact {
                Fact::AttemptProposed { contact: of, .. } => *of == contact && !self.calls[of].is_callback,
                Fact::CallbackProposed { contact: of, .. } => *of == contact && self.calls[of].is_callback,
                _other => false,
            };
            ensure(proposed, "a call was connected, and not proposed at once")?;
            self.to_propose = None;
        }
        Ok(())
    }

    fn enter_offer(&mut self, fact: &Fact) -> Result<(), String> {
        let (Fact::ContactOffered { contact, .. } | Fact::ContactConnecting { contact, .. }) = fact else {
            return Ok(());
        };
        let Some(call) = self.calls.get(contact).filter(|call| !call.on_line) else { return Ok(()) };
        let busy = |other: &Call| (other.on_line || other.connecting) && other.is_of_same(call);
        let others = self.calls.iter().any(|(other, call)| other != contact && busy(call));
        ensure(!others, "one was offered or called who is in another call")?;
        if matches!(fact, Fact::ContactConnecting { .. }) {
            self.to_propose = Some(*contact);
        }
        Ok(())
    }

    fn enter_attempt(&mut self, fact: &Fact) -> Result<(), String> {
        if let Fact::AttemptProposed { attempt, contact, .. } | Fact::CallbackProposed { attempt, contact, .. } = fact {
            ensure(self.attempts.insert(*attempt), "an attempt was proposed twice")?;
            self.step(*contact, Stage::Waiting, Stage::Proposed(*attempt))?;
            self.change(*contact, |call| call.was_placed = false);
        }
        if let Fact::AttemptCleared { attempt, contact } = fact {
            self.step(*contact, Stage::Proposed(*attempt), Stage::Cleared(*attempt))?;
            self.to_place = Some(*attempt);
        }
        if let Fact::AttemptPlaced { attempt, contact, segment, .. } = fact {
            let of_it = self.connecting.get(segment) == Some(contact);
            ensure(of_it, "an attempt was placed for an agent who is not being connected")?;
            self.step(*contact, Stage::Cleared(*attempt), Stage::Placed(*attempt))?;
            self.change(*contact, |call| call.was_placed = true);
        }
        Ok(())
    }

    fn step(&mut self, contact: ContactId, from: Stage, to: Stage) -> Result<(), String> {
        let call = self.calls.get_mut(&contact).ok_or("an attempt was made of what is no call")?;
        ensure(call.stage == from, &format!("an attempt went from {:?} to {to:?}", call.stage))?;
        call.stage = to;
        Ok(())
    }

    /// A callback waits on.
    fn enter_failure(&mut self, fact: &Fact) -> Result<(), String> {
        let (Fact::AttemptFailed { contact, segment, .. }
        | Fact::CallbackNotPlaced { contact, segment, .. }
        | Fact::ConnectFailed { contact, segment, .. }) = fact
        else {
            return Ok(());
        };
        self.connecting.remove(segment);
        let Some(call) = self.calls.get_mut(contact) else { return Ok(()) };
        call.connecting = false;
        let told = match (fact, call.stage) {
            (Fact::AttemptFailed { .. }, stage) => matches!(stage, Stage::Placed(_)),
            (Fact::CallbackNotPlaced { attempt, .. }, stage) => stage == Stage::Proposed(*attempt),
            (_failed, _stage) => true,
        };
        ensure(told, "a call failed that was not placed, or was not placed after it was")?;
        if call.is_callback {
            call.stage = Stage::Waiting;
        }
        Ok(())
    }

    fn enter_end(&mut self, fact: &Fact) -> Result<(), String> {
        let (contact, told) = match fact {
            Fact::LeadReturned { contact, .. } => (contact, Stage::Waiting),
            Fact::AttemptRefused { contact, attempt, .. } => (contact, Stage::Proposed(*attempt)),
            Fact::AttemptEnded { contact, attempt, .. } => (contact, Stage::Placed(*attempt)),
            _other => return Ok(()),
        };
        let stage = self.calls.get(contact).map(|call| call.stage);
        ensure(stage == Some(told), &format!("a lead is over that stood at {stage:?}"))
    }

    /// Who answers was called, though nobody may wait for him any more.
    fn enter_customer(&mut self, fact: &Fact) -> Result<(), String> {
        let (contact, connected) = match fact {
            Fact::CustomerAnswered { contact } => (contact, None),
            Fact::ContactConnected { contact, segment, .. } => (contact, Some(segment)),
            _other => return Ok(()),
        };
        let Some(call) = self.calls.get_mut(contact) else { return Ok(()) };
        let placed = matches!(call.stage, Stage::Placed(_));
        let called = if connected.is_some() { placed } else { call.was_placed };
        ensure(call.on_line || called, "one answered whom nobody has called")?;
        call.on_line = true;
        if let Some(segment) = connected {
            call.connecting = false;
            self.connecting.remove(segment);
        }
        Ok(())
    }

    fn enter_contact(&mut self, fact: &Fact) {
        match fact {
            Fact::ContactArrived { contact, channel, details, .. } if channel.needs_phone() => {
                self.calls.insert(*contact, Call::new(details, true, false));
            }
            Fact::CallbackPromised { contact, details, .. } => {
                self.calls.insert(*contact, Call::new(details, false, true));
            }
            Fact::LeadFiled { contact, details, .. } => {
                self.calls.insert(*contact, Call::new(details, false, false));
            }
            Fact::ContactUpdated { contact, details, .. }
            | Fact::ContactTransferred { contact, details, .. }
            | Fact::ContactTransferredOutside { contact, details, .. } => {
                if let Some(customer) = customer_of(details) {
                    self.change(*contact, |call| call.customer = Some(customer));
                }
            }
            Fact::ContactConnecting { contact, segment, .. } => {
                self.connecting.insert(*segment, *contact);
                self.change(*contact, |call| call.connecting = true);
            }
            Fact::SegmentClosed { segment, .. } => {
                self.connecting.remove(segment);
            }
            Fact::ContactEnded { contact, .. } => {
                self.calls.remove(contact);
            }
            _other => {}
        }
    }

    fn change(&mut self, contact: ContactId, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.calls.get_mut(&contact) {
            change(call);
        }
    }
}

#[cfg(test)]
mod tests;
