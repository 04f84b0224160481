//! Who looked at whom, and who changed what: said here and nowhere else. It never names a customer but by number.

use crate::customers::ids::CustomerId;

use super::caller::Caller;

pub(super) fn looked_at(caller: &Caller, customer: CustomerId) {
    tracing::info!(user = %caller.0.user, %customer, "looked at a customer");
}

pub(super) fn searched(caller: &Caller, found: usize) {
    tracing::info!(user = %caller.0.user, found, "searched for customers");
}

/// `what`: as the history calls it, or the part that was changed.
pub(super) fn changed(caller: &Caller, customer: CustomerId, what: &'static str) {
    tracing::info!(user = %caller.0.user, %customer, what, "changed a customer");
}

pub(super) fn exported(caller: &Caller, what: &'static str) {
    tracing::info!(user = %caller.0.user, what, "began an export");
}
