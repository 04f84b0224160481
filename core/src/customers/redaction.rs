//! What of a customer somebody may see: given a record, the record he may see. Asks nobody and knows no role.
//!
//! A hidden name or text is empty, a hidden number keeps its last two digits, a mail address its host, other addresses
//! nothing. What is hidden cannot be changed or searched for either: [`Sight::kept`], [`Sight::sees`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::address::AddressKind;
use super::change::{Change, ChangedField};
use super::customer::{AddressKey, CustomFields, CustomerCard, CustomerFields, KnownAddress, MergedCustomer};
use super::interaction::Interaction;
use super::note::Note;
use super::phone;
use super::text::{AddressKindWord, AddressText, CustomerName, PersonalText};
use super::work::{Escalation, Work, WorkFields};

/// What stands for a text that is not shown.
const HIDDEN: &str = "…";
/// What the name of one custom field follows.
const CUSTOM: &str = "custom.";
/// Longest name of a custom field, in characters.
const CUSTOM_NAME_MAX: usize = 64;

/// One thing of a customer that can be hidden.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hidable {
    /// All that the customer is called.
    Names,
    Phone,
    Email,
    Handle,
    ExternalId,
    /// What people wrote: notes, and the texts of work.
    Notes,
    /// All custom fields but those that are declared as not personal.
    Custom,
    /// One custom field.
    CustomField(String),
}

impl Hidable {
    /// Those that have one word.
    pub const PLAIN: [Hidable; 7] = [
        Hidable::Names,
        Hidable::Phone,
        Hidable::Email,
        Hidable::Handle,
        Hidable::ExternalId,
        Hidable::Notes,
        Hidable::Custom,
    ];
    const ADDRESSES: [Hidable; 4] = [Hidable::Phone, Hidable::Email, Hidable::Handle, Hidable::ExternalId];
}

impl fmt::Display for Hidable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hidable::Names => "names",
            Hidable::Phone => "phone",
            Hidable::Email => "email",
            Hidable::Handle => "handle",
            Hidable::ExternalId => "external_id",
            Hidable::Notes => "notes",
            Hidable::Custom => "custom",
            Hidable::CustomField(name) => return write!(f, "{CUSTOM}{name}"),
        })
    }
}

/// A word for nothing that can be hidden.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected names, phone, email, handle, external_id, notes, custom or custom.NAME")]
pub struct UnknownHidable;

impl FromStr for Hidable {
    type Err = UnknownHidable;

    fn from_str(text: &str) -> Result<Hidable, UnknownHidable> {
        if let Some(name) = text.strip_prefix(CUSTOM) {
            let is_name =
                !name.is_empty() && name.chars().count() <= CUSTOM_NAME_MAX && !name.contains(char::is_control);
            return if is_name { Ok(Hidable::CustomField(name.to_owned())) } else { Err(UnknownHidable) };
        }
        Hidable::PLAIN.into_iter().find(|hidable| hidable.to_string() == text).ok_or(UnknownHidable)
    }
}

/// What somebody does not see.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Sight {
    hidden: BTreeSet<Hidable>,
    /// Custom fields that are not personal data: hidden only by their own name.
    not_personal: BTreeSet<String>,
}

impl fmt::Debug for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden: Vec<String> = self.hidden.iter().map(ToString::to_string).collect();
        write!(f, "all but [{}]", hidden.join(", "))
    }
}

impl Sight {
    #[must_use]
    pub fn of_everything() -> Sight {
        Sight::default()
    }

    #[must_use]
    pub fn of_nothing() -> Sight {
        Sight::without(Hidable::PLAIN)
    }

    #[must_use]
    pub fn without(hidden: impl IntoIterator<Item = Hidable>) -> Sight {
        Sight { hidden: hidden.into_iter().collect(), not_personal: BTreeSet::new() }
    }

    /// The same for a centre that declares these custom fields as not personal: hiding all custom fields leaves them.
    #[must_use]
    pub fn where_not_personal<'f>(self, fields: impl IntoIterator<Item = &'f str>) -> Sight {
        Sight { not_personal: fields.into_iter().map(str::to_owned).collect(), ..self }
    }

    /// What somebody sees who may see what either sees.
    #[must_use]
    pub fn or(&self, other: &Sight) -> Sight {
        let hides = |sight: &Sight, one: &Hidable| match one {
            Hidable::CustomField(name) => !sight.sees_custom(name),
            Hidable::Names
            | Hidable::Phone
            | Hidable::Email
            | Hidable::Handle
            | Hidable::ExternalId
            | Hidable::Notes
            | Hidable::Custom => sight.hidden.contains(one),
        };
        let both = self.hidden.union(&other.hidden);
        Sight {
            hidden: both.filter(|one| hides(self, one) && hides(other, one)).cloned().collect(),
            not_personal: self.not_personal.union(&other.not_personal).cloned().collect(),
        }
    }

    pub fn hidden(&self) -> impl Iterator<Item = &Hidable> {
        self.hidden.iter()
    }

    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.hidden.is_empty()
    }

    #[must_use]
    pub fn sees(&self, what: &Hidable) -> bool {
        !self.hidden.contains(what)
    }

    #[must_use]
    pub fn sees_kind(&self, kind: AddressKind) -> bool {
        self.sees(&match kind {
            AddressKind::Phone => Hidable::Phone,
            AddressKind::Email => Hidable::Email,
            AddressKind::Handle => Hidable::Handle,
            AddressKind::External => Hidable::ExternalId,
        })
    }

    /// A kind that this version does not know is seen by who sees every kind.
    fn sees_word(&self, kind: &AddressKindWord) -> bool {
        match AddressKind::of_name(kind.as_str()) {
            Some(kind) => self.sees_kind(kind),
            None => Hidable::ADDRESSES.iter().all(|kind| self.sees(kind)),
        }
    }

    fn sees_custom(&self, name: &str) -> bool {
        let hidden_with_all = !self.sees(&Hidable::Custom) && !self.not_personal.contains(name);
        !hidden_with_all && self.sees(&Hidable::CustomField(name.to_owned()))
    }

    #[must_use]
    pub fn card(&self, card: &CustomerCard) -> CustomerCard {
        let mut seen = card.clone();
        seen.customer.fields = self.fields(&card.customer.fields);
        seen.addresses = card.addresses.iter().map(|address| self.address(address)).collect();
        seen.names = if self.sees(&Hidable::Names) { card.names.clone() } else { Vec::new() };
        let merged = card.merged.iter();
        seen.merged = merged.map(|one| MergedCustomer { id: one.id, name: self.name(&one.name) }).collect();
        seen
    }

    #[must_use]
    pub fn fields(&self, fields: &CustomerFields) -> CustomerFields {
        CustomerFields { name: self.name(&fields.name), custom: self.custom(&fields.custom), ..fields.clone() }
    }

    #[must_use]
    pub fn custom(&self, fields: &CustomFields) -> CustomFields {
        let seen = fields.0.iter().filter(|(name, _)| self.sees_custom(name));
        CustomFields(seen.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    #[must_use]
    pub fn name(&self, name: &CustomerName) -> CustomerName {
        if self.sees(&Hidable::Names) { name.clone() } else { CustomerName::default() }
    }

    #[must_use]
    pub fn address(&self, address: &KnownAddress) -> KnownAddress {
        if self.sees_word(&address.key.kind) {
            return address.clone();
        }
        KnownAddress {
            key: self.key(&address.key),
            extension: None,
            shown: masked(&address.key.kind, &address.shown),
            ..address.clone()
        }
    }

    /// An address as a contact came from it or went to it.
    #[must_use]
    pub fn key(&self, key: &AddressKey) -> AddressKey {
        if self.sees_word(&key.kind) {
            return key.clone();
        }
        AddressKey { kind: key.kind.clone(), value: masked(&key.kind, &key.value) }
    }

    #[must_use]
    pub fn note(&self, note: &Note) -> Note {
        Note { text: self.text(&note.text), ..note.clone() }
    }

    #[must_use]
    pub fn work(&self, work: &Work) -> Work {
        let fields = &work.fields;
        let fields = WorkFields { title: self.text(&fields.title), text: self.text(&fields.text), ..fields.clone() };
        let escalation = work.escalation.as_ref();
        Work {
            fields,
            outcome: work.outcome.as_ref().map(|outcome| self.text(outcome)),
            escalation: escalation.map(|told| Escalation { reason: self.text(&told.reason), ..told.clone() }),
            ..work.clone()
        }
    }

    /// What was said in it belongs to what people wrote.
    #[must_use]
    pub fn interaction(&self, interaction: &Interaction) -> Interaction {
        let sees_texts = self.sees(&Hidable::Notes);
        Interaction {
            from: interaction.from.as_ref().map(|key| self.key(key)),
            to: interaction.to.as_ref().map(|key| self.key(key)),
            recording: interaction.recording.clone().filter(|_| sees_texts),
            transcript: interaction.transcript.clone().filter(|_| sees_texts),
            ..interaction.clone()
        }
    }

    /// That something changed is seen; from what to what, only where the field is.
    #[must_use]
    pub fn change(&self, change: &Change) -> Change {
        let sees = self.sees_field(&change.field);
        Change {
            before: change.before.clone().filter(|_| sees),
            after: change.after.clone().filter(|_| sees),
            ..change.clone()
        }
    }

    fn sees_field(&self, field: &ChangedField) -> bool {
        match field {
            ChangedField::Custom(name) => self.sees_custom(name),
            ChangedField::Added | ChangedField::Name | ChangedField::OtherName => self.sees(&Hidable::Names),
            ChangedField::Address | ChangedField::Consent => Hidable::ADDRESSES.iter().all(|kind| self.sees(kind)),
            ChangedField::Note
            | ChangedField::Title
            | ChangedField::Text
            | ChangedField::Outcome
            | ChangedField::Recording
            | ChangedField::Transcript => self.sees(&Hidable::Notes),
            ChangedField::Language
            | ChangedField::Tier
            | ChangedField::Owner
            | ChangedField::DoNotContact
            | ChangedField::Label
            | ChangedField::Tag
            | ChangedField::Merge
            | ChangedField::MergeUndone
            | ChangedField::Customer
            | ChangedField::Disposition
            | ChangedField::Satisfaction
            | ChangedField::WorkKind
            | ChangedField::Category
            | ChangedField::Due
            | ChangedField::OwnerTeam
            | ChangedField::Queue
            | ChangedField::State
            | ChangedField::EscalatedTo
            | ChangedField::TaskContact => true,
        }
    }

    /// What is hidden from whoever asks for a change stays as it is.
    #[must_use]
    pub fn kept(&self, before: &CustomerFields, asked: CustomerFields) -> CustomerFields {
        let mut custom: BTreeMap<String, Value> =
            asked.custom.0.into_iter().filter(|(name, _)| self.sees_custom(name)).collect();
        let hidden = before.custom.0.iter().filter(|(name, _)| !self.sees_custom(name));
        custom.extend(hidden.map(|(name, value)| (name.clone(), value.clone())));
        CustomerFields {
            name: if self.sees(&Hidable::Names) { asked.name } else { before.name.clone() },
            custom: CustomFields(custom),
            ..asked
        }
    }

    fn text<const MAX: usize>(&self, text: &PersonalText<MAX>) -> PersonalText<MAX> {
        if self.sees(&Hidable::Notes) { text.clone() } else { PersonalText::default() }
    }
}

fn masked(kind: &AddressKindWord, text: &AddressText) -> AddressText {
    let masked = match AddressKind::of_name(kind.as_str()) {
        Some(AddressKind::Phone) => phone::masked(text.as_str()),
        Some(AddressKind::Email) => match text.as_str().rsplit_once('@') {
            Some((_, host)) => format!("{HIDDEN}@{host}"),
            None => HIDDEN.to_owned(),
        },
        Some(AddressKind::Handle | AddressKind::External) | None => HIDDEN.to_owned(),
    };
    AddressText::new(masked).unwrap_or_default()
}
