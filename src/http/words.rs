//! The words of customers between the store's types and those that are shown. It shows no customer.

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

use crate::customers::address::AddressKind;
use crate::customers::card_numbers::mask_card_numbers;
use crate::customers::change::Stamp;
use crate::customers::customer::Consent;
use crate::customers::work::WorkKind;
use crate::protocol as wire;
use crate::routing::command::Direction;
use crate::routing::rule_set::Channel;
use crate::routing::time::Timestamp;
use crate::screen_pop::ScreenPop;

use schemars::JsonSchema;
use serde::Serialize;

use super::HttpError;
use super::caller::Caller;

/// When something was done, and by whom.
#[derive(Serialize, JsonSchema)]
pub(super) struct StampShown {
    pub at: wire::Time,
    pub by: String,
}

pub(super) fn stamp_shown(stamp: &Stamp) -> StampShown {
    StampShown { at: time(stamp.at), by: stamp.by.to_string() }
}

pub(super) fn stamp_of(pop: &ScreenPop, caller: &Caller) -> Stamp {
    Stamp { at: pop.now(), by: caller.0.user.clone() }
}

pub(super) fn time(at: Timestamp) -> wire::Time {
    wire::Time::from_ms(at.0)
}

pub(super) fn kind_read(kind: wire::AddressKind) -> AddressKind {
    match kind {
        wire::AddressKind::Phone => AddressKind::Phone,
        wire::AddressKind::Email => AddressKind::Email,
        wire::AddressKind::Handle => AddressKind::Handle,
        wire::AddressKind::External => AddressKind::External,
    }
}

pub(super) fn kind_shown(kind: AddressKind) -> wire::AddressKind {
    match kind {
        AddressKind::Phone => wire::AddressKind::Phone,
        AddressKind::Email => wire::AddressKind::Email,
        AddressKind::Handle => wire::AddressKind::Handle,
        AddressKind::External => wire::AddressKind::External,
    }
}

pub(super) fn consent_read(consent: wire::Consent) -> Consent {
    match consent {
        wire::Consent::Unknown => Consent::Unknown,
        wire::Consent::Yes => Consent::Yes,
        wire::Consent::No => Consent::No,
    }
}

pub(super) fn consent_shown(consent: Consent) -> wire::Consent {
    match consent {
        Consent::Unknown => wire::Consent::Unknown,
        Consent::Yes => wire::Consent::Yes,
        Consent::No => wire::Consent::No,
    }
}

pub(super) fn work_kind_read(kind: wire::WorkKind) -> WorkKind {
    match kind {
        wire::WorkKind::Task => WorkKind::Task,
        wire::WorkKind::ServiceRequest => WorkKind::ServiceRequest,
        wire::WorkKind::SalesLead => WorkKind::SalesLead,
        wire::WorkKind::Complaint => WorkKind::Complaint,
    }
}

pub(super) fn work_kind_shown(kind: WorkKind) -> wire::WorkKind {
    match kind {
        WorkKind::Task => wire::WorkKind::Task,
        WorkKind::ServiceRequest => wire::WorkKind::ServiceRequest,
        WorkKind::SalesLead => wire::WorkKind::SalesLead,
        WorkKind::Complaint => wire::WorkKind::Complaint,
    }
}

pub(super) fn channel(channel: Channel) -> wire::Channel {
    match channel {
        Channel::Voice => wire::Channel::Voice,
        Channel::Callback => wire::Channel::Callback,
        Channel::Chat => wire::Channel::Chat,
        Channel::Email => wire::Channel::Email,
        Channel::Task => wire::Channel::Task,
    }
}

pub(super) fn direction(direction: Direction) -> wire::Direction {
    match direction {
        Direction::Inbound => wire::Direction::Inbound,
        Direction::Outbound => wire::Direction::Outbound,
        Direction::Internal => wire::Direction::Internal,
    }
}

/// A text of ours out of one that was sent.
pub(super) fn text<T: TryFrom<String>>(field: &str, text: impl Into<String>) -> Result<T, HttpError>
where
    T::Error: std::fmt::Display,
{
    T::try_from(text.into()).map_err(|error| {
        let error = error.to_string();
        HttpError::field(field, error.strip_prefix("expected ").unwrap_or(&error))
    })
}

pub(super) fn text_if_any<T: TryFrom<String>>(field: &str, asked: Option<String>) -> Result<Option<T>, HttpError>
where
    T::Error: std::fmt::Display,
{
    asked.map(|asked| text(field, asked)).transpose()
}

/// A text for people, without the card numbers in it.
pub(super) fn masked<T: TryFrom<String>>(field: &str, asked: &str) -> Result<T, HttpError>
where
    T::Error: std::fmt::Display,
{
    text(field, mask_card_numbers(asked).text)
}

/// A field that is there, be it null: absent it is None by its default.
pub(super) fn said<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
