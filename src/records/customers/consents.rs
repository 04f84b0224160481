//! What customers said of being called at a number. Changes nothing, judges nothing.

use crate::customers::customer::Consent;
use crate::customers::ids::CustomerId;

use super::super::connection::values;
use super::super::error::RecordsError;
use super::super::statements::customers::CONSENTS_AT;
use super::super::store::Records;
use super::rows::Columns;

impl Records {
    /// Of every customer who has the number, and of this customer: no, where he does not want to be contacted at all.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn consents_at(&self, number: &str, customer: Option<CustomerId>) -> Result<Vec<Consent>, RecordsError> {
        let customer = customer.map(|customer| customer.0);
        let rows: Vec<(String, i64)> = self.rows(CONSENTS_AT, values![number, customer]).await?;
        let consent = |(consent, do_not_contact): (String, i64)| {
            if do_not_contact != 0 {
                return Ok(Consent::No);
            }
            Columns("customer_address").word("consent", consent)
        };
        rows.into_iter().map(consent).collect()
    }
}
