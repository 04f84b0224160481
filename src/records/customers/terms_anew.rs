//! Makes the terms of all names anew when a later version has other kinds of them. Which kinds is not known here.

use crate::customers::ids::CustomerId;

use super::super::connection::{Transaction, values};
use super::super::error::RecordsError;
use super::super::statements::bulk::ADD_NAME_TERMS;
use super::super::statements::customers::CUSTOMERS_AFTER;
use super::super::statements::imports::REMOVE_ALL_NAME_TERMS;
use super::super::statements::search::{
    ALL_NAME_TERMS_MADE, LOCK_NAME_TERMS_BEING_MADE, NAME_TERMS_BEING_MADE, NAME_TERMS_MADE_UP_TO,
};
use super::super::store::Records;
use super::BATCH_ROWS_MAX;
use super::add::bind_rows;
use super::terms::{TermsOf, name_terms};

impl Records {
    /// Goes on where whoever began it was stopped; done at once when nothing is to be made. Others may change customers
    /// meanwhile.
    ///
    /// # Errors
    /// When the database does not answer; what was made until then stays.
    pub(in crate::records) async fn make_name_terms(&self) -> Result<(), RecordsError> {
        // Asked first: whoever opens the records does not wait for whoever writes.
        let being_made: Option<(i64,)> = self.row(NAME_TERMS_BEING_MADE, values![]).await?;
        if being_made.is_none() {
            return Ok(());
        }
        while let Some(up_to) = self.make_some_name_terms().await? {
            tracing::info!(up_to, "the names of customers are indexed anew");
        }
        Ok(())
    }

    async fn make_some_name_terms(&self) -> Result<Option<i64>, RecordsError> {
        let mut transaction = self.begin().await?;
        let being_made: Option<(i64,)> = transaction.row(LOCK_NAME_TERMS_BEING_MADE, values![]).await?;
        let Some((up_to,)) = being_made else { return Ok(None) };
        let limit = i64::try_from(BATCH_ROWS_MAX).unwrap_or(i64::MAX);
        let customers: Vec<(i64,)> = transaction.rows(CUSTOMERS_AFTER, values![up_to, limit]).await?;
        let last = customers.last().map(|(customer,)| *customer);
        match last {
            Some(last) => {
                make(&mut transaction, customers).await?;
                transaction.execute(NAME_TERMS_MADE_UP_TO, values![last]).await?;
            }
            None => {
                transaction.execute(ALL_NAME_TERMS_MADE, values![]).await?;
            }
        }
        transaction.commit().await?;
        Ok(last)
    }
}

/// Who was changed after the old terms went has some of the new ones already.
async fn make(transaction: &mut Transaction, customers: Vec<(i64,)>) -> Result<(), sqlx::Error> {
    let mut terms: Vec<TermsOf> = Vec::with_capacity(customers.len());
    for (subject,) in customers {
        terms.push(TermsOf { subject, terms: name_terms(transaction, CustomerId(subject)).await? });
    }
    bind_rows(transaction, REMOVE_ALL_NAME_TERMS, &terms).await?;
    bind_rows(transaction, ADD_NAME_TERMS, &terms).await
}
