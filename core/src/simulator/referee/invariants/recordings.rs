//! What must always hold of recordings, by their orders alone: one runs at a time, in a call, and nothing is asked of one
//! that is over.

use std::collections::BTreeMap;

use super::ensure;
use crate::routing::event::Fact;
use crate::routing::ids::{ContactId, RecordingId};
use crate::routing::recording::{RecordingAsk, RecordingState};
use crate::routing::rule_set::Channel;

#[derive(Default)]
pub(super) struct Recordings {
    /// Those of which the last word is not said; true: it was asked to stop.
    open: BTreeMap<RecordingId, (ContactId, bool)>,
}

impl Recordings {
    pub fn enter(&mut self, fact: &Fact, channel: Option<Channel>) -> Result<(), String> {
        match fact {
            Fact::RecordingOrdered { contact, recording, ask: RecordingAsk::Start, .. } => {
                let is_call = channel.is_some_and(|channel| !channel.is_written());
                ensure(is_call, "something else than a call was recorded")?;
                let runs = self.open.values().any(|(of, stops)| of == contact && !stops);
                ensure(!runs, "a call was recorded twice at once")?;
                let before = self.open.insert(*recording, (*contact, false));
                ensure(before.is_none(), "a recording was begun twice")?;
            }
            Fact::RecordingOrdered { contact, recording, ask, .. } => {
                let open = self.open.get_mut(recording).filter(|(of, stops)| of == contact && !*stops);
                let (_, stops) = open.ok_or("something was asked of a recording that does not run")?;
                *stops = *ask == RecordingAsk::Stop;
            }
            Fact::RecordingTold { contact, recording, state, .. } => {
                let open = self.open.get(recording).filter(|(of, _)| of == contact);
                ensure(open.is_some(), "a recording was told of that is over, or another contact's")?;
                if matches!(state, RecordingState::Finished | RecordingState::Failed) {
                    self.open.remove(recording);
                }
            }
            _ => {}
        }
        Ok(())
    }
}
