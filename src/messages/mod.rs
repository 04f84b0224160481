//! What customers and agents write to each other, between records and router: the text into its row, then the command,
//! then the answer. It decides nothing; the router never waits for it.
//!
//! - One task handles all that is said, in its order, many messages at a time: the order of a contact's messages is kept,
//!   and a slow database holds up nothing but texts.
//! - A message that was written and did not pass (a crash, a refusal) is shown to nobody. The same again is told anew, once
//!   the reader of the journal has shown that no event is of it.
//! - Between row and commit the text is [`Underway`], where whoever is told of the event takes it from.
//! - What an agent wrote is ordered again of a gateway that comes back, and has failed when nobody says anything in time.

mod desk;
mod said;
mod sending;
mod underway;
mod writer;

pub use desk::MessageDesk;
pub use said::{Said, SaidBy};
pub use underway::Underway;
pub use writer::{Parts, Tells};
