//! Finds customers by the terms of names and notes, and tells matches apart. Makes no term and ranks nothing.
//!
//! Of several terms the rarest is walked, and the others are looked up for each customer found. A walk ends after so
//! many rows, because a common part of a name has millions. What is found is a candidate; whoever asks compares it with
//! the query.

use crate::customers::ids::{AddressId, CustomerId, NoteId};
use crate::customers::search_terms::{SoughtBeginning, SoughtTerm};
use crate::customers::text::{CustomerName, Language, NoteText, Tag, Tier};
use crate::routing::ids::AgentId;
use crate::routing::time::Timestamp;

use super::super::connection::{Value, values};
use super::super::error::RecordsError;
use super::super::statements::Statement;
use super::super::statements::search::{
    CUSTOMERS_BEGINNING_SO, CUSTOMERS_WITH_NAME_TERMS, DETAILS_OF_MATCHES, FOUND_CUSTOMERS, NAME_TERM_COUNT,
    NAME_TERM_WALKED_TO, NOTE_TERM_COUNT, NOTES_BEGINNING_SO, NOTES_WITH_TERM,
};
use super::super::store::Records;
use super::history::json;
use super::rows::Columns;

/// Terms are told apart by how common they are up to here: beyond, all count as common.
const TERM_COUNTED_MAX: i64 = 2_000;
/// Rows of a range of terms of names that are walked: some 10 ms.
const NAME_TERMS_WALKED_MAX: i64 = 10_000;
/// Rows of the rarest term of a note that are walked: some 10 ms.
const NOTE_TERM_WALKED_MAX: i64 = 5_000;
/// After every other character, so that a range up to it holds all that begins so.
const LAST_CHARACTER: char = '\u{10FFFF}';

/// What tells customers with the same address apart, beside what [`Records::customers_at`] says.
#[derive(Clone, PartialEq, Debug)]
pub struct MatchDetails {
    pub customer: CustomerId,
    /// The address that was added first.
    pub main_address: Option<AddressId>,
    pub open_work: u32,
    /// The last agent who was connected with the customer.
    pub last_agent: Option<AgentId>,
    pub tags: Vec<Tag>,
}

/// A customer as a list shows it.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundCustomer {
    pub id: CustomerId,
    pub name: CustomerName,
    pub tier: Option<Tier>,
    pub language: Option<Language>,
    pub last_contact_at: Option<Timestamp>,
    /// Other names, and those of customers that are part of this one now.
    pub other_names: Vec<CustomerName>,
}

/// A note whose terms are those that were asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundNote {
    pub id: NoteId,
    pub customer: CustomerId,
    pub text: NoteText,
    pub at: Timestamp,
}

type DetailsRow = (i64, Option<i64>, i64, Option<String>, String);
type FoundRow = (i64, String, Option<String>, Option<String>, Option<i64>, String);

impl Records {
    /// In no order; those that are not there are left out.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn details_of_matches(&self, customers: &[CustomerId]) -> Result<Vec<MatchDetails>, RecordsError> {
        let rows: Vec<DetailsRow> = self.rows(DETAILS_OF_MATCHES, values![&json(&customers)]).await?;
        rows.into_iter().map(details_of).collect()
    }

    /// Customers whose names begin so, `limit` at most by each term, those with the shortest such word first; one may
    /// be among them twice.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_beginning_so(
        &self,
        sought: &SoughtBeginning,
        limit: u32,
    ) -> Result<Vec<CustomerId>, RecordsError> {
        let others = json(&sought.others);
        let mut found: Vec<CustomerId> = Vec::new();
        for term in &sought.terms {
            let (from, to) = range_of(term);
            let asked = values![&from, &to, &others, NAME_TERMS_WALKED_MAX, i64::from(limit)];
            let rows: Vec<(i64,)> = self.rows(CUSTOMERS_BEGINNING_SO, asked).await?;
            found.extend(rows.into_iter().map(|(customer,)| CustomerId(customer)));
        }
        Ok(found)
    }

    /// Customers after `after` whose names have all these terms, `limit` at most, by number; and how far all were
    /// looked at, when there may be more. At most `walked_max` customers with the rarest term are looked at: some 2 µs
    /// each.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_with_name_terms(
        &self,
        terms: &[String],
        after: Option<CustomerId>,
        limit: u32,
        walked_max: u32,
    ) -> Result<(Vec<CustomerId>, Option<CustomerId>), RecordsError> {
        let Some(rarest) = self.rarest_name_term(terms).await? else { return Ok((Vec::new(), None)) };
        let others = json(&terms.iter().filter(|term| *term != rarest).collect::<Vec<_>>());
        let after = after.map_or(i64::MIN, |after| after.0);
        let walked: Option<(i64,)> =
            self.row(NAME_TERM_WALKED_TO, values![rarest, after, i64::from(walked_max) - 1]).await?;
        let walked = walked.map(|(customer,)| customer);
        let asked = values![rarest, after, walked.unwrap_or(i64::MAX), &others, i64::from(limit)];
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_WITH_NAME_TERMS, asked).await?;
        let found: Vec<CustomerId> = rows.into_iter().map(|(customer,)| CustomerId(customer)).collect();
        let end = if found.len() >= limit as usize { found.last().copied() } else { walked.map(CustomerId) };
        Ok((found, end))
    }

    async fn rarest_name_term<'t>(&self, terms: &'t [String]) -> Result<Option<&'t String>, RecordsError> {
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            counted.push((self.count(NAME_TERM_COUNT, values![term, TERM_COUNTED_MAX]).await?, term));
        }
        Ok(counted.into_iter().min().map(|(_, rarest)| rarest))
    }

    /// Notes of customers with the rarest of these terms and all those that are whole, the newest first, `limit` at
    /// most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_with_terms(&self, terms: &[SoughtTerm], limit: u32) -> Result<Vec<FoundNote>, RecordsError> {
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            let (from, to) = note_range_of(term);
            counted.push((self.count(NOTE_TERM_COUNT, values![&from, &to, TERM_COUNTED_MAX]).await?, term, from, to));
        }
        let Some((count, rarest, from, to)) = counted.iter().min() else { return Ok(Vec::new()) };
        if *count == 0 {
            return Ok(Vec::new());
        }
        let others = json(&terms.iter().filter(|term| term != rarest).filter_map(whole).collect::<Vec<_>>());
        let rows: Vec<(i64, i64, String, i64)> = match whole(rarest) {
            Some(term) => {
                let asked = values![term, &others, NOTE_TERM_WALKED_MAX, i64::from(limit)];
                self.rows(NOTES_WITH_TERM, asked).await?
            }
            None => {
                let asked = values![from, to, &others, NOTE_TERM_WALKED_MAX, i64::from(limit)];
                self.rows(NOTES_BEGINNING_SO, asked).await?
            }
        };
        rows.into_iter()
            .map(|(id, customer, body, at_ms)| {
                let text = Columns("note").text("body", body)?;
                Ok(FoundNote { id: NoteId(id), customer: CustomerId(customer), text, at: Timestamp(at_ms) })
            })
            .collect()
    }

    /// In no order; those that are not there or were merged away are left out.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn found_customers(&self, customers: &[CustomerId]) -> Result<Vec<FoundCustomer>, RecordsError> {
        let rows: Vec<FoundRow> = self.rows(FOUND_CUSTOMERS, values![&json(&customers)]).await?;
        rows.into_iter().map(found_of).collect()
    }

    async fn count(&self, statement: Statement, asked: &[Value<'_>]) -> Result<i64, RecordsError> {
        let row: Option<(i64,)> = self.row(statement, asked).await?;
        Ok(row.map_or(0, |(count,)| count))
    }
}

fn note_range_of(term: &SoughtTerm) -> (String, String) {
    match term {
        SoughtTerm::Exactly(term) => (term.clone(), term.clone()),
        SoughtTerm::BeginningWith(beginning) => range_of(beginning),
    }
}

fn whole(term: &SoughtTerm) -> Option<&str> {
    match term {
        SoughtTerm::Exactly(term) => Some(term),
        SoughtTerm::BeginningWith(_) => None,
    }
}

/// From the first to the last term that may begin so.
fn range_of(beginning: &str) -> (String, String) {
    (beginning.to_owned(), format!("{beginning}{LAST_CHARACTER}"))
}

fn details_of(row: DetailsRow) -> Result<MatchDetails, RecordsError> {
    let (customer, main_address, open_work, last_agent, tags) = row;
    let columns = Columns("customer");
    Ok(MatchDetails {
        customer: CustomerId(customer),
        main_address: main_address.map(AddressId),
        open_work: u32::try_from(open_work).unwrap_or(u32::MAX),
        last_agent: columns.text_if_any("last_agent", last_agent)?,
        tags: serde_json::from_str(&tags).map_err(|_| columns.unreadable("tags"))?,
    })
}

fn found_of(row: FoundRow) -> Result<FoundCustomer, RecordsError> {
    let (id, name, tier, language, last_contact_at_ms, names) = row;
    let columns = Columns("customer");
    Ok(FoundCustomer {
        id: CustomerId(id),
        name: columns.text("name", name)?,
        tier: columns.text_if_any("tier", tier)?,
        language: columns.text_if_any("language", language)?,
        last_contact_at: last_contact_at_ms.map(Timestamp),
        other_names: serde_json::from_str(&names).map_err(|_| columns.unreadable("names"))?,
    })
}
