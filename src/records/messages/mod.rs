//! What customers and agents wrote to each other, and notes that agents are writing. Sends nothing.
//!
//! - A message is written before it passes: until its event is known nobody is shown it, so that nothing is shown as sent
//!   that never went out.
//! - What a message says is in its row alone: the journal has its number and its size.

mod add;
mod drafts;
mod read;
mod sending;

pub use add::{AddedMessage, NewMessage};
pub use read::ListedMessages;
pub use sending::MessageToSend;

pub(super) use add::{drop_of_erased, set_passed};
pub(super) use drafts::file_drafts;
