//! Random hours and exits of a rule set: queues that close within minutes, near a change of clocks, too. Checks nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dice::Dice;
use super::leaving::{key, key_action};
use super::rule_sets::QUEUES;
use crate::routing::calendar::{Calendar, MINUTES_OF_DAY, OpenHours};
use crate::routing::ids::QueueId;
use crate::routing::rule_set::{ExitAction, ExitRules, FullExit, LongWaitExit, MaxWaitExit, QueueRules};
use crate::routing::time::{Millis, Timestamp};

pub(super) const CALENDARS: [&str; 3] = ["day", "night", "short"];
/// Zones, each with the minutes of its day at which histories play: from its start, and where clocks change.
const ZONES: [(&str, &[u16]); 3] =
    [("Europe/Paris", &[60]), ("America/New_York", &[60, 110, 150, 180, 1_140]), ("UTC", &[0, 1_430])];
/// Changes of the clocks of New York: on 26 April 1970 at 2:00 to 3:00, on 25 October at 2:00 to 1:00.
const CLOCK_CHANGES: [Timestamp; 2] = [Timestamp(9_961_200_000), Timestamp(25_682_400_000)];

/// Calendars, and hours and exits of most queues.
pub(super) fn with_hours_and_exits(
    dice: &mut Dice,
    queues: &mut BTreeMap<QueueId, QueueRules>,
) -> BTreeMap<Arc<str>, Arc<Calendar>> {
    let (with_hours, with_exits) = (dice.chance(50), dice.chance(60));
    for (id, queue) in queues {
        queue.hours = if with_hours && dice.chance(70) { Some(Arc::from(dice.one_of(&CALENDARS))) } else { None };
        queue.exits = if with_exits { exits(dice, id) } else { ExitRules::default() };
    }
    calendars(dice)
}

/// One of them may be missing though a queue names it.
pub(super) fn calendars(dice: &mut Dice) -> BTreeMap<Arc<str>, Arc<Calendar>> {
    let named = CALENDARS.into_iter().filter(|_| dice.chance(90)).collect::<Vec<_>>();
    named.into_iter().map(|name| (Arc::from(name), Arc::new(calendar(dice)))).collect()
}

/// To a later queue only, so that none comes back.
pub(super) fn exits(dice: &mut Dice, of: &QueueId) -> ExitRules {
    let spans = [0, 1, 5, 10, 20, 60, 200].map(Millis::seconds);
    ExitRules {
        closed: if dice.chance(50) { Some(action(dice, of)) } else { None },
        closing: if dice.chance(50) { Some(action(dice, of)) } else { None },
        no_agents: if dice.chance(20) { Some(action(dice, of)) } else { None },
        full: if dice.chance(20) {
            Some(FullExit { waiting: dice.one_of(&[1, 2, 3]), action: action(dice, of) })
        } else {
            None
        },
        max_wait: if dice.chance(25) {
            Some(MaxWaitExit { after: dice.one_of(&spans), action: action(dice, of) })
        } else {
            None
        },
        long_wait: if dice.chance(25) {
            let over = dice.one_of(&[Millis::ZERO, Millis::seconds(1), Millis::seconds(10), Millis::seconds(60)]);
            Some(LongWaitExit { over, action: action(dice, of) })
        } else {
            None
        },
        keys: (0..dice.below(3)).map(|_| (key(dice), by_key(dice, of))).collect(),
    }
}

fn by_key(dice: &mut Dice, of: &QueueId) -> ExitAction {
    let otherwise = action(dice, of);
    key_action(dice, otherwise)
}

fn action(dice: &mut Dice, of: &QueueId) -> ExitAction {
    match dice.below(100) {
        0..20 => return ExitAction::Voicemail { mailbox: dice.chance(50).then(|| Arc::from("night")) },
        20..35 => return ExitAction::Announce { message: Arc::from("we call you back") },
        35..60 => return ExitAction::Callback,
        _leads_on_or_hangs_up => {}
    }
    let later: Vec<&str> = QUEUES.into_iter().filter(|name| *name > of.as_str()).collect();
    match dice.pick(&later) {
        Some(name) if dice.chance(75) => ExitAction::Queue(QueueId::new(name).expect("a short name")),
        Some(_) | None => ExitAction::HangUp,
    }
}

fn calendar(dice: &mut Dice) -> Calendar {
    let (zone, from) = dice.one_of(&ZONES);
    let every_day = hours(dice, from);
    let mut weekly: [Vec<OpenHours>; 7] = Default::default();
    weekly.fill(every_day);
    if dice.chance(30) {
        weekly[dice.below(7) as usize] = hours(dice, from);
    }
    let mut exceptions = BTreeMap::new();
    if dice.chance(20) {
        let day = dice.one_of(&["1970-01-01", "1969-12-31", "1970-04-26"]);
        let other = if dice.chance(50) { Vec::new() } else { hours(dice, from) };
        exceptions.insert(day.parse().expect("a day"), other);
    }
    Calendar { zone: Arc::from(zone), weekly, exceptions }
}

/// Open and closed by turns for minutes, from each of these minutes on; some touch.
fn hours(dice: &mut Dice, from: &[u16]) -> Vec<OpenHours> {
    let mut all: Vec<OpenHours> = Vec::new();
    for start in from {
        let mut minute = *start;
        for _ in 0..dice.below(5) {
            let opens = minute + dice.one_of(&[0, 0, 1, 2]);
            let closes = (opens + dice.one_of(&[1, 1, 2, 5, 30])).min(MINUTES_OF_DAY);
            let is_free = all.last().is_none_or(|last| last.to <= opens);
            if is_free && opens < closes {
                all.push(OpenHours { from: opens, to: closes });
                minute = closes;
            }
        }
    }
    all
}

/// By how much the wall clock is set: minutes, hours, or to shortly before clocks change.
pub(super) fn clock_step(dice: &mut Dice, wall: Timestamp) -> Millis {
    match dice.below(4) {
        0 => dice.one_of(&[Millis::minutes(60), Millis::minutes(-60), Millis::minutes(24 * 60)]),
        1 => dice.between(Millis::minutes(-3), Millis::minutes(3)),
        _to_a_change => {
            let before = dice.between(Millis::ZERO, Millis::minutes(3));
            Millis((dice.one_of(&CLOCK_CHANGES) - before).0 - wall.0)
        }
    }
}
