//! Customers by what somebody types, page by page in the order of their numbers: each that fits throughout stands on
//! one page. Ranks nothing: that is `search`.

use std::collections::BTreeSet;

use crate::customers::ids::CustomerId;
use crate::customers::phone::Region;
use crate::customers::redaction::{Hidable, Sight};
use crate::customers::search_terms::{fits, terms_of_query};
use crate::records::{FoundCustomer, Records, RecordsError};

use super::search::{by_address, by_note, names};

/// Candidates that are compared at once.
const CANDIDATES: u32 = 200;
/// Customers looked at for them.
const WALKED_MAX: u32 = 50_000;
/// Rounds of candidates for one page: then it ends, with fewer on it, and the next goes on there.
const ROUNDS_MAX: usize = 10;
/// Customers found by their notes, of the newest notes.
const BY_NOTES_MAX: usize = 1_000;

/// One page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundPage {
    pub customers: Vec<CustomerId>,
    /// The next page begins after this one; None: there is none.
    pub next: Option<CustomerId>,
}

/// At most `limit` of those after `after` with such an address, such a name, or of whom it was noted. A page may hold
/// fewer, even none, and have a next.
///
/// # Errors
/// When the database does not answer, or a row cannot be read.
pub async fn page(
    records: &Records,
    query: &str,
    home: Option<Region>,
    after: Option<CustomerId>,
    limit: usize,
    sight: &Sight,
) -> Result<FoundPage, RecordsError> {
    let mut found: BTreeSet<CustomerId> = BTreeSet::new();
    let others = by_address(records, query, home, sight).await?.into_iter();
    let notes = if sight.sees(&Hidable::Notes) { by_note(records, query, BY_NOTES_MAX).await? } else { Vec::new() };
    let others = others.chain(notes);
    found.extend(others.map(|one| one.customer.id).filter(|id| after.is_none_or(|after| *id > after)));
    let looked_at_up_to = match sight.sees(&Hidable::Names) {
        true => add_by_name(records, query, after, limit, &mut found).await?,
        false => None,
    };
    let is_settled = |id: &CustomerId| looked_at_up_to.is_none_or(|end| *id <= end);
    let mut settled = found.into_iter().filter(is_settled);
    let customers: Vec<CustomerId> = settled.by_ref().take(limit).collect();
    let next = match (settled.next(), looked_at_up_to) {
        (Some(_), _) => customers.last().copied(),
        (None, end) => end,
    };
    Ok(FoundPage { customers, next })
}

/// How far every name was looked at; None: to the end.
async fn add_by_name(
    records: &Records,
    query: &str,
    after: Option<CustomerId>,
    limit: usize,
    found: &mut BTreeSet<CustomerId>,
) -> Result<Option<CustomerId>, RecordsError> {
    let terms = terms_of_query(query);
    let mut place = after;
    for _ in 0..ROUNDS_MAX {
        let (candidates, end) = records.customers_with_name_terms(&terms, place, CANDIDATES, WALKED_MAX).await?;
        let customers = records.found_customers(&candidates).await?;
        let is_called_so = |customer: &FoundCustomer| names(customer).any(|name| fits(query, name));
        found.extend(customers.iter().filter(|customer| is_called_so(customer)).map(|customer| customer.id));
        let Some(end) = end else { return Ok(None) };
        place = Some(end);
        if found.range(..=end).count() > limit {
            break;
        }
    }
    Ok(place)
}
