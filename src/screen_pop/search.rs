//! Customers by what a person types: an address, part of a name, words of a note. Keeps nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::customers::address::sought_addresses;
use crate::customers::ids::CustomerId;
use crate::customers::phone::Region;
use crate::customers::redaction::{Hidable, Sight};
use crate::customers::search_terms::{
    SoughtTerm, Typed, beginning_of_query, fits, folded_words, note_fits, terms_of_note_query, terms_of_query,
};
use crate::records::{FoundCustomer, FoundNote, Records, RecordsError};

use super::sought::SoughtAddress;

/// Customers of one answer.
pub const FOUND_MAX: usize = 50;
/// Candidates whose names are compared: some of them only have the letters.
const NAMES_COMPARED: u32 = 200;
/// Customers looked at for what stands inside their names.
const INSIDE_WALKED_MAX: u32 = 5_000;
/// Notes that are read through: of those found by one word, some have the others.
const NOTES_COMPARED: u32 = 500;

/// By what a customer was found; the first counts most.
#[derive(Clone, PartialEq, Debug)]
pub enum FoundBy {
    Address,
    Name,
    Note(FoundNote),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    pub customer: FoundCustomer,
    pub by: FoundBy,
}

/// The likeliest first, `limit` and [`FOUND_MAX`] at most: those with such an address, then those of such a name,
/// then those of whom it was noted. Nobody is found by what `sight` does not see.
///
/// # Errors
/// When the database does not answer, or a row cannot be read.
pub async fn search(
    records: &Records,
    query: &str,
    home: Option<Region>,
    limit: usize,
    sight: &Sight,
) -> Result<Vec<Found>, RecordsError> {
    let limit = limit.min(FOUND_MAX);
    let mut found = by_address(records, query, home, sight).await?;
    if found.len() < limit && sight.sees(&Hidable::Names) {
        add(&mut found, by_name(records, query, limit).await?);
    }
    if found.len() < limit && sight.sees(&Hidable::Notes) {
        add(&mut found, by_note(records, query, limit).await?);
    }
    found.truncate(limit);
    Ok(found)
}

fn add(found: &mut Vec<Found>, more: Vec<Found>) {
    for one in more {
        if !found.iter().any(|known| known.customer.id == one.customer.id) {
            found.push(one);
        }
    }
}

pub(super) async fn by_address(
    records: &Records,
    query: &str,
    home: Option<Region>,
    sight: &Sight,
) -> Result<Vec<Found>, RecordsError> {
    let sought = sought_addresses(query, home).into_iter().filter(|address| sight.sees_kind(address.kind));
    let sought = sought.filter_map(SoughtAddress::of);
    let keys: Vec<_> = sought.map(|address| address.key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let matches: Vec<CustomerId> =
        records.customers_at(&keys).await?.into_iter().map(|found| found.customer.id).collect();
    let mut customers = records.found_customers(&matches).await?;
    customers.sort_by_key(|customer| (Reverse(customer.last_contact_at), customer.id));
    Ok(customers.into_iter().map(|customer| Found { customer, by: FoundBy::Address }).collect())
}

/// Those whose names begin so come first; where they are enough, nobody looks inside words.
async fn by_name(records: &Records, query: &str, limit: usize) -> Result<Vec<Found>, RecordsError> {
    let Some(beginning) = beginning_of_query(query) else { return Ok(Vec::new()) };
    let mut candidates: BTreeSet<CustomerId> =
        records.customers_beginning_so(&beginning, NAMES_COMPARED).await?.into_iter().collect();
    let mut customers = called_so(records, query, &candidates).await?;
    if customers.len() < limit {
        let inside = inside(records, query).await?;
        let inside: BTreeSet<CustomerId> = inside.into_iter().filter(|id| candidates.insert(*id)).collect();
        customers.extend(called_so(records, query, &inside).await?);
    }
    let sought = folded_words(query);
    customers.sort_by_cached_key(|customer| {
        (Reverse(nearness(&sought, customer)), Reverse(customer.last_contact_at), customer.id)
    });
    Ok(customers.into_iter().map(|customer| Found { customer, by: FoundBy::Name }).collect())
}

async fn inside(records: &Records, query: &str) -> Result<Vec<CustomerId>, RecordsError> {
    let terms = terms_of_query(query);
    let (found, _) = records.customers_with_name_terms(&terms, None, NAMES_COMPARED, INSIDE_WALKED_MAX).await?;
    Ok(found)
}

async fn called_so(
    records: &Records,
    query: &str,
    candidates: &BTreeSet<CustomerId>,
) -> Result<Vec<FoundCustomer>, RecordsError> {
    let candidates: Vec<CustomerId> = candidates.iter().copied().collect();
    let mut customers = records.found_customers(&candidates).await?;
    customers.retain(|customer| names(customer).any(|name| fits(query, name)));
    Ok(customers)
}

pub(super) fn names(customer: &FoundCustomer) -> impl Iterator<Item = &str> {
    std::iter::once(&customer.name).chain(&customer.other_names).map(|name| name.as_str())
}

/// How many words of the query are whole words of the best of the customer's names, then how many begin one.
fn nearness(sought: &[String], customer: &FoundCustomer) -> (usize, usize) {
    let of_name = |name: &str| {
        let held = folded_words(name);
        let whole = sought.iter().filter(|word| held.contains(word)).count();
        let begun = sought.iter().filter(|word| held.iter().any(|held| held.starts_with(word.as_str()))).count();
        (whole, begun)
    };
    names(customer).map(of_name).max().unwrap_or_default()
}

/// Whole words first: they are looked up, while notes found by beginnings have to be read.
pub(super) async fn by_note(records: &Records, query: &str, limit: usize) -> Result<Vec<Found>, RecordsError> {
    let mut notes: BTreeMap<CustomerId, FoundNote> = BTreeMap::new();
    let mut asked: Vec<Vec<SoughtTerm>> = Vec::new();
    for typed in [Typed::Whole, Typed::LastBegun, Typed::Begun] {
        let terms = terms_of_note_query(query, typed);
        if notes.len() >= limit || asked.contains(&terms) {
            continue;
        }
        for note in records.notes_with_terms(&terms, NOTES_COMPARED).await? {
            if notes.len() < limit && note_fits(query, note.text.as_str()) {
                notes.entry(note.customer).or_insert(note);
            }
        }
        asked.push(terms);
    }
    let customers: Vec<CustomerId> = notes.keys().copied().collect();
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Found> = Vec::new();
    for customer in records.found_customers(&customers).await? {
        if let Some(note) = notes.remove(&customer.id) {
            found.push(Found { customer, by: FoundBy::Note(note) });
        }
    }
    let newest = |found: &Found| match &found.by {
        FoundBy::Note(note) => Some((note.at, note.id)),
        FoundBy::Address | FoundBy::Name => None,
    };
    found.sort_by_key(|one| Reverse(newest(one)));
    Ok(found)
}
