//! How a lead stands, as it is stored: when it is due, how far it has come, whether it is over. Decides none of it.

use crate::customers::customer::CustomFields;
use crate::customers::ids::ImportId;
use crate::routing::ids::{AgentId, ContactId};
use crate::routing::time::Timestamp;

use super::attempt_outcome::{DispositionFlags, Outcome, Reached};
use super::ids::{CallListId, LeadId};
use super::lead::Lead;
use super::lead_progress::{LeadEnd, LeadProgress};

/// Of one lead. Before anybody tried it, all of it is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeadStanding {
    /// None: it was never tried, and is due when it is its turn.
    pub due: Option<Timestamp>,
    pub goes_first: bool,
    /// Which of its numbers is called next, by its place.
    pub next_number: usize,
    /// None: it was never tried.
    pub progress: Option<LeadProgress>,
    /// None: it is open.
    pub end: Option<LeadEnd>,
    /// None: nobody was reached yet.
    pub reached: Option<LeadReached>,
    /// With the router, as this contact.
    pub contact: Option<ContactId>,
    /// The agent who promised its next call, until somebody has spoken with it again.
    pub promised_by: Option<AgentId>,
}

/// What was reached with a lead; a sale is a contact too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeadReached {
    Contact,
    Sale,
}

impl LeadReached {
    /// By what the agent said; None: not the person who was meant.
    #[must_use]
    pub fn of(said: &DispositionFlags) -> Option<LeadReached> {
        match (said.is_sale, said.reached) {
            (true, _) => Some(LeadReached::Sale),
            (false, Reached::RightParty) => Some(LeadReached::Contact),
            (false, Reached::Nobody | Reached::Machine | Reached::WrongParty) => None,
        }
    }

    /// As it is stored.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LeadReached::Contact => "contact",
            LeadReached::Sale => "sale",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<LeadReached> {
        [LeadReached::Contact, LeadReached::Sale].into_iter().find(|reached| reached.word() == word)
    }
}

/// As much of an open lead as decides when its turn is. Holds no name.
#[derive(Clone, PartialEq, Debug)]
pub struct OpenLead {
    pub lead: LeadId,
    pub list: CallListId,
    /// None: it was added by hand.
    pub import: Option<ImportId>,
    pub priority: i64,
    pub due: Option<Timestamp>,
    pub goes_first: bool,
    pub zone: Option<String>,
    pub region: Option<String>,
    pub postcode: Option<String>,
    /// The one that is called next, in E.164; None: it is not there any more.
    pub number: Option<String>,
    /// Only where the list's order or quotas are by one of them.
    pub fields: Option<CustomFields>,
}

impl OpenLead {
    /// Of a lead that is read whole.
    #[must_use]
    pub fn of(lead: &Lead, standing: &LeadStanding) -> OpenLead {
        let number = lead.lead.numbers.get(standing.next_number);
        OpenLead {
            lead: lead.id,
            list: lead.list,
            import: lead.import,
            priority: lead.lead.priority,
            due: standing.due,
            goes_first: standing.goes_first,
            zone: lead.lead.zone.as_ref().map(|zone| zone.as_str().to_owned()),
            region: lead.lead.region.as_ref().map(|region| region.as_str().to_owned()),
            postcode: lead.lead.postcode.as_ref().map(|postcode| postcode.as_str().to_owned()),
            number: number.map(|number| number.value.as_str().to_owned()),
            fields: Some(lead.lead.fields.clone()),
        }
    }
}

impl LeadEnd {
    pub fn all() -> impl Iterator<Item = LeadEnd> {
        let plain =
            [LeadEnd::Closed, LeadEnd::Answered, LeadEnd::AttemptsUsedUp, LeadEnd::NoNumberLeft, LeadEnd::Withdrawn];
        plain.into_iter().chain(Outcome::ALL.into_iter().map(LeadEnd::Outcome))
    }

    /// As it is stored and shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LeadEnd::Closed => "closed",
            LeadEnd::Answered => "answered",
            LeadEnd::AttemptsUsedUp => "attempts_used_up",
            LeadEnd::NoNumberLeft => "no_number_left",
            LeadEnd::Withdrawn => "withdrawn",
            LeadEnd::Outcome(outcome) => after(outcome),
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<LeadEnd> {
        LeadEnd::all().find(|end| end.word() == word)
    }
}

fn after(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "after_answered",
        Outcome::NoAnswer => "after_no_answer",
        Outcome::Busy => "after_busy",
        Outcome::Rejected => "after_rejected",
        Outcome::Machine => "after_machine",
        Outcome::MachineMessageLeft => "after_machine_message_left",
        Outcome::Fax => "after_fax",
        Outcome::InvalidNumber => "after_invalid_number",
        Outcome::Disconnected => "after_disconnected",
        Outcome::Congestion => "after_congestion",
        Outcome::CarrierError => "after_carrier_error",
        Outcome::Dropped => "after_dropped",
        Outcome::CustomerHungUpEarly => "after_customer_hung_up_early",
        Outcome::Unknown => "after_unknown",
    }
}

/// So many leads of a list stand so. They add up to all of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LeadCounts {
    /// Never tried, and not with the router.
    pub fresh: u64,
    pub due: u64,
    pub waiting: u64,
    pub with_router: u64,
    pub ended: std::collections::BTreeMap<&'static str, u64>,
    /// However they stand now: somebody tried to call them; he reached somebody who was meant; he sold something.
    pub tried: u64,
    pub contacts: u64,
    pub sales: u64,
    /// An agent promised their next call, and it is due; those that are not due yet.
    pub callbacks_due: u64,
    pub callbacks_later: u64,
}

impl LeadCounts {
    #[must_use]
    pub fn all(&self) -> u64 {
        self.fresh + self.due + self.waiting + self.with_router + self.ended.values().sum::<u64>()
    }

    /// Some of them have ended since they were counted, so many by each word.
    #[must_use]
    pub fn ended_since(mut self, more: impl IntoIterator<Item = (&'static str, u64)>) -> LeadCounts {
        for (word, count) in more.into_iter().filter(|(_, count)| *count > 0) {
            let mut left = count.min(self.open());
            *self.ended.entry(word).or_default() += left;
            for part in [&mut self.with_router, &mut self.due, &mut self.fresh, &mut self.waiting] {
                let taken = left.min(*part);
                *part -= taken;
                left -= taken;
            }
        }
        self
    }

    #[must_use]
    pub fn open(&self) -> u64 {
        self.all() - self.ended.values().sum::<u64>()
    }
}

/// What is let go of a list where not all of it is: counts of leads that nobody had tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReleaseStanding {
    /// By hand, in all.
    pub released: u64,
    /// Gone to the router, in all.
    pub taken: u64,
    /// When the hour or the day began of which `tranche_taken` are gone.
    pub tranche_began: Option<Timestamp>,
    pub tranche_taken: u64,
}
