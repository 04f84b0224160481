//! Ids in paths. What can be no id is an id of nothing.

use axum::extract::{FromRequestParts, Path};
use axum::http::request;
use serde::de::DeserializeOwned;

use crate::customers::ids::{AddressId, CustomerId, ImportId, MergeId, NameId, WorkId};
use crate::outbound::ids::{CallListId, CampaignNo, LeadId};
use crate::routing::ids::{ContactId, RecordingId};

use super::error::Thing;
use super::{HttpError, Parts};

/// The parts of the path that vary, as text.
pub(super) struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Parts> for At<T> {
    type Rejection = HttpError;

    async fn from_request_parts(request: &mut request::Parts, parts: &Parts) -> Result<At<T>, HttpError> {
        let read = Path::<T>::from_request_parts(request, parts).await;
        read.map(|Path(found)| At(found)).map_err(|_| HttpError::field("path", "UTF-8, %-encoded"))
    }
}

/// As we write numbers, and no other way: an id has one form.
pub(super) fn number(text: &str) -> Option<i64> {
    let has_form = text.bytes().all(|digit| digit.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if has_form { text.parse().ok() } else { None }
}

macro_rules! ids {
    ($($name:ident: $id:ident, $thing:ident;)+) => {$(
        pub(super) fn $name(text: &str) -> Result<$id, HttpError> {
            number(text).map($id).ok_or(HttpError::NotThere { thing: Thing::$thing })
        }
    )+};
}

ids! {
    customer_id: CustomerId, Customer;
    address_id: AddressId, Address;
    name_id: NameId, OtherName;
    work_id: WorkId, Work;
    merge_id: MergeId, Merge;
    campaign_no: CampaignNo, Campaign;
    call_list_id: CallListId, CallList;
    lead_id: LeadId, Lead;
    import_id: ImportId, Import;
}

/// `<site>-<number>`, as the wire has it.
pub(super) fn contact_id(parts: &Parts, text: &str) -> Result<ContactId, HttpError> {
    let of_site = text.strip_prefix(&*parts.site).and_then(|rest| rest.strip_prefix('-'));
    let found = of_site.and_then(number).map(|number| ContactId(number.unsigned_abs()));
    found.ok_or(HttpError::NotThere { thing: Thing::Interaction })
}

pub(super) fn recording_id(parts: &Parts, text: &str) -> Result<RecordingId, HttpError> {
    let of_site = text.strip_prefix(&*parts.site).and_then(|rest| rest.strip_prefix('-'));
    let found = of_site.and_then(number).map(|number| RecordingId(number.unsigned_abs()));
    found.ok_or(HttpError::NotThere { thing: Thing::Recording })
}

pub(super) fn recording_text(site: &str, recording: RecordingId) -> String {
    format!("{site}-{}", recording.0)
}

pub(super) fn contact_text(site: &str, contact: ContactId) -> String {
    format!("{site}-{}", contact.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        assert_eq!((number("0"), number("17")), (Some(0), Some(17)));
        for text in ["", "+1", "-1", "01", " 1", "1 ", "１", "9223372036854775808", "1e3", "one"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
