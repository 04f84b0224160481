//! Changes of one customer that belong together, and what they are between how it is and how it shall be. Stores none.

use std::collections::BTreeSet;

use super::customer::{
    AddressKey, Consent, CustomerCard, CustomerFields, KnownAddress, KnownName, NewAddress, NewCustomer, NewName,
};
use super::ids::{AddressId, NameId};
use super::text::{AddressText, Tag};

/// All of it is done, or nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CustomerEdit {
    /// None: they stay.
    pub fields: Option<CustomerFields>,
    pub addresses: Vec<AddressEdit>,
    pub names: Vec<NameEdit>,
    pub tags: Vec<TagEdit>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AddressEdit {
    Add(NewAddress),
    Remove(AddressId),
    Label(AddressId, Option<AddressText>),
    Consent(AddressId, Consent),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NameEdit {
    Add(NewName),
    Remove(NameId),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TagEdit {
    Add(Tag),
    Remove(Tag),
}

/// How a customer shall be. A list that is None stays as it is.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CustomerWish {
    pub fields: CustomerFields,
    pub addresses: Option<Vec<WishedAddress>>,
    pub names: Option<Vec<NewName>>,
    pub tags: Option<BTreeSet<Tag>>,
}

/// An address that the customer shall have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WishedAddress {
    pub key: AddressKey,
    pub extension: Option<AddressText>,
    pub shown: AddressText,
    /// None: it stays, and a new address has none.
    pub label: Option<Option<AddressText>>,
    /// None: it stays, and of a new address it is unknown.
    pub consent: Option<Consent>,
}

impl WishedAddress {
    fn is(&self, known: &KnownAddress) -> bool {
        (&self.key, &self.extension) == (&known.key, &known.extension)
    }

    #[must_use]
    pub fn to_new(&self) -> NewAddress {
        NewAddress {
            key: self.key.clone(),
            extension: self.extension.clone(),
            shown: self.shown.clone(),
            label: self.label.clone().flatten(),
            consent: self.consent.unwrap_or_default(),
        }
    }
}

impl CustomerWish {
    /// As a customer of its own.
    #[must_use]
    pub fn to_new(&self) -> NewCustomer {
        NewCustomer {
            fields: self.fields.clone(),
            addresses: self.addresses.iter().flatten().map(WishedAddress::to_new).collect(),
            names: once_each(self.names.as_deref().unwrap_or_default()),
            tags: self.tags.clone().unwrap_or_default(),
        }
    }

    /// What makes the customer so; nothing when it is so already.
    #[must_use]
    pub fn edit_of(&self, card: &CustomerCard) -> CustomerEdit {
        let differ = card.customer.fields != self.fields;
        CustomerEdit {
            fields: differ.then(|| self.fields.clone()),
            addresses: self.addresses.as_deref().map_or_else(Vec::new, |wished| addresses(&card.addresses, wished)),
            names: self.names.as_deref().map_or_else(Vec::new, |wished| names(&card.names, wished)),
            tags: self.tags.as_ref().map_or_else(Vec::new, |wished| tags(&card.tags, wished)),
        }
    }
}

fn addresses(known: &[KnownAddress], wished: &[WishedAddress]) -> Vec<AddressEdit> {
    let mut edits: Vec<AddressEdit> = known
        .iter()
        .filter(|known| !wished.iter().any(|wish| wish.is(known)))
        .map(|known| AddressEdit::Remove(known.id))
        .collect();
    for (place, wish) in wished.iter().enumerate() {
        let is_said_twice =
            wished[..place].iter().any(|earlier| (&earlier.key, &earlier.extension) == (&wish.key, &wish.extension));
        if is_said_twice {
            continue;
        }
        let Some(known) = known.iter().find(|known| wish.is(known)) else {
            edits.push(AddressEdit::Add(wish.to_new()));
            continue;
        };
        if let Some(label) = wish.label.as_ref().filter(|label| **label != known.label) {
            edits.push(AddressEdit::Label(known.id, label.clone()));
        }
        if let Some(consent) = wish.consent.filter(|consent| *consent != known.consent) {
            edits.push(AddressEdit::Consent(known.id, consent));
        }
    }
    edits
}

fn names(known: &[KnownName], wished: &[NewName]) -> Vec<NameEdit> {
    let wished = once_each(wished);
    let is = |known: &KnownName, wish: &NewName| (known.kind, &known.name) == (wish.kind, &wish.name);
    let gone = known.iter().filter(|known| !wished.iter().any(|wish| is(known, wish)));
    let mut edits: Vec<NameEdit> = gone.map(|known| NameEdit::Remove(known.id)).collect();
    let new = wished.iter().filter(|wish| !known.iter().any(|known| is(known, wish)));
    edits.extend(new.cloned().map(NameEdit::Add));
    edits
}

fn tags(known: &BTreeSet<Tag>, wished: &BTreeSet<Tag>) -> Vec<TagEdit> {
    let gone = known.difference(wished).cloned().map(TagEdit::Remove);
    gone.chain(wished.difference(known).cloned().map(TagEdit::Add)).collect()
}

fn once_each(names: &[NewName]) -> Vec<NewName> {
    let mut once: Vec<NewName> = Vec::with_capacity(names.len());
    for name in names {
        if !once.contains(name) {
            once.push(name.clone());
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::super::change::Stamp;
    use super::super::customer::{Customer, NameKind};
    use super::super::ids::{CustomerId, Version};
    use super::super::text::{AddressKindWord, CustomerName};
    use super::*;
    use crate::routing::ids::PersonId;
    use crate::routing::time::Timestamp;

    fn wished(number: &str) -> WishedAddress {
        let key = AddressKey { kind: AddressKindWord::new("phone").unwrap(), value: AddressText::new(number).unwrap() };
        WishedAddress { key, extension: None, shown: AddressText::new(number).unwrap(), label: None, consent: None }
    }

    fn known(id: i64, number: &str, consent: Consent) -> KnownAddress {
        let WishedAddress { key, shown, .. } = wished(number);
        KnownAddress { id: AddressId(id), key, extension: None, shown, label: None, consent, consent_set: None }
    }

    fn card() -> CustomerCard {
        let stamp = Stamp { at: Timestamp(1), by: PersonId::new("ana").unwrap() };
        let fields = CustomerFields { name: CustomerName::new("Zoé").unwrap(), ..CustomerFields::default() };
        let customer = Customer {
            id: CustomerId(1),
            fields,
            version: Version(1),
            created: stamp.clone(),
            changed: stamp,
            merged_into: None,
        };
        let name = CustomerName::new("Zo").unwrap();
        CustomerCard {
            customer,
            addresses: vec![known(7, "+331", Consent::Yes), known(8, "+332", Consent::Unknown)],
            names: vec![KnownName { id: NameId(3), kind: NameKind::Alias, name }],
            tags: [Tag::new("vip").unwrap()].into(),
            merged: Vec::new(),
        }
    }

    #[test]
    fn what_is_so_already_is_no_edit() {
        let card = card();
        let mut wish = CustomerWish { fields: card.customer.fields.clone(), ..CustomerWish::default() };
        assert_eq!(wish.edit_of(&card), CustomerEdit::default(), "lists that are not named stay");
        wish.addresses = Some(vec![wished("+332"), wished("+331"), wished("+332")]);
        wish.names = Some(vec![NewName { kind: NameKind::Alias, name: CustomerName::new("Zo").unwrap() }]);
        wish.tags = Some(card.tags.clone());
        assert_eq!(wish.edit_of(&card), CustomerEdit::default(), "in whatever order, and said twice");
    }

    #[test]
    fn what_differs_is_named_once() {
        let card = card();
        let mut no = wished("+331");
        no.consent = Some(Consent::No);
        no.label = Some(Some(AddressText::new("work").unwrap()));
        let former = NewName { kind: NameKind::Former, name: CustomerName::new("Zo").unwrap() };
        let wish = CustomerWish {
            fields: CustomerFields::default(),
            addresses: Some(vec![no.clone(), wished("+333"), wished("+333")]),
            names: Some(vec![former.clone(), former.clone()]),
            tags: Some(BTreeSet::new()),
        };
        let expected = CustomerEdit {
            fields: Some(CustomerFields::default()),
            addresses: vec![
                AddressEdit::Remove(AddressId(8)),
                AddressEdit::Label(AddressId(7), no.label.clone().flatten()),
                AddressEdit::Consent(AddressId(7), Consent::No),
                AddressEdit::Add(wished("+333").to_new()),
            ],
            names: vec![NameEdit::Remove(NameId(3)), NameEdit::Add(former)],
            tags: vec![TagEdit::Remove(Tag::new("vip").unwrap())],
        };
        assert_eq!(wish.edit_of(&card), expected);
    }
}
