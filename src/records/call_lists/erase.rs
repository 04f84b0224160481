//! Erases whoever is nothing but a lead: by number, since he has no other. Who is a customer is erased as one.

use std::collections::BTreeSet;

use crate::customers::change::Stamp;
use crate::customers::customer::AddressKey;
use crate::customers::ids::CustomerId;
use crate::customers::text::Tag;

use super::super::audit::append;
use super::super::connection::{json, values};
use super::super::customers::names_somebody;
use super::super::do_not_call::take_by_hand;
use super::super::error::RecordsError;
use super::super::site_key::SiteKey;
use super::super::statements::attempts::{ATTEMPTS_OF_LEADS, STRIP_ATTEMPTS};
use super::super::statements::call_lists::{LEADS_AT, REMOVE_LEADS, WHO_LEADS_ARE};
use super::super::statements::erasure::{ADD_DO_NOT_CONTACT, ADD_ERASED_ADDRESSES};
use super::super::statements::imports::OWNERS;
use super::super::store::Records;
use super::super::{Act, AuditEntry};

#[derive(Debug, thiserror::Error)]
pub enum EraseLeadsError {
    #[error("customer {0} has this number: erase the customer, and its leads go too")]
    Customer(CustomerId),
    #[error("no lead has this number")]
    NoLead,
    /// The audit keeps the reason for years.
    #[error("the reason names the lead: expected one that tells nothing of the person")]
    ReasonNames,
    #[error(transparent)]
    Records(#[from] RecordsError),
}

impl From<sqlx::Error> for EraseLeadsError {
    fn from(error: sqlx::Error) -> EraseLeadsError {
        EraseLeadsError::Records(RecordsError::Database(error))
    }
}

impl Records {
    /// Removes every lead with this number, with all of its numbers. The number stays known by its hash, so that no file
    /// brings it back; where one of the leads was not to be called, nobody is. How many there were.
    ///
    /// # Errors
    /// When a customer has the number, no lead has it, or the reason names one; nothing was changed.
    pub async fn erase_leads_at(
        &self,
        number: &AddressKey,
        reason: &Tag,
        site_key: &SiteKey,
        stamp: &Stamp,
    ) -> Result<usize, EraseLeadsError> {
        let mut transaction = self.begin().await?;
        let owners: Vec<(String, String, Option<String>, i64)> =
            transaction.rows(OWNERS, values![&json(&[number])]).await?;
        if let Some((_, _, _, customer)) = owners.first() {
            return Err(EraseLeadsError::Customer(CustomerId(*customer)));
        }
        let leads: Vec<(i64,)> = transaction.rows(LEADS_AT, values![number.value.as_str()]).await?;
        if leads.is_empty() {
            return Err(EraseLeadsError::NoLead);
        }
        let ids = json(&leads.iter().map(|(id,)| *id).collect::<Vec<_>>());
        let people: Vec<(Option<String>, String, i64)> = transaction.rows(WHO_LEADS_ARE, values![&ids]).await?;
        let texts = people.iter().flat_map(|(name, number, _)| name.iter().chain([number]));
        if texts.into_iter().any(|text| names_somebody(reason.as_str(), text)) {
            return Err(EraseLeadsError::ReasonNames);
        }
        transaction.execute(ADD_ERASED_ADDRESSES, values![&json(&[site_key.hash_of(number)]), stamp.at.0]).await?;
        let mut refused = take_by_hand(&mut transaction, std::iter::once(number), stamp.at).await?;
        for (_, value, _) in people.into_iter().filter(|(_, _, is_refused)| *is_refused != 0) {
            let value = value.try_into().map_err(|_| unreadable())?;
            refused.push(AddressKey { kind: number.kind.clone(), value });
        }
        let hashes: BTreeSet<String> = refused.iter().map(|key| site_key.hash_of(key)).collect();
        transaction.execute(ADD_DO_NOT_CONTACT, values![&json(&hashes), stamp.at.0]).await?;
        let attempts: Vec<(i64,)> = transaction.rows(ATTEMPTS_OF_LEADS, values![&ids]).await?;
        let attempts: Vec<i64> = attempts.into_iter().map(|(id,)| id).collect();
        transaction.execute(STRIP_ATTEMPTS, values![&json(&attempts)]).await?;
        transaction.execute(REMOVE_LEADS, values![&ids]).await?;
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::Erased);
        append(&mut transaction, &[entry.with("reason", reason.clone()).with("leads", leads.len())]).await?;
        transaction.commit().await?;
        Ok(leads.len())
    }
}

fn unreadable() -> RecordsError {
    RecordsError::Unreadable { table: "lead_number", column: "value" }
}
