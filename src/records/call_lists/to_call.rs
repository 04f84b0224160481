//! What has to be known of a lead right before it is called at one of its numbers. Changes nothing, judges nothing.

use crate::customers::customer::Consent;
use crate::outbound::call_list::CallListSettings;
use crate::outbound::ids::LeadId;
use crate::outbound::lead::{PlaceText, ZoneName};

use super::super::connection::values;
use super::super::customers::Columns;
use super::super::error::RecordsError;
use super::super::statements::call_lists::LEAD_TO_CALL;
use super::super::store::Records;

/// A lead at one of its numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct LeadToCall {
    /// Of its list, as they are now.
    pub settings: CallListSettings,
    pub zone: Option<ZoneName>,
    pub region: Option<PlaceText>,
    pub postcode: Option<PlaceText>,
    /// To be called at this number.
    pub consent: Consent,
}

type ToCallRow = (String, Option<String>, Option<String>, Option<String>, String);

impl Records {
    /// None: there is no such lead, it is over, or it does not have this number.
    ///
    /// # Errors
    /// When the database does not answer, or a row cannot be read.
    pub async fn lead_to_call(&self, lead: LeadId, number: &str) -> Result<Option<LeadToCall>, RecordsError> {
        let row: Option<ToCallRow> = self.row(LEAD_TO_CALL, values![lead.0, number]).await?;
        let Some((settings, zone, region, postcode, consent)) = row else { return Ok(None) };
        let columns = Columns("lead");
        Ok(Some(LeadToCall {
            settings: serde_json::from_str(&settings).map_err(|_| Columns("call_list").unreadable("settings"))?,
            zone: columns.text_if_any("zone", zone)?,
            region: columns.text_if_any("region", region)?,
            postcode: columns.text_if_any("postcode", postcode)?,
            consent: Columns("lead_number").word("consent", consent)?,
        }))
    }
}
