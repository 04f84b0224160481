//! A customer as REST shows it, without what is hidden from whoever asks. Reads nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::customers::address::AddressKind;
use crate::customers::customer::{CustomerCard, KnownAddress, NameKind};
use crate::customers::redaction::Sight;
use crate::protocol as wire;

use super::super::etag::Etag;
use super::super::words::{StampShown, consent_shown, kind_shown, stamp_shown};

/// All that is known of a customer itself.
#[derive(Serialize, JsonSchema)]
pub struct CustomerShown {
    pub id: String,
    /// Counts the changes, from 1; the etag is made of it.
    version: u64,
    /// Empty while nothing but an address is known.
    name: String,
    language: Option<String>,
    /// The value segment: gold.
    tier: Option<String>,
    /// The agent whose account it is.
    owner: Option<String>,
    do_not_contact: bool,
    /// The centre's own fields.
    custom: BTreeMap<String, Value>,
    addresses: Vec<AddressShown>,
    /// Other names.
    names: Vec<NameShown>,
    tags: Vec<String>,
    /// Customers that are part of this one now.
    merged: Vec<MergedShown>,
    created: StampShown,
    changed: StampShown,
}

/// An address of a customer.
#[derive(Serialize, JsonSchema)]
struct AddressShown {
    id: String,
    /// null: of a kind that this version does not know.
    kind: Option<wire::AddressKind>,
    /// What it is found by: E.164, a mail address in lower case, network:handle, system:id.
    address: String,
    /// Behind a shared number.
    extension: Option<String>,
    /// For people.
    shown: String,
    /// What it is for.
    label: Option<String>,
    /// Whether the customer may be contacted there.
    consent: wire::Consent,
    consent_set: Option<StampShown>,
}

/// Another name of a customer.
#[derive(Serialize, JsonSchema)]
struct NameShown {
    id: String,
    kind: NameKindShown,
    name: String,
}

#[derive(Serialize, serde::Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "NameKind")]
pub enum NameKindShown {
    Former,
    /// The same name in another script.
    OtherScript,
    Company,
    /// What the customer is called, or signs with.
    Alias,
}

impl NameKindShown {
    pub fn read(self) -> NameKind {
        match self {
            NameKindShown::Former => NameKind::Former,
            NameKindShown::OtherScript => NameKind::OtherScript,
            NameKindShown::Company => NameKind::Company,
            NameKindShown::Alias => NameKind::Alias,
        }
    }

    fn of(kind: NameKind) -> NameKindShown {
        match kind {
            NameKind::Former => NameKindShown::Former,
            NameKind::OtherScript => NameKindShown::OtherScript,
            NameKind::Company => NameKindShown::Company,
            NameKind::Alias => NameKindShown::Alias,
        }
    }
}

/// A customer that is part of another one now.
#[derive(Serialize, JsonSchema)]
struct MergedShown {
    id: String,
    name: String,
}

/// The one place where a customer's record is shown.
pub fn customer(card: &CustomerCard, sight: &Sight) -> CustomerShown {
    let CustomerCard { customer, addresses, names, tags, merged } = &sight.card(card);
    let fields = &customer.fields;
    CustomerShown {
        id: customer.id.to_string(),
        version: customer.version.0.unsigned_abs(),
        name: fields.name.as_str().to_owned(),
        language: fields.language.as_ref().map(ToString::to_string),
        tier: fields.tier.as_ref().map(ToString::to_string),
        owner: fields.owner.as_ref().map(ToString::to_string),
        do_not_contact: fields.do_not_contact,
        custom: fields.custom.0.clone(),
        addresses: addresses.iter().map(address).collect(),
        names: names
            .iter()
            .map(|known| NameShown {
                id: known.id.to_string(),
                kind: NameKindShown::of(known.kind),
                name: known.name.as_str().to_owned(),
            })
            .collect(),
        tags: tags.iter().map(ToString::to_string).collect(),
        merged: merged
            .iter()
            .map(|one| MergedShown { id: one.id.to_string(), name: one.name.as_str().to_owned() })
            .collect(),
        created: stamp_shown(&customer.created),
        changed: stamp_shown(&customer.changed),
    }
}

pub(in super::super) fn etag(card: &CustomerCard) -> Etag {
    Etag::of_version(card.customer.version)
}

fn address(known: &KnownAddress) -> AddressShown {
    AddressShown {
        id: known.id.to_string(),
        kind: AddressKind::of_name(known.key.kind.as_str()).map(kind_shown),
        address: known.key.value.as_str().to_owned(),
        extension: known.extension.as_ref().map(|extension| extension.as_str().to_owned()),
        shown: known.shown.as_str().to_owned(),
        label: known.label.as_ref().map(|label| label.as_str().to_owned()),
        consent: consent_shown(known.consent),
        consent_set: known.consent_set.as_ref().map(stamp_shown),
    }
}
