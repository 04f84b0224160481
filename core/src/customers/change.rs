//! Who changed what, and when. Decides nothing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::routing::ids::{ContactId, PersonId};
use crate::routing::time::Timestamp;

use super::ids::{ChangeId, WorkId};
use super::text::PersonalText;

/// Longest value kept in a history, in characters: a note is told by its first part.
pub const VALUE_LENGTH_MAX: usize = 2_000;

/// When something was done and who did it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    pub at: Timestamp,
    pub by: PersonId,
}

/// One field of a customer's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    pub id: ChangeId,
    /// Set when it was a field of a piece of work.
    pub work: Option<WorkId>,
    /// Set when it was a field of an interaction.
    pub contact: Option<ContactId>,
    pub field: ChangedField,
    /// None: there was nothing.
    pub before: Option<PersonalText<VALUE_LENGTH_MAX>>,
    /// None: there is nothing any more.
    pub after: Option<PersonalText<VALUE_LENGTH_MAX>>,
    pub stamp: Stamp,
}

macro_rules! changed_fields {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Which field was changed.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum ChangedField {
            $($(#[$doc])* $name,)+
            /// A custom field, by its name.
            Custom(String),
        }

        impl fmt::Display for ChangedField {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(ChangedField::$name => f.write_str($word),)+
                    ChangedField::Custom(name) => write!(f, "{CUSTOM}{name}"),
                }
            }
        }

        impl FromStr for ChangedField {
            type Err = UnknownField;

            fn from_str(text: &str) -> Result<ChangedField, UnknownField> {
                match text {
                    $($word => Ok(ChangedField::$name),)+
                    other => {
                        let name = other.strip_prefix(CUSTOM).ok_or(UnknownField)?;
                        Ok(ChangedField::Custom(name.to_owned()))
                    }
                }
            }
        }

        #[cfg(test)]
        const PLAIN: &[ChangedField] = &[$(ChangedField::$name,)+];
    };
}

/// What the name of a custom field follows.
const CUSTOM: &str = "custom.";

/// A word that is no field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected the name of a field")]
pub struct UnknownField;

changed_fields! {
    /// The customer, the work or the note came to be.
    Added = "added",
    Name = "name",
    Language = "language",
    Tier = "tier",
    Owner = "owner",
    DoNotContact = "do_not_contact",
    Tag = "tag",
    OtherName = "other_name",
    Address = "address",
    Consent = "consent",
    /// What an address is for.
    Label = "label",
    /// Another customer was merged into this one, or this one into another.
    Merge = "merge",
    MergeUndone = "merge_undone",
    /// The customer of an interaction.
    Customer = "customer",
    Disposition = "disposition",
    Satisfaction = "satisfaction",
    Recording = "recording",
    Transcript = "transcript",
    Note = "note",
    WorkKind = "work_kind",
    Category = "category",
    Title = "title",
    Text = "text",
    Due = "due",
    OwnerTeam = "owner_team",
    Queue = "queue",
    State = "state",
    Outcome = "outcome",
    EscalatedTo = "escalated_to",
    TaskContact = "task_contact",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_comes_back_from_its_word() {
        for field in PLAIN.iter().cloned().chain([ChangedField::Custom("size of shoe".to_owned())]) {
            assert_eq!(field.to_string().parse(), Ok(field));
        }
        assert_eq!("no field".parse::<ChangedField>(), Err(UnknownField));
    }
}
