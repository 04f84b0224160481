//! Why one lead is not called now, and when it may be, in words for people. Judges no call: it says what the gate judged.

use serde::{Deserialize, Serialize};

use super::calling_calendar::CallingCalendar;
use super::campaign_status::word;
use super::gate::{Judgment, NoCalendar, Refused, RefusedBy};
use super::lead_standing::LeadStanding;
use super::lead_waterfall::Rests;
use super::limits::{HeldBy, Limit, LimitOf, Period};
use super::moments;
use super::spans;
use crate::routing::campaign::CampaignRun;
use crate::routing::time::Timestamp;

/// One thing that keeps a lead from being called.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hold {
    /// A word for programs.
    pub why: String,
    /// The same for people, without anything of the person.
    pub says: String,
    /// None: waiting alone does not help.
    #[serde(with = "moments")]
    pub until: Option<Timestamp>,
}

/// The hours that hold for the number that is next.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoursNow {
    pub are_open: bool,
    /// When they open, or close; None: not as far as anybody knows.
    #[serde(with = "moments")]
    pub change_at: Option<Timestamp>,
    /// Every window that forbids a call now, or the one that closes first; why there are no hours.
    pub windows: Vec<String>,
}

/// All that keeps it, what lasts longest among the first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LeadWhy {
    pub can_be_called: bool,
    pub holds: Vec<Hold>,
    /// None: no number is left.
    pub hours: Option<HoursNow>,
    /// When it may be called, if nothing else happens; None: waiting alone does not help.
    #[serde(with = "moments")]
    pub next: Option<Timestamp>,
}

/// What is known of it.
#[derive(Clone, Copy, Debug)]
pub struct LeadAsked<'a> {
    pub at: Timestamp,
    pub run: CampaignRun,
    pub standing: &'a LeadStanding,
    /// Why its list gives none at all.
    pub rests: Option<Rests>,
    /// Leads of its list that nobody tried and that are not let go, and when more are.
    pub not_released: (u64, Option<Timestamp>),
    pub is_being_read: bool,
    /// Nobody else of its segment is to be called.
    pub is_segment_full: bool,
    /// Of the number that is next, as if it were called now; None: no number is left.
    pub number: Option<(&'a Judgment, Result<&'a CallingCalendar, &'a NoCalendar>)>,
}

impl LeadWhy {
    #[must_use]
    pub fn of(asked: &LeadAsked<'_>) -> LeadWhy {
        let mut holds = of_lead(asked);
        holds.extend(of_list(asked));
        holds.extend(of_campaign(asked.run));
        match asked.number {
            // What is said of the list already is not said again.
            Some((Judgment::Refused(Refused { by: RefusedBy::List, .. }), _)) if asked.rests.is_some() => {}
            Some((Judgment::Refused(refused), _)) => holds.push(of_gate(refused)),
            Some((Judgment::Cleared { .. }, _)) => {}
            None => holds.push(hold("no_number", "it has no number left", None)),
        }
        let calendar = asked.number.and_then(|(_, calendar)| calendar.ok());
        let waited: Option<Timestamp> =
            holds.iter().try_fold(asked.at, |latest, hold| hold.until.map(|until| until.max(latest)));
        let next = waited.and_then(|at| calendar?.open_from(at));
        let hours = asked.number.map(|(_, calendar)| hours(calendar, asked.at));
        LeadWhy { can_be_called: holds.is_empty(), holds, hours, next }
    }
}

fn hold(why: &str, says: impl Into<String>, until: Option<Timestamp>) -> Hold {
    Hold { why: why.to_owned(), says: says.into(), until }
}

fn of_lead(asked: &LeadAsked<'_>) -> Vec<Hold> {
    let standing = asked.standing;
    if let Some(end) = standing.end {
        return vec![hold("ended", format!("it is over: {}", end.word().replace('_', " ")), None)];
    }
    if standing.contact.is_some() {
        return vec![hold("with_router", "it is with the router: it waits for an agent, or is in a call", None)];
    }
    let later = standing.due.filter(|due| *due > asked.at);
    later.map(|due| hold("due_later", "it was tried, and is due again later", Some(due))).into_iter().collect()
}

fn of_list(asked: &LeadAsked<'_>) -> Vec<Hold> {
    let (held_back, from) = asked.not_released;
    let is_fresh = asked.standing.due.is_none() && asked.standing.end.is_none();
    let mut holds = Vec::new();
    if let Some(rests) = asked.rests {
        holds.push(hold(rests.as_str(), says(rests), None));
    }
    if asked.is_being_read {
        holds.push(hold("being_read", "its list is being read since the server or the campaign was started", None));
    }
    if asked.is_segment_full {
        holds.push(hold("segment_full", "the quota of its segment is reached", None));
    }
    if held_back > 0 && is_fresh {
        let says = format!("its list lets leads go bit by bit: {held_back} that nobody tried wait for that");
        holds.push(hold("not_released", says, from));
    }
    holds
}

fn says(rests: Rests) -> &'static str {
    match rests {
        Rests::CampaignStopped => "its campaign is stopped",
        Rests::NoServer => "no server says what its campaign does",
        Rests::Inactive => "its list is paused",
        Rests::Expired => "its list has expired",
        Rests::ContactsReached => "its list has reached as many people as it is to reach",
        Rests::SalesReached => "its list has as many sales as it is to have",
        Rests::QuotaReached => "the quota of its list is reached",
        Rests::FollowsAnother => "its list follows another one, which has leads that nobody tried",
    }
}

fn of_campaign(run: CampaignRun) -> Option<Hold> {
    match run {
        CampaignRun::Running => None,
        CampaignRun::Stopped => Some(hold("campaign_stopped", says(Rests::CampaignStopped), None)),
        CampaignRun::Paused => Some(hold("campaign_paused", "its campaign is paused", None)),
        CampaignRun::Draining => Some(hold("campaign_draining", "its campaign takes no more leads", None)),
    }
}

fn of_gate(refused: &Refused) -> Hold {
    let says = match &refused.by {
        RefusedBy::List => "its list is paused or has expired".to_owned(),
        RefusedBy::DoNotCall(scope) => format!("a do-not-call entry for {scope} stops its number"),
        RefusedBy::SaidNo => "somebody said no to calls at its number".to_owned(),
        RefusedBy::ConsentOfLaw(pack) => format!("{pack} asks for consent, and nobody gave it"),
        RefusedBy::ConsentOfCampaign => "the campaign asks for consent, and nobody gave it".to_owned(),
        RefusedBy::NoCalendar(none) => none.to_string(),
        RefusedBy::Hours(reason) => format!("closed: {reason}"),
        RefusedBy::Limit(held) => of_limit(held),
        RefusedBy::NotLookedUp => "it could not be looked up".to_owned(),
        RefusedBy::NoLead => "it does not have this number any more".to_owned(),
    };
    hold(word(refused.why), says, refused.until)
}

fn of_limit(held: &HeldBy) -> String {
    let of = match &held.limit_of {
        LimitOf::Jurisdiction { pack, source } => format!("{pack} ({source})"),
        LimitOf::Campaign => "the campaign".to_owned(),
    };
    match held.limit {
        Limit::Cap { cap, counted } => {
            let (calls, per) = (cap.calls, cap.per.name());
            format!("{of}: at most {calls} calls in {} per {per}, and there were {counted}", period(cap.within))
        }
        Limit::Lock { lock, .. } => {
            format!("{of}: none for {} per {} after {}", period(lock.lasts), lock.per.name(), lock.after.name())
        }
    }
}

fn period(period: Period) -> String {
    match period {
        Period::Elapsed(span) => spans::written(span),
        Period::Days(days) => format!("{days} days"),
    }
}

fn hours(calendar: Result<&CallingCalendar, &NoCalendar>, at: Timestamp) -> HoursNow {
    let calendar = match calendar {
        Ok(calendar) => calendar,
        Err(none) => return HoursNow { are_open: false, change_at: None, windows: vec![none.to_string()] },
    };
    let are_open = calendar.is_open(at);
    let change = if are_open { calendar.next_closing(at) } else { calendar.next_opening(at) };
    let closed = calendar.closed_by(at);
    let told = change.as_ref().filter(|_| are_open).map(|change| change.reason.clone());
    let windows = closed.into_iter().chain(told).map(|reason| reason.to_string()).collect();
    HoursNow { are_open, change_at: change.map(|change| change.at), windows }
}
