//! What an operator watches of a switch, said as it happens. It counts nothing.

use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening {
    /// The switch is heard from now on.
    Connected,
    /// It is not heard any more.
    Lost,
    /// A call has come in from outside.
    CallCame,
    /// It is the dialplan's again: the server did not take it.
    CallFellBack,
    /// The switch has refused a request, or could not carry it out.
    RequestRefused,
    /// It has not answered one in time.
    RequestUnanswered,
    /// It has said something that cannot be read.
    NotUnderstood,
}

/// Who is told, by tasks that do not wait.
pub type Watcher = Arc<dyn Fn(Happening) + Send + Sync>;
