//! What a row of the audit says. Numbers, fixed words and names of users only: it cannot hold anything of a customer.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use crate::customers::ids::{CustomerId, MergeId, WorkId};
use crate::customers::text::Tag;
use crate::routing::ids::{ContactId, PersonId};
use crate::routing::time::Timestamp;

use super::super::connection::json;
use super::chain::ChainHash;

/// The place of a row: 1, 2, 3 … without a gap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AuditNo(pub i64);

impl fmt::Display for AuditNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One thing that somebody did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    pub at: Timestamp,
    pub by: PersonId,
    pub act: Act,
    pub subjects: Vec<AuditSubject>,
    pub detail: Vec<(&'static str, AuditValue)>,
}

impl AuditEntry {
    #[must_use]
    pub fn new(at: Timestamp, by: PersonId, act: Act) -> AuditEntry {
        AuditEntry { at, by, act, subjects: Vec::new(), detail: Vec::new() }
    }

    #[must_use]
    pub fn about(mut self, subject: impl Into<AuditSubject>) -> AuditEntry {
        self.subjects.push(subject.into());
        self
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<AuditValue>) -> AuditEntry {
        self.detail.push((name, value.into()));
        self
    }

    /// One JSON object, its names in order.
    pub(super) fn detail_text(&self) -> String {
        let detail: BTreeMap<&str, Value> = self.detail.iter().map(|(name, value)| (*name, value.json())).collect();
        json(&detail)
    }

    /// A JSON array of `customer:7`.
    pub(super) fn subjects_text(&self) -> String {
        json(&self.subjects.iter().map(ToString::to_string).collect::<Vec<_>>())
    }
}

/// What is said beside the subjects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AuditValue {
    Number(i64),
    /// A word of the program's own.
    Word(&'static str),
    Hash(ChainHash),
    /// What an operator gave as the reason. Whoever takes it has seen to it that it names nobody.
    Reason(Tag),
}

impl AuditValue {
    fn json(&self) -> Value {
        match self {
            AuditValue::Number(number) => Value::from(*number),
            AuditValue::Word(word) => Value::from(*word),
            AuditValue::Hash(hash) => Value::from(hash.as_str()),
            AuditValue::Reason(reason) => Value::from(reason.as_str()),
        }
    }
}

impl From<i64> for AuditValue {
    fn from(number: i64) -> AuditValue {
        AuditValue::Number(number)
    }
}

impl From<u64> for AuditValue {
    fn from(number: u64) -> AuditValue {
        AuditValue::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for AuditValue {
    fn from(number: usize) -> AuditValue {
        AuditValue::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Tag> for AuditValue {
    fn from(reason: Tag) -> AuditValue {
        AuditValue::Reason(reason)
    }
}

impl From<ChainHash> for AuditValue {
    fn from(hash: ChainHash) -> AuditValue {
        AuditValue::Hash(hash)
    }
}

impl From<&'static str> for AuditValue {
    fn from(word: &'static str) -> AuditValue {
        AuditValue::Word(word)
    }
}

/// What a row is about, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AuditSubject {
    Customer(CustomerId),
    Contact(ContactId),
    Work(WorkId),
    Merge(MergeId),
}

impl AuditSubject {
    #[must_use]
    pub fn customer(self) -> Option<CustomerId> {
        match self {
            AuditSubject::Customer(customer) => Some(customer),
            AuditSubject::Contact(_) | AuditSubject::Work(_) | AuditSubject::Merge(_) => None,
        }
    }
}

impl fmt::Display for AuditSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AuditSubject::Customer(id) => write!(f, "customer:{id}"),
            AuditSubject::Contact(id) => write!(f, "contact:{id}"),
            AuditSubject::Work(id) => write!(f, "work:{id}"),
            AuditSubject::Merge(id) => write!(f, "merge:{id}"),
        }
    }
}

macro_rules! subjects_from {
    ($($id:ident => $subject:ident),+ $(,)?) => {$(
        impl From<$id> for AuditSubject {
            fn from(id: $id) -> AuditSubject {
                AuditSubject::$subject(id)
            }
        }
    )+};
}

subjects_from!(CustomerId => Customer, ContactId => Contact, WorkId => Work, MergeId => Merge);

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Act {
            $($(#[$doc])* $name,)+
        }

        impl Act {
            pub const ALL: &[Act] = &[$(Act::$name,)+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Act::$name => $word,)+
                }
            }
        }
    };
}

acts! {
    /// A customer was opened and shown.
    LookedAt = "looked_at",
    /// A customer was shown to an agent with a contact: pushed, not asked for.
    ShownWithContact = "shown_with_contact",
    /// Customers were searched; the subjects are those that were shown.
    Searched = "searched",
    Created = "created",
    Changed = "changed",
    /// Somebody said whose a contact is.
    Attached = "attached",
    Noted = "noted",
    Merged = "merged",
    MergeUndone = "merge_undone",
    Imported = "imported",
    ImportUndone = "import_undone",
    CallListCreated = "call_list_created",
    CallListChanged = "call_list_changed",
    CallListDeleted = "call_list_deleted",
    /// Leads of a list may be called from then on.
    LeadsReleased = "leads_released",
    LeadAdded = "lead_added",
    LeadClosed = "lead_closed",
    CampaignCreated = "campaign_created",
    CampaignChanged = "campaign_changed",
    /// Somebody asked that a campaign starts, pauses, drains or stops.
    CampaignRunAsked = "campaign_run_asked",
    DoNotCallAdded = "do_not_call_added",
    DoNotCallRemoved = "do_not_call_removed",
    /// A supervisor came on the line of a call, or tried to.
    Monitored = "monitored",
    /// Many customers were taken out as a table.
    Exported = "exported",
    /// All that is held about one person was taken out.
    PersonExported = "person_exported",
    Erased = "erased",
    /// The file of a recording is to go.
    RecordingErased = "recording_erased",
    RetentionApplied = "retention_applied",
    AuditPruned = "audit_pruned",
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no act.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected the word of an act")]
pub struct UnknownAct;

impl FromStr for Act {
    type Err = UnknownAct;

    fn from_str(text: &str) -> Result<Act, UnknownAct> {
        Act::ALL.iter().copied().find(|act| act.as_str() == text).ok_or(UnknownAct)
    }
}

/// A row as it lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditRow {
    pub no: AuditNo,
    pub at: Timestamp,
    pub by: String,
    /// The word of an [`Act`]; a later version may know more.
    pub act: String,
    /// JSON: `["customer:7"]`.
    pub subjects: String,
    /// JSON: `{"found":3}`.
    pub detail: String,
    pub hash: ChainHash,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_comes_back_from_its_word() {
        for act in Act::ALL {
            assert_eq!(act.as_str().parse(), Ok(*act));
        }
        assert_eq!("looked".parse::<Act>(), Err(UnknownAct));
    }

    #[test]
    fn subjects_and_detail_are_json() {
        let by = PersonId::new("ana").unwrap();
        let entry = AuditEntry::new(Timestamp(5), by, Act::Searched)
            .about(CustomerId(7))
            .about(ContactId(8))
            .with("found", 2_usize)
            .with("by", "name");
        assert_eq!(entry.subjects_text(), r#"["customer:7","contact:8"]"#);
        assert_eq!(entry.detail_text(), r#"{"by":"name","found":2}"#);
    }
}
