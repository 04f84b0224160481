//! Adds one lead, as an import adds many: the same duplicates, the same erased people. Reads no file.

use crate::customers::change::Stamp;
use crate::customers::import_rows::WhyRefused;
use crate::outbound::call_list::{CallList, DuplicateScope};
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_matching::{SettledLead, settle_leads};
use crate::outbound::lead_rows::LeadDraft;
use crate::routing::time::{Millis, Timestamp};

use super::super::audit::append;
use super::super::connection::{Transaction, values};
use super::super::statements::call_lists::LEADS_KNOWN_AT;
use super::super::store::Records;
use super::super::{Act, AuditEntry};
use super::error::AddLeadError;
use super::import_leads::{KnownLeads, Sought, add, lock};

/// A lead that has the number: itself, its list, that list's campaign, and since when.
type KnownRow = (i64, i64, String, i64);

impl Records {
    /// # Errors
    /// When there is no such list, it has expired, it has the lead already, somebody was erased who had a number of it, or the
    /// database does not answer; nothing was added.
    pub async fn add_lead(&self, list: CallListId, draft: &LeadDraft, stamp: &Stamp) -> Result<LeadId, AddLeadError> {
        let held = self.call_list(list).await?.ok_or(AddLeadError::UnknownList(list))?;
        if held.settings.is_expired(stamp.at) {
            return Err(AddLeadError::Expired(held.name));
        }
        let sought = Sought { scope: held.settings.duplicates, list, import: None };
        let mut transaction = self.begin().await?;
        if !lock(&mut transaction, sought).await? {
            return Err(AddLeadError::UnknownList(list));
        }
        let mut known = KnownLeads::default();
        let rows = std::slice::from_ref(draft);
        self.know(&mut transaction, rows, sought, stamp, &mut known).await?;
        match settle_leads(rows, &known.numbers, sought.scope).remove(0) {
            SettledLead::Added => {}
            SettledLead::Refused { column, why: WhyRefused::Erased } => {
                return Err(AddLeadError::Erased { number: column });
            }
            SettledLead::Refused { .. } => {
                let lead = known_lead(&mut transaction, draft, &held, stamp.at).await?;
                return Err(AddLeadError::Duplicate { lead });
            }
        }
        let added = add(&mut transaction, &[draft], &known.not_to_contact, sought, stamp).await?;
        let lead = added.first().copied().expect("one was added");
        let entry = AuditEntry::new(stamp.at, stamp.by.clone(), Act::LeadAdded);
        append(&mut transaction, &[entry.with("call_list", list.0).with("lead", lead.0)]).await?;
        transaction.commit().await?;
        Ok(lead)
    }
}

/// The first that has a number of the draft, where duplicates are looked for.
async fn known_lead(
    transaction: &mut Transaction,
    draft: &LeadDraft,
    list: &CallList,
    now: Timestamp,
) -> Result<Option<LeadId>, sqlx::Error> {
    for number in &draft.lead.numbers {
        let there: Vec<KnownRow> = transaction.rows(LEADS_KNOWN_AT, values![number.value.as_str()]).await?;
        let counts = |(_, of, campaign, added_at): &KnownRow| match list.settings.duplicates {
            DuplicateScope::File => false,
            DuplicateScope::List => *of == list.id.0,
            DuplicateScope::Campaign => *campaign == list.settings.campaign.as_str(),
            DuplicateScope::System => true,
            DuplicateScope::Days(days) => Timestamp(*added_at) >= now - Millis::days(i64::from(days.get())),
        };
        if let Some((lead, ..)) = there.iter().find(|row| counts(row)) {
            return Ok(Some(LeadId(*lead)));
        }
    }
    Ok(None)
}
