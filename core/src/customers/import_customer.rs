//! A checked row as the customer that is stored. Refuses nothing: `import_rows` has.

use super::address::Address;
use super::customer::{AddressKey, Consent, CustomFields, CustomerFields, NewAddress, NewCustomer};
use super::import_rows::CustomerDraft;
use super::text::{AddressKindWord, AddressText, CustomerName, Language, NoteText, PersonalText, Tag, Tier};
use crate::routing::ids::AgentId;

const CHECKED: &str = "a row that was read has bounded texts without control characters";

impl CustomerDraft {
    /// As a customer of its own.
    #[must_use]
    pub fn to_new(&self) -> NewCustomer {
        let mut fields = CustomerFields::default();
        self.write_to(&mut fields);
        NewCustomer {
            fields,
            addresses: self.addresses.iter().map(new_address).collect(),
            names: Vec::new(),
            tags: self.new_tags().collect(),
        }
    }

    /// What the row says over what is known; what it leaves empty stays.
    pub fn write_to(&self, fields: &mut CustomerFields) {
        if !self.name.0.is_empty() {
            fields.name = CustomerName::new(self.name.0.as_str()).expect(CHECKED);
        }
        if let Some(language) = &self.language {
            fields.language = Some(Language::new(language.as_str()).expect(CHECKED));
        }
        if let Some(tier) = &self.tier {
            fields.tier = Some(Tier::new(tier.as_str()).expect(CHECKED));
        }
        if let Some(owner) = &self.owner {
            fields.owner = Some(AgentId::new(owner).expect(CHECKED));
        }
        fields.do_not_contact |= self.do_not_contact;
        let custom = self.fields.iter().map(|(name, value)| (name.clone(), value.to_json()));
        let CustomFields(held) = &mut fields.custom;
        held.extend(custom);
    }

    pub fn new_tags(&self) -> impl Iterator<Item = Tag> {
        self.tags.iter().map(|tag| Tag::new(tag.as_str()).expect(CHECKED))
    }

    pub fn new_notes(&self) -> impl Iterator<Item = NoteText> {
        self.notes.iter().map(|note| PersonalText::new(note.0.as_str()).expect(CHECKED))
    }
}

/// The address with nothing known of consent.
#[must_use]
pub fn new_address(address: &Address) -> NewAddress {
    let text = |text: &str| AddressText::new(text).expect(CHECKED);
    NewAddress {
        key: key_of(address),
        extension: address.extension.as_deref().map(text),
        shown: text(&address.shown),
        label: None,
        consent: Consent::Unknown,
    }
}

/// What the address is found by.
#[must_use]
pub fn key_of(address: &Address) -> AddressKey {
    AddressKey {
        kind: AddressKindWord::new(address.kind.as_str()).expect(CHECKED),
        value: AddressText::new(address.value.as_str()).expect(CHECKED),
    }
}
