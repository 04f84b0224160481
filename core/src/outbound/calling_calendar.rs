//! When everybody of one kind may be called: in all possible zones, under all laws, within the campaign's hours. Reads no clock.

use std::sync::Arc;

use super::calling_window::{CallingWindow, DAY, DAYS_AHEAD_MAX, WindowReason};
use crate::routing::time::{Millis, Timestamp};

/// Open only while each of its windows is.
#[derive(Clone, PartialEq, Debug)]
pub struct CallingCalendar {
    windows: Vec<CallingWindow>,
}

/// A moment at which a calendar opens or closes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalendarChange {
    pub at: Timestamp,
    /// The window that opens last, or closes first, as it stands at that moment.
    pub reason: WindowReason,
}

impl CallingCalendar {
    /// None without a window: what no law and no campaign limits is not decided here.
    #[must_use]
    pub(super) fn new(windows: Vec<CallingWindow>) -> Option<Self> {
        (!windows.is_empty()).then_some(Self { windows })
    }

    /// Of calls that no law and no campaign keeps to hours.
    #[must_use]
    pub fn always_open() -> Self {
        Self { windows: Vec::new() }
    }

    #[must_use]
    pub fn windows(&self) -> &[CallingWindow] {
        &self.windows
    }

    /// The zones its windows are read in, each once.
    #[must_use]
    pub fn zones(&self) -> Vec<Arc<str>> {
        let mut zones: Vec<Arc<str>> = self.windows.iter().map(|window| window.zone.clone()).collect();
        zones.sort();
        zones.dedup();
        zones
    }

    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.windows.iter().all(|window| window.is_open(at))
    }

    /// Each window that forbids a call at `at`; none: it is open.
    #[must_use]
    pub fn closed_by(&self, at: Timestamp) -> Vec<WindowReason> {
        self.windows.iter().filter(|window| !window.is_open(at)).filter_map(|window| window.reason(at)).collect()
    }

    /// `at` itself while it is open, else when it opens next.
    #[must_use]
    pub fn open_from(&self, at: Timestamp) -> Option<Timestamp> {
        self.first_open(at).map(|(at, _)| at)
    }

    /// The first moment after `after` at which it opens; None: not in the next [`DAYS_AHEAD_MAX`] days.
    #[must_use]
    pub fn next_opening(&self, after: Timestamp) -> Option<CalendarChange> {
        let closed_at = if self.is_open(after) { self.first_closed(after)?.0 } else { after };
        let (at, last) = self.first_open(closed_at)?;
        if at.0 > (after + Millis(DAYS_AHEAD_MAX * DAY.0)).0 {
            return None;
        }
        let reason = last?.reason(at)?;
        Some(CalendarChange { at, reason })
    }

    /// The first moment after `after` at which it closes; None: not in the next [`DAYS_AHEAD_MAX`] days.
    #[must_use]
    pub fn next_closing(&self, after: Timestamp) -> Option<CalendarChange> {
        let open_at = self.open_from(after)?;
        let (at, window) = self.first_closed(open_at)?;
        if at.0 > (after + Millis(DAYS_AHEAD_MAX * DAY.0)).0 {
            return None;
        }
        Some(CalendarChange { at, reason: window.reason(at)? })
    }

    /// From `from` on, and the window that was waited for last.
    fn first_open(&self, from: Timestamp) -> Option<(Timestamp, Option<&CallingWindow>)> {
        let end = from + Millis(DAYS_AHEAD_MAX * DAY.0);
        let (mut at, mut last) = (from, None);
        while at <= end {
            let Some(closed) = self.windows.iter().find(|window| !window.is_open(at)) else {
                return Some((at, last));
            };
            at = closed.first(true, at)?;
            last = Some(closed);
        }
        None
    }

    fn first_closed(&self, from: Timestamp) -> Option<(Timestamp, &CallingWindow)> {
        let closings = self.windows.iter().filter_map(|window| Some((window.first(false, from)?, window)));
        closings.min_by_key(|(at, _)| *at)
    }
}
