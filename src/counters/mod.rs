//! What an operator watches: every figure of `/metrics`, counted from committed events and from what
//! sessions and the main loop tell. It decides nothing and slows nobody: who counts events runs on
//! a task of his own, and what he is too slow for is left out and said so.
//!
//! - [`names`] has every figure: its name with its unit, its labels, what it means. `docs/operation.md`
//!   shows the same list; a test compares them.
//! - [`EventCounter`] reads committed batches in order; [`BoardGauges`] shows figures of the live board.
//! - [`words`] names what commands and refusals are called in labels.
//! - No label holds an agent, a customer, a number or a contact: agents' own queues count as one,
//!   `@agent`. Every label comes from a closed list, from the rules or from the
//!   settings.

mod board;
mod events;
mod names;
mod switches;
mod told;
mod words;

pub use board::BoardGauges;
pub use events::{CommittedBatch, EventCounter};
pub use names::{BUCKETS, describe};
pub use switches::SwitchFigures;
pub use told::{
    CardOutcome, HandledCommand, LookUpOutcome, arrival_turned_away, batch_not_counted, customer_card_shown,
    customer_looked_up, customer_question_took, handshake_refused, session_closed, session_opened,
};
pub use words::{action_word, refusal_word};
