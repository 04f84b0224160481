//! Why the store refused a change of a customer, its work, its interactions or a merge, as an answer. Decides no refusal.

use crate::customers::ids::{CustomerId, Version};
use crate::records::{CustomerError, InteractionError, MergeError, WorkError};

use super::super::HttpError;
use super::super::error::Thing;
use super::super::etag::Etag;

pub(in super::super) fn merged(customer: CustomerId, into: CustomerId) -> HttpError {
    HttpError::Merged { customer: customer.to_string(), into: into.to_string() }
}

fn stale(found: Version) -> HttpError {
    HttpError::Stale { etag: Some(Etag::of_version(found).into_text()) }
}

fn not_there(thing: Thing) -> HttpError {
    HttpError::NotThere { thing }
}

impl From<CustomerError> for HttpError {
    fn from(error: CustomerError) -> HttpError {
        match error {
            CustomerError::Unknown(_) => not_there(Thing::Customer),
            CustomerError::Merged { customer, into } => merged(customer, into),
            CustomerError::Conflict { found, .. } => stale(found),
            CustomerError::AddressThere { address, .. } => {
                HttpError::Conflict { why: "the customer has this address already", with: vec![address.to_string()] }
            }
            CustomerError::UnknownAddress { .. } => not_there(Thing::Address),
            CustomerError::UnknownName { .. } => not_there(Thing::OtherName),
            CustomerError::UnknownWork(_) => not_there(Thing::Work),
            CustomerError::TooMany { max, .. } => HttpError::field("body", format!("at most {max} customers")),
            CustomerError::Records(error) => error.into(),
        }
    }
}

impl From<WorkError> for HttpError {
    fn from(error: WorkError) -> HttpError {
        match error {
            WorkError::Unknown(_) => not_there(Thing::Work),
            WorkError::Conflict { found, .. } => stale(found),
            WorkError::Closed(work) => HttpError::Conflict { why: "the work is closed", with: vec![work.to_string()] },
            WorkError::ContactThere { work, .. } => {
                HttpError::Conflict { why: "the work became a contact already", with: vec![work.to_string()] }
            }
            WorkError::Customer(error) => error.into(),
        }
    }
}

impl From<MergeError> for HttpError {
    fn from(error: MergeError) -> HttpError {
        match error {
            MergeError::Same(_) => HttpError::field("other", "another customer"),
            MergeError::Unknown(_) => not_there(Thing::Merge),
            MergeError::Undone(merge) => {
                HttpError::Conflict { why: "the merge was undone already", with: vec![merge.to_string()] }
            }
            MergeError::MergedLater { into, .. } => HttpError::Conflict {
                why: "the kept customer was itself merged later: undo that first",
                with: vec![into.to_string()],
            },
            MergeError::Customer(error) => error.into(),
        }
    }
}

impl From<InteractionError> for HttpError {
    fn from(error: InteractionError) -> HttpError {
        match error {
            InteractionError::Unknown(_) | InteractionError::UnknownSegment { .. } => not_there(Thing::Interaction),
            // Who changes an interaction tells its etag himself.
            InteractionError::Conflict { .. } => HttpError::Stale { etag: None },
            InteractionError::Customer(error) => error.into(),
        }
    }
}
