//! Numbers of what is kept about customers. The database gives them; nobody parses them out of text.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! numbered {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbered! {
    /// One customer. Never given twice, even after the customer was erased.
    CustomerId,
    /// One address of one customer.
    AddressId,
    /// One other name of one customer.
    NameId,
    /// One piece of work.
    WorkId,
    NoteId,
    /// One row of a history.
    ChangeId,
    /// One merge of two customers.
    MergeId,
    /// One import of a file.
    ImportId,
    /// How far an undo came: the last row it looked at, 0 before the first.
    UndoPlace,
    /// Counts the changes of a customer or a piece of work, from 1.
    Version,
}
