//! The store of call lists and their leads. It decides nothing: which lead is called next, and whether it may be, is
//! decided by whoever asks.
//!
//! - A list is changed as a whole, by its version, and every change is a row of the audit.
//! - Leads come in one by one, or by imports, some thousands at a time: one question for all numbers that are known, one statement
//!   for the leads, one for their numbers. Ten million of them fill no memory.
//! - While leads are added, nobody else adds to the lists that are looked through for duplicates.
//! - A lead carries the number of its import; until somebody tried it, the import can be taken back.
//! - A lead stands as a reader of the journal writes it, exactly once; what was tried is never removed with its list.
//! - No error holds a name or a number.

mod add_lead;
mod counts;
mod delete;
mod erase;
mod error;
mod expired;
mod import_leads;
mod import_undo_leads;
mod leads;
mod lists;
mod open_leads;
mod release;
mod shown;
mod standings;
mod stays;
mod to_call;

pub use counts::ReachedLead;
pub use erase::EraseLeadsError;
pub(super) use error::told;
pub use error::{AddLeadError, CallListError, StandingsError};
pub use import_leads::KnownLeads;
pub(super) use import_undo_leads::undo_leads;
pub use open_leads::{LeadBatch, OpenLeadsOf};
pub use standings::LeadWithRouter;
pub use stays::LeadNews;
pub use to_call::LeadToCall;
