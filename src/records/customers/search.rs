//! Finds customers by the terms of names and notes, and tells matches apart. Makes no term and ranks nothing.
//!
//! Of several terms the rarest is walked, and the others are looked up for each customer found: a common pair of
//! letters has millions of rows. What is found is a candidate; whoever asks compares it with the query.

use crate::customers::ids::{AddressId, CustomerId, NoteId};
use crate::customers::search_terms::SoughtTerm;
use crate::customers::text::{CustomerName, Language, NoteText, Tag, Tier};
use crate::routing::ids::AgentId;
use crate::routing::time::Timestamp;

use super::super::connection::{Value, values};
use super::super::error::RecordsError;
use super::super::statements::Statement;
use super::super::statements::search::{
    CUSTOMERS_WITH_NAME_TERMS, CUSTOMERS_WITH_NAME_TERMS_AFTER, DETAILS_OF_MATCHES, FOUND_CUSTOMERS, NAME_TERM_COUNT,
    NAME_TERM_WALKED_TO, NOTE_TERM_COUNT, NOTES_WITH_TERM,
};
use super::super::store::Records;
use super::history::json;
use super::rows::Columns;

/// Terms are told apart by how common they are up to here: beyond, all count as common.
const TERM_COUNTED_MAX: i64 = 20_000;
/// Rows of the rarest term of a name that are walked: some 100 ms.
const NAME_TERM_WALKED_MAX: i64 = 200_000;
/// Rows of the rarest term of a note that are walked.
const NOTE_TERM_WALKED_MAX: i64 = 20_000;
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

    /// Customers whose names have all these terms, `limit` at most, the first added first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_with_name_terms(
        &self,
        terms: &[String],
        limit: u32,
    ) -> Result<Vec<CustomerId>, RecordsError> {
        let Some(rarest) = self.rarest_name_term(terms).await? else { return Ok(Vec::new()) };
        let others = json(&terms.iter().filter(|term| *term != rarest).collect::<Vec<_>>());
        let asked = values![rarest, &others, NAME_TERM_WALKED_MAX, i64::from(limit)];
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_WITH_NAME_TERMS, asked).await?;
        Ok(rows.into_iter().map(|(customer,)| CustomerId(customer)).collect())
    }

    /// Customers after `after` whose names have all these terms, `limit` at most, by number; and how far all were
    /// looked at, when there may be more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn customers_with_name_terms_after(
        &self,
        terms: &[String],
        after: Option<CustomerId>,
        limit: u32,
    ) -> Result<(Vec<CustomerId>, Option<CustomerId>), RecordsError> {
        let Some(rarest) = self.rarest_name_term(terms).await? else { return Ok((Vec::new(), None)) };
        let others = json(&terms.iter().filter(|term| *term != rarest).collect::<Vec<_>>());
        let after = after.map_or(i64::MIN, |after| after.0);
        let asked = values![rarest, &others, NAME_TERM_WALKED_MAX, i64::from(limit), after];
        let rows: Vec<(i64,)> = self.rows(CUSTOMERS_WITH_NAME_TERMS_AFTER, asked).await?;
        let found: Vec<CustomerId> = rows.into_iter().map(|(customer,)| CustomerId(customer)).collect();
        if found.len() >= limit as usize {
            let last = found.last().copied();
            return Ok((found, last));
        }
        let walked = values![rarest, after, NAME_TERM_WALKED_MAX - 1];
        let last: Option<(i64,)> = self.row(NAME_TERM_WALKED_TO, walked).await?;
        Ok((found, last.map(|(customer,)| CustomerId(customer))))
    }

    async fn rarest_name_term<'t>(&self, terms: &'t [String]) -> Result<Option<&'t String>, RecordsError> {
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            counted.push((self.count(NAME_TERM_COUNT, values![term, TERM_COUNTED_MAX]).await?, term));
        }
        Ok(counted.into_iter().min().map(|(_, rarest)| rarest))
    }

    /// Notes of customers with the rarest of these terms, the newest first, `limit` at most.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn notes_with_terms(&self, terms: &[SoughtTerm], limit: u32) -> Result<Vec<FoundNote>, RecordsError> {
        let mut counted = Vec::with_capacity(terms.len());
        for term in terms {
            let (from, to) = range_of(term);
            counted.push((self.count(NOTE_TERM_COUNT, values![&from, &to, TERM_COUNTED_MAX]).await?, from, to));
        }
        let Some((_, from, to)) = counted.iter().min() else { return Ok(Vec::new()) };
        let asked = values![from, to, NOTE_TERM_WALKED_MAX, i64::from(limit)];
        let rows: Vec<(i64, i64, String, i64)> = self.rows(NOTES_WITH_TERM, asked).await?;
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

fn range_of(term: &SoughtTerm) -> (String, String) {
    match term {
        SoughtTerm::Exactly(term) => (term.clone(), term.clone()),
        SoughtTerm::BeginningWith(beginning) => (beginning.clone(), format!("{beginning}{LAST_CHARACTER}")),
    }
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
