//! Whose the interactions of a table are, and which of them are known already. Never stores or asks a store.
//!
//! - A row's customer is found as for a table of customers: by external id, else by address. There must be one.
//! - What was before an erasure of somebody with the same address stays forgotten, though he is a customer again.
//! - An interaction's own id says which it is. Else it is known by customer, arrival, channel, direction and agent; but
//!   not when both have ids of the same foreign system, and they differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::routing::command::Direction;
use crate::routing::ids::AgentId;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;

use super::ids::CustomerId;
use super::import_matching::{KnownAddresses, Owner};
use super::import_rows::WhyRefused;
use super::interaction_rows::InteractionDraft;

/// What makes two interactions without ids the same one.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct InteractionLikeness {
    pub customer: CustomerId,
    pub arrived_at: Timestamp,
    pub channel: Channel,
    pub direction: Direction,
    pub agent: Option<AgentId>,
}

/// Interactions that are there.
#[derive(Clone, Debug, Default)]
pub struct KnownInteractions {
    own_ids: BTreeSet<String>,
    /// The ids of those that are alike; None of one that has none.
    alike: BTreeMap<InteractionLikeness, BTreeSet<Option<String>>>,
}

impl KnownInteractions {
    pub fn add_id(&mut self, own_id: String) {
        self.own_ids.insert(own_id);
    }

    pub fn add(&mut self, likeness: InteractionLikeness, own_id: Option<String>) {
        self.own_ids.extend(own_id.clone());
        self.alike.entry(likeness).or_default().insert(own_id);
    }

    fn has(&self, likeness: &InteractionLikeness, own_id: Option<&str>) -> bool {
        if own_id.is_some_and(|own_id| self.own_ids.contains(own_id)) {
            return true;
        }
        let system = |id: &str| id.split_once(':').map(|(system, _)| system.to_owned());
        let own_system = own_id.and_then(system);
        let may_be_it = |held: &Option<String>| match (held.as_deref().and_then(system), &own_system) {
            (Some(held), Some(own)) => held != *own,
            (Some(_) | None, _) => true,
        };
        self.alike.get(likeness).is_some_and(|held| held.iter().any(may_be_it))
    }
}

/// What becomes of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SettledInteraction {
    Added(CustomerId),
    Known,
    Refused(WhyRefused),
}

/// Whom each row may be of, in their order: the only customer that its addresses are of, or why there is none.
#[must_use]
pub fn customers_of(rows: &[InteractionDraft], known: &KnownAddresses) -> Vec<Result<CustomerId, WhyRefused>> {
    let customer = |owner: &Owner| match owner {
        Owner::Stored(customer) | Owner::Elsewhere(customer) => Some(*customer),
        Owner::Row(_) => None,
    };
    rows.iter()
        .map(|row| {
            let owners: BTreeSet<CustomerId> = known.owners_of(&row.addresses).iter().filter_map(customer).collect();
            match owners.first() {
                None => Err(WhyRefused::UnknownCustomer),
                Some(_) if known.erased_at(&row.addresses).is_some_and(|at| row.arrived_at <= at) => {
                    Err(WhyRefused::Erased)
                }
                Some(_) if owners.len() > 1 => Err(WhyRefused::SeveralKnown),
                Some(customer) => Ok(*customer),
            }
        })
        .collect()
}

impl InteractionDraft {
    #[must_use]
    pub fn likeness(&self, customer: CustomerId) -> InteractionLikeness {
        InteractionLikeness {
            customer,
            arrived_at: self.arrived_at,
            channel: self.channel,
            direction: self.direction,
            agent: self.agent.clone(),
        }
    }
}

/// What becomes of each row, in their order: a later row may be one that an earlier one was.
#[must_use]
pub fn settle_interactions(
    rows: &[InteractionDraft],
    customers: Vec<Result<CustomerId, WhyRefused>>,
    mut known: KnownInteractions,
) -> Vec<SettledInteraction> {
    rows.iter()
        .zip(customers)
        .map(|(row, customer)| {
            let customer = match customer {
                Ok(customer) => customer,
                Err(why) => return SettledInteraction::Refused(why),
            };
            let likeness = row.likeness(customer);
            if known.has(&likeness, row.own_id.as_deref()) {
                return SettledInteraction::Known;
            }
            known.add(likeness, row.own_id.clone());
            SettledInteraction::Added(customer)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::address::{Address, AddressKind};
    use super::*;

    fn row(number: &str, at_ms: i64, own_id: Option<&str>) -> InteractionDraft {
        InteractionDraft {
            addresses: vec![Address::phone(number, None).unwrap().unwrap()],
            own_id: own_id.map(str::to_owned),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            arrived_at: Timestamp(at_ms),
            answered_at: None,
            ended_at: None,
            queue: None,
            agent: None,
            disposition: None,
            satisfaction: None,
            recording: None,
            transcript: None,
            notes: Vec::new(),
        }
    }

    const ANA: &str = "+33 1 23 45 67 89";
    const ANA_ID: CustomerId = CustomerId(7);
    const HALL: &str = "+33 1 40 00 00 00";

    fn settled(rows: &[InteractionDraft]) -> Vec<SettledInteraction> {
        let mut addresses = KnownAddresses::default();
        addresses.add(Owner::Stored(ANA_ID), AddressKind::Phone, "+33123456789", None);
        addresses.add(Owner::Elsewhere(ANA_ID), AddressKind::Phone, "+33123456789", None);
        for customer in [8, 9] {
            addresses.add(Owner::Stored(CustomerId(customer)), AddressKind::Phone, "+33140000000", None);
        }
        let mut known = KnownInteractions::default();
        known.add(row(ANA, 1_000, None).likeness(ANA_ID), Some("pbx:1".to_owned()));
        known.add(row(ANA, 2_000, None).likeness(ANA_ID), None);
        known.add_id("pbx:9".to_owned());
        settle_interactions(rows, customers_of(rows, &addresses), known)
    }

    #[test]
    fn an_id_says_which_it_is_and_time_and_agent_where_no_id_denies_it() {
        let mut transferred = row(ANA, 2_000, None);
        transferred.agent = Some(AgentId::new("bob").unwrap());
        let mut written = row(ANA, 2_000, None);
        written.channel = Channel::Email;
        let rows = [
            row(ANA, 1_000, None),
            row(ANA, 1_000, Some("pbx:1")),
            row(ANA, 1_000, Some("pbx:2")),
            row(ANA, 1_000, Some("crm:1")),
            row(ANA, 5_000, Some("pbx:9")),
            row(ANA, 2_000, Some("pbx:3")),
            transferred.clone(),
            transferred,
            written,
            row(ANA, 3_000, None),
            row(ANA, 3_000, Some("pbx:4")),
        ];
        let (added, known) = (SettledInteraction::Added(ANA_ID), SettledInteraction::Known);
        let expected = [&known, &known, &added, &known, &known, &known, &added, &known, &added, &added, &known];
        assert_eq!(settled(&rows).iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_row_of_nobody_or_of_several_is_left_to_a_person() {
        let rows = [row("+33 1 99 99 99 99", 1, None), row(HALL, 1, None)];
        let refused = [WhyRefused::UnknownCustomer, WhyRefused::SeveralKnown].map(SettledInteraction::Refused);
        assert_eq!(settled(&rows), refused);
    }

    #[test]
    fn what_was_before_an_erasure_stays_forgotten() {
        let mut addresses = KnownAddresses::default();
        addresses.add(Owner::Stored(ANA_ID), AddressKind::Phone, "+33123456789", None);
        addresses.add_erased(AddressKind::Phone, "+33123456789", Timestamp(2_000));
        addresses.add_erased(AddressKind::Phone, "+33123456789", Timestamp(1_000));
        let rows = [row(ANA, 2_000, None), row(ANA, 2_001, None)];
        assert_eq!(customers_of(&rows, &addresses), [Err(WhyRefused::Erased), Ok(ANA_ID)]);
    }
}
