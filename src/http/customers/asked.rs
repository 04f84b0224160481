//! What somebody says a customer shall be, read into the store's types. Stores nothing.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::customers::address::Address;
use crate::customers::custom_fields::FieldError;
use crate::customers::customer::{CustomFields, CustomerFields, NewName};
use crate::customers::edit::{CustomerWish, WishedAddress};
use crate::customers::phone::Region;
use crate::customers::redaction::Sight;
use crate::customers::text::Tag;
use crate::protocol as wire;
use crate::screen_pop::Settings;
use crate::screen_pop::sought::SoughtAddress;

use super::super::HttpError;
use super::super::words::{consent_read, kind_read, said, text, text_if_any};
use super::shown::NameKindShown;

/// Addresses, names or tags in one body: nobody has more.
const LIST_MAX: usize = 100;

/// What a customer shall be. What is not named stays as it is, or is empty of a new customer; null empties it; a
/// list is made exactly so.
#[derive(Deserialize, JsonSchema, Default, Clone)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerAsked {
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 200))]
    name: Option<Option<String>>,
    /// A language tag: fr, pt-BR.
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 64))]
    language: Option<Option<String>>,
    /// The value segment: gold.
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 64))]
    tier: Option<Option<String>>,
    /// The agent whose account it is.
    #[serde(deserialize_with = "said")]
    #[schemars(length(min = 1, max = 64))]
    owner: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    do_not_contact: Option<Option<bool>>,
    /// The centre's own fields by name, as GET /api/v1/customer-fields declares them; when it declares none, texts, numbers, true or false. One that is not named stays, null removes it.
    #[serde(deserialize_with = "said")]
    custom: Option<Option<BTreeMap<String, Value>>>,
    /// At most 100.
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 100))]
    addresses: Option<Option<Vec<AddressAsked>>>,
    /// Other names, at most 100.
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 100))]
    names: Option<Option<Vec<NameAsked>>>,
    /// At most 100.
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 100))]
    tags: Option<Option<Vec<String>>>,
}

/// An address that a customer shall have.
#[derive(Deserialize, JsonSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct AddressAsked {
    kind: wire::AddressKind,
    /// A number in any form, a mail address, network:handle, system:id.
    #[schemars(length(min = 1, max = 256))]
    address: String,
    /// Behind a shared number: digits.
    #[serde(default)]
    #[schemars(length(min = 1, max = 20))]
    extension: Option<String>,
    /// What it is for; one that is not named stays.
    #[serde(default, deserialize_with = "said")]
    #[schemars(length(max = 256))]
    label: Option<Option<String>>,
    /// Whether the customer may be contacted there; not named it stays.
    #[serde(default)]
    consent: Option<wire::Consent>,
}

/// What of an address may change: it itself is another address then.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub struct AddressChangeAsked {
    /// null: none.
    #[serde(deserialize_with = "said")]
    #[schemars(length(max = 256))]
    pub label: Option<Option<String>>,
    /// Whether the customer may be contacted there.
    pub consent: Option<wire::Consent>,
}

/// Another name that a customer shall have.
#[derive(Deserialize, JsonSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct NameAsked {
    kind: NameKindShown,
    #[schemars(length(min = 1, max = 200))]
    name: String,
}

impl CustomerAsked {
    /// What it makes of a customer's fields, as the settings read numbers and declare fields. What `sight` hides stays.
    pub fn wish(self, before: &CustomerFields, settings: &Settings, sight: &Sight) -> Result<CustomerWish, HttpError> {
        let mut fields = sight.fields(before);
        if let Some(name) = self.name {
            fields.name = text("name", name.unwrap_or_default())?;
        }
        if let Some(language) = self.language {
            fields.language = text_if_any("language", language)?;
        }
        if let Some(tier) = self.tier {
            fields.tier = text_if_any("tier", tier)?;
        }
        if let Some(owner) = self.owner {
            fields.owner = text_if_any("owner", owner)?;
        }
        if let Some(do_not_contact) = self.do_not_contact {
            fields.do_not_contact = do_not_contact.unwrap_or_default();
        }
        match self.custom {
            Some(Some(asked)) => settings.fields.change(&mut fields.custom, asked).map_err(refused_field)?,
            Some(None) => fields.custom = CustomFields::default(),
            None => {}
        }
        let in_list = |list: &str, at: usize| format!("{list}[{at}]");
        let addresses = list("addresses", self.addresses, |at, asked: AddressAsked| {
            asked.wished(&format!("{}.", in_list("addresses", at)), settings.home_region)
        })?;
        let names =
            list("names", self.names, |at, asked: NameAsked| asked.wished(&format!("{}.", in_list("names", at))))?;
        let tags = list("tags", self.tags, |at, tag: String| text::<Tag>(&in_list("tags", at), tag))?;
        let fields = sight.kept(before, fields);
        Ok(CustomerWish { fields, addresses, names, tags: tags.map(BTreeSet::from_iter) })
    }
}

fn list<Asked, T>(
    field: &str,
    asked: Option<Option<Vec<Asked>>>,
    read: impl Fn(usize, Asked) -> Result<T, HttpError>,
) -> Result<Option<Vec<T>>, HttpError> {
    let Some(asked) = asked.map(Option::unwrap_or_default) else { return Ok(None) };
    if asked.len() > LIST_MAX {
        return Err(HttpError::field(field, format!("at most {LIST_MAX} items, found {}", asked.len())));
    }
    asked.into_iter().enumerate().map(|(at, one)| read(at, one)).collect::<Result<_, _>>().map(Some)
}

impl AddressAsked {
    /// `prefix`: where the address stands in the body, such as `addresses[0].`.
    pub fn wished(self, prefix: &str, home: Option<Region>) -> Result<WishedAddress, HttpError> {
        let at = |field: &str| format!("{prefix}{field}");
        let wrong = |expected: String| HttpError::field(at("address"), expected);
        let read = Address::read(kind_read(self.kind), &self.address, home).map_err(|error| {
            let error = error.to_string();
            wrong(error.strip_prefix("expected ").unwrap_or(&error).to_owned())
        })?;
        let mut read = read.ok_or_else(|| wrong("a number, not one that is withheld".to_owned()))?;
        if let Some(extension) = self.extension {
            let is_extension =
                (1..=20).contains(&extension.len()) && extension.bytes().all(|digit| digit.is_ascii_digit());
            if !is_extension || self.kind != wire::AddressKind::Phone {
                return Err(HttpError::field(at("extension"), "1 to 20 digits, of a phone number only"));
            }
            read.extension = Some(extension);
        }
        let shown = text(&at("address"), read.shown.clone())?;
        let extension = text_if_any(&at("extension"), read.extension.clone())?;
        let key = SoughtAddress::of(read).ok_or_else(|| wrong("a shorter address".to_owned()))?.key;
        let label = self.label.map(|label| text_if_any(&at("label"), label)).transpose()?;
        Ok(WishedAddress { key, extension, shown, label, consent: self.consent.map(consent_read) })
    }
}

impl NameAsked {
    pub fn wished(self, prefix: &str) -> Result<NewName, HttpError> {
        let field = format!("{prefix}name");
        if self.name.is_empty() {
            return Err(HttpError::field(field, "at least one character"));
        }
        Ok(NewName { kind: self.kind.read(), name: text(&field, self.name)? })
    }
}

fn refused_field(error: FieldError) -> HttpError {
    HttpError::field(format!("custom.{}", error.field), format!("{}, found {}", error.expected, error.found))
}
