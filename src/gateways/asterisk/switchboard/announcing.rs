//! What waiting callers are told of their place and wait, in the switch's own sounds. The figures are the server's.

use super::calls::Phase;
use super::core::{Due, Switchboard};
use crate::protocol::{ContactQueued, Ref};

const MINUTE_MS: u64 = 60_000;
/// Longer waits are not told: nobody believes them.
const MINUTES_MAX: u64 = 60;

impl Switchboard {
    pub(super) fn announce_later(&mut self, of: &Ref, now: i64) {
        let Some(every) = self.settings.announce_every else { return };
        self.forget_due(&Due::Announce(of.clone()));
        let every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX);
        self.remind(now.saturating_add(every), Due::Announce(of.clone()));
    }

    pub(super) fn ask_for_place(&mut self, of: &Ref, now: i64) {
        if self.calls.get(of).is_some_and(|call| call.phase == Phase::Waiting) {
            self.questions.push_back(of.clone());
            self.announce_later(of, now);
        }
    }

    /// The server's answer. Whoever is connected by now is told nothing, nor who still hears the last announcement.
    pub fn placed(&mut self, of: &Ref, answer: Option<&ContactQueued>, now: i64) {
        let waits = self.calls.get(of).is_some_and(|call| call.phase == Phase::Waiting && call.playback.is_none());
        let media = answer.filter(|_| waits).map(announcement).filter(|media| !media.is_empty());
        if let Some((media, channel)) = media.zip(self.customer_of(of)) {
            self.play(of, channel, media, None);
        }
        self.settle(now);
    }
}

/// The sounds that come with every Asterisk.
fn announcement(stands: &ContactQueued) -> Vec<String> {
    let sound = |name: &str| format!("sound:{name}");
    let mut media = match stands.place {
        Some(1) => vec![sound("queue-youarenext")],
        Some(place) => vec![sound("queue-thereare"), format!("number:{place}"), sound("queue-callswaiting")],
        None => return Vec::new(),
    };
    let minutes = stands.estimated_wait.as_ref().map(|wait| wait.p50_ms.div_ceil(MINUTE_MS));
    if let Some(minutes @ 1..=MINUTES_MAX) = minutes {
        let unit = if minutes == 1 { "queue-minute" } else { "queue-minutes" };
        media.extend([sound("queue-holdtime"), format!("number:{minutes}"), sound(unit)]);
    }
    media
}
