//! Work to be done, beside the router: who changes it, and how it becomes a task. It routes nothing: a task is a contact
//! like any other, of a gateway inside the server.
//!
//! - [`WorkDesk`] changes work for agents and tells everybody whose list it touches; nobody else writes it.
//! - [`falls_due`] makes work a task when its time comes: the arrival and its row are two steps, and the first is
//!   repeated under the same name after a crash between them, so that no work is lost or doubled.
//! - [`TaskGateway`] carries out what the router orders for tasks, and writes down how each goes on; at a start it
//!   asks the router about all of them.
//! - Who lists work reads it again when told: the list itself is in the records and in the router.

mod desk;
mod due;
mod task;
mod task_gateway;
mod touched;

pub use desk::{WorkDesk, WorkRefused, Worker};
pub use due::falls_due;
pub use task::{TASKS, work_of};
pub use task_gateway::{Orders, TaskGateway};
pub use touched::Touched;
