//! The addresses a contact's customer is sought by, out of what a gateway said. Never looks one up.

use serde_json::Value;

use crate::customers::address::{Address, AddressKind};
use crate::customers::customer::AddressKey;
use crate::customers::text::{AddressKindWord, AddressText};
use crate::routing::command::Direction;
use crate::routing::personal::Attributes;
use crate::routing::rule_set::Channel;

use super::Settings;

/// The network of a chat handle that comes without one.
const CHAT_NETWORK: &str = "chat";
/// Longer texts are no id and no digits of a caller.
const TEXT_LENGTH_MAX: usize = 256;

/// What a customer is sought by. Two contacts that seek the same have the same customer.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Sought {
    /// Each once.
    pub addresses: Vec<SoughtAddress>,
    /// What the gateway said that the customer speaks: of several, he is likelier who speaks it.
    pub language: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SoughtAddress {
    pub key: AddressKey,
    pub extension: Option<String>,
}

impl SoughtAddress {
    /// None: longer than any address that is stored.
    #[must_use]
    pub fn of(address: Address) -> Option<SoughtAddress> {
        let kind = AddressKindWord::new(address.kind.as_str()).ok()?;
        let value = AddressText::new(address.value).ok()?;
        Some(SoughtAddress { key: AddressKey { kind, value }, extension: address.extension })
    }
}

/// A contact as far as it says who the customer is.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'c> {
    pub channel: Channel,
    pub direction: Direction,
    pub from: Option<&'c str>,
    pub to: Option<&'c str>,
    pub attributes: &'c Attributes,
}

impl<'c> Caller<'c> {
    /// What a contact says of itself after it came: it has no address but those.
    #[must_use]
    pub fn later(attributes: &'c Attributes) -> Caller<'c> {
        Caller { channel: Channel::Task, direction: Direction::Inbound, from: None, to: None, attributes }
    }
}

impl Sought {
    /// The contact's own address first, then what it says of itself.
    #[must_use]
    pub fn of(caller: Caller<'_>, settings: &Settings) -> Sought {
        let own = match caller.direction {
            Direction::Inbound => caller.from,
            Direction::Outbound => caller.to,
            Direction::Internal => return Sought::default(),
        };
        let text = |name: &str| text_of(caller.attributes.get(name)?);
        let mut found: Vec<Address> = own.map(|own| of_channel(caller.channel, own, settings)).unwrap_or_default();
        if let Some(id) = text(&settings.external_id_attribute) {
            found.extend(external(&id, &settings.external_system));
        }
        if let Some(digits) = text(&settings.digits_attribute) {
            found.extend(external(&digits, &settings.external_system));
            found.extend(Address::phone(&digits, settings.home_region).ok().flatten());
        }
        let mut addresses: Vec<SoughtAddress> = Vec::new();
        for address in found.into_iter().filter_map(SoughtAddress::of) {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Sought { addresses, language: text("language") }
    }
}

fn of_channel(channel: Channel, own: &str, settings: &Settings) -> Vec<Address> {
    let phone = || Address::phone(own, settings.home_region).ok().flatten();
    let email = || Address::email(own).ok();
    let handle = || match own.split_once(':') {
        Some((network, handle)) => Address::handle(network, handle).ok(),
        None => Address::handle(CHAT_NETWORK, own).ok(),
    };
    match channel {
        Channel::Voice | Channel::Callback => phone().into_iter().collect(),
        Channel::Email => email().into_iter().collect(),
        Channel::Chat => handle().into_iter().chain(email()).chain(phone()).collect(),
        Channel::Task => email().into_iter().chain(phone()).collect(),
    }
}

/// `system:id`, or an id of the system that is meant when none is named.
fn external(text: &str, system: &str) -> Option<Address> {
    match Address::read(AddressKind::External, text, None) {
        Ok(found) => found,
        Err(_) => Address::external(system, text).ok(),
    }
}

/// A text, or a whole number as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() && text.len() <= TEXT_LENGTH_MAX => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
