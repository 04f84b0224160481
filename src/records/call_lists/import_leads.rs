//! Takes over leads of an import. Reads no file; which of them are there already is `outbound::lead_matching`'s.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::customers::address::AddressKind;
use crate::customers::change::Stamp;
use crate::customers::customer::{AddressKey, Consent};
use crate::customers::ids::ImportId;
use crate::customers::text::AddressKindWord;
use crate::imports::import_batch::ImportedRows;
use crate::outbound::call_list::DuplicateScope;
use crate::outbound::ids::{CallListId, LeadId};
use crate::outbound::lead_matching::{KnownNumbers, SettledLead, settle_leads};
use crate::outbound::lead_rows::LeadDraft;
use crate::routing::time::Millis;

use super::super::connection::{Transaction, json, values};
use super::super::customers::{ImportChunk, ImportError, OpenChunk, Outcome, RefusedRow, begin_chunk};
use super::super::error::RecordsError;
use super::super::not_to_contact::{Asked, erased_among, not_to_contact_among};
use super::super::statements::call_lists::{
    ADD_LEAD_NUMBERS, ADD_LEADS, KNOWN_ANYWHERE, KNOWN_IN_CAMPAIGN, KNOWN_IN_FILE, KNOWN_IN_LIST, KNOWN_SINCE,
    LOCK_LIST_FOR_LEADS, LOCK_LISTS_FOR_LEADS, RESERVE_LEADS,
};
use super::super::statements::imports::OWNERS;
use super::super::store::Records;

/// Of leads that an import writes elsewhere: what is known here of their numbers.
#[derive(Clone, Default)]
pub struct KnownLeads {
    pub(super) numbers: KnownNumbers,
    pub(super) not_to_contact: BTreeSet<AddressKey>,
}

type OwnerRow = (String, String, Option<String>, i64);

/// Where duplicates are looked for, and for which import.
#[derive(Clone, Copy)]
pub(super) struct Sought {
    pub scope: DuplicateScope,
    pub list: CallListId,
    /// None: it comes by itself.
    pub import: Option<ImportId>,
}

impl Sought {
    /// No import has the number 0.
    fn import_no(self) -> i64 {
        self.import.map_or(0, |import| import.0)
    }
}

#[derive(Serialize)]
struct LeadJson<'l> {
    id: i64,
    priority: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postcode: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'l str>,
    /// JSON as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    custom: Option<String>,
}

#[derive(Serialize)]
struct NumberJson<'n> {
    lead: i64,
    place: usize,
    value: &'n str,
    consent: Consent,
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<&'n str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'n str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_kind: Option<&'n str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_at_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_source: Option<&'n str>,
}

impl Records {
    /// Takes over the rows, with what is known here and `elsewhere`. Nothing stands before [`OpenChunk::commit`].
    ///
    /// # Errors
    /// When there are too many rows, the import is over or not of leads, or does not stand at `from`: somebody else goes
    /// on with it.
    pub async fn import_leads_chunk(
        &self,
        import: ImportId,
        chunk: &ImportChunk<'_, LeadDraft>,
        elsewhere: KnownLeads,
        stamp: &Stamp,
    ) -> Result<OpenChunk, ImportError> {
        let (mut transaction, batch) = begin_chunk(self, import, chunk).await?;
        let ImportedRows::Leads { list, duplicates: scope, .. } = batch.settings.rows else {
            return Err(ImportError::OtherRows { import, found: batch.settings.rows.noun() });
        };
        let sought = Sought { scope, list, import: Some(import) };
        if !lock(&mut transaction, sought).await? {
            return Err(ImportError::NoList(list));
        }
        let mut known = elsewhere;
        self.know(&mut transaction, chunk.rows, sought, stamp, &mut known).await?;
        let settled = settle_leads(chunk.rows, &known.numbers, scope);
        let mut outcome = Outcome::default();
        let mut added = Vec::with_capacity(chunk.rows.len());
        for (place, (row, settled)) in chunk.rows.iter().zip(settled).enumerate() {
            match settled {
                SettledLead::Added => added.push(row),
                SettledLead::Refused { column, why } => {
                    outcome.refused.push(RefusedRow { place, column: Some(column), reason: why });
                }
            }
        }
        outcome.added = added.len() as u64;
        add(&mut transaction, &added, &known.not_to_contact, sought, stamp).await?;
        Ok(OpenChunk::of(transaction, batch, chunk, outcome, stamp))
    }

    /// What is known of the numbers of these rows, as an import that writes elsewhere asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn known_leads_elsewhere(
        &self,
        rows: &[LeadDraft],
        list: CallListId,
        scope: DuplicateScope,
        stamp: &Stamp,
    ) -> Result<KnownLeads, RecordsError> {
        let mut known = KnownLeads::default();
        // Nothing here is of an import that writes elsewhere.
        let sought = Sought { scope, list, import: None };
        let mut asked = self;
        self.know(&mut asked, rows, sought, stamp, &mut known).await?;
        Ok(known)
    }

    /// Adds what `asked` knows of the numbers.
    pub(super) async fn know(
        &self,
        asked: &mut impl Asked,
        rows: &[LeadDraft],
        sought: Sought,
        stamp: &Stamp,
        known: &mut KnownLeads,
    ) -> Result<(), RecordsError> {
        let numbers = rows.iter().flat_map(|row| &row.lead.numbers);
        let numbers: BTreeSet<&str> = numbers.map(|number| number.value.as_str()).collect();
        let text = json(&numbers);
        let there: Vec<(String,)> = match sought.scope {
            DuplicateScope::File => asked.ask(KNOWN_IN_FILE, values![&text, sought.import_no()]).await?,
            DuplicateScope::List => asked.ask(KNOWN_IN_LIST, values![&text, sought.list.0]).await?,
            DuplicateScope::Campaign => asked.ask(KNOWN_IN_CAMPAIGN, values![&text, sought.list.0]).await?,
            DuplicateScope::System => asked.ask(KNOWN_ANYWHERE, values![&text]).await?,
            DuplicateScope::Days(days) => {
                let since = stamp.at.0 - Millis::days(i64::from(days.get())).0;
                asked.ask(KNOWN_SINCE, values![&text, since, sought.import_no()]).await?
            }
        };
        there.into_iter().for_each(|(number,)| known.numbers.add(number));
        let keys: Vec<AddressKey> = rows.iter().flat_map(keys_of).collect();
        let mut erased = erased_among(asked, self.site_key(), keys.iter()).await?;
        if !erased.is_empty() {
            // Who was added by hand since is somebody again.
            let back: Vec<OwnerRow> = asked.ask(OWNERS, values![&json(&erased.keys().collect::<Vec<_>>())]).await?;
            let back: BTreeSet<String> = back.into_iter().map(|(_, value, _, _)| value).collect();
            erased.retain(|key, _| !back.contains(key.value.as_str()));
        }
        for key in erased.into_keys() {
            known.numbers.add_erased(key.value.into());
        }
        known.not_to_contact.extend(not_to_contact_among(asked, self.site_key(), keys.iter()).await?);
        Ok(())
    }
}

/// Nobody else adds leads where duplicates are looked for. Whether the list is there.
pub(super) async fn lock(transaction: &mut Transaction, sought: Sought) -> Result<bool, sqlx::Error> {
    let statement = match sought.scope {
        DuplicateScope::File | DuplicateScope::List => LOCK_LIST_FOR_LEADS,
        DuplicateScope::Campaign | DuplicateScope::System | DuplicateScope::Days(_) => LOCK_LISTS_FOR_LEADS,
    };
    let locked: Vec<(i64,)> = transaction.rows(statement, values![sought.list.0]).await?;
    Ok(locked.contains(&(sought.list.0,)))
}

fn keys_of(row: &LeadDraft) -> impl Iterator<Item = AddressKey> {
    row.lead.numbers.iter().map(|number| key_of(number.value.clone()))
}

fn key_of(value: crate::customers::text::AddressText) -> AddressKey {
    let kind = AddressKindWord::new(AddressKind::Phone.as_str()).expect("a kind is a short word");
    AddressKey { kind, value }
}

/// Their numbers, in their order.
pub(super) async fn add(
    transaction: &mut Transaction,
    rows: &[&LeadDraft],
    not_to_contact: &BTreeSet<AddressKey>,
    sought: Sought,
    stamp: &Stamp,
) -> Result<Vec<LeadId>, sqlx::Error> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(rows.len()).expect("a batch is small");
    let reserved: Vec<(i64,)> = transaction.rows(RESERVE_LEADS, values![count]).await?;
    assert_eq!(reserved.len(), rows.len(), "a number for each lead");
    let leads: Vec<LeadJson<'_>> = reserved.iter().zip(rows).map(|((id,), row)| lead_json(*id, row)).collect();
    let added = json(&leads);
    transaction
        .execute(ADD_LEADS, values![&added, sought.list.0, sought.import.map(|import| import.0), stamp.at.0])
        .await?;
    let numbers: Vec<NumberJson<'_>> =
        reserved.iter().zip(rows).flat_map(|((id,), row)| numbers_json(*id, row, not_to_contact)).collect();
    transaction.execute(ADD_LEAD_NUMBERS, values![&json(&numbers)]).await?;
    Ok(reserved.into_iter().map(|(id,)| LeadId(id)).collect())
}

fn lead_json(id: i64, row: &LeadDraft) -> LeadJson<'_> {
    let lead = &row.lead;
    LeadJson {
        id,
        priority: lead.priority,
        name: Some(lead.name.as_str()).filter(|name| !name.is_empty()),
        language: lead.language.as_ref().map(|language| language.as_str()),
        zone: lead.zone.as_ref().map(|zone| zone.as_str()),
        region: lead.region.as_ref().map(|region| region.as_str()),
        postcode: lead.postcode.as_ref().map(|postcode| postcode.as_str()),
        external_id: lead.external_id.as_ref().map(|id| id.as_str()),
        custom: Some(&lead.fields).filter(|fields| !fields.0.is_empty()).map(json),
    }
}

/// Where somebody who was erased did not want to be contacted, nobody is.
fn numbers_json<'n>(
    lead: i64,
    row: &'n LeadDraft,
    not_to_contact: &BTreeSet<AddressKey>,
) -> impl Iterator<Item = NumberJson<'n>> {
    row.lead.numbers.iter().enumerate().map(move |(place, number)| {
        let consent = &number.consent;
        let is_refused = !not_to_contact.is_empty() && not_to_contact.contains(&key_of(number.value.clone()));
        NumberJson {
            lead,
            place,
            value: number.value.as_str(),
            consent: if is_refused { Consent::No } else { consent.state },
            extension: number.extension.as_ref().map(|extension| extension.as_str()),
            label: number.label.as_ref().map(|label| label.as_str()),
            consent_kind: consent.kind.as_ref().map(|kind| kind.as_str()),
            consent_at_ms: consent.at.map(|at| at.0),
            consent_source: consent.source.as_ref().map(|source| source.as_str()),
        }
    })
}
