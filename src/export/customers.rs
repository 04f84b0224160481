//! One line a customer. Chooses no customer but by the filter.

use crate::customers::address::AddressKind;
use crate::customers::customer::{Consent, CustomerCard, KnownAddress};
use crate::customers::ids::CustomerId;
use crate::records::{Records, RecordsError};
use crate::routing::time::Timestamp;

use super::table::Table;
use super::{CustomerFilter, Pages};

/// Customers of one page.
const PAGE: u32 = 500;
/// Stands between several values of one cell; our import parts them there.
const BETWEEN: &str = "; ";
const HEADING: [&str; 19] = [
    "id",
    "version",
    "name",
    "other_names",
    "language",
    "tier",
    "owner",
    "do_not_contact",
    "tags",
    "phones",
    "emails",
    "handles",
    "external_ids",
    "may_contact_at",
    "may_not_contact_at",
    "custom",
    "created_at",
    "changed_at",
    "changed_by",
];

pub struct CustomerPages {
    records: Records,
    filter: CustomerFilter,
    table: Table,
    after: Option<CustomerId>,
    is_done: bool,
}

impl CustomerPages {
    /// `has_mark`: begin with a byte order mark, for spreadsheets that take UTF-8 for something else without one.
    #[must_use]
    pub fn new(records: Records, filter: CustomerFilter, has_mark: bool) -> CustomerPages {
        CustomerPages { records, filter, table: Table::new(&HEADING, has_mark), after: None, is_done: false }
    }

    async fn read(&mut self) -> Result<(), RecordsError> {
        let ids = self.records.customers_after(self.after, PAGE).await?;
        for card in self.records.customer_cards(&ids).await? {
            if fits(&self.filter, &card) {
                self.table.add(&cells(&card));
            }
        }
        self.is_done = ids.len() < PAGE as usize;
        self.after = ids.last().copied().or(self.after);
        Ok(())
    }
}

impl Pages for CustomerPages {
    async fn next_page(&mut self) -> Result<Option<Vec<u8>>, RecordsError> {
        while !self.is_done {
            self.read().await?;
            let lines = self.table.take();
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
        Ok(None)
    }

    fn rows(&self) -> u64 {
        self.table.rows
    }
}

fn fits(filter: &CustomerFilter, card: &CustomerCard) -> bool {
    let CustomerFilter { tag, tier, language, changed_from } = filter;
    let fields = &card.customer.fields;
    let has = |asked: &Option<String>, held: Option<&str>| asked.as_deref().is_none_or(|asked| held == Some(asked));
    has(tier, fields.tier.as_ref().map(|tier| tier.as_str()))
        && has(language, fields.language.as_ref().map(|language| language.as_str()))
        && tag.as_deref().is_none_or(|asked| card.tags.iter().any(|tag| tag.as_str() == asked))
        && changed_from.is_none_or(|from| card.customer.changed.at >= from)
}

fn cells(card: &CustomerCard) -> [String; HEADING.len()] {
    let customer = &card.customer;
    let fields = &customer.fields;
    let of_kind = |kind: AddressKind| {
        let addresses = card.addresses.iter().filter(|address| address.key.kind.as_str() == kind.as_str());
        joined(addresses.map(|address| written(address, kind)))
    };
    let with_consent = |consent: Consent| {
        let addresses = card.addresses.iter().filter(|address| address.consent == consent);
        joined(addresses.map(|address| address.shown.as_str().to_owned()))
    };
    let custom = if fields.custom.0.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&fields.custom).expect("custom fields are JSON")
    };
    [
        customer.id.to_string(),
        customer.version.to_string(),
        fields.name.as_str().to_owned(),
        joined(card.names.iter().map(|known| known.name.as_str().to_owned())),
        fields.language.as_ref().map(ToString::to_string).unwrap_or_default(),
        fields.tier.as_ref().map(ToString::to_string).unwrap_or_default(),
        fields.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        fields.do_not_contact.to_string(),
        joined(card.tags.iter().map(ToString::to_string)),
        of_kind(AddressKind::Phone),
        of_kind(AddressKind::Email),
        of_kind(AddressKind::Handle),
        of_kind(AddressKind::External),
        with_consent(Consent::Yes),
        with_consent(Consent::No),
        custom,
        moment(customer.created.at),
        moment(customer.changed.at),
        customer.changed.by.to_string(),
    ]
}

/// A number in groups, which no spreadsheet rounds; of other addresses the key, which names network and system.
fn written(address: &KnownAddress, kind: AddressKind) -> String {
    match kind {
        AddressKind::Phone | AddressKind::Email => address.shown.as_str().to_owned(),
        AddressKind::Handle | AddressKind::External => address.key.value.as_str().to_owned(),
    }
}

fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(BETWEEN)
}

/// RFC 3339 in UTC.
pub(super) fn moment(at: Timestamp) -> String {
    crate::protocol::Time::from_ms(at.0).to_string()
}
