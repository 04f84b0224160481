//! Which rows of a table are leads that are there already, by their numbers. Never stores or asks a store.
//!
//! - One number in common makes two leads the same one, whatever else they hold.
//! - A number of somebody who was erased brings nobody back: the row is left to a person.

use std::collections::BTreeSet;

use super::call_list::DuplicateScope;
use super::lead_rows::LeadDraft;
use crate::customers::import_rows::WhyRefused;

/// Numbers that leads have, or had.
#[derive(Clone, Debug, Default)]
pub struct KnownNumbers {
    there: BTreeSet<String>,
    erased: BTreeSet<String>,
}

impl KnownNumbers {
    /// A lead has it, among those that count.
    pub fn add(&mut self, number: String) {
        self.there.insert(number);
    }

    /// Only somebody had it who was erased.
    pub fn add_erased(&mut self, number: String) {
        self.erased.insert(number);
    }
}

/// What becomes of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SettledLead {
    Added,
    Refused {
        /// By place in the row.
        column: usize,
        why: WhyRefused,
    },
}

/// What becomes of each row, in their order: an earlier row may have a number of a later one.
#[must_use]
pub fn settle_leads(rows: &[LeadDraft], known: &KnownNumbers, scope: DuplicateScope) -> Vec<SettledLead> {
    let mut earlier: BTreeSet<&str> = BTreeSet::new();
    let mut settled = Vec::with_capacity(rows.len());
    for row in rows {
        let numbers = || row.lead.numbers.iter().map(|number| number.value.as_str());
        let why = |number: &str| {
            if known.erased.contains(number) {
                Some(WhyRefused::Erased)
            } else if earlier.contains(number) {
                Some(WhyRefused::NumberTwice)
            } else if known.there.contains(number) {
                Some(known_within(scope))
            } else {
                None
            }
        };
        let refused = numbers().zip(&row.columns).find_map(|(number, column)| Some((*column, why(number)?)));
        settled.push(match refused {
            Some((column, why)) => SettledLead::Refused { column, why },
            None => {
                earlier.extend(numbers());
                SettledLead::Added
            }
        });
    }
    settled
}

fn known_within(scope: DuplicateScope) -> WhyRefused {
    match scope {
        DuplicateScope::File => WhyRefused::NumberTwice,
        DuplicateScope::List | DuplicateScope::Campaign | DuplicateScope::System | DuplicateScope::Days(_) => {
            WhyRefused::NumberKnown(scope.to_string())
        }
    }
}
