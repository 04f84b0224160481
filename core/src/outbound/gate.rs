//! Whether a call that is about to be placed may be placed, from all that is known of it. Looks nothing up, places nothing.
//!
//! What forbids a call is asked in this order, and the first that does is told; what lasts longest comes first, so that
//! nobody waits for a window that would not help:
//!
//! 1. its list is not active, or has expired;
//! 2. a do-not-call entry;
//! 3. consent: somebody said no, or nobody said yes where a law or the campaign asks for it;
//! 4. nobody knows what time it is for the lead, or no hours are known;
//! 5. the hours of every law that may hold and of the campaign;
//! 6. caps and locks; of several the one that holds longest.
//!
//! A call that the customer asked for is not stopped by 2 and 3, since his wish is the later word, and not by 5 for a while
//! from the moment that he chose. All else holds for it too.

use super::call_list::CallListSettings;
use super::calling_calendar::CallingCalendar;
use super::calling_calendars::CalendarError;
use super::calling_window::WindowReason;
use super::do_not_call::{DoNotCallEntry, DoNotCallScope};
use super::jurisdiction::{self, PackId};
use super::lead_place::NoPlace;
use super::limits::{CallLimits, CallLock, HeldBy, PastAttempt, Period, RollingCap};
use crate::customers::customer::Consent;
use crate::routing::attempt::NotPlaced;
use crate::routing::time::{Millis, Timestamp};

/// From the moment that a customer chose on, he may be called outside of all hours for so long: a callback that is not
/// answered is tried again within it.
pub const CHOSEN_MOMENT_LASTS: Millis = Millis::minutes(60);

/// A call, and all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct CallToPlace<'c> {
    pub list: ListNow,
    /// Of the entries that stop it, the one that holds longest.
    pub stopped_by: Option<&'c DoNotCallEntry>,
    /// What was said of the number, by whichever record: of the lead, of a customer who has it, of the customer himself.
    pub consents: &'c [Consent],
    /// The campaign calls nobody who has not said yes.
    pub campaign_asks_consent: bool,
    /// A machine chose whom to call, or dials.
    pub is_automatic: bool,
    /// The hours of every law that may hold and of the campaign, in every zone the lead may be in.
    pub calendar: Result<&'c CallingCalendar, &'c NoCalendar>,
    /// Of every law that may hold, and of the campaign.
    pub limits: CallLimits<'c>,
    /// Calls before it to the same number, customer or lead.
    pub past: &'c [PastAttempt],
    pub agent_reserved: bool,
    pub wish: Option<OwnWish>,
}

/// Whether leads of its list are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ListNow {
    pub is_active: bool,
    pub expires_at: Option<Timestamp>,
}

/// The customer asked to be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnWish {
    /// And said when.
    pub chosen: Option<Timestamp>,
}

/// Why there are no hours to keep to.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoCalendar {
    #[error(transparent)]
    Place(#[from] NoPlace),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Judgment {
    /// It may be placed before `until`; None: nothing known ends that.
    Cleared {
        until: Option<Timestamp>,
    },
    Refused(Refused),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    pub why: NotPlaced,
    /// When it may be placed, if nothing else happens; None: waiting does not help, or for more than a year.
    pub until: Option<Timestamp>,
    pub by: RefusedBy,
}

/// Which rule it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RefusedBy {
    List,
    DoNotCall(DoNotCallScope),
    /// Somebody said no.
    SaidNo,
    /// Nobody said yes, and a law asks for it.
    ConsentOfLaw(PackId),
    ConsentOfCampaign,
    NoCalendar(NoCalendar),
    /// The first of the windows that are closed.
    Hours(WindowReason),
    Limit(HeldBy),
    /// What was to be looked up was not, or not in time.
    NotLookedUp,
    /// There is no such lead any more, or not at this number.
    NoLead,
}

impl ListNow {
    /// A call that is of no list.
    pub const NONE: ListNow = ListNow { is_active: true, expires_at: None };

    #[must_use]
    pub fn of(settings: &CallListSettings) -> ListNow {
        ListNow { is_active: settings.active, expires_at: settings.expires_at }
    }

    /// Whether its leads are called.
    #[must_use]
    pub fn is_called(self, now: Timestamp) -> bool {
        self.is_active && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

impl OwnWish {
    /// Until when hours do not matter; None: they do.
    fn lifts_hours_until(self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.chosen? + CHOSEN_MOMENT_LASTS;
        (self.chosen? <= now && now < ends).then_some(ends)
    }
}

/// How long before a call others may still matter to it: of all these the longest, and a day for how long a call lasts.
#[must_use]
pub fn looks_back<'r>(caps: impl Iterator<Item = &'r RollingCap>, locks: impl Iterator<Item = &'r CallLock>) -> Millis {
    let periods = caps.map(|cap| cap.within).chain(locks.map(|lock| lock.lasts));
    let spans = periods.map(|period| match period {
        Period::Elapsed(span) => span,
        // The day itself, and clocks that are put back in it.
        Period::Days(days) => Millis::days(i64::from(days) + 2),
    });
    spans.max().unwrap_or(Millis::ZERO) + Millis::days(1)
}

/// Whether the call may be placed at `now`.
#[must_use]
pub fn judge(call: &CallToPlace<'_>, now: Timestamp) -> Judgment {
    let refused = by_list(call, now)
        .or_else(|| by_do_not_call(call))
        .or_else(|| by_consent(call))
        .or_else(|| by_hours(call, now))
        .or_else(|| by_limits(call, now));
    match refused {
        Some(refused) => Judgment::Refused(refused),
        None => Judgment::Cleared { until: closes_at(call, now) },
    }
}

fn by_list(call: &CallToPlace<'_>, now: Timestamp) -> Option<Refused> {
    let is_called = call.list.is_called(now);
    (!is_called).then_some(Refused { why: NotPlaced::ListInactive, until: None, by: RefusedBy::List })
}

fn by_do_not_call(call: &CallToPlace<'_>) -> Option<Refused> {
    let entry = call.stopped_by.filter(|_| call.wish.is_none())?;
    let by = RefusedBy::DoNotCall(entry.scope.clone());
    Some(Refused { why: NotPlaced::Dnc, until: entry.expires_at, by })
}

fn by_consent(call: &CallToPlace<'_>) -> Option<Refused> {
    if call.wish.is_some() {
        return None;
    }
    let refused = |by| Some(Refused { why: NotPlaced::NoConsent, until: None, by });
    if call.consents.contains(&Consent::No) {
        return refused(RefusedBy::SaidNo);
    }
    if call.consents.contains(&Consent::Yes) {
        return None;
    }
    let law = call.limits.legal.consent.filter(|(_, asked)| match asked.rule {
        jurisdiction::Consent::Every => true,
        jurisdiction::Consent::Automatic => call.is_automatic,
    });
    match law {
        Some((pack, _)) => refused(RefusedBy::ConsentOfLaw(pack.clone())),
        None if call.campaign_asks_consent => refused(RefusedBy::ConsentOfCampaign),
        None => None,
    }
}

fn by_hours(call: &CallToPlace<'_>, now: Timestamp) -> Option<Refused> {
    let calendar = match call.calendar {
        Ok(calendar) => calendar,
        Err(none) => {
            let by = RefusedBy::NoCalendar(none.clone());
            return Some(Refused { why: none.not_placed(), until: None, by });
        }
    };
    if call.wish.is_some_and(|wish| wish.lifts_hours_until(now).is_some()) {
        return None;
    }
    let reason = calendar.closed_by(now).into_iter().next()?;
    Some(Refused { why: NotPlaced::OutOfWindow, until: allowed_from(call, now), by: RefusedBy::Hours(reason) })
}

impl NoCalendar {
    fn not_placed(&self) -> NotPlaced {
        match self {
            NoCalendar::Place(NoPlace::NoZone | NoPlace::UnknownZone(_))
            | NoCalendar::Calendar(CalendarError::NoZone | CalendarError::UnknownZone(_)) => NotPlaced::NoZone,
            NoCalendar::Calendar(CalendarError::NoHours) => NotPlaced::OutOfWindow,
            NoCalendar::Calendar(CalendarError::TooMany) => NotPlaced::NotChecked,
        }
    }
}

fn by_limits(call: &CallToPlace<'_>, now: Timestamp) -> Option<Refused> {
    let held = call.limits.held_by(call.past, now, call.agent_reserved);
    let longest = held.into_iter().max_by_key(|held| held.until)?;
    Some(Refused { why: NotPlaced::Cap, until: allowed_from(call, now), by: RefusedBy::Limit(longest) })
}

/// By hours, caps and locks together.
fn allowed_from(call: &CallToPlace<'_>, now: Timestamp) -> Option<Timestamp> {
    call.limits.allowed_from(call.calendar.ok()?, call.past, now, call.agent_reserved)
}

/// When the hours, the moment that was chosen or the list end, whichever is first.
fn closes_at(call: &CallToPlace<'_>, now: Timestamp) -> Option<Timestamp> {
    let chosen = call.wish.and_then(|wish| wish.lifts_hours_until(now));
    let open = call.calendar.ok().filter(|calendar| calendar.is_open(now));
    let closing = open.and_then(|calendar| calendar.next_closing(now)).map(|change| change.at);
    // While the hours are open they count; a moment that was chosen may only lengthen them.
    let hours = match (open.is_some(), closing) {
        (true, None) => None,
        (_, closing) => closing.max(chosen),
    };
    [hours, call.list.expires_at].into_iter().flatten().min()
}
