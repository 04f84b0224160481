//! Events of one session, numbered without gaps, kept for a client that comes back. Sends nothing.

use std::collections::VecDeque;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::protocol::{Message, Seq, event_text};

/// How much a client may have missed and still resume.
#[derive(Clone, Copy, Debug)]
pub struct ReplayLimits {
    pub events_max: usize,
    pub bytes_max: usize,
}

#[derive(Debug)]
pub struct Outbox {
    last_seq: u64,
    kept: VecDeque<(u64, Utf8Bytes)>,
    kept_bytes: usize,
    limits: ReplayLimits,
}

impl Outbox {
    #[must_use]
    pub fn new(limits: ReplayLimits) -> Outbox {
        Outbox { last_seq: 0, kept: VecDeque::new(), kept_bytes: 0, limits }
    }

    #[must_use]
    pub fn last_seq(&self) -> Seq {
        Seq::new(self.last_seq).expect("a session's events are fewer than 2⁵³")
    }

    /// Gives the event its number and keeps its text.
    pub fn push(&mut self, message: &impl Message) -> Utf8Bytes {
        self.last_seq += 1;
        let text = Utf8Bytes::from(event_text(self.last_seq(), message));
        self.kept_bytes += text.len();
        self.kept.push_back((self.last_seq, text.clone()));
        while self.kept.len() > self.limits.events_max || self.kept_bytes > self.limits.bytes_max {
            self.drop_oldest();
        }
        text
    }

    fn drop_oldest(&mut self) {
        if let Some((_, text)) = self.kept.pop_front() {
            self.kept_bytes -= text.len();
        }
    }

    /// The client has all up to `seq`.
    pub fn acknowledged(&mut self, seq: Seq) {
        while self.kept.front().is_some_and(|(kept, _)| *kept <= seq.get()) {
            self.drop_oldest();
        }
    }

    /// What came after `seq`; None: some of it is no longer kept, or was never sent.
    #[must_use]
    pub fn after(&self, seq: Seq) -> Option<Vec<Utf8Bytes>> {
        let first_kept = self.kept.front().map_or(self.last_seq + 1, |(kept, _)| *kept);
        let is_whole = seq.get() <= self.last_seq && seq.get() + 1 >= first_kept;
        is_whole.then(|| self.kept.iter().filter(|(kept, _)| *kept > seq.get()).map(|(_, text)| text.clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Notice, NoticeLevel, SessionHears, Text, Time};

    fn notice() -> SessionHears {
        SessionHears::Notice(Notice { level: NoticeLevel::Info, text: Text::clipped("x"), at: Time::MIN })
    }

    fn seq(seq: u64) -> Seq {
        Seq::new(seq).unwrap()
    }

    #[test]
    fn what_was_missed_comes_once_or_not_at_all() {
        let mut outbox = Outbox::new(ReplayLimits { events_max: 3, bytes_max: 10_000 });
        for _ in 0..5 {
            outbox.push(&notice());
        }
        assert_eq!(outbox.after(seq(5)).map(|missed| missed.len()), Some(0));
        assert_eq!(outbox.after(seq(2)).map(|missed| missed.len()), Some(3));
        assert_eq!(outbox.after(seq(1)), None, "the second is no longer kept");
        assert_eq!(outbox.after(seq(6)), None, "never sent");
        outbox.acknowledged(seq(4));
        assert_eq!(outbox.after(seq(4)).map(|missed| missed.len()), Some(1));
        assert_eq!(outbox.after(seq(3)), None, "acknowledged, so no longer kept");
    }

    #[test]
    fn kept_bytes_are_bounded() {
        let mut outbox = Outbox::new(ReplayLimits { events_max: 1_000, bytes_max: 500 });
        for _ in 0..100 {
            outbox.push(&notice());
        }
        assert!(outbox.kept_bytes <= 500);
    }
}
